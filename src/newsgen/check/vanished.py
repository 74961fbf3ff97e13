"""Vanished addresses: addresses of articles in the last release, or else the last build, that lead nowhere now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from newsgen.build.all_articles import load_all_articles
from newsgen.build.output.manifest import read_manifest
from newsgen.build.output.released import released_pages
from newsgen.check.finding import Finding
from newsgen.check.site_sources import SiteSources
from newsgen.config.model import Config
from newsgen.config.site_yaml import FILE_NAME
from newsgen.core.errors import NewsgenError
from newsgen.core.urls import page_at
from newsgen.site.model import Site

CODE = "site.vanished-address"
_ARTICLE = re.compile(r".+/\d{4}/\d{4}-[^/]+\.html")
"""The address of an article that has a date. List pages are left out: they come and go with their articles."""


def vanished_addresses(sources: SiteSources, config: Config, site: Site, now: datetime) -> Iterator[Finding]:
    """A finding for each released address that no article has any more, neither as its own nor as an alias.

    Addresses of withdrawn articles, and of those hidden at this moment, do not count as vanished. Raises ContentError
    for a file edited meanwhile.
    """
    released = released_pages(sources.root)
    before = released or _built(sources.output)
    gone = {path for path in before if _ARTICLE.fullmatch(path)}
    gone -= {article.address for article in site.articles} | _old_addresses(site)
    if not gone:
        return
    every_article = load_all_articles(sources.root, config, now)
    withdrawn = {address for entry in config.ledger.entries for address in entry.addresses}
    for address in sorted(gone - every_article.hidden.keys() - withdrawn):
        message = f"{'线上' if released else '上次生成'}的网站里有 {address}，现在没有了，别处的链接会打不开"
        hint = "改了文件名或日期，就在文章开头加一行 aliases: 旧地址；要撤下文章，用 newsgen withdraw"
        yield Finding(CODE, "warning", message, hint, FILE_NAME, found="", line=1)


def _built(output: Path) -> Iterable[str]:
    """The paths in the output folder; none if there is no such folder, or newsgen did not build it."""
    try:
        return read_manifest(output, output.name)
    except NewsgenError:
        return ()


def _old_addresses(site: Site) -> set[str]:
    aliases = (alias.text for article in (*site.articles, *site.pages) for alias in article.matter.aliases)
    return {page_at(alias) for alias in aliases if not alias.startswith("/")}
