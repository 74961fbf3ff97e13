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
from newsgen.publish.release import ReleaseFiles
from newsgen.publish.transport import local_files
from newsgen.publish.transport.base import MOST_READ, STATE, Step, Transport
from newsgen.publish.transport.errors import TransportError, from_system
from newsgen.publish.transport.local_files import NEW, make_folder

P = ParamSpec("P")
R = TypeVar("R")


def _raises_transport_error(operation: Callable[Concatenate[Folder, P], R]) -> Callable[Concatenate[Folder, P], R]:
    """The operation, with a TransportError in place of each OSError."""

    @wraps(operation)
    def wrapped(self: Folder, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return operation(self, *args, **kwargs)
        except OSError as error:
            raise self.translated(error) from None

    return wrapped


class Folder(Transport):
    """A folder of this machine as a target."""

    hashes_there = True

    def __init__(self, root: Path, shown: str) -> None:
        """Raises TransportError if the folder and its parent are missing, as with a share that is not mounted."""
        self.root, self.shown, self._guard, self._numbers = Path(extended(root)), shown, "", count()
        if not root.is_dir() and not root.parent.is_dir():
            raise TransportError("publish.no-folder", shown)

    def translated(self, error: OSError) -> TransportError:
        """The TransportError for an error of the system."""
        if self._guard and not (self.root / self._guard).is_dir():
            return TransportError("publish.lost-lock", self.shown)
        return from_system(error, self.shown)

    def close(self) -> None:
        """Do nothing: there is no connection."""

    @_raises_transport_error
    def guard(self, folder: str) -> None:
        if folder:
            (self.root / folder).mkdir(0o755)
        self._guard = folder

    @_raises_transport_error
    def open_folder(self) -> None:
        make_folder(self.root)

    @_raises_transport_error
    def entries(self, folder: str) -> Mapping[str, str] | None:
        try:
            with os.scandir(self.root / folder) as found:
                return {entry.name: local_files.kind(entry) for entry in found}
        except (FileNotFoundError, NotADirectoryError):
            return None

    @_raises_transport_error
    def read(self, path: str) -> bytes | None:
        try:
            return read_file(self.root / path, MOST_READ)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except FileRefused as error:
            raise TransportError("publish.strange-file", f"{self.shown}/{path}", reason(error)) from None

    def read_all(self, paths: Sequence[str]) -> bytes:
        return b"".join(self.read(path) or b"" for path in paths)

    @_raises_transport_error
    def write(self, path: str, data: bytes) -> None:
        target = self.root / path
        make_folder(target.parent)
        self._put(target, data, self._new(target))

    def _new(self, target: Path) -> Path:
        """The temporary name under which a file is written."""
        if self._guard:
            return self.root / self._guard / f"new-{next(self._numbers)}"
        return target.with_name(target.name + NEW)

    def _put(self, target: Path, data: bytes, temporary: Path) -> None:
        descriptor = os.open(temporary, _FLAGS, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            temporary.chmod(0o644)  # the umask may have removed bits
            file.flush()
            os.fsync(descriptor)
        replace(temporary, target)

    @_raises_transport_error
    def make_dir_exclusive(self, folder: str) -> bool:
        try:
            (self.root / folder).mkdir(0o755)
        except FileExistsError:
            return False
        return True

    @_raises_transport_error
    def set_link(self, path: str, target: str) -> bool:
        return local_files.set_link(self.root / path, target, self.root / (self._guard or STATE))

    @_raises_transport_error
    def read_link(self, path: str) -> str | None:
        place = self.root / path
        return place.readlink().as_posix() if place.is_symlink() else None

    @_raises_transport_error
    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        for source, target in pairs:
            make_folder((self.root / target).parent)
            with suppress(FileNotFoundError):
                local_files.move(self.root / source, self.root / target)

    @_raises_transport_error
    def take(self, source: str, target: str) -> None:
        taken = self._aside(self.root / source)
        if taken:
            make_folder((self.root / target).parent)
            local_files.move(taken, self.root / target)

    def _aside(self, path: Path) -> Path | None:
        """Move a file or folder into the guard; return its path there, None if there is nothing to move."""
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

    @_raises_transport_error
    def link(self, pairs: Iterable[tuple[str, str]]) -> None:
        for source, target in pairs:
            if is_regular(self.root / source):
                make_folder((self.root / target).parent)
                local_files.link_or_copy(self.root / source, self.root / target, self._new(self.root / target))

    @_raises_transport_error
    def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        make_folder(self.root / target)
        self.link((f"{source}/{name}", f"{target}/{name}") for name in names)
        return True

    @_raises_transport_error
    def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        total = 0
        for name in names:
            data = (source / name).read_bytes()
            target = self.root / folder / name
            make_folder(target.parent)
            self._put(target, data, target.with_name(target.name + NEW))
            total += len(data)
            step(len(data))
        return total

    @_raises_transport_error
    def remove(self, paths: Iterable[str]) -> None:
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

    @_raises_transport_error
    def remove_tree(self, folder: str) -> None:
        self._delete(self.root / folder)

    def _delete(self, path: Path) -> None:
        gone = self._aside(path)
        if gone:
            local_files.delete(gone)

    @_raises_transport_error
    def mismatched(self, folder: str, listing: ReleaseFiles) -> set[str]:
        place = self.root / folder
        return {name for name, digest in listing.files.items() if local_files.sha256_of(place / name) != digest}

    @_raises_transport_error
    def names(self, folder: str, expected: Collection[str] = ()) -> Mapping[str, bool]:
        return dict(local_files.names(self.root / folder, "" if folder else STATE))


_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
