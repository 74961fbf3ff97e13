"""Views: the frozen values that templates see. docs/themes.md describes them for theme makers.

Every page template gets three names: `site` (a Frame), `page` (a Page) and `root`, the prefix that leads from the page
to the output folder; and one more for its content: `home`, `list`, `article` or (404.html) nothing.
An address becomes a link with the filter `at`: `<a href="{{ card.address | at(root) }}">`.
Texts are plain (autoescaped); only `article.body`, `list.intro` and `page.json_ld` are markup.
"""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from newsgen.config.model import FooterText
from newsgen.core.model import Variant


class View(msgspec.Struct, frozen=True, gc=False):
    """The type of all that a template sees: a frozen value with public fields and nothing else that has a public name.

    Made by msgspec, because every page needs some: 0.1 µs for twenty fields, where a frozen dataclass takes 1.8.
    Without garbage collection, as frozen values hold no rings.
    """


class NamedLink(View, frozen=True):
    """A text that leads somewhere; `current` marks the place where the reader is."""

    text: str
    address: str
    current: bool = False


class MenuItem(View, frozen=True):
    """A section in menus; `path` is its folder below content/, `shown` whether the main navigation holds it."""

    text: str
    address: str
    path: str
    shown: bool
    children: tuple[MenuItem, ...] = ()


class Frame(View, frozen=True, eq=False):
    """The frame that all pages share: names, menu, footer, the addresses of the theme's files."""

    title: str
    organization: str
    home: str
    url: str
    source: str  # 来源 of articles that name none
    description: str | None
    keywords: tuple[str, ...]
    emblem: str | None  # address of the emblem picture
    menu: tuple[MenuItem, ...]  # top-level sections, by weight
    pages: tuple[NamedLink, ...]  # standing pages of the site itself, for the footer
    links: tuple[NamedLink, ...]  # 友情链接
    footer: FooterText
    assets: tuple[tuple[str, str], ...]  # theme file -> address
    site_id_code: str | None
    feed: str
    qr: bool  # whether articles carry a QR code
    labels: tuple[tuple[str, str], ...]  # credits' labels by front-matter key

    def asset(self, name: str) -> str:
        """The address of the theme file `name` (`style.css`); KeyError where the theme has none."""
        return dict(self.assets)[name]

    def top_of(self, section: str | None) -> MenuItem | None:
        """The top-level entry of the menu that a section lies in; None for the site itself, and outside of all sections."""
        path = (section or "").partition("/")[0]
        return next((item for item in self.menu if item.path == path), None)


class Cover(View, frozen=True):
    """The photo of an article as a list shows it. `address`, `width` and `height` are those of its largest file; `webp` are
    smaller ones for a srcset, `fallback` the one for browsers without WebP. `ground` is a tiny one to fill the rest of a frame.
    `focus` is the place that stays where the photo is cut to fill the frame: top, top-left, center …; None: it is not cut.
    """

    address: str
    width: int
    height: int
    webp: tuple[Variant, ...]
    fallback: Variant
    ground: Variant | None
    focus: str | None


class Card(View, frozen=True):
    """An article as others show it. `summary` and `cover` are None on rows that show titles only."""

    title: str
    short_title: str  # the title where none was given
    address: str
    external: bool  # leads to another site (`redirect:`)
    date: str  # 2024-03-13
    kind: str  # news, notice, announcement, reprint
    section: str  # the section's title
    pinned: bool
    summary: str | None = None
    cover: Cover | None = None

    @property
    def month_day(self) -> str:
        """`03-13`."""
        return self.date[5:]


class Page(View, frozen=True):
    """The head of a page and its breadcrumb. `section` is the path of the section the page lies in."""

    kind: str  # home, section, article, page, tag, branch, archive, 404
    address: str
    title: str  # of the window: 标题 - 党群工作 - 管理学院
    heading: str
    description: str
    keywords: tuple[str, ...]
    canonical: str
    section: str | None
    section_title: str | None
    entry: str | None  # its address, where it is the very page that an entry of the menu leads to
    breadcrumb: tuple[NamedLink, ...]  # the last one is current and may have no address ("")
    metas: tuple[tuple[str, str], ...]  # <meta name content>, 国办发〔2017〕47号
    open_graph: tuple[tuple[str, str], ...]  # <meta property content>
    json_ld: tuple[Markup, ...]
    feed: str | None  # the section's own feed


SHARED = frozenset(("kind", "section", "section_title", "entry", "breadcrumb", "feed"))
"""The fields of a Page that are the same on most pages of a section."""


class Block(View, frozen=True):
    """A section on the home page: its newest articles."""

    title: str
    address: str
    path: str
    cards: tuple[Card, ...]


class Home(View, frozen=True):
    """The home page. Every tuple may be empty, and then nothing of it appears."""

    slides: tuple[Card, ...]  # articles with a cover, pinned first
    headline: Card | None  # with summary
    headlines: tuple[Card, ...]
    blocks: tuple[Block, ...]
    strip: Block | None  # 专题, with covers
    gallery: Block | None  # photo cards of branches
    years: tuple[NamedLink, ...]


class Pager(View, frozen=True):
    """Neighbours and ends of a list page; None where there is none.

    List pages are numbered from the oldest, so `numbers` (reader's numbers, newest = 1) and `total` stand on index.html alone.
    """

    newest: str
    newer: str | None
    older: str | None
    oldest: str
    total: int | None = None
    numbers: tuple[NamedLink, ...] = ()


class Listing(View, frozen=True):
    """A list page: of a section, a tag, a branch, a year; or an index of tags, branches or years (`terms`)."""

    title: str
    description: str | None = None
    intro: Markup | None = None  # body of _index.md, on index.html
    pinned: tuple[Card, ...] = ()
    cards: tuple[Card, ...] = ()  # newest first
    pager: Pager | None = None
    thumbnails: bool = False
    children: tuple[NamedLink, ...] = ()  # sections below this one, and its standing pages
    years: tuple[NamedLink, ...] = ()
    branches: tuple[NamedLink, ...] = ()
    terms: tuple[tuple[NamedLink, int], ...] = ()  # (tag, number of articles)


class AttachmentView(View, frozen=True):
    """A file to download; `type` is its suffix in capitals (DOCX), `size` is for people: 128 KB, a photo's 2000×1333."""

    name: str
    address: str
    type: str
    size: str


class ArticleView(View, frozen=True):
    """An article or standing page. Texts are None and tuples empty where nothing was given."""

    title: str
    subtitle: str | None
    kind: str  # news, notice, announcement, reprint, page
    author: str | None  # several are joined with 、
    source: str | None
    date: str | None  # 2024-03-13, with 09:30 where a minute was given
    date_iso: str | None
    updated: str | None
    views: int | None
    expires: str | None
    period: str | None  # how long a 公示 is up: 2024年5月6日至5月10日
    original: str | None
    body: Markup
    signature: str | None
    credits: tuple[tuple[str, str], ...]  # (撰稿, 蒋羽西)
    attachments: tuple[AttachmentView, ...]
    tags: tuple[NamedLink, ...]
    branches: tuple[NamedLink, ...]
    previous: Card | None  # the older one, in the section
    next: Card | None
    draft: bool
    qr: Markup | None = None  # the address as an <img class="qr">


class Entry(View, frozen=True):
    """An article in an Atom feed; times are RFC 3339, addresses absolute."""

    title: str
    url: str
    published: str
    updated: str
    summary: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


class Feed(View, frozen=True):
    """An Atom feed (RFC 4287); `updated` is that of the newest entry."""

    title: str
    subtitle: str | None
    id: str
    self_url: str
    site_url: str
    updated: str
    author: str
    entries: tuple[Entry, ...]


class Sitemap(View, frozen=True):
    """A sitemap (sitemaps.org 0.9): an index of `parts`, or the `urls` (location, day of the last change or None)."""

    parts: tuple[str, ...]
    urls: tuple[tuple[str, str | None], ...]


VIEWS: tuple[type, ...] = (FooterText, Variant, *View.__subclasses__())
"""Every type that a template may meet, but for plain texts, numbers and tuples."""


def names_of(view: type) -> tuple[str, ...]:
    """The fields of one of VIEWS."""
    return tuple(view.__annotations__)
