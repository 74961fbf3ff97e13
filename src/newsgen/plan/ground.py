"""What every output stands on: the site, the shared parts, and the making of an output with its fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from newsgen import cards
from newsgen.assets import Asset
from newsgen.fingerprint import digest
from newsgen.frame import frame_of, trail_to
from newsgen.model import Output, Part
from newsgen.settings import Config
from newsgen.site import Article, Site
from newsgen.text import reading_order
from newsgen.urls import term_prefix
from newsgen.views import Card, NamedLink


@dataclass(frozen=True)
class Ground:
    """What every plan stands on. `named_assets` are those that templates name, by name; `templates` holds, by name, the part of each template with all it can reach."""

    site: Site
    config: Config
    assets: Mapping[str, Asset]
    named_assets: Mapping[str, Asset]
    templates: Mapping[str, Part]
    environment: str
    greyscale: bool

    @cached_property
    def frame(self) -> Part:
        """What all pages share."""
        return part("frame", frame_of(self.site, self.config, self.assets, self.named_assets))

    @cached_property
    def years(self) -> tuple[NamedLink, ...]:
        """The year archives, newest first."""
        found = sorted({year_of(article) for article in self.site.articles}, reverse=True)
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
        return self.output(path, kind, self.templates[template], self.frame, *parts)


def part(name: str, value: object) -> Part:
    """A part whose value is all that counts."""
    return Part(name, digest(value), value)


def term_links(kind: str, names: Iterable[str]) -> tuple[NamedLink, ...]:
    """Links to the pages of tags or branches, by name."""
    return tuple(NamedLink(name, f"{term_prefix(kind, name)}index.html") for name in sorted(names, key=reading_order))


def year_of(article: Article) -> str:
    """The year that an article is filed under: `2024`."""
    assert article.matter.date is not None, "only dated articles stand in lists"
    return f"{article.matter.date.at:%Y}"


def column_part(ground: Ground, path: str) -> Part:
    """What a page shows of the section it lies in: breadcrumb and the Column… tags."""
    section = ground.site.sections[path]
    trail, matter = trail_to(ground.site, section), section.matter
    shown = (trail, section.title, section.path, section.prefix, matter.description, matter.keywords)
    return Part("column", digest(shown), (trail, section))
