"""The kinds of the lines of a text, found without Markdown: paragraphs, headings, photos, rows, items, quotes, footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from newsgen.content.markdown import photo_marks
from newsgen.content.markdown.checks import has_trigger
from newsgen.content.markdown.fast_path.inline import IMAGE, WORDS
from newsgen.content.markdown.headings import enumerations, hash_heading
from newsgen.content.markdown.preprocess.code_and_html import HTML_BLOCK
from newsgen.content.markdown.preprocess.containers import BULLET, is_rule
from newsgen.content.markdown.preprocess.lines import MAX_MARKS, Line, read_line, without_marks
from newsgen.content.markdown.preprocess.tables import PADDED
from newsgen.content.markdown.signature import find_signature
from newsgen.core.model import ArticleKind, Record, changed

Kind = Literal["text", "marked", "note", "hash", "figure", "row", "bullet", "number", "quote", "rule", "html", ""]
"""`text` is mere words, `marked` a paragraph that may hold inline marks, `note` is a footnote; nothing where a line may be
anything."""
PROSE = ("text", "marked")

_NUMBERED = re.compile(r"\d+\.(?:\s|&|$)")
"""Python-Markdown makes a list of it, in any script's digits; the blank may be typed as an entity."""
_DEFINITION = re.compile(r"\[[^\]]*\][:：]")
HASH = re.compile(r"(#{1,6}) ([^#＃]+)")
ITEM = re.compile(r"(?:[-+*]|[0-9]{1,3}\.) ")
NOTE = re.compile(r"\[\^([0-9]{1,3})\]: (.+)")


class ClassifiedLine(Record, frozen=True):
    """A line that holds something: as it is in the file, without blanks around, and whether a blank line is above it."""

    number: int
    raw: str
    text: str
    kind: Kind
    blank: bool

    @property
    def line(self) -> Line:
        """The line as the line pass knows it."""
        return read_line(self.number, self.raw)

    @property
    def column(self) -> int:
        """The column of the text in the file's line."""
        return 1 + self.raw.index(self.text)

    @property
    def indent(self) -> int:
        """The width of the ASCII blanks in front, as in Line."""
        return self.line.indent if self.raw[0] <= " " else 0

    @property
    def foreign(self) -> bool:
        """Whether it is indented as in Word, as in Line."""
        return not self.raw[: self.column - 1].isascii()

    @property
    def indented(self) -> bool:
        """Whether it may be indented as in Markdown."""
        return self.raw[0] <= " "


class ClassifiedText(NamedTuple):
    """A text, understood as far as it is simple, without its signature. `classes` and `enumerated` are as in Nesting."""

    lines: list[ClassifiedLine]
    classes: Mapping[int, str]
    enumerated: frozenset[int]
    signature: str | None


def classify(source: str, kind: ArticleKind, first_line: int) -> ClassifiedText:
    """Tell the lines of a text apart, and its signature from the rest."""
    lines = _lines(without_marks(source), first_line)
    signature = find_signature(lines, kind)
    if signature.place is not None:
        lines = _without(lines, signature.place)
    return ClassifiedText(lines, signature.classes, enumerations(lines), signature.text)


def _lines(source: str, first_line: int) -> list[ClassifiedLine]:
    unusual = "  " in source or "///" in source or "\t" in source or has_trigger(source)
    blank = False
    lines = []
    for number, raw in enumerate(source.split("\n"), first_line):
        text = raw.strip()
        if text:
            kind = kind_of(text)
            if unusual and _is_unusual(raw, text, kind):
                kind = ""
            lines.append(ClassifiedLine(number, raw, text, kind, blank))
        blank = not text
    return lines


def _is_unusual(raw: str, text: str, kind: Kind) -> bool:
    """Whether a line holds two blanks, which are one on the page, a tab, which parts the cells of a table, a part of
    `///Footnotes Go Here///`, where Python-Markdown puts the footnotes, or what some check is about."""
    return "\t" in raw or ("  " in text and kind != "row") or "///" in text or has_trigger(text)


def _without(lines: Sequence[ClassifiedLine], index: int) -> list[ClassifiedLine]:
    """The lines but one; a blank line above it stands above the next."""
    below = lines[index + 1 :]
    if below and lines[index].blank:
        below = [changed(below[0], blank=True), *below[1:]]
    return [*lines[:index], *below]


# ---------------------------------------------------------------- kinds of line


def kind_of(text: str) -> Kind:
    """The kind of a stripped line."""
    if len(text) > MAX_MARKS:
        return ""
    find = _KINDS.get(text[0])
    return (find(text) if find else "") or prose(text)


def prose(text: str) -> Kind:
    """`text` or `marked` for what no block but a paragraph begins with, else nothing."""
    first = text[0]
    if first in "-+>~&|" or (first.isdecimal() and _NUMBERED.match(text)):
        return ""
    if photo_marks.is_special(text):
        return ""
    if WORDS.fullmatch(text):
        return "text"
    opens = _OPENINGS.get(first)
    return "" if (opens and opens(text)) or text != text.strip() else "marked"


def _opens_hash(text: str) -> bool:
    return hash_heading(text) is not None or not text.replace("#", "").replace("＃", "").strip()


_OPENINGS: Mapping[str, Callable[[str], object]] = {
    "`": lambda text: text.startswith("```"),
    "#": _opens_hash,
    "＃": _opens_hash,
    "*": lambda text: BULLET.match(text) or is_rule(text),
    "_": is_rule,
    "=": is_rule,
    "[": _DEFINITION.match,
}
"""Whether a text that begins with the sign opens another block than a paragraph."""


def _note(text: str) -> Kind:
    match = NOTE.fullmatch(text)
    return "note" if match and prose(match[2]) else ""


def _hash(text: str) -> Kind:
    match = HASH.fullmatch(text)
    return "hash" if match and prose(match[2]) else ""


def _figure(text: str) -> Kind:
    match = IMAGE.fullmatch(text)
    return "figure" if match and (not match[1] or WORDS.fullmatch(match[1])) else ""


def _row(text: str) -> Kind:
    if len(text) < 3 or text[-1] != "|" or _NO_CELLS.intersection(text):
        return ""
    return "" if PADDED.search(text) else "row"


_NO_CELLS = frozenset("`\\｜")
"""What may hide a bar, or stand for one."""


def _item(text: str) -> Kind:
    if is_rule(text):
        return "rule"
    match = ITEM.match(text)
    if match is None or not prose(text[match.end() :]):
        return ""
    return "number" if text[0].isdecimal() else "bullet"


def _quote(text: str) -> Kind:
    inside = quoted(text)
    return "quote" if not inside or prose(inside) else ""


def _html(text: str) -> Kind:
    return "html" if HTML_BLOCK.match(text) else ""


def quoted(text: str) -> str:
    """The text behind the mark of a quotation."""
    return text[2:] if text.startswith("> ") else text[1:]


_KINDS: Mapping[str, Callable[[str], Kind]] = {
    "#": _hash,
    "!": _figure,
    "|": _row,
    ">": _quote,
    "[": _note,
    "<": _html,
    **dict.fromkeys("-+*0123456789", _item),
}
