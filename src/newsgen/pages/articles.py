"""The outputs of articles, standing pages and the home page."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.core.digest import digest
from newsgen.core.model import Output, Part
from newsgen.pages.context import PlanContext, SharedCard, Show, inputs_of, part, text_part
from newsgen.pages.views import Block, Home
from newsgen.site.model import Article, Section


def article_part(article: Article) -> Part:
    """The article with everything that its own page shows, but its text and its address, which is that of the page."""
    original = article.matter.original
    if not (article.targets or article.cover or article.attachments or original):
        return Part("article", article.facts, article, ((article.path, article.facts),))
    shown = (article.facts, article.targets, article.cover, article.attachments, original)
    files = (article.cover, *(attachment.file for attachment in article.attachments))
    return Part("article", digest(shown), article, inputs_of(article.path, article.facts, article.targets, files))


def articles(plan_context: PlanContext) -> Iterator[Output]:
    """Every article at its own address, with its neighbours in the section."""
    lines: dict[str, list[tuple[Article, SharedCard]]] = {}
    for article, row in zip(plan_context.site.articles, plan_context.rows, strict=True):
        if not article.matter.redirect:
            lines.setdefault(article.section, []).append((article, row))
    for section, line in lines.items():
        column = plan_context.columns[section]
        older = [_neighbour("older", None), *(_neighbour("older", row) for _, row in line)]
        newer = [*(_neighbour("newer", row) for _, row in line[1:]), _neighbour("newer", None)]
        for (article, _), before, after in zip(line, older, newer, strict=False):
            views, text = _views(plan_context, article), text_part(article.digest, article.task)
            own = article_part(article), column, before, after, *views, text
            yield plan_context.page(article.address, "article", "article.html", *own)


def _views(plan_context: PlanContext, article: Article) -> tuple[Part, ...]:
    """The part that is the count of a page's readers; none where no count is known."""
    counts = plan_context.config.counts
    total = counts.total(article.address, article.matter.views_base) if counts.numbers else None
    return (part("views", total, ((counts.name, str(total)),)),) if total else ()


def _neighbour(name: str, facet: SharedCard | None) -> Part:
    return Part(name, facet.digest, facet.card, ((facet.path, facet.digest),)) if facet else Part(name, "", None)


def standing_pages(plan_context: PlanContext) -> Iterator[Output]:
    """关于我们 and its like: neither date nor neighbours."""
    for page in plan_context.site.pages:
        if not page.matter.redirect:
            column = plan_context.columns[page.section]
            own = article_part(page), column, *_views(plan_context, page), text_part(page.digest, page.task)
            yield plan_context.page(page.address, "page", "page.html", *own)


def home(plan_context: PlanContext) -> Iterator[Output]:
    """The home page."""
    shown: list[SharedCard] = []
    view = _home_view(plan_context, shown)
    named = {facet.path: facet.digest for facet in shown}
    inputs = (("site.yaml", digest(plan_context.config.front)), *named.items())
    yield plan_context.page("index.html", "home", "home.html", Part("home", digest(view), view, inputs))


def _home_view(plan_context: PlanContext, shown: list[SharedCard]) -> Home:
    """The home page's view; every article on it is noted in `shown`."""

    def noted(facet: SharedCard) -> SharedCard:
        shown.append(facet)
        return facet

    def card(article: Article) -> SharedCard:
        return noted(plan_context.card(article))

    def row(article: Article) -> SharedCard:
        return noted(plan_context.row(article))

    site, front = plan_context.site, plan_context.config.front
    newest = [article for pinned in (True, False) for article in reversed(site.articles) if article.pinned is pinned]
    slides = [article for article in newest if article.cover][: front.slides]
    news = [article for article in newest if article.matter.kind not in ("notice", "announcement")] or newest
    special = {place.text for place in (front.strip, front.gallery) if place}
    every = [path for path, section in site.sections.items() if _is_top(section) and path not in special]
    chosen = every if front.blocks is None else [place.text for place in front.blocks]
    return Home(
        tuple(card(article).card for article in slides),
        card(news[0]).card if news and front.headlines else None,
        tuple(row(article).card for article in news[1 : front.headlines]),
        tuple(block for path in chosen if (block := _block(plan_context, path, row))),
        _block(plan_context, front.strip.text, card) if front.strip else None,
        _block(plan_context, front.gallery.text, card) if front.gallery else None,
        plan_context.years,
    )


def _is_top(section: Section) -> bool:
    return bool(section.path) and "/" not in section.path and section.matter.menu


def _block(plan_context: PlanContext, path: str, show: Show) -> Block | None:
    """The newest articles of a section; None where there are none."""
    section = plan_context.site.sections[path]
    newest = plan_context.site.by_section[path][: -plan_context.config.front.rows - 1 : -1]
    cards = tuple(show(article).card for article in newest)
    return Block(section.title, section.index, path, cards) if newest else None
