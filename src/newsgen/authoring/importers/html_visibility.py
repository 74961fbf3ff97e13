"""Visibility of HTML: elements that are not shown, and text in the colour of its background or too small to be read.

Pages of WeChat hide words for search engines in this way, and passages that an editor wanted to remove.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from newsgen.authoring.importers.colors import BLACK, Color, as_color, is_white, is_white_ground, laid_over
from newsgen.authoring.importers.html_tree import HtmlNode

Declarations = Mapping[str, str]
_SIZE = re.compile(r"(\d*\.?\d+)(px|pt|em|rem|ex|ch|%|vw|)")
_LEAST = {"px": 2.0, "": 2.0, "pt": 1.5}
"""Font sizes by unit, below which text cannot be read."""
_ZERO = re.compile(r"0+(?:\.0*)?(?:px|pt|em|rem|%|vh|vw)?|\.0+(?:px|pt|em|rem|%)?")
_FAR_OUT = re.compile(r"-\d{4,}(?:\.\d*)?(?:px|pt)?|-\d{3,}(?:em|rem)")
_CUT_OFF = re.compile(r"rect\(\s*0(?:px)?[\s,]+0(?:px)?[\s,]+0(?:px)?[\s,]+0(?:px)?\s*\)|inset\(\s*(?:50|100)%\s*\)")
_NEGATIVE = re.compile(r"(?:^|\s)-\d*\.?\d*[1-9]")
_NO_GROUND = frozenset(("", "none", "inherit", "initial", "unset", "transparent", "auto"))


_UNSAID = Color(0, 0, 1)
"""The colour of text for which none is given: it can be seen on every background."""
_MARKED = Color(255, 255, 0)
_LINK = Color(0, 0, 238)


class Ground(NamedTuple):
    """The visibility of a text: its colour, and the colour behind it, None if that is a picture or a gradient.

    `is_tiny`: it is too small to be read; `may_overlap`: it may lie over another element.
    """

    color: Color = _UNSAID
    behind: Color | None = Color(255, 255, 255)
    is_tiny: bool = False
    may_overlap: bool = False

    @property
    def is_light(self) -> bool:
        """Whether the text cannot be told from its background."""
        if self.color.alpha < 0.1:
            return not self.may_overlap and self.behind is not None
        if self.behind is None or self.may_overlap:
            return False
        both_white = is_white(self.color) and is_white_ground(self.behind)
        return both_white or self.color[:3] == self.behind[:3]


def is_hidden(node: HtmlNode, found: Declarations) -> bool:
    """Whether an element is not shown. WeChat's `js_content` is shown by a script, whatever its style."""
    if "hidden" in node.attributes or found.get("display") == "none" or found.get("mso-hide", "").startswith("all"):
        return True
    if node.attributes.get("id") == "js_content":
        return False
    return (
        found.get("visibility") in ("hidden", "collapse")
        or bool(_ZERO.fullmatch(found.get("opacity", "")))
        or _is_out_of_sight(found)
    )


def _is_out_of_sight(found: Declarations) -> bool:
    """Whether an element has no height, is clipped away, or lies outside the page."""
    heights = (found.get("height", ""), found.get("max-height", ""))
    cuts = found.get("overflow", "") or found.get("overflow-y", "")
    if cuts in ("hidden", "clip") and any(map(_ZERO.fullmatch, heights)):
        return True
    if found.get("position") in ("absolute", "fixed"):
        if _CUT_OFF.search(found.get("clip", "") + found.get("clip-path", "")):
            return True
        return any(_FAR_OUT.fullmatch(found.get(side, "")) for side in ("left", "top", "right", "bottom"))
    return bool(_FAR_OUT.fullmatch(found.get("text-indent", "")))


def ground_of(node: HtmlNode, found: Declarations, outer: Ground) -> Ground:
    """The ground of an element's text: what the element sets, and `outer` for the rest."""
    if node.tag == "svg":  # a drawing with its own colours
        return outer._replace(behind=None)
    if not (found or node.attributes):
        return outer._replace(behind=_MARKED) if node.tag == "mark" else outer
    return Ground(
        _color(node, found, outer.color),
        _behind(node, found, outer.behind),
        _is_tiny(found, outer.is_tiny),
        outer.may_overlap or _is_moved(found),
    )


def _color(node: HtmlNode, found: Declarations, outer: Color) -> Color:
    typed = found.get("-webkit-text-fill-color") or found.get("color") or node.attributes.get("color", "")
    if not typed and node.tag == "body":
        typed = node.attributes.get("text", "")
    if "text-shadow" in found and found["text-shadow"] not in _NO_GROUND:
        return _LINK
    if not typed and node.tag == "a" and "href" in node.attributes:
        return _LINK
    if not typed and outer == _UNSAID and as_color(found.get("mso-highlight", "")) == BLACK:
        return BLACK
    return as_color(typed) or outer


def _behind(node: HtmlNode, found: Declarations, outer: Color | None) -> Color | None:
    """The colour behind an element's text; None if a picture, a gradient or an unknown background is there."""
    picture = found.get("background-image", "") + node.attributes.get("background", "")
    whole = found.get("background", "")
    if picture not in _NO_GROUND or "url(" in whole or "gradient(" in whole:
        return None
    typed = found.get("mso-highlight") or found.get("background-color") or whole or node.attributes.get("bgcolor", "")
    if typed in _NO_GROUND:
        return _MARKED if node.tag == "mark" else outer
    color = next((color for word in _words(typed) if (color := as_color(word))), None)
    if color is None or outer is None:
        return outer if color is None or color.alpha < 1 else color
    return laid_over(color, outer)


def _words(typed: str) -> list[str]:
    """The values of a declaration; a function such as rgb() counts as one value."""
    return re.findall(r"[^\s(]+\([^)]*\)|[^\s]+", typed)


def _is_tiny(found: Declarations, outer: bool) -> bool:
    typed = found.get("font-size", "")
    if not typed and "font" in found:
        typed = next((word.split("/")[0] for word in found["font"].split() if _SIZE.fullmatch(word.split("/")[0])), "")
    match = _SIZE.fullmatch(typed)
    if match is None:
        return outer if typed in ("", "inherit", "smaller", "larger") else False
    number, unit = float(match[1]), match[2]
    if unit in _LEAST:
        return number < _LEAST[unit]
    return number == 0 or (outer and unit in ("em", "ex", "ch", "%"))


def _is_moved(found: Declarations) -> bool:
    """Whether an element may lie over another one, so that the colour behind it is unknown."""
    margins = " ".join([found.get(name, "") for name in ("margin", "margin-top", "margin-left", "margin-bottom")])
    return (
        found.get("position") in ("absolute", "fixed", "sticky")
        or "grid" in found.get("display", "")
        or "translate" in found.get("transform", "")
        or bool(_NEGATIVE.search(margins))
    )
