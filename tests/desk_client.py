"""A writing desk at work, in a thread or as a process that can be killed, and who asks it over real sockets, without a window.

What is seen and typed in a window is in desk_browser.py.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

from newsgen.preview.desk.app import DESK
from newsgen.preview.desk.passwords import PasswordFile
from newsgen.preview.desk.secret import kept_secret
from newsgen.preview.desk.serve import ALONE, Network, desk_server
from newsgen.preview.loop import Preview
from newsgen.preview.serve import BindAddress, Served, listen
from preview_helpers import LIMIT

API = f"{DESK}api/"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Answer:
    """What the desk answers."""

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


@dataclass
class Client:
    """A browser at a desk, without a window: it keeps the cookie, and says which page it asks from.

    `headers` are sent with every request; `token` is that of the address which the desk prints, "" for a stranger, and `root`
    the site, where it is known.
    """

    port: int
    cookie: str = ""
    host: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""
    root: Path = Path()

    @property
    def origin(self) -> str:
        """The site that this browser thinks it is at."""
        return f"http://{self.host or f'127.0.0.1:{self.port}'}"

    @property
    def url(self) -> str:
        """The address that the desk prints."""
        return f"{self.origin}{DESK}?token={self.token}"

    def ask(self, method: str, path: str, body: bytes | str = b"", **headers: str | None) -> Answer:
        """Ask for a path as it is written, with these headers in place of those that the desk's own page sends; None leaves
        one out."""
        sent: dict[str, str | None] = {"Host": self.host or f"127.0.0.1:{self.port}", "Cookie": self.cookie or None}
        if method not in ("GET", "HEAD"):
            sent |= {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        sent |= {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        data = body.encode() if isinstance(body, str) else body
        if data or method not in ("GET", "HEAD"):
            sent.setdefault("Content-Length", str(len(data)))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders()
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
            connection.send(data)
        response = connection.getresponse()
        found = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return found

    def call(
        self,
        method: str,
        endpoint: str,
        body: object = None,
        headers: Mapping[str, str | None] | None = None,
        **query: str,
    ) -> Answer:
        """Ask the API: bytes are sent as they are, everything else as JSON; `query` stands in the address."""
        address = f"{API}{endpoint}?{urlencode(query, quote_via=quote)}" if query else API + endpoint
        own = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body, own = json.dumps(body).encode(), {"Content-Type": "application/json", **own}
        return self.ask(method, address, body if isinstance(body, bytes) else b"", **own)

    def get(self, endpoint: str, **query: str) -> Any:
        """What the API says. Raises AssertionError where it refuses."""
        answer = self.call("GET", endpoint, None, None, **query)
        assert answer.status == 200, answer.text
        return answer.json

    def enter(self, token: str) -> Answer:
        """Open the address that the desk prints."""
        self.token = token
        found = self.ask("GET", f"{DESK}?token={quote(token)}")
        self.keep(found)
        return found

    def sign_in(self, name: str, password: str = PASSWORD, **headers: str | None) -> Answer:
        """Fill in the form."""
        form = urlencode({"name": name, "password": password})
        kind = "application/x-www-form-urlencoded"
        found = self.ask("POST", f"{DESK}sign-in", form, **{"Content-Type": kind, **headers})
        self.keep(found)
        return found

    def keep(self, found: Answer) -> None:
        """Keep the cookie of an answer."""
        match = re.match(r"([^=]+=[^;]*)", found.headers.get("set-cookie", ""))
        self.cookie = match[1] if match else self.cookie


@contextmanager
def desk_at_work(root: Path, network: Network = ALONE, place: BindAddress | None = None) -> Iterator[Served]:
    """The desk of a site, with a server in a thread of its own."""
    place = place or BindAddress(port=0)
    with listen(place) as listening:
        preview = Preview(root)
        server = desk_server(preview, listening, place, network)
        preview.open()
        thread = Thread(target=server.run, name="newsgen-server", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            thread.join()
            preview.close()


def own_client(server: Served) -> Client:
    """The browser of the person whose computer it is."""
    client = Client(server.port, root=server.preview.session.root)
    assert client.enter(kept_secret(client.root)).status == 303
    return client


@contextmanager
def desk_served(root: Path) -> Iterator[Client]:
    """The desk of a site in a thread of its own, and the browser of the person whose computer it is."""
    with desk_at_work(root) as server:
        yield own_client(server)


def with_passwords(folder: Path, *names: str) -> Path:
    """A password file with these people."""
    path = folder / "passwords"
    for name in names:
        PasswordFile(path).set(name, PASSWORD)
    return path


class DeskProcess:
    """`newsgen desk` on a site, as a process of its own; can be killed and started again at the same port."""

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
        self._reader = Thread(target=self._read, args=(lines,), daemon=True)
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
