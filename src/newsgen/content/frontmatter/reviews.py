"""`reviews:` (审核): who read a report before it was published, in whatever form it was typed.

A name alone, `初审 张三、终审 李四`, a list of such, `初审: 张三`, or items with 环节, 姓名, 时间 and 文号. The names stand at the
report's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.content.frontmatter.converters import Converted, ValueErrorAt, error_at, parts_of, scalar_of
from newsgen.core.model import Review
from newsgen.core.patterns import lazy_pattern
from newsgen.core.scalars import FieldError, parse_list, parse_moment
from newsgen.core.text import did_you_mean
from newsgen.core.yaml.nodes import Mapping, Node, Scalar, Sequence

REVIEW_PARTS = (
    ("stage", "stage"), ("环节", "stage"), ("审次", "stage"), ("name", "name"), ("姓名", "name"),
    ("time", "time"), ("时间", "time"), ("日期", "time"), ("number", "number"), ("文号", "number"), ("oa", "number"),
    ("digest", "digest"), ("摘要值", "digest"),
)  # fmt: skip
_STAGE = r"(?:第?[一二三][审校]|[初复再终][审校核]|审[核定签批读]|责任?审[核稿]|核[稿定]|校[对核])人?"
_STAGE_FIRST = lazy_pattern(rf"({_STAGE})\s*[:：/-]?\s*(\S.*)")
_STAGE_LAST = lazy_pattern(rf"(\S.*?)\s*[（(]\s*({_STAGE})\s*[)）]")
_NEXT = lazy_pattern(
    rf"\s+(?=(?:第?[一二三][审校]|[初复再终][审校核]|{_STAGE}(?=[\s:：/-]))\s*[:：/-]?\s*\S)|(?<=[)）])\s+(?=\S+?\s*[（(]\s*{_STAGE}\s*[)）])"
)
"""Where the next reviewer begins behind a blank: with a stage, or with a name that a stage in parentheses follows."""
_TIME_LAST = lazy_pattern(r"(.*\S)\s+(\d{4}\s?[-年/.].*)")
_ANSWERS = frozenset(
    [
        *("是", "否", "有", "无", "对", "已审", "已审核", "审核通过", "已通过"),
        *("通过", "待审", "待审核", "未审核", "yes", "no", "true", "false"),
    ]
)
"""What answers a question that is not asked here."""
_EXAMPLE = "直接写姓名，几位用顿号隔开；要写环节，写在姓名前面，空一格"


def reviews(code: str, node: Node) -> Converted:
    """A converter for `reviews`."""
    try:
        return tuple(_reviews(node)), ()
    except FieldError as error:
        return None, (error_at(code, error, node),)


def _reviews(node: Node) -> Iterator[Review]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _reviews(item)
    elif isinstance(node, Scalar):
        for text in parse_list(node.text):
            for one in _each(text):
                yield _named(one, node)
    elif _is_by_stage(node):
        for key, value in node.entries:
            for name in parse_list(_required(value, key)):
                yield Review(key.text.strip(), _named(name, value).name, None, None, None)
    else:
        yield _item(node)


def _each(text: str) -> list[str]:
    """The reviewers of a text that blanks alone part: `一审张三 二审李四`, `张三（初审） 李四（终审）`."""
    return _NEXT.split(text) if re.match(_STAGE, text) or _STAGE_LAST.fullmatch(text) else [text]


def _named(text: str, node: Scalar | Node) -> Review:
    """One reviewer on one line: a name, with a stage before or behind it and a time at the end."""
    dated = _TIME_LAST.fullmatch(text)
    time = dated[2] if dated and _is_time(dated[2]) else None
    rest = dated[1] if dated and time else text
    if re.fullmatch(_STAGE, rest):
        raise ValueErrorAt(f"「{rest}」后面没有写姓名", f"在「{rest}」后面空一格，写上姓名；不需要就删掉", node)
    first, last = _STAGE_FIRST.fullmatch(rest), _STAGE_LAST.fullmatch(rest)
    stage, name = (first[1], first[2]) if first else (last[2], last[1]) if last else (None, rest)
    if name.casefold() in _ANSWERS:
        raise ValueErrorAt(f"审核后面写的是审核人的姓名，不是「{name}」", f"{_EXAMPLE}；还没有审核，就删掉这一行", node)
    return Review(stage, name, time, None, None)


def _is_time(text: str) -> bool:
    try:
        parse_moment(text)
    except FieldError:
        return False
    return True


def _is_by_stage(node: Mapping) -> bool:
    """Whether the keys are stages and the values names: `初审: 张三`."""
    parts = dict(REVIEW_PARTS)
    names = [key.text.strip().casefold() for key, _ in node.entries]
    return all(re.fullmatch(_STAGE, name) or not (name in parts or did_you_mean(name, parts)) for name in names)


def _required(value: Node, key: Scalar) -> str:
    text = scalar_of(value)
    if not text:
        raise ValueErrorAt(f"「{key.text}」后面没有写姓名", "在冒号后面写上姓名；不需要就删掉这一行", key)
    return text


def _item(node: Mapping) -> Review:
    parts = parts_of(node, REVIEW_PARTS, "审核")
    if "name" not in parts:
        raise ValueErrorAt("这一项审核缺少姓名", f"加上“姓名: ”，后面写姓名；或者{_EXAMPLE}", node)
    texts = {part: scalar.text for part, scalar in parts.items()}
    if "time" in parts:
        try:
            parse_moment(texts["time"])
        except FieldError as error:
            raise ValueErrorAt(error.message, error.hint, parts["time"]) from error
    return Review(texts.get("stage"), texts["name"], texts.get("time"), texts.get("number"), texts.get("digest"))
