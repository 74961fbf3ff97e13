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
        """Finish what a killed publisher had begun to make live."""

    def stage(self, new: StoredRelease, before: StoredRelease | None, files: BuiltFiles) -> int:
        """Gather the files of a release where readers do not see them, and compare them; gives the bytes sent.

        Raises ContentError where they do not arrive as sent, staging.AlteredFiles where carried assets were altered.
        """

    def go_live(self, new: StoredRelease, before: StoredRelease | None) -> None:
        """Make what was staged live. `before` is the release that is live now."""

    def go_back(self, old: StoredRelease, before: StoredRelease | None) -> None:
        """Make an earlier release live again. Raises ContentError where files of it are missing."""

    def restage(self, new: StoredRelease, old: StoredRelease, live: StoredRelease) -> None:
        """Gather the files of a release that restores `old`. Raises ContentError where some are missing."""

    def drop(self, names: list[str]) -> None:
        """Delete the files of releases that are pruned; their records are still there."""
