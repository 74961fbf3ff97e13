"""What lies in an output folder, and how two moments differ."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

Snapshot = Mapping[str, bytes]
"""Path below the output folder, with `/`, to the digest of the file's bytes."""


def snapshot(folder: Path) -> Snapshot:
    """Every file of the site, none without the folder; what newsgen keeps for itself (`.newsgen…`) is no part of it."""
    return {
        path.removeprefix(f"{folder}{os.sep}").replace(os.sep, "/"): hashlib.blake2b(Path(path).read_bytes()).digest()
        for path in _files(str(folder))
    }


def changed(before: Snapshot, after: Snapshot) -> set[str]:
    """The paths of files that were added, deleted, or got other bytes."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def _files(folder: str) -> Iterator[str]:
    if not os.path.isdir(folder):  # noqa: PTH112
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".newsgen"):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                yield entry.path
