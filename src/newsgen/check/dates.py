"""The dates in a text: 2024年3月13日, 3月13号."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_DAY = re.compile(r"月[^\S\n]*(\d{1,2})[^\S\n]*[日号]")
"""Month sign and day. The pattern begins with a literal, which is fast to find; _BEFORE then matches year and month."""
_BEFORE = re.compile(r"(?:(?P<year>(?:19|20)\d\d)[^\S\n]*年[^\S\n]*|(?<![\d年./-]))(?P<month>\d{1,2})[^\S\n]*\Z")
_LONGEST = 16
"""The number of characters before 月 in which year and month are searched, blanks included."""


class TypedDate(NamedTuple):
    """A date as typed in `text[start:end]`, valid or not; `year` is None if none was typed."""

    start: int
    end: int
    year: int | None
    month: int
    day: int

    def day_in(self, year: int | None) -> date | None:
        """The day, in `year` if none was typed; None if there is no such day or no known year."""
        number = self.year or year
        try:
            return date(number, self.month, self.day) if number else None
        except ValueError:
            return None


@lru_cache(maxsize=4)
def dates_in(text: str) -> tuple[TypedDate, ...]:
    """The dates of a text, cached since several rules need them."""
    return tuple(found for match in _DAY.finditer(text) if (found := _date(text, match)))


def _date(text: str, match: re.Match[str]) -> TypedDate | None:
    begin = max(0, match.start() - _LONGEST)
    before = _BEFORE.search(text[begin : match.start()])
    if not before:
        return None
    year = int(before["year"]) if before["year"] else None
    return TypedDate(begin + before.start(), match.end(), year, int(before["month"]), int(match[1]))
