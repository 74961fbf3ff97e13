"""How a target is laid out, as one small interface; `symlink` and `flat` are its two forms, each with its table of steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from newsgen.publish.layouts.flat import FlatLayout
from newsgen.publish.layouts.symlink import SymlinkLayout
from newsgen.publish.release import StoredRelease
from newsgen.publish.staging import Files
from newsgen.publish.target_state import Marker, TargetState


class Layout(Protocol):
    """A target under one of the protocols."""

    @property
    def docroot(self) -> str:
        """What the web server serves, relative to the target's folder."""

    @property
    def folders(self) -> Sequence[str]:
        """What this layout alone keeps in folders of its own, relative to the target's folder."""

    def live(self) -> str | None:
        """The release that readers see; None before the first."""

    def releases(self) -> list[str]:
        """The releases that one could go back to, the oldest first."""

    def folder(self, name: str) -> str:
        """Where the files of a release lie (the live one, under the flat protocol)."""

    def recover(self) -> None:
        """Finish what a killed publisher had begun to make live."""

    def stage(self, new: StoredRelease, before: StoredRelease | None, files: Files) -> int:
        """Put the files of a release together where readers do not see them, and compare them; bytes that travelled.

        Raises ContentError where they do not arrive as they were sent, staging.Altered where carried assets are not right.
        """

    def go_live(self, new: StoredRelease, before: StoredRelease | None) -> None:
        """Make what was staged live. `before` is the release that is live now."""

    def go_back(self, old: StoredRelease, before: StoredRelease | None) -> None:
        """Make an earlier release live again. Raises ContentError where it is not whole any more."""

    def restage(self, new: StoredRelease, old: StoredRelease, live: StoredRelease) -> None:
        """Put a release together that brings `old` back, from what is there. Raises ContentError where that is not whole."""

    def drop(self, names: list[str]) -> None:
        """Delete the files of releases that are not kept; their records still stand."""


def layout_of(place: TargetState, marker: Marker) -> Layout:
    """The layout that a target's marker names."""
    return SymlinkLayout(place) if marker.layout == "releases" else FlatLayout(place)
