"""An office file (ECMA-376): a ZIP of XML parts that name each other by relations.

Files come from anywhere: nothing is unpacked to disk, no entity is expanded, no external part is read, and what is larger
than any honest document is refused.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from xml.etree import ElementTree as ET
from xml.parsers import expat

from newsgen.core.errors import UsageError

MOST_BYTES = 400_000_000
"""Bytes of all parts together, unpacked."""
MOST_XML = 25_000_000
"""Bytes of one XML part: a tree takes some sixteen times as many, and a book of 500 pages has 5 MB."""
MOST_PARTS = 10_000
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = tuple(
    (f"http://purl.oclc.org/ooxml/{name}".encode(), f"http://schemas.openxmlformats.org/{other}".encode())
    for name, other in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
    )
)
"""The names of Strict Open XML (ECMA-376 part 1), and those that every program writes by itself (part 4)."""
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
)
_SLICE = 1_024
"""Bytes that are read at once in front of the first element: no entity in them is long."""
OLD_FORMAT = b"\xd0\xcf\x11\xe0"
"""A compound file: .doc, .wps, or a .docx with a password."""


class OfficePackage:
    """The parts of an office file, by name. `shown` is the file's name in messages. Raises UsageError for what is none."""

    def __init__(self, data: bytes, shown: str) -> None:
        self._shown, self._left = shown, MOST_BYTES
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN:
            raise self._refused("打不开，可能已经损坏，或者不是 Word 文件") from None
        if len(self._archive.infolist()) > MOST_PARTS:
            raise self._refused(f"里面的文件超过 {MOST_PARTS:,} 个")

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self._entries)

    @cached_property
    def _entries(self) -> dict[str, zipfile.ZipInfo]:
        """The parts by name; some programs of Windows write word\\document.xml or /word/document.xml."""
        return {entry.filename.replace("\\", "/").lstrip("/"): entry for entry in self._archive.infolist()}

    def read(self, name: str) -> bytes:
        """The bytes of a part; what its header says of its size is not believed."""
        try:
            if (entry := self._entries.get(name)) is None:
                return b""
            with self._archive.open(entry) as file:
                data = file.read(self._left + 1)
        except _BROKEN:
            raise self._refused("里面有损坏的部分") from None
        self._left -= len(data)
        if self._left < 0:
            raise self._refused("解压以后太大了")
        return data

    def xml(self, name: str) -> ET.Element | None:
        """The root element of a part; None where there is none."""
        data = self.read(name) if name in self.names else b""
        if not data:
            return None
        if len(data) > MOST_XML:
            raise self._refused("里面的文字太多了")
        if _has_document_type(data):
            raise self._refused("里面有不该有的内容（DOCTYPE）")
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
        try:
            return ET.fromstring(data)
        except ET.ParseError:
            raise self._refused("里面有损坏的部分") from None

    def relations(self, part: str) -> dict[str, str]:
        """What the identifiers in a part stand for: names of parts, and addresses of the web."""
        return {item.get("Id", ""): target for item, target in self._relations(part)}

    def related(self, part: str, kind: str) -> str:
        """The name of the part that stands in a relation to another, such as `styles`; "" for none. "" is the file itself."""
        found = (target for item, target in self._relations(part) if item.get("Type", "").endswith(f"/{kind}"))
        return next(found, "")

    def _relations(self, part: str) -> Iterator[tuple[ET.Element, str]]:
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        for item in root.iter(_RELATION) if root is not None else ():
            target = item.get("Target", "")
            if item.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join(folder, target) if target[:1] != "/" else target).lstrip("/")
            yield item, target

    def _refused(self, reason: str) -> UsageError:
        return UsageError(f"{self._shown}：{reason}", "用 Word 或 WPS 打开它，另存为 .docx，再试一次", "word.broken")


def _has_document_type(data: bytes) -> bool:
    """Whether XML declares a document type in front of its first element, in whatever encoding.

    No office program does (ECMA-376 part 2 forbids it), and entities that stand there grow without end.
    """
    parser = expat.ParserCreate()
    found: list[bool] = []
    parser.StartDoctypeDeclHandler = lambda *declared: found.append(True)
    parser.StartElementHandler = lambda *element: found.append(False)
    try:
        for start in range(0, len(data), _SLICE):
            parser.Parse(data[start : start + _SLICE], False)
            if found:
                return found[0]
    except expat.ExpatError:
        return bool(found) and found[0]
    return False
