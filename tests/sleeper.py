"""A way to a server that falls silent, as a machine's connections do when it slept: open, and leading nowhere."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit


class Sleeper:
    """Passes on what comes and goes between its own `url` and that of a server; as a context it ends everything."""

    def __init__(self, url: str) -> None:
        target = urlsplit(url)
        self._target = (target.hostname or "", target.port or 0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._awake = awake()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/"

    def __enter__(self) -> Sleeper:
        self._carry_on(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for one in [self._listening, *self._sockets]:
            one.close()

    def sleep(self) -> None:
        """Connections of now lead nowhere from here on; new ones do."""
        self._awake.clear()
        self._awake = awake()

    def _carry_on(self, deed: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=deed, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._sockets.append(near)
                far = socket.create_connection(self._target)
                self._sockets.append(far)
                self._carry_on(_carry, near, far, self._awake)
                self._carry_on(_carry, far, near, self._awake)


def awake() -> threading.Event:
    """Set as long as nobody sleeps."""
    event = threading.Event()
    event.set()
    return event


def _carry(source: socket.socket, target: socket.socket, awake: threading.Event) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if awake.is_set():
                target.sendall(data)
        if awake.is_set():
            target.shutdown(socket.SHUT_WR)
