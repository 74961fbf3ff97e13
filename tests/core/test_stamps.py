"""core/stamps.py: a stamp answers for a file's bytes only where it was taken of a file at rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsgen.core.stamps import UNTRUSTED, Stamp, clock_of, is_trustworthy, read_stamp, stamp_of

CLOCK: Stamp = (0, 100, 100, 7, 1)


@pytest.mark.parametrize(
    ("mtime", "ctime", "device", "answer"),
    [
        (99, 99, 1, True),
        (100, 99, 1, False),  # written in the tick in which the clock was read: it may be written once more
        (99, 100, 1, False),  # renamed, or its times put back, in that tick
        (100, 100, 1, False),
        (101, 99, 1, True),  # a time in the future, which somebody has put there before
        (101, 100, 1, False),  # or has just now
        (99, 101, 1, False),
        (99, 99, 2, False),  # a clock of another file system says nothing
        (0, 0, 1, True),
    ],
)
def test_only_what_is_older_than_the_clock_of_its_file_system_is_at_rest(
    mtime: int, ctime: int, device: int, answer: bool
) -> None:
    assert is_trustworthy((5, mtime, ctime, 3, device), CLOCK) is answer


def test_without_a_time_of_change_a_time_in_the_future_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgen.core.stamps.WINDOWS", True)
    assert not is_trustworthy((5, 101, 99, 3, 1), CLOCK)
    assert is_trustworthy((5, 99, 50, 3, 1), CLOCK)


def test_no_stamp_is_at_rest_by_a_clock_that_was_never_read() -> None:
    assert not is_trustworthy((5, 1, 1, 3, 0), UNTRUSTED)


def test_size_times_and_number_make_a_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"12345")
    found = path.stat()
    assert read_stamp(path) == stamp_of(found)
    assert stamp_of(found) == (5, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)
    assert read_stamp(tmp_path / "b.md") is None


def test_the_clock_is_what_the_file_system_says_now(tmp_path: Path) -> None:
    probe = tmp_path / "clock"
    first = clock_of(probe)
    os.utime(probe, ns=(0, 0))
    second = clock_of(probe)
    assert second[1] >= first[1] > 0
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="文件夹"):
        clock_of(tmp_path / "folder")
