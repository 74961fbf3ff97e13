"""build/output/snapshot.py: which files of an output folder are still as newsgen made them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsgen.build.output.snapshot import FolderSnapshot
from newsgen.core.digest import digest_bytes
from newsgen.core.stamps import Stamp, read_stamp
from site_test import next_tick

SECOND = 1_000_000_000


def at(path: Path, data: bytes, seconds: int) -> Stamp:
    """A file that was last written at some second, and its stamp."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(seconds * SECOND, seconds * SECOND))
    stamp = read_stamp(path)
    assert stamp is not None
    return stamp


def later(stamp: Stamp, nanoseconds: int) -> Stamp:
    """What time it is on the file system of a stamp, so much after its file was changed."""
    moment = max(stamp[1], stamp[2]) + nanoseconds
    return (0, moment, moment, 0, stamp[4])


def test_a_file_with_the_stamp_it_had_is_untouched(tmp_path: Path) -> None:
    stamp = at(tmp_path / "a/b.html", b"1", 5)
    assert FolderSnapshot(tmp_path / "a", {"b.html": stamp}).untouched == {"b.html"}
    next_tick(tmp_path)
    at(tmp_path / "a/b.html", b"2", 5)  # as large, and as old: its change alone is later
    assert FolderSnapshot(tmp_path / "a", {"b.html": stamp}).untouched == frozenset()


def test_our_own_files_in_the_output_folder_are_no_outputs(tmp_path: Path) -> None:
    for name in (".newsgen.json", ".newsgen-staging/new-0/a.html", "a/.newsgen.html", "b.html"):
        at(tmp_path / name, b"1", 5)
    (tmp_path / "link.html").symlink_to("b.html")
    (tmp_path / "linked").symlink_to("a")
    assert FolderSnapshot(tmp_path).stamps.keys() == {"a/.newsgen.html", "b.html"}


def test_bytes_answer_where_no_stamp_does(tmp_path: Path) -> None:
    at(tmp_path / "a.html", b"1", 5)
    snapshot = FolderSnapshot(tmp_path)
    assert snapshot.is_intact("a.html", digest_bytes(b"1"))
    assert not snapshot.is_intact("a.html", digest_bytes(b"2"))
    assert not snapshot.is_intact("b.html", digest_bytes(b"1"))


@pytest.mark.parametrize(("distance", "is_trusted"), [(1, True), (0, False), (-1, False)])
def test_a_stamp_is_kept_only_where_the_clock_was_read_later(tmp_path: Path, distance: int, is_trusted: bool) -> None:
    stamp = at(tmp_path / "a.html", b"1", 5)
    snapshot = FolderSnapshot(tmp_path, clock=later(stamp, distance))
    assert snapshot.settled(["a.html", "b.html"]) == ({"a.html": stamp} if is_trusted else {})
    assert (snapshot.stamp_of("a.html") == stamp) is is_trusted


@pytest.mark.parametrize(("distance", "is_ours"), [(1, True), (0, False), (-1, False)])
def test_what_was_put_in_place_is_ours_only_if_it_was_written_before(
    tmp_path: Path, distance: int, is_ours: bool
) -> None:
    """`before` is when the last of our files was written: who writes in that very tick may be somebody else."""
    stamp = at(tmp_path / "a.html", b"1", 5)
    before = (0, stamp[1] + distance, 0, 0, stamp[4])
    snapshot = FolderSnapshot(tmp_path).with_changes(["a.html"], before, later(stamp, SECOND))
    assert bool(snapshot.settled(["a.html"])) is is_ours


def test_a_file_that_was_deleted_is_in_no_snapshot(tmp_path: Path) -> None:
    stamp = at(tmp_path / "a.html", b"1", 5)
    snapshot = FolderSnapshot(tmp_path, clock=later(stamp, SECOND))
    assert "a.html" in snapshot.stamps
    (tmp_path / "a.html").unlink()
    assert snapshot.with_changes(["a.html"], stamp, later(stamp, SECOND)).stamps == {}


def test_what_cannot_be_trusted_yet_is_read_once_the_clock_has_ticked(tmp_path: Path) -> None:
    right, wrong = at(tmp_path / "a.html", b"1", 5), at(tmp_path / "b.html", b"2", 5)
    early, now = later(right, 0), later(max(right, wrong, key=lambda stamp: stamp[2]), 1)
    digest = digest_bytes(b"1")
    snapshot = FolderSnapshot(tmp_path, clock=early)
    assert snapshot.rechecked(early, lambda path: digest).stamps == {}
    assert snapshot.rechecked(now, lambda path: digest).stamps == {"a.html": right}


def test_what_somebody_may_have_written_is_read_although_it_is_at_rest(tmp_path: Path) -> None:
    stamp = at(tmp_path / "a.html", b"1", 5)
    snapshot = FolderSnapshot(tmp_path).with_changes(["a.html"], stamp, later(stamp, SECOND))
    assert snapshot.rechecked(later(stamp, 2 * SECOND), lambda path: digest_bytes(b"2")).stamps == {}
    assert snapshot.rechecked(later(stamp, 2 * SECOND), lambda path: digest_bytes(b"1")).stamps == {"a.html": stamp}
