"""The home page."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.core.digest import digest
from newsgen.core.model import Output, Part
from newsgen.core.urls import absolute
from newsgen.pages.context import PlanContext, SharedCard, Show
from newsgen.pages.metadata import PageSubject, breadcrumb_of, page_names, place_of
from newsgen.pages.page_kind import PageKind, Values
from newsgen.pages.views import Block, Home
from newsgen.site.model import Article, Section


def home(plan_context: PlanContext) -> Iterator[Output]:
    """The home page."""
    shown: list[SharedCard] = []
    view = _home_view(plan_context, shown)
    named = {shared_card.path: shared_card.digest for shared_card in shown}
    settings = digest(plan_context.config.front, plan_context.config.photos)
    inputs = (("site.yaml", settings), *named.items())
    yield plan_context.page("index.html", "home", "home.html", Part("home", digest(view), view, inputs))


def cards_of_home(plan_context: PlanContext) -> list[SharedCard]:
    """The articles on the home page as it shows them."""
    shown: list[SharedCard] = []
    _home_view(plan_context, shown)
    return shown


def _home_view(plan_context: PlanContext, shown: list[SharedCard]) -> Home:
    """The home page's view; every article on it is noted in `shown`."""

    def noted(shared_card: SharedCard) -> SharedCard:
        shown.append(shared_card)
        return shared_card

    def card(article: Article) -> SharedCard:
        return noted(plan_context.card(article, plan_context.config.photos.cards))

    def slide(article: Article) -> SharedCard:
        return noted(plan_context.card(article, plan_context.config.photos.slides))

    def list_card(article: Article) -> SharedCard:
        return noted(plan_context.list_card(article))

    site, front = plan_context.site, plan_context.config.front
    newest = [article for pinned in (True, False) for article in reversed(site.articles) if article.pinned is pinned]
    slides = [article for article in newest if article.cover][: front.slides]
    news = [article for article in newest if article.matter.kind not in ("notice", "announcement")] or newest
    special = {place.text for place in (front.strip, front.gallery) if place}
    every = [path for path, section in site.sections.items() if _is_top(section) and path not in special]
    chosen = every if front.blocks is None else [place.text for place in front.blocks]
    return Home(
        tuple(slide(article).card for article in slides),
        slide(news[0]).card if news and front.headlines else None,
        tuple(list_card(article).card for article in news[1 : front.headlines]),
        tuple(block for path in chosen if (block := _block(plan_context, path, list_card))),
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


def _view(path: str, values: Values) -> dict[str, object]:
    place = place_of(values["frame"])
    frame = place.frame
    description = frame.description or f"{frame.organization}{frame.title}"
    subject = PageSubject("home", path, absolute(frame.url, path), frame.title, description)
    return {**page_names(subject, place, breadcrumb_of(frame, place.ends)), "home": values["home"]}


HOME = PageKind("home", home, _view, ("home.html",), {"home": "首页上的文章和栏目"})
