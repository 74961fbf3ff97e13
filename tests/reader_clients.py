"""Readers who never stop: they ask a site for its pages, and for all that a page shows, while it is being published.

Every answer must be wholly that of the old site or wholly that of the new one; nothing that a page shows may be missing.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urljoin, urlsplit

LIMIT = 30.0
SHOWN = re.compile(rb"""<(?:link rel="(?:stylesheet|icon)"|script|img|source)[^>]*?\s(?:href|src)="([^"#]+)["#]""")
READERS = 3


@dataclass
class Poll:
    """What readers of the site at `url` saw; `old` and `new` are its files before and after, by path.

    `faults` says what no reader should see. `old_seen` and `new_seen` count the answers that only one of the two can give.
    """

    url: str
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    atomic: bool
    answers: int = 0
    faults: list[str] = field(default_factory=list)
    old_seen: int = 0
    new_seen: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, answers: int) -> None:
        """Wait until so many more answers have come. Raises AssertionError where they do not."""
        with self._changed:
            wanted = self.answers + answers
            assert self._changed.wait_for(lambda: self.answers >= wanted or bool(self.faults), LIMIT), "no answers"

    def wait_for_fault(self) -> None:
        """Wait until a reader has seen what none should see. Raises AssertionError where none does."""
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self.faults), LIMIT), "no fault"

    def read(self, number: int) -> None:
        """The life of one reader."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT)
        pages = sorted(
            path for path in {*self.old, *self.new} if path.endswith((".html", ".xml")) and path != "404.html"
        )
        start = number * len(pages) // READERS
        for path in cycle([*pages[start:], *pages[:start]]):
            if self._ended.is_set():
                break
            body = self.ask(connection, path)
            for target in dict.fromkeys(SHOWN.findall(body)):
                address = urljoin(f"{self.url}{path}", target.decode())
                if address.startswith(self.url) and not address.endswith("/"):
                    self.ask(connection, address.removeprefix(self.url), shown_by=path)
        connection.close()

    def ask(self, connection: http.client.HTTPConnection, path: str, shown_by: str = "") -> bytes:
        """One question; the body of a good answer."""
        late = self.new_seen > 0
        try:
            connection.request("GET", urlsplit(self.url).path + path)
            answer = connection.getresponse()
            status, body = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            status, body = 0, repr(error).encode()
        with self._changed:
            self.answers += 1
            fault = self._judge(path, status, body, shown_by, late)
            if fault:
                self.faults.append(fault)
            self._changed.notify_all()
        return body if status == 200 else b""

    def _judge(self, path: str, status: int, body: bytes, shown_by: str, late: bool) -> str | None:
        """What is wrong with an answer, or None; `late`: the new site had been seen when the question was asked."""
        is_old, is_new = (status == 200 and site.get(path) == body for site in (self.old, self.new))
        may_be_missing = not shown_by and not (path in self.old and path in self.new)
        if not (is_old or is_new) and not (may_be_missing and status in (404, 410)):
            return f"{path} ({f'shown by {shown_by}' if shown_by else 'page'}): {status} {body[:80]!r}"
        if is_old != is_new:
            self.old_seen, self.new_seen = self.old_seen + is_old, self.new_seen + is_new
            if self.atomic and is_old and late:
                return f"{path}: old after the new site had been seen"
        return None


@contextmanager
def polling(url: str, old: Mapping[str, bytes], new: Mapping[str, bytes], atomic: bool = True) -> Iterator[Poll]:
    """Readers of the site at `url`, which is `old` and is made `new` meanwhile; they have read some of it at both ends.

    With `atomic`, nobody may see anything old after anything new was seen. Look at `faults` afterwards.
    """
    poll = Poll(url, old, new, atomic)
    readers = [threading.Thread(target=poll.read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        poll.wait_for(2 * READERS)
        yield poll
        poll.wait_for(2 * (len(old) + len(new)))
    finally:
        poll._ended.set()
        for reader in readers:
            reader.join(LIMIT)
