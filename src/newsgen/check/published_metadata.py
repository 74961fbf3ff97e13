"""Metadata in published pictures, which must hold none.

It is independent of the code that strips such data (images/), so that a fault there is found here. Sources: ITU-T T.81
and Exif 2.32 (JPEG), PNG 3rd edition, GIF89a, the WebP container specification, ISO/IEC 14496-12 (HEIC, AVIF).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_APPLICATIONS = {0xE1: "EXIF 或 XMP", 0xED: "IPTC", 0xFE: "注释"}
_PNG_CHUNKS = {b"eXIf": "EXIF", b"tEXt": "文字", b"zTXt": "文字", b"iTXt": "文字或 XMP", b"tIME": "修改时间"}
_WEBP_CHUNKS = {b"EXIF": "EXIF", b"XMP ": "XMP"}


def metadata_in(data: bytes) -> str | None:
    """The kind of metadata in a picture, in Chinese; None if there is none, or if the file is not a picture."""
    for sign, read in _READERS:
        if data.startswith(sign):
            try:
                return next(read(data), None)
            except IndexError:
                return "读不懂的结构"
    if data[4:8] == b"ftyp" and (b"Exif" in data or b"application/rdf+xml" in data):
        return "EXIF 或 XMP"
    return None


def _jpeg(data: bytes) -> Iterator[str]:
    """The kinds of metadata in the segments before the first scan, and of data after the end of the picture."""
    position = 2
    while data[position + 1] != 0xDA:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if data[position] != 0xFF:
            yield "读不懂的结构"
            return
        if marker == 0xFF:
            position += 1
            continue
        if marker in _APPLICATIONS:
            yield _APPLICATIONS[marker]
        if marker == 0xE2 and data[position + 4 : position + 8] == b"MPF\0":
            yield "第二张照片"
        position += 2 + length
    if not data.endswith(b"\xff\xd9"):
        yield "照片后面的数据"


def _png(data: bytes) -> Iterator[str]:
    position = 8
    while (kind := data[position + 4 : position + 8]) != b"IEND":
        if not kind:
            raise IndexError
        if kind in _PNG_CHUNKS:
            yield _PNG_CHUNKS[kind]
        position += 12 + int.from_bytes(data[position : position + 4], "big")
    if position + 12 < len(data):
        yield "照片后面的数据"


def _gif(data: bytes) -> Iterator[str]:
    position = 13 + _colours(data[10])
    while data[position] != 0x3B:
        if data[position] == 0x21:
            label, name = data[position + 1], data[position + 3 : position + 14]
            if label == 0xFE or (label == 0xFF and name not in (b"NETSCAPE2.0", b"ANIMEXTS1.0")):
                yield "注释或 XMP"
            position += 2
        else:
            position += 11 + _colours(data[position + 9])
        while data[position]:
            position += data[position] + 1
        position += 1


def _colours(packed: int) -> int:
    """The size of a colour table in bytes, by the packed field before it."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _riff(data: bytes) -> Iterator[str]:
    position = 12
    while position < len(data):
        kind, length = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "little")
        if kind in _WEBP_CHUNKS:
            yield _WEBP_CHUNKS[kind]
        position += 8 + length + length % 2


_READERS: tuple[tuple[bytes, Callable[[bytes], Iterator[str]]], ...] = (
    (b"\xff\xd8", _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"GIF8", _gif),
    (b"RIFF", _riff),
)
