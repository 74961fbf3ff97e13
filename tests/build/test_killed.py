"""A build may be killed, interrupted or run beside another at any moment: no file is ever half, and the next build is exact.

The kills are counted: before steps that a build of a small site takes (processes.py), each third to ninth of them; others
come at random moments of a build with workers. For all steps, and thousands of moments:

    NEWSGEN_KILLS=5000 .venv/bin/pytest tests/build/test_killed.py
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from newsgen.build.output.manifest import JOURNAL, MANIFEST, STAGING
from newsgen.build.request import Request
from oracle import START, attempt, files_of, fresh
from processes import (
    LIMIT,
    Deed,
    Gate,
    Moment,
    Running,
    interrupt_all,
    interrupt_as_workers_begin,
    kill_a_worker,
    kill_oneself,
)
from random_edits import lay_out
from sample_values import BEGINNING, Sources, picture
from site_test import NOW, tree

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("NEWSGEN_KILLS", "20"))
IS_SEARCH = "NEWSGEN_KILLS" in os.environ
Files = Mapping[str, bytes]

BEFORE: Sources = BEGINNING | {
    "content/meetings/b/p.jpg": picture("p.jpg", 0),
    "content/meetings/b/index.md": "---\ntitle: 二篇\ndate: 2024-03-06\n---\n\n![照片](p.jpg)\n".encode(),
}
AFTER: Sources = {path: data for path, data in BEFORE.items() if path != "content/notices/d.md"} | {
    "content/meetings/b/p.jpg": picture("p.jpg", 1),
    "content/meetings/a.md": BEFORE["content/meetings/a.md"].replace("正文。".encode(), "新的正文。".encode()),
    "content/meetings/2024/c.md": BEFORE["content/meetings/2024/c.md"].replace("第三篇".encode(), b"3"),
    "content/notices/e.md": "---\ntitle: 又一篇\ndate: 2024-04-01\ntags: 群团\n---\n\n正文。\n".encode(),
}
"""One body edited, one title changed, a photo replaced, an article added and one deleted."""


class Scene:
    """A site that changes between two states, and what a build of each comes to."""

    def __init__(self, root: Path, before: Sources, after: Sources) -> None:
        self.root, self.out = root, root / "public"
        root.mkdir()
        self.sources = {"before": before, "after": after}
        self.files: dict[str, Files] = {}
        for name in ("after", "before"):
            self.lay_out(name)
            self.files[name] = fresh(Request(root, START))[1]

    def lay_out(self, name: str) -> None:
        """Make the sources those of one of the states."""
        lay_out(self.root, self.sources[name])

    def started(self, *options: str, at: Moment = 0, deed: Deed = lambda: None, in_workers: bool = False) -> Running:
        """A build in a process of its own, to which or to whose workers something happens before a step."""
        options = ("-C", str(self.root), "--now", NOW, *options)
        return Running(self.root, *options, at=at, deed=deed, in_workers=in_workers)

    def is_built(self, name: str, out: Path | None = None) -> bool:
        """Build, and say whether that ends in the state's site, to the byte."""
        found = attempt(Request(self.root, START, out=str(out) if out else None, jobs=1))
        assert found.code == 0, found.said
        return self.is_exact(name, out)

    def forget(self) -> None:
        """Delete the store and the output folder."""
        shutil.rmtree(self.root / ".newsgen", ignore_errors=True)
        shutil.rmtree(self.out, ignore_errors=True)

    def is_exact(self, name: str, out: Path | None = None) -> bool:
        """Whether the output folder is that of the state, to the byte."""
        return files_of(out or self.out) == self.files[name]

    def are_whole(self, old: Files, new: Files) -> bool:
        """Whether every file is the old or the new one, and none is missing that both have."""
        found = tree(self.out)
        lasting = (old.keys() & new.keys()) - {MANIFEST}
        return lasting <= found.keys() and all(data in (old.get(path), new.get(path)) for path, data in found.items())


@pytest.fixture
def scene(tmp_path: Path, small_numbers: None, verbose_templates: None) -> Scene:
    """The small site; there are workers for it, too."""
    return Scene(tmp_path / "site", BEFORE, AFTER)


def turns() -> Iterator[tuple[str, str]]:
    """From one state to the other, and back."""
    yield "before", "after"
    yield "after", "before"


def steps(stride: int) -> Iterator[int]:
    """Numbers of steps: in a search all of them, else each `stride`-th."""
    return itertools.count(1, 1 if IS_SEARCH else stride)


JOBS = pytest.mark.parametrize(("jobs", "stride"), [("1", 3), ("2", 11)])


@JOBS
def test_a_first_build_may_be_killed_before_every_step(scene: Scene, jobs: str, stride: int) -> None:
    for number in steps(stride):
        scene.forget()
        killed = scene.started("--jobs", jobs, at=number, deed=kill_oneself)
        code = killed.wait()
        assert code in (0, -9)
        assert scene.are_whole({}, scene.files["before"])
        assert scene.is_built("before"), f"killed before step {number}"
        assert killed.end() == code
        if code == 0:
            break
    assert number > 70


@JOBS
def test_a_build_of_edits_may_be_killed_before_every_step(scene: Scene, jobs: str, stride: int) -> None:
    assert scene.is_built("before")
    for number in steps(stride):
        for old, new in turns():
            scene.lay_out(new)
            killed = scene.started("--jobs", jobs, at=number, deed=kill_oneself)
            code = killed.wait()
            assert code in (0, -9)
            assert scene.are_whole(scene.files[old], scene.files[new])
            assert scene.is_built(new), f"killed before step {number}"
            assert killed.end() == code
        if code == 0:
            break
    assert number > 70


def test_the_sources_may_change_before_a_killed_build_is_finished(scene: Scene) -> None:
    assert scene.is_built("before")
    for number in steps(5):
        scene.lay_out("after")
        code = scene.started("--jobs", "1", at=number, deed=kill_oneself).end()
        scene.lay_out("before")
        assert scene.is_built("before"), f"killed before step {number}"
        if code == 0:
            break
    assert number > 70


@pytest.mark.parametrize(("jobs", "stride"), [("1", 7), ("2", 17)])
def test_what_ctrl_c_ends_is_the_old_site_or_the_new_one(scene: Scene, jobs: str, stride: int) -> None:
    assert scene.is_built("before")
    for number in steps(stride):
        for old, new in turns():
            scene.lay_out(new)
            interrupted = scene.started("--jobs", jobs, at=number, deed=interrupt_all)
            code = interrupted.end()
            assert code in (0, 2)
            assert "Traceback" not in interrupted.words
            assert scene.is_exact(new) or (code and scene.is_exact(old)), f"interrupted before step {number}"
            assert scene.is_built(new), f"interrupted before step {number}"
        if code == 0:
            break
    assert number > 70


def test_what_ctrl_c_ends_as_a_worker_begins_is_the_old_site(scene: Scene) -> None:
    """The worker has not yet left Ctrl-C to the parent."""
    assert scene.is_built("before")
    scene.lay_out("after")
    interrupted = scene.started("--jobs", "2", at=1, deed=interrupt_as_workers_begin)
    assert interrupted.end() == 2
    assert "Traceback" not in interrupted.words
    assert scene.is_exact("before")
    assert scene.is_built("after")


def test_another_build_with_the_same_store_may_come_between_any_two_steps(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And somebody edits the site before it."""
    monkeypatch.setattr("newsgen.build.cache.store.TIMEOUT", 0.1)  # where the other waits in the midst of a transaction
    other = scene.root.with_name("other")
    assert scene.is_built("before")
    for number in steps(9):
        gate = Gate()
        scene.lay_out("after")
        first = scene.started("--jobs", "1", at=number, deed=gate.pass_through)
        waits = gate.is_reached(first)
        scene.lay_out("before")
        assert scene.is_built("before", other), f"beside step {number}"
        gate.let_through()
        assert first.end() in (0, 1)  # 1: a file changed just then
        for name in ("before", "after", "before"):
            scene.lay_out(name)
            assert scene.is_built(name), f"after step {number}"
            assert scene.is_built(name, other), f"after step {number}"
        if not waits:
            break
    assert number > 70


def test_of_two_builds_into_one_folder_one_is_sent_away_and_the_other_is_exact(scene: Scene) -> None:
    sent_away = 0
    for number in steps(4):
        scene.forget()
        gate = Gate()
        first = scene.started("--jobs", "1", at=number, deed=gate.pass_through)
        waits = gate.is_reached(first)
        second = attempt(Request(scene.root, START, jobs=1)).code
        gate.let_through()
        assert sorted([first.end(), second]) in ([0, 0], [0, 2])
        assert scene.is_exact("before"), f"beside step {number}"
        sent_away += second == 2
        if not waits:
            break
    assert sent_away > 10


def test_a_worker_that_is_killed_fails_the_build_and_changes_nothing(scene: Scene) -> None:
    assert scene.is_built("before")
    for number in steps(7):
        scene.lay_out("after")
        failed = scene.started("--jobs", "2", at=number, deed=kill_a_worker)
        code = failed.end()
        assert scene.is_exact("after" if code == 0 else "before"), f"before step {number}"
        assert "crew.lost" in failed.words or code == 0
        assert scene.is_built("after")
        scene.lay_out("before")
        assert scene.is_built("before")
        if number > 110:
            break


def test_what_an_orphan_goes_on_to_write_is_in_nobodys_way(scene: Scene) -> None:
    """Its parent was killed, other sources are built, and only then it writes what it was at."""
    for moment in (STAGING, "/media/p-"):  # making a folder for its files, and writing a photo
        scene.forget()
        scene.lay_out("after")
        late, meanwhile = Gate(), Gate()
        killed = scene.started("--jobs", "2", at=moment, deed=late.pass_through, in_workers=True)
        assert late.is_reached(killed)
        killed.kill()
        assert killed.wait() == -9
        scene.lay_out("before")
        second = scene.started("--jobs", "1", at=JOURNAL, deed=meanwhile.pass_through)
        assert meanwhile.is_reached(second)
        late.let_through()
        assert killed.is_gone_within(LIMIT)
        meanwhile.let_through()
        assert second.end() == 0
        assert scene.is_exact("before")


@pytest.fixture
def large_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verbose_templates: None) -> Scene:
    """A hundred reports."""
    monkeypatch.setattr("newsgen.build.workers.ENOUGH", 20)
    monkeypatch.setattr("newsgen.build.workers.BATCH", 4)
    text = "---\ntitle: 第{0}篇\ndate: 2024-03-{1:02}\ntags: 党建\n---\n\n" + "正文**要点**。\n\n- 一\n- 二\n\n" * 20
    reports = {f"content/meetings/r{n}.md": text.format(n, n % 28 + 1).encode() for n in range(100)}
    edited = {path: data + "又一段。\n".encode() for path, data in reports.items()}
    return Scene(tmp_path / "site", BEFORE | reports, AFTER | dict(list(edited.items())[20:]))


def test_a_build_with_workers_may_be_killed_at_random_moments(large_scene: Scene) -> None:
    scene, moments = large_scene, random.Random(None if IS_SEARCH else 1)
    started = time.perf_counter()
    assert scene.started("--jobs", "2").end() == 0
    duration = time.perf_counter() - started
    for number in range(KILLS):
        old, new = ("before", "after") if number % 2 == 0 else ("after", "before")
        if is_cold := number % 3 == 0:
            scene.forget()
        scene.lay_out(new)
        killed = scene.started("--jobs", "2")
        killed.is_gone_within(duration * (number % 30 + moments.random()) / 30)
        killed.kill(also_workers=number % 4 == 1)
        assert killed.wait() in (0, -9)
        assert scene.are_whole({} if is_cold else scene.files[old], scene.files[new])
        assert scene.is_built(new)
        assert killed.is_gone_within(LIMIT), "a worker lives on"


def test_a_build_from_the_shell_may_be_killed_at_random_moments(scene: Scene) -> None:
    """A process with nothing inherited, from its first import on."""
    command = [sys.executable, "-m", "newsgen", "build", "-C", str(scene.root), "--now", NOW]
    assert scene.is_built("before")
    duration = 0.0
    for number in range(1 + KILLS // 4):
        new = "after" if number % 2 == 0 else "before"
        scene.lay_out(new)
        started = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(duration * (0.5 + number % 8 / 16) if duration else None)
            process.kill()
        duration = duration or time.perf_counter() - started
        assert scene.is_built(new)
