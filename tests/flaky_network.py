"""A way to a server that counts bytes, and that can be cut or fall silent in the midst of them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from publish_helpers import Publishing
from servers import HOST, LIMIT, Sshd

RULES = "  carry: 100\n  max_delete: 100%\n  keep: 2\n"


class Wire:
    """The way to a server, through a port of its own. It lets `allowed` more bytes pass towards the server (None: all).

    Then it is cut, or, if `silent`, swallows everything that comes. `sent` and `received` count bytes, seen from here: a server
    that is slow has not taken in all of them, and does not any more once the wire is cut. So it is cut when `may_be_cut`.
    """

    def __init__(
        self,
        server: Sshd,
        allowed: int | None = None,
        silent: bool = False,
        may_be_cut: Callable[[], bool] = lambda: True,
    ) -> None:
        self.allowed, self.silent, self.sent, self.received = allowed, silent, 0, 0
        self._may_be_cut = may_be_cut
        self._server, self._open, self._carriers = server, list[socket.socket](), list[threading.Thread]()
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self._is_closed = False
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            self._open.append(near)
            if self._is_closed:
                return
            try:
                transport = socket.create_connection((HOST, self._server.port))
            except OSError:
                near.close()
                continue
            self._open.append(transport)
            for ends in ((near, transport, True), (transport, near, False)):
                self._carriers.append(threading.Thread(target=self._carry, args=ends, daemon=True))
                self._carriers[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:
        try:
            while data := source.recv(65536):
                if self.allowed is not None and self.sent + len(data) > self.allowed and to_server:
                    if not self.silent:
                        self._await_cut()
                        break
                    self.allowed = -1  # of what follows, nothing passes, however short it is, and no answer
                if self.silent and self.allowed is not None and self.sent > self.allowed:
                    continue
                target.sendall(data)
                self.sent += len(data) if to_server else 0
                self.received += 0 if to_server else len(data)
        except OSError:
            pass
        finally:
            for end in (source, target):
                _reset(end)

    def _await_cut(self) -> None:
        ends = time.monotonic() + LIMIT
        while not self._may_be_cut() and time.monotonic() < ends:
            time.sleep(0.02)

    def close(self) -> None:
        """Let everything go, whoever comes in this very moment included."""
        self._is_closed = True
        socket.create_connection((HOST, self.port)).close()  # wakes who waits for a connection
        self._acceptor.join()
        self._listener.close()
        for end in self._open:
            _reset(end)  # wakes who waits for bytes
        for carrier in self._carriers:
            carrier.join()
        for end in self._open:  # not before: its number may be that of another connection at once
            end.close()


def _reset(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


@contextmanager
def through_a_wire(
    published: Publishing,
    server: Sshd,
    allowed: int | None = None,
    silent: bool = False,
    may_be_cut: Callable[[], bool] = lambda: True,
) -> Iterator[Wire]:
    """The target is reached through a wire meanwhile."""
    wire = Wire(server, allowed, silent, may_be_cut)
    known = published.site.root / "known_hosts"
    known.write_text(f"[{HOST}]:{wire.port} {server.host_key.with_suffix('.pub').read_text('utf-8')}", "utf-8")
    published.settings(RULES, port=wire.port, known_hosts=known)
    try:
        yield wire
    finally:
        wire.close()
        published.settings(RULES)
