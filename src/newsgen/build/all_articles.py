"""Every article of content/, public or not, at its address and with its files, for withdrawing and publishing.

Errors in other articles are ignored: they must not keep anything on the site that is to be withdrawn.
"""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.loader import ContentLoader
from newsgen.build.locations import open_store
from newsgen.build.workers import Workers
from newsgen.config.model import Config
from newsgen.content import load
from newsgen.content.scan import ScanResult, scan
from newsgen.core.model import Diagnostic, Download, FrontMatter, Picture, Reference, changed
from newsgen.core.urls import page_at
from newsgen.site.assemble import assemble, media_of
from newsgen.site.links import Target
from newsgen.site.model import Article, Section, Site, Viewpoint


class IgnoringVisibility(Viewpoint):
    """A viewpoint from which all articles are public."""

    leaves_out_copies = False

    def shows(self, matter: FrontMatter) -> bool:
        """Whether the article shows: always."""
        return True


@dataclass(frozen=True, slots=True)
class AllArticles:
    """All articles and standing pages by path, and the sections; `public` are the paths that readers may see."""

    articles: Mapping[str, Article]
    sections: tuple[Section, ...]
    public: frozenset[str]

    @property
    def hidden(self) -> dict[str, str]:
        """Address -> path of articles that no release may hold (drafts, scheduled, expired), old addresses included."""
        found = {}
        for path, article in self.articles.items():
            if path not in self.public:
                found[article.address] = path
                found |= {page_at(alias.text): path for alias in article.matter.aliases if alias.text[0] != "/"}
        return found

    @property
    def sources(self) -> dict[str, str]:
        """Address -> path of all articles."""
        return {article.address: path for path, article in self.articles.items()}

    def own_files(self, article: Article) -> tuple[str, ...]:
        """The addresses of the article's photos and downloads that nothing else in public shows."""
        others = [other for path, other in self.articles.items() if path in self.public and path != article.path]
        shared = {file.address for file in media_of(_by_name([*others, *self.sections]))}
        return tuple(file.address for file in media_of([article]) if file.address not in shared)


def _by_name(owners: Iterable[Article | Section]) -> Iterator[Article | Section]:
    """The owners with those files alone that they name by file name. One named by its address is another article's."""
    for owner in owners:
        references = owner.body_summary.references if owner.body_summary else ()
        pairs = zip(references, owner.targets, strict=True)
        named = changed(owner, targets=tuple(target for reference, target in pairs if _is_name(reference, target)))
        is_first_picture = isinstance(named, Article) and named.matter.cover is None
        yield changed(named, cover=None) if is_first_picture else named


def _is_name(reference: Reference, target: Target) -> bool:
    return isinstance(target, Picture | Download) and posixpath.basename(target.path) == posixpath.basename(
        unicodedata.normalize("NFC", reference.target)
    )


def load_all_articles(root: Path, config: Config, now: datetime) -> AllArticles:
    """All articles of the site at `root` but those in the ledger. Raises ContentError for a file edited meanwhile."""
    with closing(open_store(root)) as store:
        build_state = BuildState(root, store)
        parse = partial(map, DocumentCache(root, config.markdown, store).read)
        loader, scan_result = ContentLoader(root, config, parse, store.documents), scan(root)
        parsed_files = loader.parse_changed(scan_result, build_state.texts(config.markdown))
        content, media = loader.load(scan_result, parsed_files, build_state.media())
    site = assemble(content, media, config, IgnoringVisibility(now))
    articles = {article.path: article for article in (*site.articles, *site.pages)}
    view = Viewpoint(now)
    public = frozenset(path for path, article in articles.items() if view.shows(article.matter))
    return AllArticles(articles, tuple(site.sections.values()), public)


class AssembledSite(NamedTuple):
    """A site as a build at one moment would have it, and all that the build would say."""

    site: Site
    diagnostics: tuple[Diagnostic, ...]


def assembled_site(
    root: Path,
    now: datetime,
    config: Config,
    store: Store,
    build_state: BuildState,
    seen: ScanResult,
    jobs: int | None = None,
) -> AssembledSite:
    """The site at `root`; what was parsed is kept in the store. Raises ContentError for a file edited meanwhile.

    `build_state` was made before the scan.
    """
    known = build_state.texts(config.markdown)
    with Workers(root, config.markdown, store, jobs) as workers:
        loader = ContentLoader(root, config, workers.parse, store.documents)
        parsed = loader.parse_changed(seen, known)
        found, files = loader.load(seen, parsed, build_state.media())
    site = assemble(found, files, config, Viewpoint(now))
    build_state.save_texts(parsed.texts, known, config.markdown)
    return AssembledSite(site, (*load.diagnostics_of(parsed.texts), *found.diagnostics, *site.diagnostics))
