"""Visibility of text in Word: white text on white paper, and text of one point, cannot be seen.

If the background of a text is unknown (in a shape, over a picture, on a coloured page), the text counts as visible.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from newsgen.authoring.importers.colors import BLACK, WHITE, as_color, is_white, is_white_ground
from newsgen.authoring.importers.word_xml import WP, V, W, value

_LEAST_HALF_POINTS = 2
"""The smallest font size in Word, in half points: one point, too small to be read."""
_GROUNDS = frozenset((W + "shd", W + "highlight"))


def is_white_text(properties: Element | None) -> bool | None:
    """Whether the properties of a run or a style make its text white; None if they give no colour."""
    color = as_color(value(properties, "color")) if properties is not None else None
    return None if color is None else is_white(color)


def is_tiny_text(properties: Element | None) -> bool:
    """Whether a run is too small to be read."""
    size = value(properties, "sz") if properties is not None else ""
    return size.isascii() and size.isdigit() and int(size) <= _LEAST_HALF_POINTS


def is_unseen_text(properties: Element | None, is_light: bool, on_ground: bool) -> bool:
    """Whether the letters of a run cannot be seen.

    `is_light`: its styles make it white; `on_ground`: a colour lies behind it by its styles or the elements around it.
    """
    if is_tiny_text(properties) or is_blacked_out(properties):
        return True
    white, ground = is_white_text(properties), has_ground(properties)
    return (is_light if white is None else white) and not (ground or on_ground)


def is_blacked_out(properties: Element | None) -> bool:
    """Whether a run has the colour of its own background, as a name that must not be read.

    Without a given colour, Word writes black on a black highlight, but white on a black shade.
    """
    if properties is None:
        return False
    color = as_color(value(properties, "color"))
    if value(properties, "highlight") == "black" and color in (None, BLACK):
        return True
    shade = properties.find(W + "shd")
    return (
        color is not None and shade is not None and as_color(shade.get(W + "fill", "")) == color and color[:3] != WHITE
    )


def has_ground(properties: Element | None) -> bool | None:
    """Whether properties put a colour behind a text: False for white, None if they give no background."""
    found = [_is_colored(item) for item in properties if item.tag in _GROUNDS] if properties is not None else []
    said = [item for item in found if item is not None]
    return any(said) if said else None


def _is_colored(item: Element) -> bool | None:
    """Whether a background has a colour other than white; None if it gives no colour."""
    typed = item.get(W + "val", "") if item.tag == W + "highlight" else item.get(W + "fill", "")
    pattern = item.get(W + "val", "clear") if item.tag == W + "shd" else "clear"
    if pattern not in ("clear", "nil"):  # a pattern has a colour of its own
        return True
    color = as_color(typed)
    return None if color is None else not is_white_ground(color)


def has_any_ground(style: Element | None) -> bool:
    """Whether a table style puts a colour behind any row, column or cell."""
    return style is not None and any(_is_colored(item) for item in style.iter(W + "shd"))


def is_on_white_paper(root: Element) -> bool:
    """Whether all text is on white paper: the pages have no colour, and no picture or shape lies behind the text."""
    if root.find(W + "background") is not None:
        return False
    if any(item.get("behindDoc") in ("1", "true") for item in root.iter(WP + "anchor")):
        return False
    shapes = (item.get("style", "").replace(" ", "") for item in root.iter() if item.tag.startswith(V))
    return not any("z-index:-" in style for style in shapes)
