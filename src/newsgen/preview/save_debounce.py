"""Debouncing of saves: errors that last only while an editor saves a file in two steps are not shown.

Some editors empty a file before they write it, others move the old file away before the new one exists; over a network
this takes a tenth of a second. So new errors, and files that are gone or empty, are shown only when a second look finds
them as well. All else is shown at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from newsgen.build.inputs import Inputs
from newsgen.content.scan import ScanResult
from newsgen.preview.page_info import ShownDiagnostic
from newsgen.render.theme import Theme

T = TypeVar("T")


def are_new(found: Collection[ShownDiagnostic], shown: Collection[ShownDiagnostic]) -> bool:
    """Whether some of the diagnostics are not shown yet."""
    return not set(shown).issuperset(found)


def is_less(now: Inputs, before: Inputs) -> bool:
    """Whether a file is gone, or has become empty. A renamed file is not gone."""
    return _files_are_gone(now.scan_result, before.scan_result) or _theme_is_less(now.theme, before.theme)


def _files_are_gone(now: ScanResult, before: ScanResult) -> bool:
    if now is before:
        return False
    there = {item.path: item.stamp[0] for item in now.found}
    if any(item.stamp[0] and there.get(item.path) == 0 for item in before.found):
        return True
    gone = [item for item in before.found if item.path not in there]
    renamed = {item.stamp[3:] for item in now.found} if gone else set()
    return any(item.stamp[3:] not in renamed for item in gone)


def _theme_is_less(now: Theme, before: Theme) -> bool:
    if now is before:
        return False
    return _is_gone(_sizes(now), _sizes(before)) or _is_gone(now.sources, before.sources)


def _sizes(theme: Theme) -> Mapping[str, int]:
    return {name: len(asset.data) for name, asset in theme.assets.items()}


def _is_gone(now: Mapping[str, T], before: Mapping[str, T]) -> bool:
    return any(value and not now.get(name) for name, value in before.items())
