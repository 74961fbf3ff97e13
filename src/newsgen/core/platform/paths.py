"""Paths: links and junctions, letter case, and Windows' limit of 260 characters."""

from __future__ import annotations

import os
import stat
from pathlib import Path

WINDOWS = os.name == "nt"
LIMIT = 259
"""Characters that a path may have on Windows without the prefix; for a folder they are twelve fewer."""
PREFIX = "\\\\?\\"
SHARE = "\\\\?\\UNC\\"
NAME_SURROGATE = 0x20000000
"""The bit of a reparse tag that says: this name stands for another place (a symbolic link, a junction, a mounted volume).
OneDrive's placeholders are reparse points without it."""


def is_link(path: str | Path) -> bool:
    """Whether this is a symbolic link or, on Windows, a junction. False where there is nothing."""
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISLNK(found.st_mode) or _is_surrogate(found)


def entry_is_link(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of os.scandir() is a link or junction, without another call of the system."""
    return entry.is_symlink() or (WINDOWS and _is_surrogate(entry.stat(follow_symlinks=False)))


def _is_surrogate(found: os.stat_result) -> bool:
    return bool(getattr(found, "st_reparse_tag", 0) & NAME_SURROGATE)


def is_within(path: str | Path, folder: str | Path) -> bool:
    """Whether a path is a folder or lies below it: links are followed, and letter case counts only where the system
    tells it apart. A path that does not exist yet lies where it would be made.
    """
    place = Path(os.path.realpath(path))
    home = Path(os.path.realpath(folder))
    return place.is_relative_to(home) or any(_is_same(above, home) for above in (place, *place.parents))


def _is_same(first: Path, second: Path) -> bool:
    try:
        return os.path.samefile(first, second)
    except OSError:
        return False


def extended(path: str | Path) -> str:
    r"""The absolute path in the form that has no limit of 260 characters (`\\?\C:\…`) on Windows; elsewhere as it is."""
    if not WINDOWS:
        return str(path)
    return _extended(os.path.abspath(path))


def _extended(path: str) -> str:
    if path.startswith(PREFIX):
        return path
    return SHARE + path[2:] if path.startswith("\\\\") else PREFIX + path


def below(folder: str, path: str) -> str:
    """The path of a file below a folder, where `path` is written with `/`, in the form that extended() needs."""
    return folder + os.sep + (path.replace("/", os.sep) if WINDOWS else path)


def plain_path(path: str) -> str:
    r"""The path as people know it, without `\\?\`."""
    if path.startswith(SHARE):
        return "\\\\" + path[len(SHARE) :]
    return path.removeprefix(PREFIX)


def is_too_long(path: str) -> bool:
    """Whether Windows may find nothing at this path because it is too long."""
    return WINDOWS and not path.startswith(PREFIX) and len(os.path.abspath(path)) > LIMIT - 12
