"""The clipboard of Word, WPS, Excel and browsers -> Markdown, to be pasted into a text area."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from newsgen.authoring.importers.blocks import Block, Cell, ImportedDocument, Paragraph, Run, Table
from newsgen.authoring.importers.html_document import paragraphs_of, read_page
from newsgen.authoring.importers.markdown_writer import write
from newsgen.authoring.importers.picture_names import Naming, lettered, name_pictures
from newsgen.core.model import Record, changed, field
from newsgen.core.text import clean

_SHOWN = "粘贴的内容"
_HEADER = re.compile(r"\s*Version:\d+\.\d+\s+(?:[A-Za-z]+:[^\s<]*\s+)+(?=<)")
_SOURCE = re.compile(r"SourceURL:(\S+)")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CODE_EDITOR = re.compile(
    r"(?:\s|<!--[^>]*-->|<meta[^>]*>|</?(?:html|body|head)[^>]*>)*<(?:div|pre)\b[^>]*font-family\s*:[^;>]*"
    r"(?:monospace|consolas|menlo|monaco|courier|source code|fira code|jetbrains)",
    re.IGNORECASE,
)
_LIST_LINE = re.compile(
    r"\s*(?:[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])[)）.．、]|[①-⑳•·●○■□◆➢√-])\s*\t[^\t]*"
)
_LONG_CELL = re.compile(r'(?:^|\t)"[^"\t\n]*(?:""[^"\t\n]*)*\n', re.MULTILINE)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
MOST_CELLS = 200_000


class Pasted(Record, frozen=True):
    """The result of pasting: Markdown without a final line end, and its pictures by their names in the Markdown.

    `remarks` report in Chinese which parts were left out.
    """

    markdown: str
    pictures: dict[str, bytes] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def pasted(html: str, text: str, name_of: Naming = lettered) -> Pasted:
    """Convert the clipboard's `text/html` and `text/plain` ("" for one that it lacks) to Markdown.

    HTML is converted. If it gives nothing, or a code editor made it, only to colour the text, the plain text stays as it
    was typed, Markdown included, but rows with tabs become a table. `name_of` names each picture, in the order of the
    text. Nothing is run, fetched or stored. Raises UsageError if the HTML is too long.
    """
    if html.strip() and not (text.strip() and _CODE_EDITOR.match(html[:5_000])):
        found = _from_html(html, name_of)
        if found.markdown or found.remarks or not text.strip():
            return found
    return _from_text(_LINE_ENDS.sub("\n", text))


def _from_html(html: str, name_of: Naming) -> Pasted:
    header = _HEADER.match(html)
    source = _SOURCE.search(header[0]) if header else None
    document = read_page(html[header.end() :] if header else html, _SHOWN, source[1] if source else "")
    names, lost = name_pictures(document, paragraphs_of(document.blocks), name_of)
    pictures = {file: document.pictures[name] for name, file in names.items()}
    markdown = _written(document, _raised(document.blocks), names)
    return Pasted(markdown, pictures, (*document.remarks, *lost))


def _raised(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with their headings raised so that the highest has level 1: the copied part of a page may lack that level."""
    levels = [block.level for block in blocks if isinstance(block, Paragraph) and block.level]
    step = min(levels, default=1) - 1
    return [
        changed(block, level=block.level - step) if isinstance(block, Paragraph) and block.level else block
        for block in blocks
    ]


def _written(document: ImportedDocument, blocks: Sequence[Block], names: dict[str, str]) -> str:
    return write(document, blocks, names).strip("\n")


def _from_text(text: str) -> Pasted:
    rows = _rows(text)
    if not rows:
        return Pasted(clean(text).strip("\n"))
    cells = [[Cell(tuple(_paragraphs(words))) for words in row] for row in rows]
    return Pasted(_written(ImportedDocument(), [Table(tuple(map(tuple, cells)))], {}))


def _paragraphs(words: str) -> list[Paragraph]:
    return [Paragraph((Run(line.strip()),)) for line in words.split("\n") if line.strip()]


def _rows(text: str) -> list[list[str]]:
    """The rows of a table whose cells are separated by tabs, as Excel and WPS copy it; empty if the text is no table."""
    body = text.strip("\n")
    if "\t" not in body or body.count("\t") > MOST_CELLS:
        return []
    if _LONG_CELL.search(body):
        try:
            rows = list(csv.reader(io.StringIO(body, newline=""), delimiter="\t", strict=True))
        except csv.Error:
            return []
    else:
        rows = [[_unquoted(cell) for cell in line.split("\t")] for line in body.split("\n")]
    width = len(rows[0])
    if width < 2 or len(rows) < 2 or any(len(row) != width for row in rows) or not any(map(any, rows)):
        return []
    return [] if all(map(_LIST_LINE.fullmatch, body.split("\n"))) else rows


def _unquoted(cell: str) -> str:
    """A cell as typed: Excel doubles the quotation marks in one, and puts others around it."""
    match = _QUOTED.fullmatch(cell)
    return match[1].replace('""', '"') if match and '""' in match[1] else cell
