"""What Python-Markdown would take too long for: found before it starts, by counting."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.model import Diagnostic

MAX_MARKS = 2_000
"""The most of one kind of mark that one line may hold."""

_MARKS = "[]()*_`<>&!\\|#~"
_HINT = "多半是从别处粘贴来的乱码：删去这一部分，或者把它存成附件"


def too_complex(source: str, first_line: int) -> Iterator[Diagnostic]:
    """An error for each line with more than MAX_MARKS of one mark."""
    if not any(source.count(mark) > MAX_MARKS for mark in _MARKS):
        return
    for number, line in enumerate(source.split("\n"), first_line):
        mark = next((mark for mark in _MARKS if line.count(mark) > MAX_MARKS), None)
        if mark:
            message = f"这一行有 {line.count(mark)} 个 {mark}，排版程序处理不了（一行最多 {MAX_MARKS} 个）"
            yield Diagnostic("body.too-complex", "error", message, _HINT, line=number)
