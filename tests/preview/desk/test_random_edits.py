"""1,000 random edits through the desk, by two windows, while another program writes the same files.

Three things must hold after each step: the file is what was typed last and accepted; what another program wrote was never
replaced without being shown first; and every text that was ever accepted or written can still be brought back.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from desk_client import Client, desk_at_work, own_client
from newsgen.authoring import history
from newsgen.authoring.text_lines import body_of
from site_test import SITE_YAML

PATHS = ("content/news/2024-03-13-a/index.md", "content/news/2024-03-14-b/index.md", "content/news/c.md")
WORDS = (
    "会议强调",
    "要学深悟透",
    "党支部",
    "**“八个要求”**的",
    "3月13日",
    "（一）",
    "| 甲 | 乙 |",
    "![合影](a.jpg)",
    "[^1]",
    "　　",
)
HEADS = (
    "---\r\ntitle: 会议\r\ndate: 2024-03-13 # 定稿的日子\r\nauthor: 王芳\r\n---\r\n",
    "---\n标题：会议\ntime: 2024-03-14\n# source: 供稿单位\n---\n",
    "---\ntitle: '会议'\ndate: 2024-03-15\n---\n",
)


class Window:
    """A browser's window on one report: what it shows, and the version that this is."""

    def __init__(self, client: Client, path: str) -> None:
        self.client, self.path = client, path
        self.open()

    def open(self) -> None:
        found = self.client.call("GET", f"report?path={self.path}").json
        self.take(found)

    def take(self, found: dict[str, Any]) -> None:
        """Show a report as the desk gives it."""
        self.version, self.body = found["version"], found["body"]

    def save(self, typed: str, fields: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        """Send what was typed, as the page does."""
        asked = {"base": self.version, "body": typed, **({"fields": fields} if fields else {})}
        answer = self.client.call("PUT", f"report?path={self.path}", asked)
        if answer.status == 200:
            self.version, self.body = answer.json["version"], typed
        return answer.status, answer.json


class Story:
    """The edits, and what must be true of them."""

    def __init__(self, root: Path, client: Client, seed: int) -> None:
        self.root, self.random = root, random.Random(seed)
        self.windows = [Window(client, path) for path in PATHS for _ in range(2)]
        self.precious: dict[str, set[bytes]] = {path: set() for path in PATHS}
        self.saved: dict[str, bytes] = {}
        self.conflicts = 0

    def step(self) -> None:
        """One edit, by a window or by another program."""
        window = self.random.choice(self.windows)
        if self.random.random() < 0.25:
            self.outside(window.path)
        else:
            self.type(window)

    def outside(self, path: str) -> None:
        """Another program saves the file, with other line ends. What the desk saved last goes, and must be in the history."""
        file = self.root / path
        before = file.read_bytes()
        if self.saved.get(path) == before:
            self.precious[path].add(before)
        data = before + f"\r\n别处写的{self.random.randrange(10**6)}\r\n".encode()
        other = file.with_name("other.tmp")
        other.write_bytes(data)
        os.replace(other, file)

    def type(self, window: Window) -> None:
        """A person edits what the window shows, and looks at both texts where the file has changed meanwhile."""
        before = (self.root / window.path).read_bytes()
        typed = self.edited(window.body)
        fields = {"author": self.random.choice(["王芳", "李明、王芳", ""])} if self.random.random() < 0.2 else None
        status, answer = window.save(typed, fields)
        after = (self.root / window.path).read_bytes()
        if status == 200:
            assert body_of(after)[0] == typed
            if after != before and self.saved.get(window.path) != before:
                self.precious[window.path].add(before)  # written elsewhere, shown, and replaced by a person
            self.saved[window.path] = after
            return
        assert (status, answer["error"]) == (409, "changed")
        assert after == before, "nothing is written over what somebody else wrote"
        self.conflicts += 1
        theirs = answer["theirs"]
        assert theirs["body"] == body_of(before)[0]
        window.take(theirs)
        if self.random.random() < 0.5:  # mine as well: both, one below the other
            self.type(window)

    def edited(self, body: str) -> str:
        """A body with a line typed, taken away or put elsewhere."""
        lines = body.split("\n")
        place, word = self.random.randrange(len(lines)), self.random.choice(WORDS)
        match self.random.randrange(4):
            case 0:
                lines.insert(place, word + str(self.random.randrange(1000)))
            case 1:
                lines[place] += word
            case 2 if len(lines) > 3:
                lines.append(lines.pop(place))
            case _:
                lines[place] = lines[place][: len(lines[place]) // 2] + word
        return "\n".join(lines)

    def lost(self) -> list[bytes]:
        """What cannot be brought back, though it must."""
        missing = []
        for path in PATHS:
            kept = {history.read(self.root, path, item.id) for item in history.versions(self.root, path)}
            kept.add((self.root / path).read_bytes())
            missing += [data for data in self.precious[path] - kept if path in self.saved]
        return missing


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.yaml").write_text(SITE_YAML, "utf-8")
    for path, head in zip(PATHS, HEADS, strict=True):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        line_end = "\r\n" if "\r\n" in head else "\n"
        file.write_bytes((head + "会议开始。\n\n一、学习\n\n大家发言。\n".replace("\n", line_end)).encode())
    (tmp_path / "content/news/_index.md").write_text("---\ntitle: 新闻\n---\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.long
def test_nothing_is_lost_in_a_day_of_edits_from_everywhere(site: Path, seed: int) -> None:
    with desk_at_work(site) as server:
        story = Story(site, own_client(server), seed)
        for _ in range(250):
            story.step()
        assert story.lost() == []
        assert story.conflicts > 10, "the story must meet what it is about"
