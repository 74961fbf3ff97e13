"""The differences of two versions of a Chinese text, by sentence and, within one, by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from newsgen.core.model import Record

_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；]+[”’」』）]*\n*|\n+|$)")
"""A sentence with the marks and line ends behind it."""
SHORTEST_SAME = 2
"""Characters that two sentences have in common in one place, at least: less is a coincidence."""
MOST_ALIKE = 3_000
"""Characters of a passage that is compared character by character, at most: that takes the square of the time."""
LEAST_ALIKE = 0.4
"""How much of two passages is the same where one is the other, edited; below, one went and another came."""
MOST_PAIRS = 20_000
"""Pairs of equal elements, besides one for each element, that a comparison looks at in each of its rounds."""

Opcode = tuple[str, int, int, int, int]


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """The differences of two sequences, as SequenceMatcher.get_opcodes() has them, but never in cubic time.

    What both begin and end with is the same. Between, elements that occur very often (empty lines) are the same only beside
    others that are.
    """
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    end, last = len(old) - tail, len(new) - tail
    codes = _matcher(old[head:end], new[head:last]).get_opcodes()
    return [
        *([("equal", 0, head, 0, head)] if head else []),
        *((kind, a + head, b + head, c + head, d + head) for kind, a, b, c, d in codes),
        *([("equal", end, len(old), last, len(new))] if tail else []),
    ]


def _matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    """A comparison for which the elements that make the most pairs are junk where there are too many pairs."""
    here, there = Counter(old), Counter(new)
    pairs = sorted((count * there[item], item) for item, count in here.items() if item in there)
    left, junk = MOST_PAIRS + len(old) + len(new), set()
    for count, item in pairs:
        left -= count
        if left < 0:
            junk.add(item)
    return SequenceMatcher(junk.__contains__, old, new, autojunk=False)


class Piece(NamedTuple):
    """A part of a passage: in both versions, only in the one before, or only in the one now."""

    kind: Literal["same", "removed", "added"]
    text: str


class TextChange(Record, frozen=True):
    """A passage of whole sentences: `pieces` in reading order; `line` counts from 1 in the version now."""

    pieces: tuple[Piece, ...]
    line: int

    @property
    def before(self) -> str:
        """The passage as it was."""
        return "".join([text for kind, text in self.pieces if kind != "added"])

    @property
    def now(self) -> str:
        """The passage as it is."""
        return "".join([text for kind, text in self.pieces if kind != "removed"])

    @property
    def is_same(self) -> bool:
        """Whether nothing changed in it."""
        return all(kind == "same" for kind, _ in self.pieces)


def changes(before: str, now: str) -> tuple[TextChange, ...]:
    """The whole text as passages that stayed and passages that changed, in turns."""
    old, new = _sentences(before), _sentences(now)
    found: list[TextChange] = []
    line = 1
    for kind, start, end, first, last in opcodes(old, new):
        was, became = "".join(old[start:end]), "".join(new[first:last])
        pieces = (Piece("same", was),) if kind == "equal" else tuple(_compared(was, became))
        found.append(TextChange(pieces, line))
        line += became.count("\n")
    return tuple(found)


def _sentences(text: str) -> Sequence[str]:
    return [match[0] for match in _SENTENCE.finditer(text) if match[0]]


def _compared(was: str, became: str) -> Iterator[Piece]:
    """The pieces of a passage that changed."""
    matcher = _matcher(was, became)
    if not was or not became or len(was) + len(became) > MOST_ALIKE or matcher.ratio() < LEAST_ALIKE:
        yield from _exchanged(was, became)
        return
    old = new = 0
    for start, first, size in matcher.get_matching_blocks():
        if size >= SHORTEST_SAME or not size:
            yield from _exchanged(was[old:start], became[new:first])
            if size:
                yield Piece("same", was[start : start + size])
            old, new = start + size, first + size


def _exchanged(was: str, became: str) -> Iterator[Piece]:
    if was:
        yield Piece("removed", was)
    if became:
        yield Piece("added", became)
