"""What Python-Markdown would take too long for: found before it starts, by counting."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.model import Diagnostic

MAX_MARKS = 1_000
"""The most of one kind of mark that one line or paragraph may hold: beyond it the time grows with the square."""

_MARKS = "[]()*_`<>&!\\|#~"
_HINT = "多半是从别处粘贴来的乱码：删去这一部分，或者把它存成附件"


def too_complex(source: str, first_line: int) -> Iterator[Diagnostic]:
    """An error for each line with more than MAX_MARKS of one mark."""
    if not any(source.count(mark) > MAX_MARKS for mark in _MARKS):
        return
    for number, line in enumerate(source.split("\n"), first_line):
        yield from overfull(line, number)


def overfull(text: str, line: int) -> Iterator[Diagnostic]:
    """An error for a line or paragraph with more than MAX_MARKS of one mark; `line` is where it begins."""
    if len(text) <= MAX_MARKS:
        return
    mark = next((mark for mark in _MARKS if text.count(mark) > MAX_MARKS), None)
    if mark:
        message = f"这一段有 {text.count(mark)} 个 {mark}，排版程序处理不了（一段最多 {MAX_MARKS} 个）"
        yield Diagnostic("body.too-complex", "error", message, _HINT, line=line)
