"""list_cache.py: lists are known again by their bytes; a folder that somebody prepared harms nothing elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsgen.publish import list_cache
from newsgen.publish.list_cache import ListCache
from newsgen.publish.release import sha256

TEXT = b"a list\n"
NAME = sha256(TEXT)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder of somebody's with three files."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in ("a", "b", NAME):
        (folder / name).write_bytes(b"theirs")
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ListCache:
    """A cache that keeps one list."""
    monkeypatch.setattr(list_cache, "MOST", 1)
    (tmp_path / "site").mkdir()
    return ListCache(tmp_path / "site")


def theirs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_list_is_known_by_its_bytes(cache: ListCache) -> None:
    assert cache.get(NAME) is None
    cache.put({NAME: TEXT})
    assert cache.get(NAME) == TEXT
    (cache.folder / NAME).write_bytes(b"another")
    assert cache.get(NAME) is None


def test_old_lists_make_room_and_nothing_else_does(cache: ListCache) -> None:
    cache.put({sha256(text): text for text in (b"1", b"2")})
    (cache.folder / "notes.txt").write_bytes(b"theirs")
    cache.put({NAME: TEXT})
    assert {path.name for path in cache.folder.iterdir()} == {NAME, "notes.txt"}


@pytest.mark.parametrize("linked", [".newsgen", ".newsgen/published"])
def test_a_folder_that_is_a_link_is_neither_emptied_nor_written_nor_read(
    cache: ListCache, elsewhere: Path, linked: str
) -> None:
    before = theirs(elsewhere)
    (cache.root / linked).parent.mkdir(exist_ok=True)
    (cache.root / linked).symlink_to(elsewhere)
    cache.put({NAME: TEXT, sha256(b"2"): b"2"})
    assert cache.get(NAME) is None
    assert theirs(elsewhere) == before


def test_a_list_that_is_a_link_is_replaced_and_not_followed(cache: ListCache, elsewhere: Path) -> None:
    before = theirs(elsewhere)
    cache.folder.mkdir(parents=True)
    for name in (NAME, f"{NAME}.new"):
        (cache.folder / name).symlink_to(elsewhere / "a")
    assert cache.get(NAME) is None
    cache.put({NAME: TEXT})
    assert (cache.get(NAME), theirs(elsewhere)) == (TEXT, before)


def test_a_pipe_in_the_place_of_a_list_is_not_waited_for(cache: ListCache) -> None:
    cache.folder.mkdir(parents=True)
    for name in (NAME, f"{NAME}.new"):
        os.mkfifo(cache.folder / name)
    assert cache.get(NAME) is None
    cache.put({NAME: TEXT})
    assert cache.get(NAME) == TEXT


def test_a_file_in_the_place_of_the_folder_only_means_that_nothing_is_kept(cache: ListCache) -> None:
    (cache.root / ".newsgen").write_bytes(b"")
    cache.put({NAME: TEXT})
    assert cache.get(NAME) is None
