"""A cache that drops the least recently used values when it is full."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LruCache(Generic[K, V]):
    """Values by key, whose sizes (by `size`) add up to at most `room`; a single value may be larger."""

    def __init__(self, room: int, size: Callable[[V], int]) -> None:
        self._room, self._size = room, size
        self._values: OrderedDict[K, V] = OrderedDict()
        self.taken = 0

    def get(self, key: K) -> V | None:
        """The value of the key, which becomes the most recently used; None where there is none."""
        if key in self._values:
            self._values.move_to_end(key)
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Store the value, and drop the least recently used ones where there is no room."""
        self.drop(key)
        self._values[key] = value
        self.taken += self._size(value)
        while self.taken > self._room and len(self._values) > 1:
            self.drop(next(iter(self._values)))

    def drop(self, key: K) -> None:
        """Drop the value, if there is one."""
        if key in self._values:
            self.taken -= self._size(self._values.pop(key))
