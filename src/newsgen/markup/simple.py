"""Lines that hold no Markdown, or next to none, and the HTML that the whole chain would make of them.

A line is understood here only if it is made of characters that mean nothing to anyone in the chain: the line pass,
Python-Markdown, the sanitizer, the last touches, the remarks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from newsgen.markup.figures import caption, shown_alt
from newsgen.markup.headings import chinese_heading, heading_id, levels, unique
from newsgen.markup.limits import MAX_MARKS
from newsgen.markup.source import Line, read_line
from newsgen.model import Heading, Reference

_WORDS = (
    " !\"$%'()+,./0-9:;?@A-Za-z~"
    "\u00a1-\u00ac\u00ae-\u052f\u2010-\u2027\u2030-\u205e\u2070-\u2bff\u2e80-\u2fff\u3001-\ud7a3\uf900-\ufaff"
    "\ufe10-\ufe6f\uff01\uff02\uff04-\uffee\U0001f000-\U0001faff\U00020000-\U0002fa1f\U00030000-\U000323af-"
)
"""The characters of a line that is nothing but text. All others are left out, for these reasons:

    # ＃          headings, topics, the marks behind a heading
    &            entities
    * _          emphasis (`**` is read below)
    < >          HTML, addresses, quotes
    =            rules, `==marked==`, attributes of HTML (` id="x"` is looked for in the finished page)
    [ ] ^        links, images, definitions, footnotes, tasks
    \\            escapes and line breaks
    `            code
    { }          attributes
    |            tables
    blanks       tabs, U+3000 and NBSP inside a line, U+2028 and the like: lines are split and joined at them
    the rest     controls, surrogates, invisible and private characters: removed, refused, or fillers of our own
"""
_BOLD = rf"\*\*(?! )[{_WORDS}]++(?<! )\*\*"
_LINE = re.compile(
    rf"(?P<text>(?!\d+\.(?:\s|$)|[-+~])[{_WORDS}]++)"
    rf"|(?P<bold>(?!\d+\.(?:\s|$)|[-+~]|.*://)[{_WORDS}]*+{_BOLD}(?:[{_WORDS}]++{_BOLD})*+[{_WORDS}]*+)"
    rf"|(?P<hashes>#{{1,6}}) (?P<title>[{_WORDS}]++)"
    rf"|!\[(?P<alt>(?:(?!\")[{_WORDS}])*+)\]\((?P<src>(?!//|[Ww]{{3}}\.)[A-Za-z0-9_./\u4e00-\u9fff-]++)\)"
)
"""A whole line, stripped. Left out: `1. ` in any script's digits (lists), `-`, `+` and `~` in front (lists, rules,
fences), an address with a scheme, a blank or a sign that has a meaning in URLs, and bold words beside `://` (the checks take
`**` for a part of the address)."""

_PAIRS = re.compile(r"\*\*(.+?)\*\*")
_ODD = re.compile("  |~~|zz1337820767766393449zz|qq3936677670287331zz")
"""What no plain text holds: two blanks inside (one on the page), struck text, Python-Markdown's own marks for the arrow
and the blank of footnotes, which it replaces wherever they stand."""


SPOT = "\x02"
"""Where a reference goes, in the HTML of a Page."""


class Typed(NamedTuple):
    """A line, and what it was found to be: None where it may be anything."""

    line: Line
    match: re.Match[str] | None

    @property
    def may_join(self) -> bool:
        """Whether it is neither a figure nor typed with `#`."""
        return self.match is not None and self.match.lastgroup in ("text", "bold")


def understood(source: str, first_line: int) -> list[Typed]:
    """The lines that hold something, each with what it was found to be."""
    typed = []
    for number, raw in enumerate(source.split("\n"), first_line):
        text = raw.strip()
        if not text:
            continue
        match = _LINE.fullmatch(text)
        if match is None or raw.endswith("  ") or len(text) > MAX_MARKS or _ODD.search(text):
            typed.append(Typed(read_line(number, raw), None))
        else:
            typed.append(Typed(_line(number, raw, text), match))
    return typed


def _line(number: int, raw: str, text: str) -> Line:
    """As read_line, which has more to look for."""
    if raw == text:
        return Line(number, 1, 0, text, False, False, raw)
    lead = raw[: raw.index(text)]
    foreign = not lead.isascii()
    return Line(number, 1 + len(lead), 0 if foreign else len(lead.expandtabs(4)), text, foreign, False, raw)


@dataclass(frozen=True, slots=True)
class Page:
    """What becomes of such lines: the HTML of each block, the text of each paragraph, the references at the SPOTs.

    `titles` are the headings: index in `blocks`, kind as in headings.levels, title. Their blocks are empty until all
    are known.
    """

    blocks: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    titles: list[tuple[int, str, str]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def add(self, line: Line, match: re.Match[str], classes: Mapping[int, str]) -> bool:
        """Add what a line stands for; False where it is more than meets the eye."""
        kind = match.lastgroup
        if kind == "src":
            self._add_figure(line, match)
            return True
        if kind == "title":
            return self._add_heading(str(len(match["hashes"])), match["title"])
        heading = chinese_heading(line.text)
        if heading:
            return self._add_heading(*heading)
        self._add_paragraph(line.text, kind == "bold", classes.get(line.number))
        return True

    def _add_figure(self, line: Line, match: re.Match[str]) -> None:
        alt, src = shown_alt(match["alt"]), match["src"]
        words = caption(alt, src)
        shown = f"<figcaption>{words}</figcaption>" if words else ""
        self.blocks.append(f'<figure><img alt="{alt}"{SPOT}>{shown}</figure>')
        column = line.column + match.start("src")
        self.references.append(Reference("img", "src", src, "", line.number, column, src))

    def _add_heading(self, kind: str, title: str) -> bool:
        self.titles.append((len(self.blocks), kind, title))
        self.blocks.append("")
        return "*" not in title

    def _add_paragraph(self, text: str, bold: bool, name: str | None) -> None:
        inside = _PAIRS.sub(r"<strong>\1</strong>", text) if bold else text
        self.blocks.append(f'<p class="{name}">{inside}</p>' if name else f"<p>{inside}</p>")
        if name != "signoff":
            self.texts.append(text.replace("**", "") if bold else text)

    def headings(self) -> tuple[Heading, ...]:
        """The headings with their levels and ids; now their blocks are filled."""
        taken: dict[str, int] = {}
        headings = []
        order = _levels(tuple(kind for _, kind, _ in self.titles))
        for level, (index, _, title) in zip(order, self.titles, strict=True):
            name = unique(heading_id(title), taken)
            headings.append(Heading(level, name, title))
            self.blocks[index] = f'<h{level} id="{name}">{title}</h{level}>'
        return tuple(headings)


@lru_cache(maxsize=1000)
def _levels(kinds: tuple[str, ...]) -> list[int]:
    """As headings.levels; the reports of one site have few different sequences."""
    return levels(kinds)
