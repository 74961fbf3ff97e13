"""The pages that list articles: of sections, tags, branches and years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsgen.core.digest import digest
from newsgen.core.model import Output, Part
from newsgen.core.text import reading_order
from newsgen.core.urls import absolute, root_of, term_prefix
from newsgen.pages.body import body_html
from newsgen.pages.context import (
    PlanContext,
    SharedCard,
    cards_part,
    index_file,
    inputs_of,
    part,
    term_links,
    text_part,
)
from newsgen.pages.frame import standing_pages
from newsgen.pages.metadata import PageSubject, breadcrumb_of, page_names, place_of
from newsgen.pages.page_kind import PageKind, Values
from newsgen.pages.pagination import paginate
from newsgen.pages.views import Listing, NamedLink
from newsgen.site.model import Section

TERM_KINDS = {"tags": "标签", "branches": "支部"}


def sections(plan_context: PlanContext) -> Iterator[Output]:
    """The list pages of every section but the site itself."""
    for section in plan_context.site.sections.values():
        if section.path:
            yield from _section_pages(plan_context, section)


def _section_pages(plan_context: PlanContext, section: Section) -> Iterator[Output]:
    site, articles = plan_context.site, plan_context.site.by_section[section.path]
    show = plan_context.thumbnail if has_thumbnails(section) else plan_context.list_card
    column, own = plan_context.section_parts[section.path], index_file(section)
    matter = digest(section.matter)
    head = Part("section", matter, section, ((own, matter),))  # older pages do not show the section's text
    whole = digest(section.metadata_digest, section.targets)
    intro = Part("section", whole, section, inputs_of(own, section.metadata_digest or matter, section.targets))
    text = (text_part(section.digest, section.ref),) if section.digest and section.ref and section.body_summary else ()
    below = tuple(NamedLink(s.title, s.index) for s in site.sections_below[section.path])
    below += standing_pages(site, section.path)
    links = part("links", (below, plan_context.years, plan_context.branches))
    none = part("links", (below, (), ()))
    pinned = cards_part("pinned", [show(article) for article in reversed(articles) if article.pinned])
    for page in paginate(section.prefix, articles):
        parts = cards_part("cards", [show(article) for article in page.items]), part("pager", page.pager)
        extra = (intro, links, pinned, *text) if page.is_newest else (head, none)
        yield plan_context.page(page.address, "section", "section.html", column, *parts, *extra)


def has_thumbnails(section: Section) -> bool:
    """Whether the lists of a section show covers."""
    return section.matter.list_kind == "thumbnails"


def lists(plan_context: PlanContext) -> Iterator[Output]:
    """The lists of tags, branches and years, each with its index."""
    yield from terms(plan_context)
    yield from archives(plan_context)


def terms(plan_context: PlanContext) -> Iterator[Output]:
    """The lists of tags and of branches, and an index of each."""
    for kind, label in TERM_KINDS.items():
        found = _by_term(plan_context, kind)
        for name, list_cards in found.items():
            title = part("title", (kind, label, name))
            yield from _list_pages(plan_context, "tag.html", term_prefix(kind, name), title, list_cards)
        yield from _term_index(plan_context, "tag.html", kind, part("title", (kind, label, "")), found)


def archives(plan_context: PlanContext) -> Iterator[Output]:
    """The list pages of every year, and the index of years."""
    years: dict[str, list[SharedCard]] = {}
    for list_card in plan_context.list_cards:
        years.setdefault(list_card.card.date[:4], []).append(list_card)
    for year, list_cards in years.items():
        title = part("title", ("archive", "归档", f"{year}年"))
        yield from _list_pages(plan_context, "archive.html", f"archive/{year}/", title, list_cards)
    yield from _term_index(plan_context, "archive.html", "archive", part("title", ("archive", "归档", "")), years)


def _list_pages(
    plan_context: PlanContext, template: str, prefix: str, title: Part, list_cards: list[SharedCard]
) -> Iterator[Output]:
    for page in paginate(prefix, list_cards):
        parts = cards_part("cards", page.items), part("pager", page.pager)
        yield plan_context.page(page.address, "list", template, title, *parts)


def _term_index(
    plan_context: PlanContext, template: str, kind: str, title: Part, found: Mapping[str, list[SharedCard]]
) -> Iterator[Output]:
    """`tags/index.html` and its like; a section whose folder has that name keeps the address."""
    path = f"{kind}/index.html"
    if found and path not in {section.index for section in plan_context.site.sections.values()}:
        links = plan_context.years if kind == "archive" else term_links(kind, found)
        counts = sorted(found, reverse=True) if kind == "archive" else sorted(found, key=reading_order)
        terms = tuple((link, len(found[name])) for link, name in zip(links, counts, strict=True))
        yield plan_context.page(path, "list", template, title, part("terms", terms))


def _by_term(plan_context: PlanContext, kind: str) -> dict[str, list[SharedCard]]:
    found: dict[str, list[SharedCard]] = {}
    for article, list_card in zip(plan_context.site.articles, plan_context.list_cards, strict=True):
        names = article.matter.tags if kind == "tags" else article.matter.branch
        for name in dict.fromkeys(names) if len(names) > 1 else names:
            found.setdefault(name, []).append(list_card)
    return found


# ---------------------------------------------------------------- views


def _section_view(path: str, values: Values) -> dict[str, object]:
    section: Section = values["section"]
    place = place_of(values["frame"], values["column"])
    frame = place.frame
    below, years, branches = values["links"]
    description = section.matter.description or f"{section.title}，{frame.organization}{frame.title}"
    subject = PageSubject("section", path, absolute(frame.url, path), section.title, description)
    intro = None
    if "body" in values and values["body"].chunks:
        intro = body_html(values["body"], section.targets, root_of(path), frame.url)
    listing = Listing(
        title=section.title,
        description=section.matter.description,
        intro=intro,
        pinned=values.get("pinned", ()),
        cards=values["cards"],
        pager=values["pager"],
        thumbnails=has_thumbnails(section),
        children=below,
        years=years,
        branches=branches,
    )
    entry = path if path == section.index else None
    return {**page_names(subject, place, breadcrumb_of(frame, place.ends), place.feed, entry), "list": listing}


def _list_view(path: str, values: Values) -> dict[str, object]:
    """A list of a tag, a branch or a year, or the index of them (`terms`)."""
    kind, label, name = values["title"]
    heading = f"{label}：{name}" if name else label
    place = place_of(values["frame"])
    links = (NamedLink(label, ""), NamedLink(name, path)) if name else (NamedLink(label, path),)
    subject = PageSubject(kind, path, absolute(place.frame.url, path), heading, f"{place.frame.title}{heading}")
    listing = Listing(
        title=heading, cards=values.get("cards", ()), pager=values.get("pager"), terms=values.get("terms", ())
    )
    return {**page_names(subject, place, breadcrumb_of(place.frame, (*place.ends, *links))), "list": listing}


_PARTS = {"cards": "列表里的文章", "pager": "列表的页数"}
SECTION = PageKind(
    "section",
    sections,
    _section_view,
    ("section.html",),
    {**_PARTS, "section": "栏目的介绍", "links": "下级栏目、年份或支部的列表", "pinned": "置顶的文章"},
)
LIST = PageKind(
    "list",
    lists,
    _list_view,
    ("tag.html", "archive.html"),
    {**_PARTS, "title": "列表的名称", "terms": "标签、支部或年份的列表"},
)
