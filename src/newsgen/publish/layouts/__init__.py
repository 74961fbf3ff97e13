"""Layouts: arrangements of releases in a target's folder. `symlink` and `flat` are the two, each with a table of
steps; `base` is their interface."""

from __future__ import annotations

from newsgen.publish.layouts.base import Layout
from newsgen.publish.layouts.flat import FlatLayout
from newsgen.publish.layouts.symlink import SymlinkLayout
from newsgen.publish.target_state import Marker, TargetState


def layout_of(state: TargetState, marker: Marker) -> Layout:
    """The layout that a target's marker names."""
    return SymlinkLayout(state) if marker.layout == "releases" else FlatLayout(state)
