"""A desk at work on the files of reports, as its page asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from desk_helpers import API, Answer, DeskClient, desk_served


class Desk:
    """The desk of the site at `root`."""

    def __init__(self, client: DeskClient, root: Path) -> None:
        self.root, self.port, self.cookie, self.entry = root, client.port, client.cookie, client.url
        self.origin = f"http://{client.host}"
        self._client = client

    def ask(
        self, method: str, endpoint: str, body: object = None, headers: Mapping[str, str] | None = None, **query: str
    ) -> Answer:
        """A request of the desk's own page, with other headers if any ("": left out); what is not bytes is sent as JSON."""
        own = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body, own = json.dumps(body).encode(), {"Content-Type": "application/json", **own}
        data = body if isinstance(body, bytes) else b""
        return self._client.ask(method, f"{API}{endpoint}?{urlencode(query, quote_via=quote)}", data, **own)


@contextmanager
def desk_at(root: Path) -> Iterator[Desk]:
    """The desk of a site, with a server in a thread of its own."""
    with desk_served(root) as client:
        yield Desk(client, root)
