"""The machine-readable head of a page: the national guideline's tags, Open Graph, JSON-LD.

Names and order of the <meta> tags follow 国办发〔2017〕47号: site tags on every page, column tags on lists and articles,
article tags on articles. SiteIDCode belongs to government sites and appears only where site.yaml has one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from newsgen.cards import last_change, summary
from newsgen.site import Article, Section
from newsgen.urls import absolute
from newsgen.views import Frame, NamedLink

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about, as far as its head is concerned."""

    kind: str
    address: str
    heading: str
    description: str
    article: Article | None = None
    column: Section | None = None


def metas(subject: Subject, frame: Frame) -> Pairs:
    """The guideline's <meta name content> tags; empty ones are left out."""
    pairs = [("SiteName", f"{frame.title} - {frame.organization}"), ("SiteDomain", urlsplit(frame.url).netloc)]
    pairs.append(("SiteIDCode", frame.site_id_code or ""))
    if subject.column:
        pairs += _column_tags(subject.column, frame)
    if subject.article:
        pairs += _article_tags(subject.article, frame)
    return tuple((name, content) for name, content in pairs if content)


def _column_tags(column: Section, frame: Frame) -> list[tuple[str, str]]:
    return [
        ("ColumnName", column.title),
        ("ColumnDescription", column.matter.description or ""),
        ("ColumnKeywords", ",".join(column.matter.keywords)),
        ("ColumnType", frame.title),
    ]


def _article_tags(article: Article, frame: Frame) -> list[tuple[str, str]]:
    matter = article.matter
    return [
        ("ArticleTitle", matter.title),
        ("PubDate", matter.date.minute if matter.date else ""),
        ("ContentSource", matter.source or frame.source),
        ("Keywords", ",".join(matter.tags)),
        ("Author", "、".join(matter.author)),
        ("Description", summary(article)),
        ("Image", absolute(frame.url, article.cover.address) if article.cover else ""),
        ("Url", absolute(frame.url, article.address)),
    ]


def open_graph(subject: Subject, frame: Frame) -> Pairs:
    """Open Graph properties (ogp.me), for WeChat and others that show a card."""
    article = subject.article
    dated = article is not None and article.matter.date is not None
    pairs = [
        ("og:type", "article" if dated else "website"),
        ("og:title", subject.heading),
        ("og:description", subject.description),
        ("og:url", absolute(frame.url, subject.address)),
        ("og:site_name", f"{frame.title} - {frame.organization}"),
        ("og:locale", "zh_CN"),
    ]
    if article and article.cover:
        pairs += [
            ("og:image", absolute(frame.url, article.cover.address)),
            ("og:image:width", str(article.cover.width)),
            ("og:image:height", str(article.cover.height)),
        ]
    if article and article.matter.date:
        pairs.append(("article:published_time", article.matter.date.iso))
        pairs.append(("article:modified_time", last_change(article.matter).iso))
    return tuple((name, content) for name, content in pairs if content)


def json_ld(subject: Subject, frame: Frame, breadcrumb: Iterable[NamedLink]) -> tuple[Markup, ...]:
    """schema.org BreadcrumbList, and NewsArticle for dated articles, safe inside <script>."""
    crumbs = [
        {"@type": "ListItem", "position": position, "name": link.text, "item": absolute(frame.url, link.address)}
        for position, link in enumerate((link for link in breadcrumb if link.address), 1)
    ]
    found: list[dict[str, object]] = [{"@type": "BreadcrumbList", "itemListElement": crumbs}] if crumbs else []
    if subject.article and subject.article.matter.date:
        found.append(_news_article(subject.article, frame))
    return tuple(_script({"@context": "https://schema.org", **item}) for item in found)


def _news_article(article: Article, frame: Frame) -> dict[str, object]:
    matter = article.matter
    assert matter.date is not None, "asked only of dated articles"
    publisher = {"@type": "Organization", "name": frame.organization, "url": frame.home}
    people = [{"@type": "Person", "name": name} for name in matter.author]
    facts: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": matter.title,
        "datePublished": matter.date.iso,
        "dateModified": last_change(matter).iso,
        "author": people or [publisher],
        "publisher": publisher,
        "description": summary(article),
        "mainEntityOfPage": absolute(frame.url, article.address),
        "inLanguage": "zh-CN",
    }
    if article.cover:
        facts["image"] = [absolute(frame.url, article.cover.address)]
    return facts


def _script(value: object) -> Markup:
    """JSON that cannot end its <script> element: `<`, `>` and `&` as escapes (JSON allows them in strings only)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
