"""The desk in a browser's window: what the stories do there, and what they look at."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, Request, Route, expect

from browser import AXE, LIMIT, wait_until
from site_test import SiteTest

PATH = "content/meetings/a.md"
"""The report that most stories write."""

REPORTS = "**/api/report?*"
SAVED = re.compile("^已保存$")


def route_to(path: str) -> str:
    """The route at which a report is edited."""
    return f"edit/{path.replace('/', '%2F')}"


def entered(context: BrowserContext, url: str, route: str = "") -> Page:
    """A tab at the desk, at a route."""
    page = context.new_page()
    page.goto(url)
    if route:
        page.goto(page.url.partition("#")[0] + f"#/{route}")
    return page


def editing(context: BrowserContext, url: str, path: str = PATH) -> Page:
    """A tab in which a report is open, its page shown beside it."""
    page = entered(context, url, route_to(path))
    expect(text_of(page)).to_be_focused()
    expect(live_of(page).locator(".article-body")).to_be_visible()
    return page


def text_of(page: Page) -> Locator:
    """The text of the report."""
    return page.get_by_label("正文", exact=True).and_(page.locator("textarea"))


def live_of(page: Page) -> FrameLocator:
    """The page of the report, as the desk shows it."""
    return page.frame_locator("iframe[name=newsgen-desk]")


def asked(page: Page) -> Locator:
    """The dialog in which two versions stand side by side, opened from the bar above the text."""
    page.locator(".notice").get_by_role("button", name=re.compile("现在[选看]")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="按上面选的保存")).to_be_visible()
    return dialog


def is_saved(page: Page) -> None:
    """Wait until the desk says that all is saved."""
    expect(page.locator("p.saved")).to_have_text(SAVED)


def is_unsaved(page: Page, words: str) -> None:
    """Wait until the desk says that something is not saved, and why."""
    expect(page.locator("p.saved")).to_contain_text("还没有保存")
    expect(page.locator("p.saved")).to_contain_text(words)


@contextmanager
def cut_off(context: BrowserContext) -> Iterator[None]:
    """No save arrives, as if the network were cut."""

    def answer(route: Route) -> None:
        if route.request.method == "PUT":
            route.abort()
        else:
            route.fallback()

    context.route(REPORTS, answer)
    yield
    context.unroute(REPORTS, answer)


def end_window(page: Page) -> None:
    """Close a window whatever is unsaved. What is just being sent ends with the page: a page that is closed at once sends it."""
    page.goto("about:blank")
    page.close()


def is_kept(page: Page, words: str) -> None:
    """Wait until this browser keeps a text with these words, for the time after a crash."""
    wait_until(page, f"({_DRAFTS})().then((texts) => texts.some((text) => text.includes({json.dumps(words)})))")


_DRAFTS = """() => new Promise((resolve) => {
  const request = indexedDB.open("newsgen-desk", 1);
  request.onsuccess = () => {
    const all = request.result.transaction("drafts").objectStore("drafts").getAll();
    all.onsuccess = () => { request.result.close(); resolve(all.result.map(({ body }) => body)); };
  };
})"""


def on_disk(site: SiteTest, wanted: Callable[[str], bool], path: str = PATH) -> str:
    """Wait until a file's text is `wanted`; gives it."""
    end = time.monotonic() + LIMIT
    while not wanted(text := (site.root / path).read_text("utf-8")):
        assert time.monotonic() < end, text
        time.sleep(0.02)  # the desk wants the processor
    return text


def wait_for(page: Page, wanted: Callable[[], bool]) -> None:
    """Wait until something has happened, while the page's events are heard."""
    end = time.monotonic() + LIMIT
    while not wanted():
        assert time.monotonic() < end
        page.evaluate("() => new Promise(requestAnimationFrame)")


def body_of(text: str) -> str:
    """What stands below the front matter of a file."""
    return text.split("---\n", 2)[-1]


def violations(page: Page) -> list[str]:
    """What axe-core finds in the desk; the page of the site has tests of its own."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "() => axe.run({exclude: ['iframe']}, {iframes: false, resultTypes: ['violations']}).then(({violations}) => violations)"
    )
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


class InputMethod:
    """A Chinese input method: letters are shown where the caret stands until a word is chosen for them."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def compose(self, *letters: str) -> None:
        """Show letters that are being typed, each in the place of those before."""
        for shown in letters:
            self._session.send(
                "Input.imeSetComposition", {"text": shown, "selectionStart": len(shown), "selectionEnd": len(shown)}
            )

    def choose(self, word: str, key: str = "Digit1") -> None:
        """Choose a word by a key, of which the page hears only that the input method has it."""
        pressed = {"windowsVirtualKeyCode": 229, "key": "Process", "code": key}
        self._session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **pressed})
        self._session.send("Input.insertText", {"text": word})
        self._session.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})

    def drop(self) -> None:
        """Give up what is being typed."""
        self.compose("")


class Sent:
    """What a page sends to be saved."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._heard: list[dict[str, Any]] = []
        page.on("request", self._hear)

    def _hear(self, request: Request) -> None:
        if request.method == "PUT" and "/api/report?" in request.url:
            self._heard.append(request.post_data_json or {})

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """All that was sent up to now, in its order."""
        self._page.evaluate("0")  # what the browser tells is heard while it is asked something
        return self._heard

    def said(self, words: str) -> bool:
        """Whether a text or field that was sent has these words."""
        reports = ([body.get("body"), body.get("fields")] for body in self.bodies)
        return any(words in json.dumps(report, ensure_ascii=False) for report in reports)


Given = tuple[str, str, bytes]
"""A file as a browser has it: name, type, bytes."""
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


CASES = Path(__file__).parent / "paste_cases"
_CASE = re.compile(r"(?P<title>[^\n]+)\n\.\n(?P<source>.*?)\n\.\n(?P<expected>.*?)\n?\.\n", re.DOTALL)
_COPIES = """([html, text]) => {
  const field = document.createElement("input");
  field.value = "-";
  document.body.append(field);
  field.addEventListener("copy", (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  });
  field.select();
}"""


def clipboard(program: str, title: str) -> tuple[str, str]:
    """The HTML that a program puts on the clipboard, a case of tests/paste_cases, and the Markdown that it is."""
    found = _CASE.finditer((CASES / f"{program}.txt").read_text("utf-8"))
    source, expected = next((case["source"], case["expected"]) for case in found if case["title"].strip() == title)
    return source, "\n".join(line for line in expected.split("\n") if not line.startswith(("! ", "@ ")))


def copied_elsewhere(context: BrowserContext, html: str, text: str) -> None:
    """Copy in another window, so that the clipboard of the system holds what a program put there."""
    program = context.new_page()
    program.evaluate(_COPIES, [html, text])
    program.keyboard.press("Control+c")
    program.close()


class Keyboard:
    """A person without a mouse: whatever was done, the focus is somewhere, and there one goes on."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.add_init_script(_COUNTS_POINTERS)

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.is_somewhere()
            self._page.keyboard.press(key)
        self.is_somewhere()

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.is_somewhere()
        self._page.keyboard.type(text)

    def retype(self, text: str) -> None:
        """Type a text in the place of what a field holds."""
        self.press("Control+a")
        self.type(text)

    def go_to(self, target: Locator, key: str = "Tab", most: int = 60) -> None:
        """Go on by a key until the focus is on the target."""
        self.is_somewhere()
        for _ in range(most):
            if target.evaluate("(element) => element === document.activeElement"):
                expect(target).to_be_visible()
                return
            self._page.keyboard.press(key)  # past the end of the page, it is the browser's own turn for a moment
        raise AssertionError(f"{key} does not lead to {target}")

    def use(self, target: Locator, key: str = "Tab") -> None:
        """Go to a button or link and press it."""
        self.go_to(target, key)
        self.press("Enter")

    def is_somewhere(self) -> None:
        """Wait until something has the focus: where all of it has been lost, one begins at the top of the page again."""
        wait_until(self._page, "document.activeElement !== null && document.activeElement !== document.body")

    @property
    def pointers(self) -> int:
        """How often a mouse or finger was used in this page."""
        return int(self._page.evaluate("window.pointersUsed"))


_COUNTS_POINTERS = """
window.pointersUsed = 0;
for (const kind of ["pointerdown", "mousedown", "touchstart", "drop"]) {
  window.addEventListener(kind, () => { window.pointersUsed += 1; }, true);
}
"""
