"""A disk that refuses: told in one way, whatever was to be written, and a new folder that appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from newsgen.core.errors import HostError
from newsgen.core.files import remove_leftovers, temporary_folder
from newsgen.core.platform import is_full, reason, replace

FULL_CODE, DISK_CODE = "desk.full", "desk.disk"
HINTS = ("检查文件夹能不能写、U 盘是不是拔掉了，再试一次", "删去一些不用的文件，再试一次")
"""What to do where a disk refuses, and where it is full."""


def disk_error(error: OSError, what: str, path: str, hints: tuple[str, str] = HINTS, more: str = "") -> HostError:
    """What the disk refuses, as people are told of it: `what` could not be done, `more` is what they need not fear."""
    message = f"{what}：{reason(error)}{'；' if more else ''}{more}"
    is_out_of_room = is_full(error)
    return HostError(message, hints[is_out_of_room], FULL_CODE if is_out_of_room else DISK_CODE, path)


def make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; gives the new ones, the deepest first. Raises OSError, and then there are none."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        remove_folders(missing)
        raise
    return missing


def remove_folders(folders: list[Path]) -> None:
    """Remove folders that were just made, the deepest first; what somebody has put something into meanwhile stays."""
    for place in folders:
        with suppress(OSError):
            place.rmdir()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder with its files, by their names in it. Raises OSError, and then all is as it was."""
    missing = make_folders(folder.parent)
    try:
        remove_leftovers(folder.parent)
        with temporary_folder(folder.parent) as scratch:
            made = scratch / "new"
            made.mkdir()
            for name, data in files.items():
                write_new(made / name, data)
            replace(made, folder)
    except OSError:
        remove_folders(missing)
        raise


def write_new(file: Path, data: bytes) -> None:
    """Write a file that is not there yet, with the folders above it; it is on the disk afterwards. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
