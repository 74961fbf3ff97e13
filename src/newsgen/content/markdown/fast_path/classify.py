"""What the lines of a text are, found without Markdown: paragraphs, headings, photos, rows, items and quotes of mere words.

A line is understood here only if it is made of characters that mean nothing to anyone in the chain: the line pass,
Python-Markdown, the sanitizer, the last touches, the diagnostics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Literal, NamedTuple

from newsgen.content.markdown.checks import has_trigger
from newsgen.content.markdown.headings import enumerations
from newsgen.content.markdown.masks import may_be_masked
from newsgen.content.markdown.preprocess.lines import MAX_MARKS, Line, read_line, without_marks
from newsgen.content.markdown.salutation import MOST_ABOVE, may_greet
from newsgen.content.markdown.signature import as_signature, extract_signature
from newsgen.core.model import ArticleKind, Record, changed

Kind = Literal["text", "bold", "noted", "linked", "note", "hash", "figure", "row", "bullet", "number", "quote", ""]
"""`bold` is text with `**words**` in it, `noted` with marks `[^1]`, `linked` with links, `note` is a footnote; nothing where a
line may be anything."""
PROSE = ("text", "bold", "noted", "linked")

_WORDS = re.compile(
    "(?:[ !\"$%'()+,./0-9;?@A-Za-z~"
    "\u00a1-\u00ac\u00ae-\u052f\u2010-\u2027\u2030-\u205e\u2070-\u2bff\u2e80-\u2fff\u3001-\u3010\u3012-\ud7a3\uf900-\ufaff"
    "\ufe10-\ufe6f\uff01\uff02\uff04-\uff09\uff0b-\uff19\uff1b-\uff1d\uff1f-\uff3c\uff3e-\uff5b\uff5d-\uffee\U0001f000-\U0001faff\U00020000-\U0002fa1f\U00030000-\U000323af-]++|[:：](?![/／]{2})|[】］](?!\\s*[(（]))++"
)
"""The characters of mere words. All others are left out, for these reasons:

    ＊ ＞         emphasis and quotes in full width: told
    】］ and （    links in Chinese brackets: told
    # ＃          headings, topics, the marks behind a heading
    &            entities
    * _          emphasis
    < >          HTML, addresses, quotes
    =            rules, `==marked==`, attributes of HTML (` id="x"` is looked for in the finished page)
    [ ] ^        links, images, definitions, footnotes, tasks
    \\            escapes and line breaks
    `            code
    { }          attributes
    | ｜          tables
    ://          addresses, which become links; with ： or ／: told
    blanks       tabs, U+3000 and NBSP inside a line, U+2028 and the like: lines are split and joined at them
    the rest     controls, surrogates, invisible and private characters: removed, refused, or fillers of our own
"""
_NUMBERED = re.compile(r"\d+\.(?:\s|$)")
"""Python-Markdown makes a list of it, in any script's digits."""
_BOLD = re.compile(r"(?:[^*]*+\*\*(?! )[^*]++(?<! )\*\*)++[^*]*+")
HASH = re.compile(r"(#{1,6}) (.+)")
FIGURE = re.compile(r"!\[([^\[\]\"]*)\]\((?!//|[Ww]{3}\.)([A-Za-z0-9_./\u4e00-\u9fff-]++)\)")
"""No scheme in the address, no blank, and no sign that has a meaning in URLs."""
ITEM = re.compile(r"(?:[-+*]|[0-9]{1,3}\.) ")

LINK = re.compile(
    r"(?<![!！])(?<![!！] )\[(?! *\])([^\[\]]++)\]"
    r"\((https?://[A-Za-z0-9_./?=-]++|(?!//|[Ww]{3}\.)[A-Za-z0-9_./\u4e00-\u9fff-]++)\)"
)
"""A complete address or one of this site, without signs that are written otherwise in a page."""

MARK = re.compile(r"(?<=[^!])\[\^([0-9]{1,3})\](?! ?[(（])")
"""Neither first in its line, where a footnote may begin, nor before a parenthesis, which may hold an address."""
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
        """As the line pass knows it."""
        return read_line(self.number, self.raw)

    @property
    def lead(self) -> str:
        """The blanks in front."""
        return self.raw[: self.raw.index(self.text)]

    @property
    def foreign(self) -> bool:
        """As in Line: indented as in Word."""
        return not self.lead.isascii()

    @property
    def indented(self) -> bool:
        """Whether it is indented as in Markdown."""
        return self.raw[0] in " \t"


class ClassifiedText(NamedTuple):
    """A text, understood as far as it is simple, without its signature. `classes` and `enumerated` are as in source.Place."""

    lines: list[ClassifiedLine]
    classes: Mapping[int, str]
    enumerated: frozenset[int]
    signature: str | None


def read(source: str, kind: ArticleKind, first_line: int) -> ClassifiedText:
    """Tell the lines of a text apart, and its closing from the rest."""
    lines = _lines(without_marks(source), first_line)
    if lines and kind == "news" and lines[-1].kind and not lines[-1].indented and not _may_greet(lines):
        # What most reports end with needs no look at what stands above.
        signature = as_signature(lines[-1].text)
        if signature is not None:
            return ClassifiedText(lines[:-1], {}, enumerations(lines[:-1]), signature)
    closing = extract_signature([line.line for line in lines], kind)
    if closing.signature is not None:
        lines = _without(lines, {line.number for line in closing.lines})
    return ClassifiedText(lines, closing.classes, enumerations(lines), closing.signature)


def _may_greet(lines: Sequence[ClassifiedLine]) -> bool:
    return any(may_greet(line.text) for line in lines[: MOST_ABOVE + 1])


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


def _without(lines: Sequence[ClassifiedLine], kept: Container[int]) -> list[ClassifiedLine]:
    """The lines that are kept; a blank line above one that is not stands above the next."""
    rest, blank = [], False
    for line in lines:
        blank = blank or line.blank
        if line.number in kept:
            rest.append(changed(line, blank=blank))
            blank = False
    return rest


# ---------------------------------------------------------------- kinds of line


def kind_of(text: str) -> Kind:
    """The kind of a stripped line."""
    if len(text) > MAX_MARKS:
        return ""
    find = _KINDS.get(text[0])
    if find is None and _WORDS.fullmatch(text) and not text[0].isdecimal():
        return "text"
    return (find(text) if find else "") or prose(text) or _noted(text) or _linked(text)


def prose(text: str) -> Kind:
    """`text` or `bold` for mere words that no list or rule begins with, else nothing."""
    if text[0] in "-+" or (text[0].isdecimal() and _NUMBERED.match(text)):
        return ""
    if _WORDS.fullmatch(text):
        return "text"
    return "bold" if is_bold(text) else ""


def is_bold(text: str) -> bool:
    """Whether a line holds `**words**`, with words before, between and behind. `://` makes the checks take the stars
    behind it for a part of the address; those that stand for something hidden are no marks."""
    if "**" not in text or "://" in text or may_be_masked(text):
        return False
    return bool(_BOLD.fullmatch(text) and _WORDS.fullmatch(text.replace("**", "")))


def _noted(text: str) -> Kind:
    return "noted" if "[^" in text and prose(MARK.sub("", text)) == "text" else ""


def _linked(text: str) -> Kind:
    return "linked" if "](" in text and prose(LINK.sub(r"\1", text)) == "text" else ""


def _note(text: str) -> Kind:
    match = NOTE.fullmatch(text)
    return "note" if match and prose(match[2]) == "text" else ""


def _hash(text: str) -> Kind:
    match = HASH.fullmatch(text)
    return "hash" if match and _WORDS.fullmatch(match[2]) else ""


def _figure(text: str) -> Kind:
    match = FIGURE.fullmatch(text)
    return "figure" if match and (not match[1] or _WORDS.fullmatch(match[1])) else ""


def _row(text: str) -> Kind:
    return "row" if len(text) > 2 and text[-1] == "|" and _WORDS.fullmatch(text[1:-1].replace("|", " ")) else ""


def _item(text: str) -> Kind:
    match = ITEM.match(text)
    if match is None or not prose(text[match.end() :]):
        return ""
    return "number" if text[0].isdecimal() else "bullet"


def _quote(text: str) -> Kind:
    inside = quoted(text)
    return "quote" if inside and prose(inside) else ""


def quoted(text: str) -> str:
    """What stands behind the mark of a quotation."""
    return text[2:] if text.startswith("> ") else text[1:]


_KINDS: Mapping[str, Callable[[str], Kind]] = {
    "#": _hash,
    "!": _figure,
    "|": _row,
    ">": _quote,
    "[": _note,
    **dict.fromkeys("-+*0123456789", _item),
}
