"""The outputs that machines read, and the files that are published as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from newsgen.core.digest import digest
from newsgen.core.model import Download, Output, Part, PartInputs, Picture
from newsgen.core.urls import absolute
from newsgen.pages import cards
from newsgen.pages.context import CLOCK, PlanContext, index_file, part, year_of
from newsgen.pages.redirects import gone_rules, moved_page, server_rules
from newsgen.pages.views import Feed
from newsgen.site.model import Article, Section
from newsgen.site.theme.assets import GREYSCALE, GREYSCALE_ADDRESS

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


def texts(plan_context: PlanContext) -> Iterator[Output]:
    """robots.txt, the pages and server rules for old addresses, 404.html."""
    robots = f"User-agent: *\nAllow: /\nSitemap: {absolute(plan_context.config.url, 'sitemap.xml')}\n"
    yield plan_context.output("robots.txt", "text", part("text", robots))
    yield plan_context.page("404.html", "404", "404.html")
    everything = (*plan_context.site.articles, *plan_context.site.pages)
    for article in everything:
        for path in dict.fromkeys(_moved_from(article)):
            page = moved_page(path, cards.destination(article), article.matter.title, plan_context.config.url)
            yield plan_context.output(path, "alias", part("text", page))
    rules = server_rules(everything, plan_context.config.url) | gone_rules(
        plan_context.config.ledger.addresses, plan_context.config.url
    )
    for path, text in rules.items():
        yield plan_context.output(path, "text", part("text", text))


def _moved_from(article: Article) -> Iterator[str]:
    """The addresses below the site where a page leads on: old ones, and that to which the server's rules lead for an
    article that lives elsewhere.
    """
    for alias in article.matter.aliases:
        if not alias.text.startswith("/"):
            yield alias.text + ("index.html" if alias.text.endswith("/") else "")
        elif article.matter.redirect:
            yield article.address


def files(plan_context: PlanContext) -> Iterator[Output]:
    """Theme files, photos and downloads."""
    for asset in {asset.address: asset for asset in plan_context.assets.values()}.values():
        if asset.name != GREYSCALE:
            yield plan_context.output(
                asset.address,
                "asset",
                Part("bytes", asset.digest, asset.data, ((f"theme/{asset.name}", asset.digest),)),
            )
    grey = plan_context.assets.get(GREYSCALE)
    data = grey.data if grey and plan_context.greyscale else b""
    yield plan_context.output(
        GREYSCALE_ADDRESS, "asset", part("bytes", data, ((CLOCK, digest(plan_context.greyscale)),))
    )
    for file in plan_context.site.media:
        yield plan_context.output(
            file.address, "picture" if isinstance(file, Picture) else "download", _file_part(file)
        )


def _file_part(file: Picture | Download) -> Part:
    """Equal bytes under two names are one file: the path doesn't count."""
    return Part("file", digest(file.digest, file.address), file, ((file.path, file.digest),))
