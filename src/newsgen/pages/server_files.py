"""robots.txt, the page for what is not there, and pages and server rules for old addresses."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.core.model import Output
from newsgen.core.urls import absolute
from newsgen.pages import cards
from newsgen.pages.context import PlanContext, part
from newsgen.pages.metadata import PageSubject, breadcrumb_of, page_names, place_of
from newsgen.pages.page_kind import PageKind, Values
from newsgen.pages.redirects import gone_rules, moved_page, server_rules
from newsgen.pages.views import NamedLink
from newsgen.site.model import Article


def texts(plan_context: PlanContext) -> Iterator[Output]:
    """robots.txt and the rules for web servers."""
    site, config = plan_context.site, plan_context.config
    robots = f"User-agent: *\nAllow: /\nSitemap: {absolute(config.url, 'sitemap.xml')}\n"
    moved = server_rules((*site.articles, *site.pages), config.url)
    gone = gone_rules(config.ledger.addresses, config.url)
    for path, text in {"robots.txt": robots, **moved, **gone}.items():
        yield plan_context.output(path, "text", part("text", text))


def not_found(plan_context: PlanContext) -> Iterator[Output]:
    """404.html."""
    yield plan_context.page("404.html", "404", "404.html")


def _not_found_view(path: str, values: Values) -> dict[str, object]:
    """404.html is served at any depth, so its links are absolute."""
    place = place_of(values["frame"])
    subject = PageSubject("404", path, absolute(place.frame.url, path), "页面不存在", "您要找的页面不存在")
    names = page_names(subject, place, breadcrumb_of(place.frame, (*place.ends, NamedLink("页面不存在", ""))))
    return {**names, "root": place.frame.url}


def aliases(plan_context: PlanContext) -> Iterator[Output]:
    """A page at every old address below the site, which leads on."""
    for article in (*plan_context.site.articles, *plan_context.site.pages):
        for path in dict.fromkeys(_moved_from(article)):
            page = moved_page(path, cards.destination(article), article.matter.title, plan_context.config.url)
            yield plan_context.output(path, "alias", part("text", page))


def _moved_from(article: Article) -> Iterator[str]:
    """The addresses below the site where a page leads on: old ones, and that to which the server's rules lead for an
    article that lives elsewhere.
    """
    for alias in article.matter.aliases:
        if not alias.text.startswith("/"):
            yield alias.text + ("index.html" if alias.text.endswith("/") else "")
        elif article.matter.redirect:
            yield article.address


_PARTS = {"text": "文字"}
TEXT = PageKind("text", texts, parts=_PARTS)
NOT_FOUND = PageKind("404", not_found, _not_found_view, ("404.html",))
ALIAS = PageKind("alias", aliases, parts=_PARTS)
