"""Articles outside their own pages: as a row, a card, a feed entry. Values only; cheap to make and to digest."""

from __future__ import annotations

from collections.abc import Sequence

from newsgen.core.model import FrontMatter, Moment, changed
from newsgen.core.text import shorten
from newsgen.core.urls import absolute, is_external
from newsgen.core.variants import fallback, fitting, ground, webp
from newsgen.pages.views import Card, Cover, Entry
from newsgen.site.model import Article

SUMMARY = 100
"""Characters of body text that stand in for a missing summary."""


def summary(article: Article) -> str:
    """Front matter's summary, else the beginning of the body's text."""
    if article.matter.summary:
        return article.matter.summary
    return shorten(article.body_summary.lead, SUMMARY)


def destination(article: Article) -> str:
    """The target of a title: the article's page, or the site it lives on."""
    return article.matter.redirect or article.address


def list_card(article: Article, section: str) -> Card:
    """An article as a line of titles and dates; it changes only when these do."""
    matter = article.matter
    assert matter.date is not None, "only dated articles stand in lists"
    address = destination(article)
    return Card(
        matter.title,
        matter.short_title or matter.title,
        address,
        is_external(address),
        matter.date.day,
        matter.kind,
        section,
        article.pinned,
    )


def card(article: Article, section: str, widths: Sequence[int]) -> Card:
    """An article with its summary, and its cover in those of the `widths` that fit."""
    cover = cover_of(article, widths)
    return changed(list_card(article, section), summary=summary(article), cover=cover)


def cover_of(article: Article, widths: Sequence[int]) -> Cover | None:
    """The cover of an article in those of the `widths` that fit; None where it has none."""
    picture = article.cover
    if picture is None:
        return None
    found, focus = fitting(picture, widths), article.matter.focus
    size = picture.address, picture.width, picture.height
    return Cover(*size, webp(picture, found), fallback(picture, found), None if focus else ground(picture), focus)


def entry(article: Article, url: str, author: str) -> Entry:
    """An article in a feed; `author` speaks where none is named."""
    matter = article.matter
    assert matter.date is not None, "only dated articles stand in feeds"
    return Entry(
        matter.title,
        absolute(url, destination(article)),
        matter.date.iso,
        last_change(matter).iso,
        summary(article),
        matter.author or (matter.source or author,),
        matter.tags,
    )


def last_change(matter: FrontMatter) -> Moment:
    """The time of an article's last change: `updated`, but never before `date`."""
    assert matter.date is not None, "only dated articles are asked"
    return max(matter.date, matter.updated, key=lambda moment: moment.minute) if matter.updated else matter.date
