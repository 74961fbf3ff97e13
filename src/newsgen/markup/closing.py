"""How a text begins and ends: the signature （管理学院 2024年3月14日）, the two-line 落款, the 主送机关 of a notice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from newsgen.markup.containers import BULLET, FOOTNOTE, NUMBER, is_rule
from newsgen.markup.headings import chinese_heading, hash_heading
from newsgen.markup.source import Line
from newsgen.model import ArticleKind

_DATE = (
    r"(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}\s*([-./])\s*\d{1,2}\s*\1\s*\d{1,2}"
    r"|[二一][〇○零OoＯ一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_SIGNATURE = re.compile(rf"[（(]\s*(?:[^（()）。！？；\n]{{1,40}}?)?\s*{_DATE}\s*[)）]")
_DATE_LINE = re.compile(_DATE)
_STRONG = re.compile(r"(\*\*|__)(.+)\1")
_DEFINITION = re.compile(r"\[[^\[\]]+\]:\s*\S+$")
_SENTENCE = re.compile(r"[。！？；：，…!?;:,|<>\[\]`]")
_NO_ORGANISATION = re.compile(r"特此|此致|敬礼|附件|附：|联系|电话|（|\(")


class Closing(NamedTuple):
    """What stands apart from the body: the signature line as typed, and classes for paragraphs by line number.

    `lines` are the text's lines without the signature.
    """

    lines: list[Line]
    signature: str | None
    classes: dict[int, str]


def set_apart(lines: Sequence[Line], kind: ArticleKind) -> Closing:
    """Find the signature or 落款, and in notices the line that names the addressees."""
    rest, classes = list(lines), {}
    if kind in ("notice", "announcement"):
        classes.update(_salutation(rest))
    last = _last(rest, len(rest))
    if last is None:
        return Closing(rest, None, classes)
    text = _plain(rest[last].text)
    if _SIGNATURE.fullmatch(text):
        return Closing([*rest[:last], *rest[last + 1 :]], text, classes)
    if _DATE_LINE.fullmatch(text):
        organisations = _organisations(rest, last, 3 if kind in ("notice", "announcement") else 1)
        if organisations:
            classes.update({rest[index].number: "signoff" for index in [*organisations, last]})
    return Closing(rest, None, classes)


def _plain(text: str) -> str:
    strong = _STRONG.fullmatch(text)
    return strong[2].strip() if strong else text


def _salutation(lines: Sequence[Line]) -> dict[int, str]:
    first = next((line for line in lines if line.text), None)
    if first is None or first.text[-1] not in "：:" or not _is_plain_line(first.text):
        return {}
    return {first.number: "salutation"}


def _last(lines: Sequence[Line], end: int) -> int | None:
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


def _note_above(lines: Sequence[Line], index: int) -> int | None:
    """The index of the footnote definition that the line at `index` is or belongs to."""
    while index >= 0 and (not lines[index].text or (lines[index].indent >= 2 and not lines[index].foreign)):
        if FOOTNOTE.match(lines[index].text):
            return index
        index -= 1
    return index if index >= 0 and FOOTNOTE.match(lines[index].text) else None


def _organisations(lines: Sequence[Line], date: int, most: int) -> list[int]:
    """The indexes of the short lines right above the date that name who signs."""
    found: list[int] = []
    index = _last(lines, date)
    while index is not None and len(found) < most and _is_organisation(_plain(lines[index].text)):
        found.insert(0, index)
        index = _last(lines, index)
    return found


def _is_organisation(text: str) -> bool:
    return len(text) <= 30 and not _SENTENCE.search(text) and not _NO_ORGANISATION.match(text) and _is_plain_line(text)


def _is_plain_line(text: str) -> bool:
    """Whether a line opens no other kind of block."""
    if text[0] in ">|<`~[!" or BULLET.match(text) or NUMBER.match(text):
        return False
    return not is_rule(text) and hash_heading(text) is None and chinese_heading(text) is None
