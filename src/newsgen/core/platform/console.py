"""Terminals: whether they understand escape codes, and how wide they draw half blocks."""

from __future__ import annotations

import os
from typing import NamedTuple, TextIO

WINDOWS = os.name == "nt"
_VIRTUAL_TERMINAL = 0x0004
"""ENABLE_VIRTUAL_TERMINAL_PROCESSING: SetConsoleMode of Windows 10 and later."""


class Console(NamedTuple):
    """The abilities of a terminal. `has_colours`: escape codes work. `narrow_blocks`: ▀ and █ are one column wide."""

    has_colours: bool
    narrow_blocks: bool


MODERN = Console(has_colours=True, narrow_blocks=True)


def console_of(stream: TextIO | None) -> Console:
    """The abilities of the terminal behind `stream`; none where it is a file, a pipe, or closed.

    Escape codes are switched on where Windows has them. The old console draws half blocks two columns wide under a
    Chinese code page; Windows Terminal (which sets WT_SESSION) and others do not.
    """
    if stream is None or stream.closed or not stream.isatty():
        return Console(has_colours=False, narrow_blocks=False)
    if not WINDOWS:
        return Console(has_colours=os.environ.get("TERM") != "dumb", narrow_blocks=True)
    return Console(_enabled(stream), "WT_SESSION" in os.environ)


def _enabled(stream: TextIO) -> bool:
    """Switch on escape codes for a console of Windows; gives whether it has them now."""
    import ctypes
    import msvcrt

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 (known to the type checker on Windows alone)
    handle = getattr(msvcrt, "get_osfhandle")(stream.fileno())  # noqa: B009
    mode = ctypes.c_ulong()
    if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        return False
    return bool(kernel.SetConsoleMode(handle, mode.value | _VIRTUAL_TERMINAL))
