"""A desk at work on the files of reports, as its page asks it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from playwright.sync_api import Locator, Page, expect

from desk_helpers import API, Answer, DeskClient, desk_served

DROP = """async ([element, files]) => {
  const data = new DataTransfer();
  for (const [name, type, base] of files) {
    data.items.add(new File([Uint8Array.from(atob(base), (c) => c.charCodeAt(0))], name, { type }));
  }
  const box = element.getBoundingClientRect();
  const at = { bubbles: true, cancelable: true, dataTransfer: data, clientX: box.left + 40, clientY: box.top + 30 };
  element.dispatchEvent(new DragEvent("dragover", at));
  element.dispatchEvent(new DragEvent("drop", at));
}"""
PASTE = """async ([element, html, text, files]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  if (text) data.setData("text/plain", text);
  for (const [name, type, base] of files) {
    data.items.add(new File([Uint8Array.from(atob(base), (c) => c.charCodeAt(0))], name, { type }));
  }
  element.focus();
  element.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
}"""

Given = tuple[str, str, bytes]
"""A file as a browser has it: name, type, bytes."""


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


def drop(target: Locator, *files: Given) -> None:
    given = [[name, kind, base64.b64encode(data).decode()] for name, kind, data in files]
    target.evaluate(f"(element, files) => ({DROP})([element, files])", given)


def paste(page: Page, html: str = "", text: str = "", *files: Given) -> None:
    given = [[name, kind, base64.b64encode(data).decode()] for name, kind, data in files]
    page.locator("#text").evaluate(f"(element, given) => ({PASTE})([element, ...given])", [html, text, given])


def has_text(page: Page, text: str) -> None:
    expect(page.locator("#text")).to_have_value(text)


def tray(page: Page) -> Locator:
    page.locator(".tab[data-name=tray]").click()
    return page.locator(".tray")


def card(page: Page, name: str) -> Locator:
    return page.locator(".photo", has=page.get_by_text(name, exact=True))


def caret(page: Page, start: int, end: int | None = None) -> None:
    page.locator("#text").evaluate(
        "(field, [a, b]) => { field.focus(); field.setSelectionRange(a, b); }", [start, end or start]
    )
