"""Removal of metadata from JPEG (markers of ITU-T T.81, table B.1) and GIF (blocks of GIF89a); the picture stays as it is."""

from __future__ import annotations

import re

_RESTARTS = range(0xD0, 0xD8)
_WITHOUT_LENGTH = frozenset({0x00, 0x01, 0xD8, *_RESTARTS})
"""Markers that have no place between two segments."""
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")


def jpeg_without_metadata(data: bytes) -> bytes:
    """The segments that make the picture, up to its end. Raises ValueError or IndexError for an odd structure."""
    kept, position = [b"\xff\xd8"], 2
    while data[position : position + 2] != b"\xff\xd9":
        if data[position] != 0xFF or data[position + 1] in _WITHOUT_LENGTH:
            raise ValueError("bytes between two segments")
        if data[position + 1] == 0xFF:  # padding
            position += 1
            continue
        marker, end = data[position + 1], position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        kept.append(_needed(marker, data[position:end]))
        position = end
        if marker == 0xDA:
            position = _end_of_scan(data, end)
            kept.append(data[end:position])
    return b"".join([*kept, b"\xff\xd9"])


def _needed(marker: int, segment: bytes) -> bytes:
    """A segment as it is kept, empty when it is not: tables, frames and scans, JFIF and Adobe's colour transform."""
    if marker == 0xE0 and segment[4:9] == b"JFIF\0" and len(segment) >= 18:
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"  # without its thumbnail
    if marker == 0xEE and segment[4:9] == b"Adobe" and len(segment) >= 16:
        return b"\xff\xee\x00\x0e" + segment[4:16]  # without what may stand behind the transform
    return segment if 0xC0 <= marker <= 0xDD else b""


def _end_of_scan(data: bytes, position: int) -> int:
    """Where the entropy-coded bytes end: at the first marker that is neither a stuffed zero nor a restart."""
    match = _MARKER.search(data, position)
    if match is None:
        raise ValueError("a scan without an end")
    return match.start()


def gif_without_metadata(data: bytes) -> bytes:
    """The frames, their control blocks and the loop. Raises ValueError or IndexError for an odd structure."""
    position = 13 + _colours(data[10])
    kept = [data[:position]]
    while data[position] != 0x3B:
        if data[position] == 0x21:
            end = _end_of_blocks(data, position + 2)
            kept.append(_needed_extension(data[position:end]))
        elif data[position] == 0x2C:
            end = _end_of_blocks(data, position + 11 + _colours(data[position + 9]))
            kept.append(data[position:end])
        else:
            raise ValueError("bytes between two blocks")
        position = end
    return b"".join([*kept, b";"])


def _needed_extension(extension: bytes) -> bytes:
    """An extension as it is kept, without what may stand behind: how a frame is shown, and how often all are. Else empty."""
    if extension[1:3] == b"\xf9\x04":
        return extension[:7] + b"\0"
    return extension[:18] + b"\0" if extension[2:16] == b"\x0bNETSCAPE2.0\x03\x01" else b""


def _colours(packed: int) -> int:
    """The bytes of a colour table, from the packed field that announces it."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _end_of_blocks(data: bytes, position: int) -> int:
    """Where a row of data blocks ends: each says its length first, the last is empty."""
    while data[position]:
        position += data[position] + 1
    return position + 1
