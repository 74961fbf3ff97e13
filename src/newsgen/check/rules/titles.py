"""Rules about titles: characters that the hints of the form and the guide say not to type there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.check.article_text import HAN, Passage
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, at, over_passages

_WHOLE = re.compile(r"《(?P<inside>[^《》]+)》")
_FULL_STOP = re.compile(rf"(?:。|(?<=[{HAN}”》）])[.．])\s*$")


def _marks(passage: Passage) -> Iterator[Finding]:
    """The finding about a title that stands in 《》 as a whole, or ends with a full stop."""
    if passage.key != "title":
        return
    title = passage.text.strip()
    plain = _FULL_STOP.sub("", title)
    whole = _WHOLE.fullmatch(plain)
    right = whole["inside"] if whole else plain
    right = _FULL_STOP.sub("", right)
    if right in (title, ""):
        return
    start = passage.text.index(title)
    what = "标题外面不用书名号" if whole else "标题末尾不用句号"
    yield at(passage, start, start + len(title), what, f"改成：{right}", right)


RULES = (
    Rule(
        "titles.marks",
        "warning",
        "标题末尾的句号，整个标题外面的书名号",
        "标题是一行字，不是一句话，也不是一本书的名字；列表里、导航里都会带着这些标点。",
        "（标题）《学院举行志愿服务活动》。",
        "（标题）学院举行志愿服务活动",
        over_passages(_marks, "《。.．"),
    ),
)
