"""The process: its user, the processors that it may use, the event loop for its server."""

from __future__ import annotations

import os
import sys
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


WINDOWS = os.name == "nt"
WAITED_FOR = 60
"""Processes that one can wait for at once on Windows, where 63 things are the most (WaitForMultipleObjects)."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def most_processes(wanted: int) -> int:
    """As many processes as are wanted, and no more than can work together on this system."""
    return min(wanted, WAITED_FOR) if WINDOWS else wanted


def new_event_loop() -> AbstractEventLoop:
    """An event loop for a server: one that selects.

    Windows' own kind closes the listening socket for good when a client resets its connection before it is accepted
    (python/cpython#93821); sockets are all that a server of ours waits for.
    """
    import asyncio

    return asyncio.SelectorEventLoop()
