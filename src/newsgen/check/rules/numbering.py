"""Rules about numbered headings: 一、（一）1.（1） in order and without gaps. Source: GB/T 9704-2012."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.check.article_text import ArticleText, Passage
from newsgen.check.finding import Finding
from newsgen.check.numerals import chinese_number, number_in_chinese
from newsgen.check.rule import Rule, at, over_article

_FORMS = (
    re.compile(r"([一二三四五六七八九十]{1,3})、"),
    re.compile(r"（([一二三四五六七八九十]{1,3})）"),
    re.compile(r"(\d{1,2})[.．、](?!\d)"),
    re.compile(r"（(\d{1,2})）"),
)
_STARTS = re.compile(r"\n[一二三四五六七八九十（０-９0-9]")
"""The beginning of a numbered line."""
_MISSED = 3
"""The highest first number of a text that counts as a gap; a higher one, as in 十、附则, may begin an excerpt."""
_NAMES = ("一、", "（一）", "1.", "（1）")


def _numbered(article: ArticleText) -> Iterator[tuple[int, int, int, Passage]]:
    """The numbered lines, each as (level, number, length of the mark, passage); level 0 is 一、."""
    for start in _STARTS.finditer(f"\n{article.text}"):
        passage, _ = article.place(start.start())
        if passage.role in ("front", "cell", "caption", "footnote"):
            continue
        for level, form in enumerate(_FORMS):
            match = form.match(passage.text)
            number = chinese_number(match[1]) if match else None
            if match and number:
                yield level, number, match.end(), passage
                break


def _gaps(article: ArticleText) -> Iterator[Finding]:
    last: dict[int, int] = {}
    for level, number, length, passage in _numbered(article):
        before = last.get(level, 0)
        for deeper in range(level + 1, len(_FORMS)):
            last.pop(deeper, None)
        last[level] = number
        if number in (1, before + 1):
            continue
        if not before:
            if level == 0 and number <= _MISSED:
                yield at(
                    passage,
                    0,
                    length,
                    f"序号从“{passage.text[:length]}”开始，前面没有{_mark(level, 1)}",
                    "检查前面是不是漏了一项，或者序号写错了",
                )
            continue
        wanted = _mark(level, before + 1)
        what = "重复了" if number == before else f"前面是{_mark(level, before)}，接着应是{wanted}"
        yield at(passage, 0, length, f"序号“{passage.text[:length]}”{what}", f"改成：{wanted}，或者检查是不是漏了一项")


def _mark(level: int, number: int) -> str:
    numeral = number_in_chinese(number) if level < 2 else str(number)
    return _NAMES[level].replace("一", numeral).replace("1", numeral)


_INLINE = re.compile(r"(?:^|[，。；：、])\s*(?P<the>第?)(?P<number>[一二三四五六七八九十]{1,2})(?P<form>是|要|，|、)")

_SECONDS = ("二是", "二要", "三是", "三要", "第二，", "第二、", "第三，", "第三、")
_IN_ORDER = re.compile(r"[一二三四五六七八九十][是要，、]")


def _inline_gaps(article: ArticleText) -> Iterator[Finding]:
    """The findings about gaps as in 一是…；二是…；四是… within a paragraph, or in 第一，…。第二，… over several."""
    if not any(word in article.text for word in _SECONDS):
        return
    over_all: dict[str, int] = {}
    for passage in article.holding(_IN_ORDER):
        within: dict[str, int] = {}
        for match in _INLINE.finditer(passage.text):
            if not match["the"] and match["form"] not in "是要":  # 一、 is a heading
                continue
            form, last = ("第", over_all) if match["the"] else (match["form"], within)
            number, before = chinese_number(match["number"]) or 0, last.get(form, 0)
            last[form] = number
            if before and number not in (1, before + 1) and number <= before + 3:
                start = match.start("the")
                shown, wanted = passage.text[start : match.end()], number_in_chinese(before + 1)
                message = f"“{shown}”前面是{number_in_chinese(before)}，接着应是{wanted}"
                yield at(passage, start, match.end(), message, "检查是不是漏了一项，或者序号写错了")


def _all_gaps(article: ArticleText) -> Iterator[Finding]:
    yield from _gaps(article)
    yield from _inline_gaps(article)


def _order(article: ArticleText) -> Iterator[Finding]:
    """The findings about levels that first occur after a lower level."""
    seen: list[int] = []
    for level, _, length, passage in _numbered(article):
        if level in seen:
            continue
        if seen and level < min(seen):
            yield at(
                passage,
                0,
                length,
                f"“{_NAMES[min(seen)]}”用在了“{_NAMES[level]}”的上一级",
                "层次的顺序一般是：一、→（一）→ 1. →（1）",
            )
        seen.append(level)


RULES = (
    Rule(
        "numbering.gap",
        "warning",
        "序号不连续",
        "一、二、三……要连着写，不跳号，不重号。",
        "一、加强学习\n二、落实责任\n四、抓好宣传",
        "一、加强学习\n二、落实责任\n三、抓好宣传",
        over_article(_all_gaps),
    ),
    Rule(
        "numbering.order",
        "info",
        "序号层次的顺序",
        "结构层次序数依次为“一、”“（一）”“1.”“（1）”（GB/T 9704）。",
        "1.加强学习\n一、提高认识",
        "一、加强学习\n1.提高认识",
        over_article(_order),
    ),
)
