"""Automatic saves: the states of a report that become versions in its history while somebody writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from newsgen.authoring.history import KeepResult, forget, keep
from newsgen.core.digest import digest_bytes
from newsgen.core.model import Diagnostic, Record

PAUSE = timedelta(minutes=30)
"""Pause after which a save begins a new edit."""
APART = timedelta(minutes=1)
"""Minimum time between two versions of one edit."""


class _LastSave(Record, frozen=True):
    """The last save of a report: its writer (person and window), its time, and the digest of its bytes.

    `version` is the version kept of it, None if there is none; a save within a minute of `since` replaces that version.
    """

    writer: tuple[str, str]
    time: datetime
    digest: str
    version: str | None = None
    since: datetime | None = None


class Autosaves:
    """Automatic saves of the reports of the site at `root`, and the versions kept of them.

    Call `before()` with the bytes on disk, save, then call `after()` with the bytes saved. Versions are kept of the state
    before an edit begins, of each state that another program, person or window left, and of the last state in each minute.
    So the newest version is always the last state saved. `window` names the page that saves; if it is "", every state
    is kept. Each call returns a warning if a version could not be kept.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last_saves: dict[str, _LastSave] = {}

    def before(self, path: str, data: bytes, who: str, now: datetime, window: str = "") -> Diagnostic | None:
        """Keep the state that a save is about to replace, unless this person saved it in this window within `PAUSE`."""
        last, digest = self._last_saves.get(path), digest_bytes(data)
        is_ours = last is not None and last.digest == digest
        if last and is_ours and last.writer == (who, window) and timedelta(0) <= now - last.time <= PAUSE:
            return None
        kept = keep(self._root, path, data, "", "outside" if last and not is_ours else "found", now)
        self._last_saves[path] = _LastSave((who, window), now, digest)
        return kept.problem

    def after(self, path: str, data: bytes, who: str, now: datetime, window: str = "") -> Diagnostic | None:
        """Keep the state saved, in place of the version that the same window saved within the same minute.

        Versions of other windows stay, since this window may never have shown them.
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
        """Keep the state that an earlier version is about to replace. The edit ends: no later save replaces this state."""
        self._last_saves.pop(path, None)
        return keep(self._root, path, data, "", "restored", now)
