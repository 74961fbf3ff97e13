"""The interface of a layout; `symlink` and `flat` implement it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from newsgen.publish.release import StoredRelease
from newsgen.publish.staging import BuiltFiles


class Layout(Protocol):
    """The layout of a target: where the files of its releases lie, and how one goes live."""

    @property
    def docroot(self) -> str:
        """The folder that the web server serves, relative to the target's folder."""

    @property
    def folders(self) -> Sequence[str]:
        """The folders that this layout alone uses, relative to the target's folder."""

    def live(self) -> str | None:
        """The id of the release that readers see; None before the first."""

    def releases(self) -> list[str]:
        """The ids of the releases that can be restored, the oldest first."""

    def folder(self, name: str) -> str:
        """The folder with the files of a release (of the live one, under the flat layout)."""

    def recover(self) -> None:
        """Finish making a release live, if a killed publisher had begun to."""

    def stage(self, new: StoredRelease, before: StoredRelease | None, files: BuiltFiles) -> int:
        """Gather the files of a release out of readers' sight and compare their hashes; return the number of bytes
        sent.

        Raises ContentError if files arrive altered, staging.AlteredFiles if carried assets at the target were altered.
        """

    def go_live(self, new: StoredRelease, before: StoredRelease | None) -> None:
        """Make the staged release live. `before` is the release that is live now."""

    def go_back(self, old: StoredRelease, before: StoredRelease | None) -> None:
        """Make an earlier release live again. Raises ContentError if files of it are missing or altered."""

    def restage(self, new: StoredRelease, old: StoredRelease, live: StoredRelease) -> None:
        """Stage `new`, which restores `old`, from files there. Raises ContentError if some are missing or altered."""

    def drop(self, names: list[str]) -> None:
        """Delete the files of pruned releases, whose records still exist."""
