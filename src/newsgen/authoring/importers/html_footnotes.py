"""Footnotes of HTML: a short link to a place that links back, as Word, WPS, LibreOffice, Google Docs and wikis write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from newsgen.authoring.importers.html_addresses import link_of
from newsgen.authoring.importers.html_tree import HtmlNode

_CALL = re.compile(
    r"[\[【（(〔［]?\s*(?:注?\s*\d{1,4}|[ivxIVX]{1,6}|[a-zA-Z]|[①-⑳]|[*†‡#]{1,3})\s*[\]】）)〕］]?[.．、]?"
)
_KNOWN = re.compile(r"(?:_(?:ftn|edn)|sdfootnote|sdendnote|ftnt|cite_note-|fn:?)\d+(?:sym)?", re.IGNORECASE)
_NOTE_ID = re.compile(r"(?:ftn|edn|sdfootnote|sdendnote)\d+", re.IGNORECASE)
_BLOCKS = frozenset(("p", "li", "div", "dd", "td", "section", "aside"))
_INLINE = frozenset(("a", "sup", "span", "font", "b", "i", "u"))


class FootnoteMarks(NamedTuple):
    """The footnotes of a page: the number of each call (a link to a note), and the node of each note by its number.

    `back_links` are the links in notes that lead back to calls, `lost` the calls whose note is not in the page.
    """

    calls: Mapping[HtmlNode, int]
    notes: Mapping[int, HtmlNode]
    back_links: frozenset[HtmlNode]
    lost: frozenset[HtmlNode]


def footnotes_of(root: HtmlNode, base: str) -> FootnoteMarks:
    """The footnotes of a page, numbered in the order of their calls."""
    order: dict[HtmlNode, int] = {}
    places: dict[str, HtmlNode] = {}
    links: dict[HtmlNode, str] = {}
    for node in root.nodes():
        order[node] = len(order)
        for name in filter(None, (node.attributes.get("id", ""), node.attributes.get("name", ""))):
            places.setdefault(name, node)
        if node.tag == "a" and node.attributes.get("href"):
            fragment = link_of(node.attributes["href"], base).fragment
            if fragment:
                links[node] = fragment
    return _numbered(order, places, links)


def _numbered(
    order: Mapping[HtmlNode, int], places: Mapping[str, HtmlNode], links: Mapping[HtmlNode, str]
) -> FootnoteMarks:
    calls: dict[HtmlNode, int] = {}
    numbers: dict[HtmlNode, int] = {}
    back: set[HtmlNode] = set()
    lost: set[HtmlNode] = set()
    links_in: dict[HtmlNode, list[HtmlNode]] = {}
    for link in links:
        for block in _blocks_around(link):
            links_in.setdefault(block, []).append(link)
    for node, fragment in links.items():
        if node in back or not _CALL.fullmatch(node.text.strip()):
            continue
        target = places.get(fragment)
        note = _note_around(target) if target is not None else None
        if note is None or order[note] < order[node]:
            if target is None and ("mso-footnote-id" in node.attributes.get("style", "") or _KNOWN.fullmatch(fragment)):
                lost.add(node)
            continue
        names = set(_names_around(node))
        returning = [link for link in links_in.get(note, ()) if link is not node and links[link] in names]
        if returning:
            calls[node] = numbers.setdefault(note, len(numbers) + 1)
            back.update(returning)
    return FootnoteMarks(
        calls, {number: note for note, number in numbers.items()}, frozenset(back), frozenset(lost - back)
    )


def _blocks_around(node: HtmlNode) -> Iterator[HtmlNode]:
    """The three innermost blocks around a link, one of which may be a note."""
    found, above = 0, node.parent
    while above is not None and found < 3:
        if above.tag in _BLOCKS:
            found += 1
            yield above
        above = above.parent


def _note_around(target: HtmlNode) -> HtmlNode | None:
    """The block that holds a note: the paragraph around the link's target, or the division that Word makes for a note."""
    node: HtmlNode | None = target
    while node is not None and node.tag not in _BLOCKS:
        node = node.parent
    if node is None or node.tag != "p" or node.parent is None:
        return node
    around = node.parent
    style = around.attributes.get("style", "").replace(" ", "").lower()
    is_note = "mso-element:footnote" in style or "mso-element:endnote" in style
    is_one = around.tag in ("div", "li") and (is_note or _NOTE_ID.fullmatch(around.attributes.get("id", "")))
    return around if is_one and "-list" not in style else node


def _names_around(node: HtmlNode) -> Iterator[str]:
    """The names (id, name) of a link, of the elements in it, and of the inline elements around it."""
    above: HtmlNode | None = node
    while above is not None and above.tag in _INLINE:
        yield from filter(None, (above.attributes.get("id", ""), above.attributes.get("name", "")))
        above = above.parent
    for inner in node.nodes():
        yield from filter(None, (inner.attributes.get("id", ""), inner.attributes.get("name", "")))
