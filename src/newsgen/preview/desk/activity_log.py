"""`.newsgen/desk.log`: who did what at the desk, and when. Lines are only added; no passwords and no texts are in it.

2024-06-01T08:00:00+08:00	127.0.0.1	王芳	PUT report	content/meetings/…/index.md	200
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from newsgen.build.cache.store import FOLDER
from newsgen.core.files import visible
from newsgen.core.platform import is_link, replace
from newsgen.preview.desk.site_folder import is_out_of_reach

NAME = "desk.log"
MOST_BYTES = 1_000_000
KEPT = 5
"""Number of earlier files, of which `desk.log.1` is the newest."""
APART = timedelta(minutes=1)
"""Time after which the same action of the same person is logged again: a report is saved every few seconds."""
_LONGEST = 200


class ActivityLog:
    """The log of the site at `root`. Lines that the disk refuses are dropped, so that work can go on."""

    def __init__(self, root: Path) -> None:
        self._root, self._path = root, root / FOLDER / NAME
        self._last: dict[tuple[str, ...], datetime] = {}

    def add(
        self, now: datetime, address: str, who: str, what: str, about: str, status: int, is_folded: bool = False
    ) -> None:
        """Add a line; with `is_folded`, only if the same was not logged within APART."""
        logged = (address, who, what, about, str(status))
        if is_folded and now - self._last.get(logged, now - APART) < APART:
            return
        self._last = {key: time for key, time in self._last.items() if now - time < APART} | {logged: now}
        line = "\t".join([now.isoformat(timespec="seconds"), *(visible(part)[:_LONGEST] for part in logged)])
        if is_out_of_reach(self._root):
            return  # no folder is made in place of a drive that is not plugged in
        try:
            self._rotate()
            if is_link(self._path):
                return
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            descriptor = os.open(self._path, flags, 0o600)
            try:
                os.write(descriptor, f"{line}\n".encode("utf-8", "backslashreplace"))
            finally:
                os.close(descriptor)
        except OSError:
            return

    def _rotate(self) -> None:
        self._path.parent.mkdir(exist_ok=True)
        if not self._path.exists() or self._path.stat().st_size < MOST_BYTES:
            return
        for number in range(KEPT - 1, 0, -1):
            older = self._path.with_name(f"{NAME}.{number}")
            if older.exists():
                replace(older, self._path.with_name(f"{NAME}.{number + 1}"))
        replace(self._path, self._path.with_name(f"{NAME}.1"))
