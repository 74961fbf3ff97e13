"""A site at one moment, as a value: what is public and where it lives. assemble.py makes it from Content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsgen.links import Target
from newsgen.model import Body, Diagnostic, Download, FrontMatter, Picture, SectionMatter


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download under the name that readers see."""

    name: str
    file: Picture | Download


@dataclass(frozen=True, slots=True)
class Article:
    """A public article or standing page at its address, with everything it names resolved.

    `targets` answers `body.references` one by one; None: the reference leads nowhere (not public yet) and is unlinked.
    """

    path: str
    section: str
    address: str
    digest: str
    matter: FrontMatter
    body: Body
    targets: tuple[Target, ...]
    cover: Picture | None
    attachments: tuple[Attachment, ...]
    pinned: bool

    @property
    def order(self) -> tuple[datetime, str]:
        """Sorts from the oldest; the path decides between equal dates."""
        assert self.matter.date is not None, "only standing pages have no date"
        return self.matter.date.at, self.path


@dataclass(frozen=True, slots=True)
class Section:
    """A 栏目. `path` is its folder below content/ ("" is the site itself), `prefix` its address folder (`hyjl/`)."""

    path: str
    prefix: str
    title: str
    matter: SectionMatter
    digest: str
    body: Body | None
    targets: tuple[Target, ...]
    trail: tuple[str, ...]  # paths of the sections above, outermost first

    @property
    def index(self) -> str:
        """The address of its newest list page."""
        return f"{self.prefix}index.html"


@dataclass(frozen=True, slots=True)
class Site:
    """What is public at one moment. Articles stand oldest first, sections by weight.

    `by_section` holds, for every section, its articles and those of the sections below it.
    """

    sections: Mapping[str, Section]
    articles: tuple[Article, ...]
    by_section: Mapping[str, tuple[Article, ...]]
    pages: tuple[Article, ...]
    media: tuple[Picture | Download, ...]
    next_due: datetime | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """When the site is looked at, and whether drafts show."""

    now: datetime
    drafts: bool = False

    def shows(self, matter: FrontMatter) -> bool:
        """Whether readers may see the article now."""
        started = matter.publish_at is None or matter.publish_at.at <= self.now
        ended = matter.expires is not None and matter.expires.at <= self.now
        return started and not ended and (self.drafts or not matter.draft)
