"""Blocks -> Markdown for a report. Each paragraph is read back by newsgen's own chain: what would come out with other words
is written with more care.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from newsgen.authoring.importers.blocks import Block, Cell, Imported, InlinePicture, Mark, Paragraph, Run, Table
from newsgen.content.markdown import convert
from newsgen.content.markdown.headings import HEADING_OPENERS, chinese_heading
from newsgen.core.model import Markdown

LONGEST_CAPTION = 45
_TAGS: tuple[tuple[Mark, str], ...] = (
    ("italic", "em"),
    ("underline", "u"),
    ("struck", "del"),
    ("super", "sup"),
    ("sub", "sub"),
)
_SPECIAL = re.compile(
    r"[\\`*]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|<(?=[A-Za-z/!?])|~(?=~)|=(?==)|\](?=[\[(:（：])|\[(?=[\[^])|&(?=[#A-Za-z])|\{(?=[.:#])"
)
_ALL_SPECIAL = re.compile(r"[\\`*_\[\]<>#{}|~&=^!+.:()-]")
_LINE_START = re.compile(r"(?:[#＃>|=+-]|(?=```|~~~))")
_ITEM = re.compile(r"\d{1,3}[.] ?(?=\S)")
_ITEMS = re.compile(r" *- |\d{1,3}\. ")
_BLANKS = re.compile(r"[\s\u3000\u00a0]+")
_IN_BRACKETS = re.compile(r"[（(【]([^（()）【】]*)[)）】]")
_PHOTO_NUMBER = re.compile(r"[▲△↑■◆]*\s*(?:图\s*(?:[\d一二三四五六七八九十]+\s*[：:、.．]?|[：:])\s*)?")
_PHOTO_MARK = re.compile(r"[【（(]\s*(?:附?图片?|照片|插图)\s*\d{1,3}\s*(?:[：:][^】）)]*)?[】）)]")


def write(document: Imported, blocks: Sequence[Block], names: Mapping[str, str]) -> str:
    """The Markdown of some blocks of a document; `names` are the files of its pictures, those left out are not shown."""
    writer = _Writer(document, names)
    parts = [part for part in (*writer.blocks(blocks), *writer.notes()) if part]
    joined = parts[:1]
    for above, below in pairwise(parts):
        joined.append(("\n" if _item_kind(above) and _item_kind(above) == _item_kind(below) else "\n\n") + below)
    return "".join(joined) + "\n"


def _item_kind(text: str) -> str:
    """The kind of list that a line is an item of; "" for other lines."""
    match = _ITEMS.match(text)
    return ("-" if match[0].endswith("- ") else "1") if match else ""


class _Writer:
    def __init__(self, document: Imported, names: Mapping[str, str]) -> None:
        self._document, self._names = document, names
        self._called: list[int] = []

    def blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        index = 0
        while index < len(blocks):
            block = blocks[index]
            index += 1
            if isinstance(block, Table):
                yield from self._table(block)
                continue
            text = self._paragraph(block)
            if text:
                yield text
            if any(picture.name in self._names for picture in block.pictures):
                below = blocks[index] if index < len(blocks) else None
                words = caption_of(below) if isinstance(below, Paragraph) and not text else ""
                index += bool(words)
                yield self._pictures(block.pictures, words)

    def notes(self) -> Iterator[str]:
        """The footnotes that were called, each on a line."""
        for number in self._called:
            words = " ".join(filter(None, map(self._inline_of, self._document.notes.get(number, ()))))
            yield f"[^{number}]: {words or '（空）'}"

    def _pictures(self, pictures: Sequence[InlinePicture], words: str) -> str:
        """Pictures that touch are a gallery; the caption below them is that of the last."""
        shown = [picture for picture in pictures if picture.name in self._names]
        captions = [picture.alt for picture in shown[:-1]] + [words or shown[-1].alt]
        lines = []
        for picture, typed in zip(shown, captions, strict=True):
            alt = _BLANKS.sub(" ", typed).strip()
            lines.append(
                f"![{escaped(alt, _ALL_SPECIAL) if re.search(r'[][()!`*_]', alt) else alt}]({self._names[picture.name]})"
            )
        return "\n".join(lines)

    # ------------------------------------------------------------ paragraphs

    def _paragraph(self, paragraph: Paragraph) -> str:
        expected = plain(paragraph.text)
        if not expected and not any(run.note for run in paragraph.runs):
            return ""
        if _PHOTO_MARK.fullmatch(expected):
            return expected
        heading = expected[0] in HEADING_OPENERS and chinese_heading(expected) is not None if expected else False
        runs = [Run(run.text, run.marks - {"bold"}, run.link, run.note) for run in paragraph.runs]
        hashes = ""
        if not heading:
            runs = list(paragraph.runs)
            if paragraph.level and len(expected) <= 60:
                hashes = "#" * min(6, paragraph.level + 1) + " "
                runs = [Run(run.text, run.marks - {"bold"}, run.link, run.note) for run in runs]
        start = "  " * paragraph.depth + "- " if paragraph.bullet else hashes
        typed = [Run(paragraph.number), *runs] if paragraph.number else runs
        return start + self._faithful(typed, expected, is_item=paragraph.bullet)

    def _inline_of(self, paragraph: Paragraph) -> str:
        return self._faithful(paragraph.runs, plain(paragraph.text), is_item=True)

    def _faithful(self, runs: Sequence[Run], expected: str, is_item: bool = False) -> str:
        """The Markdown of runs that gives the words that are expected; the plainest one that does."""
        for special, bold in (
            (_SPECIAL, ("**", "**")),
            (_SPECIAL, ("<strong>", "</strong>")),
            (_ALL_SPECIAL, ("<strong>", "</strong>")),
        ):
            text = self._inline(runs, special, bold)
            if not is_item and _LINE_START.match(text) and not text.startswith(("**", "<")):
                text = "\\" + text
            if _ITEM.match(text) or plain(shown(text)) == expected:
                return text
        return text

    def _inline(self, runs: Sequence[Run], special: re.Pattern[str], bold: tuple[str, str]) -> str:
        parts = []
        for (is_bold, link), group in groupby(_merged(runs), lambda run: ("bold" in run.marks, run.link)):
            inside = "".join([self._run(run, special) for run in group])
            left, words, right = _edges(inside)
            if words and link:
                words = f"[{words}]({link.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"
            parts.append(f"{left}{bold[0]}{words}{bold[1]}{right}" if is_bold and words else left + words + right)
        return "".join(parts).strip(" \u3000\u00a0\t")

    def _run(self, run: Run, special: re.Pattern[str]) -> str:
        if run.note:
            if run.note not in self._called:
                self._called.append(run.note)
            return f"[^{run.note}]"
        left, words, right = _edges(escaped(run.text.replace("\t", "\u3000"), special))
        for mark, tag in _TAGS:
            if mark in run.marks and words:
                words = f"<{tag}>{words}</{tag}>"
        return left + words + right

    # ------------------------------------------------------------ tables

    def _table(self, table: Table) -> Iterator[str]:
        """A table; one of a single cell, or with pictures, only laid them out and becomes paragraphs."""
        if not lays_out(table):
            yield self._rows(table)
        elif sum(map(len, table.rows)) == 1:
            yield from self.blocks(table.rows[0][0].paragraphs)
        else:
            yield from self._photo_table(table)

    def _photo_table(self, table: Table) -> Iterator[str]:
        """Photos side by side with their captions, and the rows of text between them."""
        for rows, has_photos in row_groups(table):
            if has_photos:
                yield from self._photo_row(*rows)
            elif len(rows) > 1:
                yield self._rows(Table(rows))
            else:
                yield from (escaped(words, _SPECIAL) for words in map(_words, rows[0]) if words)

    def _photo_row(self, row: Sequence[Cell], below: Sequence[Cell] = ()) -> Iterator[str]:
        pictures = [[picture for paragraph in cell.paragraphs for picture in paragraph.pictures] for cell in row]
        texts = [_words(cell) for cell in below or row]
        yield "\n".join(
            self._pictures(found, caption_in(words)) for found, words in zip(pictures, texts, strict=True) if found
        )
        yield from (
            escaped(words, _SPECIAL) for words, found in zip(texts, pictures, strict=True) if words and not found
        )

    def _rows(self, table: Table) -> str:
        width = max(sum(cell.span for cell in row) for row in table.rows)
        rows: list[list[str]] = []
        for row in table.rows:
            texts: list[str] = []
            for cell in row:
                column = len(texts)
                above = rows[-1][column] if cell.goes_on and rows and column < len(rows[-1]) else ""
                texts += [above or self._cell(cell), *[""] * (cell.span - 1)]
            rows.append(texts + [""] * (width - len(texts)))
        lines = [f"| {' | '.join(texts)} |" for texts in rows]
        return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])

    def _cell(self, cell: Cell) -> str:
        return "<br>".join(filter(None, map(self._inline_of, cell.paragraphs))).replace("|", "\\|")


def _merged(runs: Sequence[Run]) -> Iterator[Run]:
    """Runs with the same marks as one: Word parts them at each correction."""
    for _, group in groupby(runs, lambda run: (run.marks, run.link, run.note)):
        first, *others = group
        yield Run("".join([first.text, *(run.text for run in others)]), first.marks, first.link, first.note)


def _edges(text: str) -> tuple[str, str, str]:
    """A text without the blanks around it, which no mark may hold."""
    words = text.strip(" \u3000\u00a0")
    start = text.find(words)
    return (text[:start], words, text[start + len(words) :]) if words else (text, "", "")


def lays_out(table: Table) -> bool:
    """Whether a table has one cell or holds photos: it only says where they stand."""
    return sum(map(len, table.rows)) <= 1 or any(map(_has_pictures, table.rows))


def row_groups(table: Table) -> Iterator[tuple[tuple[tuple[Cell, ...], ...], bool]]:
    """The rows of a table that holds photos, with whether they do: a row of photos, with the row of its captions if there is
    one; rows of text that follow each other.
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
    """The number of tables of text that a table is."""
    if not lays_out(table):
        return 1
    return sum(len(rows) > 1 and not has_photos for rows, has_photos in row_groups(table))


def _words(cell: Cell) -> str:
    return " ".join(filter(None, (plain(paragraph.text, " ") for paragraph in cell.paragraphs)))


def _has_pictures(row: Sequence[Cell]) -> bool:
    return any(paragraph.pictures for cell in row for paragraph in cell.paragraphs)


def caption_of(below: Paragraph) -> str:
    """The caption that the line below a photo is; "" where it is text."""
    words = plain(below.text, " ")
    is_named = words.startswith(("图", "▲", "△", "（图", "(图"))
    if below.pictures or below.level or not (is_named or below.align == "center") or _PHOTO_MARK.fullmatch(words):
        return ""
    return caption_in(words) if len(words) <= LONGEST_CAPTION and words[-1:] not in "。；：" else ""


def caption_in(words: str) -> str:
    """A caption without the brackets around it, and without 图1： or ▲ before it."""
    inside = _IN_BRACKETS.fullmatch(words)
    return _PHOTO_NUMBER.sub("", inside[1] if inside else words, count=1).strip()


def plain(text: str, between: str = "") -> str:
    """Words without the blanks between them."""
    return _BLANKS.sub(between, text).strip()


def escaped(text: str, special: re.Pattern[str]) -> str:
    """A text whose signs mean nothing to Markdown."""
    return special.sub(lambda match: "&amp;" if match[0] == "&" else "\\" + match[0], text)


def shown(text: str) -> str:
    """What readers see of a paragraph of Markdown."""
    body, _ = convert(re.sub(r"\[\^\d+\]", "", text), Markdown(), "notice")
    return body.text
