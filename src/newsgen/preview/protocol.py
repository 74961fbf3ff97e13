"""HTTP/1.1 connections with time limits, on uvicorn's protocol.

uvicorn ends a connection that is idle between two requests; one on which no whole request arrives, or whose client no
longer reads, would stay open as long as the server runs.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class TimedProtocol(H11Protocol):
    """A connection with two limits, in seconds: for a request to arrive whole, and for a client to read an answer."""

    asks_within = 15.0
    reads_within = 60.0
    _asking: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._await_request()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
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

    def _await_request(self) -> None:
        """Start the time limit for a request, or end it where head and body have arrived."""
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._end_asking()
        elif self._asking is None:
            self._asking = self.loop.call_later(self.asks_within, self.transport.close)

    def _end_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _end_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
