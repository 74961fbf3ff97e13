"""Edits of bytes: places in a file and what stands there instead, so that all other bytes stay as they are."""

from __future__ import annotations

import zlib
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


def unpacked(data: bytes, most: int, window: int = zlib.MAX_WBITS) -> bytes:
    """The content of data in the zlib format (a negative `window`: raw deflate). Raises NotCleaned for more than `most` bytes."""
    unpacker = zlib.decompressobj(window)
    try:
        content = unpacker.decompress(data, most)
    except zlib.error as error:
        raise NotCleaned("unclear") from error
    if not unpacker.eof:
        raise NotCleaned("unclear")
    return content


def edited(data: bytes, edits: Iterable[Edit]) -> Iterator[bytes]:
    """The bytes with the edits, piece by piece. No two edits overlap."""
    place = 0
    for edit in sorted(edits):
        yield data[place : edit.start]
        yield edit.data
        place = edit.end
    yield data[place:]
