"""A writing desk at work, and who asks it over real sockets, without a window.

What is seen and typed in a window is in desk_browser.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from newsgen.preview.desk.access_token import kept_token
from newsgen.preview.desk.app import DESK
from newsgen.preview.desk.passwords import PasswordFile
from newsgen.preview.desk.serve import ALONE, Network, desk_server
from newsgen.preview.loop import Preview
from newsgen.preview.serve import BindAddress, Served, listen
from running import Answer, answered, in_thread

API = f"{DESK}api/"
PASSWORD = "correct horse battery"


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
        given = {name: value for name, value in sent.items() if value is not None}
        return answered(self.port, method, path, given, data)

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
        with in_thread(preview, server):
            yield server


def own_client(server: Served) -> Client:
    """The browser of the person whose computer it is."""
    client = Client(server.port, root=server.preview.session.root)
    assert client.enter(kept_token(client.root)).status == 303
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
