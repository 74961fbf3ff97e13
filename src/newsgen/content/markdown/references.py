"""Sanitised HTML -> Body: ids made unique, headings noted, addresses that need other files cut out as references."""

from __future__ import annotations

import html as entities
import re
from typing import Literal, cast
from urllib.parse import unquote

from newsgen.content.markdown.headings import heading_id, unique
from newsgen.content.markdown.link_targets import Positions, scheme, web_address
from newsgen.content.markdown.plain_text import inline_text
from newsgen.content.markdown.sanitize import SCHEMES
from newsgen.core.model import Heading, Reference
from newsgen.core.own_addresses import is_own

_ID = re.compile(r"(<[a-z][^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*?) id=\"([^\"]*)\"")
_HEADING = re.compile(r"<h([1-6])((?: [^\s=\">]+=\"[^\"]*\")*)>(.*?)</h\1>", re.DOTALL)
_HEADING_ID = re.compile(r" id=\"([^\"]*)\"")
_LINKED = re.compile(r"<(a|img|video|audio|source|track)((?: [^\s=\">]+=\"[^\"]*\")+)>")
_ADDRESS = re.compile(r" (href|src|poster)=\"([^\"]*)\"")
_ALT = re.compile(r" alt=\"([^\"]*)\"")
_SIZE = re.compile(r" (?:width|height)=\"[^\"]*\"")
_NOTE = ("fn:", "fnref")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WWW = re.compile(r"www\.", re.IGNORECASE)
_HOST = re.compile(r"[/\\]{2}|www\.", re.IGNORECASE)


def with_ids(html: str) -> tuple[str, tuple[Heading, ...], frozenset[str]]:
    """`html` with an id on each heading and no id twice; its headings and its ids.

    Typed ids come first, then headings in order; footnotes keep theirs, for their links.
    """
    notes = {match[2] for match in _ID.finditer(html) if match[2].startswith(_NOTE)} if 'id="fn' in html else set()
    taken = dict.fromkeys(notes, 1)
    if ' id="' in html:
        html = _ID.sub(lambda match: _typed_id(match, notes, taken), html)
    headings: list[Heading] = []
    if "<h" in html:
        html = _HEADING.sub(lambda match: _heading(match, taken, headings), html)
    ids = frozenset(entities.unescape(match[2]) for match in _ID.finditer(html)) if ' id="' in html else frozenset()
    return html, tuple(headings), ids


def _typed_id(match: re.Match[str], notes: set[str], taken: dict[str, int]) -> str:
    name = entities.unescape(match[2])
    if match[2] in notes:
        notes.discard(match[2])
        return match[0]
    name = "-".join(name.split())
    if not name:
        return match[1]
    name = unique(name, taken)
    return f'{match[1]} id="{entities.escape(name)}"'


def _heading(match: re.Match[str], taken: dict[str, int], headings: list[Heading]) -> str:
    level, attributes, inside = int(match[1]), match[2], match[3]
    typed = _HEADING_ID.search(attributes)
    text = inline_text(inside)
    name = entities.unescape(typed[1]) if typed else unique(heading_id(text), taken)
    # The page's title is the only h1; raw HTML may still hold one.
    level = max(level, 2)
    headings.append(Heading(level, name, text))
    shown = attributes if typed else f' id="{entities.escape(name)}"{attributes}'
    return f"<h{level}{shown}>{inside}</h{level}>"


def split(
    html: str, positions: Positions, first_line: int, url: str
) -> tuple[tuple[str | int, ...], tuple[Reference, ...]]:
    """(chunks, references) as in model.Body: each address of the site at `url` is cut out, with its attribute.

    Addresses of other sites stay in the HTML; `www.` gets its https://. One with a scheme that no page may hold is left out,
    wherever it has come from. Places that cannot be found become `first_line`.
    """
    chunks: list[str | int] = []
    references: list[Reference] = []
    pending: list[str] = []
    end = 0
    for tag in _LINKED.finditer(html):
        if tag[1] == "img" and _is_refused(tag[2]):
            pending += [html[end : tag.start()], _words_of(tag)]
            end = tag.end()
            continue
        pending.append(html[end : tag.start(2)])
        end = tag.end(2)
        attributes = _without_size(tag[2], url) if tag[1] == "img" else tag[2]
        done = 0
        for address in _ADDRESS.finditer(attributes):
            value = entities.unescape(address[2])
            pending.append(attributes[done : address.start()])
            done = address.end()
            if scheme(value) not in ("", *SCHEMES):
                continue
            if _stays(value, attributes, url):
                pending.append(_absolute(address, value))
                continue
            chunks += ["".join(pending), len(references)]
            references.append(_reference(tag[1], address, positions.next(value, first_line)))
            pending.clear()
        pending.append(attributes[done:])
    return (*chunks, "".join([*pending, html[end:]])), tuple(references)


def _is_refused(attributes: str) -> bool:
    """Whether a picture has an address that no page may hold (`blob:`, `cid:`), or lost it by that: reported where it was typed."""
    source = _ADDRESS.search(attributes)
    return source is None or scheme(entities.unescape(source[2])) not in ("", *SCHEMES)


def _words_of(image: re.Match[str]) -> str:
    """The text in place of a picture that cannot be shown: its alt text, unless that is its caption as well."""
    alt = _ALT.search(image[2])
    return alt[1] if alt and not image.string.startswith("<figcaption>", image.end()) else ""


def _stays(value: str, attributes: str, url: str) -> bool:
    """Whether an address is complete: of another site, or between a footnote and its mark."""
    return not _is_open(value, url) or (value.startswith("#fn") and ' class="footnote-' in attributes)


def _is_open(value: str, url: str) -> bool:
    """Whether an address needs other files to be resolved."""
    name = scheme(value)
    if name or _HOST.match(value):
        return url != "" and name in ("", "http", "https") and is_own(url, _with_scheme(value))
    return True


def _with_scheme(value: str) -> str:
    return f"https://{value}" if _WWW.match(value) else value


def _absolute(address: re.Match[str], value: str) -> str:
    if value.startswith("#"):
        return address[0].replace(" ", "-").replace("-", " ", 1)
    written = web_address(_with_scheme(value))
    return address[0] if written == value else f' {address[1]}="{entities.escape(written)}"'


def _without_size(attributes: str, url: str) -> str:
    """Photos of this site get their true size from the resolver; a typed one would stand there twice."""
    source = _ADDRESS.search(attributes)
    return _SIZE.sub("", attributes) if source and _is_open(entities.unescape(source[2]), url) else attributes


def _reference(tag: str, address: re.Match[str], place: tuple[int, int]) -> Reference:
    typed = entities.unescape(address[2]).strip()
    path, _, fragment = typed.partition("#")
    attribute = cast(Literal["href", "src", "poster"], address[1])
    target, written = _decoded(path).replace("\\", "/"), web_address(_with_scheme(typed))
    return Reference(tag, attribute, target, _decoded(fragment), *place, written)


def _decoded(text: str) -> str:
    """`text` without percent signs, unless they hide control characters (`%00`), which no file name holds."""
    decoded = unquote(text)
    return text if _CONTROL.search(decoded) else decoded
