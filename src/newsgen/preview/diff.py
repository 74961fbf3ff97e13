"""Differences between two versions of a site."""

from __future__ import annotations

from collections.abc import Mapping

from newsgen.build.inputs import Inputs
from newsgen.content.load import FileRecord, FileRecords
from newsgen.core.model import Output


def edited_texts(before: FileRecords, now: FileRecords) -> list[FileRecord]:
    """The texts that are new or changed."""
    found = []
    for path, text in now.items():
        other = before.get(path)
        if other is not text and (other is None or other.digest != text.digest):
            found.append(text)
    return found


def differences(before: Mapping[str, Output], now: Mapping[str, Output]) -> set[str]:
    """The paths of outputs that are new, gone or changed."""
    found = before.keys() ^ now.keys()
    for path, output in now.items():
        other = before.get(path)
        if other is not None and other is not output and other.fingerprint != output.fingerprint:
            found.add(path)
    return found


def only_styles(before: Inputs | None, now: Inputs) -> tuple[str, ...]:
    """The paths of the style sheets that differ between two sites; none where anything else differs."""
    if before is None or before.theme is now.theme or before.theme.templates_digest != now.theme.templates_digest:
        return ()
    old, new = before.theme.assets, now.theme.assets
    names = sorted(name for name in new if name not in old or old[name].digest != new[name].digest)
    if old.keys() != new.keys() or not all(name.endswith(".css") for name in names):
        return ()
    same = before.config == now.config and before.scan_result == now.scan_result
    return tuple(f"theme/{name}" for name in names) if same else ()
