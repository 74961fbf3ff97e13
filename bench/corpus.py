"""The reports of the benchmark: as many as wanted, always the same ones.

A report depends on its number and on how many there are, and on nothing else: of Python's `random`, only random() is
used, which gives the same numbers everywhere. Number 0 is the oldest.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from bench import phrases

T = TypeVar("T")

FIRST_DAY = datetime(2019, 1, 2, 8, 0)
DAYS, MINUTES = 2188, 600
"""The reports lie evenly in the six years from FIRST_DAY on, in the ten hours after 8:00 of each day."""

CHARACTERS = 1050
"""A body gets its closing words after the part that reaches this: so it has about 1,300 characters."""

EXTRAS = ("table", "list", "footnote", "quotation")
"""What every eighth report has one of, in turn."""

PHOTOS_A_SECTION = 5


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a body. `kind` is text, heading, figure, note, signature, html or one of EXTRAS; `text` is what is typed.

    A figure's text is `caption|file`, a note's is `name|text`.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `photo` is the file name of its picture among its section's photos; it and `extra` may be None."""

    number: int
    section: str
    date: datetime
    title: str
    author: str
    source: str
    tags: tuple[str, ...]
    branches: tuple[str, ...]
    photo: str | None
    extra: str | None
    body: tuple[Block, ...]

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return f"w{self.number:06}"

    @property
    def source_path(self) -> str:
        """Its file below content/."""
        return f"{self.section}/{self.date:%Y}/{self.date:%Y-%m-%d}-{self.slug}.md"

    @property
    def address(self) -> str:
        """Where every tool puts its page."""
        return f"{self.section}/{self.date:%Y}/{self.date:%m%d}-{self.slug}.html"


def reports(count: int) -> Iterator[Report]:
    """The corpus of that many reports, oldest first."""
    return (report(number, count) for number in range(count))


def report(number: int, count: int, bare: bool = False) -> Report:
    """One report of a corpus. The one numbered `count` is newer than all: it is there to be added.

    A `bare` one has none of the EXTRAS; shapes.py puts others in.
    """
    dice = Dice(number)
    section = dice.pick(phrases.SECTIONS)[0]
    date = _date(number, count)
    photo = f"p{1 + dice.below(PHOTOS_A_SECTION)}.jpg" if number % 4 == 1 else None
    extra = EXTRAS[number // 8 % len(EXTRAS)] if number % 8 == 3 and not bare else None
    source = dice.pick(phrases.SOURCES)
    return Report(
        number=number,
        section=section,
        date=date,
        title=dice.say(phrases.TITLES),
        author=dice.pick(phrases.AUTHORS),
        source=source,
        tags=dice.some(list(phrases.TAGS), 1 + dice.below(3)),
        branches=dice.some(list(phrases.BRANCHES), dice.below(2)),
        photo=photo,
        extra=extra,
        body=tuple(_body(dice, date, source, photo, extra)),
    )


def with_longer_body(original: Report, mark: str) -> Report:
    """The report with a sentence more in its last paragraph, far behind what a summary shows."""
    place = max(index for index, block in enumerate(original.body) if block.kind == "text")
    longer = Block("text", f"{original.body[place].text}会后又收到建议一条（{mark}）。")
    return replace(original, body=(*original.body[:place], longer, *original.body[place + 1 :]))


def with_other_title(original: Report, mark: str) -> Report:
    """The report with another title."""
    return replace(original, title=f"{original.title}（{mark}）")


def _date(number: int, count: int) -> datetime:
    """Evenly spread; never two at the same minute up to a million reports."""
    day, minute = divmod(number * DAYS * MINUTES // count, MINUTES)
    return FIRST_DAY + timedelta(days=day, minutes=minute)


# ---------------------------------------------------------------- the body


def _body(dice: Dice, date: datetime, source: str, photo: str | None, extra: str | None) -> Iterator[Block]:
    """Opening, picture, three or more headings with their paragraphs, what is special, closing, signature."""
    talk = _talk(dice)
    opening = Block("text", f"{date.month}月{date.day}日，{dice.say(phrases.OPENINGS)}{next(talk)}")
    length = len(opening.text)
    yield opening
    if photo:
        yield Block("figure", f"{dice.say(phrases.CAPTIONS)}|{photo}")
    for number in range(1, 9):
        part = tuple(_part(dice, talk, number))
        length += sum(len(block.text) for block in part)
        yield from part
        if number == 2:
            yield from _special(dice, extra)
        if number > 2 and length >= CHARACTERS:
            break
    yield Block("text", dice.say(phrases.CLOSINGS))
    if extra == "footnote":
        yield Block("note", f"1|{dice.say(phrases.NOTES)}")
    signed = date + timedelta(days=1)
    yield Block("signature", f"（{source} {signed.year}年{signed.month}月{signed.day}日）")


def _part(dice: Dice, talk: Iterator[str], number: int) -> Iterator[Block]:
    """A heading and one to three paragraphs of two to four sentences; one heading in twelve has bold words below it."""
    yield Block("heading", f"{'一二三四五六七八'[number - 1]}、{dice.say(phrases.HEADINGS)}")
    bold = f"**{dice.pick(phrases.SLOTS['virtue'])}**：" if dice.below(12) == 0 else ""
    for paragraph in range(1 + dice.below(3)):
        text = "".join([next(talk) for _ in range(2 + dice.below(3))])
        yield Block("text", text if paragraph else bold + text)


def _talk(dice: Dice) -> Iterator[str]:
    """Sentences without end; a pattern comes back only after all others."""
    while True:
        patterns = list(phrases.SENTENCES)
        while patterns:
            yield dice.fill(patterns.pop(dice.below(len(patterns))))


def _special(dice: Dice, extra: str | None) -> Iterator[Block]:
    """The table, list, footnote's call or quotation, with the sentence that leads to it."""
    if extra == "table":
        yield Block("text", "各支部工作情况汇总如下：")
        yield Block("table", table(dice))
    elif extra == "list":
        yield Block("text", "有关事项如下：")
        yield Block("list", "\n".join(f"{number}. {dice.say(phrases.ITEMS)}" for number in range(1, 4 + dice.below(3))))
    elif extra == "footnote":
        yield Block("footnote", f"{dice.say(phrases.CLOSINGS)}[^1]")
    elif extra == "quotation":
        yield Block("quotation", f"> {dice.say(phrases.QUOTES)}")


def table(dice: Dice) -> str:
    """A table of numbers, with its head."""
    rows = [f"| {name} | {dice.below(90)} | {dice.below(90)} |" for name in phrases.ROWS[: 3 + dice.below(4)]]
    return "\n".join(["| 项目 | 教工支部 | 学生支部 |", "| :--- | ---: | ---: |", *rows])


class Dice:
    """Choices that are the same on every machine and every Python."""

    def __init__(self, number: int) -> None:
        self._roll = random.Random(number).random

    def below(self, limit: int) -> int:
        """A number from 0 to limit - 1."""
        return int(self._roll() * limit)

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self._roll() * len(options))]

    def some(self, options: list[tuple[str, str]], count: int) -> tuple[str, ...]:
        """The names of that many different ones; `options` is used up."""
        return tuple(options.pop(self.below(len(options)))[0] for _ in range(count))

    def say(self, patterns: Sequence[str]) -> str:
        """One of the patterns, with its slots filled."""
        return self.fill(self.pick(patterns))

    def fill(self, pattern: str) -> str:
        """The pattern with its slots filled."""
        texts, slots = _parts(pattern)
        filled = [text + self.pick(choices) for text, choices in zip(texts, slots, strict=False)]
        return "".join(filled) + texts[-1]


@cache
def _parts(pattern: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """The texts of a pattern, and the choices between them: one fewer."""
    pieces = re.split(r"\{(\w+)\}", pattern)
    return pieces[::2], [phrases.SLOTS[name] for name in pieces[1::2]]
