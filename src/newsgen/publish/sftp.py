"""A target on a server that gives SFTP and nothing else, often in a chroot.

asyncssh, of three that were looked at: it keeps many requests in flight on one connection (ten thousand files at a
distance of 30 ms: a minute, not half an hour), knows posix-rename and hardlink, and takes a key from memory. paramiko
waits for each file in turn; `sftp -b` as well, and tells what went wrong as text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import asyncssh

from newsgen.publish.far import STATE, Listing, Step
from newsgen.publish.line import Line
from newsgen.publish.remote import Tree, parent, parents
from newsgen.settings import Target

LARGE = 100_000
"""Bytes from which on a file is sent alone."""
NEW = ".newsgen-new"
_KINDS = {2: "folder", 3: "link"}

P = ParamSpec("P")
R = TypeVar("R")


def _told(
    operation: Callable[Concatenate[Sftp, P], Coroutine[Any, Any, R]],
) -> Callable[Concatenate[Sftp, P], R]:
    """An operation, run to its end in the loop of the connection, with its errors told as FarProblems."""

    @wraps(operation)
    def told(self: Sftp, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return self.line.wait(operation(self, *args, **kwargs))
        except (asyncssh.Error, OSError) as error:
            raise self.line.problem(error) from None

    return told


class Sftp:
    """See far.Far."""

    hashes_there = False

    def __init__(self, root: Path, target: Target) -> None:
        """Connect. Raises FarProblem."""
        self.shown, self.line = target.shown, Line(root, target)
        self._sftp = self.line.sftp
        self._tree = Tree(self._sftp, target.path)
        self._at = self._tree.at

    def close(self) -> None:
        """See far.Far."""
        self.line.close()

    # ------------------------------------------------------------ operations

    @_told
    async def open_folder(self) -> None:
        """See far.Far."""
        await self._tree.make("")

    @_told
    async def entries(self, folder: str) -> Mapping[str, str] | None:
        """See far.Far."""
        return await self._entries(folder)

    async def _entries(self, folder: str) -> Mapping[str, str] | None:
        try:
            found = await self._sftp.readdir(self._at(folder))
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNotADirectory):
            return None
        named = {str(entry.filename): _KINDS.get(entry.attrs.type, "file") for entry in found}
        return {name: kind for name, kind in named.items() if name not in (".", "..")}

    @_told
    async def read(self, path: str) -> bytes | None:
        """See far.Far."""
        return await self._read(path)

    async def _read(self, path: str) -> bytes | None:
        try:
            async with self._sftp.open(self._at(path), "rb") as file:
                return bytes(cast(bytes, await file.read()))
        except asyncssh.SFTPNoSuchFile:
            return None

    @_told
    async def read_all(self, paths: Sequence[str]) -> bytes:
        """See far.Far."""
        found = await self._tree.each(self._read, paths)
        return b"".join(data or b"" for data in found)

    @_told
    async def write(self, path: str, data: bytes) -> None:
        """See far.Far."""
        await self._tree.make(parent(path))
        await self._put(path, data)

    async def _put(self, path: str, data: bytes) -> None:
        temporary = self._at(path + NEW)
        attributes = asyncssh.SFTPAttrs(permissions=0o644)
        async with self._sftp.open(temporary, "wb", attributes) as file:
            await file.write(data)
            await file.setstat(attributes)  # the server's umask was in the way
        await self._sftp.posix_rename(temporary, self._at(path))

    @_told
    async def claim(self, folder: str) -> bool:
        """See far.Far."""
        try:
            await self._sftp.mkdir(self._at(folder), asyncssh.SFTPAttrs(permissions=0o755))
        except (asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists):
            if await self._sftp.isdir(self._at(folder)):
                return False
            raise
        return True

    @_told
    async def point(self, path: str, target: str) -> bool:
        """See far.Far."""
        temporary = self._at(f"{STATE}/{path.replace('/', '_')}{NEW}")
        await self._tree.delete(temporary)
        try:
            await self._sftp.symlink(target, temporary)
        except (asyncssh.SFTPOpUnsupported, asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure):
            return False
        await self._sftp.posix_rename(temporary, self._at(path))
        return True

    @_told
    async def pointed(self, path: str) -> str | None:
        """See far.Far."""
        try:
            return str(await self._sftp.readlink(self._at(path)))
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPFailure, asyncssh.SFTPBadMessage):
            return None

    @_told
    async def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """See far.Far."""
        listed = list(pairs)
        await self._tree.make_all({parent(target) for _, target in listed})
        for source, target in listed:
            await self._moved(source, target)

    async def _moved(self, source: str, target: str) -> None:
        try:
            await self._sftp.posix_rename(self._at(source), self._at(target))
        except asyncssh.SFTPNoSuchFile:
            return

    @_told
    async def link(self, pairs: Iterable[tuple[str, str]]) -> bool:
        """See far.Far."""
        return await self._link(list(pairs))

    async def _link(self, pairs: Sequence[tuple[str, str]]) -> bool:
        await self._tree.make_all({parent(target) for _, target in pairs})
        try:
            await self._tree.each(self._linked, pairs)
        except (asyncssh.SFTPOpUnsupported, asyncssh.SFTPFailure):
            return False
        return True

    async def _linked(self, pair: tuple[str, str]) -> None:
        """One file's second name; most have none yet, so that is tried first."""
        source, target = map(self._at, pair)
        try:
            await self._sftp.link(source, target)
        except asyncssh.SFTPNoSuchFile:
            return
        except asyncssh.SFTPFailure:
            await self._tree.delete(target + NEW)
            await self._sftp.link(source, target + NEW)
            await self._sftp.posix_rename(target + NEW, target)
            await self._tree.delete(target + NEW)  # rename(2) leaves both names where they are one file already

    @_told
    async def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        """See far.Far."""
        await self._tree.make(target)
        return await self._link([(f"{source}/{name}", f"{target}/{name}") for name in names])

    @_told
    async def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        """See far.Far."""
        await self._tree.make_all({parent(f"{folder}/{name}") for name in names})

        async def put(name: str) -> int:
            data = (source / name).read_bytes()
            await self._put(f"{folder}/{name}", data)
            step(len(data))
            return len(data)

        sizes = {name: (source / name).stat().st_size for name in names}
        small = [name for name in names if sizes[name] < LARGE]
        large = [name for name in names if sizes[name] >= LARGE]  # one by one: what is whole need not travel again
        return sum(await self._tree.each(put, small)) + sum([await put(name) for name in large])

    @_told
    async def remove(self, paths: Iterable[str]) -> None:
        """See far.Far."""
        listed = list(paths)
        await self._tree.each(lambda path: self._tree.delete(self._at(path)), listed)
        emptied = {folder for path in listed for folder in parents(path)}
        for folder in sorted(emptied, key=lambda folder: -folder.count("/")):
            try:
                await self._sftp.rmdir(self._at(folder))
            except (asyncssh.SFTPFailure, asyncssh.SFTPNoSuchFile, asyncssh.SFTPDirNotEmpty):
                continue  # not empty, or gone

    @_told
    async def remove_tree(self, folder: str) -> None:
        """See far.Far."""
        files, folders = await self._tree.walk(folder, "")
        await self._tree.each(lambda name: self._tree.delete(self._at(f"{folder}/{name}")), list(files))
        for name in sorted(folders, key=lambda name: -name.count("/")):
            await self._rmdir(f"{folder}/{name}")
        await self._rmdir(folder)

    async def _rmdir(self, folder: str) -> None:
        try:
            await self._sftp.rmdir(self._at(folder))
        except asyncssh.SFTPNoSuchFile:
            return

    @_told
    async def differing(self, folder: str, listing: Listing) -> set[str]:
        """See far.Far."""

        async def differs(name: str) -> bool:
            data = await self._read(f"{folder}/{name}" if folder else name)
            return data is None or hashlib.sha256(data).hexdigest() != listing.files[name]

        names = list(listing.files)
        return {name for name, other in zip(names, await self._tree.each(differs, names), strict=True) if other}

    @_told
    async def names(self, folder: str, expected: Collection[str] = ()) -> set[str]:
        """See far.Far."""
        files, _ = await self._tree.walk(folder, "" if folder else STATE)
        return {name if plain else name + "@" for name, plain in files.items()}
