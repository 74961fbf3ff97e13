"""One build at a time in one output folder: a lock on a file, which the system releases when the process dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsgen.core.files import check_regular

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


TRIES = 10
"""Times that a lock is taken anew whose file seems to be gone. Network drives may number a file differently each time they are
asked, so that it never seems to be there: the last one counts.
"""


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock file at `path`, made when missing with its folder; False when another process holds it.

    A holder may delete the folder before it lets go: then the lock is on a file that nobody sees, and is taken anew. Raises
    FileRefused where something else than a file stands there, and OSError.
    """
    for attempt in range(1, TRIES + 1):
        descriptor = _opened(path)
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
            _held.discard(descriptor)
            os.close(descriptor)


def _opened(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    check_regular(path)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags, 0o644)


def _is_there(path: Path, descriptor: int) -> bool:
    """Whether the lock is on the file that others see."""
    try:
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
