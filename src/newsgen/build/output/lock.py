"""One build at a time in one output folder: a lock on a file, which the system releases when the process dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsgen.core.files import check_regular
from newsgen.core.platform import patiently

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

    At the end the file is deleted, and its folder where nothing else is in it: who waited for it then has a lock on a file
    that nobody sees, and takes it anew. Raises FileRefused where something else than a file stands there, and OSError.
    """
    for attempt in range(1, TRIES + 1):
        descriptor = patiently(lambda: _opened(path))  # the file of another one may be on its way out
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
                _take_away(path)
            _held.discard(descriptor)
            os.close(descriptor)
            if was_held and WINDOWS:  # which deletes no open file, so that another build's lock stays
                _take_away(path)


def _take_away(path: Path) -> None:
    """Delete a lock, and its folder where nothing else is in it."""
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()


def _opened(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    check_regular(path)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags, 0o644)


def _is_there(path: Path, descriptor: int) -> bool:
    """Whether the lock is on the file that others see."""
    try:
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    except OSError:
        return False
