"""The folder that needs no installation: unpacked where members put such things, and started by double-click."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest

from site_test import tree
from windows.machine import HOME, Windows
from windows.test_serve import page, previewing_by

ARCHIVE = Path(__file__).parents[2] / "dist" / "newsgen-windows.zip"
DESKTOP = HOME / "桌面 & 新!"
"""`%` is left out: Wine's cmd drops it out of the path of a batch file, which Windows's does not."""
FOLDER = DESKTOP / "newsgen"


@pytest.fixture(scope="module")
def program(windows: Windows) -> Path:
    """The unpacked archive: where it lies here."""
    folder = windows.here(DESKTOP)
    with ZipFile(ARCHIVE) as archive:
        archive.extractall(folder)
    return windows.here(FOLDER)


@pytest.fixture
def portable(program: Path) -> Path:
    """The folder as it was unpacked, without a site."""
    shutil.rmtree(program / "网站", ignore_errors=True)
    return program


def test_a_double_click_makes_a_site_beside_and_builds_it(windows: Windows, portable: Path) -> None:
    built = windows.run(FOLDER / "生成.cmd")
    assert built.code == 0, built.stderr
    assert "新站点在" in built.stdout
    assert re.search(r"生成完毕：\d+ 篇文章", built.stdout)
    assert (portable / "网站" / "public" / "index.html").is_file()


def test_a_site_that_lies_beside_is_taken_and_built(
    windows: Windows, portable: Path, made: tuple[object, Path]
) -> None:
    site = portable / "党群 网站"
    shutil.copytree(made[1], site)
    try:
        built = windows.run(FOLDER / "生成.cmd")
        assert built.code == 0, built.stderr
        assert (site / "public" / "index.html").is_file()
        assert not (portable / "网站").exists()
    finally:
        shutil.rmtree(site)


def test_a_double_click_shows_the_preview(windows: Windows, portable: Path) -> None:
    with previewing_by(windows, FOLDER / "预览.cmd") as (_, port):
        assert "党群工作" in page(port, "/")
        assert (portable / "网站" / "site.yaml").is_file()


def test_a_double_click_opens_the_desk(windows: Windows, portable: Path) -> None:
    with previewing_by(windows, FOLDER / "写稿.cmd") as (_, port):
        assert (portable / "网站" / "写稿.cmd").is_file()
        again = windows.run(FOLDER / "写稿.cmd")
        assert (again.code, f":{port}/" in again.stderr) == (0, True)


def test_a_fault_is_told_and_the_window_waits_for_a_key(windows: Windows, portable: Path) -> None:
    (portable / "网站").mkdir()
    (portable / "网站" / "site.yaml").write_text("title: 党群工作\n", "utf-8")
    refused = windows.run(FOLDER / "生成.cmd")
    assert refused.code == 2
    assert "site.yaml" in refused.stderr
    assert "请按任意键继续" in refused.stdout


def test_any_other_command_runs_too(windows: Windows, portable: Path) -> None:
    asked_for = windows.run(FOLDER / "newsgen.cmd", "init", "网站", cwd=FOLDER)
    assert asked_for.code == 0, asked_for.stderr
    assert windows.run(FOLDER / "newsgen.cmd", "new", "组织生活会 & 党课", "-C", "网站", cwd=FOLDER).code == 0
    assert [path for path in (portable / "网站").rglob("*.md") if "组织生活会 & 党课" in path.read_text("utf-8")]


def test_a_starter_that_was_taken_out_alone_says_what_to_do(windows: Windows, portable: Path) -> None:
    alone = windows.here(HOME / "生成.cmd")
    shutil.copy(portable / "生成.cmd", alone)
    refused = windows.run(HOME / "生成.cmd")
    assert refused.code == 2
    assert "请先把压缩包全部解压" in refused.stdout


def test_the_folder_is_all_that_was_written(windows: Windows, portable: Path) -> None:
    before = set(tree(windows.here(HOME)))
    assert windows.run(FOLDER / "生成.cmd").code == 0
    written = set(tree(windows.here(HOME))) - before
    assert written
    assert [name for name in written if not name.startswith(f"{DESKTOP.name}/newsgen/")] == []
