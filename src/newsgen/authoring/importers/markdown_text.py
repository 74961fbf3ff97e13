"""Runs of text -> a line of Markdown with exactly their words.

Each line is read back by newsgen's own Markdown: the plainest form is taken that shows the words which are expected and of which
nothing is said.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from newsgen.authoring.importers.blocks import Mark, Run
from newsgen.content.markdown import convert
from newsgen.content.markdown.bare_links import bare_addresses
from newsgen.core.model import Body, Markdown
from newsgen.core.text import clean

_TAGS: tuple[tuple[Mark, str], ...] = (
    ("italic", "em"),
    ("underline", "u"),
    ("struck", "del"),
    ("super", "sup"),
    ("sub", "sub"),
)
SPECIAL = re.compile(
    r"[\\`*]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|<(?=[A-Za-z/!?])|~(?=~)|=(?==)|\](?=[\[(:（：])|\[(?=[\[^])|&(?=[#A-Za-z])|\{(?=[.:#])"
)
"""Signs that mean something where they stand in most texts."""
ALL_SPECIAL = re.compile(r"[\\`*_\[\]<>#{}|~&=^!+.:()-]")
"""Signs that mean something anywhere."""
_BUT_STARS = re.compile(SPECIAL.pattern.replace("[\\\\`*]", "[\\\\`]", 1))
"""The same, for texts whose asterisks may be signs of multiplication, or hide a part of a name."""
_WIDE_TOO = re.compile(rf"{ALL_SPECIAL.pattern}|[＃＊＞｜＿［］！【】：／]")
"""Those of Chinese input methods, too, which are reported as slips."""
_ANY_SIGN = re.compile(r"[^\w\s]|_")
_LINE_START = re.compile(r"(?:[#＃>|=+-]|(?=```|~~~))")
"""How a line begins that may open a block."""
_HARMLESS_ALONE = re.compile(r"[#＃=]|[-+](?=\d)")
"""How it begins where that depends on this line alone, which can be tried."""
_NUMBER = re.compile(r"(\d{1,3})\.(?=[ \u3000])")
_BLANKS = re.compile(r"[\s\u3000\u00a0]+")
_PLAIN_BLANKS = re.compile(r"[ \u00a0]+")
"""Blanks of which a page shows one; a wide one (张　三) stays."""
_NOTE = re.compile(r"(?<!\\)\[\^\d+\]")
_TOKEN = re.compile(r"<(/?)(ol|ul|li)\b([^>]*)>|<[^>]*>")
_START = re.compile(r'\bstart="(\d+)"')
_BAR = re.compile(r"((?<!\\)(?:\\\\)*)\|")
"""A bar that no sign before it makes harmless."""
_PAIRED = re.compile(r"[*_~=^`<\[\]|!\\&]")
"""Signs that may belong to others further on in their line."""
_UNSAFE = re.compile(r"[\s()<>\"'\\`|]")


_OF_THE_AUTHOR = frozenset(("image.placeholder", "image.bare", "link.full-width"))
"""Diagnostics about what was written in the document itself, （此处插图）: no other form of it would be better."""


CellLines = Sequence[tuple[Sequence[Run], str]]
"""The lines of a cell: the runs of each, and the words that they are to show."""


class _WritingForm(NamedTuple):
    """A way to write: which signs are made harmless, whether by entities, and the marks of bold text."""

    special: re.Pattern[str]
    bold: tuple[str, str]
    has_entities: bool = False


_FORMS = (
    _WritingForm(_BUT_STARS, ("**", "**")),
    _WritingForm(SPECIAL, ("**", "**")),
    _WritingForm(SPECIAL, ("<strong>", "</strong>")),
    _WritingForm(ALL_SPECIAL, ("<strong>", "</strong>")),
    _WritingForm(_WIDE_TOO, ("<strong>", "</strong>")),
    _WritingForm(_ANY_SIGN, ("<strong>", "</strong>"), has_entities=True),
)
"""From the plainest on."""


def faithful(runs: Sequence[Run], expected: str, start: str = "", is_item: bool = False) -> str:
    """The Markdown of runs, behind the `start` of their line, that shows the words that are expected.

    `is_item`: they stand behind other signs, as in an item or a cell, so that no sign opens a block.
    """
    fair = ""
    text = ""
    for text in _candidates(runs, not (start or is_item)):
        words, is_told = _read(start + text)
        if words == expected and not is_told:
            return text
        fair = fair or (text if words == expected else "")
    return fair or text


def faithful_row(cells: Sequence[CellLines]) -> list[str]:
    """The Markdown of the cells of a row: signs of one line or cell must not pair with those of another."""
    apart = [_of_lines([faithful(runs, words, is_item=True) for runs, words in lines]) for lines in cells]
    if not _PAIRED.search("".join(apart)):
        return apart
    expected = "".join([words for lines in cells for _, words in lines])
    together = ([_of_lines([_inline(runs, form) for runs, _ in lines]) for lines in cells] for form in _FORMS[1:])
    return next((row for row in (apart, *together) if _read(_table_of(row)) == (expected, False)), apart)


def _of_lines(lines: Sequence[str]) -> str:
    """The Markdown of a cell: a bar in it would end it."""
    return _BAR.sub(r"\1\\|", "<br>".join(filter(None, lines)))


def _table_of(row: Sequence[str]) -> str:
    """A table with one row; a single cell is a line of its own."""
    return f"| {' | '.join(row)} |\n|{' --- |' * len(row)}" if len(row) > 1 else row[0]


def _candidates(runs: Sequence[Run], opens_line: bool) -> Iterator[str]:
    """The ways to write runs, from the plainest on."""
    has_stars = any("*" in run.text for run in runs)
    for form in _FORMS if has_stars else _FORMS[1:]:
        text = _inline(runs, form)
        if opens_line and _LINE_START.match(text):
            if _HARMLESS_ALONE.match(text):
                yield text
            text = "\\" + text
        yield text


def plain(text: str, between: str = "") -> str:
    """Words without the blanks between them."""
    return _BLANKS.sub(between, text).strip()


def escaped(text: str, special: re.Pattern[str], has_entities: bool = False) -> str:
    """A text whose signs mean nothing to Markdown."""

    def harmless(match: re.Match[str]) -> str:
        sign = match[0]
        if has_entities or not sign.isascii():
            return f"&#{ord(sign)};"
        return "&amp;" if sign == "&" else "\\" + sign

    return special.sub(harmless, text)


def with_typed_number(line: str) -> str:
    """A line `1. 甲` as text: its number does not depend on the lines above."""
    return _NUMBER.sub(r"\1\\.", line, count=1)


def number_of(line: str) -> int | None:
    """The number of the item of a list that a line is; None for other lines."""
    match = _NUMBER.match(line)
    return int(match[1]) if match else None


@lru_cache(maxsize=1_024)
def _read(line: str) -> tuple[str, bool]:
    """The words that readers see of a line, and whether something is said of it."""
    body, diagnostics = convert(_NOTE.sub("", line), Markdown(), "notice")
    return plain(visible(body)), any(item.code not in _OF_THE_AUTHOR for item in diagnostics)


def visible(body: Body) -> str:
    """The words that readers see of a text, the numbers of its lists and its signature included."""
    pieces, end = [], 0
    counters: list[int | None] = []
    markup = "".join([chunk if isinstance(chunk, str) else "" for chunk in body.chunks])
    for match in _TOKEN.finditer(markup):
        pieces.append(markup[end : match.start()])
        end = match.end()
        if match[2] == "li" and not match[1] and counters and (number := counters[-1]) is not None:
            pieces.append(f"{number}. ")
            counters[-1] = number + 1
        elif match[2] in ("ol", "ul"):
            _count(counters, match)
        pieces.append(" " if match[0][1:3] in ("br", "/p", "/l", "/t", "/h") else "")
    return html.unescape("".join([*pieces, markup[end:], body.signature or ""]))


def _count(counters: list[int | None], match: re.Match[str]) -> None:
    """Open or close a list; the items of one with bullets have no numbers."""
    if match[1]:
        del counters[-1:]
        return
    start = _START.search(match[3])
    counters.append(None if match[2] == "ul" else int(start[1]) if start else 1)


# ---------------------------------------------------------------- runs


def _inline(runs: Sequence[Run], form: _WritingForm) -> str:
    parts = []
    for (is_bold, link), group in groupby(_merged(runs), lambda run: ("bold" in run.marks, run.link)):
        inside = list(group)
        left, words, right = _edges("".join([_marked(run, form) for run in inside]))
        if words and link:
            words = _linked(words, link, "".join([run.text for run in inside]).strip())
        parts.append(f"{left}{form.bold[0]}{words}{form.bold[1]}{right}" if is_bold and words else left + words + right)
    return "".join(parts).strip(" \u3000\u00a0\t")


def _linked(words: str, link: str, typed: str) -> str:
    """A link; an address that stands in the text as it is becomes one by itself."""
    if typed == link and [found.address for found in bare_addresses(typed)] == [typed] and words == typed:
        return typed
    return f"[{words}]({_UNSAFE.sub(lambda match: f'%{ord(match[0]):02X}', link)})"


def _marked(run: Run, form: _WritingForm) -> str:
    if run.note:
        return f"[^{run.note}]"
    left, words, right = _edges(escaped(run.text, form.special, form.has_entities))
    if "underline" in run.marks and "\u3000" in left + right:  # a blank to be filled in, or one that is
        left, words, right = "", left + words + right, ""
    for mark, tag in _TAGS:
        if mark in run.marks and words:
            words = f"<{tag}>{words}</{tag}>"
    return left + words + right


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs with the same marks as one: Word parts them at each correction. What no text may hold goes."""
    for _, group in groupby(runs, lambda run: (run.marks, run.link, run.note)):
        first, *others = group
        text = clean("".join([first.text, *(run.text for run in others)])).replace("\t", "\u3000")
        text = _PLAIN_BLANKS.sub(" ", text)
        yield Run(text, first.marks, first.link, first.note)


def _edges(text: str) -> tuple[str, str, str]:
    """A text without the blanks around it, which no mark may hold."""
    words = text.strip(" \u3000\u00a0")
    start = text.find(words)
    return (text[:start], words, text[start + len(words) :]) if words else (text, "", "")
