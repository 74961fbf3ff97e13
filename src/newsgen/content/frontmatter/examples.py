"""Examples in hints where a title, a date or an end is missing: taken from what the author wrote, never invented."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from newsgen.core.date_hints import FORMAT
from newsgen.core.model import Diagnostic, Moment
from newsgen.core.scalars import FieldError, parse_moment
from newsgen.core.yaml.nodes import plain, quoted

TITLE, SECTION_TITLE = "文章标题", "栏目名称"
"""What stands for a title in an example where the text offers none."""
BODY = "正文从这里写起，一个回车就是一段。"
"""The text of an article that `newsgen new` has just made."""
_NO_TITLE = re.compile(r"[!|<>*+`~=\[（(-]|\d+[.、)]|[一二三四五六七八九十]+、")
_WRITTEN_DATE = re.compile(r"(?:19|20)\d{2} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日")
_WRITTEN_YEAR = re.compile(r"((?:19|20)\d{2}) ?[年./-]")
_LONGEST = 60
DAYS = 5
"""How many days a 公示 is up as a rule; the author corrects it."""


def left_over(title: str | None, body: str, line: int, first_line: int) -> Iterator[Diagnostic]:
    """Example text that was never replaced: the title of an example, at `line`, and the text of a new article."""
    if title in (TITLE, SECTION_TITLE):
        message, hint = f"标题还是例子里的「{title}」", "换成这一篇自己的标题"
        yield Diagnostic("front-matter.placeholder", "warning", message, hint, "", line)
    if BODY in body:
        number = first_line + body.count("\n", 0, body.index(BODY))
        message = f"正文里还留着新建时的那一句：「{BODY}」"
        yield Diagnostic("body.placeholder", "warning", message, "删去这一句，写上正文", "", number)


def title_in(body: str) -> str | None:
    """The first line of a text, typed as a value, where it may be a title: short, and no sentence, list or picture."""
    line = next((line.strip() for line in body.split("\n") if line.strip()), "")
    line = line.lstrip("#＃ \u3000").strip("* \u3000")
    is_title = 0 < len(line) <= _LONGEST and line[-1] not in "。；：:，,、？！" and not _NO_TITLE.match(line)
    return None if not is_title else line if plain(line) else quoted(line)


def date_in(body: str) -> str | None:
    """The last whole date in a text, `2024-03-14`: as a rule that of its signature."""
    for written in reversed(_WRITTEN_DATE.findall(body)):
        try:
            return parse_moment(written).day
        except FieldError:
            continue
    return None


def year_in(values: Mapping[str, Any], body: str) -> str | None:
    """The one year that front matter and body name; None where there are several, or none."""
    moments = (value for value in values.values() if isinstance(value, Moment))
    years = {moment.day[:4] for moment in moments} or set(_WRITTEN_YEAR.findall(body))
    return years.pop() if len(years) == 1 else None


def title_hint(body: str) -> str:
    """The hint for a missing title."""
    found = title_in(body)
    if found is None:
        return "加上一行 title: ，冒号后面写文章的标题"
    return f"加上一行：title: {found}\n这是正文的第一行；是标题的话，把它从正文里删去"


def date_hint(body: str) -> str:
    """The hint for a missing date."""
    found = date_in(body)
    if found is None:
        return f"加上一行 date: ，冒号后面写活动或发布的那一天，{FORMAT}"
    return f"加上一行：date: {found}\n这是正文里写着的日期，请核对"


def end_hint(date: Moment | None, publish_at: Moment | None) -> str:
    """The hint for a 公示 without an end: the end is the moment at which it disappears."""
    what = "写公示结束的第二天：到那天零点，这一篇自动从网站上消失"
    start = max((moment for moment in (date, publish_at) if moment), key=lambda moment: moment.minute, default=None)
    if start is None:
        return f"加上一行 expires: ，{what}"
    end = Moment.of(start.at + timedelta(days=DAYS), to_the_minute=False).day
    return f"加上一行：expires: {end}\n这是公示 {DAYS} 天；天数不同就改。{what}"


def example(body: str, title: str) -> str:
    """A whole block for a text that has none."""
    date = f"\ndate: {date_in(body) or '年-月-日'}" if title == TITLE else ""
    return f"在文件最上面加上：\n---\ntitle: {title_in(body) or title}{date}\n---"
