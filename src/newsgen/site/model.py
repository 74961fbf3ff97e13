"""The values of a site at one moment: articles, sections, what is public. assemble.py makes them of Content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from newsgen.content.scan import SourceRef
from newsgen.core.model import SHANGHAI, BodySummary, Diagnostic, Download, FrontMatter, Picture, Record, SectionMatter
from newsgen.site.links import Target


class Attachment(Record, frozen=True):
    """A file to download under the name that readers see."""

    name: str
    file: Picture | Download


class Article(Record, frozen=True):
    """A public article or standing page at its address, with all references resolved, but without its text.

    `ref` is the file of the text, which belongs to the document `digest`; `metadata_digest` is the digest of all else
    in it. `targets` are those of `body_summary.references`, in order; None: the target is not public (yet).
    """

    ref: SourceRef
    section: str
    address: str
    digest: str
    metadata_digest: str
    matter: FrontMatter
    body_summary: BodySummary
    targets: tuple[Target, ...] = ()
    cover: Picture | None = None
    attachments: tuple[Attachment, ...] = ()
    pinned: bool = False

    @property
    def path(self) -> str:
        """The path of its file, below the site root."""
        return self.ref.path

    @property
    def order(self) -> tuple[str, str]:
        """The sort key, the oldest first; the path decides between equal dates."""
        assert self.matter.date is not None, "only standing pages have no date"
        return self.matter.date.minute, self.ref.path


class Section(Record, frozen=True):
    """A 栏目. `path` is its folder below content/ ("" is the site itself), `prefix` its address folder (`hyjl/`).

    `ref`, `digest` and `metadata_digest` are as in Article; None where there is no `_index.md` or nothing to show of its text.
    """

    path: str
    prefix: str
    title: str
    matter: SectionMatter
    digest: str | None
    metadata_digest: str | None
    ref: SourceRef | None
    body_summary: BodySummary | None
    targets: tuple[Target, ...]
    trail: tuple[str, ...]  # paths of the sections above, outermost first

    @property
    def index(self) -> str:
        """The address of its newest list page."""
        return f"{self.prefix}index.html"


class Validity(Record, frozen=True):
    """The time span in which a build stays valid: from `since` on, and before `until`. None: no limit.

    `diagnostics_until` is the end of the span in which its diagnostics stay valid, too.
    """

    since: datetime | None
    until: datetime | None
    diagnostics_until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether a build at `now` gives the same outputs and the same diagnostics."""
        return (self.since is None or self.since <= now) and (
            self.diagnostics_until is None or now < self.diagnostics_until
        )


class ConfiguredLinks(Record, frozen=True):
    """The targets of the links in site.yaml, each checked: `home`, `footer: institution:` (None: no link), and `links:`
    as (name, URL)."""

    home: str
    institution: str | None
    links: tuple[tuple[str, str], ...]


class Site(Record, frozen=True, dict=True, gc=True):
    """A site: what is public at one moment. Articles are in order of date, oldest first, sections by weight.

    `by_section` holds, for every section, its articles and those of the sections below it.
    """

    sections: Mapping[str, Section]
    articles: tuple[Article, ...]
    by_section: Mapping[str, tuple[Article, ...]]
    pages: tuple[Article, ...]
    media: tuple[Picture | Download, ...]
    configured_links: ConfiguredLinks
    validity: Validity
    diagnostics: tuple[Diagnostic, ...]

    @cached_property
    def sections_below(self) -> Mapping[str, tuple[Section, ...]]:
        """The sections directly below each section, by its path; "" is the site itself."""
        found: dict[str, list[Section]] = {path: [] for path in ("", *self.sections)}
        for section in self.sections.values():
            if section.path:
                found[section.trail[-1] if section.trail else ""].append(section)
        return {path: tuple(below) for path, below in found.items()}


class Viewpoint:
    """The moment `now`, and whether drafts show, or all articles: scheduled and expired ones, too."""

    leaves_out_copies = True
    """Whether articles that repeat a withdrawn one are left out."""
    __slots__ = ("drafts", "include_hidden", "minute", "now")

    def __init__(self, now: datetime, drafts: bool = False, include_hidden: bool = False) -> None:
        self.now, self.drafts, self.include_hidden = now, drafts, include_hidden
        self.minute = now.astimezone(SHANGHAI).isoformat(" ", "minutes")[:16]  # as Moment.minute, to be compared

    @property
    def shown(self) -> str:
        """The articles that show beside the public ones: `everything`, `drafts` or ""."""
        return "everything" if self.include_hidden else "drafts" if self.drafts else ""

    def shows(self, matter: FrontMatter) -> bool:
        """Whether the article is part of the site."""
        return self.include_hidden or self.is_public(matter)

    def is_public(self, matter: FrontMatter) -> bool:
        """Whether readers may see the article now."""
        if matter.draft and not self.drafts:
            return False
        started = matter.publish_at is None or matter.publish_at.minute <= self.minute
        return started and (matter.expires is None or matter.expires.minute > self.minute)
