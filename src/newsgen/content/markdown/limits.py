"""Limits: what Python-Markdown would take too long for, found by counting before it starts. Raw HTML never reaches it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from newsgen.content.markdown.preprocess.code_and_html import is_raw_html
from newsgen.content.markdown.preprocess.lines import MAX_MARKS, Line
from newsgen.core.model import Diagnostic

MAX_WORK = 2_000_000
"""The most characters that may be looked at, in a whole text, to find the other one of brackets, parentheses and backticks:
about two seconds. A report with hundreds of links needs some ten thousand."""

_MARKS = "[]()*_`<>&!\\|#~"
_PAIRED = re.compile(r"\[|\]\(|\]|\)")
_RUN = re.compile(r"`+")
_HINT = "多半是从别处粘贴来的乱码：删去这一部分，或者把它存成附件"


def too_complex(source: str, first_line: int) -> Iterator[Diagnostic]:
    """An error for each line of Markdown with more than MAX_MARKS of one mark."""
    if not any(source.count(mark) > MAX_MARKS for mark in _MARKS):
        return
    for number, line in enumerate(source.split("\n"), first_line):
        if len(line) > MAX_MARKS and not is_raw_html(line):
            yield from overfull(line, number)


def overfull(text: str, line: int) -> Iterator[Diagnostic]:
    """An error for a line or paragraph with more than MAX_MARKS of one mark; `line` is where it begins."""
    if len(text) <= MAX_MARKS:
        return
    mark = next((mark for mark in _MARKS if text.count(mark) > MAX_MARKS), None)
    if mark:
        message = f"这一段有 {text.count(mark)} 个 {mark}，排版程序处理不了（一段最多 {MAX_MARKS} 个）"
        yield Diagnostic("body.too-complex", "error", message, _HINT, line=line)


def too_much_work(paragraphs: Sequence[Sequence[Line]]) -> Iterator[Diagnostic]:
    """An error for each paragraph with too many marks, and one where the work of all is too much, at the worst of them."""
    total, most, worst = 0, 0, 1
    for lines in paragraphs:
        text = "\n".join(line.text for line in lines)
        if len(lines) > 1 or len(text) > MAX_MARKS:
            yield from overfull(text, lines[0].number)
        needed = work(text) if "[" in text or "`" in text else 0
        total += needed
        if needed > most:
            most, worst = needed, lines[0].number
    if total > MAX_WORK:
        message = "方括号、圆括号或反引号太多，又不成对，排版程序处理不了"
        yield Diagnostic("body.too-complex", "error", message, _HINT, line=worst)


def work(text: str) -> int:
    """The number of characters that are read to close each bracket, each address and each run of backticks."""
    found = 0
    brackets: list[int] = []
    addresses: list[int] = []
    for match in _PAIRED.finditer(text):
        mark, index = match[0], match.start()
        if mark == "[":
            brackets.append(index)
        elif mark == ")":
            found += index - addresses.pop() if addresses else 0
        elif brackets:
            found += index - brackets.pop()
        if mark == "](":
            addresses.append(index)
    return found + sum(len(text) - index for index in (*brackets, *addresses)) + _work_of_code(text)


def _work_of_code(text: str) -> int:
    """The same for runs of backticks: where one is not closed, any other may be looked for to the end of the text."""
    runs = [match.start() for match in _RUN.finditer(text)]
    lengths = Counter(match[0] for match in _RUN.finditer(text))
    return sum(len(text) - index for index in runs) if any(count % 2 for count in lengths.values()) else 0
