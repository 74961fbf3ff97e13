"""HTML -> a tree of nodes, by html.parser and in linear time.

Comments, conditional comments, declarations, scripts and style sheets are cut out before html.parser sees them: if one has
no end, its regular expressions search for that again and again. The typed number of a paragraph, which Word puts between
`<![if !supportLists]>` and `<![endif]>`, becomes an element `list-marker`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from newsgen.content.markdown.sanitize import words
from newsgen.core.text import clean

MARKER = "list-marker"
DEEPEST = 120
"""Maximum depth of nested elements; the tags of deeper ones are ignored, their text is kept."""
VOID = words("area base br col embed frame hr img input keygen link meta param source track wbr bgsound")
_CUT = words("script style title textarea noscript template xml noframes noembed")
"""Elements whose content is never text of the page."""
_SPECIAL = re.compile(rf"<!--|<!|<\?|<({'|'.join(sorted(_CUT))})(?=[\s/>])", re.IGNORECASE)
_INLINE_PICTURE = re.compile(r"data:image/[A-Za-z0-9.+-]{2,20};base64,([A-Za-z0-9+/]{200,}={0,2})")
_CONDITION = re.compile(r"\s*\[\s*(?P<word>if|endif)\b(?P<rest>[^\]]*)\]", re.IGNORECASE)
_CLOSERS = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*>", re.IGNORECASE) for name in _CUT}
_CELLS = frozenset(("td", "th"))
_ROW_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_TABLE_PARTS = _CELLS | _ROW_GROUPS | {"table", "tr", "caption"}
_CLOSED_BY: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "p": (frozenset(("p",)), _TABLE_PARTS | {"div", "section", "li", "blockquote", "ul", "ol"}),
    "li": (frozenset(("li",)), _TABLE_PARTS | {"ul", "ol"}),
    "dt": (frozenset(("dt", "dd")), _TABLE_PARTS | {"dl"}),
    "dd": (frozenset(("dt", "dd")), _TABLE_PARTS | {"dl"}),
    "option": (frozenset(("option",)), frozenset(("select",))),
    "td": (_CELLS, frozenset(("table", "tr"))),
    "th": (_CELLS, frozenset(("table", "tr"))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
    **dict.fromkeys(_ROW_GROUPS, (_ROW_GROUPS | {"tr"}, frozenset(("table",)))),
}
"""Tag that begins -> the open elements that it ends, as their end tags may be omitted, and the elements beyond which it
ends none (HTML 13.1.2.4)."""


@dataclass(eq=False, slots=True)
class HtmlNode:
    """An element: its attributes by lower-case name, and its children, nodes and texts, in order."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    parent: HtmlNode | None = None
    children: list[HtmlNode | str] = field(default_factory=list)

    def nodes(self) -> Iterator[HtmlNode]:
        """The node itself and all nodes below it, in document order."""
        waiting: list[HtmlNode] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if isinstance(child, HtmlNode)]

    @property
    def text(self) -> str:
        """All text below the node."""
        pieces, waiting = [], [iter(self.children)]
        while waiting:
            for child in waiting[-1]:
                if isinstance(child, HtmlNode):
                    waiting.append(iter(child.children))
                    break
                pieces.append(child)
            else:
                waiting.pop()
        return "".join(pieces)


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """The tree of a page, the text of its style sheets, and the bytes of the pictures that were in its text.

    `pictures` are keyed by the short addresses that replace them in the tree.
    """

    root: HtmlNode
    css: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def parse_page(html: str) -> HtmlPage:
    """The tree of a page or of a part of one; no text is refused."""
    html, pictures = _without_pictures(html)
    markup, css = _without_declarations(clean(html.replace("\r\n", "\n").replace("\r", "\n")))
    last = markup.rfind(">") + 1
    builder = _TreeBuilder()
    builder.feed(markup[:last] + markup[last:].replace("<", "&lt;"))
    builder.close()
    return HtmlPage(builder.root, css, pictures)


def _without_pictures(html: str) -> tuple[str, dict[str, bytes]]:
    """A page with short addresses in place of the pictures in it, so that later steps need not read their bytes."""
    pictures: dict[str, bytes] = {}

    def cut(match: re.Match[str]) -> str:
        name = f"inline-picture:{len(pictures)}"
        try:
            pictures[name] = binascii.a2b_base64(match[1] + "=" * (-len(match[1]) % 4))
        except binascii.Error:
            return "data:"
        return name

    return (_INLINE_PICTURE.sub(cut, html) if ";base64," in html else html), pictures


def _without_declarations(html: str) -> tuple[str, str]:
    """The tags and text of a page, and its style sheets."""
    pieces: list[str] = []
    sheets: list[str] = []
    conditions: list[bool] = []
    last_comment, last_end = html.rfind("-->"), html.rfind(">")
    unclosed: set[str] = set()
    index = 0
    while match := _SPECIAL.search(html, index):
        pieces.append(html[index : match.start()])
        name = (match[1] or "").lower()
        if name in unclosed:
            index = match.end()
            continue
        if name:
            closer = _CLOSERS[name].search(html, match.end())
            if closer is None:
                unclosed.add(name)
                index = len(html) if name in ("script", "style") else match.end()
                continue
            if name == "style":
                sheets.append(html[html.find(">", match.end()) + 1 : closer.start()])
            index = closer.end()
            continue
        index, inner = _declaration(html, match, last_comment, last_end)
        pieces += _condition(inner, conditions)
    pieces.append(html[index:])
    return "".join(pieces), "\n".join(sheets)


def _declaration(html: str, match: re.Match[str], last_comment: int, last_end: int) -> tuple[int, str]:
    """The index after a comment or declaration, and its content. If it has no end, only its opening is skipped."""
    is_comment = match[0] == "<!--" and not html.startswith((">", "->"), match.end())
    end, closer = (last_comment, "-->") if is_comment else (last_end, ">")
    if end < match.end():
        return match.end(), ""
    found = html.index(closer, match.end())
    return found + len(closer), html[match.end() : found]


def _condition(inner: str, conditions: list[bool]) -> Iterator[str]:
    """The tag of a list marker that a conditional comment of Word opens or closes, if any.

    `conditions` are the open conditions, each with whether it is around a marker.
    """
    match = _CONDITION.match(inner)
    if match is None or (inner.rstrip().endswith("[endif]") and match["word"].lower() == "if"):
        return
    if match["word"].lower() == "if":
        conditions.append("supportlists" in match["rest"].lower())
        if conditions[-1]:
            yield f"<{MARKER}>"
    elif conditions and conditions.pop():
        yield f"</{MARKER}>"


class _TreeBuilder(HTMLParser):
    """Builder of the tree. Omitted end tags are supplied; end tags that close nothing are ignored."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = HtmlNode("")
        self._open = [self.root]
        self._passed_over: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CLOSED_BY:
            self._close_above(*_CLOSED_BY[tag])
        if tag in _CELLS and self._innermost("table", "tr") == "table":
            self.handle_starttag("tr", [])
        node = HtmlNode(tag, {name: value or "" for name, value in reversed(attrs)}, self._open[-1])
        if tag in VOID:
            self._open[-1].children.append(node)
        elif len(self._open) > DEEPEST:
            self._passed_over[tag] = self._passed_over.get(tag, 0) + 1
        else:
            self._open[-1].children.append(node)
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._passed_over.get(tag):
            self._passed_over[tag] -= 1
            return
        if tag in ("p", "br") and not any(node.tag == tag for node in self._open):
            self._open[-1].children.append(HtmlNode("br", {}, self._open[-1]))
            return
        barriers = frozenset(("table",)) if tag in _TABLE_PARTS - {"table"} else _TABLE_PARTS - {tag}
        self._close_above(frozenset((tag,)), barriers if tag != "table" else frozenset())

    def _innermost(self, *tags: str) -> str:
        """The innermost open element among `tags`; "" if none is open."""
        return next((node.tag for node in reversed(self._open) if node.tag in tags), "")

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _close_above(self, tags: frozenset[str], barriers: frozenset[str]) -> None:
        """Close the innermost open element among `tags`, with all in it, unless an open barrier is further in."""
        for index in range(len(self._open) - 1, 0, -1):
            tag = self._open[index].tag
            if tag in tags:
                del self._open[index:]
                return
            if tag in barriers:
                return
