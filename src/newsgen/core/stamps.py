"""File stamps: size, times, inode and device of a file, to find out quickly whether it has changed.

A file that is written twice within one tick of the file system's clock has the same stamp both times (git calls such an
entry "racily clean"). So a stamp is trusted only when it is older than a time of the file system that was read before
the stamp was taken. ctime shows edits that restore size and mtime; Windows has the time of creation in its place.
"""

from __future__ import annotations

import os
from pathlib import Path

from newsgen.core.files import check_regular
from newsgen.core.platform.paths import WINDOWS

Stamp = tuple[int, int, int, int, int]
"""(size, mtime_ns, ctime_ns, inode, device)."""
UNTRUSTED: Stamp = (0, 0, 0, 0, 0)
"""The stamp of no file: a file recorded with it always counts as changed."""
_64_BITS = 2**64 - 1
"""The mask for numbers of Windows, which may be longer than a record can hold."""


def stamp_of(found: os.stat_result) -> Stamp:
    """The stamp of a stat() result."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _64_BITS, found.st_dev & _64_BITS


def read_stamp(path: str | Path) -> Stamp | None:
    """The stamp of the file at `path`; None where there is none or it cannot be read."""
    try:
        return stamp_of(os.stat(path))  # noqa: PTH116 (asked ten thousand times; a Path would double the time)
    except OSError:
        return None


def clock_of(probe: Path) -> Stamp:
    """The time of a file system, as the stamp of the file `probe` on it, touched now.

    Raises OSError, also where something else than a file is in its place.
    """
    check_regular(probe)
    probe.touch()
    return stamp_of(probe.stat())


def is_trustworthy(stamp: Stamp, clock: Stamp) -> bool:
    """Whether the file was last written before `clock` was read. Never for a file of another file system.

    A time in the future was set, by a camera or another computer, and ctime says when. Windows has no such ctime.
    """
    written = stamp[2] if stamp[1] > clock[1] and not WINDOWS else max(stamp[1], stamp[2])
    return written < clock[1] and stamp[4] == clock[4]
