"""Emphasis: which `*` and `_` of a text belong together, after CommonMark 0.31 section 6.2. No character is lost: a mark that
belongs to none stays as typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from newsgen.content.markdown.masks import hides_name, is_mask

_RUN = re.compile(r"\*+|_+")


_WORD = r"(?:(?<![A-Za-z0-9])|(?!\*[A-Za-z0-9]))"
_BEHIND = r"(?![\s，。、；：！？）》”’…,.;:!?)])(?!$)"
_BOUNDARIES = {
    "*": re.compile(
        rf"(?P<ambiguous>(?<!^)(?<![\s*])(?:\*{{2,}}(?![\s*])(?!$)|{_WORD}(?<![，、（《“‘(])\*(?!\*){_BEHIND}))"
        rf"|(?P<end>(?<!^)(?<![\s*])(?:\*{{2,}}|{_WORD}(?<![，、（《“‘(])\*(?!\*)))"
        rf"|(?P<start>(?<!\*)(?:\*{{2,}}(?![\s*])(?!$)|{_WORD}\*(?!\*){_BEHIND}))"
    ),
    "_": re.compile(
        r"(?P<ambiguous>(?<!^)(?<![\s\w])_+(?![\s\w])(?!$))|(?P<end>(?<!^)(?<![\s_])_+(?!\w))|(?P<start>(?<!\w)_+(?![\s_])(?!$))"
    ),
}
"""What a run of marks can do, by the mark.

Two asterisks or more are as in CommonMark, but for Chinese: `**“八个要求”**的`. A single one is also a multiplication
sign (`5*6=30，3*4`) and a footnote mark (`张三*、李四*`): it opens only before a word, closes only after one, and is
nothing between two ASCII letters or digits. Underscores are no marks inside a word.
"""


class Pair(NamedTuple):
    """Two marks that belong together: the indexes of their first characters, and how many characters each has."""

    start: int
    end: int
    size: int


class _MarkRun:
    """A run of one mark: what is left of it between `start` and `end`, its length as typed, what it can do."""

    def __init__(self, text: str, match: re.Match[str]) -> None:
        boundary = _BOUNDARIES[match[0][0]].match(text, match.start())
        kind = boundary.lastgroup if boundary and not is_mask(text, match.start()) else None
        self.mark = match[0][0]
        self.start, self.end = match.span()
        self.length = self.end - self.start
        self.hides = hides_name(text, self.start)
        self.opens, self.closes = kind in ("start", "ambiguous") and not self.hides, kind in ("end", "ambiguous")

    def may_open_for(self, closer: _MarkRun) -> bool:
        """Whether the two can belong together: one and two only where nothing else could be meant ("rule of 3")."""
        if self.mark != closer.mark:
            return False
        return {self.length, closer.length} != {1, 2} or not (self.closes or closer.opens)


@lru_cache(maxsize=256)
def pairs(text: str) -> Sequence[Pair]:
    """The marks of a text that belong together, well nested, in the order of their ends. Several checks ask for the same."""
    found: list[Pair] = []
    openers: list[_MarkRun] = []
    # Per kind of closer: where it found nothing, nothing is looked for again.
    bottoms: dict[tuple[str, bool, int], int] = {}
    for match in _RUN.finditer(text):
        run = _MarkRun(text, match)
        kind = (run.mark, run.opens, min(run.length, 3))
        while run.closes and run.start < run.end:
            index = _opener(openers, run, bottoms.get(kind, -1))
            if index is None:
                bottoms[kind] = run.start
                break
            del openers[index + 1 :]
            found.append(_paired(openers[index], run))
            if openers[index].start == openers[index].end:
                openers.pop()
        if run.opens and run.start < run.end:
            openers.append(run)
    return found


def unpaired(text: str) -> list[int]:
    """The places where two or three asterisks could be marks and belong to none: they stay on the page. More are a mask (`尾号****01`)."""
    used = {index + step for pair in pairs(text) for index in (pair.start, pair.end) for step in range(pair.size)}
    if len(used) == text.count("*") + text.count("_"):
        return []
    runs = ((match, _MarkRun(text, match)) for match in _RUN.finditer(text))
    return [
        match.start()
        for match, run in runs
        if run.mark == "*"
        and run.length < 4
        and (run.opens or (run.closes and not run.hides))
        and len({*range(*match.span())} - used) > 1
    ]


def _opener(openers: Sequence[_MarkRun], closer: _MarkRun, bottom: int) -> int | None:
    for index in range(len(openers) - 1, -1, -1):
        if openers[index].end <= bottom:
            return None
        if openers[index].may_open_for(closer):
            return index
    return None


def _paired(opener: _MarkRun, closer: _MarkRun) -> Pair:
    """Take the inner marks off both: of three and three, one, so that `***a***` is strong around emphasis."""
    left, right = opener.end - opener.start, closer.end - closer.start
    size = 1 if left == right == 3 else min(left, right, 2)
    opener.end -= size
    closer.start += size
    return Pair(opener.end, closer.start - size, size)
