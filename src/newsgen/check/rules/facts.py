"""Rules about facts that contradict each other: dates and weekdays, times, years, counts, sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain

from newsgen.check.article_text import ArticleText, Passage
from newsgen.check.dates import dates_in
from newsgen.check.finding import Finding
from newsgen.check.numerals import chinese_number, number_in_chinese
from newsgen.check.rule import Rule, at, over_article
from newsgen.check.rules.columns import tables
from newsgen.check.rules.quantities import parts, quantities, reversed_spans
from newsgen.core.model import FrontMatter

_WEEKDAY = re.compile(
    r"[^\S\n]*(?:[上下]午|晚上?|早上)?\s*[（(]?\s*(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])(?![年岁])"
)
_CLOCK, _ONWARDS = re.compile(r"[:：时点](?<=\d.)"), re.compile(r"\s*(?:起|以来|至|—|-|~|到)")
_WEEKDAYS = "一二三四五六日"
_TIME = re.compile(
    r"(?<![\d.])(?<!\d[:：])(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?![\d:：])|(?<!\d)(?P<hour2>\d{1,2})[时点](?:(?P<minute2>\d{1,2})分)?(?!间|钟)"
)
_MORNING = re.compile(r"(?:上午|早上|凌晨)\s*(?:1[3-9]|2[0-3])(?=[:：时点]\d{0,2})")
_CLOCK_BEFORE = re.compile(r"(?:[日号午晚早晨]|时间[：:]?|[-—~～至到]|于)\s*$")
_COUNT = re.compile(
    r"(?:以下|如下|下列|提出了?|强调了?|明确了?|做到|抓好|突出|从)?[“‘]?(?P<count>[二三四五六七八九十两]{1,3}|\d{1,2})(?:个方面|[个点项条]|方面)(?:的)?"
    r"(?P<what>具体要求|要求|意见|建议|希望|任务|工作要求|措施|举措|内容|问题|工作)?[”’]?"
)
_ANNOUNCED = re.compile(r"以下|如下|下列|提出|强调|明确|要求|[“‘]$")
_FIRST_LEVEL = re.compile(r"([一二三四五六七八九十]{1,3})、")
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_TOTAL = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|总\s*数|合计数)\s*")
_CLOSING_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日\s*[)）]?\s*$")
_AFTERWARDS = timedelta(days=3)
"""The time that the signature of a report may be later than its `date`, which is often the day of the event."""
_IN_A_SENTENCE = re.compile(r"[，；：]|[为于至到在前]$")
_NEAR = 45
"""The maximum number of days between the opening date of a report and the article's own."""


def _weekdays(article: ArticleText) -> Iterator[Finding]:
    for found in dates_in(article.text):
        weekday = _WEEKDAY.match(article.text, found.end)
        day = found.day_in(article.year)
        if not weekday or not day:
            continue
        typed = weekday["weekday"].replace("天", "日")
        right = _WEEKDAYS[day.weekday()]
        if typed == right or (not found.year and _is_in_next_year(article, day, typed)):
            continue
        passage, start = article.place(weekday.start("weekday"))
        message = f"{day.year}年{day.month}月{day.day}日是星期{right}，不是星期{typed}"
        yield at(passage, start, start + 1, message, "看看日期和星期哪一个写错了；年份不同，就把年份写出来")


def _is_in_next_year(article: ArticleText, day: date, weekday: str) -> bool:
    """Whether a date without a year has this weekday in the year after or before, near the turn of a year."""
    matter = article.matter
    if not isinstance(matter, FrontMatter) or not matter.date:
        return False
    own = matter.date.at.date()
    for shift in (-1, 1):
        try:
            other = day.replace(year=day.year + shift)
        except ValueError:
            continue
        if abs((other - own).days) < 183 < abs((day - own).days) and _WEEKDAYS[other.weekday()] == weekday:
            return True
    return False


def _impossible_days(article: ArticleText) -> Iterator[Finding]:
    for found in dates_in(article.text):
        leap = found.year or article.year
        if 1 <= found.month <= 12 and 1 <= found.day <= _days_of(found.month, leap):
            continue
        passage, start = article.place(found.start)
        end = start + found.end - found.start
        if not 1 <= found.month <= 12:
            yield at(passage, start, end, f"没有 {found.month} 月", "改成 1 到 12 月")
        else:
            last = _days_of(found.month, leap)
            message = f"{f'{leap} 年' if leap and found.month == 2 else ''} {found.month} 月没有 {found.day} 日".strip()
            yield at(passage, start, end, message, f"{found.month} 月最后一天是 {last} 日")


def _impossible_times(passage: Passage) -> Iterator[Finding]:
    for match in _TIME.finditer(passage.text):
        hour, minute = int(match["hour"] or match["hour2"]), int(match["minute"] or match["minute2"] or 0)
        is_clock = match["hour2"] is not None or _CLOCK_BEFORE.search(passage.text[: match.start()]) is not None
        if is_clock and (hour > 24 or minute > 59 or (hour == 24 and minute)):
            if match["hour2"] and not match["minute2"] and not _CLOCK_BEFORE.search(passage.text[: match.start()]):
                continue  # 40点建议
            yield at(
                passage, match.start(), match.end(), f"没有“{match[0]}”这个时刻", "时在 0 到 24 之间，分在 0 到 59 之间"
            )


def _days_of(month: int, year: int | None) -> int:
    if month == 2 and not year:
        return 29
    following = date(year or 2000, month, 28) + timedelta(days=4)
    return (following - timedelta(days=following.day)).day


def _impossible_in(article: ArticleText) -> Iterator[Finding]:
    yield from _impossible_days(article)
    for passage in article.holding(_CLOCK):
        yield from _impossible_times(passage)
        for match in _MORNING.finditer(passage.text):
            yield at(passage, match.start(), match.end(), f"“{match[0]}”不是上午", "看看是上午还是下午")


def _years(article: ArticleText) -> Iterator[Finding]:
    """The findings about full dates with the wrong year, as often typed in January: month and day are near the
    article's, the year is the one before or after.
    """
    matter = article.matter
    if not isinstance(matter, FrontMatter) or not matter.date or matter.kind == "reprint":
        return
    own = matter.date.at.date()
    for found in dates_in(article.text):
        day = found.day_in(None)
        if not day or day.year == own.year or abs((day - own).days) < 183 or abs(day.year - own.year) != 1:
            continue
        passage, start = article.place(found.start)
        meant = _day_in(day, own.year) if passage.line >= article.body_line else None
        if meant and abs((meant - own).days) <= 3 and not _ONWARDS.match(article.text, found.end):
            message = f"文章是 {own:%Y-%m-%d} 的，这里写的是 {day.year} 年"
            yield at(passage, start, start + 4, message, f"如果是今年的事，改成 {own.year}")


def _day_in(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


def _closing(article: ArticleText) -> Iterator[Finding]:
    """The findings about a date of the signature that is after the article's own, or before the day of the reported
    event.
    """
    matter = article.matter
    passages = [passage for passage in article.body if passage.role in ("paragraph", "heading")]
    if not isinstance(matter, FrontMatter) or not matter.date or not passages:
        return
    own = matter.date.at.date()
    for index in range(len(passages) - 1, max(len(passages) - 4, -1), -1):
        passage = passages[index]
        closing = _CLOSING_DATE.search(passage.text)
        if not closing or closing.start() > 20 or _IN_A_SENTENCE.search(passage.text[: closing.start()]):
            continue
        day = _day_of(closing)
        if day and day > own + _AFTERWARDS:
            message = f"落款是 {day:%Y-%m-%d}，晚于文章的时间 {own:%Y-%m-%d}"
            yield at(passage, closing.start(), closing.end("day") + 1, message, "看看落款和 date 哪一个写错了")
        elif day and matter.kind == "news" and (event := _first_day(passages[:index], own)) and day < event:
            message = f"落款是 {day:%Y-%m-%d}，早于文中的活动日期 {event:%Y-%m-%d}"
            yield at(passage, closing.start(), closing.end("day") + 1, message, "看看落款和正文里的日期哪一个写错了")
        return


def _day_of(closing: re.Match[str]) -> date | None:
    try:
        return date(int(closing["year"]), int(closing["month"]), int(closing["day"]))
    except ValueError:
        return None


def _first_day(passages: Sequence[Passage], own: date) -> date | None:
    """The day that a report opens with; None if it is after the article's own day, or more than _NEAR days before."""
    for passage in passages[:1]:
        found = next(iter(dates_in(passage.text)), None)
        day = found.day_in(own.year) if found and found.start == 0 else None
        if day and timedelta(0) <= own - day <= timedelta(days=_NEAR):
            return day
    return None


def _counts(article: ArticleText) -> Iterator[Finding]:
    """The findings about an announced count that differs from the number of headings 一、二、三、 after it."""
    if "一、" not in article.text:
        return
    passages = list(article.body)
    heads = [
        (index, chinese_number(match[1]))
        for index, passage in enumerate(passages)
        if (match := _FIRST_LEVEL.match(passage.text))
    ]
    if len(heads) < 2 or [number for _, number in heads] != list(range(1, len(heads) + 1)):
        return
    first = heads[0][0]
    front = [passage for passage in article.passages if passage.key == "title"]
    for passage in [*front, *passages[max(0, first - 2) : first]]:
        for match in _COUNT.finditer(passage.text):
            announced = _ANNOUNCED.search(passage.text[max(0, match.start() - 6) : match.start("count")])
            is_last = passage.key == "title" or passage.text[match.end() :].strip("：:。，,”’") == ""
            number = chinese_number(match["count"])
            if (
                announced
                and (is_last or passage is passages[first - 1])
                and match["what"]
                and number
                and number != len(heads)
            ):
                typed = match["count"]
                message = f"写的是“{typed}”，下面的一、二、三……有 {len(heads)} 条"
                hint = f"改成：{number_in_chinese(len(heads)) if not typed.isascii() else len(heads)}，或者检查是不是少写、多写了一条"
                yield at(passage, match.start("count"), match.end("count"), message, hint)


def _sums(article: ArticleText) -> Iterator[Finding]:
    """The findings about tables whose row 合计 does not add up; columns with percentages are left out."""
    for table in tables(article):
        total = next((row for row in table[1:] if _TOTAL.fullmatch(row[0].text)), None)
        rows = table[1 : table.index(total)] if total else table[1:]
        for column in range(1, min((len(row) for row in table), default=0)):
            values = [_value(row[column].text) for row in rows]
            if total and len(values) > 1 and all(value is not None for value in values):
                cell = total[column]
                said, right = _value(cell.text), round(sum(value for value in values if value is not None), 6)
                if said is not None and abs(said - right) > 0.05 and not any("%" in row[column].text for row in rows):
                    yield at(cell, 0, len(cell.text), f"合计写的是 {said:g}，上面各行相加是 {right:g}", "核对这一列")


def _value(text: str) -> float | None:
    match = _NUMBER.fullmatch(text.strip().rstrip("人名项个元万%"))
    return float(match[0].replace(",", "")) if match else None


RULES = (
    Rule(
        "facts.weekday",
        "warning",
        "日期和星期对不上",
        "日期和星期要一致。",
        "2024年3月13日（星期四）下午",
        "2024年3月13日（星期三）下午",
        over_article(_weekdays),
    ),
    Rule(
        "facts.date",
        "warning",
        "不存在的日期和时刻",
        "历法上没有的日子，钟面上没有的时刻。",
        "2月30日上午25:00，全体党员大会召开。",
        "2月28日上午9:00，全体党员大会召开。",
        over_article(lambda article: chain(_impossible_in(article), reversed_spans(article))),
    ),
    Rule(
        "facts.year",
        "warning",
        "年份像是写错了",
        "正文里的日期与文章的时间月日相近而年份差一年，多半是沿用了去年的。",
        "（文章的时间是 2024-03-14）2023年3月13日，学院召开会议。",
        "（文章的时间是 2024-03-14）2024年3月13日，学院召开会议。",
        over_article(_years),
    ),
    Rule(
        "facts.signature",
        "warning",
        "落款的日期",
        "落款不早于所写的活动，也不晚于文章的时间。",
        "（文章的时间是 2024-03-14）管理学院 2024年3月20日",
        "（文章的时间是 2024-03-14）管理学院 2024年3月14日",
        over_article(_closing),
    ),
    Rule(
        "facts.count",
        "warning",
        "条数和列出的对不上",
        "说了几个要求，下面就应有几条。",
        "会议提出三个要求：\n一、加强学习\n二、落实责任",
        "会议提出两个要求：\n一、加强学习\n二、落实责任",
        over_article(lambda article: chain(_counts(article), quantities(article))),
    ),
    Rule(
        "facts.sum",
        "info",
        "表格的合计",
        "合计应等于各行之和。",
        "| 支部 | 人数 |\n| --- | --- |\n| 一 | 3 |\n| 二 | 4 |\n| 合计 | 8 |",
        "| 支部 | 人数 |\n| --- | --- |\n| 一 | 3 |\n| 二 | 4 |\n| 合计 | 7 |",
        over_article(lambda article: chain(_sums(article), parts(article))),
    ),
)
