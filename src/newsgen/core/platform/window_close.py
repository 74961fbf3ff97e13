"""The closing of the window in which a program runs: Ctrl-C is raised, and the program ends what it has begun."""

from __future__ import annotations

import _thread
import signal
import sys
from collections.abc import Callable
from threading import Event

TIMEOUT = 20.0
"""Seconds for which Windows is asked to wait. It ends the process after some five seconds all the same."""
ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
"""Ctrl-C, a system that shuts down, a window that is closed, Ctrl-Break: those that this system has."""
_CLOSED = frozenset({2, 5, 6})
"""CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT and CTRL_SHUTDOWN_EVENT."""
_kept: list[object] = []
"""What Windows calls must not be forgotten."""


def interrupt_at_end() -> None:
    """On Windows, let Ctrl-Break and the closing of the console window be Ctrl-C, so that things are left in order."""
    if hasattr(signal, "SIGBREAK"):
        signal.signal(signal.SIGBREAK, signal.default_int_handler)
    wait_at_close()


def wait_at_close() -> None:
    """On Windows, let the closing of the console window be a SIGINT, and give the process time to end by itself.

    Without this the process is gone as soon as its handler for SIGBREAK has returned.
    """
    if sys.platform == "win32":
        import ctypes

        made: Callable[[object], object] = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)
        handler = made(_interrupted)
        _kept.append(handler)
        ctypes.windll.kernel32.SetConsoleCtrlHandler(handler, 1)


def _interrupted(event: int) -> int:
    """Called by Windows in a thread of its own; the process ends when it returns."""
    if event not in _CLOSED:
        return 0
    _thread.interrupt_main()
    Event().wait(TIMEOUT)
    return 1
