"""A writing desk at work: served in a thread, or as a process that can be killed; and who asks it over real sockets."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import urlencode

from newsgen.preview.desk.app import DESK
from newsgen.preview.desk.secret import kept_secret
from newsgen.preview.desk.serve import desk_server
from newsgen.preview.loop import Preview
from newsgen.preview.serve import BindAddress, listen
from preview_helpers import LIMIT

API = f"{DESK}api/"


@dataclass(frozen=True)
class Answer:
    """What the desk answered; `json` is {} where it sent none."""

    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The answer as JSON."""
        return json.loads(self.data) if self.headers.get("content-type", "").startswith("application/json") else {}


class DeskClient:
    """A browser at the desk at a port, without a window; `cookie` is what the desk gave it, "" for a stranger."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port, self.token, self.cookie = port, token, ""
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}{DESK}?token={token}"
        if token:
            self.cookie = self.ask("GET", f"{DESK}?token={token}").headers["set-cookie"].partition(";")[0]

    def ask(self, method: str, path: str, data: bytes = b"", **headers: str) -> Answer:
        """Ask for a path with these headers in place of those that the desk's own page sends; "" leaves one out."""
        own = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": self.cookie,
        }
        sent = {**own, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request(method, path, data, {name: value for name, value in sent.items() if value})
        response = connection.getresponse()
        answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return answer

    def call(self, method: str, path: str, body: object = None, /, **parameters: str) -> Answer:
        """Call the API as the desk's page does; `parameters` stand in the address."""
        address = f"{API}{path}?{urlencode(parameters)}" if parameters else API + path
        data = b"" if body is None else json.dumps(body).encode()
        return self.ask(method, address, data, **({"Content_Type": "application/json"} if data else {}))

    def get(self, path: str, /, **parameters: str) -> dict[str, Any]:
        """What an endpoint says. Raises AssertionError where it refuses."""
        answer = self.call("GET", path, **parameters)
        assert answer.status == 200, answer.data.decode()
        return answer.json


@contextmanager
def desk_served(root: Path, port: int = 0) -> Iterator[DeskClient]:
    """A desk with a server in a thread of its own, and a browser that has opened it."""
    place = BindAddress(port=port)
    with listen(place) as listening:
        preview = Preview(root)
        server = desk_server(preview, listening, place)
        preview.open()
        thread = threading.Thread(target=server.run, name="newsgen-server", daemon=True)
        thread.start()
        try:
            yield DeskClient(server.port, kept_secret(root))
        finally:
            server.stop()
            thread.join()
            preview.close()


class DeskProcess:
    """`newsgen desk` on a site, as a process at a port of its own; can be killed and started again."""

    def __init__(self, root: Path, port: int) -> None:
        self._root, self._port = root, port
        self.url = ""

    def start(self) -> None:
        """Run until it says where it is."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "newsgen", "desk", "-C", str(self._root), "--port", str(self._port)],
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._reader.start()
        said = ""
        while "token=" not in said:
            line = lines.get(timeout=LIMIT)
            assert line, f"the desk has ended:\n{said}"
            said += line
        self.url = next(word for word in said.replace("：", " ").split() if "token=" in word)

    def _read(self, lines: Queue[str]) -> None:
        assert self._process.stdout
        with self._process.stdout as stdout:
            for line in stdout:
                lines.put(line)
        lines.put("")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait(LIMIT)
        self._reader.join(LIMIT)

    def stop(self) -> None:
        """End it as the closing of its window does."""
        self._process.terminate()
        self._process.wait(LIMIT)
        self._reader.join(LIMIT)
