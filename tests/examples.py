"""Examples for tests of texts, drawn by a plain random generator.

hypothesis takes up to thirty times as long to draw a text as newsgen takes to read it. What is drawn here is not made shorter where a
test fails, but it is told. The same in every run; `NEWSGEN_EXAMPLES=200000` draws that many others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")
MORE = os.environ.get("NEWSGEN_EXAMPLES")


@dataclass(frozen=True)
class Source(Generic[T]):
    """Where values of one kind come from."""

    draw: Callable[[Random], T]

    def map(self, change: Callable[[T], U]) -> Source[U]:
        """Its values, each changed."""
        return Source(lambda chance: change(self.draw(chance)))

    def flatmap(self, follow: Callable[[T], Source[U]]) -> Source[U]:
        """Values from a source that depends on a value of this one."""
        return Source(lambda chance: follow(self.draw(chance)).draw(chance))

    def __or__(self, other: Source[T]) -> Source[T]:
        return one_of(self, other)


def sampled_from(options: Sequence[T]) -> Source[T]:
    """One of the options."""
    return Source(lambda chance: chance.choice(options))


def one_of(*sources: Source[T]) -> Source[T]:
    """A value from one of the sources."""
    return Source(lambda chance: chance.choice(sources).draw(chance))


def integers(least: int, most: int) -> Source[int]:
    """A number between two, both included."""
    return Source(lambda chance: chance.randint(least, most))


def lists(item: Source[T], least: int = 0, most: int = 10) -> Source[list[T]]:
    """Some values from a source."""
    return Source(lambda chance: [item.draw(chance) for _ in range(chance.randint(least, most))])


def tuples(*sources: Source[Any]) -> Source[tuple[Any, ...]]:
    """A value from each source."""
    return Source(lambda chance: tuple(source.draw(chance) for source in sources))


def text(alphabet: str, most: int) -> Source[str]:
    """Characters of an alphabet."""
    return lists(sampled_from(alphabet), most=most).map("".join)


@Source
def character(chance: Random) -> str:
    """Any character of Unicode, those below U+0400 as often as all others."""
    code = chance.randrange(0x400) if chance.random() < 0.5 else chance.randrange(0x110000)
    return chr(code)


def given(*sources: Source[Any], count: int) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Run a test on so many examples, each of them a value from each source."""

    def decorated(test: Callable[..., None]) -> Callable[[], None]:
        def on_examples() -> None:
            chance = Random(None if MORE else 0)
            for number in range(int(MORE or count)):
                values = [source.draw(chance) for source in sources]
                try:
                    test(*values)
                except BaseException as error:
                    error.add_note(f"example {number}: {values!r}")
                    raise

        on_examples.__name__, on_examples.__doc__, on_examples.__module__ = test.__name__, test.__doc__, test.__module__
        return on_examples

    return decorated
