"""What a desk tidies beside its work, and that no save waits for it."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from threading import Event, current_thread

import pytest

from newsgen.authoring.autosaves import Autosaves
from newsgen.authoring.history import keep, versions
from newsgen.core.model import SHANGHAI
from newsgen.preview.desk import cleanup
from newsgen.preview.desk.cleanup import clean_up, daily_cleanup
from running import LIMIT

NOW = datetime(2024, 3, 13, 23, 59, tzinfo=SHANGHAI)
PATH = "content/meetings/a.md"


def test_old_versions_go_and_so_does_what_a_killed_program_left_in_content(tmp_path: Path) -> None:
    keep(tmp_path, PATH, b"1", "", "edited", NOW)
    keep(tmp_path, PATH, b"2", "", "edited", NOW)
    left = tmp_path / "content/meetings/.0a1b.newsgen.tmp/new/1.jpg"
    others = tmp_path / "content/meetings/.git/.0a1b.newsgen.tmp"
    for place in (left, others):
        place.parent.mkdir(parents=True)
        place.write_bytes(b"x")
    for place in (left.parent.parent, others):
        os.utime(place, (0, 0))
    clean_up(tmp_path, NOW + timedelta(days=40))
    assert len(versions(tmp_path, PATH)) == 1
    assert not left.parent.parent.exists()
    assert others.exists(), "a hidden folder is another program's"


def test_a_desk_tidies_at_its_start_and_on_each_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([NOW, NOW, NOW + timedelta(minutes=1), *[NOW + timedelta(minutes=2)] * 50, NOW + timedelta(days=1)])
    done: Queue[tuple[datetime, str]] = Queue()
    monkeypatch.setattr(cleanup, "clean_up", lambda _, now: done.put((now, current_thread().name)))
    with daily_cleanup(tmp_path, lambda: next(times, NOW), pause=0):
        found = [done.get(timeout=LIMIT) for _ in range(2)]
    assert found == [(NOW, "newsgen-cleanup"), (NOW + timedelta(minutes=1), "newsgen-cleanup")]


def test_no_save_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = Event(), Event()

    def slow(root: Path, now: datetime) -> None:
        begun.set()
        may_end.wait(LIMIT)

    monkeypatch.setattr(cleanup, "prune", slow)
    with daily_cleanup(tmp_path, lambda: NOW):
        assert begun.wait(LIMIT)
        autosaves = Autosaves(tmp_path)
        assert autosaves.before(PATH, b"1", "", NOW) is None
        assert autosaves.after(PATH, b"2", "", NOW) is None
        assert len(versions(tmp_path, PATH)) == 2
    may_end.set()
