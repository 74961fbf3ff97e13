"""The output folder on a system like Windows: files that others hold open, locks that cannot be deleted, letter case."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.build.output import lock
from newsgen.build.output.manifest import STAGING
from site_test import SiteTest, tree

PAGE = "meetings/2024/0313-a.html"


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, which pass at once."""
    waited: list[float] = []
    monkeypatch.setattr("newsgen.core.platform.retries.time.sleep", waited.append)
    return waited


def refuse(
    monkeypatch: pytest.MonkeyPatch, name: str, number: int, concerns: Callable[..., bool], times: int = 10**6
) -> list[str]:
    """Let a function of os refuse what `concerns` it, as Windows does with the error `number`, so many times."""
    function = getattr(os, name)
    refused: list[str] = []

    def refusing(*paths: str | Path, **options: object) -> object:
        if len(refused) < times and concerns(*map(str, paths)):
            refused.append(str(paths[-1]))
            error = PermissionError(errno.EACCES, "Access is denied", str(paths[0]))
            error.filename2 = str(paths[-1]) if len(paths) > 1 else None
            error.winerror = number  # type: ignore[attr-defined]  # there on Windows alone
            raise error
        return function(*paths, **options)

    monkeypatch.setattr(os, name, refusing)
    return refused


@pytest.mark.parametrize("number", [5, 32])
def test_a_page_that_is_open_for_a_moment_is_replaced(
    number: int, site: SiteTest, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    site.article("meetings/a.md", "甲\n").built()
    refused = refuse(monkeypatch, "replace", number, lambda _, target: target.endswith(PAGE), times=5)
    built = site.article("meetings/a.md", "乙\n").built()
    assert "乙" in built.text(PAGE)
    assert len(refused) == 5
    assert pauses


def test_a_page_that_stays_open_is_told_by_name_and_replaced_by_the_next_build(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.article("meetings/a.md", "甲\n").built()
    site.article("meetings/a.md", "乙\n")
    with monkeypatch.context() as held:
        refuse(held, "replace", 32, lambda _, target: target.endswith(PAGE))
        built = site.build()
    assert built.code == 2
    assert "它正被别的程序打开着" in built.stderr
    assert PAGE in built.stderr
    assert "denied" not in built.stderr
    assert "乙" in site.built().text(PAGE)


def test_a_page_that_is_open_for_a_moment_is_deleted(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    site.article("meetings/a.md").built()
    refuse(monkeypatch, "unlink", 32, lambda path: path.endswith(PAGE), times=5)
    assert not (site.remove("content/meetings/a.md").built().out / PAGE).exists()


def test_a_new_folder_with_an_open_file_is_filled_file_by_file(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A virus scanner opens what was written just now; then its folder cannot be renamed."""
    site.article("meetings/a.md", tags="学习", branch="第一党支部")
    refused = refuse(monkeypatch, "replace", 5, lambda source, _: Path(source).is_dir())
    built = site.built()
    assert len(refused) > 3
    monkeypatch.undo()
    shutil.rmtree(built.out)
    assert tree(site.built().out) == tree(built.out)
    assert (built.out / PAGE).is_file()


def test_a_folder_that_may_not_be_written_is_told_in_chinese(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    site.article("meetings/a.md")
    refuse(monkeypatch, "open", 5, lambda path, *_: STAGING in path and path.endswith(".html"))
    built = site.build("--jobs", "1")
    assert built.code == 2
    assert "没有权限，或者它正被别的程序打开着" in built.stderr
    assert "denied" not in built.stderr


def test_nothing_of_the_lock_stays_where_no_open_file_can_be_deleted(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "WINDOWS", True)
    refuse(monkeypatch, "unlink", 32, lambda path, *_: path.endswith("/lock") and bool(lock._held))
    built = site.article("meetings/a.md").built()
    assert not (built.out / STAGING).exists()
    built = site.built()
    assert not (built.out / STAGING).exists()


def test_the_lock_of_another_build_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows it cannot be deleted; elsewhere the file is another one by then."""
    path = tmp_path / "staging/lock"
    with lock.locked(path) as ours:
        assert ours
        path.unlink()
        with lock.locked(path) as theirs:
            assert theirs
            assert path.exists()
    monkeypatch.setattr(lock, "WINDOWS", True)
    refuse(monkeypatch, "unlink", 32, lambda place, *_: place == str(path))
    with lock.locked(path) as ours:
        assert ours
    assert path.exists()


def test_a_tag_that_changes_its_letter_case_moves_its_page(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """realpath() gives a path in the letter case of the disk, where this does not tell upper case from lower."""
    site.article("meetings/a.md", tags="Party").built()
    realpath = os.path.realpath
    monkeypatch.setattr(
        os.path,
        "realpath",
        lambda path, **options: str(realpath(path, **options)).replace("/tags/party", "/tags/Party"),
    )
    built = site.article("meetings/a.md", tags="party").built()
    assert (built.out / "tags/party/index.html").is_file()
    assert not (built.out / "tags/Party").exists()


def test_a_section_that_changes_its_letter_case_moves_its_pages(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.article("meetings/a.md").built()
    (site.root / "content/meetings").rename(site.root / "content/Meetings")
    realpath = os.path.realpath
    monkeypatch.setattr(
        os.path,
        "realpath",
        lambda path, **options: str(realpath(path, **options)).replace("/public/Meetings", "/public/meetings"),
    )
    built = site.built()
    assert (built.out / "Meetings/2024/0313-a.html").is_file()
    assert not (built.out / "meetings").exists()
