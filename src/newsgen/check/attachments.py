"""The text of attachments: docx, xlsx, pptx (hidden sheets, comments, tracked changes and properties too), PDF, and zips of them.

Attachments come from anywhere: nothing is unpacked to disk, no entity is expanded, no external part is read, and what is
larger, deeper or slower than any honest form is given up with a reason.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

LIMIT = 60_000_000
"""Bytes of an attachment that are read."""
MOST_XML = 60_000_000
"""Bytes of XML that are read of one file, all parts together."""
MOST_TEXT = 5_000_000
MOST_PARTS = 5_000
MOST_PAGES = 500
DEEPEST = 2
"""Archives within archives."""
_OFFICE_PARTS = re.compile(
    r"(?:word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments\w*)|xl/(?:sharedStrings|comments\d*|threadedComments/.*|worksheets/sheet\d+|drawings/drawing\d+)"
    r"|ppt/(?:slides/slide\d+|notesSlides/notesSlide\d+|comments/.*)|docProps/(?:core|app|custom))\.xml"
)
_BREAKS = frozenset(("p", "tr", "row", "si", "br", "c", "title", "tab", "is", "lpstr"))
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, zlib.error, lzma.LZMAError)
_MACROS = ("vbaProject.bin",)
ENCRYPTED = b"\xd0\xcf\x11\xe0"
"""A compound file: what Office makes of a .docx with a password, and the form of .doc and .xls."""
TEXTUAL = frozenset((".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".pptm", ".pdf", ".zip", ".txt", ".csv"))


class Unreadable(Exception):
    """An attachment that cannot be read; the message says why, in Chinese."""


class AttachmentText(NamedTuple):
    """What an attachment holds: `lines` of text with where they stand (a sheet, a page), `has_macros`."""

    lines: tuple[tuple[str, str], ...]
    has_macros: bool = False


def text_of(name: str, data: bytes) -> AttachmentText:
    """The text of an attachment by the suffix of its name. Raises Unreadable."""
    reading = _Reading()
    macros = _collect(name, data, "", reading, 0)
    return AttachmentText(tuple(reading.lines), macros)


class _Reading:
    """What was read of one attachment so far, all archives within it together, and how much more may be."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._bytes, self._characters, self._parts = MOST_XML, MOST_TEXT, MOST_PARTS

    def add(self, where: str, text: str) -> None:
        """Take lines of text. Raises Unreadable where they are too many."""
        self._characters -= len(text)
        if self._characters < 0:
            raise Unreadable(f"里面的文字超过 {MOST_TEXT:,} 个，没有全部检查")
        self.lines += ((where, line) for line in text.splitlines() if line.strip())

    def open(self, data: bytes) -> zipfile.ZipFile:
        """An archive. Raises Unreadable for one that is broken or has too many files."""
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise Unreadable("打不开，可能已经损坏") from error
        self._parts -= len(archive.infolist())
        if self._parts < 0:
            raise Unreadable(f"里面的文件超过 {MOST_PARTS:,} 个，太多了")
        return archive

    def content(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        """The bytes of a part: what its header says of its size is not believed. Raises Unreadable."""
        if part.flag_bits & 1:
            raise Unreadable("有密码，没有办法检查")
        try:
            with archive.open(part) as file:
                data = file.read(self._bytes + 1)
        except (*_BROKEN, RuntimeError, EOFError) as error:
            raise Unreadable("打不开，可能已经损坏") from error
        self._bytes -= len(data)
        if self._bytes < 0:
            raise Unreadable("解压以后太大了，没有检查")
        return data


def _collect(name: str, data: bytes, where: str, reading: _Reading, depth: int) -> bool:
    suffix = name[name.rfind(".") :].lower()
    if suffix in (".txt", ".csv"):
        reading.add(where, _plain(data))
        return False
    if suffix == ".pdf":
        for place, text in _pdf_texts(data):
            reading.add(where + place, text)
        return False
    if data.startswith(ENCRYPTED):
        raise Unreadable("有密码，或者是旧格式（.doc、.xls）换了后缀名")
    return _archive(name, data, where, reading, depth)


def _plain(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _archive(name: str, data: bytes, where: str, reading: _Reading, depth: int) -> bool:
    """The parts of an office file, and the files of a zip."""
    archive, macros = reading.open(data), False
    for part in archive.infolist():
        inner = part.filename.replace("\\", "/")
        suffix = inner[inner.rfind(".") :].lower()
        macros |= inner.endswith(_MACROS)
        if _OFFICE_PARTS.fullmatch(inner):
            reading.add(f"{where}{_part_name(inner)}", _xml_text(reading.content(archive, part)))
        elif suffix in TEXTUAL and (name.lower().endswith(".zip") or "/embeddings/" in inner):
            if depth >= DEEPEST:
                raise Unreadable("压缩包套了太多层")
            shown = _zip_name(part)
            macros |= _collect(inner, reading.content(archive, part), f"{where}{shown} ", reading, depth + 1)
    return macros


def _zip_name(part: zipfile.ZipInfo) -> str:
    """The name of a file in a zip; Windows writes GBK without saying so."""
    if part.flag_bits & 0x800:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return part.filename


def _part_name(inner: str) -> str:
    folder, _, rest = inner.partition("/")
    if folder == "docProps":
        return "文档属性"
    if "omment" in rest:
        return "批注"
    number = re.search(r"(?:sheet|slide|notesSlide)(\d+)\.xml$", rest)
    if number:
        return f"第 {number[1]} {'张工作表' if folder == 'xl' else '张幻灯片'}"
    return "正文" if folder == "word" else "工作表" if folder == "xl" else "幻灯片"


def _xml_text(data: bytes) -> str:
    """The text of a part's elements, a paragraph or cell on each line; deleted text of tracked changes too."""
    pieces: list[str] = []
    room = MOST_TEXT

    def keep(text: str) -> None:
        nonlocal room
        room -= len(text)
        if room < 0:
            raise Unreadable(f"里面的文字超过 {MOST_TEXT:,} 个，没有检查")
        pieces.append(text)

    def refuse(*_: object) -> None:
        raise Unreadable("XML 里有实体定义，正常的文件不会有")

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] in _BREAKS:
            keep("\n")

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    parser.StartDoctypeDeclHandler = refuse
    parser.EndElementHandler = end
    parser.CharacterDataHandler = keep
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Unreadable("打不开，可能已经损坏") from error
    return "".join(pieces)


def _pdf_texts(data: bytes) -> Iterator[tuple[str, str]]:
    """The properties, and the text of each page."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Unreadable(
            "有密码，没有办法检查" if "password" in str(error).lower() else "打不开，可能已经损坏"
        ) from error
    try:
        yield "文档属性", "\n".join(document.get_metadata_dict(skip_empty=True).values())
        for index in range(min(len(document), MOST_PAGES)):
            try:
                page = document[index]
                text = page.get_textpage().get_text_range()
            except pdfium.PdfiumError:
                continue
            yield f"第 {index + 1} 页", text
    finally:
        document.close()
