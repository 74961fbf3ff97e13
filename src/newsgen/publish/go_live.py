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
"""Seconds in which a web server must show the new site: its caches may keep the old for a moment."""


@dataclass(frozen=True, slots=True)
class GoLive:
    """The checks of a target before and after another release goes live there, and the way back to an earlier one.

    `revoked` are the versions of articles (with their paths) whose approval was taken back: nothing leads back to them.
    """

    state: TargetState
    layout: Layout
    target: Target
    rules: Publishing
    config: Config
    revoked: Mapping[str, str]

    def check(self, new: StoredRelease, before: StoredRelease | None, lock: PublishLock) -> tuple[Diagnostic, ...]:
        """Check the site over HTTP; gives what the web keeper should set up better.

        Where readers don't get the new release, the one before is restored and ContentError raised. Raises
        TransportError where another publisher has taken over.
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
        """Raises ContentError where something can still be read that the live release does not hold any more."""
        diagnostics = tuple(self._http_check({}, live).mismatches()) if self.target.http else ()
        if diagnostics:
            raise ContentError(diagnostics)

    def _http_check(self, files: Mapping[str, str], release: StoredRelease) -> HttpCheck:
        return HttpCheck(self.target.url or self.config.url, files, gone(self.config.ledger, release.listing.files))

    def refuse_forgotten(self) -> None:
        """Raises ContentError where entries of the ledger were lost since something was published here."""
        refuse_forgotten(self.state.transport.read(NOTED), self.config.ledger)

    def note_withdrawn(self) -> None:
        """Store the hashes of all withdrawn addresses at the target, so that a later ledger without them is refused."""
        if self.config.ledger.entries:
            self.state.transport.write(NOTED, noted(self.config.ledger))

    def _rolled_back(self, new: StoredRelease, before: StoredRelease | None) -> Diagnostic:
        """Restore the release before, and say so. Where there is none, or the ledger forbids it, the new one stays."""
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
        """Raises ContentError where a release would show again what was withdrawn, or whose approval was revoked."""
        refuse_held(old.release.id, old.release.commit, old.listing.files, self.config.ledger)
        refuse_revoked(old.release, self.revoked)

    def restore(self, old: StoredRelease, live: StoredRelease) -> StoredRelease:
        """Restore an old release; gives the one that is live then. Open pages keep the assets of `live`.

        That takes a new release. Where it would be the same as the old one, or cannot be signed here (or should not be:
        the old one is not trusted), the old one itself is made live.
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
