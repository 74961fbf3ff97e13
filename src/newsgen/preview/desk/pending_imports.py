"""What was handed in and waits to be confirmed: in memory, within limits and for an hour."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import NamedTuple, TypeVar

from newsgen.authoring.importers.word_import import HandedIn
from newsgen.core.errors import UsageError

MOST_TOGETHER = 500_000_000
"""Bytes of all that waits to be confirmed."""
MOST_PENDING = 8
PATIENCE = 3600.0
"""Seconds for which something waits."""
T = TypeVar("T")


class PendingImport(NamedTuple):
    """What somebody handed in and has not confirmed yet; `since` is a time of the monotonic clock."""

    given: HandedIn
    since: float

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        beside = (*self.given.files.values(), *self.given.page_files.values())
        return len(self.given.document) + sum(map(len, beside))


class PendingImports:
    """What waits to be confirmed, by identifier, the oldest first. Documents are read one after another, in one thread."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._pending: dict[str, PendingImport] = {}
        self._clock = clock
        self._reader = ThreadPoolExecutor(1, "newsgen-import")

    def add(self, given: HandedIn) -> str:
        """Keep what was handed in; the oldest goes where there is no room. Gives its identifier."""
        self.tidy()
        name = secrets.token_urlsafe(12)
        self._pending[name] = PendingImport(given, self._clock())
        while len(self._pending) > MOST_PENDING or (len(self._pending) > 1 and self._taken() > MOST_TOGETHER):
            del self._pending[next(iter(self._pending))]
        return name

    def get(self, name: str) -> HandedIn:
        """What was handed in. Raises UsageError where it is gone."""
        self.tidy()
        if name not in self._pending:
            raise UsageError("这份稿子放得太久，写稿台已经不记得了", "把它再拖进来一次", "desk.missing")
        return self._pending[name].given

    def drop(self, name: str) -> None:
        """Forget what was confirmed, or is not wanted."""
        self._pending.pop(name, None)

    async def read(self, action: Callable[[], T]) -> T:
        """Do something that reads a document, after all other such work."""
        return await asyncio.wrap_future(self._reader.submit(action))

    def tidy(self) -> None:
        """Forget what has waited too long."""
        limit = self._clock() - PATIENCE
        self._pending = {name: item for name, item in self._pending.items() if item.since > limit}

    def _taken(self) -> int:
        return sum(item.size for item in self._pending.values())
