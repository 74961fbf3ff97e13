"""Complete addresses that stand in a text as they are: `详见https://www.moe.gov.cn/a.html。` becomes a link.

An address ends before what cannot stand in one: blanks, Chinese characters and punctuation; and before punctuation that
belongs to the sentence (GFM 6.9, extended autolinks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9@/_])https?://(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9-]+(?::\d{1,5})?"
    r"(?:[/?#][A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*)?",
    re.IGNORECASE | re.ASCII,  # else `İ` counts as an i, and `１` as a digit
)
_NEXT = re.compile(r"[,;](?=https?://)", re.IGNORECASE | re.ASCII)
"""Between two addresses that are typed one after the other."""
_TRAILING = ".,;:!?*_~'&"
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\"[^\"]*\"|[^\"<>])*>")
_LITERAL = frozenset({"a", "code", "pre", "kbd", "samp"})
"""Elements in which nothing becomes a link."""


class BareAddress(NamedTuple):
    """An address in a text: where it begins, and what it is."""

    start: int
    address: str


def bare_addresses(text: str) -> Iterator[BareAddress]:
    """The complete addresses in a text without markup."""
    if "://" in text:
        for match in _ADDRESS.finditer(text):
            start = match.start()
            for address in _NEXT.split(match[0]):
                yield BareAddress(start, _without_sentence(address))
                start += len(address) + 1


def _without_sentence(address: str) -> str:
    """An address without the punctuation at its end, and what follows a parenthesis that was opened before it."""
    depth = 0
    for index, letter in enumerate(address):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            address = address[:index]
            break
    return address.rstrip(_TRAILING)


def with_links(html: str) -> str:
    """Sanitised HTML with the complete addresses in its text as links, but those in links and code."""
    if "://" not in html:
        return html
    pieces: list[str] = []
    end, literal = 0, 0
    for tag in _TOKEN.finditer(html):
        text = html[end : tag.start()]
        pieces += (text if literal else _linked(text), tag[0])
        if tag[2] in _LITERAL:
            literal += -1 if tag[1] else 1
        end = tag.end()
    return "".join(pieces) + _linked(html[end:])


def _linked(text: str) -> str:
    """Text as HTML holds it, with links."""
    if "://" not in text:
        return text
    pieces: list[str] = []
    # An entity is never a part of an address but `&amp;`, which is one sign of it.
    for part in re.split(r"(&(?!amp;)[^;\s]*;)", text):
        plain, end = part.replace("&amp;", "&"), 0
        made: list[str] = []
        for start, address in bare_addresses(plain):
            written = _escaped(address)
            made += (_escaped(plain[end:start]), f'<a href="{written}">{written}</a>')
            end = start + len(address)
        pieces.append("".join(made) + _escaped(plain[end:]) if made else part)
    return "".join(pieces)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;")
