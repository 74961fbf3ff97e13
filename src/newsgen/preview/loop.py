"""The loop of a preview: wait for changes, read the files, tell the browsers. One thread owns the session.

Requests and looks stand in one queue, so that whoever asks after a save has been noticed gets the site as it is then.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Condition, Thread
from typing import TypeVar

from newsgen.core.model import SHANGHAI
from newsgen.preview.session import Clock, Session, ShownVersion
from newsgen.preview.watch import ChangeSignal, Watch

AGAIN = 1.0
"""Seconds after which files are looked at once more when something was noticed: a notice may be lost in a burst."""
POLL = 1.0
"""Seconds between looks where there are no notices."""
MOMENT = 0.3
"""Seconds for which bad news may be a save that is not over yet."""
LONG = 30.0
"""Seconds between looks where nothing is noticed: a computer may have slept, and notices may have gone silent."""
SHARE = 4
"""How many times as long as a look the pause between two of them is, at least."""

T = TypeVar("T")
Listener = Callable[[ShownVersion], object]


def china_time() -> datetime:
    """The current time in China."""
    return datetime.now(SHANGHAI)


class Preview:
    """The site at `root`, followed as long as the preview is open.

    `listeners` are called with each new version, in the thread that has the session. `looks` counts how often files were
    looked at.
    """

    def __init__(self, root: Path, clock: Clock = china_time) -> None:
        self.session = Session(root, clock)
        self.listeners: list[Listener] = []
        self.looks = 0
        self._clock = clock
        self._flag = ChangeSignal()
        self._watch = Watch(root, self._flag)
        self._executor = ThreadPoolExecutor(1, "newsgen-site")
        self._watcher = Thread(target=self._live, name="newsgen-watch", daemon=True)
        self._first: Future[ShownVersion] = Future()
        self._announced = 0
        self._doubted: float | None = None  # since when the files have looked worse than what is shown
        self._looked = Condition()
        self._is_open = True

    @property
    def polls(self) -> str | None:
        """The reason why files are looked at again and again, in words for people; None where the system gives notice."""
        return self._watch.polls

    def open(self) -> None:
        """Start the thread. The first look comes before all that is asked for."""
        self._watch.watch_paths()
        self._first = self.do(partial(self._look, None))
        self._watcher.start()

    def close(self) -> None:
        """End the thread once the current action is done."""
        self._is_open = False
        self._flag.close()
        if self._watcher.ident is not None:
            self._watcher.join()
        self._watch.close()
        self._executor.submit(self.session.close).result()
        self._executor.shutdown()

    def do(self, deed: Callable[[Session], T]) -> Future[T]:
        """Do something with the session, after all that was asked for before."""
        return self._executor.submit(self._done, deed)

    def wait(self, wanted: Callable[[ShownVersion], bool], seconds: float) -> bool:
        """Wait until a look has come to a version that is `wanted`: whether it came in time."""
        with self._looked:
            return self._looked.wait_for(lambda: wanted(self.session.version), seconds)

    def _done(self, deed: Callable[[Session], T]) -> T:
        """What the deed finds. A page that is asked for may bring a new version, too."""
        found = deed(self.session)
        version = self.session.version
        if version.number != self._announced:
            self._announced = version.number
            for listener in self.listeners:
                listener(version)
        with self._looked:
            self._looked.notify_all()
        return found

    # ------------------------------------------------------------ the thread that watches

    def _live(self) -> None:
        pause = self._after(self._first.result(), is_calm=False, took=0.0)
        while (notice := self._flag.wait(pause)).reason != "over":
            self._watch.watch_paths(self.session.links, anew=notice.reason == "noticed" and notice.files is None)
            began, before = time.monotonic(), self.session.version.number
            version = self.do(partial(self._look, notice.files)).result()
            is_calm = notice.reason == "waited" and version.number == before and self._doubted is None
            pause = self._after(version, is_calm, time.monotonic() - began)

    def _after(self, version: ShownVersion, is_calm: bool, took: float) -> float:
        """What is to be done after a look; how long nothing need be looked at, where nothing is noticed."""
        if self._watch.watch_paths(self.session.links):
            self._flag.raise_()  # for what happened there before there was a watch
        if is_calm:
            self.do(Session.save)
            self.do(self._try_pages)
        if self._doubted is not None:
            return max(0.0, self._doubted + MOMENT - time.monotonic())
        if not version.is_complete:
            return 0.0
        if self._watch.polls:
            return max(POLL, SHARE * took)
        if not is_calm:
            return max(AGAIN, SHARE * took)
        left = (version.until - self._clock()).total_seconds() if version.until else LONG
        return min(max(left, AGAIN), LONG)

    def _try_pages(self, session: Session) -> None:
        """Try some pages, then let others ask before the next ones."""
        if self._is_open and session.try_pages():
            self.do(self._try_pages)

    def _look(self, files: frozenset[str] | None, session: Session) -> ShownVersion:
        now = time.monotonic()
        is_sure = self.looks == 0 or (self._doubted is not None and now >= self._doubted + MOMENT)
        version = session.look(files, is_sure)
        self._doubted = (self._doubted or now) if session.is_in_doubt else None
        self.looks += 1
        return version
