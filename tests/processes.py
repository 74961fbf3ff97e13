"""Builds in processes of their own, which something happens to at a chosen step: they are killed, interrupted, or made to wait.

A step is what a build does to the files of its site (Python's own audit events) or to the store.
"""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from newsgen.build.cache import store
from newsgen.cli import run

LIMIT = 60.0
"""Seconds after which something that should have ended is told to hang."""
CRASHED = 99
"""The exit code of a traceback."""
WRITING = frozenset({"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.utime"})

Deed = Callable[[], object]


Moment = int | str
"""The number of a step, from 1; or a piece of the path that the step is about."""


class Steps:
    """Counts the steps of this process, or of each of its workers, and does `deed` before the one that is `at`."""

    def __init__(self, root: Path, at: Moment, deed: Deed, in_workers: bool) -> None:
        self.root, self.at, self.deed, self.in_workers = str(root), at, deed, in_workers
        self.pid, self.taken = os.getpid(), 0
        sys.addaudithook(self._heard)
        self._listen_to_the_store()

    def step(self, path: str = "") -> None:
        """Count one step."""
        if (os.getpid() != self.pid) is self.in_workers:
            self.taken += 1
            if self.taken == self.at if isinstance(self.at, int) else self.at in path:
                self.deed()

    def _heard(self, event: str, args: tuple[Any, ...]) -> None:
        if event in WRITING or event == "open":
            path = os.fsdecode(args[0]) if isinstance(args[0], str | bytes | os.PathLike) else ""
            writes = event != "open" or args[2] & (os.O_WRONLY | os.O_RDWR) or "/content/" in path
            if path.startswith(self.root) and writes:
                self.step(path)

    def _listen_to_the_store(self) -> None:
        """A step before each access, and one before each commit."""
        ask, transaction = store.Store._ask, store._transaction

        def asked(own: store.Store, action: Any, otherwise: Any) -> Any:
            self.step()
            return ask(own, action, otherwise)

        def written(connection: Any, write: Callable[[Any], object]) -> None:
            def write_and_step(opened: Any) -> None:
                write(opened)
                self.step()

            transaction(connection, write_and_step)

        # For good: the process has nothing else to do.
        store.Store._ask = asked  # type: ignore[method-assign, assignment]
        store._transaction = written


def await_ended_threads() -> None:
    """Wait until threads that have ended are gone from the system, too; to be called before a fork.

    While it goes, a thread may hold a lock of OpenSSL, for which a process forked at that moment would wait for ever.
    """
    ends = time.monotonic() + LIMIT
    while sys.platform == "linux" and len(os.listdir("/proc/self/task")) > len(sys._current_frames()):
        assert time.monotonic() < ends, "a thread does not end"


class Running:
    """`newsgen build` of the site at `root` in a process of its own. `end_mark` can be read when it and its workers have ended."""

    def __init__(
        self, root: Path, *options: str, at: Moment = 0, deed: Deed = lambda: None, in_workers: bool = False
    ) -> None:
        self.end_mark, theirs = os.pipe()  # held open by the process and its workers, until the last is gone
        self._words = root.with_name(f"words{self.end_mark}")
        await_ended_threads()
        self.pid = os.fork()
        if self.pid == 0:
            _live(options, self._words, lambda: Steps(root, at, deed, in_workers))
        with suppress(PermissionError, ProcessLookupError):  # it was quicker
            os.setpgid(self.pid, self.pid)
        os.close(theirs)
        self.code: int | None = None

    def kill(self, also_workers: bool = False) -> None:
        """Kill the process, if it still lives; its workers only if asked."""
        if self.code is None:
            (os.killpg if also_workers else os.kill)(self.pid, signal.SIGKILL)

    def interrupt(self) -> None:
        """What Ctrl-C does: the process and its workers get the signal."""
        os.killpg(self.pid, signal.SIGINT)

    def wait(self) -> int:
        """The exit code; negative for the signal that ended it. Raises AssertionError where it hangs."""
        if self.code is not None:
            return self.code
        ends = time.monotonic() + LIMIT
        with _announced(self.pid) as announcement:
            while self.code is None:
                found, status = os.waitpid(self.pid, os.WNOHANG)
                if found:
                    self.code = os.waitstatus_to_exitcode(status)
                elif time.monotonic() > ends:
                    os.killpg(self.pid, signal.SIGKILL)
                    raise AssertionError(f"it hangs; it said: {self.words}")
                else:
                    announcement(1)
        return self.code

    def is_gone_within(self, seconds: float) -> bool:
        """Whether the process and all its workers end in so many seconds."""
        return bool(select.select([self.end_mark], [], [], seconds)[0])

    def end(self) -> int:
        """Wait for all of them, and give the exit code."""
        code = self.wait()
        assert self.is_gone_within(LIMIT), "a worker lives on"
        os.close(self.end_mark)
        assert code != CRASHED, self.words
        return code

    @property
    def words(self) -> str:
        """What it printed."""
        return self._words.read_text("utf-8")


@contextmanager
def _announced(pid: int) -> Iterator[Callable[[float], object]]:
    """A wait of so many seconds that ends when the process does, or soon after."""
    if sys.platform != "linux":
        yield lambda seconds: time.sleep(0.002)
        return
    ending = os.pidfd_open(pid)
    try:
        yield lambda seconds: select.select([ending], [], [], seconds)
    finally:
        os.close(ending)


def _live(options: tuple[str, ...], words: Path, begin: Callable[[], object]) -> None:
    """The life of the process; never returns."""
    code = CRASHED
    try:
        os.setpgid(0, 0)  # here and in the parent: whoever kills the group may come first
        signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it (nohup)
        os.dup2(os.open(words, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        sys.stderr = sys.stdout = os.fdopen(2, "w", encoding="utf-8")
        begin()
        code = run(["build", "--json", *options])
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 (told to the process that waits)
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


class Gate:
    """A place at which a process waits until it is let through."""

    def __init__(self) -> None:
        self._arrived, self._open = os.pipe(), os.pipe()

    def pass_through(self) -> None:
        """Say that one is here, and wait."""
        os.write(self._arrived[1], b"x")
        os.read(self._open[0], 1)

    def is_reached(self, who: Running) -> bool:
        """Whether the process waits here; False when it ends without."""
        arrived = self._arrived[0]
        if arrived not in select.select([arrived, who.end_mark], [], [])[0]:
            return False
        os.read(arrived, 1)
        return True

    def let_through(self) -> None:
        """Let all that wait go on."""
        os.write(self._open[1], b"x" * 64)
        for descriptor in (*self._arrived, *self._open):
            os.close(descriptor)


def kill_oneself() -> None:
    """End this process at once, as the system does when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_a_worker() -> None:
    """End one of the workers of this process, if it has any by now."""
    for worker in multiprocessing.active_children()[:1]:
        worker.kill()
        worker.join()


def interrupt_all() -> None:
    """Ctrl-C."""
    os.killpg(0, signal.SIGINT)


def interrupt_as_workers_begin() -> None:
    """Ctrl-C, each time that this process has started a worker, before that has set itself up."""
    run = BaseProcess.run

    def interrupted(worker: BaseProcess) -> None:
        interrupt_all()
        run(worker)

    BaseProcess.run = interrupted  # type: ignore[method-assign, assignment]  # for good, as above
