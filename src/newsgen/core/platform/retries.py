"""Moving and deleting files that another program may hold open for a moment.

Windows refuses to replace, rename or delete a file while a virus scanner, an indexer, a sync program or a web server
has it open, with the error numbers 32 and 33; where the file to be replaced is the open one, with 5, which also stands
for a missing permission. So a refused operation is tried again with growing pauses: for some 10 s where the file is
known to be open, for 1 s where a permission may be missing. An operation that succeeds at once costs nothing more.
"""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from errno import EACCES, EBUSY, EPERM, ETXTBSY
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
AnyPath = str | Path
WINDOWS = os.name == "nt"
SHORT = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.4)
"""Pauses in seconds, 1 s in all: for an operation whose permission is probably missing."""
LONG = (*SHORT, 1.0, 2.0, 2.0, 2.0, 2.0)
"""10 s in all: for a file that another program has open."""
ACCESS_DENIED, SHARING_VIOLATION = 5, 32
HELD = frozenset({SHARING_VIOLATION, 33, 170, 303, 1224})
"""Numbers of Windows for a file in use: open, locked, busy, about to vanish, mapped into memory."""
NOT_EMPTY = 145
"""Windows' number for a folder that still shows a file which was deleted while another program had it open."""


def replace(source: AnyPath, target: AnyPath) -> None:
    """os.replace(), tried again while another program has the file open. Raises OSError."""
    try:
        os.replace(source, target)
    except OSError as error:
        _insist(lambda: os.replace(source, target), error)


def rename(source: AnyPath, target: AnyPath) -> None:
    """os.rename(), tried again while another program has the file open. On Windows an existing target is an error. Raises OSError."""
    try:
        os.rename(source, target)
    except OSError as error:
        _insist(lambda: os.rename(source, target), error)


def unlink(path: AnyPath, *, missing_ok: bool = False) -> None:
    """Delete a file, tried again while another program has it open; also one that is marked as read-only on Windows. Raises OSError."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        if not missing_ok:
            raise
    except OSError as error:
        with suppress(FileNotFoundError):
            _insist(lambda: os.unlink(path), error)


def rmdir(path: AnyPath) -> None:
    """Delete an empty folder, tried again while it is held open. Raises OSError at once where it is not empty or not there."""
    try:
        os.rmdir(path)
    except OSError as error:
        _insist(lambda: os.rmdir(path), error)


def remove_tree(path: AnyPath) -> None:
    """Delete a folder and all below it, tried again while a file is held open; links and junctions are deleted, never followed. Raises OSError."""
    try:
        shutil.rmtree(path)
    except OSError as error:
        _insist(lambda: shutil.rmtree(path), error, deletes_tree=True)


def with_retries(operation: Callable[[], T]) -> T:
    """Do an operation, again and again while another program has its file open; gives its result. Raises OSError."""
    try:
        return operation()
    except OSError as error:
        return _insist(operation, error)


def _insist(operation: Callable[[], T], error: OSError, *, deletes_tree: bool = False) -> T:
    """Repeat an operation that was refused with `error` until it works or the pauses end. Raises the last OSError.

    To delete a tree again goes on where it stopped.
    """
    waited = 0
    while (pauses := _pauses(error, deletes_tree)) and waited < len(pauses):
        if not _unprotect(error):
            time.sleep(pauses[waited])
        waited += 1
        try:
            return operation()
        except OSError as again:
            error = again
    raise _told_apart(error)


def _told_apart(error: OSError) -> OSError:
    """The error with the number of a file in use, where Windows says no more than that access is denied."""
    if getattr(error, "winerror", None) == ACCESS_DENIED and any(map(is_held, _names(error))):
        setattr(error, "winerror", SHARING_VIOLATION)  # noqa: B010 (known to the type checker on Windows alone)
    return error


def _pauses(error: OSError, deletes_tree: bool) -> tuple[float, ...]:
    """The pauses between tries after this error; () where waiting does not help."""
    number = getattr(error, "winerror", None)
    if number is None:
        return SHORT if error.errno in (EACCES, EPERM, EBUSY, ETXTBSY) else ()
    if number in HELD or (deletes_tree and number == NOT_EMPTY):
        return LONG
    if number == ACCESS_DENIED:
        return LONG if any(map(is_held, _names(error))) else SHORT
    return ()


def is_held(path: AnyPath) -> bool:
    """Whether another program has this file or folder open so that it cannot be moved. False where that cannot be told.

    On Windows a file is renamed to its own name: that needs the same right as any other name, and changes nothing.
    """
    if not WINDOWS:
        return False
    try:
        os.rename(path, path)
    except OSError as error:
        return getattr(error, "winerror", None) in HELD
    return False


def _unprotect(error: OSError) -> bool:
    """Remove the mark "read-only" from the files that `error` names, on Windows; gives whether there was one."""
    if getattr(error, "winerror", None) != ACCESS_DENIED:
        return False
    return sum(map(_make_writable, _names(error))) > 0


def _make_writable(path: AnyPath) -> bool:
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_mode & stat.S_IWUSR:
            return False
        os.chmod(path, stat.S_IREAD | stat.S_IWRITE)
    except OSError:
        return False
    return True


def _names(error: OSError) -> list[str]:
    return [name for name in (error.filename, error.filename2) if isinstance(name, str) and name]
