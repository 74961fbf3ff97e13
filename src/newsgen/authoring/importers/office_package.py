"""An office file (ECMA-376): a ZIP of XML parts that name each other by relations.

Files may come from anybody: nothing is unpacked to disk, no declared entity is expanded, no external part is read, and a
file larger than any genuine document is refused.
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
from newsgen.core.zip_archives import LongDirectory, opened, read_entry

MOST_BYTES = 400_000_000
"""Maximum bytes of all parts together, unpacked."""
MOST_XML = 25_000_000
"""Maximum bytes of one XML part: its tree takes some sixteen times as many, and a book of 500 pages has 5 MB."""
MOST_TEXT = 40_000_000
"""Maximum bytes of all XML and of all embedded documents together, however often and deep: a minute of work."""
MOST_PARTS = 10_000
MOST_DIRECTORY = 2_000_000
"""Maximum bytes of the list of parts."""
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
"""Namespaces of Strict Open XML (ECMA-376 part 1), and the transitional ones that programs write by default (part 4)."""
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
"""Bytes that are parsed at once up to the first element, so few that no entity in them is long."""
OLD_FORMAT = b"\xd0\xcf\x11\xe0"
"""A compound file: .doc, .wps, or a .docx with a password."""


class Allowance:
    """The bytes of a file, with all files embedded in it, that may still be unpacked, and how many of them as text."""

    def __init__(self) -> None:
        self.bytes, self.text = MOST_BYTES, MOST_TEXT


class OfficePackage:
    """The parts of an office file, by name. `shown` is the file's name in messages; `allowance` is that of the file in
    which it is embedded, None for an outermost file. Raises UsageError if it is no ZIP or has too many parts."""

    def __init__(self, data: bytes, shown: str, allowance: Allowance | None = None) -> None:
        self._shown, self.allowance = shown, allowance or Allowance()
        try:
            self._archive = opened(io.BytesIO(data), MOST_DIRECTORY)
        except LongDirectory:
            raise self._refused(f"里面的文件超过 {MOST_PARTS:,} 个") from None
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
        """The parts by name, with `/`: some Windows programs write word\\document.xml or /word/document.xml."""
        return {entry.filename.replace("\\", "/").lstrip("/"): entry for entry in self._archive.infolist()}

    def read(self, name: str) -> bytes:
        """The bytes of a part; b"" if there is none. The size in its header is not trusted. Raises UsageError."""
        data = self._unpacked(name, self.allowance.bytes)
        if self.allowance.bytes < 0:
            raise self._refused("解压以后太大了")
        return data

    def text(self, name: str) -> bytes:
        """The bytes of a part that is XML or an embedded document. Raises UsageError if there is too much text."""
        data = self._unpacked(name, min(self.allowance.bytes, self.allowance.text, MOST_XML))
        self.allowance.text -= len(data)
        if len(data) > MOST_XML or self.allowance.text < 0:
            raise self._refused("里面的文字太多了")
        return data

    def _unpacked(self, name: str, most: int) -> bytes:
        """The bytes of a part, or the first `most` + 1, which show that there are too many."""
        try:
            entry = self._entries.get(name)
            data = read_entry(self._archive, entry, max(0, most) + 1) if entry else b""
        except _BROKEN:
            raise self._refused("里面有损坏的部分") from None
        self.allowance.bytes -= len(data)
        return data

    def xml(self, name: str) -> ET.Element | None:
        """The root element of a part; None if the part is missing or empty. Raises UsageError."""
        data = self.text(name) if name in self.names else b""
        if not data:
            return None
        if _has_document_type(data):
            raise self._refused("里面有不该有的内容（DOCTYPE）")
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
        try:
            return ET.fromstring(data)
        except ET.ParseError:
            raise self._refused("里面有损坏的部分") from None

    def relations(self, part: str) -> dict[str, str]:
        """Identifiers in a part -> their targets: names of parts, or external addresses."""
        return {item.get("Id", ""): target for item, target in self._relations(part)}

    def related(self, part: str, kind: str) -> str:
        """The name of the part to which `part` has a relation of a kind, such as `styles`; "" if there is none.

        A `part` of "" stands for the file itself.
        """
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
    """Whether XML declares a document type before its first element, in whatever encoding.

    No office program does (ECMA-376 part 2 forbids it), and entities declared there can expand without limit.
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
