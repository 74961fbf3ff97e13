"""Headings: `#` as members type it, and the Chinese order 一、 （一）; their levels and ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import and_
from typing import NamedTuple, Protocol

RESERVED_IDS = frozenset({"main", "top", "search", "qr"})
"""Ids that the templates use."""

_HASHES = re.compile(r"(?P<hashes>[#＃]+)(?P<space>(?:\s|&(?:emsp|ensp|nbsp|#12288|#160);)*)(?P<title>.*)")
_CLOSING = re.compile(r"(?:^|\s+)[#＃]+$")

HEADING_OPENERS = frozenset("一二三四五六七八九十（(*_")
"""What the line of a Chinese heading may begin with."""

_NUMERAL = r"(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_CHINESE = re.compile(rf"(?:(?P<number>{_NUMERAL})、|[（(]{_NUMERAL}[）)]、?)\s*(?P<rest>\S.*)")
_STRONG = re.compile(r"(\*\*|__)(?P<inner>(?:(?!\1).)+)\1")
_ATTRIBUTES = re.compile(r"\s+\{[^{}]*\}$")
_NEXT_NUMERAL = re.compile(
    rf"(?P<number>{_NUMERAL})(?:(?P<any>、|等奖|等功|年级|学期|季度)|(?P<next>[班组类期号楼稿批线]|审(?!三校)))"
)
_MAX_LENGTH = 40
_NO_HEADING_ENDS = "：.;:，,、"
_SENTENCE = re.compile(r"[。；]")
_NO_WORDS = re.compile(r"[\W_]+")
_DIGITS = "零一二三四五六七八九"


class HashHeading(NamedTuple):
    """A line that begins with `#`. `corrected` is the line as it should be typed, None where it is right."""

    level: int
    title: str
    corrected: str | None
    full_width: bool


def hash_heading(text: str) -> HashHeading | None:
    """The heading that a line stands for, or None: `#党建#活动` is a topic, `#1` a number, seven `#` are text."""
    match = _HASHES.match(text)
    if match is None or not match["title"] or len(match["hashes"]) > 6:
        return None
    hashes, title = match["hashes"], match["title"]
    full_width = "＃" in hashes
    if not match["space"]:
        if len(hashes) == 1 and (title[0].isdigit() or re.search(r"[#＃]", title)):
            return None
        title = title.rstrip("#＃").rstrip()
    title = _CLOSING.sub("", title)
    if not title:
        return None
    level = len(hashes)
    corrected = f"{'#' * level} {title}" if full_width or not match["space"] else None
    return HashHeading(level, title, corrected, full_width)


@lru_cache(maxsize=256)
def chinese_heading(text: str) -> tuple[str, str] | None:
    """(kind, title) of a line like `一、…` (kind `comma`) or `（一）…` (kind `paren`), bold or not; else None.

    GB/T 9704: 一、 （一） 1. （1）. Long lines, sentences and enumerations (一、二等奖) are text.
    """
    if text[0] not in HEADING_OPENERS:
        return None
    strong = _STRONG.fullmatch(text) if text[0] in "*_" else None
    title = strong["inner"].strip() if strong else text
    match = _CHINESE.fullmatch(title)
    if match is None:
        return None
    shown = _ATTRIBUTES.sub("", title) if title[-1] == "}" else title
    if len(shown) > _MAX_LENGTH or shown[-1] in _NO_HEADING_ENDS or _SENTENCE.search(shown):
        return None
    if match["number"] and _is_enumeration(match["number"], match["rest"]):
        return None
    return ("comma" if match["number"] else "paren"), title


def _is_enumeration(first: str, rest: str) -> bool:
    """Whether 一、 is followed by a greater number and what numbers count: 一、二等奖, 一、二、三年级, 一、二班."""
    match = _NEXT_NUMERAL.match(rest)
    if match is None:
        return False
    one, other = value(first), value(match["number"])
    return other > one if match["any"] else other == one + 1


class NumberedLine(Protocol):
    """A line of a text, without the blanks around it, and its number."""

    @property
    def number(self) -> int: ...

    @property
    def text(self) -> str: ...


class _Candidate(NamedTuple):
    """A line that looks like a Chinese heading: its line number, kind and numeral's value; whether nothing stands between it
    and the candidate above."""

    number: int
    kind: str
    value: int
    adjacent: bool


def enumerations(lines: Sequence[NumberedLine]) -> frozenset[int]:
    """The numbers of the lines that look like Chinese headings and are text: those that count from
    一 on with nothing between (一、《党章》, 二、《准则》, 三、《条例》), unless the next number follows further down."""
    opens = [line.text[0] in HEADING_OPENERS for line in lines if line.text]
    if not any(map(and_, opens, opens[1:])):
        return frozenset()
    candidates = _candidates(lines)
    found: set[int] = set()
    start = 0
    while start < len(candidates):
        end = _end_of_run(candidates, start)
        run = candidates[start:end]
        counts = [item.value for item in run] == list(range(1, len(run) + 1))
        if len(run) > 1 and counts and not _continued(candidates, end):
            found.update(item.number for item in run)
        start = end
    return frozenset(found)


def _candidates(lines: Iterable[NumberedLine]) -> list[_Candidate]:
    found: list[_Candidate] = []
    adjacent = False
    for line in lines:
        text = line.text
        heading = chinese_heading(text) if text and text[0] in HEADING_OPENERS else None
        if heading:
            numeral = re.search(_NUMERAL, heading[1])
            assert numeral is not None
            found.append(_Candidate(line.number, heading[0], value(numeral[0]), adjacent))
        adjacent = bool(heading) or (adjacent and not text)
    return found


def _end_of_run(candidates: Sequence[_Candidate], start: int) -> int:
    """The index after the candidates of one kind from `start` on with nothing between."""
    end = start + 1
    while end < len(candidates) and candidates[end].adjacent and candidates[end].kind == candidates[start].kind:
        end += 1
    return end


def _continued(candidates: Sequence[_Candidate], end: int) -> bool:
    """Whether the number after the one above `end` is a heading further down, in the same part of the text."""
    last, below = candidates[end - 1], (candidates[index] for index in range(end, len(candidates)))
    following = next((item for item in below if item.kind in (last.kind, "comma")), None)
    return following is not None and following.kind == last.kind and following.value == last.value + 1


def value(numeral: str) -> int:
    """The number that 一 … 九十九 stands for."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS.index(numeral)
    return 10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(ones) if ones else 0)


def levels(kinds: Sequence[str]) -> list[int]:
    """The levels of a text's headings. Kinds are `1` to `6` (typed with #), `comma` and `paren`.

    The page's title is the only h1: typed levels move so that the highest is h2. Of the Chinese kinds the first
    used is h2 and the other h3, or one and two below the highest typed heading that stands before them. No level
    is skipped on the way down.
    """
    typed = [int(kind) for kind in kinds if kind.isdigit()]
    shift = 2 - min(typed, default=2)
    chinese = next((index for index, kind in enumerate(kinds) if not kind.isdigit()), len(kinds))
    first = kinds[chinese] if chinese < len(kinds) else ""
    base = min([int(kind) + shift for kind in kinds[:chinese]], default=1) + 1
    wanted = [int(kind) + shift if kind.isdigit() else base + (kind != first) for kind in kinds]
    return _without_gaps(wanted)


def _without_gaps(wanted: Iterable[int]) -> list[int]:
    open_levels: list[tuple[int, int]] = []
    result = []
    for level in wanted:
        while open_levels and open_levels[-1][0] >= level:
            open_levels.pop()
        actual = min(level, open_levels[-1][1] + 1 if open_levels else 2, 6)
        open_levels.append((level, actual))
        result.append(actual)
    return result


def heading_id(text: str) -> str:
    """A readable id made of the heading's own text: letters, digits and Chinese stay, the rest becomes `-`."""
    return _NO_WORDS.sub("-", text.lower()).strip("-") or "section"


def unique(name: str, taken: dict[str, int]) -> str:
    """`name`, or `name-2`, `name-3` … where it is taken, noted in `taken` (id -> the last number tried with it)."""
    number = max(taken.get(name, 0), int(name in RESERVED_IDS))
    candidate = name if not number else f"{name}-{number + 1}"
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number + 1}"
    taken[name] = number + 1
    taken.setdefault(candidate, 1)
    return candidate
