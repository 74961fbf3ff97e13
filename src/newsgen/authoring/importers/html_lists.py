"""Numbers and bullets of lists in HTML: of `<ol>` and `<ul>`, and as Word and WPS type them before a paragraph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from newsgen.authoring.importers.html_tree import HtmlNode
from newsgen.authoring.importers.html_visibility import Declarations
from newsgen.authoring.importers.word_numbering import apart, in_form

_BULLETS = re.compile(r"[·•●○■□◆◇▪▫➢➤►▶※★☆√✓✔❖❑❒§ØüqnluvwoØ\uf000-\uf0ff–—-]")
_LEVEL = re.compile(r"\blevel\s*(\d+)")
_DIGITS = re.compile(r"\d{1,9}")
_FORMS: Mapping[str, tuple[str, str]] = {
    "decimal": ("decimal", "."),
    "1": ("decimal", "."),
    "decimal-leading-zero": ("decimalZero", "."),
    "lower-alpha": ("lowerLetter", "."),
    "lower-latin": ("lowerLetter", "."),
    "upper-alpha": ("upperLetter", "."),
    "upper-latin": ("upperLetter", "."),
    "lower-roman": ("lowerRoman", "."),
    "upper-roman": ("upperRoman", "."),
    "cjk-ideographic": ("chineseCounting", "、"),
    "simp-chinese-informal": ("chineseCounting", "、"),
    "trad-chinese-informal": ("chineseCounting", "、"),
    "cjk-decimal": ("ideographDigital", "、"),
}
_TICKED, _UNTICKED = ("checked", "done"), ("unchecked", "todo")
"""Values of `data-list` on items of task lists, as editors in browsers write them."""
_TYPES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}


class ListMarker(NamedTuple):
    """The marker before the words of an item: a number, or a bullet; `depth` counts the lists around its own."""

    number: str = ""
    is_bullet: bool = False
    depth: int = 0


class OpenList(NamedTuple):
    """A list whose items are being read: `form` is the style of its numbers, "" for bullets, None for no marker."""

    form: str | None
    next_number: int = 1


def opened_list(node: HtmlNode, found: Declarations) -> OpenList:
    """A list, before its first item."""
    shown = found.get("list-style-type") or found.get("list-style", "")
    kind = next((word for word in shown.split() if word in _FORMS or word == "none"), "")
    if kind == "none":
        return OpenList(None)
    if node.tag != "ol":
        return OpenList(kind)
    typed = node.attributes.get("start", "").strip()
    start = int(typed) if _DIGITS.fullmatch(typed) else 1
    return OpenList(kind or _TYPES.get(node.attributes.get("type", "").strip(), "decimal"), start)


def item_marker(node: HtmlNode, found: Declarations, lists: list[OpenList]) -> ListMarker:
    """The marker of an item of the innermost list; the count of that list goes on in `lists`."""
    if not lists:
        return ListMarker(_tick_of(node), is_bullet=True)
    current = lists[-1]
    depth = max(len(lists), _level_of(node)) - 1
    tick = _tick_of(node)
    if tick or node.attributes.get("data-list", "").lower() == "bullet":  # some editors write every list as <ol>
        lists[-1] = OpenList(current.form)
        return ListMarker(tick, is_bullet=True, depth=depth)
    own = found.get("list-style-type", "")
    form = None if own == "none" else own if own in _FORMS else current.form
    typed = node.attributes.get("value", "").strip()
    number = int(typed) if _DIGITS.fullmatch(typed) else current.next_number
    lists[-1] = OpenList(current.form, number + 1)
    if not form:
        return ListMarker(is_bullet=form is not None, depth=depth)
    name, behind = _FORMS[form]
    return ListMarker(in_form(number, name) + behind + (" " if behind == "." else ""), depth=depth)


def leading_box(node: HtmlNode) -> HtmlNode | None:
    """The checkbox before the words of an item; None if there is none."""
    waiting: list[HtmlNode | str] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if item.strip():
                return None
        elif item.tag == "input":
            return item if item.attributes.get("type", "").lower() == "checkbox" else None
        else:
            waiting += reversed(item.children)
    return None


def _tick_of(node: HtmlNode) -> str:
    """The box of an item in a task list, ticked or not; "" for any other item, and for one that holds an `<input>`."""
    names = node.attributes
    kind = names.get("data-list", "").lower()
    said = (names.get("data-checked") or names.get("aria-checked") or "").lower()
    tick = "☑" if kind in _TICKED or said == "true" else "□" if kind in _UNTICKED or said == "false" else ""
    return tick if tick and not any(child.tag == "input" for child in node.nodes()) else ""


def _level_of(node: HtmlNode) -> int:
    """The level that an item states, from 1: Word in the browser makes a list of its own for each item."""
    typed = node.attributes.get("data-aria-level") or node.attributes.get("aria-level", "")
    return int(typed) if re.fullmatch("[1-9]", typed) else 1


def typed_marker(text: str, found: Declarations) -> ListMarker:
    """The marker that Word or WPS typed before a paragraph, with the depth in its `mso-list` style."""
    match = _LEVEL.search(found.get("mso-list", ""))
    depth = min(8, max(0, int(match[1][:2]) - 1)) if match else 0
    words = re.sub(r"[\s\u3000\xa0]+", " ", text).strip()
    if not words:
        return ListMarker(depth=depth)
    if _BULLETS.fullmatch(words):
        return ListMarker(is_bullet=True, depth=depth)
    return ListMarker(apart(words), depth=depth)
