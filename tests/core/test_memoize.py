"""core/memoize.py: a function is called once for the same objects."""

from __future__ import annotations

from newsgen.core.memoize import LIMIT, once_for_the_same

CALLS: list[str] = []


@once_for_the_same
def doubled(text: list[str]) -> list[str]:
    """The text twice."""
    CALLS.append(text[0])
    return text * 2


def test_the_same_object_is_asked_for_once_and_an_equal_one_for_itself() -> None:
    CALLS.clear()
    first, second = ["甲"], ["甲"]
    assert doubled(first) is doubled(first)
    assert doubled(first) == doubled(second) == ["甲", "甲"]
    assert CALLS == ["甲", "甲"]


def test_whoever_asks_for_many_gets_what_is_theirs() -> None:
    """Objects that are gone leave their numbers to others: what is remembered keeps them."""
    CALLS.clear()
    for number in range(3 * LIMIT):
        assert doubled([f"{number}"]) == [f"{number}", f"{number}"]
    assert len(CALLS) == 3 * LIMIT


def test_no_more_is_remembered_than_the_limit() -> None:
    CALLS.clear()
    doubled(["另一个"])
    texts = [[f"{number}"] for number in range(LIMIT)]
    for text in (*texts, texts[-1]):
        doubled(text)
    assert len(CALLS) == LIMIT + 1
    doubled(texts[0])
    assert len(CALLS) <= LIMIT + 2
