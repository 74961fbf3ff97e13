"""core/model.py: moments, keys and outputs."""

from __future__ import annotations

from datetime import UTC, datetime

from newsgen.core.model import BODY_PART, FrontMatter, Moment, Output, Part


def test_a_moment_is_a_minute_in_china() -> None:
    moment = Moment.of(datetime(2024, 3, 13, 16, 30, 59, tzinfo=UTC), to_the_minute=True)
    assert (moment.minute, moment.day, moment.iso) == ("2024-03-14 00:30", "2024-03-14", "2024-03-14T00:30:00+08:00")
    assert moment.at == datetime(2024, 3, 13, 16, 30, tzinfo=UTC)


def test_a_key_is_at_its_line_or_at_the_first() -> None:
    matter = FrontMatter("甲", lines=(("title", 2), ("date", 5)))
    assert [matter.line(key) for key in ("title", "date", "slug")] == [2, 5, 1]


def test_an_output_shows_the_text_that_is_its_last_part() -> None:
    article = Part("article", "1", "甲", (("content/b.md", "1"),))
    text = Part(BODY_PART, "2", None, (("content/a.md", "2"),))
    page = Output("a.html", "article", (article, text), "base", "fingerprint")
    assert page.source == "content/a.md"
    assert page.values() == {"article": "甲", BODY_PART: None}
    for parts in ((), (article,), (text, article)):
        assert Output("a.html", "article", parts, "base", "fingerprint").source is None
