"""写稿.cmd by double-click: the newsgen that it finds, and what it says where there is none."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from windows.machine import HOME, PYTHON, Ran, Windows
from windows.test_portable import FOLDER as PORTABLE
from windows.test_portable import program as program
from windows.test_serve import SOON, previewing_by

SITE = HOME / "OneDrive - 学院" / "网站 & 'x' (1)! ^"
"""`%` is left out: Wine's cmd drops it out of the path of a batch file, which Windows's does not."""
STARTER = SITE / "写稿.cmd"
SHOP = "int wmain(void) { return 9009; }\n"
"""Windows' own python.exe, as long as nobody has got Python in its shop."""


@pytest.fixture
def desk(windows: Windows, made: tuple[Ran, Path]) -> Path:
    """A new site, as somebody has it who got it from a colleague: where its files lie on this machine."""
    folder = windows.here(SITE)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made[1], folder, ignore=shutil.ignore_patterns(".newsgen"))
    return folder


def listed(windows: Windows, **variables: str) -> str:
    """The list of the desk that a double-click opens; a second double-click says that it is open."""
    with previewing_by(windows, STARTER, cwd=SITE, **variables) as (_, port):
        again = windows.run(STARTER, cwd=SITE, **variables)
        assert again.code == 0, again.stderr
        found = re.search(r"已经开着：(\S+)", again.stderr)
        assert found, again.stderr
        assert f":{port}/" in found[1]
        browser = build_opener(HTTPCookieProcessor())
        browser.open(found[1], timeout=SOON).close()
        with browser.open(urljoin(found[1], "/.newsgen/desk/api/reports"), timeout=SOON) as answer:
            return str(answer.read().decode())


def test_a_python_of_the_machine_that_has_newsgen_is_taken(windows: Windows, desk: Path) -> None:
    assert "党群工作网站开通" in listed(windows, WINEPATH=str(PYTHON.parent))


def test_the_app_folder_of_the_portable_newsgen_is_enough(windows: Windows, desk: Path, program: Path) -> None:
    shutil.rmtree(desk / "app")
    (program / "app").rename(desk / "app")  # a copy takes a minute
    try:
        assert "党群工作网站开通" in listed(windows)
        assert sorted(path.name for path in desk.iterdir() if path.is_dir()) == [".newsgen", "app", "content"]
    finally:
        (desk / "app").rename(program / "app")


def test_a_site_beside_the_portable_newsgen_takes_it(windows: Windows, desk: Path, program: Path) -> None:
    beside = program / SITE.name
    shutil.copytree(desk, beside)
    try:
        with previewing_by(windows, PORTABLE / SITE.name / "写稿.cmd"):
            pass
    finally:
        shutil.rmtree(beside)


def test_without_python_it_says_how_to_get_it_and_waits(windows: Windows, desk: Path) -> None:
    refused = windows.run(STARTER)
    assert refused.code == 2
    assert "没有找到 Python 3.11 或更新的版本" in refused.stdout
    assert "newsgen-windows.zip" in refused.stdout
    assert "请按任意键继续" in refused.stdout


def test_the_python_that_only_opens_the_shop_is_passed_over(windows: Windows, desk: Path, tmp_path: Path) -> None:
    (tmp_path / "shop.c").write_text(SHOP, "utf-8")
    folder = windows.here(HOME / "WindowsApps")
    folder.mkdir(exist_ok=True)
    for name in ("python", "python3", "py"):
        command = ["x86_64-w64-mingw32-gcc", "-municode", "-o", str(folder / f"{name}.exe"), str(tmp_path / "shop.c")]
        subprocess.run(command, check=True)
    refused = windows.run(STARTER, WINEPATH=str(HOME / "WindowsApps"))
    assert (refused.code, "没有找到 Python 3.11 或更新的版本" in refused.stdout) == (2, True), refused.stderr


def test_a_starter_that_was_taken_out_alone_says_what_to_do(windows: Windows, desk: Path) -> None:
    shutil.rmtree(desk / "app")
    refused = windows.run(STARTER)
    assert (refused.code, "请先把压缩包全部解压" in refused.stdout) == (2, True)
