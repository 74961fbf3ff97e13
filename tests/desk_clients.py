"""A writing desk at work, and browsers that ask it: over real sockets, with what a browser sends along."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

from newsgen.preview.desk.passwords import PasswordFile
from newsgen.preview.desk.serve import ALONE, Network, desk_server
from newsgen.preview.loop import Preview
from newsgen.preview.serve import BindAddress, Served, listen

LIMIT = 30.0
API = "/.newsgen/desk/api/"
DESK = "/.newsgen/desk/"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Reply:
    """What a server answers."""

    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.data)


@dataclass
class Client:
    """A browser at a desk: it keeps the cookie, and says which page it asks from."""

    port: int
    cookie: str = ""
    host: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://{self.host or f'127.0.0.1:{self.port}'}"

    def ask(self, method: str, path: str, body: bytes | str = b"", **headers: str | None) -> Reply:
        """Ask for a path as it is written; a header that is None is not sent."""
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
        found = Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return found

    def call(self, method: str, path: str, body: object = None, **headers: str | None) -> Reply:
        """Ask the API; `body` is sent as JSON, bytes as they are."""
        if isinstance(body, bytes):
            return self.ask(method, API + path, body, **headers)
        data = b"" if body is None else json.dumps(body).encode()
        return self.ask(method, API + path, data, **{"Content-Type": "application/json" if data else None, **headers})

    def enter(self, token: str) -> Reply:
        """Open the address that the desk prints."""
        found = self.ask("GET", f"{DESK}?token={quote(token)}")
        self.keep(found)
        return found

    def sign_in(self, name: str, password: str = PASSWORD, **headers: str | None) -> Reply:
        """Fill in the form."""
        form = urlencode({"name": name, "password": password})
        kind = "application/x-www-form-urlencoded"
        found = self.ask("POST", f"{DESK}sign-in", form, **{"Content-Type": kind, **headers})
        self.keep(found)
        return found

    def keep(self, found: Reply) -> None:
        """Keep the cookie of an answer."""
        match = re.match(r"([^=]+=[^;]*)", found.headers.get("set-cookie", ""))
        self.cookie = match[1] if match else self.cookie


@contextmanager
def desk_at_work(root: Path, network: Network = ALONE, place: BindAddress | None = None) -> Iterator[Served]:
    """The desk of a site with a server in a thread of its own."""
    place = place or BindAddress(port=0)
    listening = listen(place)
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
    from newsgen.preview.desk.secret import kept_secret

    client = Client(server.port)
    assert client.enter(kept_secret(server.preview.session.root)).status == 303
    return client


def with_passwords(folder: Path, *names: str) -> Path:
    """A password file with these people."""
    path = folder / "passwords"
    for name in names:
        PasswordFile(path).set(name, PASSWORD)
    return path
