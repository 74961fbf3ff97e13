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

from newsgen.build.approvals import AuthoredFiles, standings_in, visible_files
from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.loader import ContentLoader, Loaded
from newsgen.build.locations import open_store
from newsgen.build.workers import Workers
from newsgen.config.model import Config
from newsgen.content import load
from newsgen.content.scan import ScanResult, scan
from newsgen.core.model import Diagnostic, Download, FrontMatter, Picture, Reference, changed
from newsgen.core.urls import page_at
from newsgen.signoff.kept_versions import scan_kept
from newsgen.signoff.standing import Standing
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
    """All articles and standing pages by path, and the sections; `public` are the paths that readers may see.

    `standings` are those of articles that need approval. `shown` are the articles that readers see in another version than
    the one that is written.
    """

    articles: Mapping[str, Article]
    sections: tuple[Section, ...]
    public: frozenset[str]
    standings: Mapping[str, Standing]
    shown: Mapping[str, Article]

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
    def unapproved(self) -> dict[str, str]:
        """Address -> who must sign next, of articles that no release may hold before that."""
        waiting = {path: standing for path, standing in self.standings.items() if standing.live is None}
        found = {article.address: path for path, article in self.articles.items() if path in waiting}
        return {address: f"{path}：等 {waiting[path].waits_for} 签字" for address, path in found.items()}

    @property
    def approvals(self) -> dict[str, str]:
        """Address -> the approved version that readers see."""
        live = {path: standing.live for path, standing in self.standings.items() if standing.live}
        seen = {path: self.shown.get(path) or self.articles[path] for path in live if path in self.public}
        return {article.address: live[path] for path, article in seen.items()}

    @property
    def revoked(self) -> dict[str, str]:
        """The versions whose approval was revoked, each with its article."""
        live = {standing.live for standing in self.standings.values()}
        found = {version: path for path, standing in self.standings.items() for version in standing.revoked}
        return {version: path for version, path in found.items() if version not in live}

    @property
    def sources(self) -> dict[str, str]:
        """Address -> path of all articles."""
        return {article.address: path for path, article in self.articles.items()}

    def own_files(self, article: Article) -> tuple[str, ...]:
        """The addresses of the article's photos and downloads that nothing else in public shows."""
        everything = {**self.articles, **self.shown}
        others = [other for path, other in everything.items() if path in self.public and path != article.path]
        shared = {file.address for file in media_of(_by_name([*others, *self.sections]))}
        own = [article, *([self.shown[article.path]] if article.path in self.shown else [])]
        return tuple(file.address for file in media_of(own) if file.address not in shared)


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
        authored = AuthoredFiles(scan_result, parsed_files, loader)
        loaded = loader.load(scan_result, parsed_files, build_state.media())
        shown = visible_files(root, config.reviews, authored, scan_kept(root), build_state) if config.reviews else None
        live = loader.load(*shown[:2], build_state.media(), shown.approvals) if shown and shown.approvals.kept else None
    site, standings = _everything(loaded, config, now), shown.approvals.standings if shown else {}
    articles = _articles(site)
    versions = _articles(_everything(live, config, now)) if live else {}
    kept = {path: versions[path] for path in shown.approvals.kept if path in versions} if shown else {}
    view, unapproved = Viewpoint(now), shown.approvals.unapproved if shown else frozenset[str]()
    public = (path for path, article in {**articles, **kept}.items() if view.shows(article.matter))
    return AllArticles(articles, tuple(site.sections.values()), frozenset(public) - unapproved, standings, kept)


def _everything(loaded: Loaded, config: Config, now: datetime) -> Site:
    return assemble(loaded.content, loaded.media, config, IgnoringVisibility(now))


def _articles(site: Site) -> dict[str, Article]:
    return {article.path: article for article in (*site.articles, *site.pages)}


class AssembledSite(NamedTuple):
    """A site as it is written, and all that a build would say of it; the standings of articles that need approval."""

    site: Site
    diagnostics: tuple[Diagnostic, ...]
    standings: Mapping[str, Standing]


def assembled_site(
    root: Path,
    now: datetime,
    config: Config,
    store: Store,
    build_state: BuildState,
    scan_result: ScanResult,
    jobs: int | None = None,
) -> AssembledSite:
    """The site at `root`; what was parsed is kept in the store. Raises ContentError for a file edited meanwhile.

    `build_state` was made before the scan.
    """
    known = build_state.texts(config.markdown)
    with Workers(root, config.markdown, store, jobs) as workers:
        loader = ContentLoader(root, config, workers.parse, store.documents)
        parsed = loader.parse_changed(scan_result, known)
        found, files = loader.load(scan_result, parsed, build_state.media())
        standings = standings_in(root, config.reviews, AuthoredFiles(scan_result, parsed, loader), build_state)
    site = assemble(found, files, config, Viewpoint(now))
    build_state.save_texts(parsed.texts, known, config.markdown)
    diagnostics = (*load.diagnostics_of(parsed.texts), *found.diagnostics, *site.diagnostics)
    return AssembledSite(site, diagnostics, standings)
