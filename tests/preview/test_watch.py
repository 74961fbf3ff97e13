"""preview.watch: which notices set the signal, and how soon they come from a system like Windows."""

from __future__ import annotations

import ntpath
import os
import queue
from pathlib import Path
from typing import ClassVar

import pytest
from watchdog.events import DirDeletedEvent, DirModifiedEvent, FileDeletedEvent, FileModifiedEvent, FileSystemEvent
from watchdog.observers.api import BaseObserver, EventEmitter

from newsgen.preview import watch
from newsgen.preview.watch import ChangeHandler, ChangeSignal, FileChange, Watch, gathering
from running import LIMIT


class WindowsLikeEmitter(EventEmitter):
    """Gathers notices until none has come for `timeout` seconds, as watchdog does with ReadDirectoryChangesW."""

    arrived: queue.SimpleQueue[FileSystemEvent] = queue.SimpleQueue()
    waits: ClassVar[set[float]] = set()
    """For how long it waits for one more notice, and so for the end of the watch."""

    def queue_events(self, timeout: float) -> None:
        self.waits.add(timeout)
        gathered = []
        while True:
            try:
                gathered.append(self.arrived.get(timeout=timeout))
            except queue.Empty:
                break
        for event in gathered:
            self.queue_event(event)


class WindowsLikeObserver(BaseObserver):
    def __init__(self, *, timeout: float) -> None:
        super().__init__(WindowsLikeEmitter, timeout=timeout)


def test_a_save_on_windows_is_noticed_at_once_and_the_watch_ends_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "Observer", WindowsLikeObserver)
    monkeypatch.setattr(watch, "gathering", lambda: gathering("win32"))
    (tmp_path / "content").mkdir()
    flag = ChangeSignal()
    watching = Watch(tmp_path, flag)
    watching.watch_paths()
    saved = str(tmp_path / "content/a.md")
    WindowsLikeEmitter.arrived.put(FileModifiedEvent(saved))
    assert flag.wait(LIMIT) == FileChange("noticed", frozenset({saved}))
    watching.close()
    assert max(WindowsLikeEmitter.waits) < 0.1


def test_where_the_system_wakes_the_watcher_it_does_not_wake_by_itself() -> None:
    assert gathering("linux") >= 3600


def noticed(notices: ChangeHandler, flag: ChangeSignal, event: FileSystemEvent) -> FileChange:
    notices.dispatch(event)
    return flag.wait(0)


def test_a_deleted_folder_is_noticed_where_the_system_does_not_say_that_it_was_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of a year looks like a file that vim leaves behind."""
    flag = ChangeSignal()
    notices = ChangeHandler(tmp_path, flag)
    year = str(tmp_path / "content/meetings/2024")
    assert noticed(notices, flag, DirDeletedEvent(year)) == FileChange("noticed")
    assert noticed(notices, flag, FileDeletedEvent(year)) == FileChange("waited")
    monkeypatch.setattr(watch, "NAMES_KINDS", False)
    assert noticed(notices, flag, FileDeletedEvent(year)) == FileChange("noticed")


def test_folders_are_known_in_any_letter_case_where_the_system_takes_no_notice_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Content/a.md", "Site.yaml", "THEME/site.css"):
        flag = ChangeSignal()
        event = FileModifiedEvent(str(tmp_path / name))
        assert noticed(ChangeHandler(tmp_path, flag), flag, event).reason == "waited"
        with monkeypatch.context() as windows:
            windows.setattr(os.path, "normcase", lambda path: ntpath.normcase(path).replace("\\", "/"))
            assert noticed(ChangeHandler(tmp_path, flag), flag, event).reason == "noticed"


def test_what_lies_in_a_linked_folder_is_noticed_and_what_is_hidden_there_is_not(tmp_path: Path) -> None:
    flag = ChangeSignal()
    notices = ChangeHandler(tmp_path / "site", flag)
    notices.links = frozenset({str(tmp_path / "site/shared")})
    assert noticed(notices, flag, FileModifiedEvent(str(tmp_path / "site/shared/a.md"))).reason == "noticed"
    assert noticed(notices, flag, FileModifiedEvent(str(tmp_path / "site/shared/.a.md"))).reason == "waited"
    assert noticed(notices, flag, FileModifiedEvent(str(tmp_path / "site/public/a.html"))).reason == "waited"
    assert noticed(notices, flag, DirModifiedEvent(str(tmp_path / "site/content"))).reason == "waited"
