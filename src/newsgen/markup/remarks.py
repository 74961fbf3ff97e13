"""What members type and what does not come out as they meant: one check per trap, in the table `CHECKS`.

A check looks at one line of Markdown whose code spans and addresses are blanked out, and yields (code, where in the
line, message, hint). Adding one = a function, a row, a case in tests/markup/remarks.txt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from typing import NamedTuple

from newsgen.markup.source import FILLER, Line, without_code
from newsgen.model import Diagnostic
from newsgen.text import is_cjk

_ADDRESS = re.compile(r"(?<=\])\([^()]*(?:\([^()]*\)[^()]*)*\)|https?://[^\s）)]+|<[^<>]*>|^\[[^\]]*\]:.*")
_UNDERSCORES = re.compile(r"(?<!_)(__?)(?![_\s])([^_\n]{1,80}?)(?<!\s)\1(?!_)")
_STARS = re.compile(r"(?<![*\\])\*\*(?!\*)")
_FULL_WIDTH_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\s?(（[^（()）\n]*[）)]|\([^()（）\n]*）)")
_NOTE_MARK = re.compile(r"(?<![\\!])\[\^([^\]\s]+)\](?!\()")
_FULL_WIDTH_BANG = re.compile(r"！\[[^\[\]\n]*\]\([^()\n]*\.(?:jpe?g|png|gif|webp|heic)\)", re.IGNORECASE)
_LOOKS_LIKE_ADDRESS = re.compile(r"[./\\#]|https?[:：]", re.IGNORECASE)


class Remark(NamedTuple):
    """What a check found: `start` is the index in the line."""

    code: str
    start: int
    message: str
    hint: str


def underscore_emphasis(text: str) -> Iterator[Remark]:
    """What: `__重点__` or `_重点_` beside Chinese. Why: it stays literal; Word converters write it."""
    for match in _UNDERSCORES.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        inside = any(map(is_cjk, match[2]))
        stuck = _is_word(before) or _is_word(after)
        if inside and stuck and not (before + after).isascii() and not _is_ascii_word(before, after):
            yield Remark(
                "markdown.underscore-emphasis",
                match.start(),
                f"下划线的强调在汉字旁边不起作用：{match[0]}",
                f"写成：**{match[2]}**",
            )


def _is_word(character: str) -> bool:
    return character.isalnum()


def _is_ascii_word(before: str, after: str) -> bool:
    """Whether the underscores are part of a name such as `a_图_1.jpg`."""
    return any(side.isascii() and side.isalnum() for side in (before, after) if side)


def spaced_emphasis(text: str) -> Iterator[Remark]:
    """What: `** 重点 **`. Why: with spaces inside, the asterisks stay on the page."""
    marks = [match.start() for match in _STARS.finditer(text)]
    while len(marks) >= 2:
        start, end, marks = marks[0], marks[1], marks[2:]
        inside = text[start + 2 : end]
        if inside.strip() and inside != inside.strip():
            hint = f"写成：**{inside.strip()}**"
            yield Remark("markdown.spaced-emphasis", start, f"星号里面有空格，加粗不起作用：**{inside}**", hint)


def unclosed_emphasis(text: str) -> Iterator[Remark]:
    """What: `**重点` whose second `**` stands on another line, or nowhere. Why: each line is a paragraph of its own."""
    marks = [match.start() for match in _STARS.finditer(text)]
    if len(marks) % 2 and not text[marks[-1] + 2 : marks[-1] + 3].isspace():
        hint = "要加粗的文字前后各写两个星号，写在同一行里：**重点**"
        yield Remark("markdown.unclosed-emphasis", marks[-1], "这里的 ** 没有配对的 **，会原样显示在网页上", hint)


def full_width_link(text: str) -> Iterator[Remark]:
    """What: `[字]（a.md）`. Why: full-width parentheses make no link."""
    for match in _FULL_WIDTH_LINK.finditer(text):
        address = match[3][1:-1].strip()
        if match[1] or _LOOKS_LIKE_ADDRESS.search(address):
            what, code = ("图片", "image") if match[1] else ("链接", "link")
            hint = f"写成：{match[1]}[{match[2]}]({address.replace('：', ':')})"
            yield Remark(f"{code}.full-width", match.start(), f"{what}的括号用了全角，不起作用：{match[0]}", hint)


def full_width_bang(text: str) -> Iterator[Remark]:
    """What: `！[说明](照片.jpg)`. Why: with a full-width ！ it is a link, not a photo."""
    for match in _FULL_WIDTH_BANG.finditer(text):
        yield Remark(
            "image.full-width", match.start(), "图片前面的感叹号用了全角，照片不会显示", f"写成：!{match[0][1:]}"
        )


def missing_footnotes(lines: Sequence[Line], notes: Container[str]) -> Iterator[Diagnostic]:
    """What: `[^2]` without its `[^2]: …`. Why: it stays on the page as typed. `notes` are the names that exist."""
    for line in lines:
        for match in _NOTE_MARK.finditer(without_code(line.text)) if "[^" in line.text else ():
            if match[1] not in notes:
                hint = f"在文章末尾另起一行写：[^{match[1]}]: 说明"
                column = line.column + match.start()
                yield Diagnostic(
                    "markdown.footnote", "warning", f"没有脚注 {match[0]} 的说明", hint, "", line.number, column
                )


class Check(NamedTuple):
    """A row: what a line must hold for the check to matter, whether addresses are blanked out first, whether it is
    about paragraphs of one line only, and the check."""

    needle: str
    blank: bool
    alone: bool
    find: Callable[[str], Iterator[Remark]]


CHECKS: Sequence[Check] = (
    Check("_", True, False, underscore_emphasis),
    Check("**", True, False, spaced_emphasis),
    Check("**", True, True, unclosed_emphasis),
    Check("]", False, False, full_width_link),
    Check("！[", False, False, full_width_bang),
)


def remarks(lines: Sequence[Line], shared: Container[int]) -> Iterator[Diagnostic]:
    """What the checks have to say about lines of Markdown; `shared` are the numbers of lines in longer paragraphs."""
    for line in lines:
        for check in CHECKS:
            if check.needle in line.text and not (check.alone and line.number in shared):
                for code, start, message, hint in check.find(_blanked(line.text, check.blank)):
                    yield Diagnostic(code, "warning", message, hint, "", line.number, line.column + start)


def _blanked(text: str, addresses: bool) -> str:
    text = without_code(text)
    return _ADDRESS.sub(lambda match: FILLER * len(match[0]), text) if addresses else text
