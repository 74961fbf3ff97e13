"""What a desk tidies beside its work: old versions, and what a program that was killed left in content/."""

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
"""Seconds between two looks at whether another day has begun: a computer that sleeps counts no hours."""


@contextmanager
def kept_tidy(root: Path, clock: Callable[[], datetime], pause: float = PAUSE) -> Iterator[None]:
    """Tidy the site at `root` now and once on each day to come, in a thread that nobody waits for, as long as this lasts."""
    over = Event()

    def work() -> None:
        last = None
        while True:
            now = clock()
            if now.date() != last:
                last = now.date()
                tidy(root, now)
            if over.wait(pause):
                return

    Thread(target=work, name="newsgen-upkeep", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def tidy(root: Path, now: datetime) -> None:
    """Delete versions that are older than 30 days, and what was left unfinished more than an hour ago."""
    prune(root, now)
    remove_leftovers_below(root / FOLDER)
