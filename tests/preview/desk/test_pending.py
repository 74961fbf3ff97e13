"""What waits for a person's next request."""

from __future__ import annotations

import pytest

from newsgen.preview.desk import pending
from newsgen.preview.desk.access import User
from newsgen.preview.desk.pending import MOST, Pending

WRITER, KEEPER = User("王芳", "writer"), User("任海松", "keeper")


def test_a_persons_many_things_push_out_their_own_oldest_alone() -> None:
    waiting = Pending()
    kept = waiting.put(KEEPER, "收到的", 1)
    names = [waiting.put(WRITER, f"第{number}个", 1) for number in range(MOST + 3)]
    assert waiting.get(KEEPER, kept, str) == "收到的"
    assert [waiting.get(WRITER, name, str) is not None for name in names] == [False] * 3 + [True] * MOST


def test_large_things_push_out_their_persons_own_first_and_the_newest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_BYTES", 100)
    waiting = Pending()
    others = waiting.put(KEEPER, "收到的", 40)
    first, second = waiting.put(WRITER, "一", 40), waiting.put(WRITER, "二", 60)
    assert [waiting.get(WRITER, name, str) for name in (first, second)] == [None, "二"]
    assert waiting.get(KEEPER, others, str) == "收到的"
    third = waiting.put(WRITER, "三", 90)
    assert (waiting.get(WRITER, third, str), waiting.get(KEEPER, others, str)) == ("三", None)


def test_nobody_gets_what_waits_for_another() -> None:
    waiting = Pending()
    assert waiting.get(WRITER, waiting.put(KEEPER, "收到的", 1), str) is None
