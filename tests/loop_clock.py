"""The clock of a server's event loop: the limits of a connection pass when a story says so, however busy the machine is."""

from __future__ import annotations

import asyncio
import socket
import time
from threading import Event

from running import LIMIT


class LoopClock:
    """Makes event loops whose clock can be moved on; see newsgen.core.platform.new_event_loop."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """The loop of the server that begins next."""
        clock = self

        class Loop(asyncio.SelectorEventLoop):
            """A loop that is as far ahead as its clock."""

            def time(self) -> float:
                return super().time() + clock._ahead

        self._loop = Loop()
        return self._loop

    def move_on(self, seconds: float) -> None:
        """Let this time pass, and what was to be done after it be done."""
        assert self._loop
        self._ahead += seconds
        done, loop = Event(), self._loop
        # A timer that is due is run after what a thread brings in the same round: done is what is said one round later.
        loop.call_soon_threadsafe(lambda: loop.call_soon(done.set))
        assert done.wait(LIMIT)

    def ends(self, connection: socket.socket, seconds: float) -> bytes:
        """What comes over a connection until it is ended, as its limit of `seconds` passes again and again.

        Raises TimeoutError where it is not ended.
        """
        limit, data = time.monotonic() + LIMIT, b""
        connection.settimeout(0.05)
        while True:
            try:
                if not (piece := connection.recv(2**16)):
                    return data
                data += piece
            except TimeoutError:
                if time.monotonic() > limit:
                    raise
                self.move_on(seconds)
            except ConnectionResetError:  # ended with something unread
                return data
