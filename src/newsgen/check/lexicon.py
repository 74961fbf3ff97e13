"""The lexicon of set phrases, lexicon.yaml, which the publicity office keeps, never newsgen; and the search for near
misses.

    - phrase: 习近平新时代中国特色社会主义思想
      wrong: [习近平新时代特色社会主义思想]
      since: 2017-10-24
      source: 《中国共产党章程》
    - phrase: 三会一课
      parts: [支部党员大会, 支部委员会, 党小组会, 党课]

A near miss, which is one edit away from a phrase, keeps one half of it unchanged: all halves are searched at once, and
the text around each is compared.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from newsgen.check.automaton import Automaton
from newsgen.config.check_section import LEVELS
from newsgen.config.entry_file import EntryFile, day
from newsgen.config.schema import Reader, SchemaError, line, mapping
from newsgen.core.model import Record, Severity
from newsgen.core.scalars import parse_list
from newsgen.core.yaml.nodes import Node
from newsgen.core.yaml.nodes import Sequence as NodeSequence

NEAR_LENGTH = 6
"""The minimum length of phrases searched for near misses: a shorter one with a different character is another word."""


LONG_LENGTH = 10
"""The minimum length of phrases in which two neighbouring characters may differ."""


class Phrase(Record, frozen=True):
    """One entry. It applies to articles from the day `since` to `until` (`2024-03-13`, "": no limit).

    `wrong` are forms that are always wrong, `also` other correct forms. `parts` are the items that a numbered formula
    stands for, in order.
    """

    text: str
    wrong: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    source: str = ""
    note: str = ""
    severity: Severity = "warning"

    def holds(self, day: str) -> bool:
        """Whether the entry applies to an article of `day` ("", an article without a date: yes)."""
        return not day or (self.since <= day and (not self.until or day <= self.until))

    @property
    def reference(self) -> str:
        """The source, for a hint."""
        return f"（{self.source}）" if self.source else ""


def _phrase(node: Node, errors: list[SchemaError]) -> Phrase:
    table: dict[str, Reader] = {
        "phrase": line,
        "wrong": _texts,
        "also": _texts,
        "parts": _texts,
        "since": day,
        "until": day,
        "source": line,
        "note": line,
        "severity": _severity,
    }
    values = mapping(node, table, errors)
    if "phrase" not in values:
        raise SchemaError(node, "这一项没有写 phrase（正确的写法）", "例如：- phrase: 三会一课")
    return Phrase(values.pop("phrase"), **values)


def _texts(node: Node, errors: list[SchemaError]) -> tuple[str, ...]:
    if isinstance(node, NodeSequence):  # an item may hold commas: 不忘初心，牢记使命
        return tuple(line(item, errors) for item in node.items)
    return parse_list(line(node, errors))


def _severity(node: Node, errors: list[SchemaError]) -> Severity:
    level = LEVELS.get(line(node, errors))
    if level is None:
        raise SchemaError(node, "severity 要写错误、提醒或说明", "例如：severity: 错误")
    return level


LEXICON = EntryFile("lexicon", "- phrase: 三会一课", _phrase)


class NearMiss(Record, frozen=True):
    """A passage `text[start:end]` that is one edit away from a phrase."""

    phrase: Phrase
    start: int
    end: int


class LexiconSearch:
    """Finds wrong forms of `phrases`, and passages within one edit of a long one."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._wrong = [(form, phrase) for phrase in phrases for form in phrase.wrong]
        self._long = [phrase for phrase in phrases if len(phrase.text) >= NEAR_LENGTH]
        self._halves = [(half, offset, phrase) for phrase in self._long for half, offset in _halves(phrase.text)]
        self._told = frozenset(form for phrase in phrases for form in (phrase.text, *phrase.also, *phrase.wrong))
        self.formulas = tuple(phrase for phrase in phrases if phrase.parts)

    def wrong_forms(self, text: str) -> Iterator[tuple[int, int, Phrase]]:
        """The forms that are always wrong, each as (start, end, correct phrase). No form runs over a line's end."""
        if self._wrong:
            for index, start, end in self._wrong_machine.found_in(text):
                yield start, end, self._wrong[index][1]

    def near_misses(self, text: str) -> Iterator[NearMiss]:
        """The passages of a line that are one edit away from a phrase and not themselves a form in the lexicon."""
        if not self._halves:
            return
        places = list(self._halves_machine.found_in(text, overlapping=True))
        seen = set[tuple[int, int]]()
        exact = _Spans([place[1:] for place in self._told_machine.found_in(text, overlapping=True)] if places else [])
        for index, start, end in places:
            if exact.cover(start, end):
                continue
            half, offset, phrase = self._halves[index]
            begin, line = _line_around(text, start)
            found = _aligned(line, start - begin, half, offset, phrase.text)
            miss = (begin + found[0], begin + found[1]) if found else None
            if miss and miss not in seen:
                seen.add(miss)
                yield NearMiss(phrase, *miss)

    @cached_property
    def _wrong_machine(self) -> Automaton:
        return Automaton([form for form, _ in self._wrong])

    @cached_property
    def _halves_machine(self) -> Automaton:
        return Automaton([half for half, _, _ in self._halves])

    @cached_property
    def _told_machine(self) -> Automaton:
        return Automaton(sorted(self._told))


class _Spans:
    """Spans of a text, with a test whether one of them covers another span."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._furthest = list(accumulate((end for _, end in ordered), max))

    def cover(self, start: int, end: int) -> bool:
        """Whether one of the spans begins no later than `start` and one of these ends no earlier than `end`."""
        before = bisect_right(self._starts, start)
        return before > 0 and self._furthest[before - 1] >= end


def _line_around(text: str, place: int) -> tuple[int, str]:
    """The beginning of the line to which a character belongs, and the line."""
    begin, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    return begin, text[begin : end if end >= 0 else len(text)]


def _halves(phrase: str) -> tuple[tuple[str, int], ...]:
    middle = len(phrase) // 2
    return (phrase[:middle], 0), (phrase[middle:], middle)


def _aligned(text: str, start: int, half: str, offset: int, phrase: str) -> tuple[int, int] | None:
    """The passage around an exact half that differs from the phrase by one edit: one or two characters replaced,
    missing or added. None if there is none.
    """
    most = 2 if len(phrase) >= LONG_LENGTH else 1
    rest = phrase[:offset] if offset else phrase[len(half) :]
    after = start + len(half)
    found = []
    for length in range(max(1, len(rest) - most), len(rest) + most + 1):
        begin, end = (start - length, after) if offset else (start, after + length)
        if begin >= 0 and end <= len(text):
            typed = text[begin:start] if offset else text[after:end]
            found.append((_edit(typed, rest, outer=0 if offset else -1), begin, end))
    size, begin, end = min(found, default=(0, 0, 0))
    return (begin, end) if 0 < size <= most else None


def _edit(typed: str, right: str, outer: int) -> int:
    """The number of neighbouring characters that one edit must change to turn `typed` into `right`.

    `outer` is the index (0 or -1) of the end that is not next to the exact half. Characters that are missing or added
    there, and two that differ there, belong to the neighbouring words: then the result is the length of `right`.
    """
    front = _common(typed, right)
    back = _common(typed[front:][::-1], right[front:][::-1])
    size = max(len(typed), len(right)) - front - back
    is_outside = typed[outer] != right[outer] and (size > 1 or len(typed) != len(right))
    return len(right) if is_outside else size


def _common(first: str, second: str) -> int:
    """The length of the common prefix."""
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
