"""`make soak`: a long day of a preview in minutes. The real server, edit after edit, a browser's requests, and what it all costs.

python tests/soak.py EDITS

Ends with 1 where the server holds more handles or threads than after the first quarter, or a tenth more memory. An edit is
over when the server has told of it and gives the edited page with it.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

from browser import ROOT
from random_edits import copy_sources

LIMIT = 20.0
"""Seconds after which what should have been told is told to be lost."""
FAULT = "---\ntitle: [\n---\n"
State = dict[str, Any]


class Costs(NamedTuple):
    """What the server's process has at one moment; memory in kB."""

    memory: int
    handles: int
    threads: int


def costs(pid: int) -> Costs:
    """What the process `pid` has now (Linux)."""
    process = Path(f"/proc/{pid}")
    memory = re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text())
    assert memory, "every process has memory"
    return Costs(int(memory[1]), *(len(list((process / name).iterdir())) for name in ("fd", "task")))


class Tab:
    """One browser tab: it listens to the server's events."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        self._connection.request("GET", "/.newsgen/events")
        self._events = self._connection.getresponse()
        self.wait(lambda state: True)

    def wait(self, holds: Callable[[State], object]) -> State:
        """The next state of which `holds` is true. Raises TimeoutError."""
        while True:
            line = self._events.readline()
            if line.startswith(b"data: ") and holds(state := json.loads(line[6:])):
                return dict(state)

    def close(self) -> None:
        """What closing a tab does."""
        self._events.close()
        self._connection.close()


class Member:
    """Someone who writes at the site `root`, and looks at it in the preview at `port`."""

    def __init__(self, root: Path, port: int) -> None:
        self.root, self.port = root, port
        self.tab = Tab(port)
        self._chance = random.Random(313)
        self._style, self._styles = root / "theme/style.css", (root / "theme/style.css").read_text("utf-8")
        texts = {path: path.read_text("utf-8") for path in sorted((root / "content").rglob("*.md"))}
        self._texts = {path: text for path, text in texts.items() if "date:" in text and "redirect:" not in text}
        self._deeds = (
            *([self.write] * 8, [self.retitle] * 4, [self.restyle] * 2),
            *([self.break_and_mend], [self.add_and_delete], [self.come_back]),
        )

    def edit(self, number: int) -> None:
        """One edit of some kind, seen through."""
        deed = self._chance.choice(list(itertools.chain(*self._deeds)))
        path, text = self._chance.choice(list(self._texts.items()))
        deed(number, path, text)
        self.ask("index.html")
        self.ask("no/such/page.html")

    def write(self, number: int, path: Path, text: str) -> None:
        """A paragraph more."""
        path.write_text(f"{text}\n第{number}次。\n", "utf-8")
        state = self.tab.wait(lambda state: state["edited"])
        assert f"第{number}次" in self.ask(state["edited"])

    def retitle(self, number: int, path: Path, text: str) -> None:
        """Another title, on all pages that show it."""
        self.write(number, path, re.sub(r"(?m)^title:.*$", f"title: 第{number}个标题", text, count=1))

    def restyle(self, number: int, _path: Path, _text: str) -> None:
        """Another colour."""
        self._style.write_text(f"{self._styles}\n.n{number} {{ color: #{number % 4096:03x} }}\n", "utf-8")
        self.tab.wait(lambda state: state["styles"] or any("assets/style." in path for path in state["changed"]))

    def break_and_mend(self, number: int, path: Path, text: str) -> None:
        """A front matter that cannot be read, and then can."""
        path.write_text(FAULT, "utf-8")
        self.tab.wait(lambda state: state["errors"])
        self.write(number, path, text)

    def add_and_delete(self, number: int, path: Path, _text: str) -> None:
        """A report that comes and goes."""
        new = path.parent / f"soak{number}"
        new.mkdir()
        (new / "index.md").write_text(f"---\ntitle: 第{number}篇\ndate: 2024-01-05\n---\n\n正文。\n", "utf-8")
        self.tab.wait(lambda state: any(f"soak{number}" in path for path in state["changed"]))
        (new / "index.md").unlink()
        new.rmdir()
        self.tab.wait(lambda state: any(f"soak{number}" in path for path in state["changed"]))

    def come_back(self, number: int, path: Path, text: str) -> None:
        """The tab is closed, and opened again."""
        self.tab.close()
        self.tab = Tab(self.port)
        self.write(number, path, text)

    def ask(self, address: str) -> str:
        """What the server gives."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request("GET", f"/{address}")
        text = connection.getresponse().read().decode()
        connection.close()
        return text


@contextmanager
def serving(root: Path) -> Iterator[tuple[int, int]]:
    """`newsgen serve` of the site at `root`: the process's id and the port."""
    command = [sys.executable, "-m", "newsgen", "serve", "-C", str(root), "--port", "8700"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr, "a pipe was asked for"
        found = next(match for line in server.stderr if (match := re.search(r"http://127\.0\.0\.1:(\d+)/", line)))
        try:
            yield server.pid, int(found[1])
        finally:
            server.send_signal(signal.SIGINT)


def soak(edits: int) -> bool:
    """Whether what the server has levels off."""
    with tempfile.TemporaryDirectory() as folder:
        copy_sources(ROOT, Path(folder))
        with serving(Path(folder)) as (pid, port):
            member = Member(Path(folder), port)
            noted: list[Costs] = []
            for number in range(1, edits + 1):
                member.edit(number)
                if number % max(edits // 20, 1) == 0:
                    noted.append(costs(pid))
                    tell(number, noted[-1])
            member.tab.close()
    first, last = noted[: len(noted) // 4 + 1], noted[-1]
    handles, threads = max(item.handles for item in first), max(item.threads for item in first)
    return last.handles <= handles and last.threads <= threads and last.memory < 1.1 * first[-1].memory


def tell(number: int, now: Costs) -> None:
    """A line for who waits."""
    sys.stdout.write(f"{number:6} edits {now.memory / 1024:6.1f} MB {now.handles} handles {now.threads} threads\n")


if __name__ == "__main__":
    sys.exit(not soak(int(sys.argv[1])))
