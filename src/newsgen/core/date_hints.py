"""Hints for dates that cannot be read, made of what was typed.

Authors type a hint as it stands. So an unknown year or day is left open (`××××-04-12`), never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from newsgen.core.patterns import lazy_pattern

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The years that a date of a report can have."""
FORMAT = "写成“年-月-日”，年份用四位数字；要写时间，后面空一格，再写“时:分”"
OPEN_YEAR = "××××"
_OPEN_YEAR_NOTE = f"，{OPEN_YEAR} 是四位数字的年份"

Parts = tuple[str, ...]


def _of_this_year(parts: Parts) -> str | None:
    month, day = map(int, parts)
    return f"写成 {OPEN_YEAR}-{month:02}-{day:02}{_OPEN_YEAR_NOTE}" if _exists(2024, month, day) else None


def _no_day(parts: Parts) -> str:
    """The message on a month and a day that no year has; "" where it is not the day."""
    month, day = map(int, parts)
    is_month = 1 <= month <= 12 and day > 0
    return f"不存在，{month}月只有{days_of(2024, month)}天" if is_month else ""


def _year_last(parts: Parts) -> str | None:
    first, second, year = map(int, parts)
    found = [(m, d) for m, d in dict.fromkeys(((first, second), (second, first))) if _exists(year, m, d)]
    shown = [f"{year}-{month:02}-{day:02}（{month}月{day}日）" for month, day in found]
    return f"写成 {' 或 '.join(shown) if len(shown) > 1 else shown[0].partition('（')[0]}" if shown else None


def _short_year(parts: Parts) -> str | None:
    year, month, day = map(int, parts)
    year += 2000 if year < 70 else 1900
    return f"写成 {year}-{month:02}-{day:02}" if _exists(year, month, day) else None


def _month_alone(parts: Parts) -> str | None:
    year, month = map(int, parts)
    return f"写成 {year}-{month:02}-××，×× 是两位数字的日" if _exists(year, month, 1) else None


def _year_alone(parts: Parts) -> str:
    return f"写成 {parts[0]}-××-××，后面是两位数字的月和日"


INCOMPLETE: tuple[tuple[re.Pattern[str], str, Callable[[Parts], str | None]], ...] = (
    (lazy_pattern(r"(\d{1,2}) ?月 ?(\d{1,2})"), "缺少年份", _of_this_year),
    (lazy_pattern(r"(\d{1,2}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4})"), "年份要写在最前面", _year_last),
    (lazy_pattern(r"['’]?(\d{2}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})"), "年份要写四位数字", _short_year),
    (lazy_pattern(r"['’]?\d{2} ?年"), "年份要写四位数字", lambda _: None),
    (lazy_pattern(r"(\d{2})(\d{2})(\d{2})$"), "年份要写四位数字", _short_year),
    (lazy_pattern(r"(\d{1,2}) ?[-/.] ?(\d{1,2})"), "缺少年份", _of_this_year),
    (lazy_pattern(r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?月?$"), "缺少哪一日", _month_alone),
    (lazy_pattern(r"(\d{4}) ?年?$"), "缺少月和日", _year_alone),
)
"""Forms of incomplete dates: the pattern, what is missing, and the hint (None: the general one)."""


def of_incomplete(typed: str) -> tuple[str, str] | None:
    """The message and hint for an incomplete date in half-width digits; None where it looks like no date at all."""
    for pattern, message, correct in INCOMPLETE:
        match = pattern.match(typed)
        if match and (hint := correct(match.groups())):
            return message, hint
        if match:
            return (_no_day(match.groups()) if correct is _of_this_year else "") or message, FORMAT
    return None


def of_no_such_day(year: int, month: int, day: int) -> str:
    """The hint for a day that does not exist: with day and month exchanged, if possible, else the days of the month."""
    if _exists(year, day, month):
        return f"是不是 {year}-{day:02}-{month:02}？"
    if 1 <= month <= 12:
        return f"写 {year}-{month:02}-01 到 {year}-{month:02}-{days_of(year, month)} 里的一天"
    return f"月份是 1 到 12：写成 {year}-××-{day:02}" if 1 <= day <= 31 else FORMAT


def days_of(year: int, month: int) -> int:
    """The number of days of a month."""
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


def with_year(hint: str, year: str) -> str:
    """The hint with the year that was left open."""
    return hint.replace(_OPEN_YEAR_NOTE, "").replace(OPEN_YEAR, year)


def _exists(year: int, month: int, day: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= days_of(year, month)


_DATE = lazy_pattern(r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})")


def days_of_notice(typed: str) -> str:
    """The hint for the days of a public notice (公示期): `expires` is the day after the last of them."""
    found = _DATE.findall(typed)
    year, month, day = map(int, found[-1]) if found else (0, 0, 0)
    is_day = _exists(year, month, day)
    end = f"下线: {date(year, month, day) + timedelta(days=1)}" if is_day else "下线: 最后一天的后一天"
    return f"公示期由“时间”和“下线”算出，写成：{end}"
