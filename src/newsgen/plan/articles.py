"""The outputs of articles, standing pages and the home page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from newsgen.fingerprint import digest
from newsgen.model import Output, Part
from newsgen.plan.ground import Ground, column_part, part
from newsgen.site import Article, Section
from newsgen.views import Block, Card, Home


def article_part(article: Article) -> Part:
    """The article with everything that its own page shows."""
    shown = (article.digest, article.address, article.targets, article.cover, article.attachments)
    return Part("article", digest(shown), article)


def articles(ground: Ground) -> Iterator[Output]:
    """Every article at its own address, with its neighbours in the section."""
    own = [article for article in ground.site.articles if not article.matter.redirect]
    lines: dict[str, list[Article]] = {}
    for article in own:
        lines.setdefault(article.section, []).append(article)
    for section, line in lines.items():
        column = column_part(ground, section)
        rows = [part("older", None), *(part("older", ground.row(article)) for article in line), part("newer", None)]
        for index, article in enumerate(line):
            newer = Part("newer", rows[index + 2].digest, rows[index + 2].value)
            yield ground.page(
                article.address, "article", "article.html", article_part(article), column, rows[index], newer
            )


def standing_pages(ground: Ground) -> Iterator[Output]:
    """关于我们 and its like: neither date nor neighbours."""
    for page in ground.site.pages:
        if not page.matter.redirect:
            column = column_part(ground, page.section)
            yield ground.page(page.address, "page", "page.html", article_part(page), column)


def home(ground: Ground) -> Iterator[Output]:
    """The home page."""
    yield ground.page("index.html", "home", "home.html", part("home", _home_view(ground)))


def _home_view(ground: Ground) -> Home:
    site, front = ground.site, ground.config.front
    newest = [article for pinned in (True, False) for article in reversed(site.articles) if article.pinned is pinned]
    slides = [article for article in newest if article.cover][: front.slides]
    news = [article for article in newest if article.matter.kind not in ("notice", "announcement")] or newest
    special = {place.text for place in (front.strip, front.gallery) if place}
    every = [path for path, section in site.sections.items() if _is_top(section) and path not in special]
    chosen = every if front.blocks is None else [place.text for place in front.blocks]
    return Home(
        tuple(map(ground.card, slides)),
        ground.card(news[0]) if news and front.headlines else None,
        tuple(map(ground.row, news[1 : front.headlines])),
        tuple(block for path in chosen if (block := _block(ground, path, ground.row))),
        _block(ground, front.strip.text, ground.card) if front.strip else None,
        _block(ground, front.gallery.text, ground.card) if front.gallery else None,
        ground.years,
    )


def _is_top(section: Section) -> bool:
    return bool(section.path) and "/" not in section.path and section.matter.menu


def _block(ground: Ground, path: str, show: Callable[[Article], Card]) -> Block | None:
    """The newest articles of a section; None where there are none."""
    section = ground.site.sections[path]
    newest = ground.site.by_section[path][: -ground.config.front.rows - 1 : -1]
    return Block(section.title, section.index, path, tuple(map(show, newest))) if newest else None
