"""A folder as Windows, FAT and shares keep it: no hard links, files that others hold open, no rename of what is in use."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from publish_helpers import Publishing, target_on
from site_test import SiteTest

KINDS = ("folder", "folder-flat")


@pytest.fixture(params=KINDS)
def published(
    request: pytest.FixtureRequest, site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Publishing:
    site.article("meetings/a.md", title="第一篇")
    made = Publishing(site, target_on(None, request.param, tmp_path), capsys)
    made.settings("  max_delete: 100%\n")
    return made


def below(target: Path, *paths: object) -> bool:
    """Whether an operation is about the target's files."""
    return any(str(path).startswith(str(target)) for path in paths)


def refused(number: int = errno.EACCES) -> PermissionError:
    return PermissionError(number, "refused")


def versions(published: Publishing, count: int) -> list[dict[str, bytes]]:
    """So many versions published, and what readers saw of each."""
    seen = []
    for number in range(count):
        published.site.article("meetings/a.md", f"第 {number} 版。\n", title=f"第 {number} 版")
        published.published()
        seen.append(published.target.served())
    return seen


def test_where_no_hard_links_are_one_can_go_back_all_the_same(
    published: Publishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = os.link

    def link(source: Any, target: Any, **others: Any) -> None:
        if below(published.target.folder, source, target):
            raise OSError(errno.EPERM, "no hard links")
        made(source, target, **others)

    monkeypatch.setattr(os, "link", link)
    old, _, _ = versions(published, 3)
    first = min(item["id"] for item in published.run("releases").document["releases"])
    assert published.run("rollback", first).code == 0
    assert old.items() <= published.target.served().items()
    assert published.run("verify").code == 0


def test_a_folder_in_which_a_file_is_open_is_moved_file_by_file(
    published: Publishing, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = os.replace

    def replace(source: Any, target: Any, **others: Any) -> None:
        if below(published.target.folder, source) and Path(source).is_dir() and not Path(source).is_symlink():
            raise refused()
        made(source, target, **others)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr("time.sleep", lambda _: None)
    for _ in versions(published, 3):
        assert published.run("verify").code == 0
    assert published.run("rollback").code == 0
    assert published.run("verify").code == 0
    state = published.target.folder / ".newsgen"
    assert [path.name for path in state.iterdir() if path.name.startswith(("next-", "turn-", "trash-"))] == []


@pytest.mark.parametrize("operation", ["replace", "unlink", "rmdir"])
def test_what_is_held_open_for_a_moment_is_tried_again(
    published: Publishing, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    made: Callable[..., None] = getattr(os, operation)
    tries: dict[str, int] = {}

    def third_time(path: Any, *words: Any, **others: Any) -> None:
        if below(published.target.folder, path):
            tries[str(path)] = tries.get(str(path), 0) + 1
            if tries[str(path)] <= 2:
                raise refused()
        made(path, *words, **others)

    monkeypatch.setattr(os, operation, third_time)
    monkeypatch.setattr("time.sleep", lambda _: None)
    versions(published, 2)
    assert published.built().items() <= published.target.served().items()
    assert published.run("verify").code == 0


def test_the_link_is_one_to_a_folder_and_where_it_cannot_be_replaced_it_makes_room(
    site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Publishing(site, target_on(None, "folder", tmp_path), capsys)
    made, linked, kinds = os.replace, os.symlink, []

    def replace(source: Any, target: Any, **others: Any) -> None:
        if below(published.target.folder, target) and Path(target).is_symlink():
            raise refused()
        made(source, target, **others)

    def symlink(source: Any, target: Any, target_is_directory: bool = False, **others: Any) -> None:
        kinds.append(target_is_directory)
        linked(source, target, target_is_directory, **others)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "symlink", symlink)
    monkeypatch.setattr("time.sleep", lambda _: None)
    versions(published, 3)
    assert published.target.served() == published.built()
    assert kinds
    assert all(kinds)
    assert published.run("rollback").code == 0
    assert published.run("verify").code == 0


def test_where_no_links_can_be_made_the_layout_is_flat(
    site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Publishing(site, target_on(None, "folder", tmp_path), capsys)

    def symlink(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "a required privilege is not held by the client")

    monkeypatch.setattr(os, "symlink", symlink)
    published.published()
    assert (published.target.folder / "index.html").is_file()
    assert not (published.target.folder / "current").exists()


def test_what_was_built_is_read_and_the_folder_is_written_by_names_that_may_be_long(
    published: Publishing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    r"""On Windows such a name begins with `\\?\`; here it is that of a folder to which all is moved when it is asked for."""

    def moved(path: str | Path) -> str:
        long = tmp_path / "long" / Path(path).name
        if not long.exists():
            long.parent.mkdir(exist_ok=True)
            Path(path).rename(long)
        return str(long)

    published.target.folder.mkdir(exist_ok=True)
    monkeypatch.setattr("newsgen.publish.publish.extended", moved)
    monkeypatch.setattr("newsgen.publish.transport.local.extended", moved)
    published.published()
    assert not published.target.folder.exists()
    assert list((tmp_path / "long" / published.target.folder.name).rglob("*.html"))
