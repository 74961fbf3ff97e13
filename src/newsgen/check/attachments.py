"""The text of attachments: docx, xlsx, pptx (hidden sheets, comments, tracked changes and properties too), PDF, and
zips of them.

Attachments are untrusted: nothing is unpacked to disk, no entity is expanded, no external part is read, and a file that
is larger or more deeply nested than any real one is given up with a reason.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from typing import NamedTuple

from newsgen.check.office_text import MOST_TEXT, PARTS, Unreadable, part_name, xml_text
from newsgen.core.text import decode_or_empty
from newsgen.core.zip_archives import LongDirectory, entry_name, opened, read_entry

LIMIT = 60_000_000
"""The maximum size in bytes of an attachment that is read."""
MOST_XML = 60_000_000
"""The maximum number of bytes that all parts of one attachment may have when unpacked."""
MOST_PARTS = 5_000
DEEPEST = 2
"""The maximum depth of archives within archives."""
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, zlib.error, lzma.LZMAError)
_MACROS = ("vbaProject.bin",)
ENCRYPTED = b"\xd0\xcf\x11\xe0"
"""The first bytes of a compound file: a .docx with a password, or a .doc or .xls."""
TEXTUAL = frozenset((".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".pptm", ".pdf", ".zip", ".txt", ".csv"))


class AttachmentText(NamedTuple):
    """The content of an attachment. `lines` are pairs of a place (a sheet, a page) and a line of text. `problem` is the
    reason (Chinese) why it could not be read to its end, "" if it was.
    """

    lines: tuple[tuple[str, str], ...]
    has_macros: bool = False
    problem: str = ""


def text_of(name: str, data: bytes) -> AttachmentText:
    """The text of an attachment by the suffix of its name."""
    reading = _Reading()
    try:
        _collect(name, data, "", reading, 0)
    except Unreadable as error:
        return AttachmentText(tuple(reading.lines), reading.has_macros, str(error))
    return AttachmentText(tuple(reading.lines), reading.has_macros)


class _Reading:
    """The text read of one attachment so far, nested archives included, and the amounts that may still be read."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.has_macros = False
        self._bytes, self._characters, self._parts = MOST_XML, MOST_TEXT, MOST_PARTS

    def add(self, where: str, text: str) -> None:
        """Add the lines of a text. Raises Unreadable if there is too much text."""
        self.lines += ((where, line) for line in text[: self._characters].splitlines() if line.strip())
        self._characters -= len(text)
        if self._characters < 0:
            raise Unreadable(f"里面的文字超过 {MOST_TEXT:,} 个，没有全部检查")

    def open(self, data: bytes) -> zipfile.ZipFile:
        """The archive in `data`. Raises Unreadable if it is broken or has too many files."""
        try:
            archive = opened(io.BytesIO(data))
        except LongDirectory as error:
            raise Unreadable(f"里面的文件超过 {MOST_PARTS:,} 个，太多了") from error
        except _BROKEN as error:
            raise Unreadable("打不开，可能已经损坏") from error
        self._parts -= len(archive.infolist())
        if self._parts < 0:
            raise Unreadable(f"里面的文件超过 {MOST_PARTS:,} 个，太多了")
        return archive

    def content(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        """The bytes of a part. The size in its header is not trusted. Raises Unreadable."""
        if part.flag_bits & 1:
            raise Unreadable("有密码，没有办法检查")
        try:
            data = read_entry(archive, part, self._bytes + 1)
        except (*_BROKEN, RuntimeError, EOFError) as error:
            raise Unreadable("打不开，可能已经损坏") from error
        self._bytes -= len(data)
        if self._bytes < 0:
            raise Unreadable("解压以后太大了，没有检查")
        return data


def _collect(name: str, data: bytes, where: str, reading: _Reading, depth: int) -> None:
    suffix = name[name.rfind(".") :].lower()
    if suffix in (".txt", ".csv"):
        reading.add(where, decode_or_empty(data))
    elif suffix == ".pdf":
        from newsgen.check.pdf_text import pdf_texts  # needs a library that few sites need

        for place, text in pdf_texts(data):
            reading.add(where + place, text)
    elif data.startswith(ENCRYPTED):
        raise Unreadable("有密码，或者是旧格式（.doc、.xls）换了后缀名")
    else:
        _archive(name, data, where, reading, depth)


def _archive(name: str, data: bytes, where: str, reading: _Reading, depth: int) -> None:
    """Read the parts of an office file, or the files of a zip."""
    archive = reading.open(data)
    for part in archive.infolist():
        inner = part.filename.replace("\\", "/")
        suffix = inner[inner.rfind(".") :].lower()
        reading.has_macros |= inner.endswith(_MACROS)
        if PARTS.fullmatch(inner):
            for text in xml_text(reading.content(archive, part)):
                reading.add(f"{where}{part_name(inner)}", text)
        elif suffix in TEXTUAL and (name.lower().endswith(".zip") or "/embeddings/" in inner):
            if depth >= DEEPEST:
                raise Unreadable("压缩包套了太多层")
            _collect(inner, reading.content(archive, part), f"{where}{entry_name(part)[0]} ", reading, depth + 1)
