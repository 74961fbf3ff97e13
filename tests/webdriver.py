"""The commands of W3C WebDriver, for browsers that Playwright cannot drive as the system has them.

Firefox takes them by itself, in Marionette's frames, which geckodriver only wraps; WebKitWebDriver takes them over HTTP. Firefox
wants no other program then, and neither a package: selenium has no way to Firefox without geckodriver, which is in no registry,
and marionette-driver needs modules that Python 3.13 does not have.
"""

from __future__ import annotations

import http.client
import json
import socket
import time
from abc import ABC, abstractmethod
from typing import Any

from browser import LIMIT

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver names an element."""


STARTED = 120.0
"""Seconds within which a browser must be ready, on a machine that starts several at once."""


class WebDriverError(Exception):
    """A command that the browser refused."""


class Connection(ABC):
    """A browser that takes commands."""

    @abstractmethod
    def send(self, command: str, address: str, /, **parameters: Any) -> Any:
        """What the browser answers to a command, called `command` by Marionette, found at `address` over HTTP.

        Raises WebDriverError.
        """


class Marionette(Connection):
    """Firefox, listening at a port."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), STARTED)
        self._stream = self._socket.makefile("rb")
        self._sent = 0
        self._receive()  # a greeting

    def begin(self) -> None:
        """Wait until the browser is ready."""
        self.send("WebDriver:NewSession", "")

    def send(self, command: str, address: str, /, **parameters: Any) -> Any:
        self._sent += 1
        data = json.dumps([0, self._sent, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(data), data))
        _, _, error, answer = self._receive()
        if error:
            raise WebDriverError(f"{command}: {error['message']}")
        return answer.get("value", answer)

    def _receive(self) -> Any:
        size = b""
        while (digit := self._stream.read(1)) != b":":
            assert digit, "Firefox has gone"
            size += digit
        return json.loads(self._stream.read(int(size)))

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


class HttpDriver(Connection):
    """A browser behind a driver that listens at a port."""

    def __init__(self, port: int, options: dict[str, Any]) -> None:
        self._port, self._session = port, ""
        self._await()
        made = self.send("", "", capabilities={"alwaysMatch": options})
        self._session = f"/{made['sessionId']}"

    def send(self, command: str, address: str, /, **parameters: Any) -> Any:
        return self._ask("POST" if parameters else "GET", address.format(**parameters), parameters)

    def close(self) -> None:
        self._ask("DELETE", "", {})

    def _await(self) -> None:
        """Wait until the driver listens."""
        end = time.monotonic() + LIMIT
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self._port)).close()
            except ConnectionRefusedError:
                assert time.monotonic() < end, "the driver does not listen"
                time.sleep(0.02)

    def _ask(self, method: str, address: str, parameters: dict[str, Any]) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=STARTED)
        data = json.dumps(parameters) if parameters else None
        connection.request(method, f"/session{self._session}{address}", data, {"Content-Type": "application/json"})
        with connection.getresponse() as response:
            answer = json.loads(response.read())["value"]
            if response.status != 200:
                raise WebDriverError(f"{address}: {answer['message']}")
        connection.close()
        return answer
