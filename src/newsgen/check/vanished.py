"""Addresses of articles that the site had when it was built last, and that lead nowhere by now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from newsgen.build.all_articles import load_all_articles
from newsgen.build.locations import places_of
from newsgen.build.output.manifest import read_manifest
from newsgen.build.request import DEFAULT_OUTPUT
from newsgen.check.finding import Finding
from newsgen.config.model import Config
from newsgen.config.site_yaml import FILE_NAME
from newsgen.core.errors import NewsgenError
from newsgen.core.urls import page_at
from newsgen.site.model import Site

CODE = "site.vanished-address"
_ARTICLE = re.compile(r".+/\d{4}/\d{4}-[^/]+\.html")
"""The address of an article that has a date; lists come and go with what is in them."""


def vanished_addresses(root: Path, settings: bytes, config: Config, site: Site, now: datetime) -> Iterator[Finding]:
    """A finding for each address at which nothing will be: no article, no old address, nothing that was taken down or that
    is not shown at this moment. Raises ContentError for a file edited meanwhile.
    """
    gone = _built(root, settings) - {article.address for article in site.articles} - _old_addresses(site)
    if not gone:
        return
    every_article = load_all_articles(root, config, now)
    withdrawn = {address for entry in config.ledger.entries for address in entry.addresses}
    for address in sorted(gone - every_article.hidden.keys() - withdrawn):
        message = f"上次生成的网站里有 {address}，现在没有了，别处的链接会打不开"
        hint = "改了文件名或日期，就在文章开头加一行 aliases: 旧地址；要撤下文章，用 newsgen withdraw"
        yield Finding(CODE, "warning", message, hint, FILE_NAME, found="", line=1)


def _built(root: Path, settings: bytes) -> set[str]:
    """The addresses of articles in the output folder; none where there is no folder, or none of newsgen's."""
    try:
        out = places_of(root, settings).output or DEFAULT_OUTPUT
        manifest = read_manifest(root / out, out)
    except NewsgenError:
        return set()
    return {path for path in manifest if _ARTICLE.fullmatch(path)}


def _old_addresses(site: Site) -> set[str]:
    aliases = (alias.text for article in (*site.articles, *site.pages) for alias in article.matter.aliases)
    return {page_at(alias) for alias in aliases if not alias.startswith("/")}
