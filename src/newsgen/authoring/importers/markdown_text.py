"""Runs of text -> a line of Markdown that shows exactly their words.

Each line is read back by newsgen's own Markdown parser. The plainest form is taken that shows the expected words and gives
no diagnostics.
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
"""Signs in positions where they usually have a meaning in Markdown."""
ALL_SPECIAL = re.compile(r"[\\`*_\[\]<>#{}|~&=^!+.:()-]")
"""All signs that can have a meaning in Markdown, wherever they stand."""
_BUT_STARS = re.compile(SPECIAL.pattern.replace("[\\\\`*]", "[\\\\`]", 1))
"""SPECIAL without asterisks, which may be signs of multiplication, or hide a part of a name."""
_WIDE_TOO = re.compile(rf"{ALL_SPECIAL.pattern}|[＃＊＞｜＿［］！【】：／]")
"""ALL_SPECIAL and the full-width signs of Chinese input methods, which the parser reports as slips."""
_ANY_SIGN = re.compile(r"[^\w\s]|_")
_LINE_START = re.compile(r"(?:[#＃>|=+-]|(?=```|~~~))")
"""Beginnings of lines that may open a block."""
_HARMLESS_ALONE = re.compile(r"[#＃=]|[-+](?=\d)")
"""Beginnings of lines for which the line alone decides whether it opens a block, so that reading it back tells."""
_NUMBER = re.compile(r"(\d{1,3})\.(?=[ \u3000])")
_BLANKS = re.compile(r"[\s\u3000\u00a0]+")
_PLAIN_BLANKS = re.compile(r"[ \u00a0]+")
"""Blanks that a page shows as one; an ideographic space (张　三) is kept."""
_NOTE = re.compile(r"(?<!\\)\[\^\d+\]")
_TOKEN = re.compile(r"<(/?)(ol|ul|li)\b([^>]*)>|<[^>]*>")
_START = re.compile(r'\bstart="(\d+)"')
_BAR = re.compile(r"((?<!\\)(?:\\\\)*)\|")
"""A bar that is not escaped by a backslash."""
_PAIRED = re.compile(r"[*_~=^`<\[\]|!\\&]")
"""Signs that may pair with others further on in their line."""
_UNSAFE = re.compile(r"[\s()<>\"'\\`|]")


_OF_THE_AUTHOR = frozenset(("image.placeholder", "image.bare", "link.full-width"))
"""Codes of diagnostics about the author's own words, such as （此处插图）, which no other form of Markdown avoids."""


CellLines = Sequence[tuple[Sequence[Run], str]]
"""The lines of a cell: the runs of each, and the words that they have to show."""


class _WritingForm(NamedTuple):
    """A way to write: the signs to escape, whether as entities, and the marks around bold text."""

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
"""The ways to write, the plainest first."""


def faithful(runs: Sequence[Run], expected: str, start: str = "", is_item: bool = False) -> str:
    """The plainest Markdown of runs that, after `start`, shows the expected words and gives no diagnostics.

    If no form does, one with diagnostics or, at last, any form. `is_item`: the runs follow other signs in their line, as in
    an item or a cell, so that none of their signs opens a block.
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
    """The Markdown of the cells of a row, in which no sign pairs with one of another line or cell."""
    apart = [_of_lines([faithful(runs, words, is_item=True) for runs, words in lines]) for lines in cells]
    if not _PAIRED.search("".join(apart)):
        return apart
    expected = "".join([words for lines in cells for _, words in lines])
    together = ([_of_lines([_inline(runs, form) for runs, _ in lines]) for lines in cells] for form in _FORMS[1:])
    return next((row for row in (apart, *together) if _read(_table_of(row)) == (expected, False)), apart)


def _of_lines(lines: Sequence[str]) -> str:
    """The Markdown of a cell, with its bars escaped, since a bar would end the cell."""
    return _BAR.sub(r"\1\\|", "<br>".join(filter(None, lines)))


def _table_of(row: Sequence[str]) -> str:
    """A table with one row; a single cell is a line of its own."""
    return f"| {' | '.join(row)} |\n|{' --- |' * len(row)}" if len(row) > 1 else row[0]


def _candidates(runs: Sequence[Run], opens_line: bool) -> Iterator[str]:
    """The Markdown of runs in each way to write, the plainest first."""
    has_stars = any("*" in run.text for run in runs)
    for form in _FORMS if has_stars else _FORMS[1:]:
        text = _inline(runs, form)
        if opens_line and _LINE_START.match(text):
            if _HARMLESS_ALONE.match(text):
                yield text
            text = "\\" + text
        yield text


def plain(text: str, between: str = "") -> str:
    """A text with `between` in place of its blanks, and no blanks at its ends."""
    return _BLANKS.sub(between, text).strip()


def escaped(text: str, special: re.Pattern[str], has_entities: bool = False) -> str:
    """A text whose special signs are escaped, so that Markdown shows them as they are."""

    def harmless(match: re.Match[str]) -> str:
        sign = match[0]
        if has_entities or not sign.isascii():
            return f"&#{ord(sign)};"
        return "&amp;" if sign == "&" else "\\" + sign

    return special.sub(harmless, text)


def with_typed_number(line: str) -> str:
    """A line `1. 甲` as text instead of a list item, so that its number does not depend on the lines above."""
    return _NUMBER.sub(r"\1\\.", line, count=1)


def number_of(line: str) -> int | None:
    """The number of a line that is an item of a numbered list; None for any other line."""
    match = _NUMBER.match(line)
    return int(match[1]) if match else None


@lru_cache(maxsize=1_024)
def _read(line: str) -> tuple[str, bool]:
    """The words of a line that readers see, and whether it gives diagnostics."""
    body, diagnostics = convert(_NOTE.sub("", line), Markdown(), "notice")
    return plain(visible(body)), any(item.code not in _OF_THE_AUTHOR for item in diagnostics)


def visible(body: Body) -> str:
    """The words of a text that readers see, including the numbers of its lists and its signature."""
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
    """Open or close a list in `counters`: the next number of each open list, None for one with bullets."""
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
    """A link; an address whose words are the address itself stays bare, as newsgen links it by itself."""
    if typed == link and [found.address for found in bare_addresses(typed)] == [typed] and words == typed:
        return typed
    return f"[{words}]({_UNSAFE.sub(lambda match: f'%{ord(match[0]):02X}', link)})"


def _marked(run: Run, form: _WritingForm) -> str:
    if run.note:
        return f"[^{run.note}]"
    left, words, right = _edges(escaped(run.text, form.special, form.has_entities))
    if "underline" in run.marks and "\u3000" in left + right:  # a blank to be filled in, empty or filled in
        left, words, right = "", left + words + right, ""
    for mark, tag in _TAGS:
        if mark in run.marks and words:
            words = f"<{tag}>{words}</{tag}>"
    return left + words + right


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs, with neighbours of the same marks joined: Word splits runs at each correction.

    Characters that no text may hold are removed.
    """
    for _, group in groupby(runs, lambda run: (run.marks, run.link, run.note)):
        first, *others = group
        text = clean("".join([first.text, *(run.text for run in others)])).replace("\t", "\u3000")
        text = _PLAIN_BLANKS.sub(" ", text)
        yield Run(text, first.marks, first.link, first.note)


def _edges(text: str) -> tuple[str, str, str]:
    """The blanks before a text, the text, and the blanks after it: marks may not enclose outer blanks."""
    words = text.strip(" \u3000\u00a0")
    start = text.find(words)
    return (text[:start], words, text[start + len(words) :]) if words else (text, "", "")
