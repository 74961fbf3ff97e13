"""The transport to a server that offers only SFTP, often in a chroot.

Why asyncssh: it keeps many requests open on one connection (ten thousand files with a delay of 30 ms take a minute, not
half an hour), supports posix-rename and hardlink, and takes a key from memory. paramiko and `sftp -b` wait for each
file in turn; `sftp -b` also reports errors as text.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import asyncssh

from newsgen.config.model import Target
from newsgen.publish.release import ReleaseFiles
from newsgen.publish.transport.base import MOST_READ, STATE, Step, Transport
from newsgen.publish.transport.errors import TransportError
from newsgen.publish.transport.sftp_connection import SftpConnection
from newsgen.publish.transport.sftp_tree import SftpTree, in_time, parent, parents

LARGE = 100_000
"""The minimum size in bytes of a file that is sent alone."""
PIECE = 1_000_000
"""Bytes of one file that are read or written at once."""
NEW = ".newsgen-new"
_KINDS = {stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}

P = ParamSpec("P")
R = TypeVar("R")


def _run_to_end(
    operation: Callable[Concatenate[Sftp, P], Coroutine[Any, Any, R]],
) -> Callable[Concatenate[Sftp, P], R]:
    """The operation, run to its end in the connection's event loop, with a TransportError in place of each error."""

    @wraps(operation)
    def wrapped(self: Sftp, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return self.connection.wait(operation(self, *args, **kwargs))
        except (asyncssh.Error, OSError, ValueError) as error:
            raise self.translated(error) from None

    return wrapped


class Sftp(Transport):
    """A target on a server that offers SFTP."""

    hashes_there = False

    def __init__(self, root: Path, target: Target) -> None:
        """Connect. Raises TransportError."""
        self.shown, self.connection = target.shown, SftpConnection(root, target)
        self._sftp = self.connection.sftp
        self._tree = SftpTree(self._sftp, target.path)
        self._at = self._tree.at
        self._guard, self._numbers = "", count()

    def translated(self, error: Exception) -> TransportError:
        """The TransportError for an error of asyncssh or of the system."""
        with suppress(asyncssh.Error, OSError):
            if self._guard and not self.connection.wait(self._sftp.isdir(self._at(self._guard))):
                return TransportError("publish.lost-lock", self.shown)
        return self.connection.translated(error)

    @_run_to_end
    async def guard(self, folder: str) -> None:
        if folder:
            await self._sftp.mkdir(self._at(folder), asyncssh.SFTPAttrs(permissions=0o755))
        self._guard = folder

    def close(self) -> None:
        self.connection.close()

    # ------------------------------------------------------------ operations

    @_run_to_end
    async def open_folder(self) -> None:
        await self._tree.make_all({""})

    @_run_to_end
    async def entries(self, folder: str) -> Mapping[str, str] | None:
        found = await self._tree.entries(folder)
        return None if found is None else {name: _KINDS.get(stat.S_IFMT(mode), "file") for name, mode in found.items()}

    @_run_to_end
    async def read(self, path: str) -> bytes | None:
        return await self._read(path)

    async def _read(self, path: str) -> bytes | None:
        place = self._at(path)
        try:
            found = await self._sftp.stat(place)
            if not stat.S_ISREG(found.permissions or 0) or (found.size or 0) > MOST_READ:
                raise TransportError("publish.strange-file", f"{self.shown}/{path}")
            async with self._sftp.open(place, "rb") as file:
                return bytes(cast(bytes, await in_time(file.read(MOST_READ))))
        except asyncssh.SFTPNoSuchFile:
            return None

    @_run_to_end
    async def read_all(self, paths: Sequence[str]) -> bytes:
        found = await self._tree.each(self._read, paths)
        return b"".join(data or b"" for data in found)

    @_run_to_end
    async def write(self, path: str, data: bytes) -> None:
        await self._tree.make_all({parent(path)})
        await self._put(path, data, self._guard)

    async def _put(self, path: str, data: bytes, guard: str = "") -> None:
        temporary = self._at((f"{guard}/{path.rpartition('/')[2]}" if guard else path) + NEW)
        attributes = asyncssh.SFTPAttrs(permissions=0o644)
        async with self._sftp.open(temporary, "wb", attributes) as file:
            for start in range(0, len(data), PIECE):
                await in_time(file.write(data[start : start + PIECE]))
            await in_time(file.setstat(attributes))  # the server's umask may have removed bits
        await self._sftp.posix_rename(temporary, self._at(path))

    @_run_to_end
    async def make_dir_exclusive(self, folder: str) -> bool:
        try:
            await self._sftp.mkdir(self._at(folder), asyncssh.SFTPAttrs(permissions=0o755))
        except (asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists):
            if await self._sftp.isdir(self._at(folder)):
                return False
            raise
        return True

    @_run_to_end
    async def set_link(self, path: str, target: str) -> bool:
        temporary = self._at(f"{self._guard or STATE}/link{NEW}")
        await self._tree.delete(temporary)
        try:
            await self._sftp.symlink(target, temporary)
        except (asyncssh.SFTPOpUnsupported, asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure):
            return False
        await self._sftp.posix_rename(temporary, self._at(path))
        return True

    @_run_to_end
    async def read_link(self, path: str) -> str | None:
        try:
            return str(await self._sftp.readlink(self._at(path)))
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPFailure, asyncssh.SFTPBadMessage):
            return None

    @_run_to_end
    async def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        listed = list(pairs)
        await self._tree.make_all({parent(target) for _, target in listed})
        for source, target in listed:
            await self._moved(source, target)

    async def _moved(self, source: str, target: str) -> None:
        try:
            await self._sftp.posix_rename(self._at(source), self._at(target))
        except asyncssh.SFTPNoSuchFile:
            return

    @_run_to_end
    async def take(self, source: str, target: str) -> None:
        taken = await self._aside(self._at(source))
        if taken:
            await self._sftp.posix_rename(taken, self._at(target))

    async def _aside(self, place: str) -> str | None:
        """Move a file or folder into the guard; return its path there, None if there is nothing to move.

        Without a guard nothing is moved, and the path is returned.
        """
        if not self._guard:
            return place
        taken = self._at(f"{self._guard}/gone-{next(self._numbers)}")
        try:
            await self._sftp.posix_rename(place, taken)
        except asyncssh.SFTPNoSuchFile:
            if not await self._sftp.isdir(self._at(self._guard)):
                raise
            return None
        return taken

    @_run_to_end
    async def link(self, pairs: Iterable[tuple[str, str]]) -> None:
        listed = list(pairs)
        await self._tree.make_all({parent(target) for _, target in listed})
        await self._tree.each(self._linked_or_copied, listed)

    async def _linked_or_copied(self, pair: tuple[str, str]) -> None:
        source, target = map(self._at, pair)
        new = self._at(f"{self._guard or STATE}/new-{next(self._numbers)}")
        try:
            await self._sftp.link(source, new)
        except asyncssh.SFTPNoSuchFile:
            if not await self._sftp.isdir(self._at(self._guard)):
                raise
            return
        except (asyncssh.SFTPOpUnsupported, asyncssh.SFTPFailure):
            if not await self._copied(source, new):
                return
        await self._sftp.posix_rename(new, target)
        await self._tree.delete(new)  # rename(2) does nothing if both names are one file

    async def _linked(self, pair: tuple[str, str]) -> None:
        """Make `target` a hard link to `source`. It seldom exists already, so a plain link is tried before a rename."""
        source, target = map(self._at, pair)
        try:
            await self._sftp.link(source, target)
        except asyncssh.SFTPNoSuchFile:
            return
        except asyncssh.SFTPFailure:
            await self._tree.delete(target + NEW)
            await self._sftp.link(source, target + NEW)
            await self._sftp.posix_rename(target + NEW, target)
            await self._tree.delete(target + NEW)  # rename(2) does nothing if both names are one file

    async def _copied(self, source: str, target: str) -> bool:
        """Copy a file through this machine, for a server without hard links; False if there is no such file."""
        if not await self._sftp.isfile(source):
            return False
        attributes = asyncssh.SFTPAttrs(permissions=0o644)
        async with self._sftp.open(source, "rb") as old, self._sftp.open(target, "wb", attributes) as new:
            while piece := cast(bytes, await in_time(old.read(PIECE))):
                await in_time(new.write(piece))
            await in_time(new.setstat(attributes))
        return True

    @_run_to_end
    async def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        pairs = [(f"{source}/{name}", f"{target}/{name}") for name in names]
        await self._tree.make_all({target, *(parent(new) for _, new in pairs)})
        try:
            await self._tree.each(self._linked, pairs)
        except (asyncssh.SFTPOpUnsupported, asyncssh.SFTPFailure):
            return False
        return True

    @_run_to_end
    async def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        await self._tree.make_all({parent(f"{folder}/{name}") for name in names})

        async def put(name: str) -> int:
            data = (source / name).read_bytes()
            await self._put(f"{folder}/{name}", data)
            step(len(data))
            return len(data)

        sizes = {name: (source / name).stat().st_size for name in names}
        small = [name for name in names if sizes[name] < LARGE]
        large = [
            name for name in names if sizes[name] >= LARGE
        ]  # one by one: after a lost connection, complete ones need not be sent again
        return sum(await self._tree.each(put, small)) + sum([await put(name) for name in large])

    @_run_to_end
    async def remove(self, paths: Iterable[str]) -> None:
        listed = list(paths)
        await self._tree.each(self._removed, listed)
        emptied = {folder for path in listed for folder in parents(path)}
        for folder in sorted(emptied, key=lambda folder: -folder.count("/")):
            try:
                await self._sftp.rmdir(self._at(folder))
            except (asyncssh.SFTPFailure, asyncssh.SFTPNoSuchFile, asyncssh.SFTPDirNotEmpty):
                continue  # not empty, or gone

    async def _removed(self, path: str) -> None:
        gone = await self._aside(self._at(path))
        try:
            if gone:
                await self._tree.delete(gone)
        except asyncssh.Error:  # a folder, whose files are not newsgen's
            if gone and self._guard:
                await self._sftp.posix_rename(gone, self._at(path))
            raise

    @_run_to_end
    async def remove_tree(self, folder: str) -> None:
        gone = await self._aside(self._at(folder))
        if gone:
            await self._tree.delete_all(gone)

    @_run_to_end
    async def mismatched(self, folder: str, listing: ReleaseFiles) -> set[str]:
        plain = await self._tree.plain_files(folder, listing.files)

        async def differs(name: str) -> bool:
            return name not in plain or await self._hash(f"{folder}/{name}" if folder else name) != listing.files[name]

        names = list(listing.files)
        return {name for name, other in zip(names, await self._tree.each(differs, names), strict=True) if other}

    async def _hash(self, path: str) -> str | None:
        """The SHA-256 of a plain file; None if it was deleted meanwhile."""
        found = hashlib.sha256()
        try:
            async with self._sftp.open(self._at(path), "rb") as file:
                while piece := cast(bytes, await in_time(file.read(PIECE))):
                    found.update(piece)
        except asyncssh.SFTPNoSuchFile:
            return None
        return found.hexdigest()

    @_run_to_end
    async def names(self, folder: str, expected: Collection[str] = ()) -> Mapping[str, bool]:
        files, _ = await self._tree.walk(folder, "" if folder else STATE)
        return files
