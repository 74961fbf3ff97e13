"""Worker processes for large jobs: they parse files and render pages, each keeping the bodies that it has parsed.

A worker is a loop over its pipe: it takes a call (a function's name and its argument) and sends back the answer. Work
is sent in small batches so that no worker idles, and the parent takes batches, too. Where
the platform can fork safely the workers start in milliseconds; elsewhere (Windows, macOS, a preview with threads) they
are spawned.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from newsgen.build.workers.job_count import HERE, Functions
from newsgen.core.errors import HostError

IN_HAND = 2
"""Calls that a worker has at once: it works on one while the next lies ready."""
PATIENCE = 60.0
"""Seconds that a worker has for what it is still at (writing to the store) when it is no longer needed."""
AT_A_TIME = 2
"""Steps of its own work that the parent does before it looks for answers."""
Call = tuple[str, object]
Prepare = Callable[[Any], Functions]
"""Run in the worker with what it needs to know; gives the functions that can be called."""


class Batch(NamedTuple):
    """The argument of one call, and the number of the worker that is to take it (HERE: the parent; None: whoever is free).

    Who has nothing else to do takes what another was asked for: the parent from workers, and they from the parent.
    """

    argument: object
    worker: int | None = None


class BatchResult(NamedTuple):
    """The answer to the batch number `hand`, from a worker or from the parent (HERE)."""

    hand: int
    worker: int
    value: Any


class _Table:
    """The batches that are not sent yet, and those that each worker has."""

    def __init__(self, hands: Sequence[Batch], workers: int) -> None:
        self.hands = hands
        self.waiting: list[deque[int]] = [deque() for _ in range(workers)]
        self._bound: list[deque[int]] = [deque() for _ in range(workers)]
        self._own: deque[int] = deque()
        self._free: deque[int] = deque()
        for index, hand in enumerate(hands):
            self._queue(hand.worker).append(index)

    def _queue(self, worker: int | None) -> deque[int]:
        if worker is None:
            return self._free
        return self._own if worker == HERE else self._bound[worker]

    def next_for(self, worker: int) -> int | None:
        """One for a worker. What the parent has to send much for goes to one that waits for it and reads at once: a full
        pipe would hold up the parent.
        """
        queue = self._bound[worker] or self._free
        if queue:
            return queue.popleft()
        return self._own.pop() if self._own and not self.waiting[worker] else None

    def next_here(self) -> int | None:
        """One for the parent: its own, or one that nobody waits for, or the last that a worker would come to."""
        queue = self._own or self._free
        if queue:
            return queue.popleft()
        longest = max(self._bound, key=len)
        return longest.pop() if longest else None


class Crew:
    """Worker processes that live until close(). `prepare(needs)` runs in each of them first.

    Both must be picklable, as must every argument and answer.
    """

    def __init__(self, size: int, prepare: Prepare, needs: object) -> None:
        method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
        context: Any = multiprocessing.get_context(method)
        self._pipes: list[Connection] = []
        self._processes = []
        self._told = 0
        for _ in range(size):
            ours, theirs = context.Pipe()
            strangers = [*self._pipes, ours] if method == "fork" else []
            process = context.Process(target=_work, args=(theirs, strangers, prepare, needs), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def __len__(self) -> int:
        return len(self._pipes)

    def deal(
        self,
        name: str,
        hands: Sequence[Batch],
        own: Callable[[Any], Iterable[object]],
        meanwhile: Iterable[object] = (),
    ) -> Iterator[BatchResult]:
        """Call `name` for every hand and yield the answers as they come.

        While none is ready, the parent works, a few steps at a time: it runs through `meanwhile`, and then answers hands
        itself, with a list of what `own` yields. Raises HostError where a worker has died, OSError where the system
        refused it something, RuntimeError with the traceback of what a function raised.
        """
        self.settle()
        table = _Table(hands, len(self))
        for _ in range(IN_HAND):
            for number in range(len(self)):
                self._supply(number, name, table)
        work = _steps(table, own, meanwhile)
        is_busy = True
        while is_busy or any(table.waiting):
            pipes = [pipe for pipe, hand in zip(self._pipes, table.waiting, strict=True) if hand]
            ready = wait(pipes, timeout=0 if is_busy else None)
            for pipe in ready:
                number = self._pipes.index(pipe)  # type: ignore[arg-type]  # wait() gives back what it was given
                value = self._receive(number)
                index = table.waiting[number].popleft()
                self._supply(number, name, table)
                yield BatchResult(index, number, value)
            if not ready:
                steps = list(islice(work, AT_A_TIME))
                is_busy = bool(steps)
                yield from filter(None, steps)

    def _supply(self, number: int, name: str, table: _Table) -> None:
        hand = table.next_for(number)
        if hand is not None:
            self._send(number, (name, table.hands[hand].argument))
            table.waiting[number].append(hand)

    def tell(self, name: str, argument: object) -> None:
        """Call `name` in every worker and go on; settle() waits for them."""
        for number in range(len(self)):
            self._send(number, (name, argument))
        self._told += 1

    def settle(self) -> None:
        """Wait until every worker has done what it was told. Raises as deal() does."""
        while self._told:
            self._told -= 1
            for number in range(len(self)):
                self._receive(number)

    def dismiss(self, last: str | None = None) -> None:
        """Let the workers end by themselves, after this last call: nothing more will be asked of them, and who has gone
        already is not missed.
        """
        for pipe in self._pipes:
            if last is not None:
                with suppress(OSError):
                    pipe.send((last, None))
            pipe.close()

    def close(self) -> None:
        """End the workers, and wait for their end."""
        self.dismiss()
        for process in self._processes:
            process.join(timeout=PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()

    def _send(self, number: int, call: Call) -> None:
        try:
            self._pipes[number].send(call)
        except OSError:
            raise _lost() from None

    def _receive(self, number: int) -> Any:
        try:
            kind, value = self._pipes[number].recv()
        except (EOFError, OSError):
            raise _lost() from None
        if kind == "refused":
            raise OSError(*value)
        if kind == "failed":
            raise RuntimeError(f"in a worker process:\n{value}")
        return value


def _steps(
    table: _Table, own: Callable[[Any], Iterable[object]], meanwhile: Iterable[object]
) -> Iterator[BatchResult | None]:
    """The parent's work, step by step; with the last step of a hand comes its answer."""
    for _ in meanwhile:
        yield None
    while (index := table.next_here()) is not None:
        made = []
        for value in own(table.hands[index].argument):
            made.append(value)
            yield None
        yield BatchResult(index, HERE, made)


def _lost() -> HostError:
    return HostError(
        "生成时有一个辅助进程意外结束了，多半是内存不够", "关掉一些别的程序再运行；或者加上 --jobs 1", "crew.lost"
    )


def _work(pipe: Connection, strangers: Sequence[Connection], prepare: Prepare, needs: object) -> None:
    """A worker's life. It ends when the other end of the pipe is closed, however that came about."""
    for stranger in strangers:  # inherited by fork: left open, they would keep the others' pipes alive
        stranger.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides what becomes of it
    gc.freeze()
    functions = prepare(needs)
    while True:
        try:
            name, argument = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send(_answer(functions[name], argument))
        except OSError:
            return


def _answer(function: Callable[[Any], object], argument: object) -> tuple[str, object]:
    try:
        return "answer", function(argument)
    except OSError as error:  # a full disk, a folder that may not be written
        number = getattr(error, "winerror", None)
        return "refused", (error.errno, error.strerror, error.filename, number, error.filename2)
    except Exception:  # noqa: BLE001 (a fault of newsgen's own: the parent raises it)
        return "failed", traceback.format_exc()
