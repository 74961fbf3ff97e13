"""Site -> Outputs. Every output is made of named parts; what is not among its parts, it cannot show.

Parts hold frozen values with their digests. A fingerprint is the digest of kind, parts and environment, so an output
is stale exactly when something that it shows, or the code and templates that show it, have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from newsgen import cards
from newsgen.assets import GREYSCALE, GREYSCALE_ADDRESS, Asset
from newsgen.config import Config
from newsgen.errors import ContentError
from newsgen.fingerprint import digest
from newsgen.frame import frame_of, trail_to
from newsgen.model import Diagnostic, Download, Output, Part, Picture
from newsgen.paging import paginate
from newsgen.redirects import moved_page, server_rules
from newsgen.site import Article, Section, Site
from newsgen.urls import absolute, term_prefix
from newsgen.views import Block, Card, Feed, Home, NamedLink, Sitemap

FEED_LENGTH = 20
TERM_KINDS = {"tags": "标签", "branches": "支部"}
EPOCH = "1970-01-01T00:00:00+08:00"


@dataclass(frozen=True)
class Ground:
    """What every plan stands on. `template_part` gives the part of a template with all it can reach."""

    site: Site
    config: Config
    assets: Mapping[str, Asset]
    template_part: Callable[[str], Part]
    environment: str
    greyscale: bool

    @cached_property
    def frame(self) -> Part:
        """What all pages share."""
        return part("frame", frame_of(self.site, self.config, self.assets))

    @cached_property
    def years(self) -> tuple[NamedLink, ...]:
        """The year archives, newest first."""
        found = sorted({_year(article) for article in self.site.articles}, reverse=True)
        return tuple(NamedLink(f"{year}年", f"archive/{year}/index.html") for year in found)

    @cached_property
    def branches(self) -> tuple[NamedLink, ...]:
        """The pages of branches, by name."""
        return term_links("branches", {name for article in self.site.articles for name in article.matter.branch})

    def row(self, article: Article) -> Card:
        """The article as a line of a list."""
        return cards.row(article, self.site.sections[article.section].title)

    def card(self, article: Article) -> Card:
        """The article with summary and cover."""
        return cards.card(article, self.site.sections[article.section].title)

    def output(self, path: str, kind: str, *parts: Part) -> Output:
        """An output with its fingerprint."""
        names = [(item.name, item.digest) for item in parts]
        return Output(path, kind, parts, digest(kind, path, names, self.environment))

    def page(self, path: str, kind: str, template: str, *parts: Part) -> Output:
        """An output that a template renders inside the frame."""
        return self.output(path, kind, self.template_part(template), self.frame, *parts)


def part(name: str, value: object) -> Part:
    """A part whose value is all that counts."""
    return Part(name, digest(value), value)


def plan(ground: Ground) -> tuple[Output, ...]:
    """All outputs of the site, by path. Raises ContentError where two would take one path."""
    outputs = [output for stage in STAGES for output in stage(ground)]
    faults = list(_clashes(outputs))
    if faults:
        raise ContentError(faults)
    return tuple(sorted(outputs, key=lambda output: output.path))


def _clashes(outputs: Iterable[Output]) -> Iterator[Diagnostic]:
    """Outputs at one path, or at a path that another needs as a folder."""
    owners: dict[str, Output] = {}
    for output in outputs:
        other = owners.setdefault(output.path.lower(), output)
        if other is not output:
            yield _clash(output, other)
    for path, output in owners.items():
        folders = [path[:index] for index, letter in enumerate(path) if letter == "/"]
        yield from (_clash(owners[folder], output) for folder in folders if folder in owners)


def _clash(output: Output, other: Output) -> Diagnostic:
    sources = {_source_of(output), _source_of(other)} - {""}
    message = f"两样东西要用同一个网址 {output.path}：{output.kind} 和 {other.kind}"
    return Diagnostic(
        "address.clash", "error", message, "给文章换一个 slug、旧地址，或给文件夹改名", min(sources, default="content")
    )


def _source_of(output: Output) -> str:
    article = output.values().get("article") or output.values().get("section")
    return article.path if isinstance(article, Article) else ""


# ---------------------------------------------------------------- articles and standing pages


def article_part(article: Article) -> Part:
    """The article with everything that its own page shows."""
    shown = (article.digest, article.address, article.targets, article.cover, article.attachments)
    return Part("article", digest(shown), article)


def _articles(ground: Ground) -> Iterator[Output]:
    own = [article for article in ground.site.articles if not article.matter.redirect]
    lines: dict[str, list[Article]] = {}
    for article in own:
        lines.setdefault(article.section, []).append(article)
    for section, line in lines.items():
        column = _column(ground, section)
        rows = [part("older", None), *(part("older", ground.row(article)) for article in line), part("newer", None)]
        for index, article in enumerate(line):
            newer = Part("newer", rows[index + 2].digest, rows[index + 2].value)
            yield ground.page(
                article.address, "article", "article.html", article_part(article), column, rows[index], newer
            )


def _pages(ground: Ground) -> Iterator[Output]:
    for page in ground.site.pages:
        if not page.matter.redirect:
            column = _column(ground, page.section)
            yield ground.page(page.address, "page", "page.html", article_part(page), column)


def _column(ground: Ground, path: str) -> Part:
    """What a page shows of the section it lies in: breadcrumb and the Column… tags."""
    section = ground.site.sections[path]
    shown = (trail_to(ground.site, section), section.title, section.path, section.prefix, section.matter)
    return Part("column", digest(shown), (shown[0], section))


# ---------------------------------------------------------------- home and lists


def _home(ground: Ground) -> Iterator[Output]:
    yield ground.page("index.html", "home", "home.html", part("home", _home_view(ground)))


def _home_view(ground: Ground) -> Home:
    site, front = ground.site, ground.config.front
    newest = sorted(site.articles[::-1], key=lambda article: not article.pinned)
    slides = [article for article in newest if article.cover][: front.slides]
    news = [article for article in newest if article.matter.kind not in ("notice", "announcement")] or newest
    special = {front.strip, front.gallery}
    chosen = front.blocks or [
        path for path, section in site.sections.items() if _is_top(section) and path not in special
    ]
    return Home(
        tuple(map(ground.card, slides)),
        ground.card(news[0]) if news and front.headlines else None,
        tuple(map(ground.row, news[1 : front.headlines])),
        tuple(block for path in chosen if (block := _block(ground, path, ground.row)).cards),
        _block(ground, front.strip, ground.card) if front.strip else None,
        _block(ground, front.gallery, ground.card) if front.gallery else None,
        ground.years,
    )


def _is_top(section: Section) -> bool:
    return bool(section.path) and "/" not in section.path and section.matter.menu


def _block(ground: Ground, path: str, show: Callable[[Article], Card]) -> Block:
    section = ground.site.sections[path]
    newest = ground.site.under(path)[: -ground.config.front.rows - 1 : -1]
    return Block(section.title, section.index, path, tuple(map(show, newest)))


def _sections(ground: Ground) -> Iterator[Output]:
    for section in ground.site.sections.values():
        if section.path:
            yield from _section_pages(ground, section)


def _section_pages(ground: Ground, section: Section) -> Iterator[Output]:
    site, articles = ground.site, ground.site.under(section.path)
    show = ground.card if section.matter.list_kind == "thumbnails" else ground.row
    column = _column(ground, section.path)
    intro = Part("section", digest(section.digest, section.targets), section)
    below = tuple(NamedLink(s.title, s.index) for s in site.sections.values() if s.trail[-1:] == (section.path,))
    links = part("links", (below, ground.years, ground.branches))
    none = part("links", (below, (), ()))
    pinned = part("pinned", tuple(show(article) for article in reversed(articles) if article.pinned))
    for page in paginate(section.prefix, articles):
        parts = part("cards", tuple(map(show, page.items))), part("pager", page.pager)
        extra = (intro, links, pinned) if page.is_newest else (intro, none)
        yield ground.page(page.address, "section", "section.html", column, *parts, *extra)


def _terms(ground: Ground) -> Iterator[Output]:
    """The lists of tags and of branches, and an index of each."""
    for kind, label in TERM_KINDS.items():
        found = _by_term(ground.site, kind)
        for name, articles in found.items():
            title = part("title", (kind, label, name))
            yield from _list_pages(ground, "tag.html", term_prefix(kind, name), title, articles)
        yield from _term_index(ground, "tag.html", kind, part("title", (kind, label, "")), found)


def _archives(ground: Ground) -> Iterator[Output]:
    years: dict[str, list[Article]] = {}
    for article in ground.site.articles:
        years.setdefault(_year(article), []).append(article)
    for year, articles in years.items():
        title = part("title", ("archive", "归档", f"{year}年"))
        yield from _list_pages(ground, "archive.html", f"archive/{year}/", title, articles)
    yield from _term_index(ground, "archive.html", "archive", part("title", ("archive", "归档", "")), years)


def _list_pages(ground: Ground, template: str, prefix: str, title: Part, articles: list[Article]) -> Iterator[Output]:
    for page in paginate(prefix, articles):
        parts = part("cards", tuple(map(ground.row, page.items))), part("pager", page.pager)
        yield ground.page(page.address, "list", template, title, *parts)


def _term_index(
    ground: Ground, template: str, kind: str, title: Part, found: Mapping[str, list[Article]]
) -> Iterator[Output]:
    """`tags/index.html` and its like; a section whose folder has that name keeps the address."""
    path = f"{kind}/index.html"
    if found and path not in {section.index for section in ground.site.sections.values()}:
        links = ground.years if kind == "archive" else term_links(kind, found)
        counts = sorted(found, reverse=True) if kind == "archive" else sorted(found)
        terms = tuple((link, len(found[name])) for link, name in zip(links, counts, strict=True))
        yield ground.page(path, "list", template, title, part("terms", terms))


def _by_term(site: Site, kind: str) -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = {}
    for article in site.articles:
        for name in dict.fromkeys(article.matter.tags if kind == "tags" else article.matter.branch):
            found.setdefault(name, []).append(article)
    return found


def term_links(kind: str, names: Iterable[str]) -> tuple[NamedLink, ...]:
    """Links to the pages of tags or branches, by name."""
    return tuple(NamedLink(name, f"{term_prefix(kind, name)}index.html") for name in sorted(names))


def _year(article: Article) -> str:
    assert article.matter.date is not None, "only dated articles stand in lists"
    return f"{article.matter.date.at:%Y}"


# ---------------------------------------------------------------- for machines


def _feeds(ground: Ground) -> Iterator[Output]:
    for section in ground.site.sections.values():
        newest = ground.site.under(section.path)[: -FEED_LENGTH - 1 : -1]
        feed = part("feed", _feed(ground, section, newest))
        yield ground.output(f"{section.prefix}feed.xml", "feed", ground.template_part("feed.xml"), feed)


def _feed(ground: Ground, section: Section, newest: Iterable[Article]) -> Feed:
    config = ground.config
    entries = tuple(cards.entry(article, config.url, config.organization) for article in newest)
    names = [section.title, config.title] if section.path else [config.title]
    return Feed(
        " - ".join([*names, config.organization]),
        section.matter.description or config.description,
        absolute(config.url, f"{section.prefix}feed.xml"),
        absolute(config.url, f"{section.prefix}feed.xml"),
        absolute(config.url, section.index),
        max((entry.updated for entry in entries), default=EPOCH),
        config.organization,
        entries,
    )


def _sitemaps(ground: Ground) -> Iterator[Output]:
    url = ground.config.url
    years: dict[str, list[tuple[str, str | None]]] = {}
    for article in ground.site.articles:
        if not article.matter.redirect:
            changed = cards.last_change(article.matter)
            years.setdefault(_year(article), []).append((absolute(url, article.address), changed))
    indexes = [section.index for section in ground.site.sections.values()]
    standing = [page.address for page in ground.site.pages if not page.matter.redirect]
    lasting: list[tuple[str, str | None]] = [(absolute(url, address), None) for address in (*indexes, *standing)]
    maps = {"pages": lasting, **years}
    template = ground.template_part("sitemap.xml")
    for name, urls in maps.items():
        yield ground.output(f"sitemap-{name}.xml", "sitemap", template, part("sitemap", Sitemap((), tuple(urls))))
    parts = tuple(absolute(url, f"sitemap-{name}.xml") for name in maps)
    yield ground.output("sitemap.xml", "sitemap", template, part("sitemap", Sitemap(parts, ())))


def _texts(ground: Ground) -> Iterator[Output]:
    """robots.txt, the pages and server rules for old addresses, 404.html."""
    robots = f"User-agent: *\nAllow: /\nSitemap: {absolute(ground.config.url, 'sitemap.xml')}\n"
    yield ground.output("robots.txt", "text", part("text", robots))
    yield ground.page("404.html", "404", "404.html")
    everything = (*ground.site.articles, *ground.site.pages)
    for article in everything:
        for alias in article.matter.aliases:
            if not alias.text.startswith("/"):
                path = alias.text + ("index.html" if alias.text.endswith("/") else "")
                page = moved_page(path, cards.destination(article), article.matter.title, ground.config.url)
                yield ground.output(path, "alias", part("text", page))
    for path, text in server_rules(everything, ground.config.url).items():
        yield ground.output(path, "text", part("text", text))


# ---------------------------------------------------------------- files


def _files(ground: Ground) -> Iterator[Output]:
    for asset in ground.assets.values():
        if asset.name != GREYSCALE:
            yield ground.output(asset.address, "asset", Part("bytes", asset.digest, asset.data))
    grey = ground.assets.get(GREYSCALE)
    data = grey.data if grey and ground.greyscale else b""
    yield ground.output(GREYSCALE_ADDRESS, "asset", part("bytes", data))
    for file in ground.site.media:
        yield ground.output(file.address, "picture" if isinstance(file, Picture) else "download", _file_part(file))


def _file_part(file: Picture | Download) -> Part:
    """Equal bytes under two names are one file: the path doesn't count."""
    return Part("file", digest(file.digest, file.address), file)


STAGES: tuple[Callable[[Ground], Iterator[Output]], ...] = (
    _home,
    _sections,
    _articles,
    _pages,
    _terms,
    _archives,
    _feeds,
    _sitemaps,
    _texts,
    _files,
)
