"""`newsgen publish` and `newsgen rollback`: build, inspect, stage, compare, go live, look, go back if need be."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsgen.build.all_articles import load_all_articles
from newsgen.build.locations import located
from newsgen.build.output.manifest import read_manifest
from newsgen.build.pipeline import build
from newsgen.build.request import Request
from newsgen.check.gate import refuse_personal_data
from newsgen.check.output import inspected
from newsgen.config import withdrawals
from newsgen.config.model import Config, Publishing, Target
from newsgen.config.site_yaml import load, publishing, read
from newsgen.core.errors import ContentError, UsageError
from newsgen.core.model import Diagnostic, Progress, changed
from newsgen.core.platform import extended
from newsgen.core.urls import SERVER_RULES
from newsgen.publish.diff import ReleaseDiff
from newsgen.publish.go_live import GoLive
from newsgen.publish.layouts import Layout, layout_of
from newsgen.publish.lock import Holder, PublishLock, publish_lock
from newsgen.publish.lock import unlock as take_turns_away
from newsgen.publish.release import Built, CarryOver, ReleaseFiles, StoredRelease, new_release, scanned
from newsgen.publish.staging import Altered, ByteProgress, Files, drop_leftovers
from newsgen.publish.status import found_layout, live_id, refuse_untrusted, resolved
from newsgen.publish.target_state import TargetState, refused_layout
from newsgen.publish.targets import chosen, opened
from newsgen.publish.transport.base import STATE


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What the user asks for. `target` None: the first of site.yaml. `max_delete` (a share) None: what site.yaml says.

    `again`: publish though nothing has changed, and take nothing that lies there on trust.
    """

    root: Path
    target: str | None
    now: datetime
    dry_run: bool = False
    again: bool = False
    max_delete: float | None = None


@dataclass(frozen=True, slots=True)
class Reporters:
    """How progress is told: of the build, and of bytes sent."""

    build: Progress
    bytes: ByteProgress


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish or rollback did. `release` is the live one now (what it would be, for a dry run); `previous` the one
    before, None for the first. `sent` are bytes that travelled. `done` False: nothing had to be, or was to be, changed.
    """

    target: str
    shown: str
    release: str
    previous: str | None
    plan: ReleaseDiff
    sent: int = 0
    done: bool = False
    seconds: float = 0.0
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _BuiltSite:
    """A built and inspected site."""

    config: Config
    out: Path
    listing: ReleaseFiles
    sizes: dict[str, int]
    diagnostics: tuple[Diagnostic, ...]

    def served_by(self, layout: Layout) -> _BuiltSite:
        """What is sent: where all that is sent can be read, not the rules for the server, which name what was withdrawn."""
        if layout.docroot:
            return self
        return replace(self, listing=self.listing.only(self.listing.files.keys() - {*SERVER_RULES}))


def publish(order: PublishOptions, reporters: Reporters) -> Published:
    """Make the site as it is now live at a target.

    Raises NewsgenError; readers then see what they saw before.
    """
    started = time.perf_counter()
    chosen_now(order)
    site = _built(order, reporters.build)
    with opened(order.root, order.target) as (place, target, rules):
        if order.dry_run:
            done = _planned(order, site, place, target, rules)
        else:
            with locked_target(place, target) as (layout, ours):
                site = site.served_by(layout)
                done = _Publication(order, site, place, target, rules, layout, ours, reporters.bytes).run()
        return replace(done, seconds=round(time.perf_counter() - started, 3))


def chosen_now(order: PublishOptions) -> Target:
    """The target, before anything is built for it. Raises UsageError, ConfigError."""
    return chosen(publishing(order.root), order.target)


def _built(order: PublishOptions, progress: Progress) -> _BuiltSite:
    """Build with the production rules, and look at what came out. Raises ContentError."""
    request = located(Request(order.root, order.now, releasing=True), read(order.root))
    refuse_personal_data(order.root, order.now, progress)
    result = build(request, progress)
    config = changed(load(order.root), ledger=withdrawals.load(order.root))
    every_article = load_all_articles(order.root, config, order.now)
    out = Path(extended(request.output_dir))
    found = inspected(out, request.output_label, config.url, every_article.hidden, config.ledger, every_article.sources)
    diagnostics = (*result.diagnostics, *found)
    if any(item.severity == "error" for item in found):
        raise ContentError(diagnostics)
    listing, sizes = scanned(out, read_manifest(out, request.output_label))
    return _BuiltSite(config, out, listing, dict(sizes), diagnostics)


@contextmanager
def locked_target(place: TargetState, target: Target) -> Iterator[tuple[Layout, PublishLock]]:
    """The target's layout, with the turn at publishing; a new target is made ours."""
    marker = place.marker()
    if marker is None:
        place.transport.open_folder()
        place.transport.make_dir_exclusive(STATE)
    with publish_lock(place.transport) as ours:
        marker = place.marker() or place.mark(target.layout)
        refused_layout(marker, target.layout, place.transport.shown)
        layout = layout_of(place, marker)
        place.refuse_strange(layout.folders)
        layout.recover()
        yield layout, ours


def _planned(
    order: PublishOptions, site: _BuiltSite, place: TargetState, target: Target, rules: Publishing
) -> Published:
    """What a publish would do."""
    marker = place.marker()
    if marker:
        refused_layout(marker, target.layout, place.transport.shown)
    layout = layout_of(place, marker) if marker else None
    site = site.served_by(layout) if layout else site
    before = _before(place, layout) if layout else None
    newest = max(place.ids(), default="") if marker else ""
    new = _release(order, site, before, rules, newest)
    plan = ReleaseDiff.of(new, before)
    previous = before.release.id if before else None
    return Published(
        target=target.name,
        shown=place.transport.shown,
        release=new.release.id,
        previous=previous,
        plan=plan,
        diagnostics=site.diagnostics,
    )


def _before(place: TargetState, layout: Layout) -> StoredRelease | None:
    """The live release. Under the releases protocol nothing depends on it, so one whose record is damaged counts as none."""
    live = layout.live()
    try:
        return place.kept(live) if live else None
    except ContentError:
        if layout.docroot:
            return None
        raise


def _release(
    order: PublishOptions,
    site: _BuiltSite,
    before: StoredRelease | None,
    rules: Publishing,
    newest: str,
    altered: frozenset[str] = frozenset(),
) -> StoredRelease:
    carrying = CarryOver(rules.carry, site.config.ledger.files | altered)
    built = Built(order.root, site.config.url, site.listing, sum(site.sizes.values()))
    return new_release(built, before, carrying, newest)


@dataclass(frozen=True, slots=True)
class _Publication:
    """One publish, with all that it needs."""

    order: PublishOptions
    site: _BuiltSite
    place: TargetState
    target: Target
    rules: Publishing
    layout: Layout
    publish_lock: PublishLock
    progress: ByteProgress

    def run(self) -> Published:
        """From the release to be made to the one that is live."""
        online = GoLive(self.place, self.layout, self.target, self.rules, self.site.config)
        before = _before(self.place, self.layout)
        again = self.order.again or (before is not None and not before.trusted)
        newest = max(self.place.ids(), default="")
        new = _release(self.order, self.site, before, self.rules, newest)
        plan = ReleaseDiff.of(new, before)
        if before and not plan.differs and not again:
            drop_leftovers(self.place.transport)
            self._prune(before, None)
            online.look_for_withdrawn(before)
            return self._outcome(before, before.release.id, plan, 0, done=False)
        limit = self.rules.max_delete if self.order.max_delete is None else self.order.max_delete
        plan.refuse(limit, len(before.listing.files) if before else 0)
        online.refuse_forgotten()
        new, sent = self._staged(before, again, newest)
        self.publish_lock.check()
        online.note_withdrawn()
        self.layout.go_live(new, before)
        diagnostics = online.look(new, before, self.publish_lock)
        self._prune(new, before)
        done = self._outcome(new, before.release.id if before else None, ReleaseDiff.of(new, before), sent, done=True)
        return replace(done, diagnostics=(*done.diagnostics, *diagnostics))

    def _outcome(self, now: StoredRelease, previous: str | None, plan: ReleaseDiff, sent: int, done: bool) -> Published:
        shown = self.place.transport.shown
        return Published(
            target=self.target.name,
            shown=shown,
            release=now.release.id,
            previous=previous,
            plan=plan,
            sent=sent,
            done=done,
            diagnostics=self.site.diagnostics,
        )

    def _staged(self, before: StoredRelease | None, again: bool, newest: str) -> tuple[StoredRelease, int]:
        """The release, recorded and staged. Carried assets that somebody altered there are left out."""
        files = Files(self.site.out, self.site.sizes, self.progress, again, self._spare(before))
        altered: frozenset[str] = frozenset()
        sent = 0
        while True:
            new = _release(self.order, self.site, before, self.rules, newest, altered)
            sent += self.place.store(new, before)
            try:
                return new, sent + self.layout.stage(new, before, files)
            except Altered as found:
                altered |= found.paths

    def _spare(self, before: StoredRelease | None) -> str | None:
        """A release that will be pruned once the new one is live."""
        live = before.release.id if before else ""
        old = [name for name in self.layout.releases()[: -self.rules.keep + 1] if name != live]
        return old[-1] if old else None

    def _prune(self, new: StoredRelease, before: StoredRelease | None) -> None:
        """Keep the newest releases, the live one and the one before it; forget the others, and records of none."""
        known = self.layout.releases()
        stay = {*known[-self.rules.keep :], new.release.id} | ({before.release.id} if before else set())
        drop(self.place, self.layout, [name for name in self.place.ids() if name not in stay])


def drop(place: TargetState, layout: Layout, names: list[str]) -> None:
    """Delete releases with their records."""
    if names:
        layout.drop(names)
        place.forget(names)


def rollback(order: PublishOptions, typed: str | None) -> Published:
    """Make an earlier release live again: the one whose id begins with what was typed, None: the one before.

    Raises ContentError where it is not whole, not signed, or holds what was withdrawn since.
    """
    started = time.perf_counter()
    config = changed(load(order.root), ledger=withdrawals.load(order.root))
    with opened(order.root, order.target) as (place, target, rules):
        found_layout(place)
        with locked_target(place, target) as (layout, ours):
            online = GoLive(place, layout, target, rules, config)
            live = place.kept(live_id(layout, place))
            name = resolved(layout, typed, live.release)
            if name == live.release.id:
                raise UsageError(f"版本 {name} 现在就在线上", "版本见 newsgen releases", "rollback.live")
            old = place.kept(name)
            refuse_untrusted(old.trusted, name)
            online.refuse_withdrawn(old)
            ours.check()
            new = online.back(old, live)
            diagnostics = online.look(new, live, ours)
            seconds = round(time.perf_counter() - started, 3)
            plan = ReleaseDiff.of(new, live)
            return Published(
                target=target.name,
                shown=place.transport.shown,
                release=name,
                previous=live.release.id,
                plan=plan,
                sent=0,
                done=True,
                seconds=seconds,
                diagnostics=diagnostics,
            )


def unlock(root: Path, name: str | None) -> tuple[str, Holder | None]:
    """Take the turn at publishing away from whoever has it: the target, and who that was."""
    with opened(root, name) as (place, _, __):
        found_layout(place)
        return place.transport.shown, take_turns_away(place.transport)
