"""A publisher that is suspended anywhere, and goes on when another has long published: it changes nothing any more.

On servers each run takes every sixth step, from a random one on. All of them:

    NEWSGEN_KILLS=1 .venv/bin/pytest tests/publish/test_publish_suspended.py
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from newsgen.cli import run
from newsgen.publish import go_live, http_check, lock
from newsgen.publish.layouts.flat import STATE_FILE
from newsgen.publish.transport.local import Folder
from newsgen.publish.transport.sftp import Sftp
from newsgen.publish.transport.ssh import Ssh
from processes import await_ended_threads
from publish_helpers import ALL_STEPS, Beginnings, Publishing, watched
from servers import HOST
from site_test import NOW, SiteTest

pytestmark = pytest.mark.usefixtures("short_leases")

LOST = ["publish.lost-lock"]
RULES = "  keep: 2\n  max_delete: 100%\n"


@pytest.fixture
def published(publishing: Publishing, beginnings: Beginnings, monkeypatch: pytest.MonkeyPatch) -> Publishing:
    """A site that was published twice, to a target of each kind that keeps two releases; whoever is suspended counts as dead."""
    monkeypatch.setattr(lock, "_lives", lambda *_: False)  # a server may still be busy with the last heartbeat
    publishing.settings(RULES)

    def publish_twice() -> None:
        for number in (1, 2):
            change(publishing, f"第 {number} 版")
            publishing.published()

    return beginnings.begin(publishing, "published twice, with pages of their own", publish_twice)


def change(published: Publishing, text: str) -> None:
    """A page that says so, and one that has a name of its own."""
    published.site.article("meetings/a.md", f"{text}。\n", title=text)
    for old in published.site.root.glob("content/meetings/own*.md"):
        old.unlink()
    published.site.article(f"meetings/own{text[2:-2]}.md", title=f"{text}才有的一篇")


class Suspended:
    """`newsgen publish` in a process of its own, which stops itself where `prepare` says."""

    def __init__(self, published: Publishing, prepare: Callable[[Callable[[], None]], object]) -> None:
        root = published.site.root
        self._said = root.with_name(f"said-{os.urandom(4).hex()}")
        await_ended_threads()
        self._pid = os.fork()
        if self._pid == 0:
            out = os.open(self._said, os.O_WRONLY | os.O_CREAT)
            os.dup2(out, 1)
            code = 99
            try:
                prepare(lambda: os.kill(os.getpid(), signal.SIGSTOP))
                code = turned_over(["publish", "-C", str(root), "--now", NOW, "--json"])
            finally:
                os._exit(code)
        self.code: int | None = None
        self._wait(os.WUNTRACED)

    @property
    def is_over(self) -> bool:
        """Whether it came to its end."""
        return self.code is not None

    def _wait(self, options: int = 0) -> None:
        _, status = os.waitpid(self._pid, options)
        if not os.WIFSTOPPED(status):
            self.code = os.waitstatus_to_exitcode(status)

    def goes_on(self) -> list[str]:
        """Let it go on to its end; the codes of what it said."""
        os.kill(self._pid, signal.SIGCONT)
        self._wait()
        return [item["code"] for item in json.loads(self._said.read_text("utf-8"))["diagnostics"]]


def turned_over(words: list[str]) -> int:
    """Run a command whose output goes to descriptor 1, wherever pytest has put sys.stdout."""
    with open(1, "w", encoding="utf-8", closefd=False) as sys.stdout, Path(os.devnull).open("w") as sys.stderr:
        return run(words)


def at_step(number: int) -> Callable[[Callable[[], None]], object]:
    """Stop before a step of the far side."""
    return lambda stop: FOR_GOOD.enter_context(watched(number, stop))


FOR_GOOD = ExitStack()
"""What a process that has nothing else to do never leaves."""


def before(published: Publishing) -> Callable[[Callable[[], None]], object]:
    """Stop right before the step that makes the new site live, after everything was checked."""

    name = "write" if published.target.is_flat else "set_link"
    awaited = STATE_FILE if published.target.is_flat else "current"

    def prepare(stop: Callable[[], None]) -> None:
        for kind in (Folder, Sftp, Ssh):
            setattr(kind, name, stopping(getattr(kind, name), stop))

    def stopping(operation: Callable[..., object], stop: Callable[[], None]) -> Callable[..., object]:
        def stopped(self: object, path: str, *others: object) -> object:
            if path == awaited:
                stop()
            return operation(self, path, *others)

        return stopped

    return prepare


@pytest.fixture
def other(published: Publishing, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Publishing:
    """Somebody else with a copy of the site."""
    text = (published.site.root / "site.yaml").read_text("utf-8")
    made = SiteTest(tmp_path / "other", capsys)
    shutil.copytree(published.site.root / "content", made.root / "content")
    made.write("site.yaml", text[: text.index("publish:")])
    found = Publishing(made, published.target, capsys)
    found.settings(RULES)
    return found


@pytest.mark.long
def test_one_that_stops_right_before_it_goes_live_does_not_go_live_later(
    published: Publishing, other: Publishing
) -> None:
    change(published, "第 3 版")
    first = Suspended(published, before(published))
    assert not first.is_over
    change(other, "第 4 版")
    other.published()
    for number in (5, 6):  # the release that the first would have gone live with is pruned
        change(other, f"第 {number} 版")
        other.published()
    assert first.goes_on() == LOST
    assert first.code == 2
    assert published.target.served() == other.built()
    assert other.run("verify").code == 0
    assert other.published().document["published"] is False


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing of what it is asked."""

    def log_message(self, *_: object) -> None:
        """See BaseHTTPRequestHandler."""


@pytest.mark.long
def test_one_that_stops_before_it_looks_takes_nothing_of_the_other_s_back(
    published: Publishing, other: Publishing
) -> None:
    handler = partial(Quiet, directory=str(published.target.docroot))
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen = {"http": "yes", "url": f"http://{HOST}:{server.server_port}/"}
        published.settings(RULES, **seen)
        change(published, "第 3 版")

        def prepare(stop: Callable[[], None]) -> None:
            go_live.PATIENCE = 0.0
            asked = http_check.HttpCheck.mismatches

            def stopping(self: http_check.HttpCheck, *others: object) -> object:
                stop()
                http_check.HttpCheck.mismatches = asked  # type: ignore[method-assign]
                return asked(self, *others)  # type: ignore[arg-type]

            http_check.HttpCheck.mismatches = stopping  # type: ignore[method-assign, assignment]

        first = Suspended(published, prepare)
        change(other, "第 4 版")
        other.published()
        assert first.goes_on() == LOST
        server.shutdown()
    assert published.target.served() == other.built()
    assert other.run("verify").code == 0


@pytest.mark.long
def test_one_that_stops_anywhere_harms_nobody(published: Publishing, other: Publishing) -> None:
    stride = 1 if ALL_STEPS else 3 if published.target.kind.startswith("folder") else 6
    number = 3
    for step in range(random.randint(3, 2 + stride), 1000, stride):  # before the third it has no turn yet
        change(published, f"第 {number} 版")
        first = Suspended(published, at_step(step))
        if first.is_over:
            break
        change(other, f"第 {number + 1} 版")
        other.published()
        assert first.goes_on() in (LOST, []), step  # [] where it had done all but to give its turn back
        assert published.target.served() == other.built(), step
        assert other.run("verify").code == 0, step
        assert other.run("rollback").code == 0, step
        assert other.run("verify").code == 0, step
        number += 2
    assert step > 12
