"""Office files without names: the properties in a docx, xlsx or pptx, a ZIP package (APPNOTE 6.3.10, ECMA-376 part 2).

The records of all other parts are copied as they are, compressed. A part that changes is stored without compression, so that
its bytes do not depend on a version of zlib. Nothing is unpacked but the properties, and no name is used as a path.
"""

from __future__ import annotations

import re
import struct
import zlib
from itertools import pairwise
from typing import NamedTuple

from newsgen.content.attachment_metadata.edits import Edit, NotCleaned, edited, unpacked
from newsgen.content.attachment_metadata.xml_names import contents, elements

MOST_PARTS = 20_000
MOST_OF_PROPERTIES = 4_000_000
"""Bytes of XML of all properties together: they have a few thousand."""
_PROPERTIES = re.compile(r"docprops/(?:core|app|custom)\d*\.xml|.*\.psmdcp", re.DOTALL)
_SIGNATURES = re.compile(r"_xmlsignatures/|.*digital-signature/", re.DOTALL)
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_COMMENT = 65_535
_ENCRYPTED, _DESCRIPTOR_FOLLOWS = 0x1, 0x8
_STORED, _DEFLATED = 0, 8


class _PackagePart(NamedTuple):
    """A part by its central record, all of whose bytes are `record`; `fields` are the fixed ones."""

    name: str
    fields: tuple[int, ...]
    record: bytes

    @property
    def offset(self) -> int:
        return self.fields[-1]


class _NewRecords(NamedTuple):
    """The records of a part with other content."""

    local: bytes
    central: bytes


def edits(data: bytes) -> list[Edit]:
    """The edits that take names out of an office file. Raises NotCleaned."""
    start, end, parts = _directory(data)
    if any(_SIGNATURES.match(part.name) for part in parts):
        raise NotCleaned("signed")
    ordered = sorted(parts, key=lambda part: part.offset)
    bounds = [*(part.offset for part in ordered), start]
    if any(stop <= begin for begin, stop in pairwise(bounds)):
        raise NotCleaned("unclear")  # parts that share bytes
    found: list[Edit] = []
    central: dict[int, bytes] = {}
    moved, room = 0, MOST_OF_PROPERTIES
    for part, stop in zip(ordered, bounds[1:], strict=True):
        new = None
        if _PROPERTIES.fullmatch(part.name):
            xml = _content(part, data[part.offset : stop], room)
            room -= len(xml)
            new = _without_names(part, xml)
        central[part.offset] = _moved(new.central if new else part.record, part.offset + moved)
        if new:
            found.append(Edit(part.offset, stop, new.local))
            moved += len(new.local) - (stop - part.offset)
    if not found:
        return []
    directory = b"".join(central[part.offset] for part in parts)
    place = struct.pack("<2L", len(directory), start + moved)
    return [*found, Edit(start, end, directory), Edit(end + 12, end + 20, place)]


def _directory(data: bytes) -> tuple[int, int, list[_PackagePart]]:
    """The place of the central directory, and its parts. Raises NotCleaned for all that is unusual, as ZIP64 is here."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - _COMMENT))
    if end < 0 or end + _END.size > len(data):
        raise NotCleaned("unclear")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, end)
    is_usual = disk == first_disk == 0 and here == count <= MOST_PARTS
    if not is_usual or start + size != end or end + _END.size + comment != len(data):
        raise NotCleaned("unclear")
    parts, place = [], start
    for _ in range(count):
        part = _part(data, place, end)
        parts.append(part)
        place += len(part.record)
    if place != end:
        raise NotCleaned("unclear")
    return start, end, parts


def _part(data: bytes, place: int, end: int) -> _PackagePart:
    if place + _CENTRAL.size > end:
        raise NotCleaned("unclear")
    signature, *fields = _CENTRAL.unpack_from(data, place)
    name_length, extra, comment = fields[9:12]
    record = data[place : place + _CENTRAL.size + name_length + extra + comment]
    if signature != b"PK\x01\x02" or place + len(record) > end:
        raise NotCleaned("unclear")
    name = record[_CENTRAL.size : _CENTRAL.size + name_length].decode("utf-8", "replace")
    return _PackagePart(name.replace("\\", "/").lstrip("/").lower(), tuple(fields), record)


def _moved(record: bytes, offset: int) -> bytes:
    """A central record whose part begins at another offset."""
    return record[: _CENTRAL.size - 4] + struct.pack("<L", offset) + record[_CENTRAL.size :]


def _without_names(part: _PackagePart, xml: bytes) -> _NewRecords | None:
    """The part without names; None where it holds none."""
    spans = elements(xml, ("property",)) if part.name.startswith("docprops/custom") else contents(xml)
    if not spans:
        return None
    content = b"".join(edited(xml, [Edit(span.start, span.end, b"") for span in spans]))
    made, needed, flags, _, time, date = part.fields[:6]
    disk, internal, external, offset = part.fields[12:16]
    flags &= ~_DESCRIPTOR_FOLLOWS
    name = part.record[_CENTRAL.size : _CENTRAL.size + part.fields[9]]
    sizes = zlib.crc32(content), len(content), len(content), len(name)
    head = _LOCAL.pack(b"PK\x03\x04", needed, flags, _STORED, time, date, *sizes, 0)
    attributes = disk, internal, external, offset
    central = _CENTRAL.pack(b"PK\x01\x02", made, needed, flags, _STORED, time, date, *sizes, 0, 0, *attributes)
    return _NewRecords(head + name + content, central + name)


def _content(part: _PackagePart, local: bytes, most: int) -> bytes:
    """The content of a part: what its record says of its size is not believed. Raises NotCleaned."""
    flags, method, packed_size = part.fields[2], part.fields[3], part.fields[7]
    if len(local) < _LOCAL.size or not local.startswith(b"PK\x03\x04") or flags & _ENCRYPTED:
        raise NotCleaned("unclear")
    name_length, extra = _LOCAL.unpack_from(local)[-2:]
    begin = _LOCAL.size + name_length + extra
    packed = local[begin : begin + packed_size]
    if method == _STORED and len(packed) <= most:
        return packed
    if method != _DEFLATED or most <= 0:
        raise NotCleaned("unclear")
    return unpacked(packed, most, -zlib.MAX_WBITS)
