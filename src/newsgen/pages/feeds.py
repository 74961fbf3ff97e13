"""Atom feeds and sitemaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from newsgen.core.digest import digest
from newsgen.core.model import Output, PartInputs
from newsgen.core.urls import absolute
from newsgen.pages import cards
from newsgen.pages.context import PlanContext, index_file, part, year_of
from newsgen.pages.page_kind import PageKind, Values
from newsgen.pages.views import Feed, Sitemap
from newsgen.site.model import Article, Section

FEED_LENGTH = 20
SITEMAP_LENGTH = 50_000
"""Addresses in one sitemap at most (sitemaps.org 0.9)."""

SitemapUrl = tuple[str, str | None]
EPOCH = "1970-01-01T00:00:00+08:00"
"""When an empty feed was last updated: Atom demands a time, and the clock is no input."""


def feeds(plan_context: PlanContext) -> Iterator[Output]:
    """The site's Atom feed and one for each section."""
    for section in plan_context.site.sections.values():
        newest = plan_context.site.by_section[section.path][: -FEED_LENGTH - 1 : -1]
        feed = _feed(plan_context, section, newest)
        made_of = part("feed", feed, _feed_inputs(plan_context, section, newest, feed))
        yield plan_context.output(f"{section.prefix}feed.xml", "feed", plan_context.templates["feed.xml"], made_of)


def _feed_inputs(plan_context: PlanContext, section: Section, newest: Iterable[Article], feed: Feed) -> PartInputs:
    config = plan_context.config
    settings = digest(config.title, config.organization, config.url, config.source, config.description)
    entries = ((article.path, digest(entry)) for article, entry in zip(newest, feed.entries, strict=True))
    return (("site.yaml", settings), (index_file(section), digest(section.title, section.matter.description)), *entries)


def _feed(plan_context: PlanContext, section: Section, newest: Iterable[Article]) -> Feed:
    config = plan_context.config
    entries = tuple(cards.entry(article, config.url, config.source) for article in newest)
    names = [section.title, config.title] if section.path else [config.title]
    return Feed(
        " - ".join([*names, config.organization]),
        section.matter.description or config.description,
        absolute(config.url, f"{section.prefix}feed.xml"),
        absolute(config.url, f"{section.prefix}feed.xml"),
        absolute(config.url, section.index),
        max((entry.updated for entry in entries), default=EPOCH),
        config.organization,
        entries,
    )


def sitemaps(plan_context: PlanContext) -> Iterator[Output]:
    """One sitemap for each year, one for lists and standing pages, and the index of them all."""
    years: dict[str, list[SitemapUrl]] = {}
    for article in plan_context.site.articles:
        if not article.matter.redirect:
            changed = cards.last_change(article.matter).day
            years.setdefault(year_of(article), []).append((article.address, changed))
    indexes = [section.index for section in plan_context.site.sections.values()]
    standing = [page.address for page in plan_context.site.pages if not page.matter.redirect]
    lasting: list[SitemapUrl] = [(address, None) for address in (*indexes, *standing)]
    maps = {"pages": lasting, **years}
    files = {name: urls for kind, found in maps.items() for name, urls in _parts(kind, found)}
    for name, urls in files.items():
        yield _sitemap(plan_context, name, (), urls)
    yield _sitemap(plan_context, "sitemap.xml", tuple(files), ())


def _sitemap(plan_context: PlanContext, path: str, parts: tuple[str, ...], urls: tuple[SitemapUrl, ...]) -> Output:
    """Addresses become absolute where the view is built: ten thousand of them are quoted only for a stale file."""
    sitemap = part("sitemap", (plan_context.config.url, parts, urls))
    return plan_context.output(path, "sitemap", plan_context.templates["sitemap.xml"], sitemap)


def _parts(kind: str, urls: Sequence[SitemapUrl]) -> Iterator[tuple[str, tuple[SitemapUrl, ...]]]:
    """A sitemap as one file, or several where it is longer than the protocol allows."""
    for start in range(0, len(urls), SITEMAP_LENGTH):
        number = f"-{start // SITEMAP_LENGTH + 1}" if start else ""
        yield f"sitemap-{kind}{number}.xml", tuple(urls[start : start + SITEMAP_LENGTH])


def _sitemap_view(path: str, values: Values) -> dict[str, object]:
    url, parts, urls = values["sitemap"]
    located = tuple((absolute(url, address), changed) for address, changed in urls)
    return {"sitemap": Sitemap(tuple(absolute(url, name) for name in parts), located)}


FEED = PageKind("feed", feeds, lambda path, values: {"feed": values["feed"]}, ("feed.xml",), {"feed": "订阅源里的文章"})
SITEMAP = PageKind("sitemap", sitemaps, _sitemap_view, ("sitemap.xml",), {"sitemap": "网站地图里的网址"})
