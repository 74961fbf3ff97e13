"""Values kept in memory for a later request of the same person: a ZIP to fetch, a report or an import to confirm.

An id works only for its person; for anybody else it is like an unknown id.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple, TypeVar

from newsgen.preview.desk.access import User

T = TypeVar("T")
MOST, MOST_BYTES = 20, 1_000_000_000
LASTS = 3600.0
"""Seconds for which a value is kept."""


class _Waiting(NamedTuple):
    who: str
    thing: object
    size: int
    since: float


class Pending:
    """Values by a random id. While a person has more than MOST, or all together take more than MOST_BYTES, put() drops the
    oldest, those of that person first.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._things: dict[str, _Waiting] = {}
        self._clock = clock
        self._lock = Lock()

    def put(self, user: User, thing: object, size: int) -> str:
        """Keep a value of `size` bytes for a person; return its id."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._forget_old()
            self._things[name] = _Waiting(user.name, thing, size, self._clock())
            own = [other for other, item in self._things.items() if item.who == user.name]
            others = [other for other in self._things if other not in own]
            for oldest in (*own[:-1], *others):
                if len(own) <= MOST and self._bytes() <= MOST_BYTES:
                    break
                del self._things[oldest]
                own = [other for other in own if other != oldest]
        return name

    def get(self, user: User, name: str, kind: type[T]) -> T | None:
        """The value that a person kept under an id; None where there is none, or it is another's."""
        with self._lock:
            self._forget_old()
            found = self._things.get(name)
        return found.thing if found and found.who == user.name and isinstance(found.thing, kind) else None

    def drop(self, user: User, name: str) -> None:
        """Drop the value that a person kept under an id; the value of another person stays."""
        with self._lock:
            found = self._things.get(name)
            if found and found.who == user.name:
                del self._things[name]

    def tidy(self) -> None:
        """Drop the values that were kept for LASTS."""
        with self._lock:
            self._forget_old()

    def _forget_old(self) -> None:
        oldest = self._clock() - LASTS
        self._things = {name: item for name, item in self._things.items() if item.since > oldest}

    def _bytes(self) -> int:
        return sum(item.size for item in self._things.values())
