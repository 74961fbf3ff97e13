"""Obstacles in an output folder: links, mounts, folders and other people's files where outputs belong.

They are looked for before the first file is moved, so that a build changes everything or nothing. Nothing is written or
deleted through a link, and only files that the manifest lists are overwritten.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from newsgen.build.output.manifest import STAGING, Journal, Manifest, damaged, folders_of
from newsgen.core.errors import UsageError
from newsgen.core.files import is_regular
from newsgen.core.platform.paths import NAME_SURROGATE

_MOUNTS = "/proc/self/mountinfo"


@dataclass(frozen=True)
class Obstacles:
    """The obstacles to the moves and deletions of `journal` in the output folder `out`, which the user calls `shown`.

    `previous` is the manifest that holds until then; `listed` are files of ours that need not be looked at.
    """

    out: Path
    shown: str
    journal: Journal
    previous: Manifest
    listed: Collection[str] = ()

    def refuse(self) -> None:
        """Raises UsageError for the first obstacle."""
        absent = self._refuse_folders()
        for path in self.journal.moves:
            if path not in self.listed and path.rpartition("/")[0] not in absent and (found := _stat(self.out / path)):
                self._refuse_target(path, found)
        for path in sorted(self._mounts.intersection((*self.journal.moves, *self.journal.deletes))):
            raise _mount(self.shown, path)

    def _refuse_folders(self) -> set[str]:
        """Check every folder of a move or deletion, the outermost first; gives those that are missing."""
        device = os.stat(self.out).st_dev  # noqa: PTH116
        absent: set[str] = set()
        paths = (*self.journal.moves, *self.journal.deletes)
        for folder in sorted({folder for path in paths for folder in folders_of(path)}):
            found = None if folder.rpartition("/")[0] in absent else _stat(self.out / folder)
            if found is None:
                absent.add(folder)
            elif is_link(found):
                raise _link(self.shown, folder)
            elif not stat.S_ISDIR(found.st_mode):
                self._refuse_others(folder)
            elif found.st_dev != device or folder in self._mounts:
                raise _mount(self.shown, folder)
        return absent

    def _refuse_target(self, path: str, found: os.stat_result) -> None:
        """Check what stands where a file is to be put."""
        if not stat.S_ISDIR(found.st_mode):
            self._refuse_others(path)
        elif not self._is_cleared(path):
            raise _folder(self.shown, path)

    def _refuse_others(self, path: str) -> None:
        """Check that the manifest lists the file that stands at `path`.

        Where the disk ignores case, it may have another name than `path`: that one must be listed.
        """
        folder, _, name = path.rpartition("/")
        names = self._names_in(folder)
        real = name if name in names else next((other for other in names if other.lower() == name.lower()), name)
        if not any(other.rpartition("/")[2] == real for other in self._by_lower_case.get(path.lower(), ())):
            raise _foreign(self.shown, path)

    def _names_in(self, folder: str) -> frozenset[str]:
        if folder not in self._listings:
            self._listings[folder] = frozenset(os.listdir(self.out / folder))
        return self._listings[folder]

    def _is_cleared(self, folder: str) -> bool:
        """Whether a folder will be empty once the journal's files are deleted."""
        deletes = {path for path in self.journal.deletes if path in self.previous}
        emptied = {name for path in deletes for name in folders_of(path)}
        return folder in emptied and all(
            name in (emptied if is_folder else deletes) for name, is_folder in _below(self.out / folder, folder + "/")
        )

    @cached_property
    def _by_lower_case(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.previous:
            found.setdefault(path.lower(), []).append(path)
        return found

    @cached_property
    def _listings(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _mounts(self) -> frozenset[str]:
        return frozenset(_mounts_below(self.out))


def refuse_foreign_staging(out: Path, shown: str) -> None:
    """Raises UsageError where anything but a folder has the staging folder's name."""
    found = _stat(out / STAGING)
    if found is None:
        return
    if is_link(found):
        raise _link(shown, STAGING)
    if not stat.S_ISDIR(found.st_mode):
        raise _foreign(shown, STAGING)
    if found.st_dev != os.stat(out).st_dev:  # noqa: PTH116
        raise _mount(shown, STAGING)


def check_staged(out: Path, shown: str, journal: Journal) -> None:
    """Raises UsageError where the files that a killed build staged are not exactly those that its journal moves."""
    staged = out / STAGING / journal.staged
    found = _stat(staged)
    if found is None:
        return
    moves = set(journal.moves)
    folders = {folder for path in moves for folder in folders_of(path)}
    is_exact = (
        stat.S_ISDIR(found.st_mode)
        and not is_link(found)
        and all(
            name in folders if is_folder else name in moves and is_regular(staged / name)
            for name, is_folder in _below(staged, "")
        )
    )
    if not is_exact:
        raise damaged(shown)


def is_link(found: os.stat_result) -> bool:
    """Whether lstat() found a symbolic link or a junction."""
    return stat.S_ISLNK(found.st_mode) or bool(getattr(found, "st_reparse_tag", 0) & NAME_SURROGATE)


def _below(folder: Path, prefix: str) -> Iterator[tuple[str, bool]]:
    """The paths below a folder, and whether each is a folder itself. Links are not followed."""
    waiting = [(str(folder), prefix)]
    while waiting:
        place, before = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False) and not is_link(os.lstat(entry.path))
                yield before + entry.name, is_folder
                if is_folder:
                    waiting.append((entry.path, f"{before}{entry.name}/"))


def _stat(path: Path) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _mounts_below(out: Path) -> Iterator[str]:
    """The paths of mounts below a folder. A bind mount has the same device number as the folder that it lies in, so
    Linux's own list is read (proc_pid_mountinfo(5), field 5, with blanks as octal numbers).
    """
    try:
        lines = Path(_MOUNTS).read_bytes().splitlines()
    except OSError:
        return
    home = os.fsencode(os.path.realpath(out)) + b"/"
    for line in lines:
        fields = line.split(b" ")
        place = fields[4].replace(b"\\040", b" ") if len(fields) > 4 else b""
        if place.startswith(home):
            yield os.fsdecode(place.removeprefix(home))


def _link(shown: str, name: str) -> UsageError:
    message = f"{shown}/{name} 是通向别处的快捷方式（符号链接）"
    return UsageError(message, "删去这个快捷方式，再生成一次", "output.outside")


def _foreign(shown: str, name: str) -> UsageError:
    message = f"{shown}/{name} 不是 newsgen 生成的，不能覆盖"
    return UsageError(message, "把它移到别处，再生成一次", "output.foreign")


def _folder(shown: str, name: str) -> UsageError:
    message = f"{shown}/{name} 是一个文件夹，可是网站的一个文件要放在这里，不能覆盖"
    return UsageError(message, "把这个文件夹移到别处（空的就删去），再生成一次", "output.foreign")


def _mount(shown: str, name: str) -> UsageError:
    message = f"{shown}/{name} 是挂载上来的另一个磁盘或文件夹，文件不能一步移进去"
    hint = "卸下它（umount），再生成一次；要写到那个磁盘上，就用 -o 把整个输出文件夹放在那里"
    return UsageError(message, hint, "output.mount")
