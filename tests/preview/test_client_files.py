"""preview/client_files.py: the script is made of all parts, and leaves no names in a page."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from newsgen.preview import client_files
from newsgen.preview.client_files import SCRIPT, STYLE, client_file

FOLDER = Path(client_files.__file__).parent / "client"


def test_the_script_holds_every_file_of_its_folder() -> None:
    script = client_file(SCRIPT)
    assert script is not None
    parts = list(FOLDER.glob("*.js"))
    assert len(parts) > 4
    assert all(part.read_bytes() in script for part in parts)
    assert client_file(STYLE) == (FOLDER / STYLE).read_bytes()


def test_the_script_leaves_no_names_in_a_page(tmp_path: Path) -> None:
    script = client_file(SCRIPT)
    assert script is not None
    (tmp_path / SCRIPT).write_bytes(script)
    look = (
        "const fs = require('fs'), vm = require('vm');"
        "const page = { self: { addEventListener() {} }, EventSource: class { addEventListener() {} }, setInterval() {},"
        " setTimeout() {}, clearTimeout() {}, Date, Map };"
        "const before = Object.keys(page).join();"
        f"vm.runInNewContext(fs.readFileSync('{SCRIPT}', 'utf8') + '; var left = typeof connect', page);"
        "console.log(page.left, Object.keys(page).join() === before + ',left');"
    )
    done = subprocess.run(["node", "-e", look], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "undefined true\n"


@pytest.mark.parametrize("name", ["bar.js", "client/bar.js", "../app.py", ""])
def test_there_is_nothing_else(name: str) -> None:
    assert client_file(name) is None


def test_a_newsgen_that_is_being_replaced_has_no_script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(client_files, "_FOLDER", tmp_path)
    assert client_file(SCRIPT) is None
    assert client_file(STYLE) is None
