"""Metadata of an original photo about people and places. Publishing strips it; the original still has it.

Sources: Exif 2.32 and TIFF 6.0, XMP (ISO 16684-1), IPTC IIM 4.2.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from newsgen.core.text import decode_or_empty

_EXIF = re.compile(rb"(?:Exif\0\0|eXIf|EXIF....(?:Exif\0\0)?)(?=II\*\0|MM\0\*)|\A(?=II\*\0|MM\0\*)", re.DOTALL)
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_XMP_PLACE = re.compile(r"GPSLatitude|GPSLongitude")
_XMP_FIELD = re.compile(
    r"<(?P<key>dc:creator|dc:description|dc:title|dc:rights|photoshop:CaptionWriter|Iptc4xmpExt:PersonInImage|aux:OwnerName)\b[^>]*>"
    r"(?P<value>.*?)</(?P=key)>|(?P<key2>photoshop:CaptionWriter|aux:OwnerName)=\"(?P<value2>[^\"]*)\"",
    re.DOTALL,
)
_XMP_NAMES = ("dc:creator", "photoshop:CaptionWriter", "Iptc4xmpExt:PersonInImage", "aux:OwnerName")
_IPTC = re.compile(rb"\x1c\x02([\x50\x7a\x78\x69])(..)", re.DOTALL)
_IPTC_NAMES = frozenset((b"\x50", b"\x7a"))
_NAMES = frozenset((0x013B, 0x9C9D, 0xA430))
"""Tags of Exif: Artist, XPAuthor, CameraOwnerName."""
_TEXTS = frozenset((0x010E, 0x8298, 0x9286, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F))
"""Tags of Exif: ImageDescription, Copyright, UserComment, and Windows' title, comment, keywords, subject."""
_WINDOWS = range(0x9C9B, 0x9CA0)
_EXIF_IFD, _GPS_IFD, _LATITUDE = 0x8769, 0x8825, 2
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8}
_MOST_ENTRIES, _MOST_TEXT = 500, 2_000


class OriginalMetadata(NamedTuple):
    """The metadata of a photo: whether it holds the place where it was taken, names of people, and other texts."""

    has_place: bool = False
    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def original_metadata(data: bytes) -> OriginalMetadata:
    """The metadata in the bytes of a photo, or in the first of them; empty if they are not a photo."""
    found = list(_fields(data))
    names = dict.fromkeys(text for kind, text in found if kind == "name" and text)
    texts = dict.fromkeys(text for kind, text in found if kind == "text" and text)
    return OriginalMetadata(any(kind == "place" for kind, _ in found), tuple(names), tuple(texts))


def _fields(data: bytes) -> Iterator[tuple[str, str]]:
    """The fields, each as (kind, text); the kind is `place`, `name` or `text`."""
    for match in _EXIF.finditer(data):
        try:
            yield from _tiff(data[match.end() :])
        except (struct.error, IndexError, KeyError):  # cut off, or broken
            continue
    for match in _XMP.finditer(data):
        yield from _xmp(match[0].decode("utf-8", "replace"))
    for match in _IPTC.finditer(data) if b"8BIM" in data else ():
        length = int.from_bytes(match[2], "big")
        if length <= _MOST_TEXT:
            text = _text(data[match.end() : match.end() + length])
            yield "name" if match[1] in _IPTC_NAMES else "text", text


def _tiff(data: bytes) -> Iterator[tuple[str, str]]:
    order = "<" if data[:2] == b"II" else ">"
    waiting, seen = [(struct.unpack_from(f"{order}I", data, 4)[0], False)], set[int]()
    while waiting:
        start, is_gps = waiting.pop()
        if start in seen:
            continue
        seen.add(start)
        for tag, value in _entries(data, order, start):
            if tag in (_EXIF_IFD, _GPS_IFD) and not is_gps:
                waiting.append((int.from_bytes(value[:4], "little" if order == "<" else "big"), tag == _GPS_IFD))
            elif is_gps and tag == _LATITUDE and any(value):
                yield "place", ""
            elif tag in _NAMES | _TEXTS and not is_gps:
                text = value.decode("utf-16-le", "replace") if tag in _WINDOWS else _text(value)
                yield "name" if tag in _NAMES else "text", text.strip("\0 ")


def _entries(data: bytes, order: str, start: int) -> Iterator[tuple[int, bytes]]:
    """The entries of an image file directory, each as (tag, bytes)."""
    (count,) = struct.unpack_from(f"{order}H", data, start)
    for index in range(min(count, _MOST_ENTRIES)):
        place = start + 2 + 12 * index
        tag, kind, number = struct.unpack_from(f"{order}HHI", data, place)
        size = _SIZES.get(kind, 0) * number
        at = place + 8 if size <= 4 else struct.unpack_from(f"{order}I", data, place + 8)[0]
        yield tag, data[at : at + min(size, _MOST_TEXT)]


def _xmp(text: str) -> Iterator[tuple[str, str]]:
    if _XMP_PLACE.search(text):
        yield "place", ""
    for match in _XMP_FIELD.finditer(text):
        kind = "name" if (match["key"] or match["key2"]) in _XMP_NAMES else "text"
        for value in re.split(r"<[^>]*>", match["value"] or match["value2"] or ""):
            yield kind, value.strip()[:_MOST_TEXT]


def _text(data: bytes) -> str:
    """The text in a field: UTF-16 after the Exif prefix UNICODE, else UTF-8, or GBK as software in China writes it."""
    if data.startswith(b"UNICODE\0"):
        return data[8:].decode("utf-16-be" if _is_big_endian(data[8:]) else "utf-16-le", "replace")
    return decode_or_empty(data.removeprefix(b"ASCII\0\0\0").strip(b"\0 "))


def _is_big_endian(data: bytes) -> bool:
    """Whether UTF-16 has its high bytes first: they are NUL for ASCII letters and digits, which are most frequent."""
    return data[0::2].count(0) > data[1::2].count(0)
