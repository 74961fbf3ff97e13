"""Styles of HTML: the look of an element, from its tag, its attributes, its `style` and the style sheets of its page.

Only CSS properties that matter to a report are read, and only selectors of one element (`p.MsoNormal`, `.xl65`, `#title`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from newsgen.authoring.importers.blocks import Mark
from newsgen.authoring.importers.html_tree import HtmlNode
from newsgen.authoring.importers.html_visibility import Declarations, Ground, ground_of
from newsgen.authoring.importers.symbol_fonts import symbol_font

MOST_RULES = 20_000
_SELECTOR = re.compile(r"[A-Za-z0-9]*(?:[.#][\w-]+)?")
_COMMENT = re.compile(r"/\*[^*]*(?:\*(?!/)[^*]*)*\*/|<!--|-->")
_BY_TAG: Mapping[str, Mark] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "struck",
    "strike": "struck",
    "del": "struck",
    "sup": "super",
    "sub": "sub",
}
_ALIGNED: Mapping[str, Literal["", "center", "right"]] = {
    "center": "center",
    "-webkit-center": "center",
    "right": "right",
    "end": "right",
    "-webkit-right": "right",
    "left": "",
    "start": "",
    "justify": "",
}
_DOTS = (
    *("text-emphasis", "-webkit-text-emphasis", "text-emphasis-style", "-webkit-text-emphasis-style"),
    *("mso-text-emphasis", "font-emphasize"),
)
_PRE = frozenset(("pre", "listing", "plaintext"))


class InheritedStyle(NamedTuple):
    """The style that text inherits from the elements around it. `has_lines`: line ends count, as in `<pre>`.

    `symbol_font` is its font if that is a symbol font, such as Wingdings, else ""; `ground` is its background.
    """

    marks: frozenset[Mark] = frozenset()
    link: str = ""
    align: Literal["", "center", "right"] = ""
    has_lines: bool = False
    is_quoted: bool = False
    symbol_font: str = ""
    ground: Ground = Ground()


class StyleSheet:
    """The style sheets of a page."""

    def __init__(self, css: str) -> None:
        self._rules: dict[str, dict[str, str]] = {}
        for selector, found in _rules(css):
            self._rules.setdefault(selector, {}).update(found)

    def of(self, node: HtmlNode) -> Declarations:
        """The declarations for an element; the more specific selector wins, and its own `style` wins over all."""
        found: dict[str, str] = {}
        if self._rules:
            names = [node.tag]
            for name in node.attributes.get("class", "").split():
                names += [f".{name}", f"{node.tag}.{name}"]
            if "id" in node.attributes:
                names += [f"#{node.attributes['id']}", f"{node.tag}#{node.attributes['id']}"]
            for name in names:
                found.update(self._rules.get(name.lower(), {}))
        return found | declarations(node.attributes.get("style", ""))


def declarations(style: str) -> dict[str, str]:
    """The declarations of a `style`, names and values in lower case."""
    found = {}
    for item in style.split(";") if style else ():
        name, colon, value = item.partition(":")
        if colon:
            found[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return found


def _rules(css: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Selectors of one element with their declarations; at-rules are skipped with all rules in them."""
    css = _COMMENT.sub("", css)
    index = 0
    for _ in range(MOST_RULES):
        start = css.find("{", index)
        end = css.find("}", start)
        if start < 0 or end < 0:
            return
        selectors = css[index:start].rpartition(";")[2].strip()
        if selectors.startswith("@"):
            index = _behind_block(css, start)
            continue
        index = end + 1
        found = declarations(css[start + 1 : end])
        for selector in selectors.split(","):
            if found and _SELECTOR.fullmatch(selector.strip()):
                yield selector.strip().lower(), found


def _behind_block(css: str, start: int) -> int:
    """The index after a block, which may hold other blocks."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(css, start):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.end()
    return len(css)


def typed_in(node: HtmlNode) -> str:
    """The text that an `<input>` shows: a box, ticked or not, or the typed value; "" for other kinds."""
    kind = node.attributes.get("type", "text").lower()
    if kind in ("checkbox", "radio"):
        return "☑" if "checked" in node.attributes else "□"
    return node.attributes.get("value", "") if kind in ("text", "number", "date", "") else ""


def has_background(node: HtmlNode, found: Declarations) -> bool:
    """Whether an element has a background picture and no words, so that it shows nothing but the picture."""
    background = found.get("background-image", "") + found.get("background", "")
    return "url(" in background and not node.text.strip("\u200b\xa0 \n\t")


def is_tracked(node: HtmlNode) -> bool:
    """Whether `<ins>` or `<del>` is a tracked change of Word, not formatting by the author."""
    names = node.attributes
    return node.tag in ("ins", "del") and ("cite" in names or "datetime" in names or "msodel" in names.get("class", ""))


def inherited(node: HtmlNode, found: Declarations, outer: InheritedStyle) -> InheritedStyle:
    """The style of an element's text: what the element sets, and `outer` for the rest."""
    align = _ALIGNED.get(found.get("text-align") or node.attributes.get("align", "").lower(), outer.align)
    space = found.get("white-space", "")
    has_lines = space.startswith("pre") if space else node.tag in _PRE or outer.has_lines
    family = (
        found.get("mso-symbol-font-family") or found.get("font-family", "") or node.attributes.get("face", "").lower()
    )
    return outer._replace(
        marks=_marks(node, found, outer),
        align="center" if node.tag == "center" else align,
        has_lines=has_lines,
        is_quoted=outer.is_quoted or node.tag == "blockquote",
        symbol_font=symbol_font(family) if family else outer.symbol_font,
        ground=ground_of(node, found, outer.ground),
    )


def _marks(node: HtmlNode, found: Declarations, outer: InheritedStyle) -> frozenset[Mark]:
    """The marks of an element's text: its tag adds one, its style adds and removes marks."""
    marks = set(outer.marks)
    own = _BY_TAG.get(node.tag)
    if own and not (own == "underline" and outer.link):
        marks.add(own)
    _set(marks, "bold", _is_bold(found.get("font-weight", "")))
    _set(marks, "italic", _is_italic(found.get("font-style", "")))
    dots = " ".join([found[name] for name in _DOTS if name in found])  # 着重号 count as bold
    if dots:
        _set(marks, "bold", True if "none" not in dots.split() else None)
    lines = f"{found.get('text-decoration', '')} {found.get('text-decoration-line', '')}"
    if "underline" in lines and not outer.link and node.tag != "a":
        marks.add("underline")
    if "line-through" in lines:
        marks.add("struck")
    if "none" in lines and own in ("underline", "struck"):
        marks.discard(own)
    raised = found.get("vertical-align", "")
    if raised in ("super", "sub", "baseline"):
        marks -= {"super", "sub"}
        if raised != "baseline":
            marks.add("super" if raised == "super" else "sub")
    return frozenset(marks)


def _set(marks: set[Mark], mark: Mark, is_on: bool | None) -> None:
    if is_on is not None:
        (marks.add if is_on else marks.discard)(mark)


def _is_bold(weight: str) -> bool | None:
    if weight.isdigit():
        return int(weight[:4]) >= 600
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(weight)


def _is_italic(style: str) -> bool | None:
    return {"italic": True, "oblique": True, "normal": False}.get(style)
