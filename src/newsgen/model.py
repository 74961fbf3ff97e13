"""The values that flow between the stages. All are frozen; a stage returns new ones.

Paths inside a site are POSIX strings relative to the site root (`content/hyjl/a.md`).
Addresses are POSIX strings relative to the output folder (`hyjl/2024/0313-a.html`),
or absolute URLs for what lives elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Literal

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone without summer time since 1991; a fixed offset needs no tz database."""

Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
"""Given what is being done (Chinese) and to how many things, a context whose value is called after each."""

Severity = Literal["error", "warning", "info"]
ArticleKind = Literal["news", "notice", "announcement", "reprint", "page"]
"""新闻, 通知, 公示, 转载, page: what `kind:` says in front matter."""


# ---------------------------------------------------------------- what is said about a place


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A remark about one place: `message` says what is wrong, `hint` what to type instead (both Chinese).

    `code` is stable (`front-matter.date`). `line` and `column` count from 1, in characters.
    Parsing knows no path, so `path` is empty until the file's owner fills it in.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: str = ""
    line: int = 1
    column: int = 1


# ---------------------------------------------------------------- one parsed file


@dataclass(frozen=True, slots=True)
class Markdown:
    """`markdown:` of site.yaml: whether one Enter makes a paragraph, as in Word, or Markdown's rule holds."""

    paragraphs: Literal["chinese", "standard"] = "chinese"


@dataclass(frozen=True, slots=True)
class Located:
    """A text from front matter that is checked later, against other files, with its place."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a minute in China. `at` is aware (Asia/Shanghai); a day is its midnight."""

    at: datetime
    to_the_minute: bool

    @property
    def day(self) -> str:
        """`2024-03-13`."""
        return self.at.strftime("%Y-%m-%d")

    @property
    def minute(self) -> str:
        """`2024-03-13 00:00`: the form of PubDate in 国办发〔2017〕47号."""
        return self.at.strftime("%Y-%m-%d %H:%M")

    @property
    def iso(self) -> str:
        """`2024-03-13T00:00:00+08:00`: RFC 3339, for Atom, JSON-LD and sitemaps."""
        return self.at.isoformat()


@dataclass(frozen=True, slots=True)
class AttachmentEntry:
    """One line of `attachments:`; `name` is what readers see, None means the file's own name."""

    file: Located
    name: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """One signed stage of 三审三校 as typed under `reviews:`; None where a field was not given."""

    stage: str
    name: str
    time: str | None
    number: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a report or standing page, typed once (design 5.1).

    Texts are stripped and never empty: an absent value is None or an empty tuple.
    `lines` tells at which line of the file each canonical key stood.
    """

    title: str
    kind: ArticleKind = "news"
    subtitle: str | None = None
    short_title: str | None = None
    original: str | None = None
    author: tuple[str, ...] = ()
    source: str | None = None
    date: Moment | None = None  # None only for kind "page"
    updated: Moment | None = None
    photographer: tuple[str, ...] = ()
    editor: tuple[str, ...] = ()
    summary: str | None = None
    tags: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    cover: Located | None = None
    pinned: bool = False
    pinned_until: datetime | None = None  # the first moment after the last pinned day; None: no end
    draft: bool = False
    publish_at: Moment | None = None
    expires: Moment | None = None
    slug: Located | None = None
    aliases: tuple[Located, ...] = ()
    redirect: str | None = None
    attachments: tuple[AttachmentEntry, ...] = ()
    signature: str | None = None
    reviews: tuple[Review, ...] = ()
    views_base: int | None = None
    lines: tuple[tuple[str, int], ...] = ()

    def line(self, key: str) -> int:
        """The line at which `key` stands, or 1 where it was not typed."""
        return dict(self.lines).get(key, 1)


@dataclass(frozen=True, slots=True)
class SectionMatter:
    """The front matter of `_index.md`. Sections sort by weight (small first), then by path."""

    title: str
    weight: int = 1000
    description: str | None = None
    keywords: tuple[str, ...] = ()
    menu: bool = True
    list_kind: Literal["titles", "thumbnails"] = "titles"


@dataclass(frozen=True, slots=True)
class Reference:
    """An address inside a body that needs other files to be resolved, as typed.

    `target` is percent-decoded, with `/` for `\\`, `fragment` without `#`; `typed` is the address as it was typed.
    `attribute` is the HTML attribute that it stands in; `tag` the element.
    """

    tag: str
    attribute: Literal["href", "src", "poster"]
    target: str
    fragment: str
    line: int
    column: int
    typed: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body; `level` is 1 to 6 as in HTML."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """The HTML of one Markdown text, sanitised, with references still open.

    `chunks` alternates HTML with indexes into `references`; an index stands where the whole attribute
    goes, space included: `<a`, 0, `>text</a>` becomes `<a href="…">text</a>`.
    `text` is the plain text of the paragraphs (no headings, captions, tables, footnotes, signature).
    `signature` is the last line （管理学院 2024年3月14日） where there is one; it is not in `chunks`.
    `ids` are all element ids, so that `a.md#id` can be checked from another file.
    """

    chunks: tuple[str | int, ...]
    references: tuple[Reference, ...] = ()
    headings: tuple[Heading, ...] = ()
    ids: frozenset[str] = frozenset()
    text: str = ""
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file of content/, parsed: a pure function of its bytes and the `markdown:` settings.

    `matter` and `body` are None where errors left nothing to use. `digest` names the bytes and settings.
    """

    digest: str
    matter: FrontMatter | SectionMatter | None
    body: Body | None
    diagnostics: tuple[Diagnostic, ...] = ()


# ---------------------------------------------------------------- files that reports name


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it will be published: upright, at most 2000 pixels wide, no metadata.

    `digest` is of the original bytes; width and height are those of the published file.
    """

    path: str
    digest: str
    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is published as it is: an attachment, a video. `size` in bytes."""

    path: str
    digest: str
    address: str
    size: int


# ---------------------------------------------------------------- what is built


@dataclass(frozen=True, slots=True)
class Part:
    """One named input of an output. Equal digests mean: the output cannot tell the difference."""

    name: str
    digest: str
    value: object = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the built site. Its fingerprint is a digest of kind, parts and the environment key."""

    path: str
    kind: str
    parts: tuple[Part, ...]
    fingerprint: str

    def values(self) -> Mapping[str, object]:
        """The parts' values by name: all that a view may be made of."""
        return {part.name: part.value for part in self.parts}
