"""A target that is a folder of this machine: a mounted share, or the web server's own disk."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from newsgen.publish.far import STATE, Listing, Step
from newsgen.publish.words import FarProblem, from_system

P = ParamSpec("P")
R = TypeVar("R")
NEW = ".newsgen-new"
"""What a file is called until it is whole."""


def _told(operation: Callable[Concatenate[Folder, P], R]) -> Callable[Concatenate[Folder, P], R]:
    """An operation whose OSErrors are told as FarProblems."""

    @wraps(operation)
    def told(self: Folder, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return operation(self, *args, **kwargs)
        except OSError as error:
            raise from_system(error, self.shown) from None

    return told


class Folder:
    """See far.Far."""

    hashes_there = True

    def __init__(self, root: Path, shown: str) -> None:
        """Raises FarProblem where the folder and the one that it would be made in are missing: a share not mounted."""
        self.root, self.shown = root, shown
        if not root.is_dir() and not root.parent.is_dir():
            raise FarProblem("publish.no-folder", shown)

    def close(self) -> None:
        """See far.Far."""

    @_told
    def open_folder(self) -> None:
        """See far.Far."""
        if not self.root.is_dir():
            self._make(self.root)

    @_told
    def entries(self, folder: str) -> Mapping[str, str] | None:
        """See far.Far."""
        try:
            with os.scandir(self.root / folder) as found:
                return {entry.name: _kind(entry) for entry in found}
        except (FileNotFoundError, NotADirectoryError):
            return None

    @_told
    def read(self, path: str) -> bytes | None:
        """See far.Far."""
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            return None

    def read_all(self, paths: Sequence[str]) -> bytes:
        """See far.Far."""
        return b"".join(self.read(path) or b"" for path in paths)

    @_told
    def write(self, path: str, data: bytes) -> None:
        """See far.Far."""
        target = self.root / path
        self._make(target.parent)
        temporary = target.with_name(target.name + NEW)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            temporary.chmod(0o644)  # the umask was in the way
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, target)

    @_told
    def claim(self, folder: str) -> bool:
        """See far.Far."""
        try:
            (self.root / folder).mkdir(0o755)
        except FileExistsError:
            return False
        return True

    @_told
    def point(self, path: str, target: str) -> bool:
        """See far.Far."""
        temporary = self.root / STATE / (path.replace("/", "_") + NEW)
        temporary.unlink(missing_ok=True)
        try:
            temporary.symlink_to(target)
        except (PermissionError, NotImplementedError, OSError):
            return False
        os.replace(temporary, self.root / path)
        return True

    @_told
    def pointed(self, path: str) -> str | None:
        """See far.Far."""
        place = self.root / path
        return str(place.readlink()) if place.is_symlink() else None

    @_told
    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """See far.Far."""
        for source, target in pairs:
            self._make((self.root / target).parent)
            with suppress(FileNotFoundError):
                os.replace(self.root / source, self.root / target)

    @_told
    def link(self, pairs: Iterable[tuple[str, str]]) -> bool:
        """See far.Far."""
        for source, target in pairs:
            self._make((self.root / target).parent)
            if (self.root / source).is_file() and not _linked(self.root / source, self.root / target):
                return False
        return True

    @_told
    def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        """See far.Far."""
        self._make(self.root / target)
        for name in names:
            old, new = self.root / source / name, self.root / target / name
            self._make(new.parent)
            if old.is_file() and not _linked(old, new):
                shutil.copyfile(old, new)
        return True

    @_told
    def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        """See far.Far."""
        total = 0
        for name in names:
            data = (source / name).read_bytes()
            self.write(f"{folder}/{name}", data)
            total += len(data)
            step(len(data))
        return total

    @_told
    def remove(self, paths: Iterable[str]) -> None:
        """See far.Far."""
        for path in paths:
            with suppress(FileNotFoundError, NotADirectoryError):
                (self.root / path).unlink()
            for parent in Path(path).parents:
                try:
                    if parent != Path():
                        (self.root / parent).rmdir()
                except OSError:  # not empty, or gone
                    break

    @_told
    def remove_tree(self, folder: str) -> None:
        """See far.Far."""
        if (self.root / folder).is_dir():
            shutil.rmtree(self.root / folder)

    @_told
    def differing(self, folder: str, listing: Listing) -> set[str]:
        """See far.Far."""
        return {name for name, digest in listing.files.items() if _hash(self.root / folder / name) != digest}

    @_told
    def names(self, folder: str, expected: Collection[str] = ()) -> set[str]:
        """See far.Far."""
        return set(_names(self.root / folder, "" if folder else STATE))

    def _make(self, folder: Path) -> None:
        """Make a folder and those that it lies in, readable by the web server whatever the umask."""
        if not folder.is_dir():
            self._make(folder.parent)
            with suppress(FileExistsError):
                folder.mkdir()
                folder.chmod(0o755)


def _kind(entry: os.DirEntry[str]) -> str:
    return "link" if entry.is_symlink() else "folder" if entry.is_dir() else "file"


def _linked(source: Path, target: Path) -> bool:
    """Whether `target` could be made another name of `source`."""
    temporary = target.with_name(target.name + NEW)
    try:
        temporary.unlink(missing_ok=True)
        os.link(source, temporary)
        os.replace(temporary, target)
        temporary.unlink(missing_ok=True)  # rename(2) leaves both names where they are one file already
    except OSError:
        return False
    return True


def _hash(path: Path) -> str | None:
    """SHA-256 of a plain file, None where there is none."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _names(folder: Path, left_out: str) -> Iterator[str]:
    """The files below a folder, in the words of far.Far.names."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            kind = _kind(entry)
            if kind == "folder" and entry.name != left_out:
                yield from (f"{entry.name}/{name}" for name in _names(Path(entry.path), ""))
            elif kind != "folder":
                plain = kind == "file" and entry.is_file(follow_symlinks=False)
                yield entry.name if plain else entry.name + "@"
