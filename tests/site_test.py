"""SiteTest: a small site on disk, as a chained story."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from PIL import Image

from newsgen.cli import run

SITE_YAML = """\
title: 党群工作
organization: 管理学院
url: https://sm.example.edu.cn/dqgz/
home: https://sm.example.edu.cn/
"""
NOW = "2024-06-01T08:00"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build said and did."""

    code: int
    document: Mapping[str, Any]
    stderr: str
    out: Path

    def text(self, address: str) -> str:
        """The text of one output."""
        return (self.out / address).read_text("utf-8")

    def addresses(self) -> set[str]:
        """The addresses of all files in the output folder but newsgen's own."""
        return set(tree(self.out))

    def said(self, severity: str | None = None) -> list[str]:
        """Code and place of every diagnostic: `front-matter.date content/a.md:3`."""
        found = self.document["diagnostics"]
        return [f"{d['code']} {d['path']}:{d['line']}" for d in found if severity in (None, d["severity"])]


def tree(folder: Path) -> dict[str, bytes]:
    """Path -> bytes of every file below a folder, newsgen's own left out."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in paths.items() if not name.startswith(".newsgen")}


def next_tick(folder: Path) -> None:
    """Wait until the clock of the file system of a folder goes on: what is written from now on has a later time."""
    probe, end = folder / "clock", time.monotonic() + 60
    probe.touch()
    now = probe.stat().st_mtime_ns
    while probe.stat().st_mtime_ns <= now:
        assert time.monotonic() < end, "the clock of the file system stands still"
        probe.touch()


def photo() -> bytes:
    """A small JPEG."""
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "#b4141b").save(target, "JPEG")
    return target.getvalue()


class SiteTest:
    """A site in a temporary folder; every step returns the site, so that a test reads as a story."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys

    def write(self, path: str, text: str | bytes) -> Self:
        """Write one file below the site root."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def section(self, folder: str, title: str, more: str = "") -> Self:
        """Add a section."""
        return self.write(f"content/{folder}/_index.md", f"---\ntitle: {title}\n{more}---\n")

    def article(self, path: str, body: str = "正文。\n", **matter: str) -> Self:
        """Add an article below content/; `date` and `title` have defaults."""
        keys = {"title": "一篇报道", "date": "2024-03-13", **matter}
        lines = "".join(f"{key}: {value}\n" for key, value in keys.items())
        return self.write(f"content/{path}", f"---\n{lines}---\n\n{body}")

    def at_rest(self) -> Self:
        """Wait until the file system's clock has passed the last edit, as it has before a person builds."""
        next_tick(self.root.parent)
        return self

    def remove(self, path: str) -> Self:
        """Delete one file."""
        (self.root / path).unlink()
        return self

    def build(self, *options: str, now: str = NOW) -> Built:
        """Run `newsgen build --json` on the site."""
        self._capsys.readouterr()
        code = run(["build", "-C", str(self.root), "--json", "--now", now, *options])
        printed = self._capsys.readouterr()
        out = self.root / "public"
        if "-o" in options:
            out = Path(options[options.index("-o") + 1])
        return Built(code, json.loads(printed.out), printed.err, out)

    def built(self, *options: str, now: str = NOW) -> Built:
        """As build(), for a site that must succeed."""
        result = self.build(*options, now=now)
        assert result.code == 0, result.stderr
        return result
