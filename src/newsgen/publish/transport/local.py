"""The transport to a folder of this machine: a mounted share, or the web server's own disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from newsgen.core.files import FileRefused, is_regular, read_file
from newsgen.core.platform import extended, reason, replace, rmdir
from newsgen.publish.transport import local_files
from newsgen.publish.transport.base import MOST_READ, STATE, FileList, Step
from newsgen.publish.transport.errors import TransportError, from_system
from newsgen.publish.transport.local_files import NEW, make_folder

P = ParamSpec("P")
R = TypeVar("R")


def _translating(operation: Callable[Concatenate[Folder, P], R]) -> Callable[Concatenate[Folder, P], R]:
    """An operation whose OSErrors are told as TransportErrors."""

    @wraps(operation)
    def translating(self: Folder, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return operation(self, *args, **kwargs)
        except OSError as error:
            raise self.translated(error) from None

    return translating


class Folder:
    """See Transport."""

    hashes_there = True

    def __init__(self, root: Path, shown: str) -> None:
        """Raises TransportError where the folder and the one that it would be made in are missing: a share not mounted."""
        self.root, self.shown, self._guard, self._numbers = Path(extended(root)), shown, "", count()
        if not root.is_dir() and not root.parent.is_dir():
            raise TransportError("publish.no-folder", shown)

    def translated(self, error: OSError) -> TransportError:
        """What an error of the system stands for."""
        if self._guard and not (self.root / self._guard).is_dir():
            return TransportError("publish.lost-lock", self.shown)
        return from_system(error, self.shown)

    def close(self) -> None:
        """See Transport."""

    @_translating
    def guard(self, folder: str) -> None:
        """See Transport."""
        if folder:
            (self.root / folder).mkdir(0o755)
        self._guard = folder

    @_translating
    def open_folder(self) -> None:
        """See Transport."""
        make_folder(self.root)

    @_translating
    def entries(self, folder: str) -> Mapping[str, str] | None:
        """See Transport."""
        try:
            with os.scandir(self.root / folder) as found:
                return {entry.name: local_files.kind(entry) for entry in found}
        except (FileNotFoundError, NotADirectoryError):
            return None

    @_translating
    def read(self, path: str) -> bytes | None:
        """See Transport."""
        try:
            return read_file(self.root / path, MOST_READ)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except FileRefused as error:
            raise TransportError("publish.strange-file", f"{self.shown}/{path}", reason(error)) from None

    def read_all(self, paths: Sequence[str]) -> bytes:
        """See Transport."""
        return b"".join(self.read(path) or b"" for path in paths)

    @_translating
    def write(self, path: str, data: bytes) -> None:
        """See Transport."""
        target = self.root / path
        make_folder(target.parent)
        self._put(target, data, self._new(target))

    def _new(self, target: Path) -> Path:
        """What a file is called until it is whole."""
        if self._guard:
            return self.root / self._guard / f"new-{next(self._numbers)}"
        return target.with_name(target.name + NEW)

    def _put(self, target: Path, data: bytes, temporary: Path) -> None:
        descriptor = os.open(temporary, _FLAGS, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            temporary.chmod(0o644)  # the umask was in the way
            file.flush()
            os.fsync(descriptor)
        replace(temporary, target)

    @_translating
    def make_dir_exclusive(self, folder: str) -> bool:
        """See Transport."""
        try:
            (self.root / folder).mkdir(0o755)
        except FileExistsError:
            return False
        return True

    @_translating
    def set_link(self, path: str, target: str) -> bool:
        """See Transport."""
        return local_files.set_link(self.root / path, target, self.root / (self._guard or STATE))

    @_translating
    def read_link(self, path: str) -> str | None:
        """See Transport."""
        place = self.root / path
        return place.readlink().as_posix() if place.is_symlink() else None

    @_translating
    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """See Transport."""
        for source, target in pairs:
            make_folder((self.root / target).parent)
            with suppress(FileNotFoundError):
                local_files.move(self.root / source, self.root / target)

    @_translating
    def take(self, source: str, target: str) -> None:
        """See Transport."""
        taken = self._aside(self.root / source)
        if taken:
            make_folder((self.root / target).parent)
            local_files.move(taken, self.root / target)

    def _aside(self, path: Path) -> Path | None:
        """Where something is after it went through the guard; None where there is nothing."""
        if not self._guard:
            return path if os.path.lexists(path) else None
        taken = self.root / self._guard / f"gone-{next(self._numbers)}"
        try:
            local_files.move(path, taken)
        except (FileNotFoundError, NotADirectoryError):
            if not taken.parent.is_dir():
                raise
            return None
        return taken

    @_translating
    def link(self, pairs: Iterable[tuple[str, str]]) -> None:
        """See Transport."""
        for source, target in pairs:
            if is_regular(self.root / source):
                make_folder((self.root / target).parent)
                local_files.link_or_copy(self.root / source, self.root / target, self._new(self.root / target))

    @_translating
    def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        """See Transport."""
        make_folder(self.root / target)
        self.link((f"{source}/{name}", f"{target}/{name}") for name in names)
        return True

    @_translating
    def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        """See Transport."""
        total = 0
        for name in names:
            data = (source / name).read_bytes()
            target = self.root / folder / name
            make_folder(target.parent)
            self._put(target, data, target.with_name(target.name + NEW))
            total += len(data)
            step(len(data))
        return total

    @_translating
    def remove(self, paths: Iterable[str]) -> None:
        """See Transport."""
        for path in paths:
            if local_files.is_folder(self.root / path):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
            self._delete(self.root / path)
            for parent in Path(path).parents:
                try:
                    if parent != Path():
                        rmdir(self.root / parent)
                except OSError:  # not empty, or gone
                    break

    @_translating
    def remove_tree(self, folder: str) -> None:
        """See Transport."""
        self._delete(self.root / folder)

    def _delete(self, path: Path) -> None:
        gone = self._aside(path)
        if gone:
            local_files.delete(gone)

    @_translating
    def mismatched(self, folder: str, listing: FileList) -> set[str]:
        """See Transport."""
        place = self.root / folder
        return {name for name, digest in listing.files.items() if local_files.sha256_of(place / name) != digest}

    @_translating
    def names(self, folder: str, expected: Collection[str] = ()) -> Mapping[str, bool]:
        """See Transport."""
        return dict(local_files.names(self.root / folder, "" if folder else STATE))


_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
