"""HTTP/1.1 connections with time limits, on uvicorn's protocol.

uvicorn itself ends only connections that are idle between two requests. A connection on which no whole request arrives,
or whose client no longer reads, would stay open as long as the server runs.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class TimedProtocol(H11Protocol):
    """A connection with two limits in seconds: `asks_within` for a request to arrive whole, and `reads_within` for a
    client to go on reading an answer.

    A large file may take longer to arrive, while at least `least` bytes of it come in each span of `asks_within`.
    """

    asks_within = 15.0
    least = 100_000
    reads_within = 60.0
    most = 300
    """Most connections at once: select() on Windows takes 512, and open files need descriptors as well."""
    _since = 0.0
    _asking: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _arrived = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._since = self.loop.time()
        self._await_request()
        if len(self.connections) > self.most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        self._since = self.loop.time()
        super().data_received(data)
        self._arrived += len(data)
        self._await_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading = self.loop.call_later(self.reads_within, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_asking()
        self._end_reading()
        super().connection_lost(exc)

    def _make_room(self) -> None:
        """End the connection that has been idle longest, so that there is room for requests; this one where none is idle."""
        others = (other for other in self.connections if isinstance(other, TimedProtocol))
        live = [other for other in others if not other.transport.is_closing()]
        if len(live) <= self.most:
            return
        silent = (other for other in live if other.conn.their_state is h11.IDLE)
        min(silent, key=lambda other: other._since, default=self).transport.abort()

    def _await_request(self) -> None:
        """Start the time limit for a request, or cancel it once head and body have arrived."""
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._end_asking()
        elif self._asking is None:
            self._arrived = 0
            self._asking = self.loop.call_later(self.asks_within, self._check_progress)

    def _check_progress(self) -> None:
        """End the connection at its limit, unless the body of an unanswered request still arrives or waits to be read."""
        self._asking = None
        is_wanted = self.conn.their_state == h11.SEND_BODY and self.conn.our_state == h11.SEND_RESPONSE
        if is_wanted and (self._arrived >= self.least or self.flow.read_paused):
            self._await_request()
        else:
            self.transport.close()

    def _end_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _end_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
