"""Signatures: （管理学院 2024年3月14日）, and the two-line 落款."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from newsgen.content.markdown.headings import NumberedLine
from newsgen.content.markdown.preprocess.containers import FOOTNOTE
from newsgen.content.markdown.salutation import is_plain_line, salutation
from newsgen.core.model import ArticleKind

_DATE = (
    r"(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}\s*([-./])\s*\d{1,2}\s*\1\s*\d{1,2}"
    r"|[二一][〇○零OoＯ一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_SIGNATURE = re.compile(rf"[（(]\s*(?:[^（()）。！？；\n]{{1,40}}?)?\s*{_DATE}\s*[)）]")
_DATE_LINE = re.compile(_DATE)
_STRONG = re.compile(r"(\*\*|__)(.+)\1")
_DEFINITION = re.compile(r"\[[^\[\]]+\]:\s*\S+$")
_SENTENCE = re.compile(r"[。！？；：，…!?;:,|<>\[\]`]")
_NO_ORGANISATION = re.compile(
    r"特此|此致|敬礼|附件|附：|联系|电话|（|\(|\d+\s*[.．、)）]|.*\.[A-Za-z]{2,4}\d?$|(?:[^/／]*[/／]){2}"
)
_ORGANISATION = re.compile(
    r".*(?:党委|党组|支部|[总分工团]支|委员会|[纪党团]委|学院|大学|学校|学部|书院|研究院|医院|图书馆|[部处室系所院馆厅局校站社队组会班]"
    r"|中心|公司|集团|实验室)(?:（[^（）]*）)?$"
)
_CREDIT_WORDS = (
    r"(?:责任编辑|编辑|责编|撰稿|撰文|供稿|供图|图文|文字|文|图片|图|摄影|摄像|审核|审稿|初审|复审|终审|[一二三]审|校对|排版|来源|通讯员|记者"
    r"|联系人|联系电话|联系方式|咨询电话|电话|邮箱|联系地址|地址)"
)
_CREDIT = re.compile(rf"[（(]?\s*{_CREDIT_WORDS}(?:\s*[/／、和与]?\s*{_CREDIT_WORDS})*\s*[：:/／|丨].{{1,80}}")
_STAMP = re.compile(r"!\[[^\[\]]*\]\([^()]*\)(?:\{[^{}]*\})?")
_REMARK = re.compile(r"[（(][^（()）。]{1,60}[）)]|(?:抄送|抄报|主题词|印发)[：:].{1,80}")
"""（此件公开发布）, （学生第一党支部 供稿）, 抄送：…"""
_ATTACHMENT = re.compile(r"附[ \u3000]{0,4}件?[ \u3000]{0,4}[0-9一二三四五六七八九十]{0,2}[ \u3000]{0,4}(?:[：:].*|$)")
_ATTACHED = re.compile(r"[（(]?\d{1,2}[.．、)）]|[-+*]\s|!?\[.*\]\(.*\)$|.{1,60}\.[A-Za-z]{2,4}$")
_MOST_BELOW = 20
_LONGEST_REMARK = 300


class IndentedLine(NumberedLine, Protocol):
    """A line of a text, and the width of the ASCII blanks that it begins with."""

    @property
    def indent(self) -> int: ...


class Signature(NamedTuple):
    """The signature, apart from the body: the index of its line as `place`, its text, and classes for paragraphs by line number."""

    place: int | None
    text: str | None
    classes: dict[int, str]


def find_signature(lines: Sequence[IndentedLine], kind: ArticleKind) -> Signature:
    """Find the signature or 落款; of the classes, one is that of the salutation."""
    classes: dict[int, str] = {}
    addressed = salutation(lines, kind)
    if addressed is not None:
        classes[addressed] = "salutation"
    last = _last_above_notes(lines)
    if last is None:
        return Signature(None, None, classes)
    signature = _as_signature(lines[last].text)
    if signature:
        return Signature(last, signature, classes)
    if _DATE_LINE.fullmatch(_plain(lines[last].text)):
        organisations = _organisations(lines, last, 3 if kind in ("notice", "announcement") else 1)
        if organisations:
            classes.update({lines[index].number: "signoff" for index in [*organisations, last]})
    return Signature(None, None, classes)


def _as_signature(text: str) -> str | None:
    """The signature that a line is, or None."""
    signature = _plain(text).rstrip("。.")
    return signature if _SIGNATURE.fullmatch(signature) else None


def _plain(text: str) -> str:
    strong = _STRONG.fullmatch(text) if text[0] in "*_" else None
    return strong[2].strip() if strong else text


def _last_above_notes(lines: Sequence[IndentedLine]) -> int | None:
    """The index of the last line of text.

    Credits (编辑：张三), （联系人：…）, （此件公开发布）, a stamp, and a list that begins with 附件 do not count below it.
    """
    last = found = _last(lines, len(lines))
    for _ in range(_MOST_BELOW):
        if found is None:
            break
        text = lines[found].text
        is_note = _is_note(text)
        if not is_note and not _ATTACHED.match(text):
            break
        if is_note and (found == last or _ATTACHMENT.fullmatch(text)):
            last = _last(lines, found)
        found = _last(lines, found)
    return last


def _is_note(text: str) -> bool:
    if len(text) > _LONGEST_REMARK or _as_signature(text):
        return False
    return any(pattern.fullmatch(text) for pattern in (_CREDIT, _STAMP, _REMARK, _ATTACHMENT))


def _last(lines: Sequence[IndentedLine], end: int) -> int | None:
    """The index of the last line of text before `end`; definitions of footnotes and links do not count."""
    index = end - 1
    while index >= 0:
        line = lines[index]
        if line.text and not _DEFINITION.match(line.text):
            note = _note_above(lines, index)
            if note is None:
                return index
            index = note
        index -= 1
    return None


def _note_above(lines: Sequence[IndentedLine], index: int) -> int | None:
    """The index of the footnote definition that the line at `index` is or belongs to."""
    while index >= 0 and (not lines[index].text or lines[index].indent >= 2):
        if FOOTNOTE.match(lines[index].text):
            return index
        index -= 1
    return index if index >= 0 and FOOTNOTE.match(lines[index].text) else None


def _organisations(lines: Sequence[IndentedLine], date: int, most: int) -> list[int]:
    """The indexes of the short lines right above the date that name who signs.

    The lowest may be any name; those above it must look like organisations: a list of people is no 落款.
    """
    found: list[int] = []
    index = _last(lines, date)
    while index is not None and len(found) < most and _may_sign(_plain(lines[index].text)):
        if found and not _ORGANISATION.match(_plain(lines[index].text)):
            break
        found.insert(0, index)
        index = _last(lines, index)
    return found


def _may_sign(text: str) -> bool:
    return len(text) <= 30 and not _SENTENCE.search(text) and not _NO_ORGANISATION.match(text) and is_plain_line(text)
