"""Writing of new files and folders, whole or not at all, and the error for a disk that refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from newsgen.core.errors import HostError
from newsgen.core.files import remove_leftovers, temporary_folder, write_new
from newsgen.core.platform import is_full, reason, replace

FULL_CODE, DISK_CODE = "desk.full", "desk.disk"
HINTS = ("检查文件夹能不能写、U 盘是不是拔掉了，再试一次", "删去一些不用的文件，再试一次")
"""Remedies for a disk that refuses, and for one that is full."""


def disk_error(error: OSError, what: str, path: str, hints: tuple[str, str] = HINTS, more: str = "") -> HostError:
    """The error for a disk that refuses: `what` says what was not done, `more` what is unharmed (both in Chinese).

    `hints` are the remedies, as in HINTS.
    """
    message = f"{what}：{reason(error)}{'；' if more else ''}{more}"
    is_out_of_room = is_full(error)
    return HostError(message, hints[is_out_of_room], FULL_CODE if is_out_of_room else DISK_CODE, path)


def make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones, deepest first. Raises OSError, and then makes none."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        remove_folders(missing)
        raise
    return missing


def remove_folders(folders: list[Path]) -> None:
    """Remove folders that were just made, deepest first; one that is no longer empty stays."""
    for place in folders:
        with suppress(OSError):
            place.rmdir()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder with its files, by their names in it. Raises OSError, and then writes nothing."""
    with scratch_folder(folder.parent) as scratch:
        made = scratch / "new"
        write_files({made / name: data for name, data in files.items()})
        replace(made, folder)


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A temporary folder in `parent`. A missing `parent` is made, and removed again if the block fails. Raises OSError."""
    missing = make_folders(parent)
    try:
        remove_leftovers(parent)
        with temporary_folder(parent) as scratch:
            yield scratch
    except BaseException:
        remove_folders(missing)
        raise


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files that do not exist yet, with the folders above them. Raises OSError."""
    for file, data in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_new(file, data)
