"""A real Firefox and a real WebKit, the engine of Safari, for stories that are to hold in both."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from browser import LIMIT
from servers import free_port
from webdriver import ELEMENT, Connection, HttpDriver, Marionette, WebDriverError

KEYS = {"CONTROL": "\ue009", "SHIFT": "\ue008", "ENTER": "\ue007", "ESCAPE": "\ue00c", "BACKSPACE": "\ue003"}
KEYS |= {"HOME": "\ue011", "END": "\ue010", "TAB": "\ue004"}
"""Keys without a character, as WebDriver writes them."""

PREFERENCES = {
    "marionette.port": 0,  # any that is free
    "browser.startup.page": 0,
    "browser.startup.homepage_override.mstone": "ignore",
    "startup.homepage_welcome_url": "about:blank",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
}
"""Firefox keeps to the page that it is shown."""

FIND = "document.evaluate(arguments[0], document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue"
RECORD = """
  window.faults = [];
  const tell = (...words) => faults.push(words.join(" "));
  addEventListener("error", ({ message, filename, lineno }) => tell(message, filename, lineno));
  addEventListener("unhandledrejection", ({ reason }) => tell(reason));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => tell(violatedDirective, blockedURI));
  for (const kind of ["error", "warn"]) console[kind] = tell;
"""
COMPOSE = """
  window.processor = Cc["@mozilla.org/text-input-processor;1"].createInstance(Ci.nsITextInputProcessor);
  if (!processor.beginInputTransactionForTests(window)) throw Error("no input method");
  for (const words of arguments) {
    processor.setPendingCompositionString(words);
    processor.appendClauseToPendingComposition(words.length, processor.ATTR_RAW_CLAUSE);
    processor.setCaretInPendingComposition(words.length);
    processor.flushPendingComposition();
  }
"""
CONSOLE = """
  const found = Services.console.getMessageArray().filter((message) => message instanceof Ci.nsIScriptError);
  Services.console.reset();
  return found.filter(({ sourceName, errorMessage }) => sourceName.startsWith("http") && !errorMessage.startsWith("Layout was forced"))
    .map(({ errorMessage, sourceName, lineNumber }) => [errorMessage, sourceName, lineNumber].join(" "));
"""
"""What Firefox itself says of pages: also of their style sheets, and of what they were refused. It says of any page in a frame, now and
then, that its layout was forced early."""

Step = dict[str, str]
"""What is done with a key."""


class Window:
    """A browser at one page. Elements are named by XPath, which can ask for words."""

    def __init__(self, connection: Connection) -> None:
        self._send = connection.send

    def goto(self, url: str) -> None:
        """Open an address."""
        self._send("WebDriver:Navigate", "/url", url=url)
        self.run(RECORD)

    def run(self, script: str, *arguments: Any) -> Any:
        """What the body of a function returns in the page."""
        # No sandbox: in Firefox, too, it sees what the page's own scripts see.
        return self._send("WebDriver:ExecuteScript", "/execute/sync", script=script, args=arguments, sandbox=None)

    def wait(self, expression: str, *arguments: Any) -> Any:
        """What an expression in the page gives, as soon as it is true."""
        end = time.monotonic() + LIMIT
        while not (found := self.run(f"return {expression}", *arguments)):
            assert time.monotonic() < end, f"never: {expression} {arguments}"
            time.sleep(0.02)
        return found

    def element(self, path: str) -> Any:
        """The element at an XPath, as soon as it is there."""
        return self.wait(FIND, path)

    def click(self, path: str) -> None:
        """Click on an element, as soon as that can be done."""
        end = time.monotonic() + LIMIT
        while True:
            try:
                self._send("WebDriver:ElementClick", "/element/{id}/click", id=self.element(path)[ELEMENT])
                return
            except WebDriverError:  # not in sight yet, or just replaced
                assert time.monotonic() < end, path

    def type(self, text: str) -> None:
        """Press the keys of a text, one after another, where the focus is."""
        self._act([step for sign in text for step in (_down(sign), _up(sign))])

    def press(self, *keys: str) -> None:
        """Press a key where the focus is, while the others before it are held: press("CONTROL", "b")."""
        held = [KEYS.get(key, key) for key in keys]
        self._act([*map(_down, held), *map(_up, reversed(held))])

    def choose(self, path: str, *files: Path) -> None:
        """Choose files in a file field, which pages often hide behind a button."""
        self.run("arguments[0].hidden = false", self.element(path))
        field = self.element(path)[ELEMENT]
        self._send("WebDriver:ElementSendKeys", "/element/{id}/value", id=field, text="\n".join(map(str, files)))

    def _act(self, steps: list[Step]) -> None:
        self._send("WebDriver:PerformActions", "/actions", actions=[{"type": "key", "id": "keys", "actions": steps}])

    def faults(self) -> list[str]:
        """What a page complained of since it was asked last."""
        return list(self.run("return faults.splice(0)"))

    def screenshot(self, file: Path, width: int, height: int) -> None:
        """Keep a picture of the window at a size."""
        self._send("WebDriver:SetWindowRect", "/window/rect", x=0, y=0, width=width, height=height)
        file.write_bytes(base64.b64decode(self._send("WebDriver:TakeScreenshot", "/screenshot")))

    @abstractmethod
    def undo(self) -> None:
        """What the browser's own menu does for 撤销."""

    @abstractmethod
    def compose(self, sign: str) -> None:
        """Begin to put in a character with the input method of the system, as Chinese is typed; what is composed is shown."""

    @abstractmethod
    def commit(self, sign: str) -> None:
        """Put in the character that is composed."""


def _down(key: str) -> Step:
    return {"type": "keyDown", "value": key}


def _up(key: str) -> Step:
    return {"type": "keyUp", "value": key}


class Firefox(Window):
    """Firefox without a window. Beyond pages, it lets its own parts be asked."""

    def undo(self) -> None:
        self._chrome("goDoCommand('cmd_undo')")

    def compose(self, sign: str) -> None:
        self._chrome(COMPOSE, "x", "xu", "xue")

    def commit(self, sign: str) -> None:
        self._chrome("window.processor.commitCompositionWith(arguments[0])", sign)

    def faults(self) -> list[str]:
        return [*self._chrome(CONSOLE), *super().faults()]

    def _chrome(self, script: str, *arguments: Any) -> Any:
        self._send("Marionette:SetContext", "", value="chrome")
        try:
            return self.run(script, *arguments)
        finally:
            self._send("Marionette:SetContext", "", value="content")


class WebKit(Window):
    """WebKitGTK on a display that nobody sees, with the input method that is a part of GTK."""

    def undo(self) -> None:
        self.run("document.execCommand('undo')")

    def compose(self, sign: str) -> None:
        self.press("CONTROL", "SHIFT", "u")
        self.type(f"{ord(sign):x}")

    def commit(self, sign: str) -> None:
        self.type(" ")


@contextmanager
def firefox() -> Iterator[Window]:
    """A Firefox with a profile of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        port = Path(profile, "MarionetteActivePort")
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        Path(profile, "user.js").write_text("".join(lines))
        command = [program("firefox-esr", "firefox"), "--headless", "--no-remote", "--profile", profile]
        with running([*command, "--marionette", "--remote-allow-system-access"]):
            until_there(port)
            connection = Marionette(int(port.read_text()))
            try:
                connection.begin()
                yield Firefox(connection)
            finally:
                connection.close()


@contextmanager
def webkit() -> Iterator[Window]:
    """A WebKit with a profile of its own."""
    port = free_port()
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    options = {"webkitgtk:browserOptions": {"binary": str(browser), "args": ["--automation"]}}
    with display() as name:
        env = {"DISPLAY": name, "GDK_BACKEND": "x11", "GTK_IM_MODULE": "simple"}
        with running([program("WebKitWebDriver"), f"--port={port}"], env):
            connection = HttpDriver(port, options)
            try:
                yield WebKit(connection)
            finally:
                connection.close()


@contextmanager
def running(command: list[str], variables: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """A program as long as it is wanted, and what it starts."""
    quiet = subprocess.DEVNULL
    env = {**os.environ, **variables}
    process = subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(LIMIT)


@contextmanager
def display() -> Iterator[str]:
    """The name of a display in memory."""
    reading, writing = os.pipe()
    command = [program("Xvfb"), "-displayfd", str(writing), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(LIMIT)


def program(*names: str) -> str:
    """The first of these programs that is there. Raises FileNotFoundError, with what to do, where there is none."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(f"no {names[0]} here: run scripts/need firefox webkit")


def until_there(file: Path) -> None:
    """Wait until a file has come, and is whole."""
    end = time.monotonic() + LIMIT
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < end, f"never: {file}"
        time.sleep(0.02)
