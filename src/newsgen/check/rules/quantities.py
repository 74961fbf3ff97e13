"""Quantities that contradict each other within a paragraph: counts and lists, votes, spans of days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from newsgen.check.article_text import HAN, ArticleText, Passage
from newsgen.check.finding import Finding
from newsgen.check.numerals import chinese_number, number_in_chinese
from newsgen.check.rule import at
from newsgen.core.patterns import lazy_pattern

_ANNOUNCED = lazy_pattern(
    r"(?P<count>[二三四五六七八九十两]{1,2}|\d{1,2})(?:个方面|[点项条])(?:的)?(?:具体|工作)?(?:要求|意见|建议|希望|任务|措施|举措|内容)[：:，]"
)
_ORDINAL = re.compile(r"(?:^|[，。；：、])\s*(?P<number>[一二三四五六七八九十]{1,2})(?P<form>[是要])")
_PEOPLE = lazy_pattern(
    rf"(?P<count>\d{{1,2}}|[两三四五六七八九十]{{1,2}})[名位][{HAN}]{{0,10}}?(?:[：:]|，(?:他们|她们|分别)是[：:]?)"
    rf"(?P<names>[{HAN}·]{{2,4}}(?:、[{HAN}·]{{2,4}})+)(?=[。；]|$)"
)
_PRESENT = lazy_pattern(r"应到\D{0,8}(?P<due>\d{1,5})\D{1,8}?实到\D{0,8}(?P<present>\d{1,5})")
_VOTES = {
    key: lazy_pattern(rf"(?:{words})[票数]{{0,2}}\D{{0,3}}?(?P<count>\d{{1,5}})\s*[票张]")
    for key, words in {
        "for": "同意|赞成",
        "against": "反对|不同意",
        "neither": "弃权",
        "all": "有效票|有效选票",
    }.items()
}
_PARTS = lazy_pattern(
    r"(?:共|合计|总计|总共)[^，。；\d]{0,12}(?P<total>\d{1,6})(?P<unit>[名人个项篇场次])[^。；\d]{0,6}?其中[：:，]?"
    r"(?P<parts>[^。；]*)"
)
_WORKING_DAYS = lazy_pattern(
    r"(?P<start>(?:20\d\d年)?\d{1,2}月\d{1,2}日)\s*(?:至|到|—|－|-|~|～)+\s*(?P<end>(?:20\d\d年)?(?:\d{1,2}月)?\d{1,2}日)"
)
_DAYS_LONG = re.compile(r"(?P<count>\d{1,2}|[三五七十])个工作日")
_DAY = re.compile(r"(?:(?P<year>20\d\d)年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日")


def quantities(article: ArticleText) -> Iterator[Finding]:
    """The findings about quantities that do not agree within one paragraph."""
    for word, form, find in _CHECKS:
        if word in article.text:  # most texts have none of them
            for passage in article.holding(form):
                if passage.role != "cell":
                    yield from find(passage, article.year)


def reversed_spans(article: ArticleText) -> Iterator[Finding]:
    """The findings about spans whose last day is less than 62 days before the first: 3月13日至3月10日."""
    for passage in article.holding(_SPAN):
        for match in _WORKING_DAYS.finditer(passage.text):
            span = _span(match, article.year)
            if span and span[1] < span[0] and (span[0] - span[1]).days < 62:
                message = f"“{match[0]}”：结束的日子在开始的前面"
                yield at(passage, match.start(), match.end(), message, "看看两个日期哪一个写错了")


_SPAN = re.compile(r"日\s*[至到—－~～-]")


def parts(article: ArticleText) -> Iterator[Finding]:
    """The findings about totals that are less than the sum of their parts."""
    for passage in article.holding(_OF_WHICH) if "其中" in article.text else ():
        for match in _PARTS.finditer(passage.text):
            numbers = re.findall(rf"(\d{{1,6}}){match['unit']}", match["parts"])
            if len(numbers) > 1 and (found := sum(map(int, numbers))) > int(match["total"]):
                message = f"一共是 {match['total']}{match['unit']}，其中的相加是 {found}"
                yield at(
                    passage, match.start("total"), match.end("total"), message, "核对这几个数；有重复计算的就不用改"
                )


_OF_WHICH = re.compile(r"其中")


def _counted(passage: Passage, _: int | None) -> Iterator[Finding]:
    """The findings about counts that differ from the items after them: 提出五点意见：一是…；二是…"""
    for match in _ANNOUNCED.finditer(passage.text):
        number, listed = chinese_number(match["count"]), list(_ORDINAL.finditer(passage.text, match.end() - 1))
        numbers = [chinese_number(item["number"]) for item in listed]
        if number and len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)) and number != len(numbers):
            right = number_in_chinese(len(numbers)) if not match["count"].isascii() else str(len(numbers))
            message = f"写的是“{match['count']}”，后面的一是、二是……有 {len(numbers)} 条"
            hint = f"改成：{right}，或者检查是不是少写、多写了一条"
            yield at(passage, match.start("count"), match.end("count"), message, hint)


def _people(passage: Passage, _: int | None) -> Iterator[Finding]:
    """The findings about numbers of people that differ from the names after them: 5名优秀党员：张三、李四。"""
    for match in _PEOPLE.finditer(passage.text):
        number, names = chinese_number(match["count"]), match["names"].split("、")
        if number and number != len(names) and not names[-1].endswith("等"):
            message = f"写的是 {match['count']} 名，后面列出了 {len(names)} 名"
            yield at(passage, match.start("count"), match.end("count"), message, "核对名单和人数")


def _present(passage: Passage, _: int | None) -> Iterator[Finding]:
    for match in _PRESENT.finditer(passage.text):
        if int(match["present"]) > int(match["due"]):
            message = f"实到 {match['present']} 多于应到 {match['due']}"
            yield at(passage, match.start("present"), match.end("present"), message, "核对两个数")


def _votes(passage: Passage, _: int | None) -> Iterator[Finding]:
    found = {key: form.search(passage.text) for key, form in _VOTES.items()}
    counts = {key: int(match["count"]) for key, match in found.items() if match}
    if len(counts) == len(_VOTES) and (total := counts["for"] + counts["against"] + counts["neither"]) != counts["all"]:
        match = found["all"]
        assert match is not None, "all were found"
        message = f"有效票是 {counts['all']}，各项相加是 {total}"
        yield at(passage, match.start("count"), match.end("count"), message, "核对票数")


def _too_short(passage: Passage, year: int | None) -> Iterator[Finding]:
    """The findings about spans that are shorter than their stated number of days."""
    wanted, match = _DAYS_LONG.search(passage.text), _WORKING_DAYS.search(passage.text)
    span = _span(match, year) if wanted and match else None
    if wanted and match and span and span[0] <= span[1]:
        days, number = (span[1] - span[0]).days + 1, chinese_number(wanted["count"])
        if number and days < number:
            message = f"“{match[0]}”只有 {days} 天，不够 {wanted[0]}"
            yield at(passage, match.start(), match.end(), message, "核对起止日期")


def _span(match: re.Match[str], year: int | None) -> tuple[date, date] | None:
    """The two days of a span; the second takes a missing year or month from the first. None if one does not exist."""
    first, last = _DAY.fullmatch(match["start"]), _DAY.fullmatch(match["end"])
    if not first or not last:
        return None
    try:
        start = date(int(first["year"] or year or 2000), int(first["month"]), int(first["day"]))
        end = date(int(last["year"] or start.year), int(last["month"] or start.month), int(last["day"]))
    except ValueError:
        return None
    return start, end


_CHECKS: tuple[tuple[str, re.Pattern[str], Callable[[Passage, int | None], Iterator[Finding]]], ...] = (
    ("一", re.compile(r"[点项条面]的?(?:具体|工作)?(?:要求|意见|建议|希望|任务|措施|举措|内容)[：:，]"), _counted),
    ("、", re.compile(rf"[名位][{HAN}]{{0,10}}(?:[：:]|，(?:他们|她们|分别)是)"), _people),
    ("应到", re.compile(r"应到"), _present),
    ("有效", re.compile(r"有效"), _votes),
    ("工作日", re.compile(r"工作日"), _too_short),
)
"""The word that a text must hold, the pattern that a passage must match, and the function that reads the passage."""
