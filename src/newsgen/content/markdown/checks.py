"""Checks of the lines that members type, one row each in `CHECKS`: what does not come out as they meant it.

A check looks at a line whose code spans, and addresses where it says so, are filled in. It sees every line that holds its
trigger: such a line leaves the fast path (fast_path/classify.py), so a trigger should be rare in plain words. A text
without triggers is not looked at. Adding a check = a function, a row, a case in tests/markdown_cases/*.txt.

lint.py has the checks of marks that no line on the fast path holds, or whose meaning takes more than one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from re import Pattern
from typing import NamedTuple

from newsgen.core.patterns import lazy_pattern


class LineFinding(NamedTuple):
    """The finding of a check: `start` is the index in the line."""

    code: str
    start: int
    message: str
    hint: str


class Check(NamedTuple):
    """A row: what a line must hold for the check to matter (several are parted by blanks: one of them), the check, whether
    addresses are filled in first, and whether it is about paragraphs of one line only."""

    trigger: str
    find: Callable[[str], Iterator[LineFinding]]
    without_addresses: bool = False
    one_line: bool = False

    def matters_to(self, text: str) -> bool:
        """Whether a text holds the trigger."""
        return any(trigger in text for trigger in self.trigger.split())


_STRUCK = lazy_pattern(r"(?<!~)~~(?![~\s])([^~\n]{1,80}?)(?<!\s)~~(?!~)")
_MARKED = lazy_pattern(r"(?<![=<>!])==(?![=\s])([^=\n]{1,80}?)(?<!\s)==(?!=)")


def struck_text(text: str) -> Iterator[LineFinding]:
    """What: `~~删~~`. Why: other programs know it; here it stays on the page."""
    return _unsupported(_STRUCK, "del", text)


def marked_text(text: str) -> Iterator[LineFinding]:
    """What: `==亮==`. Why: as above."""
    return _unsupported(_MARKED, "mark", text)


def _unsupported(pattern: Pattern[str], tag: str, text: str) -> Iterator[LineFinding]:
    for match in pattern.finditer(text):
        hint = f"写成：<{tag}>{match[1]}</{tag}>，或者前后各写两个星号，用加粗"
        yield LineFinding("markdown.unsupported", match.start(), f"网页不支持这种标记，会原样显示：{match[0]}", hint)


CHECKS: Sequence[Check] = (Check("~~", struck_text, without_addresses=True),)


def has_trigger(text: str) -> bool:
    """Whether some check may find something in a text."""
    return any(trigger in text for check in CHECKS for trigger in check.trigger.split())
