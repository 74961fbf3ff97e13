r"""Escapes in double-quoted YAML (`\x10`, `\b`) that stand for characters which no page may hold.

YAML 1.1, 5.6 lists them. They come from programs that write YAML, and from Windows paths: `"照片\banner.jpg"` holds a
backspace as far as YAML is concerned.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from newsgen.core.text import SOFT_BREAK, is_cjk, is_clean

_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_LETTERS = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v", "r": "\r", "N": "\x85"} | {
    "L": "\u2028",
    "P": "\u2029",
}
_BREAKS = "\v\f\r\x85\u2028\u2029"
_BREAK = re.compile(f" *{SOFT_BREAK}[ {SOFT_BREAK}]*")
_WORD = re.compile(r"[A-Za-z]")
_FILE_NAME = re.compile(r"\.[A-Za-z0-9]{1,5}\"?$")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SHOWN_NAME = re.compile(r"(?:名称|name)\s*[:：]\s*$", re.IGNORECASE)


class Corrected(NamedTuple):
    """A line without forbidden escapes: `escape` is the first one as typed, at `offset`."""

    text: str
    escape: str
    offset: int


def without_forbidden(typed: str) -> Corrected | None:
    """A text in double quotes, corrected; None where it holds no forbidden escape.

    With a letter behind the escape a backslash was meant (`照片\\banner.jpg`). A line break of Word's kind is removed,
    and its lines are joined as those of a title are.
    """
    first: list[re.Match[str]] = []
    slash = "/" if _FILE_NAME.search(typed) else "\\\\"

    def replacement(match: re.Match[str]) -> str:
        character = _character(match)
        if is_clean(character):
            return match[0]
        first.append(match)
        if match[4] and _WORD.match(typed, match.end()) and (slash == "/" or match[4] in "abef"):
            return slash + match[4]
        return SOFT_BREAK if character in _BREAKS and not typed.startswith("\\n", match.end()) else ""

    text = _ESCAPE.sub(replacement, typed)
    return Corrected(_BREAK.sub(_joint, text), first[0][0], first[0].start()) if first else None


def _joint(match: re.Match[str]) -> str:
    """The text in place of a line break between two characters, as in text.join_lines()."""
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return "" if '"' in (before, after) or (is_cjk(before or "。") and is_cjk(after or "。")) else " "


def all_without_forbidden(line: str) -> str:
    """A line with all its texts in double quotes corrected by without_forbidden()."""
    return _QUOTED.sub(lambda match: (without_forbidden(match[0]) or (match[0],))[0], line)


def _character(match: re.Match[str]) -> str:
    """The character that an escape stands for; a space for those that are never forbidden."""
    code = int(match[1] or match[2] or match[3] or "20", 16)
    return _LETTERS.get(match[4], " ") if match[4] else chr(min(code, 0x10FFFF))


def with_slashes(typed: str) -> str:
    r"""A line that names files, with `/` for each `\` between double quotes; the names that readers see stay."""

    def replacement(match: re.Match[str]) -> str:
        if "\\" not in match[0] or '\\"' in match[0] or _SHOWN_NAME.search(typed[: match.start()]):
            return match[0]
        return re.sub(r"\\+", "/", match[0])

    return _QUOTED.sub(replacement, typed)
