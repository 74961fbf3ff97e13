"""Rules about lines of the body that repeat what the page prints anyway: the title, the author and the date.

They are often pasted along with a whole document, or from a page of another site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, takewhile

from newsgen.check.article_text import ArticleText, Passage
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, over_article
from newsgen.core.model import FrontMatter

_TITLE_LINES = 3
"""The maximum number of lines into which a title is broken."""
_LABEL = re.compile(
    r"(?P<counter>浏览(?:次数|量)?|点击(?:次数|量|数)?|阅读(?:次数|量|数)?|访问(?:次数|量))[：:]"
    r"|(?:作\s*者|来\s*源|供\s*稿|摄\s*影|编\s*辑|责任编辑|审\s*核|发布(?:时间|日期|单位|人|者)|更新(?:时间|日期)|时\s*间|日\s*期)[：:]"
)
_BYLINE = 80
"""The maximum length of a byline in characters."""
_DATE_LINE = re.compile(
    r"[（(]?\s*\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?\s*[)）]?"
)
_IN_THE_FORM = "作者、来源、日期填在文章信息里，网页上会有；删去这一行"
_CLOSING = 2
"""The number of last lines in which a date belongs to the signature."""


def _title_again(article: ArticleText) -> Iterator[Finding]:
    """The findings about first lines of the body that repeat the title, in one line or several."""
    for passage in article.body[: _title_lines(article)]:
        yield _whole_line(passage, "正文开头又写了一遍标题", "网页上已经有标题，删去这一行")


def _title_lines(article: ArticleText) -> int:
    """The number of first lines of the body that are the title."""
    matter = article.matter
    title = _letters(matter.title) if isinstance(matter, FrontMatter) else ""
    lines = takewhile(_is_text, article.body[:_TITLE_LINES])
    joined = list(accumulate(_letters(passage.text) for passage in lines))
    return joined.index(title) + 1 if title and title in joined else 0


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _is_text(passage: Passage) -> bool:
    return passage.role in ("paragraph", "heading")


def _byline(article: ArticleText) -> Iterator[Finding]:
    """The findings about a line such as 作者：王芳 发布时间：2024-03-13 浏览次数：12 near the beginning, or a line with only the
    date above the text.
    """
    yield from _date_above(article)
    for passage in article.body[: _TITLE_LINES + 2]:
        labels = list(_LABEL.finditer(passage.text)) if len(passage.text) <= _BYLINE and _is_text(passage) else []
        if (
            labels
            and (len(labels) > 1 or labels[0]["counter"])
            and not passage.text[: labels[0].start()].strip("（([【 \u3000")
        ):
            yield _whole_line(passage, "正文里写了作者、日期这一行", _IN_THE_FORM)


def _date_above(article: ArticleText) -> Iterator[Finding]:
    """The finding about a first line with only a date. If there are several such lines, the text is a chronicle."""
    lines = article.body[_title_lines(article) : -_CLOSING]
    dates = [passage for passage in lines if _is_text(passage) and _DATE_LINE.fullmatch(passage.text.strip())]
    if dates and dates == list(lines[:1]):
        yield _whole_line(dates[0], "正文开头又写了一遍日期", _IN_THE_FORM)


def _whole_line(passage: Passage, message: str, hint: str) -> Finding:
    typed = passage.raw.strip()
    column = passage.raw.index(typed) + 1
    return Finding("", "warning", message, hint, "", passage.line, column, typed, "")


RULES = (
    Rule(
        "repeats.title",
        "warning",
        "正文开头又写了一遍标题",
        "标题由网页印出来，正文里再写一遍，读者就看到两个。",
        "（文章的标题是“甲”）甲\n3月13日下午，学院召开工作会议。",
        "（文章的标题是“甲”）3月13日下午，学院召开工作会议。",
        over_article(_title_again),
    ),
    Rule(
        "repeats.byline",
        "warning",
        "正文里写了作者、日期这一行",
        "从别的网站复制来的作者、发布时间、浏览次数，网页自己会印；浏览次数是别的网站的。",
        "作者：王芳　发布时间：2024-03-13　浏览次数：12",
        "作者、日期写在文件头里",
        over_article(_byline),
    ),
)
