"""The lock of an output folder, for one build at a time: a file lock, which the system releases when the build dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsgen.core.files import check_regular
from newsgen.core.platform import with_retries

WINDOWS = sys.platform == "win32"

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        """Raises OSError when another process holds the lock."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        """Raises OSError when another process holds the lock."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_held: set[int] = set()
"""The descriptors that hold a lock."""


def _close_in_child() -> None:
    """Close the locks of the parent in a forked worker, which may outlive it."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_child)


TRIES = 10
"""Attempts to lock a file that seems to be deleted each time. Network drives may give a file another inode number each
time they are asked: the last attempt counts.
"""


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock file at `path`, made when missing with its folder; gives False when another process holds it.

    At the end the file is deleted, and its folder where nothing else is in it. A process that opened it before then
    holds a lock on a deleted file, notices that, and tries again. Raises FileRefused, OSError.
    """
    for attempt in range(1, TRIES + 1):
        descriptor = with_retries(lambda: _opened(path))  # another process may be deleting the file
        try:
            try:
                _take(descriptor)
            except OSError:
                yield False
                return
            if _is_there(path, descriptor) or attempt == TRIES:
                _held.add(descriptor)
                yield True
                return
        finally:
            was_held = descriptor in _held
            if was_held and not WINDOWS and _is_there(path, descriptor):
                _delete_lock(path)
            _held.discard(descriptor)
            os.close(descriptor)
            if was_held and WINDOWS:  # which deletes no open file, so that another build's lock stays
                _delete_lock(path)


def _delete_lock(path: Path) -> None:
    """Delete a lock file, and its folder where nothing else is in it."""
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()


def _opened(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    check_regular(path)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags, 0o644)


def _is_there(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one at `path`."""
    try:
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    except OSError:
        return False
