"""The loop of a preview: wait for changes, read the files, notify the browsers. One thread owns the session.

Requests and looks at the files share one queue, so that a request after a notice of a change gets the changed site.
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
from newsgen.core.stamps import Stamp, read_stamp
from newsgen.preview.session import Clock, Session, ShownVersion
from newsgen.preview.watch import ChangeSignal, Watch

AGAIN = 1.0
"""Seconds from a look that a notice caused to one more look, because the system may lose a notice."""
POLL = 1.0
"""Seconds between looks at the files where the system gives no notices."""
MOMENT = 0.3
"""Seconds for which a new error is not shown, because it may come from an unfinished save (save_debounce.py)."""
LONG = 30.0
"""Seconds between looks while no notice comes: the system may send none after the computer has slept."""
SETTLED = 3.0
"""Seconds from the last notice of a file that newsgen wrote itself to a look at all files, which would delay a person
who is still typing."""
SHARE = 4
"""Least pause between two looks, as a multiple of the time that a look takes."""

T = TypeVar("T")
Listener = Callable[[ShownVersion], object]


def china_time() -> datetime:
    """The current time in China."""
    return datetime.now(SHANGHAI)


class Preview:
    """The preview of the site at `root`.

    `listeners` are called with each new version, in the thread of the session. `looks` counts the looks at the files.
    """

    def __init__(self, root: Path, clock: Clock = china_time) -> None:
        self.session = Session(root, clock)
        self.listeners: list[Listener] = []
        self.looks = 0
        self._clock = clock
        self._signal = ChangeSignal()
        self._watch = Watch(root, self._signal)
        self._executor = ThreadPoolExecutor(1, "newsgen-site")
        self._watcher = Thread(target=self._live, name="newsgen-watch", daemon=True)
        self._first: Future[ShownVersion] = Future()
        self._announced = 0
        self._in_doubt_since: float | None = (
            None  # the time since which the files have had errors that are not shown yet
        )
        self._written: dict[str, Stamp | None] = {}  # the files given to look_at(), as they were then
        self._looked = Condition()
        self._is_open = True

    @property
    def polls(self) -> str | None:
        """The reason why files are polled, in Chinese; None where the system gives notices."""
        return self._watch.polls

    @property
    def now(self) -> datetime:
        """The time now, by the clock of the preview."""
        return self._clock()

    def open(self) -> None:
        """Start the thread. The first look at the files comes before all requests."""
        self._watch.watch_paths()
        self._first = self.submit(partial(self._look, None))
        self._watcher.start()

    def close(self) -> None:
        """End the thread once the current action is done."""
        self._is_open = False
        self._signal.close()
        if self._watcher.ident is not None:
            self._watcher.join()
        self._watch.close()
        self._executor.submit(self.session.close).result()
        self._executor.shutdown()

    def submit(self, action: Callable[[Session], T]) -> Future[T]:
        """Do something with the session, after all that was submitted before."""
        return self._executor.submit(self._do, action)

    def look_at(self, files: frozenset[str]) -> Future[ShownVersion]:
        """Look at files that newsgen has just written completely. The system's notice of them causes no look at once."""
        self._written |= {file: read_stamp(file) for file in files}
        return self.submit(partial(self._look, files, is_whole=True))

    def wait(self, wanted: Callable[[ShownVersion], bool], seconds: float) -> bool:
        """Wait at most so many seconds for a version that is `wanted`; return whether it came in time."""
        with self._looked:
            return self._looked.wait_for(lambda: wanted(self.session.version), seconds)

    def _do(self, action: Callable[[Session], T]) -> T:
        """Do an action, and call the listeners if it made a new version, as a request for a page may, too."""
        found = action(self.session)
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
        while (notice := self._signal.wait(pause)).reason != "over":
            if self._was_looked_at(notice.files):
                pause = SETTLED
                continue
            self._watch.watch_paths(self.session.links, anew=notice.reason == "noticed" and notice.files is None)
            began, before = time.monotonic(), self.session.version.number
            version = self.submit(partial(self._look, notice.files)).result()
            is_calm = notice.reason == "waited" and version.number == before and self._in_doubt_since is None
            pause = self._after(version, is_calm, time.monotonic() - began)

    def _was_looked_at(self, files: frozenset[str] | None) -> bool:
        """Whether a notice is only about files that look_at() was called for and that have not changed since."""
        return bool(files) and all(
            file in self._written and read_stamp(file) == self._written[file] for file in files or ()
        )

    def _after(self, version: ShownVersion, is_calm: bool, took: float) -> float:
        """Do the work after a look at the files; return the seconds until the next look if no notice comes."""
        if self._watch.watch_paths(self.session.links):
            self._signal.set()  # for changes there before they were watched
        if is_calm:
            self.submit(Session.save)
            self.submit(self._try_pages)
        if self._in_doubt_since is not None:
            return max(0.0, self._in_doubt_since + MOMENT - time.monotonic())
        if not version.is_complete:
            return 0.0
        if self._watch.polls:
            return max(POLL, SHARE * took)
        if not is_calm:
            return max(AGAIN, SHARE * took)
        left = (version.until - self._clock()).total_seconds() if version.until else LONG
        return min(max(left, AGAIN), LONG)

    def _try_pages(self, session: Session) -> None:
        """Try to render some pages, and queue the next ones behind the requests that are waiting."""
        if self._is_open and session.try_pages():
            self.submit(self._try_pages)

    def _look(self, files: frozenset[str] | None, session: Session, is_whole: bool = False) -> ShownVersion:
        now = time.monotonic()
        is_sure = (
            is_whole or self.looks == 0 or (self._in_doubt_since is not None and now >= self._in_doubt_since + MOMENT)
        )
        version = session.look(files, is_sure)
        self._in_doubt_since = (self._in_doubt_since or now) if session.is_in_doubt else None
        self.looks += 1
        return version
