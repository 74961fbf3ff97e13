"""The desk is killed while somebody types: what it accepted is in the file, whole, and a new start goes on from there."""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from desk_client import Client
from running import LIMIT
from site_test import SITE_YAML

PATH = "content/news/a/index.md"
HEAD = "---\ntitle: 会议\ndate: 2024-03-13\n---\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.yaml").write_text(SITE_YAML, "utf-8")
    file = tmp_path / PATH
    file.parent.mkdir(parents=True)
    file.write_text(f"{HEAD}第 0 次\n", "utf-8")
    (tmp_path / "content/news/_index.md").write_text("---\ntitle: 新闻\n---\n", "utf-8")
    return tmp_path


class RunningProcess:
    """`newsgen desk` as a process of its own."""

    def __init__(self, root: Path) -> None:
        words = [sys.executable, "-m", "newsgen", "desk", "-C", str(root), "--port", "0"]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
        assert self.process.stderr is not None
        line = next(line for line in self.process.stderr if "token=" in line)
        address = line.partition("http://127.0.0.1:")[2]
        self.client = Client(int(address.partition("/")[0]))
        assert self.client.enter(address.strip().partition("token=")[2]).status == 303

    @property
    def version(self) -> str:
        return str(self.client.call("GET", f"report?path={PATH}").json["version"])

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=LIMIT)


def typing(client: Client, numbers: count[int], accepted: list[str], sent: list[str]) -> None:
    """Save again and again, each time when the answer has come, until nobody answers."""
    try:
        version = client.call("GET", f"report?path={PATH}").json["version"]
        while True:
            text = f"第 {next(numbers)} 次\n" + "会议强调，要学深悟透。\n" * 200
            sent.append(text)
            answer = client.call("PUT", f"report?path={PATH}", {"base": version, "body": text})
            assert answer.status == 200, answer.text
            version = answer.json["version"]
            accepted.append(text)
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return  # killed


@pytest.mark.long
def test_a_desk_that_is_killed_at_any_moment_has_kept_what_it_accepted(site: Path) -> None:
    chance, numbers = random.Random(7), count(1)
    accepted, sent = ["第 0 次\n"], ["第 0 次\n"]
    for _ in range(8):
        desk = RunningProcess(site)
        writer = Thread(target=typing, args=(desk.client, numbers, accepted, sent))
        writer.start()
        wanted = len(accepted) + chance.randrange(1, 12)
        while len(accepted) < wanted and writer.is_alive():
            time.sleep(chance.random() / 500)  # not to wait for anything: the moment of the kill is to be any
        desk.kill()
        writer.join(LIMIT)
        text = (site / PATH).read_text("utf-8")
        assert text in (HEAD + accepted[-1], HEAD + sent[-1])
        sent[:], accepted[:] = [text.removeprefix(HEAD)], [text.removeprefix(HEAD)]
    old = (site / PATH).with_name(".0a1b2c3d.newsgen.tmp")
    old.write_bytes(b"half")
    os.utime(old, (0, 0))
    unfinished = site / "content/news/.0a1b2c3e.newsgen.tmp"
    (unfinished / "new").mkdir(parents=True)
    os.utime(unfinished, (0, 0))
    desk = RunningProcess(site)
    assert desk.client.call("PUT", f"report?path={PATH}", {"base": desk.version, "body": "还在\n"}).status == 200
    assert not old.exists(), "what a killed desk left behind is taken away"
    ends = time.monotonic() + LIMIT
    while unfinished.exists():
        assert time.monotonic() < ends, "and what a receive left, with the next start"
        time.sleep(0.01)
    desk.kill()


@pytest.mark.long
def test_a_second_start_opens_the_desk_that_runs_and_ends(site: Path) -> None:
    desk = RunningProcess(site)
    words = [sys.executable, "-m", "newsgen", "desk", "-C", str(site)]
    second = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=LIMIT, check=False)
    assert second.returncode == 0
    assert f"写稿台已经开着：http://127.0.0.1:{desk.client.port}/" in second.stderr
    desk.kill()
    third = RunningProcess(site)
    assert third.client.call("GET", "site").status == 200
    third.process.terminate()
    _, said = third.process.communicate(timeout=LIMIT)
    assert said.endswith("写稿台已结束，写的内容都存好了。\n")
    assert not (site / ".newsgen/desk.json").exists()
