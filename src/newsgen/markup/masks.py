"""Asterisks that are no marks of emphasis: they stand for what a list hides of a name or number, or for a power."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.markup.source import FILLER, HAN

ELEMENT = "\x02"
"""Stands for an element, or for a character that is no mark, where marks are looked for: neither blank nor word."""
_OTHER = rf"[{HAN}*_{ELEMENT}]"
"""What cannot stand directly before or behind a name whose middle or end is masked."""
_SURNAMES = "欧阳|司马|上官|诸葛|司徒|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|夏侯|端木|南宫|东方|申屠|澹台|闻人|独孤"
"""The surnames of two characters."""
_TITLES = "同学|老师|同志|教授|先生|女士|师傅|书记|院长|主任|医生"
"""What may stand behind a surname instead of a name."""
_NAME_BEFORE = rf"(?<!{_OTHER})(?<![0-9A-Za-z\x03{FILLER}>）)》”])"
_NAME_BEGINS = rf"(?:(?<={_NAME_BEFORE}[{HAN}])|(?<={_NAME_BEFORE}(?:{_SURNAMES})))"
_NAME_ENDS = rf"(?=[{HAN}](?!{_OTHER})|(?:{_TITLES})(?!{_OTHER}))"
_MASK = re.compile(
    r"(?<=[0-9])\*{2,}(?=[0-9Xx])"  # a number, 138****5678, or a power, 2**3
    r"|(?<=(?<![A-Za-z])[A-Za-z])\*{2}(?=[0-9]+(?![0-9*]))"  # a power, x**2
    rf"|(?=\*{{1,2}}{_NAME_ENDS}){_NAME_BEGINS}\*{{1,2}}"  # 张*三、欧阳*明、张**同学
)
"""What stands for the middle of a number or of a name, or is a power. A name does not follow a number, a bracket or an
element (`共**3人**次`)."""
_HIDDEN = re.compile(
    rf"(?=\*{{1,2}}(?:[、，；。）|\s]|（[^（）*]*）(?!\*)|\Z))"
    rf"(?:(?<=(?<!{_OTHER})[{HAN}])|(?<=(?<!{_OTHER})(?:{_SURNAMES})))\*{{1,2}}"
)
"""What may stand for the end of a name (`张**、李*（男）`): it opens nothing."""


def is_mask(text: str, start: int) -> bool:
    """Whether the stars that begin at `start` stand for the middle of a name or number, or make a power."""
    return _MASK.match(text, start) is not None


def hides_name(text: str, start: int) -> bool:
    """Whether the stars that begin at `start` may stand for the end of a name."""
    return bool(_HIDDEN.match(text, start))


def may_be_masked(text: str) -> bool:
    """Whether some two asterisks of a text may be no marks."""
    return any(_MASK.match(text, start) or _HIDDEN.match(text, start) for start in _twos(text))


def _twos(text: str) -> Iterator[int]:
    start = text.find("**")
    while start >= 0:
        yield start
        start = text.find("**", start + 2)
