"""A folder on a server that offers SFTP: the steps that operations of sftp.py share."""

from __future__ import annotations

import asyncio
import inspect
import stat
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncssh

AT_ONCE = 64
"""The maximum number of files that are sent or fetched at the same time."""
LONGEST = 300.0
"""Seconds that a server may take for one request: an open connection does not guarantee an answer."""
MOST_NAMES = 2_000_000
"""The maximum number of names that a server may list."""
MOST_LETTERS = 4096
"""The maximum length of a path on the server in characters (PATH_MAX of Linux)."""

R = TypeVar("R")
T = TypeVar("T")


async def in_time(work: Awaitable[T]) -> T:
    """The result of an awaitable. Raises TimeoutError if it takes longer than LONGEST."""
    return await asyncio.wait_for(work, LONGEST)


class TimedClient:
    """An SFTP client whose requests raise TimeoutError after LONGEST."""

    def __init__(self, client: asyncssh.SFTPClient) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not inspect.iscoroutinefunction(found):
            return found
        return lambda *words, **options: in_time(found(*words, **options))


@dataclass(frozen=True, slots=True)
class SftpTree:
    """The files below `path` on a server. Its methods raise the errors of asyncssh and of the system, and ValueError
    for impossible answers.
    """

    sftp: asyncssh.SFTPClient
    path: str

    def at(self, path: str) -> str:
        """The path on the server for one below the folder."""
        return f"{self.path}/{path}" if path else self.path

    async def each(self, work: Callable[[T], Coroutine[Any, Any, R]], items: Collection[T]) -> list[R]:
        """Run `work` for each item, AT_ONCE at a time; return the results. The first error cancels the rest and is
        raised.
        """
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
        """The files below a folder, each with whether it is a plain file, and the folders; `left_out` is skipped."""
        files: dict[str, bool] = {}
        folders, level = [], [""]
        while level:
            found = await self.each(lambda prefix: self._listed(folder, prefix), level)
            names = {
                prefix + name: mode for prefix, entries in zip(level, found, strict=True) for name, mode in entries
            }
            names.pop(left_out, None)
            deeper = [name for name, mode in names.items() if stat.S_ISDIR(mode)]
            files |= {name: stat.S_ISREG(mode) for name, mode in names.items() if not stat.S_ISDIR(mode)}
            folders += deeper
            level = [f"{name}/" for name in deeper]
            if len(files) + len(folders) > MOST_NAMES or any(len(name) > MOST_LETTERS for name in deeper):
                raise ValueError("folders without end")
        return files, folders

    async def plain_files(self, folder: str, names: Collection[str]) -> set[str]:
        """The plain files among names below a folder. Others must not be opened: for a pipe a server never answers."""
        prefixes = sorted({f"{parent(name)}/" if "/" in name else "" for name in names})
        found = await self.each(lambda prefix: self._listed(folder, prefix), prefixes)
        return {
            prefix + name
            for prefix, entries in zip(prefixes, found, strict=True)
            for name, mode in entries
            if stat.S_ISREG(mode)
        }

    async def delete_all(self, place: str) -> None:
        """Delete what is at a place on the server, a folder with all that is in it; a link is not followed."""
        try:
            found = await self.sftp.lstat(place)
        except asyncssh.SFTPNoSuchFile:
            return
        if not stat.S_ISDIR(found.permissions or 0):
            await self.delete(place)
            return
        inside = SftpTree(self.sftp, place)
        files, folders = await inside.walk("", "")
        await self.each(lambda name: self.delete(inside.at(name)), list(files))
        for name in sorted(folders, key=lambda name: -name.count("/")):
            await self.sftp.rmdir(inside.at(name))
        await self.sftp.rmdir(place)

    async def entries(self, folder: str) -> dict[str, int] | None:
        """The names in a folder with their modes, links not followed; None if there is no folder."""
        try:
            return await in_time(self._entries(self.at(folder)))
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNotADirectory):
            return None

    async def _entries(self, place: str) -> dict[str, int]:
        found: dict[str, int] = {}
        async for entry in self.sftp.scandir(place):
            name = str(entry.filename)
            if "/" in name or "\0" in name or len(found) >= MOST_NAMES:
                raise ValueError("a folder that no file system can hold")
            if name not in (".", ".."):
                found[name] = entry.attrs.permissions or 0
        return found

    async def _listed(self, folder: str, prefix: str) -> list[tuple[str, int]]:
        place = "/".join(part for part in (folder, prefix.rstrip("/")) if part)
        return list((await self.entries(place) or {}).items())

    async def delete(self, place: str) -> None:
        """Delete the file at a place on the server, if there is one."""
        try:
            await self.sftp.remove(place)
        except asyncssh.SFTPNoSuchFile:
            return

    async def make_all(self, folders: Iterable[str]) -> None:
        """Make folders and their parents, readable by the web server whatever the umask."""
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
