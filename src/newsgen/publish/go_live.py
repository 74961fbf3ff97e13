"""Going live: the checks before and after another release is made live, or an earlier one is restored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsgen.config.model import Config, Publishing, Target
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic
from newsgen.publish.diff import ReleaseDiff
from newsgen.publish.http_check import HttpCheck, gone, retry_until_clean, sample
from newsgen.publish.layouts.base import Layout
from newsgen.publish.lock import PublishLock
from newsgen.publish.release import CarryOver, StoredRelease, restoring_release
from newsgen.publish.target_state import TargetState
from newsgen.publish.withdrawals import NOTED, noted, refuse_forgotten, refuse_held, refuse_revoked

PATIENCE = 10.0
"""Seconds that a web server has to show the new site: its caches may serve the old one for a moment."""


@dataclass(frozen=True, slots=True)
class GoLive:
    """The checks of a target before and after another release goes live there, and the restoring of an earlier one.

    `revoked` maps article versions whose approval was revoked to article paths: no release with one is restored.
    """

    state: TargetState
    layout: Layout
    target: Target
    rules: Publishing
    config: Config
    revoked: Mapping[str, str]

    def check(self, new: StoredRelease, before: StoredRelease | None, lock: PublishLock) -> tuple[Diagnostic, ...]:
        """Check the site over HTTP; return the warnings about the web server's setup.

        If readers don't get the new release, the previous one is restored if possible, and ContentError is raised, or
        TransportError if another publisher has taken over.
        """
        if not self.target.http:
            return ()
        diff = ReleaseDiff.of(new, before)
        check = self._http_check(sample(new.listing.files, (*diff.added, *diff.changed)), new)
        diagnostics = retry_until_clean(check, PATIENCE)
        if diagnostics:
            lock.check()
            raise ContentError((*diagnostics, self._rolled_back(new, before)))
        return tuple(check.diagnostics())

    def check_withdrawn(self, live: StoredRelease) -> None:
        """Raises ContentError if the web server still serves a withdrawn address or file."""
        diagnostics = tuple(self._http_check({}, live).mismatches()) if self.target.http else ()
        if diagnostics:
            raise ContentError(diagnostics)

    def _http_check(self, files: Mapping[str, str], release: StoredRelease) -> HttpCheck:
        return HttpCheck(self.target.url or self.config.url, files, gone(self.config.ledger, release.listing.files))

    def refuse_forgotten(self) -> None:
        """Raises ContentError if the ledger lacks addresses that it held at an earlier publish to this target."""
        refuse_forgotten(self.state.transport.read(NOTED), self.config.ledger)

    def note_withdrawn(self) -> None:
        """Store the hashes of all withdrawn addresses at the target, so that a later ledger without them is refused."""
        if self.config.ledger.entries:
            self.state.transport.write(NOTED, noted(self.config.ledger))

    def _rolled_back(self, new: StoredRelease, before: StoredRelease | None) -> Diagnostic:
        """Restore the previous release and report it. If there is none, or it may not or cannot be restored, the new
        one stays live.
        """
        hint = "改好后再发布一次"
        if before is None:
            return Diagnostic("publish.no-way-back", "warning", "没有更早的版本可以退回，新版本留在线上", hint)
        try:
            self.refuse_withdrawn(before)
        except ContentError:
            message = "上一版里有已经撤下（或撤销了审签）的文章，不能退回，新版本留在线上"
            return Diagnostic("publish.no-way-back", "warning", message, hint)
        try:
            self.restore(before, new)
        except ContentError as error:
            return Diagnostic("publish.no-way-back", "warning", f"{error}；新版本留在线上", hint)
        return Diagnostic("publish.rolled-back", "info", f"已经退回到版本 {before.release.id}", hint)

    def refuse_withdrawn(self, old: StoredRelease) -> None:
        """Raises ContentError if a release holds a withdrawn article, or a version whose approval was revoked."""
        refuse_held(old.release.id, old.release.commit, old.listing.files, self.config.ledger)
        refuse_revoked(old.release, self.revoked)

    def restore(self, old: StoredRelease, live: StoredRelease) -> StoredRelease:
        """Restore an old release; return the release that is then live.

        This is a new release that also carries the assets of `live`, for pages that are still open. If it would equal
        `old`, cannot be signed here, or must not be since `old` is not trusted, `old` itself is made live.
        """
        carrying = CarryOver(self.rules.carry, self.config.ledger.files)
        new = restoring_release(old, live, carrying, max(self.state.ids(), default=""))
        may_sign = old.trusted and self.state.signatures.can_sign
        if new.listing.files == old.listing.files or not may_sign:
            self.layout.go_back(old, live)
            return old
        self.state.save(new, live)
        self.layout.restage(new, old, live)
        self.layout.go_live(new, live)
        return new
