"""Asterisks that are no marks of emphasis: they stand for what a list hides of a name or number, or for a power."""

from __future__ import annotations

import re

from newsgen.content.markdown.preprocess.lines import FILLER, HAN

ELEMENT = "\x02"
"""Stands for an element, or for a character that is no mark, where marks are looked for: neither blank nor word."""
_MARKS = frozenset(f"*_{ELEMENT}")
_BESIDE = _MARKS.union("0123456789\x03>）)》”", FILLER)
"""What no name follows whose middle is masked, as no letter does: `共**3人**次`."""
_SURNAMES = frozenset(
    re.findall("..", "欧阳司马上官诸葛司徒皇甫尉迟公孙慕容令狐宇文长孙夏侯端木南宫东方申屠澹台闻人独孤")
)
"""The surnames of two characters."""
_TITLES = re.findall("..", "同学老师同志教授先生女士师傅书记院长主任医生")
"""What may stand behind a surname instead of a name."""
_STARS = re.compile(r"\*+")
_CANDIDATE = re.compile(rf"\*\*(?<![{HAN}]{{3}}\*\*)(?:[0-9Xx、，；。）（|\s]|\Z|[{HAN}]{{1,2}}(?![{HAN}]))")
"""Two asterisks between what can stand before a mask, which is no word of three characters, and what can follow it."""
_EXPONENT = re.compile(r"[0-9]+(?![0-9*])")
_NAME_STOPS = re.compile(r"[、，；。）|\s]|（[^（）*]*）(?!\*)|\Z")


def is_mask(text: str, start: int) -> bool:
    """Whether the stars that begin at `start` stand for the middle of a name (`张*三、欧阳*明、张**同学`) or number
    (`138****5678`), or make a power (`2**3`, `x**2`)."""
    end = _end(text, start)
    count, before, behind = end - start, text[start - 1 : start], text[end : end + 1]
    if count >= 2 and _is_digit(before):
        return _is_digit(behind) or behind in ("X", "x")
    if count == 2 and before.isascii() and before.isalpha():
        above = text[start - 2 : start - 1] if start > 1 else ""
        return not (above.isascii() and above.isalpha()) and _EXPONENT.match(text, end) is not None
    if count > 2 or not _is_han(before):
        return False
    above = _above_surname(text, start)
    if above in _BESIDE or _is_han(above) or (above.isascii() and above.isalpha()):
        return False
    return _ends_name(text, end)


def hides_name(text: str, start: int) -> bool:
    """Whether the stars that begin at `start` may stand for the end of a name (`张**、李*（男）`): they open nothing."""
    end = _end(text, start)
    if end - start > 2 or not _is_han(text[start - 1 : start]):
        return False
    above = _above_surname(text, start)
    return not (above in _MARKS or _is_han(above)) and _NAME_STOPS.match(text, end) is not None


def may_be_masked(text: str) -> bool:
    """Whether some two asterisks of a text may be no marks."""
    found = _CANDIDATE.finditer(text)
    return any(is_mask(text, match.start()) or hides_name(text, match.start()) for match in found)


def _end(text: str, start: int) -> int:
    match = _STARS.match(text, start)
    return match.end() if match else start


def _is_digit(character: str) -> bool:
    return character.isascii() and character.isdigit()


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _above_surname(text: str, start: int) -> str:
    """The character before the surname that ends at `start`; nothing where a line begins with it."""
    first = start - 2 if start > 1 and text[start - 2 : start] in _SURNAMES else start - 1
    return text[first - 1] if first > 0 else ""


def _ends_name(text: str, end: int) -> bool:
    """Whether one character of a name, or a title, follows, and then no other word."""
    length = next((len(title) for title in _TITLES if text.startswith(title, end)), 1)
    following = text[end + length : end + length + 1]
    return _is_han(text[end : end + 1]) and not (following in _MARKS or _is_han(following))
