"""Edits of bytes: places in a file and what stands there instead, so that all other bytes stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple


class Edit(NamedTuple):
    """`data` in place of the bytes from `start` up to `end`."""

    start: int
    end: int
    data: bytes


class NotCleaned(Exception):
    """A file that is left as it is: `reason` is "signed", or "unclear" for a form in which names are not found."""

    def __init__(self, reason: Literal["signed", "unclear"]) -> None:
        super().__init__(reason)
        self.reason = reason


def edited(data: bytes, edits: Iterable[Edit]) -> Iterator[bytes]:
    """The bytes with the edits, piece by piece. No two edits overlap."""
    place = 0
    for edit in sorted(edits):
        yield data[place : edit.start]
        yield edit.data
        place = edit.end
    yield data[place:]
