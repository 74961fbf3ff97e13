"""newsgen's own server at work, in a thread or as a process that can be killed, and what it answers over a real socket."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

from newsgen.preview.loop import Preview
from newsgen.preview.serve import Served
from servers import HOST, free_port

LIMIT = 30.0
"""Seconds after which something that should have been noticed is told to be lost."""


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that another thread or process brings about. Raises AssertionError."""
    end = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@dataclass(frozen=True)
class Answer:
    """What a server answers; the names of the headers are in small letters."""

    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.data.decode()

    @property
    def json(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.data)


def answered(port: int, method: str, path: str, headers: Mapping[str, str], data: bytes = b"") -> Answer:
    """Ask for a path exactly as it is written, with these headers alone; without a Host, that of the socket."""
    connection = http.client.HTTPConnection(HOST, port, timeout=LIMIT)
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    if data:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
            connection.send(data)
    response = connection.getresponse()
    found = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    connection.close()
    return found


@contextmanager
def in_thread(preview: Preview, server: Served) -> Iterator[Served]:
    """A preview and its server, the server in a thread of its own."""
    preview.open()
    thread = Thread(target=server.run, name="newsgen-server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
        preview.close()


class ServerProcess:
    """`newsgen serve` or `newsgen desk` on a site, as a process; can be killed, and started again at the same port."""

    def __init__(self, command: str, root: Path) -> None:
        self._port = free_port()
        self._arguments = [sys.executable, "-m", "newsgen", command, "-C", str(root), "--port", str(self._port)]
        self.url = ""

    def start(self) -> None:
        """Run until it says where it is. Raises AssertionError, with what it said, where it ends before."""
        self._process = subprocess.Popen(
            self._arguments,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, args=(lines,), daemon=True)
        self._reader.start()
        place, said = f"http://{HOST}:{self._port}/", ""
        while place not in said:
            line = lines.get(timeout=LIMIT)
            assert line, f"it has ended:\n{said}"
            said += line
        self.url = next(word for word in said.replace("：", " ").split() if word.startswith(place))

    def _read(self, lines: Queue[str]) -> None:
        assert self._process.stdout
        with self._process.stdout as stdout:
            for line in stdout:
                lines.put(line)
        lines.put("")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._ended()

    def stop(self) -> None:
        """End it as the closing of its window does."""
        self._process.terminate()
        self._ended()

    def _ended(self) -> None:
        self._process.wait(LIMIT)
        self._reader.join(LIMIT)
