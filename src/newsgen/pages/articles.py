"""The pages of articles, and standing pages (关于我们 and its like)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from newsgen.core.digest import digest
from newsgen.core.model import FrontMatter, Output, Part
from newsgen.core.urls import absolute, at, root_of, term_prefix
from newsgen.pages.attachments import attachment_view
from newsgen.pages.body import body_html
from newsgen.pages.cards import last_change, summary
from newsgen.pages.context import PlanContext, SharedCard, inputs_of, part, text_part
from newsgen.pages.metadata import PageSubject, breadcrumb_of, minute, page_names, place_of
from newsgen.pages.page_kind import BATCH, PageKind, Values
from newsgen.pages.qrcode import qr_image
from newsgen.pages.views import ArticleView, Frame, NamedLink
from newsgen.site.model import Article


def article_part(article: Article) -> Part:
    """The article with everything that its own page shows, but its text and its address, which is that of the page."""
    original = article.matter.original
    if not (article.targets or article.cover or article.attachments or original):
        return Part("article", article.metadata_digest, article, ((article.path, article.metadata_digest),))
    shown = (article.metadata_digest, article.targets, article.cover, article.attachments, original)
    files = (article.cover, *(attachment.file for attachment in article.attachments))
    return Part(
        "article", digest(shown), article, inputs_of(article.path, article.metadata_digest, article.targets, files)
    )


def articles(plan_context: PlanContext) -> Iterator[Output]:
    """Every article at its own address, with its neighbours in the section."""
    lines: dict[str, list[tuple[Article, SharedCard]]] = {}
    for article, row in zip(plan_context.site.articles, plan_context.list_cards, strict=True):
        if not article.matter.redirect:
            lines.setdefault(article.section, []).append((article, row))
    for section, line in lines.items():
        column = plan_context.section_parts[section]
        older = [_neighbour("older", None), *(_neighbour("older", row) for _, row in line)]
        newer = [*(_neighbour("newer", row) for _, row in line[1:]), _neighbour("newer", None)]
        for (article, _), before, after in zip(line, older, newer, strict=False):
            views, text = _view_count(plan_context, article), text_part(article.digest, article.ref)
            own = article_part(article), column, before, after, *views, text
            yield plan_context.page(article.address, "article", "article.html", *own)


def _view_count(plan_context: PlanContext, article: Article) -> tuple[Part, ...]:
    """The part that counts a page's readers; none where no count is known."""
    counts = plan_context.config.counts
    total = counts.total(article.address, article.matter.views_base) if counts.numbers else None
    return (part("views", total, ((counts.name, str(total)),)),) if total else ()


def _neighbour(name: str, shared_card: SharedCard | None) -> Part:
    return (
        Part(name, shared_card.digest, shared_card.card, ((shared_card.path, shared_card.digest),))
        if shared_card
        else Part(name, "", None)
    )


def standing_pages(plan_context: PlanContext) -> Iterator[Output]:
    """关于我们 and its like: neither date nor neighbours."""
    for page in plan_context.site.pages:
        if not page.matter.redirect:
            column = plan_context.section_parts[page.section]
            own = article_part(page), column, *_view_count(plan_context, page), text_part(page.digest, page.ref)
            yield plan_context.page(page.address, "page", "page.html", *own)


# ---------------------------------------------------------------- views


def _view(path: str, values: Values) -> dict[str, object]:
    article: Article = values["article"]
    place = place_of(values["frame"], values["column"])
    frame, matter = place.frame, article.matter
    published = matter.date.iso if matter.date else ""
    subject = PageSubject(
        kind="article" if "older" in values else "page",
        address=path,
        canonical=absolute(frame.url, path),
        heading=matter.title,
        description=summary(article) or matter.title,
        article=article,
        published=published,
        modified=last_change(matter).iso if matter.updated and matter.date else published,
        image=absolute(frame.url, article.cover.address) if article.cover else "",
    )
    trail = place.text if published else breadcrumb_of(frame, (*place.ends, NamedLink(matter.title, "")))
    names = page_names(subject, place, trail, place.feed)
    return {**names, "article": _article_view(article, subject, frame, values)}


def _article_view(article: Article, subject: PageSubject, frame: Frame, values: Values) -> ArticleView:
    matter, published = article.matter, subject.published
    date = minute(published) if matter.date and matter.date.to_the_minute else published[:10]
    return ArticleView(
        title=matter.title,
        subtitle=matter.subtitle,
        kind=matter.kind,
        author="、".join(matter.author) or None,
        source=matter.source or frame.source,
        date=date or None,
        date_iso=published or None,
        updated=matter.updated.day if matter.updated else None,
        views=values.get("views"),
        expires=matter.expires.day if matter.expires else None,
        period=period_of(matter),
        original=matter.original and at(matter.original, root_of(article.address)),
        body=body_html(values["body"], article.targets, root_of(article.address), frame.url),
        signature=matter.signature or article.body_summary.signature,
        credits=_credits(article, frame),
        attachments=tuple(attachment_view(item.name, item.file) for item in article.attachments),
        tags=tuple([NamedLink(name, f"{term_prefix('tags', name)}index.html") for name in matter.tags]),
        branches=tuple([NamedLink(name, f"{term_prefix('branches', name)}index.html") for name in matter.branch]),
        previous=values.get("older"),
        next=values.get("newer"),
        draft=matter.draft,
        qr=qr_image(subject.canonical) if frame.qr else None,
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


_PARTS = {
    "article": "文章的标题、日期等信息，或它的图片、附件、链接",
    "views": "浏览次数",
    "older": "上一篇",
    "newer": "下一篇",
}
ARTICLE = PageKind("article", articles, _view, ("article.html",), _PARTS, shows_article=True, batch=BATCH)
STANDING_PAGE = PageKind("page", standing_pages, _view, ("page.html",), _PARTS, shows_article=True, batch=BATCH)
