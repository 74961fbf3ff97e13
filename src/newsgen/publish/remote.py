"""A folder on a server that gives SFTP: the steps that more than one operation of sftp.py takes."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable, Collection, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncssh

AT_ONCE = 64
"""Files that are under way at one time."""

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies below `path`, over a connection. Errors are asyncssh's own, and the system's."""

    sftp: asyncssh.SFTPClient
    path: str

    def at(self, path: str) -> str:
        """Where on the server a path below the folder is."""
        return f"{self.path}/{path}" if path else self.path

    async def each(self, work: Callable[[T], Coroutine[Any, Any, R]], items: Collection[T]) -> list[R]:
        """The work done for each item, AT_ONCE at a time; the first error ends it."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(item: T) -> R:
            async with gate:
                return await work(item)

        tasks = [asyncio.ensure_future(one(item)) for item in items]
        try:
            return await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    async def walk(self, folder: str, left_out: str) -> tuple[dict[str, bool], list[str]]:
        """The files below a folder, with whether they are plain files; and its folders."""
        files: dict[str, bool] = {}
        folders, level = [], [""]
        while level:
            found = await self.each(lambda prefix: self._listed(folder, prefix), level)
            names = {
                prefix + name: mode for prefix, entries in zip(level, found, strict=True) for name, mode in entries
            }
            deeper = [name for name, mode in names.items() if stat.S_ISDIR(mode) and name != left_out]
            files |= {name: stat.S_ISREG(mode) for name, mode in names.items() if not stat.S_ISDIR(mode)}
            folders += deeper
            level = [f"{name}/" for name in deeper]
        return files, folders

    async def _listed(self, folder: str, prefix: str) -> list[tuple[str, int]]:
        place = "/".join(part for part in (folder, prefix.rstrip("/")) if part)
        try:
            found = await self.sftp.readdir(self.at(place))
        except asyncssh.SFTPNoSuchFile:
            return []
        named = [(str(entry.filename), entry.attrs.permissions or 0) for entry in found]
        return [(name, mode) for name, mode in named if name not in (".", "..")]

    async def delete(self, place: str) -> None:
        """Delete the file at a place on the server, if there is one."""
        try:
            await self.sftp.remove(place)
        except asyncssh.SFTPNoSuchFile:
            return

    async def make(self, folder: str) -> None:
        """As make_all, for one folder."""
        await self.make_all({folder})

    async def make_all(self, folders: Iterable[str]) -> None:
        """Make folders and those that they lie in, readable by the web server whatever the umask."""
        wanted = {name for folder in folders for name in (folder, *parents(folder))} | {""}
        for folder in sorted(wanted, key=lambda folder: (folder.count("/"), folder)):
            if not await self.sftp.isdir(self.at(folder)):
                await self._made(self.at(folder))

    async def _made(self, place: str) -> None:
        try:
            await self.sftp.mkdir(place)
        except asyncssh.SFTPFailure:
            if not await self.sftp.isdir(place):
                raise
        await self.sftp.chmod(place, 0o755)


def parent(path: str) -> str:
    """The folder that a path lies in; "" for the target's own."""
    return path.rpartition("/")[0]


def parents(path: str) -> list[str]:
    """The folders that a path lies in, the innermost first."""
    found = []
    while path := parent(path):
        found.append(path)
    return found
