"""Pruning of the history: old versions are deleted in the background, so that no save waits for it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from newsgen.authoring.history import DAYS
from newsgen.authoring.history_files import FOLDER, PATH_FILE, id_time, ids_in, path_in, version_at
from newsgen.core.files import remove_leftovers, write_whole
from newsgen.core.platform import is_link, unlink

MOST_VERSIONS = 1000
"""Maximum versions of one report; the oldest are deleted first."""


def prune(root: Path, now: datetime) -> int:
    """Delete versions older than DAYS, or too many for one report; return how many.

    The newest version of a text is kept. A version that cannot be deleted now is tried again next time.
    """
    limit = id_time(now - timedelta(days=DAYS))
    gone = 0
    for folder in folders_of_history(root):
        with suppress(OSError):  # in use by another program, or no longer there
            gone += _prune(folder, limit)
    return gone


def folders_of_history(root: Path) -> tuple[Path, ...]:
    """The folders of the history, one for each path; empty if a link leads elsewhere or they cannot be listed."""
    home = root.joinpath(*FOLDER)
    try:
        return () if is_link(home) or is_link(home.parent) else tuple(sorted(home.iterdir()))
    except OSError:
        return ()


def _prune(folder: Path, limit: str) -> int:
    if is_link(folder):
        return 0
    remove_leftovers(folder)
    names = ids_in(folder)
    old = [name for place, name in enumerate(names) if name < limit or place >= MOST_VERSIONS]
    if old and old[0] == names[0] and version_at(folder / names[0]).reason != "removed":
        old = old[1:]
    for name in old:
        unlink(folder / name, missing_ok=True)
    if len(old) == len(names):
        _remove_empty(folder)
    return len(old)


def _remove_empty(folder: Path) -> None:
    path = path_in(folder)
    unlink(folder / PATH_FILE, missing_ok=True)
    try:
        folder.rmdir()
    except OSError:  # a version was written just now
        if path:
            write_whole(folder / PATH_FILE, f"{path}\n".encode())
        raise
