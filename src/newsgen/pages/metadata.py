"""The machine-readable head of a page: the national guideline's tags, Open Graph, JSON-LD.

Names and order of the <meta> tags follow 国办发〔2017〕47号: site tags on every page, column tags on lists and articles,
article tags on articles. SiteIDCode belongs to government sites and appears only where site.yaml has one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from markupsafe import Markup

from newsgen.core.urls import absolute, root_of
from newsgen.core.variants import share
from newsgen.pages.views import Frame, NamedLink, Page
from newsgen.site.model import Article, Section

Pairs = tuple[tuple[str, str], ...]


class Breadcrumb(NamedTuple):
    """A breadcrumb, and what it is in JSON-LD: nothing, or a BreadcrumbList."""

    links: tuple[NamedLink, ...]
    json_ld: tuple[Markup, ...]


class SectionHead(NamedTuple):
    """The place of a page: what its head has in common with those of all pages in its section, or below none."""

    frame: Frame
    column: Section | None
    ends: tuple[NamedLink, ...]  # the breadcrumb's, down to the section
    text: Breadcrumb  # the breadcrumb of the section's reports
    feed: str | None  # the section's own
    site_name: str
    metas: Pairs


class PageSubject(NamedTuple):
    """The subject of a page, for its head. `canonical` and `image` are absolute, times RFC 3339."""

    kind: str
    address: str
    canonical: str
    heading: str
    description: str
    article: Article | None = None
    published: str = ""
    modified: str = ""
    image: str = ""


@lru_cache(maxsize=256)  # a site has one for each section
def place_of(frame: Frame, column: tuple[tuple[NamedLink, ...], Section] | None = None) -> SectionHead:
    """The place of the pages of a section; `column` holds the way to it. None: outside of all sections."""
    way, section = column or ((), None)
    ends = (NamedLink(frame.organization, frame.home), NamedLink(frame.title, "index.html"), *way)
    site_name = f"{frame.title} - {frame.organization}"
    tags = [("SiteName", site_name), ("SiteDomain", urlsplit(frame.url).netloc)]
    tags += [("SiteIDCode", frame.site_id_code or ""), *(_column_tags(section, frame) if section else ())]
    text = breadcrumb_of(frame, (*ends, NamedLink("正文", "")))
    feed = f"{section.prefix}feed.xml" if section and section.path else None
    return SectionHead(frame, section, ends, text, feed, site_name, _given(tags))


def _given(pairs: list[tuple[str, str]]) -> Pairs:
    """The pairs that have a content."""
    return tuple([pair for pair in pairs if pair[1]])


def _column_tags(column: Section, frame: Frame) -> list[tuple[str, str]]:
    return [
        ("ColumnName", column.title),
        ("ColumnDescription", column.matter.description or ""),
        ("ColumnKeywords", ",".join(column.matter.keywords)),
        ("ColumnType", frame.title),
    ]


def metas(subject: PageSubject, place: SectionHead) -> Pairs:
    """The guideline's <meta name content> tags; empty ones are left out."""
    if subject.article is None:
        return place.metas
    matter = subject.article.matter
    tags = [
        ("ArticleTitle", matter.title),
        ("PubDate", minute(subject.published)),
        ("ContentSource", matter.source or place.frame.source),
        ("Keywords", ",".join(matter.tags)),
        ("Author", "、".join(matter.author)),
        ("Description", subject.description),
        ("Image", subject.image),
        ("Url", subject.canonical),
    ]
    return place.metas + _given(tags)


def minute(time: str) -> str:
    """`2024-03-13 09:30` of an RFC 3339 time: the form of PubDate; "" of ""."""
    return time[:16].replace("T", " ")


def open_graph(subject: PageSubject, place: SectionHead) -> Pairs:
    """Open Graph properties (ogp.me), for WeChat and others that show a card."""
    pairs = [
        ("og:type", "article" if subject.published else "website"),
        ("og:title", subject.heading),
        ("og:description", subject.description),
        ("og:url", subject.canonical),
        ("og:site_name", place.site_name),
        ("og:locale", "zh_CN"),
    ]
    if subject.article and (cover := subject.article.cover):
        image = share(cover)
        size = (("og:image:width", str(image.width)), ("og:image:height", str(image.height)))
        pairs += [("og:image", absolute(place.frame.url, image.address)), *size]
    if subject.published:
        pairs += [("article:published_time", subject.published), ("article:modified_time", subject.modified)]
    return _given(pairs)


def breadcrumb_of(frame: Frame, links: tuple[NamedLink, ...]) -> Breadcrumb:
    """The breadcrumb of these links, the last one current, with its schema.org BreadcrumbList."""
    *above, last = links
    crumbs = [
        {"@type": "ListItem", "position": position, "name": link.text, "item": absolute(frame.url, link.address)}
        for position, link in enumerate((link for link in links if link.address), 1)
    ]
    found = (_script({"@type": "BreadcrumbList", "itemListElement": crumbs}),) if crumbs else ()
    return Breadcrumb((*above, NamedLink(last.text, last.address, current=True)), found)


def news_article(subject: PageSubject, frame: Frame) -> tuple[Markup, ...]:
    """A schema.org NewsArticle for a dated article."""
    if subject.article is None or not subject.published:
        return ()
    matter = subject.article.matter
    publisher = {"@type": "Organization", "name": frame.organization, "url": frame.home}
    facts: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": matter.title,
        "datePublished": subject.published,
        "dateModified": subject.modified,
        "author": [{"@type": "Person", "name": name} for name in matter.author] or [publisher],
        "publisher": publisher,
        "description": subject.description,
        "mainEntityOfPage": subject.canonical,
        "inLanguage": "zh-CN",
    }
    if subject.image:
        facts["image"] = [subject.image]
    return (_script(facts),)


def _script(value: dict[str, object]) -> Markup:
    """JSON that cannot end its <script> element: `<`, `>` and `&` as escapes (JSON allows them in strings only)."""
    text = msgspec.json.encode({"@context": "https://schema.org", **value}).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def page_names(
    subject: PageSubject, place: SectionHead, trail: Breadcrumb, feed: str | None = None, entry: str | None = None
) -> dict[str, object]:
    """`site`, `page` and `root` for any HTML page."""
    frame, column = place.frame, place.column
    page = Page(
        kind=subject.kind,
        address=subject.address,
        title=place.site_name if subject.kind == "home" else f"{subject.heading} - {place.site_name}",
        heading=subject.heading,
        description=subject.description,
        keywords=subject.article.matter.tags if subject.article else _keywords_of(column, frame),
        canonical=subject.canonical,
        section=column.path if column else None,
        section_title=column.title if column else None,
        entry=entry,
        breadcrumb=trail.links,
        metas=metas(subject, place),
        open_graph=open_graph(subject, place),
        json_ld=trail.json_ld + news_article(subject, frame),
        feed=feed,
    )
    return {"site": frame, "page": page, "root": root_of(subject.address)}


def _keywords_of(column: Section | None, frame: Frame) -> tuple[str, ...]:
    return column.matter.keywords if column and column.path else frame.keywords
