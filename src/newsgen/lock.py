"""One build at a time in one output folder: a lock on a file, which the system releases when the process dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def _let_go() -> None:
    """A forked worker must not keep a lock beyond its parent's death."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock file at `path`, made when missing with its folder; False when another process holds it.

    A holder may delete the folder before it lets go: then the lock is on a file that nobody sees, and is taken anew.
    """
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                _take(descriptor)
            except OSError:
                yield False
                return
            if _is_there(path, descriptor):
                _held.add(descriptor)
                yield True
                return
        finally:
            _held.discard(descriptor)
            os.close(descriptor)


def _is_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
