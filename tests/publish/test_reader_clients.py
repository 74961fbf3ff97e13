"""The readers of polling.py see what readers would, and tell."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import servers
import webservers
from reader_clients import polling

OLD = {"index.html": b'<link rel="stylesheet" href="a-1.css"><a href="b.html">', "b.html": b"old", "a-1.css": b"1"}
NEW = {
    "index.html": b'<link rel="stylesheet" href="a-2.css"><a href="b.html">',
    "b.html": b"new",
    "a-2.css": b"2",
    "a-1.css": b"1",
}


@pytest.fixture
def place() -> Iterator[Path]:
    """The folder of a web server, with the old site in `old` and nothing else."""
    with servers.ground() as folder:
        lay(folder / "old", OLD)
        yield folder


def lay(folder: Path, site: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, data in site.items():
        (folder / name).write_bytes(data)


def flip(place: Path, name: str) -> None:
    (place / "next").symlink_to(name)
    os.replace(place / "next", place / "current")


def test_a_flip_is_wholly_old_and_then_wholly_new(place: Path) -> None:
    lay(place / "new", NEW)
    flip(place, "old")
    with webservers.nginx(place, f"root {place}/current;") as server, polling(server.url, OLD, NEW) as poll:
        flip(place, "new")
    assert poll.faults == []
    assert poll.old_seen
    assert poll.new_seen


@pytest.mark.parametrize(
    ("site", "fault"),
    [
        ({**NEW, "b.html": b"nex"}, "b.html (page): 200 b'nex'"),
        ({name: data for name, data in NEW.items() if name != "b.html"}, "b.html (page): 404"),
        ({name: data for name, data in NEW.items() if name != "a-2.css"}, "a-2.css (shown by index.html): 404"),
        ({**NEW, "b.html": OLD["b.html"]}, "b.html: old after the new site had been seen"),
    ],
)
def test_half_a_site_is_told(place: Path, site: Mapping[str, bytes], fault: str) -> None:
    lay(place / "new", site)
    flip(place, "old")
    with webservers.nginx(place, f"root {place}/current;") as server, polling(server.url, OLD, NEW) as poll:
        flip(place, "new")
        poll.wait_for_fault()
    assert any(told.startswith(fault) for told in poll.faults), poll.faults


def test_a_server_that_is_gone_is_told(place: Path) -> None:
    flip(place, "old")
    with webservers.nginx(place, f"root {place}/current;") as server, polling(server.url, OLD, OLD) as poll:
        server.stop()
        poll.wait_for_fault()
    assert poll.faults
    assert " 0 " in poll.faults[0]
