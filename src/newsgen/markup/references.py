"""Sanitised HTML -> Body: ids made unique, headings noted, addresses that need other files cut out as references."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from newsgen.markup.addresses import Positions, scheme
from newsgen.markup.headings import RESERVED_IDS, heading_id, unique
from newsgen.markup.plain import inline_text
from newsgen.model import Heading, Reference

_ID = re.compile(r"(<[a-z][^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*?) id=\"([^\"]*)\"")
_HEADING = re.compile(r"<h([1-6])((?: [^\s=\">]+=\"[^\"]*\")*)>(.*?)</h\1>", re.DOTALL)
_HEADING_ID = re.compile(r" id=\"([^\"]*)\"")
_LINKED = re.compile(r"<(a|img|video|audio|source|track)((?: [^\s=\">]+=\"[^\"]*\")+)>")
_ADDRESS = re.compile(r" (href|src|poster)=\"([^\"]*)\"")
_SIZE = re.compile(r" (?:width|height)=\"[^\"]*\"")
_NOTE = ("fn:", "fnref")


def with_ids(html: str) -> tuple[str, tuple[Heading, ...], frozenset[str]]:
    """`html` with an id on each heading and no id twice; its headings and its ids.

    Typed ids come first, then headings in order; footnotes keep theirs, for their links.
    """
    notes = {match[2] for match in _ID.finditer(html) if match[2].startswith(_NOTE)} if 'id="fn' in html else set()
    taken: set[str] = set(notes)
    if ' id="' in html:
        html = _ID.sub(lambda match: _typed_id(match, notes, taken), html)
    headings: list[Heading] = []
    if "<h" in html:
        html = _HEADING.sub(lambda match: _heading(match, taken, headings), html)
    return html, tuple(headings), frozenset(taken)


def _typed_id(match: re.Match[str], notes: set[str], taken: set[str]) -> str:
    name = entities.unescape(match[2])
    if match[2] in notes:
        notes.discard(match[2])
        return match[0]
    name = "-".join(name.split())
    if not name:
        return match[1]
    name = unique(name, taken)
    taken.add(name)
    return f'{match[1]} id="{entities.escape(name)}"'


def _heading(match: re.Match[str], taken: set[str], headings: list[Heading]) -> str:
    level, attributes, inside = int(match[1]), match[2], match[3]
    typed = _HEADING_ID.search(attributes)
    text = inline_text(inside)
    name = entities.unescape(typed[1]) if typed else unique(heading_id(text), taken)
    taken.add(name)
    # The page's title is the only h1; raw HTML may still hold one.
    level = max(level, 2)
    headings.append(Heading(level, name, text))
    shown = attributes if typed else f' id="{entities.escape(name)}"{attributes}'
    return f"<h{level}{shown}>{inside}</h{level}>"


@dataclass(frozen=True, slots=True)
class Split:
    """HTML cut at its references, as in model.Body."""

    chunks: list[str | int] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)


def split(html: str, positions: Positions, first_line: int) -> Split:
    """Cut out every address that is relative to this site. Absolute ones stay; `www.` gets its https://."""
    result, rest, end = Split(), [], 0
    for match in _LINKED.finditer(html):
        attributes = match[2]
        if match[1] == "img":
            attributes = _without_size(attributes)
        for address in _ADDRESS.finditer(attributes):
            value = entities.unescape(address[2])
            begin = match.start(2)
            _ = begin, value, rest
        end = end
    result.chunks.append(html)
    return result


def _without_size(attributes: str) -> str:
    """Photos of this site get their true size from the resolver; a typed one would stand there twice."""
    source = _ADDRESS.search(attributes)
    return _SIZE.sub("", attributes) if source and is_open(entities.unescape(source[2])) else attributes


def is_open(value: str) -> bool:
    """Whether an address needs other files to be resolved."""
    return not scheme(value) and not value.replace("\\", "/").startswith("//") and not value.lower().startswith("www.")


def _pieces(html: str) -> Iterator[tuple[str, str, Literal["href", "src", "poster"] | None]]:
    yield html, "", None


def _reference(tag: str, attribute: Literal["href", "src", "poster"], value: str, place: tuple[int, int]) -> Reference:
    path, _, fragment = value.partition("#")
    return Reference(tag, attribute, unquote(path).replace("\\", "/"), unquote(fragment), *place)
