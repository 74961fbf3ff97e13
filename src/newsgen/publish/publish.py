"""`newsgen publish`, `rollback` and `unlock`: build, inspect, stage, compare, go live, check, roll back on errors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsgen.build.all_articles import AllArticles, load_all_articles
from newsgen.build.locations import located
from newsgen.build.output.manifest import read_manifest
from newsgen.build.output.released import save_released
from newsgen.build.pipeline import build
from newsgen.build.request import Request
from newsgen.check.gate import refuse_personal_data
from newsgen.check.output import BarredArticles, inspected
from newsgen.config import withdrawals
from newsgen.config.model import Config, Publishing, Target
from newsgen.config.site_yaml import load, publishing, read
from newsgen.core.errors import ContentError, UsageError
from newsgen.core.model import Diagnostic, Progress, changed
from newsgen.core.platform import extended
from newsgen.core.urls import SERVER_RULES
from newsgen.publish.diff import ReleaseDiff
from newsgen.publish.go_live import GoLive
from newsgen.publish.layouts import layout_of
from newsgen.publish.layouts.base import Layout
from newsgen.publish.lock import Holder, PublishLock, break_lock, publish_lock
from newsgen.publish.release import Built, CarryOver, ReleaseFiles, StoredRelease, new_release, scanned
from newsgen.publish.staging import AlteredFiles, BuiltFiles, ByteProgress, drop_leftovers
from newsgen.publish.status import found_layout, live_id, resolved, unsigned_record
from newsgen.publish.target_state import TargetState, refused_layout
from newsgen.publish.targets import chosen, opened
from newsgen.publish.transport.base import STATE


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """Options of the command line. `target` None: the first of site.yaml. `max_delete` is a share, None: that of
    site.yaml.

    `again`: publish even if nothing has changed, and verify all files that are at the target already.
    """

    root: Path
    target: str | None
    now: datetime
    dry_run: bool = False
    again: bool = False
    max_delete: float | None = None


@dataclass(frozen=True, slots=True)
class Reporters:
    """Progress displays: of the build, and of the bytes sent."""

    build: Progress
    bytes: ByteProgress


@dataclass(frozen=True, slots=True)
class Published:
    """The result of a publish or rollback.

    `release` is the id published (in a dry run: to be published) or restored, `previous` the id that was live before,
    None for the first publish. `sent` counts bytes. `done` False: nothing had to be changed, or it was a dry run.
    """

    target: str
    shown: str
    release: str
    previous: str | None
    diff: ReleaseDiff
    sent: int = 0
    done: bool = False
    seconds: float = 0.0
    diagnostics: tuple[Diagnostic, ...] = ()

    @classmethod
    def at(
        cls, target: Target, state: TargetState, release: str, before: StoredRelease | None, diff: ReleaseDiff
    ) -> Published:
        """The result at a target where nothing was changed."""
        return cls(target.name, state.transport.shown, release, before.release.id if before else None, diff)


@dataclass(frozen=True, slots=True)
class _BuiltSite:
    """A built and inspected site."""

    config: Config
    out: Path
    listing: ReleaseFiles
    sizes: dict[str, int]
    articles: AllArticles
    diagnostics: tuple[Diagnostic, ...]

    def served_by(self, layout: Layout) -> _BuiltSite:
        """The site as it is sent. Under the flat layout readers could open SERVER_RULES, which name withdrawn
        addresses: they are left out.
        """
        if layout.docroot:
            return self
        return replace(self, listing=self.listing.only(self.listing.files.keys() - {*SERVER_RULES}))


def publish(options: PublishOptions, reporters: Reporters) -> Published:
    """Build the site and make it live at a target.

    Raises NewsgenError; an error before the release goes live leaves the live site as it was.
    """
    started = time.perf_counter()
    chosen(publishing(options.root), options.target)  # a wrong name is reported before anything is built
    site = _built(options, reporters.build)
    with opened(options.root, options.target) as (state, target, rules):
        if options.dry_run:
            done = _dry_run(options, site, state, target, rules)
        else:
            with locked_target(state, target) as (layout, lock):
                site = site.served_by(layout)
                done = _Publication(options, site, state, target, rules, layout, lock, reporters.bytes).run()
        return replace(done, seconds=round(time.perf_counter() - started, 3))


def _built(options: PublishOptions, progress: Progress) -> _BuiltSite:
    """Build with the production rules, and inspect the files. Raises ContentError."""
    request = located(Request(options.root, options.now, releasing=True), read(options.root))
    refuse_personal_data(options.root, options.now, progress)
    result = build(request, progress)
    config = changed(load(options.root), ledger=withdrawals.load(options.root))
    every_article = load_all_articles(options.root, config, options.now)
    out = Path(extended(request.output_dir))
    barred = BarredArticles(every_article.hidden, config.ledger, every_article.unapproved)
    found = inspected(out, request.output_label, config.url, barred, every_article.sources)
    diagnostics = (*result.diagnostics, *found)
    if any(item.severity == "error" for item in found):
        raise ContentError(diagnostics)
    listing, sizes = scanned(out, read_manifest(out, request.output_label))
    return _BuiltSite(config, out, listing, dict(sizes), every_article, diagnostics)


@contextmanager
def locked_target(state: TargetState, target: Target) -> Iterator[tuple[Layout, PublishLock]]:
    """Hold the lock of a target; yield its layout and the lock. A new target is marked as this site's."""
    marker = state.marker()
    if marker is None:
        state.transport.open_folder()
        state.transport.make_dir_exclusive(STATE)
    with publish_lock(state.transport) as lock:
        marker = state.marker() or state.mark(target.layout)
        refused_layout(marker, target.layout, state.transport.shown)
        layout = layout_of(state, marker)
        state.refuse_strange(layout.folders)
        layout.recover()
        yield layout, lock


def _dry_run(
    options: PublishOptions, site: _BuiltSite, state: TargetState, target: Target, rules: Publishing
) -> Published:
    """The result that a publish would have. Nothing is changed."""
    marker = state.marker()
    if marker:
        refused_layout(marker, target.layout, state.transport.shown)
    layout = layout_of(state, marker) if marker else None
    site = site.served_by(layout) if layout else site
    before = _before(state, layout) if layout else None
    newest = max(state.ids(), default="") if marker else ""
    new = _release(options, site, before, rules, newest)
    result = Published.at(target, state, new.release.id, before, ReleaseDiff.of(new, before))
    return replace(result, diagnostics=site.diagnostics)


def _before(state: TargetState, layout: Layout) -> StoredRelease | None:
    """The live release. Under the releases layout, which does not depend on it, a damaged one counts as none; under the
    flat layout, which does, it raises ContentError.
    """
    live = layout.live()
    try:
        return state.stored(live) if live else None
    except ContentError:
        if layout.docroot:
            return None
        raise


def _release(
    options: PublishOptions,
    site: _BuiltSite,
    before: StoredRelease | None,
    rules: Publishing,
    newest: str,
    altered: frozenset[str] = frozenset(),
) -> StoredRelease:
    carrying = CarryOver(rules.carry, site.config.ledger.files | altered)
    approvals = site.articles.approvals
    built = Built(options.root, site.config.url, site.listing, sum(site.sizes.values()), approvals)
    return new_release(built, before, carrying, newest)


@dataclass(frozen=True, slots=True)
class _Publication:
    """One publish to a target whose lock is held."""

    options: PublishOptions
    site: _BuiltSite
    state: TargetState
    target: Target
    rules: Publishing
    layout: Layout
    lock: PublishLock
    progress: ByteProgress

    def run(self) -> Published:
        """Make a release, stage it, make it live, check it, and prune old ones."""
        revoked = self.site.articles.revoked
        online = GoLive(self.state, self.layout, self.target, self.rules, self.site.config, revoked)
        before = _before(self.state, self.layout)
        again = self.options.again or (before is not None and not before.trusted)
        newest = max(self.state.ids(), default="")
        new = _release(self.options, self.site, before, self.rules, newest)
        diff = ReleaseDiff.of(new, before)
        if before and not diff.differs and not again:
            drop_leftovers(self.state.transport)
            self._prune(before, None)
            online.check_withdrawn(before)
            save_released(self.options.root, self.target.name, before.listing.files)
            unchanged = Published.at(self.target, self.state, before.release.id, before, diff)
            return replace(unchanged, diagnostics=self.site.diagnostics)
        limit = self.rules.max_delete if self.options.max_delete is None else self.options.max_delete
        diff.refuse(limit, len(before.listing.files) if before else 0)
        online.refuse_forgotten()
        new, sent = self._staged(before, again, newest)
        self.lock.check()
        online.note_withdrawn()
        self.layout.go_live(new, before)
        diagnostics = online.check(new, before, self.lock)
        save_released(self.options.root, self.target.name, new.listing.files)
        self._prune(new, before)
        result = Published.at(self.target, self.state, new.release.id, before, ReleaseDiff.of(new, before))
        return replace(result, sent=sent, done=True, diagnostics=(*self.site.diagnostics, *diagnostics))

    def _staged(self, before: StoredRelease | None, again: bool, newest: str) -> tuple[StoredRelease, int]:
        """Record and stage the new release without altered carried assets; return it and the number of bytes sent."""
        files = BuiltFiles(self.site.out, self.site.sizes, self.progress, again, self._spare(before))
        altered: frozenset[str] = frozenset()
        sent = 0
        while True:
            new = _release(self.options, self.site, before, self.rules, newest, altered)
            sent += self.state.save(new, before)
            try:
                return new, sent + self.layout.stage(new, before, files)
            except AlteredFiles as found:
                altered |= found.paths

    def _spare(self, before: StoredRelease | None) -> str | None:
        """The id of a release that will be pruned once the new one is live, None if there is none."""
        live = before.release.id if before else ""
        old = [name for name in self.layout.releases()[: -self.rules.keep + 1] if name != live]
        return old[-1] if old else None

    def _prune(self, new: StoredRelease, before: StoredRelease | None) -> None:
        """Delete all releases but the newest ones, the live one and its predecessor; also records without a release."""
        known = self.layout.releases()
        stay = {*known[-self.rules.keep :], new.release.id} | ({before.release.id} if before else set())
        if old := [name for name in self.state.ids() if name not in stay]:
            self.layout.drop(old)
            self.state.forget(old)


def rollback(options: PublishOptions, typed: str | None) -> Published:
    """Make an earlier release live again: the one whose id begins with `typed`; None: the previous one.

    Raises ContentError if a file of it is missing, it is not signed, or it holds an article withdrawn or a version
    revoked since.
    """
    started = time.perf_counter()
    config = changed(load(options.root), ledger=withdrawals.load(options.root))
    revoked = load_all_articles(options.root, config, options.now).revoked if config.reviews else {}
    with opened(options.root, options.target) as (state, target, rules):
        found_layout(state)
        with locked_target(state, target) as (layout, lock):
            online = GoLive(state, layout, target, rules, config, revoked)
            live = state.stored(live_id(layout, state))
            name = resolved(layout, typed, live.release)
            if name == live.release.id:
                raise UsageError(f"版本 {name} 现在就在线上", "版本见 newsgen releases", "rollback.live")
            old = state.stored(name)
            if not old.trusted:
                raise ContentError([unsigned_record(name)])
            online.refuse_withdrawn(old)
            lock.check()
            new = online.restore(old, live)
            diagnostics = online.check(new, live, lock)
            save_released(options.root, target.name, new.listing.files)
            seconds = round(time.perf_counter() - started, 3)
            result = Published.at(target, state, name, live, ReleaseDiff.of(new, live))
            return replace(result, done=True, seconds=seconds, diagnostics=diagnostics)


def unlock(root: Path, name: str | None) -> tuple[str, Holder | None]:
    """End the lock of a target, whoever holds it; return the target as shown to people, and the holder."""
    with opened(root, name) as (state, _, __):
        found_layout(state)
        return state.transport.shown, break_lock(state.transport)
