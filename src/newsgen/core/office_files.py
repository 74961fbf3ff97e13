"""Office files to be opened by Word, WPS, Excel and LibreOffice (ECMA-376): a .docx and a .xlsx of what a record needs.

Why no library: openpyxl and XlsxWriter take seconds for a register, and python-docx needs lxml; a record needs paragraphs,
photos and tables of text alone. The same content gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal
from xml.sax.saxutils import escape

from newsgen.core.model import Record
from newsgen.core.text import clean

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
EMU = 36_000
"""English Metric Units in a millimetre."""
TEXT_WIDTH, TEXT_HEIGHT = 170, 110
"""Millimetres of the text on A4, and of the highest photo."""
WIDEST_COLUMN = 60
"""Characters."""


class WordLine(Record, frozen=True):
    """A paragraph. `size` in points; `indent`: its first line by two characters."""

    text: str
    align: Literal["left", "center", "right"] = "left"
    size: int = 12
    bold: bool = False
    indent: bool = False


class WordPhoto(Record, frozen=True):
    """A photo with its size in pixels; `suffix` as `.jpg`."""

    data: bytes
    suffix: Literal[".jpg", ".png"]
    width: int
    height: int


class WordTable(Record, frozen=True):
    """A table: rows of texts; `widths` of its columns in millimetres."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


def word_document(parts: Sequence[WordLine | WordPhoto | WordTable]) -> bytes:
    """A .docx on A4 with these parts, in their order."""
    photos = {
        f"image{number}{part.suffix}": part for number, part in enumerate(parts, 1) if isinstance(part, WordPhoto)
    }
    names = iter(photos)
    body = "".join([_photo(next(names), part) if isinstance(part, WordPhoto) else _written(part) for part in parts])
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/></w:sectPr>'
    spaces = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}" xmlns:a="{_DRAWING}/main" xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:pic="{_DRAWING}/picture"'
    types = '<Default Extension="jpg" ContentType="image/jpeg"/><Default Extension="png" ContentType="image/png"/>'
    return _package(
        "word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        {
            "word/document.xml": f"<w:document {spaces}><w:body>{body}{page}</w:body></w:document>",
            "word/_rels/document.xml.rels": _relations((name, f"{_OFFICE}/image", f"media/{name}") for name in photos),
        },
        {f"word/media/{name}": photo.data for name, photo in photos.items()},
        types,
    )


def spreadsheet(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """A .xlsx with one sheet: the first row is its head, which stays in sight; every cell is text, so none is a formula."""
    lines = "".join([f'<row r="{number}">{_cells(row, number)}</row>' for number, row in enumerate(rows, 1)])
    widths = [min(WIDEST_COLUMN, 3 + max(map(_display_width, column))) for column in zip(*rows, strict=True)]
    columns = "".join(
        [
            f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
            for number, width in enumerate(widths, 1)
        ]
    )
    pane = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>'
    sheet = f'<worksheet xmlns="{_SHEET}">{pane}<cols>{columns}</cols><sheetData>{lines}</sheetData></worksheet>'
    book = f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets><sheet name="{_text(title)}" sheetId="1" r:id="s"/></sheets></workbook>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return _package(
        "xl/workbook.xml",
        f"{kind}.sheet.main+xml",
        {
            "xl/workbook.xml": book,
            "xl/worksheets/sheet1.xml": sheet,
            "xl/_rels/workbook.xml.rels": _relations([("s", f"{_OFFICE}/worksheet", "worksheets/sheet1.xml")]),
        },
        {},
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>',
    )


def _package(main: str, kind: str, parts: Mapping[str, str], media: Mapping[str, bytes], types: str) -> bytes:
    """The ZIP of an office file, whose main part has a kind; its bytes depend on nothing else."""
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}<Override PartName="/{main}" ContentType="{kind}"/></Types>'
    )
    roots = {"[Content_Types].xml": types, "_rels/.rels": _relations([("m", f"{_OFFICE}/officeDocument", main)])}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**roots, **parts}.items():
            archive.writestr(_entry(name), _HEAD + text)
        for name, data in media.items():
            archive.writestr(_entry(name), data)
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _relations(items: Sequence[tuple[str, str, str]] | Iterator[tuple[str, str, str]]) -> str:
    rows = "".join([f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in items])
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _text(text: str) -> str:
    """A text for XML, without what it cannot hold."""
    return escape(clean(text), {'"': "&quot;"})


def _written(part: WordLine | WordTable) -> str:
    if isinstance(part, WordLine):
        return _paragraph(part)
    columns = "".join([f'<w:gridCol w:w="{_twips(width)}"/>' for width in part.widths])
    sides = "".join(
        [
            f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        ]
    )
    rows = "".join([_row(row, part.widths) for row in part.rows])
    return (
        f"<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/></w:tcPr>{_paragraph(WordLine(text))}</w:tc>'
        for text, width in zip(row, widths, strict=True)
    ]
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _twips(millimetres: int) -> int:
    return round(millimetres * 56.7)


def _paragraph(line: WordLine) -> str:
    indent = '<w:ind w:firstLineChars="200"/>' if line.indent else ""
    fonts = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>'
    bold = "<w:b/>" if line.bold else ""
    marks = f'<w:rPr>{fonts}{bold}<w:sz w:val="{2 * line.size}"/></w:rPr>'
    run = f'<w:r>{marks}<w:t xml:space="preserve">{_text(line.text)}</w:t></w:r>' if line.text else ""
    return f'<w:p><w:pPr>{indent}<w:jc w:val="{line.align}"/></w:pPr>{run}</w:p>'


def _photo(name: str, photo: WordPhoto) -> str:
    scale = min(TEXT_WIDTH / photo.width, TEXT_HEIGHT / photo.height) * EMU
    size = f'cx="{round(photo.width * scale)}" cy="{round(photo.height * scale)}"'
    number = name.removeprefix("image").partition(".")[0]
    picture = (
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    )
    graphic = f'<a:graphic><a:graphicData uri="{_DRAWING}/picture">{picture}</a:graphicData></a:graphic>'
    inline = f'<wp:inline><wp:extent {size}/><wp:docPr id="{number}" name="{name}"/>{graphic}</wp:inline>'
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:drawing>{inline}</w:drawing></w:r></w:p>'


def _cells(row: Sequence[str], number: int) -> str:
    return "".join(
        [
            f'<c r="{_column(index)}{number}" t="inlineStr"><is><t xml:space="preserve">{_text(text)}</t></is></c>'
            for index, text in enumerate(row)
        ]
    )


def _column(index: int) -> str:
    """The letters of a column, from 0: A … Z, AA …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _display_width(text: str) -> int:
    """Columns of a text, in which a Chinese character takes two."""
    return sum(1 if character.isascii() else 2 for character in text)
