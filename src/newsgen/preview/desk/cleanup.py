"""Daily cleanup: old versions, and temporary files that a killed program left in content/."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from newsgen.authoring.history_pruning import prune
from newsgen.content.scan import FOLDER
from newsgen.core.files import remove_leftovers_below

PAUSE = 600.0
"""Seconds between two checks whether a new day has begun: one wait of a day would not count the hours of sleep."""


@contextmanager
def daily_cleanup(root: Path, clock: Callable[[], datetime], pause: float = PAUSE) -> Iterator[None]:
    """Clean up the site at `root` now and once a day, in a thread of its own, as long as the block runs."""
    over = Event()

    def work() -> None:
        last = None
        while True:
            now = clock()
            if now.date() != last:
                last = now.date()
                clean_up(root, now)
            if over.wait(pause):
                return

    Thread(target=work, name="newsgen-cleanup", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def clean_up(root: Path, now: datetime) -> None:
    """Delete versions older than 30 days, and temporary files older than an hour."""
    prune(root, now)
    remove_leftovers_below(root / FOLDER)
