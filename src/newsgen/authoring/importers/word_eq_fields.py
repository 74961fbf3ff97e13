"""EQ fields of Word, which draw characters over one another (ECMA-376 part 1, 17.16.5.22): circled numbers, ticked boxes, pinyin."""

from __future__ import annotations

import re
from typing import NamedTuple

from newsgen.authoring.importers.omissions import FORMULA, PINYIN

_SWITCH = re.compile(r'\\\*\s*(?:"[^"]*"|[^\s\\]+)\s*')
"""A formatting switch that Word adds to fields it makes itself, one of `\\* jc2 \\* "Font:宋体" \\* hps10`."""
_PINYIN = re.compile(
    r"\\o\s*(?:\\a[a-z])?\s*\(\s*\\s\s*\\up\s*\d+\s*\([^()]*\)\s*[,，;；]\s*(?P<base>[^()]*)\)", re.IGNORECASE
)
_OVERLAID = re.compile(
    r"\\o\s*(?:\\a[a-z])?\s*\(\s*(?P<frame>[○◯〇□△◇☐])\s*[,，;；]\s*(?P<inner>[^(),，;；\\]+?)\s*\)", re.IGNORECASE
)
_FRACTION = re.compile(r"\\f\s*\(\s*([^(),，;；\\]+?)\s*[,，;；]\s*([^(),，;；\\]+?)\s*\)", re.IGNORECASE)
_SIGNS = re.compile(r"\\[A-Za-z]+\d*|[(),，;；\s]")
_NUMERALS = "一二三四五六七八九十"
_TICKS = {**dict.fromkeys("√✓✔Vv", "☑"), **dict.fromkeys("×✗✘Xx", "☒")}


class FieldText(NamedTuple):
    """The characters that a field draws, and the kind of omission if they look different, else ""."""

    words: str
    omission: str = ""


def eq_field(instruction: str) -> FieldText:
    """The characters that a field draws, from its instruction after `EQ`."""
    text = _SWITCH.sub("", instruction).strip()
    if match := _PINYIN.fullmatch(text):
        return FieldText(match["base"].strip(), PINYIN)
    if match := _OVERLAID.fullmatch(text):
        return _framed(match["frame"], match["inner"])
    if match := _FRACTION.fullmatch(text):
        return FieldText(f"{match[1]}/{match[2]}", FORMULA)
    return FieldText(_SIGNS.sub("", text), FORMULA)


def _framed(frame: str, inner: str) -> FieldText:
    """A character in a circle or another frame, as a single character that looks the same, if there is one."""
    if frame in "○◯〇":
        if inner.isdecimal() and 1 <= int(inner) <= 20:
            return FieldText(chr(0x2460 + int(inner) - 1))
        if inner in _NUMERALS:
            return FieldText(chr(0x3280 + _NUMERALS.index(inner)))
    if frame in "□☐" and inner in _TICKS:
        return FieldText(_TICKS[inner])
    return FieldText(inner, FORMULA)
