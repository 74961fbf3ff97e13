"""The preview on Windows: what is saved shows, rude clients do no harm, Ctrl-C ends it."""

from __future__ import annotations

import json
import re
import socket
import struct
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PureWindowsPath
from threading import Timer
from typing import Any
from urllib.request import urlopen

import pytest

from windows.machine import HOME, LIMIT, PYTHON, SITE, Windows, interrupt, told, write
from windows.test_site import BODY, HEAD

PATH = "content/news/2024-03-13-a.md"
PAGE = "/news/2024/0313-a.html"
SOON = 60
"""Seconds after which an answer or an event is lost, on a machine that is busy."""


def previewing(windows: Windows) -> AbstractContextManager[tuple[subprocess.Popen[bytes], int]]:
    """`newsgen serve` at work in the folder of the site, and its port."""
    return previewing_by(windows, PYTHON, "-m", "newsgen", "serve", "--port", "0", cwd=SITE)


@contextmanager
def previewing_by(
    windows: Windows, *command: str | PureWindowsPath, cwd: PureWindowsPath = HOME, **variables: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A preview that a command starts, and its port."""
    with windows.started(*command, cwd=cwd, **variables) as process:
        assert process.stderr is not None
        late = Timer(LIMIT, process.kill)
        late.start()
        lines = []
        for line in process.stderr:
            lines.append(told(line))
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", lines[-1]):
                late.cancel()
                yield process, int(found[1])
                return
        late.cancel()
        pytest.fail("".join(lines) or "the preview told no address")


def page(port: int, path: str = PAGE) -> str:
    """A page as the preview shows it: the one of the article, if no other."""
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=SOON) as answer:
        return str(answer.read().decode())


@contextmanager
def events(port: int) -> Iterator[Iterator[dict[str, Any]]]:
    """The states that the preview tells a browser, as long as they come soon; it sends a line at least every 15 seconds."""
    with urlopen(f"http://127.0.0.1:{port}/.newsgen/events", timeout=SOON) as stream:
        yield _states(stream)


def _states(stream: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    begun = time.monotonic()
    for line in stream:
        assert time.monotonic() < begun + 2 * SOON, "no event came"
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def reset(port: int) -> None:
    """Connect, ask for half a page, and break the connection off as a phone does that leaves the network."""
    with socket.create_connection(("127.0.0.1", port), SOON) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")


@pytest.fixture
def written(site: Path) -> Path:
    """A site with an article."""
    write(site, {PATH: HEAD.format(number=1, month=3, day=13) + BODY})
    return site


def test_a_save_is_told_and_shown(windows: Windows, written: Path) -> None:
    with previewing(windows) as (_, port), events(port) as states:
        first = next(states)
        assert first["errors"] == []
        assert "第1次组织生活会" in page(port)
        write(written, {PATH: HEAD.format(number=2, month=3, day=13) + BODY})
        state = next(states)
        assert state["version"] > first["version"]
        assert PAGE[1:] in state["changed"]
        assert "第2次组织生活会" in page(port)


def test_fifty_connections_that_are_reset_leave_the_preview_at_work(windows: Windows, written: Path) -> None:
    with previewing(windows) as (_, port):
        for _ in range(50):
            reset(port)
        assert "第1次组织生活会" in page(port)


def test_ctrl_c_ends_the_preview_with_a_word(windows: Windows, written: Path) -> None:
    with previewing(windows) as (process, port), events(port) as states:
        assert next(states)["errors"] == []
        interrupt(process)
        ended = windows.finished(process)
    assert ended.code == 0, ended.stderr
    assert "预览已结束。" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
