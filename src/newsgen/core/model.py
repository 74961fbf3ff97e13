"""Records that flow between the stages. All are frozen; a stage returns new ones.

They are made, compared, stored and sent to other processes by the ten thousand, so they are msgspec structs: 0.1 µs to
make (a frozen dataclass: 1.5 µs), 1 µs to decode from bytes, which also checks the types.

Paths inside a site are POSIX strings relative to the site root (`content/hyjl/a.md`).
Addresses are POSIX strings relative to the output folder (`hyjl/2024/0313-a.html`),
or absolute URLs for what lives elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from typing import Literal

import msgspec
import msgspec.structs

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone without summer time since 1991; a fixed offset needs no tz database."""

FileStep = Callable[[str], None]
"""Is called after each item of a work, with the path of the file that it was about."""
Progress = Callable[[str, int], AbstractContextManager[FileStep]]
"""A progress display: given an activity (Chinese) and a number of items, a context whose value is called after each."""

Severity = Literal["error", "warning", "info"]
SEVERITIES: Mapping[Severity, str] = {"error": "错误", "warning": "提醒", "info": "说明"}
"""The severities in words for people."""
ArticleKind = Literal["news", "notice", "announcement", "reprint", "page"]
"""The values of `kind:` in front matter: 新闻, 通知, 公示, 转载, page."""


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A frozen record. It is encoded as the list of its fields, so that with a new field `store.FORMAT` must be raised.

    `gc=False`: records hold only values, so that they form no cycles that the garbage collector would have to find.
    """


changed = msgspec.structs.replace
"""A copy of a record with some fields changed: `changed(matter, date=None)`."""
as_dict = msgspec.structs.asdict
"""The fields of a record by name."""
field = msgspec.field
"""A field with a default that is made for each record: `field(default_factory=dict)`."""


# ---------------------------------------------------------------- diagnostics


class Diagnostic(Record, tag="diagnostic", frozen=True):
    """A diagnostic about one place: `message` says what is wrong, `hint` what to type instead (both Chinese).

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


class Markdown(Record, frozen=True):
    """The settings `markdown:` of site.yaml: whether one Enter makes a paragraph, as in Word, or Markdown's rule holds.

    `url` is the site's own address, by which links to its own pages are recognised ("": there are none).
    """

    paragraphs: Literal["chinese", "standard"] = "chinese"
    url: str = ""


class Located(Record, frozen=True):
    """A text from front matter with its place, to be checked later against other files."""

    text: str
    line: int
    column: int


class Moment(Record, frozen=True):
    """A day or a minute in China; a day is its midnight. Moments in order of time are `minute`s in order of text.

    `minute` is `2024-03-13 00:00`: the form of PubDate in 国办发〔2017〕47号.
    """

    minute: str
    to_the_minute: bool

    @classmethod
    def of(cls, at: datetime, to_the_minute: bool) -> Moment:
        """The moment of an aware `at`; seconds are dropped."""
        return cls(at.astimezone(SHANGHAI).isoformat(" ", "minutes")[:16], to_the_minute)

    @property
    def at(self) -> datetime:
        """The aware datetime (Asia/Shanghai)."""
        return datetime.fromisoformat(self.minute).replace(tzinfo=SHANGHAI)

    @property
    def day(self) -> str:
        """`2024-03-13`."""
        return self.minute[:10]

    @property
    def shown(self) -> str:
        """The day, or the minute where it was given: `2024-03-13`, `2024-03-13 15:00`."""
        return self.minute if self.to_the_minute else self.day

    @property
    def iso(self) -> str:
        """`2024-03-13T00:00:00+08:00`: RFC 3339, for Atom, JSON-LD and sitemaps."""
        return f"{self.minute[:10]}T{self.minute[11:]}:00+08:00"


class AttachmentEntry(Record, frozen=True):
    """One line of `attachments:`; `name` is shown to readers, None: the file's own name."""

    file: Located
    name: str | None


class Review(Record, frozen=True):
    """One signed stage of 三审三校, or one name alone, as typed under `reviews:`; None where a field was not given."""

    stage: str | None
    name: str
    time: str | None
    number: str | None
    digest: str | None


Verdict = Literal["approve", "reject", "revoke"]


class Decision(Record, frozen=True):
    """One entry of `approvals:`, written by `newsgen approve`, `reject` or `revoke`.

    `digest` is that of the version decided on (ApprovalText in content/approval.py), `time` as in Moment.minute. `stage` is
    None for a revocation. `proof` is the SSH signature over all else, None where the person has no key. `line` is its place.
    """

    verdict: Verdict
    stage: str | None
    name: str
    time: str
    digest: str
    note: str | None = None
    number: str | None = None
    proof: str | None = None
    line: int = 1


class FrontMatter(Record, tag="article", frozen=True):
    """The front matter of a report or standing page, typed once.

    Texts are stripped and never empty: an absent value is None or an empty tuple.
    `unchecked` are the codes of rules that do not hold for this text. `lines` tells at which line of the file each canonical
    key stood.
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
    focus: str | None = None  # the place of the cover that no frame cuts off: top, top-left, center …
    pinned: bool = False
    pinned_until: Moment | None = None  # the first moment after the last pinned day; None: no end
    draft: bool = False
    publish_at: Moment | None = None
    expires: Moment | None = None
    slug: Located | None = None
    aliases: tuple[Located, ...] = ()
    redirect: str | None = None
    attachments: tuple[AttachmentEntry, ...] = ()
    signature: str | None = None
    reviews: tuple[Review, ...] = ()
    approvals: tuple[Decision, ...] = ()
    views_base: int | None = None
    unchecked: tuple[Located, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()

    def line(self, key: str) -> int:
        """The line at which `key` stands, or 1 where it was not typed."""
        return next((line for name, line in self.lines if name == key), 1)


class SectionMatter(Record, tag="section", frozen=True):
    """The front matter of `_index.md`. Sections sort by weight (small first), then by path."""

    title: str
    weight: int = 1000
    description: str | None = None
    keywords: tuple[str, ...] = ()
    menu: bool = True
    list_kind: Literal["titles", "thumbnails"] = "titles"


class Reference(Record, frozen=True):
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


class Heading(Record, frozen=True):
    """A heading of a body; `level` is 1 to 6 as in HTML."""

    level: int
    id: str
    text: str


class Body(Record, frozen=True):
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


class BodySummary(Record, frozen=True):
    """A summary of a body, for all but the page of its own file.

    `lead` is the beginning of the plain text, as much as a summary needs; `body` is the digest of all of it without
    blanks ("" where there is none), by which copies are found; `is_empty`: there is no text.
    """

    references: tuple[Reference, ...] = ()
    ids: frozenset[str] = frozenset()
    lead: str = ""
    signature: str | None = None
    is_empty: bool = True
    body: str = ""


LEAD = 101
"""Characters of text in a BodySummary: one more than a summary shows, so that it's known whether there is more."""


class Document(Record, tag="document", frozen=True):
    """One file of content/, parsed: a pure function of its bytes and the `markdown:` settings.

    `matter` and `body_summary` are None where errors left nothing to use. `digest` is that of the bytes and settings;
    the Body is stored apart under it, since only the page of the file itself needs it. `metadata_digest` covers what
    the rest of the site depends on; `lead_digest` what few other pages show: the beginning of the text, and the places
    of links. An edit of running text changes neither, or `lead_digest` alone. `content` is the digest of what reviewers
    approve, without photos and attachments ("": this is no article).
    """

    digest: str
    metadata_digest: str
    lead_digest: str
    matter: FrontMatter | SectionMatter | None
    body_summary: BodySummary | None
    diagnostics: tuple[Diagnostic, ...] = ()
    content: str = ""

    @property
    def body(self) -> str:
        """The digest of the text, as in BodySummary."""
        return self.body_summary.body if self.body_summary else ""


# ---------------------------------------------------------------- files that reports name


PictureKind = Literal["photo", "drawing", "moving"]
"""How a picture is coded: photos with losses, drawings and what is transparent without, animations as such."""


class Picture(Record, tag="picture", frozen=True):
    """A picture as it will be published: upright, at most 2000 pixels wide, no metadata.

    `digest` is of the original bytes; address, width and height are those of its largest file. `widths` are those in
    which a text shows it (core/variants.py), none before the settings are known.
    """

    path: str
    digest: str
    address: str
    width: int
    height: int
    kind: PictureKind = "photo"
    widths: tuple[int, ...] = ()
    pages: int = 1  # of a scan; the first is shown


class Variant(Record, tag="variant", frozen=True):
    """One file of a picture: its address and size in pixels."""

    address: str
    width: int
    height: int


class PictureFile(Record, tag="picture-file", frozen=True):
    """A file to make of a picture. `others` are those that are made of it as well, while it is decoded."""

    picture: Picture
    variant: Variant
    others: tuple[Variant, ...] = ()


class Download(Record, tag="download", frozen=True):
    """A file that is published as it is, or without the names of those who wrote it: an attachment, a video.

    `digest` is of the original bytes. `clean`: names were to be taken out; then `cleaned` is the digest of the bytes without
    them ("": there are none), or `left` why the file stays as it is: "signed", "large" or "unclear". `size` in bytes and
    the address are those of what is published. `asked`: ffmpeg was asked for the first frame of a video; `poster` is the
    file of that frame, None where there is none.
    """

    path: str
    digest: str
    address: str
    size: int
    clean: bool = False
    cleaned: str = ""
    left: str = ""
    asked: bool = False
    poster: Variant | None = None

    @property
    def published(self) -> str:
        """The digest of the bytes that are published."""
        return self.cleaned or self.digest


class PosterFile(Record, tag="poster-file", frozen=True):
    """The first frame of a video, as a file to make."""

    video: Download


# ---------------------------------------------------------------- outputs


PartInputs = tuple[tuple[str, str], ...]
"""Inputs by name, with their digests."""


BODY_PART = "body"
"""The name of the part that is a file's text. It is the last part, and can change without a new plan."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """One named part of an output. Parts with equal digests give the same output.

    `inputs` are the files and settings that the part is made of, each with its own digest. `newsgen why` shows them;
    they play no role in what is stale.
    """

    name: str
    digest: str
    value: object
    inputs: PartInputs = ()


class Output(msgspec.Struct, frozen=True, gc=False):
    """One file of the built site. Its fingerprint is a digest of kind, path, parts and the environment.

    `fingerprint_without_body` is the same without BODY_PART; where there is no such part, it is the fingerprint itself.
    """

    path: str
    kind: str
    parts: tuple[Part, ...]
    fingerprint_without_body: str
    fingerprint: str

    @property
    def source(self) -> str | None:
        """The path of the file whose text it shows; None where it shows none."""
        last = self.parts[-1] if self.parts else None
        return last.inputs[0][0] if last and last.name == BODY_PART else None

    def values(self) -> dict[str, object]:
        """The values of the parts by name: all that a view is made of."""
        return {part.name: part.value for part in self.parts}
