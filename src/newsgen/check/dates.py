"""The dates in a text: 2024年3月13日, 3月13号."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_DAY = re.compile(r"月[^\S\n]*(\d{1,2})[^\S\n]*[日号]")
"""It begins with a character that is looked for quickly; what stands before it is compared then."""
_BEFORE = re.compile(r"(?:(?P<year>(?:19|20)\d\d)[^\S\n]*年[^\S\n]*|(?<![\d年./-]))(?P<month>\d{1,2})[^\S\n]*\Z")
_LONGEST = 16
"""Characters that year and month take, blanks included."""


class TypedDate(NamedTuple):
    """A date as it stands in `text[start:end]`, possible or not; `year` is None where none was typed."""

    start: int
    end: int
    year: int | None
    month: int
    day: int

    def day_in(self, year: int | None) -> date | None:
        """The day, in this year where none was typed; None for one that there is not, or where the year is not known."""
        number = self.year or year
        try:
            return date(number, self.month, self.day) if number else None
        except ValueError:
            return None


@lru_cache(maxsize=4)
def dates_in(text: str) -> tuple[TypedDate, ...]:
    """The dates of a text, which several rules ask for."""
    return tuple(found for match in _DAY.finditer(text) if (found := _date(text, match)))


def _date(text: str, match: re.Match[str]) -> TypedDate | None:
    begin = max(0, match.start() - _LONGEST)
    before = _BEFORE.search(text[begin : match.start()])
    if not before:
        return None
    year = int(before["year"]) if before["year"] else None
    return TypedDate(begin + before.start(), match.end(), year, int(before["month"]), int(match[1]))
