"""The process: its user, the processors that it may use, the event loop for its server."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop


def user_name() -> str:
    """The name of whoever runs newsgen; a number or "?" where the system gives none."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no variable that names the user; no pwd on Windows; no such account
        return str(os.getuid()) if hasattr(os, "getuid") else "?"


def processors() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def may_fork() -> bool:
    """Whether a new process may be forked: elsewhere, or with threads that hold locks, it must begin anew."""
    return sys.platform == "linux" and threading.active_count() == 1


def limit_memory(more: int) -> None:
    """Let this process have so many bytes of memory more than it has now, where the system can see to it: only Linux does."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def new_event_loop() -> AbstractEventLoop:
    """A selector event loop, for a server.

    Windows' proactor loop closes the listening socket for good when a client resets its connection before it is
    accepted (python/cpython#93821). Our servers wait for sockets alone, for which a selector suffices.
    """
    import asyncio

    return asyncio.SelectorEventLoop()
