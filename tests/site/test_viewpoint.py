"""site/model.py: what readers may see at a moment, and how long a build stays right."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from newsgen.core.model import SHANGHAI, FrontMatter, Moment
from newsgen.site.model import Validity, Viewpoint

NOW = datetime(2024, 6, 1, 8, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


def at(minutes: int) -> Moment:
    """The moment that lies so many minutes after now."""
    return Moment.of(NOW + minutes * MINUTE, to_the_minute=True)


@pytest.mark.parametrize(
    ("matter", "is_public", "with_drafts", "with_everything"),
    [
        (FrontMatter("甲"), True, True, True),
        (FrontMatter("甲", draft=True), False, True, True),
        (FrontMatter("甲", publish_at=at(0)), True, True, True),
        (FrontMatter("甲", publish_at=at(1)), False, False, True),
        (FrontMatter("甲", expires=at(1)), True, True, True),
        (FrontMatter("甲", expires=at(0)), False, False, True),
        (FrontMatter("甲", publish_at=at(-2), expires=at(-1)), False, False, True),
        (FrontMatter("甲", draft=True, expires=at(0)), False, False, True),
    ],
)
def test_an_article_is_shown_from_its_first_minute_to_the_last_before_its_end(
    matter: FrontMatter, is_public: bool, with_drafts: bool, with_everything: bool
) -> None:
    assert Viewpoint(NOW).shows(matter) is is_public
    assert Viewpoint(NOW, drafts=True).shows(matter) is with_drafts
    assert Viewpoint(NOW, include_hidden=True).shows(matter) is with_everything
    assert Viewpoint(NOW, include_hidden=True).is_public(matter) is is_public


def test_what_shows_beside_the_public_articles_has_a_name() -> None:
    assert [Viewpoint(NOW, drafts, everything).shown for drafts in (False, True) for everything in (False, True)] == [
        "", "everything", "drafts", "everything",
    ]  # fmt: skip


@pytest.mark.parametrize(("minutes", "holds"), [(-2, False), (-1, True), (0, True), (1, False), (2, False)])
def test_a_build_stays_right_from_its_first_moment_to_the_last_before_its_end(minutes: int, holds: bool) -> None:
    span = Validity(NOW - MINUTE, NOW + 5 * MINUTE, NOW + MINUTE)
    assert span.holds(NOW + minutes * MINUTE) is holds


def test_a_build_without_moments_stays_right_for_ever() -> None:
    assert Validity(None, None, None).holds(NOW)
    assert Validity(NOW, None, None).holds(NOW + timedelta(days=9999))
    assert Validity(None, None, NOW).holds(NOW - timedelta(days=9999))
