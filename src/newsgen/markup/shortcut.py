"""A text without Markdown -> its Body at once: what the whole chain would give, to the byte (test_markup_fast.py).

Most reports hold nothing but paragraphs, headings, a photo or two, a bold word and a signature. A line is understood
here only if it is made of characters that mean nothing to anyone in the chain; a single other line, and the whole text
takes the long way. When in doubt, doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from newsgen.markup.closing import set_apart
from newsgen.markup.figures import caption, shown_alt
from newsgen.markup.headings import chinese_heading, heading_id, levels, unique
from newsgen.markup.limits import MAX_MARKS
from newsgen.markup.source import Line
from newsgen.model import ArticleKind, Body, Heading, Markdown, Reference
from newsgen.text import join_lines

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


_SPOT = "\x02"
"""Where a reference goes, in HTML that is not yet cut there."""


class _Typed(NamedTuple):
    """A line that is understood, and what it was found to be."""

    line: Line
    match: re.Match[str]


@dataclass(frozen=True, slots=True)
class _Page:
    """What becomes of the lines: the HTML of each block, its text if it is a paragraph, and more."""

    blocks: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    headings: list[tuple[int, str, str]] = field(default_factory=list)  # index in blocks, kind, title
    references: list[Reference] = field(default_factory=list)


def plain_body(source: str, settings: Markdown, kind: ArticleKind, first_line: int) -> Body | None:
    """The Body of a text of which every line is understood and nothing is to be said; else None."""
    typed = _understood(source, first_line)
    if typed is None or (settings.paragraphs == "standard" and _has_long_paragraphs(typed)):
        return None
    closing = set_apart([line for line, _ in typed], kind)
    if closing.signature is not None:
        kept = {line.number for line in closing.lines}
        typed = [item for item in typed if item.line.number in kept]
    page = _Page()
    for line, match in typed:
        if not _set(page, line, match, closing.classes):
            return None
    return _body(page, closing.signature)


def _understood(source: str, first_line: int) -> list[_Typed] | None:
    """The lines that hold something, or None where one is more than this module understands."""
    typed = []
    for number, raw in enumerate(source.split("\n"), first_line):
        text = raw.strip()
        if not text:
            continue
        match = _LINE.fullmatch(text)
        if match is None or raw.endswith("  ") or len(text) > MAX_MARKS or _ODD.search(text):
            return None
        typed.append(_Typed(Line(number, 1 + raw.index(text), 0, text, False, False, raw), match))
    return typed


def _has_long_paragraphs(typed: Sequence[_Typed]) -> bool:
    """Whether lines may belong together by Markdown's rule: those with no blank line between, a signature left out."""
    return any(below.line.number <= above.line.number + 2 for above, below in pairwise(typed))


def _set(page: _Page, line: Line, match: re.Match[str], classes: Mapping[int, str]) -> bool:
    """Add what a line stands for; False where it is more than meets the eye."""
    kind, text = match.lastgroup, line.text
    if kind == "src":
        _set_figure(page, line, match)
        return True
    if kind == "title":
        return _set_heading(page, str(len(match["hashes"])), match["title"])
    heading = chinese_heading(text)
    if heading:
        return _set_heading(page, *heading)
    name = classes.get(line.number)
    inside = _PAIRS.sub(r"<strong>\1</strong>", text) if kind == "bold" else text
    page.blocks.append(f'<p class="{name}">{inside}</p>' if name else f"<p>{inside}</p>")
    if name != "signoff":
        page.texts.append(text.replace("**", "") if kind == "bold" else text)
    return True


def _set_heading(page: _Page, kind: str, title: str) -> bool:
    page.headings.append((len(page.blocks), kind, title))
    page.blocks.append("")
    return "*" not in title


def _set_figure(page: _Page, line: Line, match: re.Match[str]) -> None:
    alt, src = shown_alt(match["alt"]), match["src"]
    words = caption(alt, src)
    shown = f"<figcaption>{words}</figcaption>" if words else ""
    page.blocks.append(f'<figure><img alt="{alt}"{_SPOT}>{shown}</figure>')
    column = line.column + match.start("src")
    page.references.append(Reference("img", "src", src, "", line.number, column, src))


def _body(page: _Page, signature: str | None) -> Body:
    headings = _headings(page)
    for (index, _, title), heading in zip(page.headings, headings, strict=True):
        page.blocks[index] = f'<h{heading.level} id="{heading.id}">{title}</h{heading.level}>'
    html = "\n".join(page.blocks)
    chunks: list[str | int] = [html]
    if page.references:
        first, *others = html.split(_SPOT)
        chunks = [first, *(chunk for index, rest in enumerate(others) for chunk in (index, rest))]
    ids = frozenset(heading.id for heading in headings)
    return Body(tuple(chunks), tuple(page.references), headings, ids, join_lines(page.texts), signature)


def _headings(page: _Page) -> tuple[Heading, ...]:
    taken: dict[str, int] = {}
    found = zip(_levels(tuple(kind for _, kind, _ in page.headings)), page.headings, strict=True)
    return tuple(Heading(level, unique(heading_id(title), taken), title) for level, (_, _, title) in found)


@lru_cache(maxsize=1000)
def _levels(kinds: tuple[str, ...]) -> list[int]:
    """As headings.levels; the reports of one site have few different sequences."""
    return levels(kinds)
