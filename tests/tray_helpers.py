"""A desk at work, as a browser meets it: requests with its cookie and its Origin, or without them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

from newsgen.preview.desk.access import kept_secret
from newsgen.preview.desk.app import DESK
from newsgen.preview.desk.serve import desk_server
from newsgen.preview.loop import Preview
from newsgen.preview.serve import BindAddress, Served, listen

LIMIT = 60.0
"""Seconds after which a server that says nothing is taken for hanging."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk answers."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        """The answer of the API."""
        return json.loads(self.data)


class Desk:
    """A desk that runs, for who has its cookie."""

    def __init__(self, server: Served, root: Path) -> None:
        self.root, self.server = root, server
        self.entry = f"{server.address}{DESK.removeprefix('/')}?token={kept_secret(root)}"
        self.origin = server.address.rstrip("/")
        answer = self.raw("GET", f"{DESK}?{urlencode({'token': kept_secret(root)})}", None, {})
        self.cookie = answer.headers["set-cookie"].partition(";")[0]

    def raw(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """A request just so."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=LIMIT)
        try:
            connection.request(method, path, body, dict(headers))
            found = connection.getresponse()
            return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read())
        finally:
            connection.close()

    def ask(
        self, method: str, endpoint: str, body: Any = None, headers: Mapping[str, str] | None = None, **query: str
    ) -> Answer:
        """A request of the desk's own page; what is not bytes is sent as JSON."""
        own = {"Cookie": self.cookie, "Origin": self.origin, **(headers or {})}
        if body is not None and not isinstance(body, bytes) and not hasattr(body, "__next__"):
            body, own = json.dumps(body).encode(), {"Content-Type": "application/json", **own}
        return self.raw(method, f"{DESK}api/{endpoint}?{urlencode(query, quote_via=quote)}", body, own)


@contextmanager
def desk_at(root: Path) -> Iterator[Desk]:
    """The desk of a site, with a server in a thread of its own."""
    place = BindAddress(port=0)
    with listen(place) as listening:
        preview = Preview(root)
        server = desk_server(preview, listening, place)
        preview.open()
        thread = Thread(target=server.run, name="newsgen-desk-server", daemon=True)
        thread.start()
        try:
            yield Desk(server, root)
        finally:
            server.stop()
            thread.join()
            preview.close()
