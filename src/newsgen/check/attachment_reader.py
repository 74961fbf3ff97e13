"""The reader of attachments in a separate process, since a file may be made to break its reader. A file that takes too
long, needs too much memory or ends the process is given up with a reason, and a new process reads the others.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from newsgen.check.finding import Finding
from newsgen.check.rules.files import file_findings, unread
from newsgen.core.platform import limit_memory, may_fork

if TYPE_CHECKING:  # Windows has nothing of fork
    from multiprocessing.context import ForkContext, ForkProcess, SpawnContext, SpawnProcess

TIMEOUT = 8.0
"""Seconds that reading one attachment may take."""
MEMORY = 300_000_000
"""Bytes of memory that reading an attachment may take in addition to what the process holds at its start."""


class AttachmentReader:
    """A reader that gives the findings about attachments. Its process starts with the first attachment."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._process: ForkProcess | SpawnProcess | None = None
        self._line: Connection | None = None

    def findings(self, path: str, data: bytes) -> tuple[Finding, ...]:
        """The findings in the attachment at `path` with these bytes."""
        line = self._line or self._start()
        try:
            line.send((path, data))
            if line.poll(self._timeout):
                found: tuple[Finding, ...] = line.recv()
                return found
            problem = f"读了 {self._timeout:g} 秒还没有读完"
        except (EOFError, OSError):  # the process has ended
            problem = "读的时候出了错，多半已经损坏"
        self.close()
        return (unread(path, problem),)

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self._line is not None:
            self._line.close()
        self._process = self._line = None

    def _start(self) -> Connection:
        context: ForkContext | SpawnContext
        context = multiprocessing.get_context("fork") if may_fork() else multiprocessing.get_context("spawn")
        own, other = context.Pipe()
        self._process = context.Process(target=_read_all, args=(other, own), daemon=True)
        self._process.start()
        other.close()
        self._line = own
        return own


# ---------------------------------------------------------------- in the process of its own


def _read_all(line: Connection, other_end: Connection) -> None:
    """Send the findings of one attachment after another, until the other end is closed."""
    other_end.close()  # otherwise the end of the parent process would not be noticed
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the parent ends this one
    gc.enable()
    limit_memory(MEMORY)
    while True:
        try:
            path, data = line.recv()
        except EOFError:
            return
        line.send(_found(path, data))


def _found(path: str, data: bytes) -> tuple[Finding, ...]:
    try:
        return tuple(file_findings(path, data))
    except MemoryError:
        return (unread(path, "读它要用太多内存"),)
