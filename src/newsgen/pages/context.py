"""The context of a plan: the site, the parts that outputs share, and the making of an output with its fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from newsgen.config.model import Config
from newsgen.content.scan import SourceRef
from newsgen.core.digest import digest, digest_texts, fingerprint_with_body
from newsgen.core.model import BODY_PART, Download, Output, Part, PartInputs, Picture, Record
from newsgen.core.text import reading_order
from newsgen.core.urls import term_prefix
from newsgen.pages import cards
from newsgen.pages.frame import frame_of, trail_to
from newsgen.pages.views import Card, Frame, NamedLink
from newsgen.site.model import Article, Section, Site
from newsgen.site.theme.assets import Asset


class SharedCard(Record, frozen=True):
    """A card of an article, which other pages share, with its digest and the path of its file."""

    card: Card
    digest: str
    path: str


Show = Callable[[Article], SharedCard]


class PlanContext(Record, frozen=True, dict=True, gc=True):
    """The context of a plan. `named_assets` are those that templates name, by name; `templates` holds, by name, the part of
    each template with all it can reach."""

    site: Site
    config: Config
    assets: Mapping[str, Asset]
    named_assets: Mapping[str, Asset]
    templates: Mapping[str, Part]
    environment: str
    greyscale: bool

    @cached_property
    def frame(self) -> Part:
        """The frame that all pages share."""
        frame = frame_of(self.site, self.config, self.assets, self.named_assets)
        return Part("frame", digest(frame), frame, _frame_inputs(frame))

    @cached_property
    def years(self) -> tuple[NamedLink, ...]:
        """The year archives, newest first."""
        found = sorted({year_of(article) for article in self.site.articles}, reverse=True)
        return tuple(NamedLink(f"{year}年", f"archive/{year}/index.html") for year in found)

    @cached_property
    def branches(self) -> tuple[NamedLink, ...]:
        """The pages of branches, by name."""
        return term_links("branches", {name for article in self.site.articles for name in article.matter.branch})

    @cached_property
    def list_cards(self) -> tuple[SharedCard, ...]:
        """Every dated article as a line of a list, in the order of the site."""
        titles = {path: section.title for path, section in self.site.sections.items()}
        shown = ((article.path, cards.list_card(article, titles[article.section])) for article in self.site.articles)
        return tuple(SharedCard(card, digest(card), path) for path, card in shown)

    @cached_property
    def _list_cards_by_path(self) -> Mapping[str, SharedCard]:
        return {shared_card.path: shared_card for shared_card in self.list_cards}

    def list_card(self, article: Article) -> SharedCard:
        """The article as a line of a list."""
        return self._list_cards_by_path[article.path]

    def card(self, article: Article, widths: Sequence[int]) -> SharedCard:
        """The article with summary, and cover in these widths."""
        card = cards.card(article, self.site.sections[article.section].title, widths)
        return SharedCard(card, digest(card), article.path)

    def thumbnail(self, article: Article) -> SharedCard:
        """The article with summary, and cover as a thumbnail."""
        return self.card(article, self.config.photos.thumbnails)

    @cached_property
    def section_parts(self) -> Mapping[str, Part]:
        """The part of a section in its pages, by the section's path: breadcrumb and the Column… tags."""
        return {path: self._section_part(section) for path, section in self.site.sections.items()}

    def _section_part(self, section: Section) -> Part:
        trail, matter = trail_to(self.site, section), section.matter
        shown = (trail, section.title, section.path, section.prefix, matter.description, matter.keywords)
        above = (self.site.sections[path] for path in (*section.trail, section.path))
        inputs = tuple(
            (index_file(item), digest(item.title, item.matter.description, item.matter.keywords)) for item in above
        )
        return Part("column", digest(shown), (trail, section), inputs)

    def output(self, path: str, kind: str, *parts: Part) -> Output:
        """An output with its fingerprint."""
        names = [name for item in parts if item.name != BODY_PART for name in (item.name, item.digest)]
        base = digest_texts((kind, path, self.environment, *names))
        last = parts[-1] if parts else None
        return Output(
            path,
            kind,
            parts,
            base,
            fingerprint_with_body(base, last.digest) if last and last.name == BODY_PART else base,
        )

    def page(self, path: str, kind: str, template: str, *parts: Part) -> Output:
        """An output that a template renders inside the frame."""
        return self.output(path, kind, self.templates[template], self.frame, *parts)


def part(name: str, value: object, inputs: PartInputs = ()) -> Part:
    """A part whose value is all that counts."""
    return Part(name, digest(value), value, inputs)


def file_part(file: Picture | Download, address: str, value: object) -> Part:
    """The part of a file at an address. Equal bytes under two names are one file: the path doesn't count."""
    settings = (("site.yaml", file.cleaned),) if isinstance(file, Download) and file.cleaned else ()
    return Part("file", digest(file.digest, address), value, ((file.path, file.digest), *settings))


def cards_part(name: str, shared_cards: Sequence[SharedCard]) -> Part:
    """A part that is a row of articles as others show them."""
    digests = [shared_card.digest for shared_card in shared_cards]
    inputs = tuple((shared_card.path, shared_card.digest) for shared_card in shared_cards)
    return Part(name, digest_texts(digests), tuple(shared_card.card for shared_card in shared_cards), inputs)


def inputs_of(path: str, metadata_digest: str, targets: Sequence[object], files: Iterable[object] = ()) -> PartInputs:
    """The inputs of what the file at `path` shows: itself, the files that it names, and where its links lead."""
    named = {file.path: file.digest for file in (*targets, *files) if isinstance(file, Picture | Download)}
    links = [target for target in targets if not isinstance(target, Picture | Download)]
    links += [target.poster for target in targets if isinstance(target, Download) and target.poster]
    pictures = [file for file in targets if isinstance(file, Picture) and file.widths]
    widths = sorted({width for file in pictures for width in file.widths if width != file.width})
    cleaned = [file.cleaned for file in (*targets, *files) if isinstance(file, Download) and file.cleaned]
    settings = (("site.yaml", digest(widths, cleaned)),) if widths or cleaned else ()
    return ((path, metadata_digest), *named.items(), *settings, (LINKS, digest(tuple(links))))


def index_file(section: Section) -> str:
    """The path of a section's own file."""
    return f"content/{section.path}/_index.md" if section.path else "content/_index.md"


def _frame_inputs(frame: Frame) -> PartInputs:
    settings = (frame.title, frame.organization, frame.home, frame.url, frame.source, frame.description, frame.keywords)
    more = (frame.links, frame.footer, frame.site_id_code, frame.qr, frame.labels, frame.emblem)
    assets = ((f"theme/{name}", address) for name, address in frame.assets)
    return (("site.yaml", digest(settings, more)), (MENU, digest(frame.menu)), (PAGES, digest(frame.pages)), *assets)


MENU, PAGES, LINKS, CLOCK = "@menu", "@pages", "@links", "@clock"
"""PartInputs that are no file: the menu, the standing pages, where links lead, and time."""


def term_links(kind: str, names: Iterable[str]) -> tuple[NamedLink, ...]:
    """Links to the pages of tags or branches, by name."""
    return tuple(NamedLink(name, f"{term_prefix(kind, name)}index.html") for name in sorted(names, key=reading_order))


def year_of(article: Article) -> str:
    """The year that an article is filed under: `2024`."""
    assert article.matter.date is not None, "only dated articles stand in lists"
    return article.matter.date.minute[:4]


def text_part(digest: str, ref: SourceRef) -> Part:
    """The text of the document `digest`, as the last part of an output; its value is the reference by which the file is parsed."""
    return Part(BODY_PART, digest, ref, ((ref.path, digest),))
