"""HTTP/1.1 connections with time limits, on uvicorn's protocol.

uvicorn ends a connection that is idle between two requests; one on which no whole request arrives, or whose client no
longer reads, would stay open as long as the server runs.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class TimedProtocol(H11Protocol):
    """A connection with two limits, in seconds: for a request to arrive whole, and for a client to read an answer.

    A large file may take longer, as long as `least` bytes of it arrive within each such span.
    """

    asks_within = 15.0
    least = 100_000
    reads_within = 60.0
    most = 300
    """Connections at once: Windows selects among 512, and files need descriptors as well."""
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
        """End the connection that has been silent longest without a request, so that who sends one finds a place."""
        others = (other for other in self.connections if isinstance(other, TimedProtocol))
        live = [other for other in others if not other.transport.is_closing()]
        if len(live) <= self.most:
            return
        silent = (other for other in live if other.conn.their_state is h11.IDLE)
        min(silent, key=lambda other: other._since, default=self).transport.abort()

    def _await_request(self) -> None:
        """Start the time limit for a request, or end it where head and body have arrived."""
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._end_asking()
        elif self._asking is None:
            self._arrived = 0
            self._asking = self.loop.call_later(self.asks_within, self._check_progress)

    def _check_progress(self) -> None:
        """End the connection, unless a body goes on arriving, or waits for us; not one that we have refused already."""
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
