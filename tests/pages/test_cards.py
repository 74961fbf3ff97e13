"""pages/cards.py: an article as lists and feeds show it."""

from __future__ import annotations

import re

import pytest

from site_test import SiteTest


@pytest.mark.parametrize(
    ("date", "updated", "published", "changed"),
    [
        ("2024-03-13", "2024-03-15", "2024-03-13T00:00:00+08:00", "2024-03-15T00:00:00+08:00"),
        ("2024-03-13 15:00", "2024-03-15", "2024-03-13T15:00:00+08:00", "2024-03-15T00:00:00+08:00"),
        # A day begins at midnight: one that was changed on the day of its hour was never changed before that hour.
        ("2024-03-13 15:00", "2024-03-13", "2024-03-13T15:00:00+08:00", "2024-03-13T15:00:00+08:00"),
        ("2024-03-13 15:00", "2024-03-13 16:30", "2024-03-13T15:00:00+08:00", "2024-03-13T16:30:00+08:00"),
        ("2024-03-13", None, "2024-03-13T00:00:00+08:00", "2024-03-13T00:00:00+08:00"),
    ],
)
def test_an_article_was_last_changed_when_it_says_but_never_before_its_date(
    site: SiteTest, date: str, updated: str | None, published: str, changed: str
) -> None:
    more = {"updated": updated} if updated else {}
    built = site.article("meetings/a.md", date=date, **more).built()
    entry = built.text("feed.xml").partition("<entry>")[2]
    assert re.findall(r"<published>(.*?)</published>", entry) == [published]
    assert re.findall(r"<updated>(.*?)</updated>", entry) == [changed]
    assert f'"dateModified":"{changed}"' in built.text("meetings/2024/0313-a.html").replace('": "', '":"')


def test_a_page_names_the_day_on_which_it_was_changed(site: SiteTest) -> None:
    page = site.article("meetings/a.md", updated="2024-03-15").built().text("meetings/2024/0313-a.html")
    assert '更新：<time datetime="2024-03-15">2024-03-15</time>' in page
