"""Blocks -> Markdown for a report: lists, headings, pictures, tables and footnotes around the lines of markdown_text.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from newsgen.authoring.importers.blocks import Block, Cell, ImportedDocument, InlinePicture, Paragraph, Run, Table
from newsgen.authoring.importers.captions import LONGEST_CAPTION, caption_in, caption_of, holds_more, is_photo_mark
from newsgen.authoring.importers.markdown_text import (
    ALL_SPECIAL,
    CellLines,
    escaped,
    faithful,
    faithful_row,
    number_of,
    plain,
    with_typed_number,
)
from newsgen.content.markdown.headings import HEADING_OPENERS, chinese_heading
from newsgen.core.text import clean

LONGEST_HEADING = 60
_ENDS = "。，、；：！？）》”’】…—"
_BLANKS = re.compile(r"[\s\u3000\u00a0]+")
_NEEDS_ESCAPES = re.compile(r"[][()!`*_\\<>&]")


class _WrittenLine(NamedTuple):
    """A block of Markdown: its text without indent. `kind` is the kind of list whose item it is, "" for no item.

    `depth` is how many lists are around that list; `quoted`: it is part of a quotation.
    """

    text: str
    kind: Literal["", "-", "1"] = ""
    depth: int = 0
    quoted: bool = False


def write(document: ImportedDocument, blocks: Sequence[Block], names: Mapping[str, str]) -> str:
    """The Markdown of some blocks of a document. `names` are the files of its pictures; pictures without one are left out."""
    writer = _Writer(document, names)
    lines = [*writer.blocks(blocks), *writer.notes()]
    return "".join(_joined(lines)) + "\n"


class _OpenLevel(NamedTuple):
    """A list that is being written: the depth and kind of its items, and the number of the last one.

    `as_text`: its items are written as paragraphs of text.
    """

    depth: int
    kind: str
    number: int
    as_text: bool = False


def _joined(lines: Sequence[_WrittenLine]) -> Iterator[str]:
    """Lines with the breaks between them: a line end between items of one list or lines of one quotation, else a blank line.

    A list does not go on across the beginning or end of a quotation.
    """
    levels: list[_OpenLevel] = []
    above: _WrittenLine | None = None
    for line in lines:
        if above is not None and above.quoted != line.quoted:
            levels = []
        levels, changes_kind = _levels(line, levels)
        if levels and levels[-1].as_text:
            line = line._replace(text=with_typed_number(line.text), kind="")
        goes_on = above is not None and above.kind and line.kind and not changes_kind
        touches = above is not None and above.quoted == line.quoted and (line.quoted or goes_on)
        yield "" if above is None else "\n" if touches else "\n\n"
        indent = "  " * (len(levels) - 1) if line.kind else ""
        yield f"{'> ' if line.quoted else ''}{indent}{line.text}"
        above = line


def _levels(line: _WrittenLine, levels: Sequence[_OpenLevel]) -> tuple[list[_OpenLevel], bool]:
    """The lists that are open at a line, and whether the line changes the kind of one.

    Markdown numbers items by itself. So an item whose number is not the next one becomes text, and so do the items that
    follow it in sequence.
    """
    if not line.kind:
        return [], False
    kept = [level for level in levels if level.depth < line.depth]
    before = levels[len(kept)] if len(levels) > len(kept) else None
    number = number_of(line.text) or 0
    is_next = before is not None and number == before.number + 1
    as_text = line.kind == "1" == (before.kind if before else "") and (
        not is_next or (before is not None and before.as_text)
    )
    kept.append(_OpenLevel(line.depth, line.kind, number, as_text))
    return kept, before is not None and before.kind != line.kind


class _Writer:
    def __init__(self, document: ImportedDocument, names: Mapping[str, str]) -> None:
        self._document, self._names = document, names
        self._called: list[int] = []

    def blocks(self, blocks: Sequence[Block]) -> Iterator[_WrittenLine]:
        index = 0
        while index < len(blocks):
            block = blocks[index]
            index += 1
            if isinstance(block, Table):
                yield from self._table(block)
                continue
            line = self._paragraph(block)
            if line.text:
                yield line
            if any(picture.name in self._names for picture in block.pictures):
                below = blocks[index] if index < len(blocks) else None
                words = caption_of(below, bool(line.text)) if isinstance(below, Paragraph) else ""
                others = blocks[index + 1 : index + 2] if words and len(block.pictures) > 1 else ()
                if any(isinstance(other, Paragraph) and caption_of(other, True) for other in others):
                    words = ""  # two captions: it is unknown which belongs to which photo
                index += bool(words)
                yield _WrittenLine(self._pictures(block.pictures, words))

    def notes(self) -> Iterator[_WrittenLine]:
        """The footnotes that are called in the text, one line each."""
        for number in self._called:
            paragraphs = self._document.notes.get(number, ())
            words = _beside(filter(None, map(self._inline_of, paragraphs)))
            yield _WrittenLine(f"[^{number}]: {words or '（空）'}")

    def _pictures(self, pictures: Sequence[InlinePicture], words: str) -> str:
        """Pictures on lines without blank lines between them, which form a gallery; `words` is the last one's caption."""
        shown = [picture for picture in pictures if picture.name in self._names]
        captions = [picture.alt for picture in shown[:-1]] + [words or shown[-1].alt]
        lines = []
        for picture, typed in zip(shown, captions, strict=True):
            alt = _BLANKS.sub(" ", typed).strip()
            alt = escaped(alt, ALL_SPECIAL) if _NEEDS_ESCAPES.search(alt) else alt
            lines.append(f"![{alt}]({self._names[picture.name]})")
        return "\n".join(lines)

    # ------------------------------------------------------------ paragraphs

    def _paragraph(self, paragraph: Paragraph) -> _WrittenLine:
        self._call(paragraph)
        expected = plain(clean(paragraph.text))
        if not expected and not any(run.note for run in paragraph.runs):
            return _WrittenLine("")
        is_alone = not (paragraph.bullet or paragraph.quoted)
        if is_alone and is_photo_mark(expected):
            return _WrittenLine(expected)
        runs, start = list(paragraph.runs), "- " if paragraph.bullet else ""
        if is_alone and expected and expected[0] in HEADING_OPENERS and chinese_heading(expected):
            runs = _without_bold(runs)
        elif is_alone and paragraph.level and len(expected) <= LONGEST_HEADING:
            start = "#" * min(6, paragraph.level + 1) + " "
            runs = _without_bold(runs)
        typed = [Run(paragraph.number), *runs] if paragraph.number else runs
        text = faithful(typed, expected, start, is_item=not is_alone)
        text = start + (with_typed_number(text) if paragraph.bullet else text)
        kind: Literal["", "-", "1"] = "-" if paragraph.bullet else "1" if number_of(text) is not None else ""
        return _WrittenLine(text, kind, paragraph.depth if kind else 0, paragraph.quoted)

    def _call(self, paragraph: Paragraph) -> None:
        self._called += [run.note for run in paragraph.runs if run.note and run.note not in self._called]

    def _inline_of(self, paragraph: Paragraph, is_bold: bool = True) -> str:
        return faithful(*self._typed(paragraph, is_bold), is_item=True)

    def _typed(self, paragraph: Paragraph, is_bold: bool) -> tuple[Sequence[Run], str]:
        """The runs of a paragraph, including its number, and the words that they have to show."""
        self._call(paragraph)
        runs = paragraph.runs if is_bold else _without_bold(paragraph.runs)
        typed = [Run(paragraph.number), *runs] if paragraph.number else runs
        return typed, plain(clean(paragraph.text))

    # ------------------------------------------------------------ tables

    def _table(self, table: Table) -> Iterator[_WrittenLine]:
        """A table; a table of one cell or with pictures only laid these out, and becomes paragraphs."""
        if not lays_out(table):
            yield _WrittenLine(self._rows(table))
        elif sum(map(len, table.rows)) == 1:
            yield from self.blocks(table.rows[0][0].paragraphs)
        else:
            yield from self._photo_table(table)

    def _photo_table(self, table: Table) -> Iterator[_WrittenLine]:
        """Photos side by side with their captions, and the rows of text between them."""
        for rows, has_photos in row_groups(table):
            if has_photos:
                yield from self._photo_row(*rows)
            elif len(rows) > 1:
                yield _WrittenLine(self._rows(Table(rows)))
            else:
                for cell in rows[0]:
                    yield from self.blocks(cell.paragraphs)

    def _photo_row(self, row: Sequence[Cell], below: Sequence[Cell] = ()) -> Iterator[_WrittenLine]:
        """A row of photos: their captions stand in their cells or in the row below; longer texts follow."""
        captions = [_caption(cell) for cell in below or row]
        pictures = [[picture for paragraph in cell.paragraphs for picture in paragraph.pictures] for cell in row]
        gallery = [
            self._pictures(found, words) for found, words in zip(pictures, captions, strict=True) if self._shown(found)
        ]
        if gallery:
            yield _WrittenLine("\n".join(gallery))
        for cell, words, found in zip(below or row, captions, pictures, strict=True):
            if not words or not self._shown(found):
                texts = [Paragraph(item.runs, 0, item.number, item.bullet, item.depth) for item in cell.paragraphs]
                yield from self.blocks(texts)

    def _shown(self, pictures: Sequence[InlinePicture]) -> bool:
        return any(picture.name in self._names for picture in pictures)

    def _rows(self, table: Table) -> str:
        width = max(sum(cell.span for cell in row) for row in table.rows)
        rows: list[list[CellLines]] = []
        for number, row in enumerate(table.rows):
            is_head = number == 0 and all(item.is_bold for cell in row for item in cell.paragraphs if plain(item.text))
            cells: list[CellLines] = []
            for cell in row:
                column = len(cells)
                above = rows[-1][column] if cell.goes_on and rows and column < len(rows[-1]) else ()
                cells += [above or self._cell(cell, is_head), *[()] * (cell.span - 1)]
            rows.append(cells + [()] * (width - len(cells)))
        lines = [f"| {' | '.join(faithful_row(cells))} |" for cells in rows]
        return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])

    def _cell(self, cell: Cell, is_head: bool) -> CellLines:
        """The lines of a cell. Bold marks are dropped in a head whose words are all bold: a page shows heads in bold."""
        return [self._typed(paragraph, is_bold=not is_head) for paragraph in cell.paragraphs]


def _beside(texts: Iterable[str]) -> str:
    """Texts joined with a blank between them, but without one after Chinese punctuation."""
    joined = ""
    for text in texts:
        joined += ("" if not joined or joined[-1] in _ENDS else " ") + text
    return joined


def _without_bold(runs: Sequence[Run]) -> list[Run]:
    return [Run(run.text, run.marks - {"bold"}, run.link, run.note) for run in runs]


def lays_out(table: Table) -> bool:
    """Whether a table only lays out its content: it has one cell or holds photos."""
    return sum(map(len, table.rows)) <= 1 or any(map(_has_pictures, table.rows))


def row_groups(table: Table) -> Iterator[tuple[tuple[tuple[Cell, ...], ...], bool]]:
    """The rows of a table in groups, each with whether it holds photos.

    A group is a row of photos, with the row of their captions if there is one, or consecutive rows of text.
    """
    rows = list(table.rows)
    while rows:
        taken = [rows.pop(0)]
        has_photos = _has_pictures(taken[0])
        if not has_photos:
            while rows and not _has_pictures(rows[0]):
                taken.append(rows.pop(0))
        elif rows and len(rows[0]) == len(taken[0]) and not any(map(_words, taken[0])) and not _has_pictures(rows[0]):
            taken.append(rows.pop(0))
        yield tuple(taken), has_photos


def tables_in(table: Table) -> int:
    """The number of Markdown tables that a table becomes."""
    if not lays_out(table):
        return 1
    return sum(len(rows) > 1 and not has_photos for rows, has_photos in row_groups(table))


def _words(cell: Cell) -> str:
    return " ".join(filter(None, (plain(paragraph.text, " ") for paragraph in cell.paragraphs)))


def _caption(cell: Cell) -> str:
    """The caption in the words of a cell; "" if they are too long for one, or hold a link or a footnote mark."""
    if any(map(holds_more, cell.paragraphs)):
        return ""
    words = _words(cell)
    return caption_in(words) if len(words) <= LONGEST_CAPTION else ""


def _has_pictures(row: Sequence[Cell]) -> bool:
    return any(paragraph.pictures for cell in row for paragraph in cell.paragraphs)
