"""Thumbnails of photos, upright, HEIC included. Each is made once, in threads beside the server, and kept in memory."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from newsgen.content.images import ImageError, probe, thumbnail
from newsgen.core.errors import HostError, UsageError
from newsgen.core.file_types import MOST_OF_A_PICTURE
from newsgen.core.files import read_file
from newsgen.core.platform import reason
from newsgen.core.stamps import Stamp, stamp_of
from newsgen.preview.lru import LruCache

ACROSS = 360
"""Pixels of the longer side, which is half as many CSS pixels on a screen of high resolution."""
ROOM = 30_000_000
"""Most bytes of the thumbnails that are kept."""
WORKERS = 2
MOST_WAITING = 200
"""Most thumbnails that are requested but not made yet; the page requests others again after a while."""

Key = tuple[str, Stamp]


class Thumbnails:
    """The thumbnails of photos, by the path and the stamp of the file."""

    def __init__(self) -> None:
        self._kept: LruCache[Key, bytes] = LruCache(ROOM, len)
        self._under_way: dict[Key, Future[bytes]] = {}
        self._begun: set[asyncio.Task[bytes]] = set()
        self._workers = ThreadPoolExecutor(WORKERS, "newsgen-thumbnail")

    async def of(self, file: Path, shown: str) -> bytes:
        """The thumbnail of a photo, a JPEG; `shown` is its name in messages. Called in the server's own thread.

        Raises UsageError for what is no photo, HostError for what cannot be read, or where too many are asked for.
        """
        try:
            key = str(file), stamp_of(file.stat())
        except OSError as error:
            raise _unreadable(shown, error) from None
        found = self._kept.get(key)
        if found is None:
            try:
                found = await asyncio.shield(asyncio.wrap_future(self._asked(key, file, shown)))
            finally:
                self._under_way.pop(key, None)
            self._kept.put(key, found)
        return found

    async def of_bytes(self, data: bytes, shown: str) -> bytes:
        """The thumbnail of a photo that lies in no folder. Raises UsageError for what is no photo."""
        return await asyncio.wrap_future(self._workers.submit(_made_of, data, shown))

    def begin(self, file: Path, shown: str) -> None:
        """Make a thumbnail that will be asked for soon. Called in the server's own thread."""
        task = asyncio.ensure_future(self.of(file, shown))
        self._begun.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[bytes]) -> None:
        """Forget an ended task, and ignore its error: a request for the thumbnail raises it again."""
        self._begun.discard(task)
        if not task.cancelled():
            task.exception()

    def _asked(self, key: Key, file: Path, shown: str) -> Future[bytes]:
        """The thumbnail that is being made, shared with other requests for it. Raises HostError where too many are."""
        if key not in self._under_way:
            if len(self._under_way) >= MOST_WAITING:
                raise HostError("缩略图太多，一时做不过来", "照片已经存好了；稍等一会儿，缩略图会自己补上", "desk.busy")
            self._under_way[key] = self._workers.submit(_made, file, shown)
        return self._under_way[key]


def _made(file: Path, shown: str) -> bytes:
    try:
        return _made_of(read_file(file, MOST_OF_A_PICTURE, follow=False), shown)
    except OSError as error:
        raise _unreadable(shown, error) from None


def _made_of(data: bytes, shown: str) -> bytes:
    try:
        return thumbnail(data, probe(data), ACROSS)
    except ImageError as error:
        raise UsageError(f"{shown}：{error.message}", error.hint, error.code) from None


def _unreadable(shown: str, error: OSError) -> HostError:
    return HostError(f"读不了 {shown}：{reason(error)}", "检查文件还在不在、有没有权限", "desk.missing", shown)
