"""newsgen at work on this machine, from a new site to its preview: python tests/smoke.py FOLDER NEWSGEN…

FOLDER is made; NEWSGEN is the command with its arguments. The standard library is enough, so that any installation can be tried:
a workflow does so on a real Windows (docs/ci/windows.yml). The first thing that is not as it should be ends it with exit code 1.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

LIMIT = 120
"""Seconds after which an answer is lost."""
NOW = "2025-01-02T08:00"
PATH = "content/news/2024-03-13-smoke.md"
PAGE = "news/2024/0313-smoke.html"
ARTICLE = "---\ntitle: 第{number}次组织生活会\ndate: 2024-03-13\ntags: 组织生活\n---\n\n一、学习\n\n支部书记领学**“八个要求”**。\n"


class Failed(Exception):
    """Something is not as it should be."""


def expect(holds: bool, told: str) -> None:
    """Go on only where something holds. Raises Failed."""
    sys.stdout.write(f"{'ok' if holds else 'FAILED'}  {told}\n")
    if not holds:
        raise Failed(told)


def answer(newsgen: list[str], *words: str) -> dict[str, Any]:
    """The document that a command prints. Raises Failed where it does not succeed."""
    ran = subprocess.run([*newsgen, *words, "--json"], capture_output=True, timeout=LIMIT, check=False)
    if ran.returncode:
        raise Failed(f"newsgen {' '.join(words)}\n{ran.stderr.decode(errors='replace')}")
    return dict(json.loads(ran.stdout))


@contextmanager
def preview(newsgen: list[str], site: Path) -> Iterator[int]:
    """The port of `newsgen serve` at work. Raises Failed where it tells none."""
    command = [*newsgen, "serve", "-C", str(site), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, bufsize=0) as process:
        late = threading.Timer(LIMIT, process.kill)
        late.start()
        try:
            assert process.stderr is not None
            told = (re.search(rb"http://127\.0\.0\.1:(\d+)/", line) for line in process.stderr)
            port = next((int(found[1]) for found in told if found), None)
            if port is None:
                raise Failed("the preview told no address")
            yield port
        finally:
            late.cancel()
            process.kill()


def get(port: int, path: str) -> bytes:
    """A page of the preview."""
    with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=LIMIT) as answered:
        return bytes(answered.read())


@contextmanager
def versions(port: int) -> Iterator[Iterator[int]]:
    """The versions that the preview tells a browser."""
    with urlopen(f"http://127.0.0.1:{port}/.newsgen/events", timeout=LIMIT) as stream:
        yield (json.loads(line.removeprefix(b"data: "))["version"] for line in stream if line.startswith(b"data: "))


def site_is_made_and_built(newsgen: list[str], site: Path) -> None:
    """init, new, and two builds."""
    answer(newsgen, "init", str(site))
    expect((site / "site.yaml").is_file(), "a site is made")
    answer(newsgen, "new", "学生第一党支部召开组织生活会", "-C", str(site))
    (site / PATH).write_text(ARTICLE.format(number=1), "utf-8")
    first = answer(newsgen, "build", "-C", str(site), "--now", NOW)
    expect(first["rendered"] == first["outputs"] > 10, "the first build renders everything")
    again = answer(newsgen, "build", "-C", str(site), "--now", NOW)
    expect(again["rendered"] == again["written"] == again["deleted"] == 0, "the second build renders nothing")
    page = (site / "public" / PAGE).read_bytes()
    expect("<strong>“八个要求”</strong>".encode() in page, "the page shows what was written")
    expect(b"\r" not in page, "the page has the same line ends everywhere")


def preview_follows(newsgen: list[str], site: Path) -> None:
    """serve, and a save."""
    with preview(newsgen, site) as port, versions(port) as told:
        first = next(told)
        expect("第1次".encode() in get(port, PAGE), "the preview shows the page")
        (site / PATH).write_text(ARTICLE.format(number=2), "utf-8")
        expect(next(told) > first, "the preview tells a save")
        expect("第2次".encode() in get(port, PAGE), "the preview shows what was saved")


def main(folder: Path, newsgen: list[str]) -> int:
    """Try everything, and return the exit code."""
    try:
        site_is_made_and_built(newsgen, folder)
        preview_follows(newsgen, folder)
    except Failed as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
