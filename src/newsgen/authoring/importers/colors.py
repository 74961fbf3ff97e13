"""Colours as CSS and Word write them: `#fff`, `rgb(255, 255, 255)`, `white`, `FFFFFF`."""

from __future__ import annotations

import re
from typing import NamedTuple

from newsgen.content.markdown.sanitize import words

_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(\s*([^()]{1,80})\)")
_NUMBER = re.compile(r"(\d{0,6}\.?\d{1,6})(%|deg)?")
_NAMED = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "windowtext": (0, 0, 0),
    "window": (255, 255, 255),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "navy": (0, 0, 128),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
}
"""The colour names that matter here: the white ones, and those that programs write."""
_OTHER_NAME = re.compile(r"[a-z]{3,20}")
_NO_COLOR = words(
    "inherit initial unset auto none currentcolor revert repeat no-repeat repeat-x repeat-y scroll fixed local left right top"
    " bottom center cover contain border-box padding-box content-box text"
)
"""Words in CSS declarations of `color` and `background` that are no colours."""
_WHITEST, _WHITE_GROUND = 248, 240
"""The least value of each part of a colour: for text that is too white to be seen, and for a white background."""


class Color(NamedTuple):
    """A colour: parts from 0 to 255, `alpha` from 0 (transparent) to 1."""

    red: int
    green: int
    blue: int
    alpha: float = 1.0


BLACK = Color(0, 0, 0)
WHITE = (255, 255, 255)


def is_white(color: Color) -> bool:
    """Whether text of this colour cannot be seen on a white page."""
    return min(color[:3]) >= _WHITEST


def is_white_ground(color: Color) -> bool:
    """Whether white text cannot be seen on this background colour."""
    return min(color[:3]) >= _WHITE_GROUND


def laid_over(color: Color, ground: Color) -> Color:
    """A colour that is partly transparent, as it looks on a background colour."""
    parts = [
        round(own * color.alpha + other * (1 - color.alpha)) for own, other in zip(color[:3], ground[:3], strict=True)
    ]
    return Color(parts[0], parts[1], parts[2])


def as_color(typed: str) -> Color | None:
    """A colour as CSS or Word writes it; None if there is none. An unknown name gives gray, as it is surely not white."""
    text = typed.strip().lower()
    if not text or text in _NO_COLOR:
        return None
    if text == "transparent":
        return Color(0, 0, 0, 0.0)
    if text in _NAMED:
        return Color(*_NAMED[text])
    if match := _HEX.fullmatch(text):
        return _of_digits(match[1])
    if match := _FUNCTION.fullmatch(text):
        return _of_parts(match[1], re.split(r"[\s,/]+", match[2].strip()))
    return Color(127, 127, 127) if _OTHER_NAME.fullmatch(text) else None


def _of_digits(digits: str) -> Color:
    if len(digits) < 6:
        digits = "".join([digit * 2 for digit in digits])
    parts = [int(digits[index : index + 2], 16) for index in range(0, len(digits), 2)]
    return Color(parts[0], parts[1], parts[2], parts[3] / 255 if len(parts) > 3 else 1.0)


def _of_parts(kind: str, typed: list[str]) -> Color | None:
    matches = [_NUMBER.fullmatch(item) for item in typed]
    if len(typed) not in (3, 4) or None in matches:
        return None
    numbers = [(float(match[1]), match[2] or "") for match in matches if match]
    alpha = 1.0
    if len(numbers) == 4:
        alpha = numbers[3][0] / (100 if numbers[3][1] == "%" else 1)
    if kind == "hsl":  # only the lightness matters here
        light = round(numbers[2][0] * 2.55)
        return Color(light, light, light, alpha)
    parts = [min(255, round(number * 2.55 if unit == "%" else number)) for number, unit in numbers[:3]]
    return Color(parts[0], parts[1], parts[2], alpha)
