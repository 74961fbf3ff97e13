"""Versions kept of automatic saves: which states of a report become versions while somebody writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from newsgen.authoring.history import KeepResult, forget, keep
from newsgen.core.digest import digest_bytes
from newsgen.core.model import Diagnostic, Record

PAUSE = timedelta(minutes=30)
"""A pause after which another edit begins."""
APART = timedelta(minutes=1)
"""The time between two versions of one edit, at least."""


class _LastSave(Record, frozen=True):
    """The last save of a report: by whom, in which window, when, and what; `version` is the one that the next save of this
    minute replaces."""

    writer: tuple[str, str]
    time: datetime
    digest: str
    version: str | None = None
    since: datetime | None = None


class Autosaves:
    """The automatic saves of the reports of the site at `root`, and the versions kept of them.

    Around each save call `before()` with the bytes that are on disk and `after()` with those that were written. Kept are the
    state before an edit begins, what another program, person or window left, and of each minute the last state. So the
    newest version is always what was written last. `window` names the page that saves; where it is "",
    every state is kept. Each call gives a warning where a version could not be kept.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last_saves: dict[str, _LastSave] = {}

    def before(self, path: str, data: bytes, who: str, now: datetime, window: str = "") -> Diagnostic | None:
        """Keep what a save is about to replace, where it is not what this person wrote a moment ago."""
        last, digest = self._last_saves.get(path), digest_bytes(data)
        is_ours = last is not None and last.digest == digest
        if last and is_ours and last.writer == (who, window) and timedelta(0) <= now - last.time <= PAUSE:
            return None
        kept = keep(self._root, path, data, "", "outside" if last and not is_ours else "found", now)
        self._last_saves[path] = _LastSave((who, window), now, digest)
        return kept.problem

    def after(self, path: str, data: bytes, who: str, now: datetime, window: str = "") -> Diagnostic | None:
        """Keep what was saved, in place of what the same window saved within the same minute.

        Another window of the same person may never have shown what is replaced, so it stays.
        """
        last = self._last_saves.get(path)
        since = last.since if window and last and last.writer == (who, window) and last.version else None
        is_same_minute = since is not None and timedelta(0) <= now - since < APART
        replaced = last.version if last and is_same_minute else None
        kept = keep(self._root, path, data, who, "edited", now)
        if replaced and kept.id and replaced != kept.id:
            forget(self._root, path, replaced)
        self._last_saves[path] = _LastSave(
            (who, window), now, digest_bytes(data), kept.id, since if is_same_minute else now
        )
        return kept.problem

    def before_restoring(self, path: str, data: bytes, now: datetime) -> KeepResult:
        """Keep what an earlier version is about to replace. The edit ends: no later save takes its place."""
        self._last_saves.pop(path, None)
        return keep(self._root, path, data, "", "restored", now)
