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


def feeds(ground: PlanContext) -> Iterator[Output]:
    """The site's Atom feed and one for each section."""
    for section in ground.site.sections.values():
        newest = ground.site.by_section[section.path][: -FEED_LENGTH - 1 : -1]
        feed = _feed(ground, section, newest)
        made_of = part("feed", feed, _feed_inputs(ground, section, newest, feed))
        yield ground.output(f"{section.prefix}feed.xml", "feed", ground.templates["feed.xml"], made_of)


def _feed_inputs(ground: PlanContext, section: Section, newest: Iterable[Article], feed: Feed) -> PartInputs:
    config = ground.config
    settings = digest(config.title, config.organization, config.url, config.source, config.description)
    entries = ((article.path, digest(entry)) for article, entry in zip(newest, feed.entries, strict=True))
    return (("site.yaml", settings), (index_file(section), digest(section.title, section.matter.description)), *entries)


def _feed(ground: PlanContext, section: Section, newest: Iterable[Article]) -> Feed:
    config = ground.config
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


def sitemaps(ground: PlanContext) -> Iterator[Output]:
    """One sitemap for each year, one for lists and standing pages, and the index of them all."""
    years: dict[str, list[SitemapUrl]] = {}
    for article in ground.site.articles:
        if not article.matter.redirect:
            changed = cards.last_change(article.matter).day
            years.setdefault(year_of(article), []).append((article.address, changed))
    indexes = [section.index for section in ground.site.sections.values()]
    standing = [page.address for page in ground.site.pages if not page.matter.redirect]
    lasting: list[SitemapUrl] = [(address, None) for address in (*indexes, *standing)]
    maps = {"pages": lasting, **years}
    files = {name: urls for kind, found in maps.items() for name, urls in _parts(kind, found)}
    for name, urls in files.items():
        yield _sitemap(ground, name, (), urls)
    yield _sitemap(ground, "sitemap.xml", tuple(files), ())


def _sitemap(ground: PlanContext, path: str, parts: tuple[str, ...], urls: tuple[SitemapUrl, ...]) -> Output:
    """Addresses become absolute where the view is built: ten thousand of them are quoted only for a stale file."""
    sitemap = part("sitemap", (ground.config.url, parts, urls))
    return ground.output(path, "sitemap", ground.templates["sitemap.xml"], sitemap)


def _parts(kind: str, urls: Sequence[SitemapUrl]) -> Iterator[tuple[str, tuple[SitemapUrl, ...]]]:
    """A sitemap as one file, or several where it is longer than the protocol allows."""
    for start in range(0, len(urls), SITEMAP_LENGTH):
        number = f"-{start // SITEMAP_LENGTH + 1}" if start else ""
        yield f"sitemap-{kind}{number}.xml", tuple(urls[start : start + SITEMAP_LENGTH])


def texts(ground: PlanContext) -> Iterator[Output]:
    """robots.txt, the pages and server rules for old addresses, 404.html."""
    robots = f"User-agent: *\nAllow: /\nSitemap: {absolute(ground.config.url, 'sitemap.xml')}\n"
    yield ground.output("robots.txt", "text", part("text", robots))
    yield ground.page("404.html", "404", "404.html")
    everything = (*ground.site.articles, *ground.site.pages)
    for article in everything:
        for path in dict.fromkeys(_moved_from(article)):
            page = moved_page(path, cards.destination(article), article.matter.title, ground.config.url)
            yield ground.output(path, "alias", part("text", page))
    rules = server_rules(everything, ground.config.url) | gone_rules(ground.config.ledger.addresses, ground.config.url)
    for path, text in rules.items():
        yield ground.output(path, "text", part("text", text))


def _moved_from(article: Article) -> Iterator[str]:
    """The addresses below the site where a page leads on: old ones, and that to which the server's rules lead for an
    article that lives elsewhere.
    """
    for alias in article.matter.aliases:
        if not alias.text.startswith("/"):
            yield alias.text + ("index.html" if alias.text.endswith("/") else "")
        elif article.matter.redirect:
            yield article.address


def files(ground: PlanContext) -> Iterator[Output]:
    """Theme files, photos and downloads."""
    for asset in {asset.address: asset for asset in ground.assets.values()}.values():
        if asset.name != GREYSCALE:
            yield ground.output(
                asset.address,
                "asset",
                Part("bytes", asset.digest, asset.data, ((f"theme/{asset.name}", asset.digest),)),
            )
    grey = ground.assets.get(GREYSCALE)
    data = grey.data if grey and ground.greyscale else b""
    yield ground.output(GREYSCALE_ADDRESS, "asset", part("bytes", data, ((CLOCK, digest(ground.greyscale)),)))
    for file in ground.site.media:
        yield ground.output(file.address, "picture" if isinstance(file, Picture) else "download", _file_part(file))


def _file_part(file: Picture | Download) -> Part:
    """Equal bytes under two names are one file: the path doesn't count."""
    return Part("file", digest(file.digest, file.address), file, ((file.path, file.digest),))
