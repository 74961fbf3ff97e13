"""A target while another release goes live there, or an earlier one comes back: what is asked before and looked at after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsgen.config.model import Config, Publishing, Target
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic
from newsgen.publish.diff import ReleaseDiff
from newsgen.publish.http_check import HttpCheck, gone, retry_until_clean, sample
from newsgen.publish.layouts import Layout
from newsgen.publish.lock import PublishLock
from newsgen.publish.release import CarryOver, StoredRelease, restoring_release
from newsgen.publish.target_state import TargetState
from newsgen.publish.withdrawals import NOTED, noted, refuse_forgotten, refuse_held

PATIENCE = 10.0
"""Seconds in which a web server must show the new site: its caches may keep the old for a moment."""


@dataclass(frozen=True, slots=True)
class GoLive:
    """A target with all that is asked before and after another release goes live there."""

    place: TargetState
    layout: Layout
    target: Target
    rules: Publishing
    config: Config

    def look(
        self, new: StoredRelease, before: StoredRelease | None, publish_lock: PublishLock
    ) -> tuple[Diagnostic, ...]:
        """Check the site over HTTP; what the server's keeper should mend.

        Raises ContentError, and brings the release before back, where the site is not the new one; TransportError where it's
        another publisher's by now.
        """
        if not self.target.http:
            return ()
        plan = ReleaseDiff.of(new, before)
        look = self._look(sample(new.listing.files, (*plan.added, *plan.changed)), new)
        diagnostics = retry_until_clean(look, PATIENCE)
        if diagnostics:
            publish_lock.check()
            raise ContentError((*diagnostics, self._taken_back(new, before)))
        return tuple(look.diagnostics())

    def look_for_withdrawn(self, live: StoredRelease) -> None:
        """Raises ContentError where something can be read that was withdrawn from the site, which is live as it should be."""
        diagnostics = tuple(self._look({}, live).mismatches()) if self.target.http else ()
        if diagnostics:
            raise ContentError(diagnostics)

    def _look(self, files: Mapping[str, str], release: StoredRelease) -> HttpCheck:
        return HttpCheck(self.target.url or self.config.url, files, gone(self.config.ledger, release.listing.files))

    def refuse_forgotten(self) -> None:
        """Raises ContentError where entries of the ledger were lost since something was published here."""
        refuse_forgotten(self.place.transport.read(NOTED), self.config.ledger)

    def note_withdrawn(self) -> None:
        """Note what is withdrawn, so that it is not forgotten."""
        if self.config.ledger.entries:
            self.place.transport.write(NOTED, noted(self.config.ledger))

    def _taken_back(self, new: StoredRelease, before: StoredRelease | None) -> Diagnostic:
        """Go back to the release before, and say so; where there is none, or the ledger forbids it, the new one stays."""
        hint = "改好后再发布一次"
        if before is None:
            return Diagnostic("publish.no-way-back", "warning", "没有更早的版本可以退回，新版本留在线上", hint)
        try:
            self.refuse_withdrawn(before)
        except ContentError:
            message = "上一版里有已经撤下的文章，不能退回，新版本留在线上"
            return Diagnostic("publish.no-way-back", "warning", message, hint)
        try:
            self.back(before, new)
        except ContentError as error:
            return Diagnostic("publish.no-way-back", "warning", f"{error}；新版本留在线上", hint)
        return Diagnostic("publish.rolled-back", "info", f"已经退回到版本 {before.release.id}", hint)

    def refuse_withdrawn(self, old: StoredRelease) -> None:
        """Raises ContentError where a release would show again what was withdrawn."""
        refuse_held(old.release.id, old.release.commit, old.listing.files, self.config.ledger)

    def back(self, old: StoredRelease, live: StoredRelease) -> StoredRelease:
        """Bring an old release back; what is live then. Pages that are open somewhere keep the assets of the live one.

        A release that does so is a new one; where none is needed, or nobody here can sign it (or should: the old one is not
        trusted), the old one itself is made live.
        """
        carrying = CarryOver(self.rules.carry, self.config.ledger.files)
        new = restoring_release(old, live, carrying, max(self.place.ids(), default=""))
        may_sign = old.trusted and self.place.signatures.can_sign
        if new.listing.files == old.listing.files or not may_sign:
            self.layout.go_back(old, live)
            return old
        self.place.store(new, live)
        self.layout.restage(new, old, live)
        self.layout.go_live(new, live)
        return new
