"""View builders: from the parts of an output to the view that its template sees. Only stale outputs need one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import escape, unescape
from posixpath import splitext
from typing import Any

from markupsafe import Markup

from newsgen.core.file_types import FILE_SUFFIXES
from newsgen.core.model import Body, Download, FrontMatter, Output, Picture, Reference
from newsgen.core.urls import absolute, at, root_of, term_prefix
from newsgen.pages.cards import last_change, summary
from newsgen.pages.metadata import (
    SectionHead,
    Subject,
    Trail,
    metas,
    minute,
    news_article,
    open_graph,
    place_of,
    trail_of,
)
from newsgen.pages.qrcode import qr_image
from newsgen.pages.views import ArticleView, AttachmentView, Frame, Listing, NamedLink, Page, Sitemap
from newsgen.site.links import Target
from newsgen.site.model import Article, Attachment, Section

Values = Mapping[str, Any]
"""The values of an output's parts, by name; plan/ says which kind of output has which."""


def context(output: Output, body: Body | None) -> dict[str, object]:
    """The names that the template of `output` sees; `body` is the text of its article or section, if it has one."""
    values = output.values()
    if body is not None:
        values["body"] = body
    return BUILDERS[output.kind](output.path, values)


# ---------------------------------------------------------------- the head and the breadcrumb


def _page(
    subject: Subject, place: SectionHead, trail: Trail, feed: str | None = None, entry: str | None = None
) -> dict[str, object]:
    """`site`, `page` and `root` for any HTML page."""
    frame, column = place.frame, place.column
    page = Page(
        subject.kind,
        subject.address,
        place.site_name if subject.kind == "home" else f"{subject.heading} - {place.site_name}",
        subject.heading,
        subject.description,
        subject.article.matter.tags if subject.article else _keywords(column, frame),
        subject.canonical,
        column.path if column else None,
        column.title if column else None,
        entry,
        trail.links,
        metas(subject, place),
        open_graph(subject, place),
        trail.json_ld + news_article(subject, frame),
        feed,
    )
    return {"site": frame, "page": page, "root": root_of(subject.address)}


def _keywords(column: Section | None, frame: Frame) -> tuple[str, ...]:
    return column.matter.keywords if column and column.path else frame.keywords


def _home(path: str, values: Values) -> dict[str, object]:
    place = place_of(values["frame"])
    frame = place.frame
    description = frame.description or f"{frame.organization}{frame.title}"
    subject = Subject("home", path, absolute(frame.url, path), frame.title, description)
    return {**_page(subject, place, trail_of(frame, place.ends)), "home": values["home"]}


def _not_found(path: str, values: Values) -> dict[str, object]:
    """404.html is served at any depth, so its links are absolute."""
    place = place_of(values["frame"])
    subject = Subject("404", path, absolute(place.frame.url, path), "页面不存在", "您要找的页面不存在")
    names = _page(subject, place, trail_of(place.frame, (*place.ends, NamedLink("页面不存在", ""))))
    return {**names, "root": place.frame.url}


# ---------------------------------------------------------------- articles and standing pages


def _article(path: str, values: Values) -> dict[str, object]:
    article: Article = values["article"]
    place = place_of(values["frame"], values["column"])
    frame, matter = place.frame, article.matter
    published = matter.date.iso if matter.date else ""
    subject = Subject(
        "article" if "older" in values else "page",
        path,
        absolute(frame.url, path),
        matter.title,
        summary(article),
        article,
        published,
        last_change(matter).iso if matter.updated and matter.date else published,
        absolute(frame.url, article.cover.address) if article.cover else "",
    )
    trail = place.text if published else trail_of(frame, (*place.ends, NamedLink(matter.title, "")))
    names = _page(subject, place, trail, place.feed)
    return {**names, "article": _article_view(article, subject, frame, values)}


def _article_view(article: Article, subject: Subject, frame: Frame, values: Values) -> ArticleView:
    matter, published = article.matter, subject.published
    date = minute(published) if matter.date and matter.date.to_the_minute else published[:10]
    return ArticleView(
        matter.title,
        matter.subtitle,
        matter.kind,
        "、".join(matter.author) or None,
        matter.source or frame.source,
        date or None,
        published or None,
        matter.updated.day if matter.updated else None,
        values.get("views"),
        matter.expires.day if matter.expires else None,
        period_of(matter),
        matter.original and at(matter.original, root_of(article.address)),
        body_html(values["body"], article.targets, root_of(article.address)),
        matter.signature or article.outline.signature,
        _credits(article, frame),
        tuple(map(_attachment, article.attachments)),
        tuple([NamedLink(name, f"{term_prefix('tags', name)}index.html") for name in matter.tags]),
        tuple([NamedLink(name, f"{term_prefix('branches', name)}index.html") for name in matter.branch]),
        values.get("older"),
        values.get("newer"),
        matter.draft,
        qr_image(subject.canonical) if frame.qr else None,
    )


def period_of(matter: FrontMatter) -> str | None:
    """The days of a 公示: `2024年5月6日至5月10日`. The last one ends at the moment at which it disappears.

    None for every other kind, and where there is no whole day in between.
    """
    if matter.kind != "announcement" or not matter.date or not matter.expires:
        return None
    first, end = matter.date.at.date(), matter.expires.at
    last = (end - timedelta(minutes=1)).date()
    hour = f"{end:%H:%M}" if (end.hour or end.minute) else ""
    if last < first:
        return None
    since = f"{first.year}年{first.month}月{first.day}日"
    year = f"{last.year}年" if last.year != first.year else ""
    until = f"{year}{last.month}月{last.day}日{hour}"
    return f"{since}至{until}" if last != first or hour else since


def _credits(article: Article, frame: Frame) -> tuple[tuple[str, str], ...]:
    """The rows of people at the end; reviewers appear without times and numbers, which are internal."""
    matter, labels = article.matter, dict(frame.labels)
    people = (
        ("author", matter.author),
        ("photographer", matter.photographer),
        ("editor", matter.editor),
        ("review", dict.fromkeys(review.name for review in matter.reviews) if matter.reviews else ()),
    )
    return tuple([(labels[key], "、".join(names)) for key, names in people if names])


def _attachment(attachment: Attachment) -> AttachmentView:
    file = attachment.file
    suffix = splitext(file.address)[1]
    stem, typed = splitext(attachment.name)
    known = typed.lower() in FILE_SUFFIXES  # "附件1.报名表" has a full stop and no suffix
    name = attachment.name if typed.lower() == suffix else (stem if known else attachment.name) + suffix
    size = readable_size(file.size) if isinstance(file, Download) else f"{file.width}×{file.height}"
    return AttachmentView(name, file.address, suffix[1:].upper(), size)


def readable_size(size: int) -> str:
    """A number of bytes for people: `820 B`, `128 KB`, `2.4 MB`."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1000 else f"{size / 1024 / 1024:.1f} MB"


def body_html(body: Body, targets: tuple[Target, ...], root: str) -> Markup:
    """The body with every reference answered, for a page whose prefix is `root`."""
    answers = [_attributes(*pair, root) for pair in zip(body.references, targets, strict=True)]
    photos = [index for index, reference in enumerate(body.references) if reference.tag == "img"]
    for index in photos[1:]:  # the first may be on screen at once; the others load when they come near
        answers[index] += ' loading="lazy"'
    html = "".join([chunk if isinstance(chunk, str) else answers[chunk] for chunk in body.chunks])
    return Markup(_EMPTY_TAG.sub(_alt_text, html) if _NOTHING in html else html)


_NOTHING = " \x02"
"""Stands in a tag that means nothing without its address: a character that no page holds."""
_EMPTY_TAG = re.compile(r"<[a-z]+((?: [^\s=\">\x02]+(?:=\"[^\"]*\")?)*) \x02((?: [^\s=\">]+(?:=\"[^\"]*\")?)*)>")
_ALT = re.compile(r" alt=\"([^\"]*)\"")


def _alt_text(tag: re.Match[str]) -> str:
    """What stands in place of a picture that is no more: its alt text, unless that is its caption as well."""
    alt = _ALT.search(tag[1] + tag[2])
    has_caption = tag.string.startswith("<figcaption>", tag.end())
    return escape(unescape(alt[1]), quote=False) if alt and not has_caption else ""


def _attributes(reference: Reference, target: Target, root: str) -> str:
    """The attributes that stand for a reference, with the space before them; "" unlinks it, _NOTHING takes it away."""
    if target is None:
        return _NOTHING if reference.tag in ("img", "source", "track") else ""
    address = target if isinstance(target, str) else target.address
    text = f' {reference.attribute}="{escape(at(address, root))}"'
    if reference.tag == "img" and isinstance(target, Picture):
        text += f' width="{target.width}" height="{target.height}"'
    return text


# ---------------------------------------------------------------- lists


def _section(path: str, values: Values) -> dict[str, object]:
    section: Section = values["section"]
    place = place_of(values["frame"], values["column"])
    frame = place.frame
    below, years, branches = values["links"]
    description = section.matter.description or f"{section.title}，{frame.organization}{frame.title}"
    subject = Subject("section", path, absolute(frame.url, path), section.title, description)
    intro = None
    if "body" in values and values["body"].chunks:
        intro = body_html(values["body"], section.targets, root_of(path))
    listing = Listing(
        section.title,
        section.matter.description,
        intro,
        values.get("pinned", ()),
        values["cards"],
        values["pager"],
        section.matter.list_kind == "thumbnails",
        below,
        years,
        branches,
    )
    entry = path if path == section.index else None
    return {**_page(subject, place, trail_of(frame, place.ends), place.feed, entry), "list": listing}


def _list(path: str, values: Values) -> dict[str, object]:
    """A list of a tag, a branch or a year, or the index of them (`terms`)."""
    kind, label, name = values["title"]
    heading = f"{label}：{name}" if name else label
    place = place_of(values["frame"])
    links = (NamedLink(label, ""), NamedLink(name, path)) if name else (NamedLink(label, path),)
    subject = Subject(kind, path, absolute(place.frame.url, path), heading, f"{place.frame.title}{heading}")
    listing = Listing(
        heading,
        None,
        None,
        (),
        values.get("cards", ()),
        values.get("pager"),
        False,
        (),
        (),
        (),
        values.get("terms", ()),
    )
    return {**_page(subject, place, trail_of(place.frame, (*place.ends, *links))), "list": listing}


def _sitemap(path: str, values: Values) -> dict[str, object]:
    url, parts, urls = values["sitemap"]
    located = tuple((absolute(url, address), changed) for address, changed in urls)
    return {"sitemap": Sitemap(tuple(absolute(url, name) for name in parts), located)}


BUILDERS: Mapping[str, Callable[[str, Values], dict[str, object]]] = {
    "home": _home,
    "section": _section,
    "article": _article,
    "page": _article,
    "list": _list,
    "404": _not_found,
    "feed": lambda path, values: {"feed": values["feed"]},
    "sitemap": _sitemap,
}
