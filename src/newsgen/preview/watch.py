"""Watching for changes: a signal set by the system's notices about files, or by a clock where there are none.

A notice only says when to look. A look at all files finds the changes (site_tracker.py), so that the site is right even
if notices come twice, in another order, or not at all.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Condition
from typing import Literal, NamedTuple

from watchdog.events import (
    EVENT_TYPE_CLOSED,
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_CREATED,
    EVENT_TYPE_DELETED,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from newsgen.core.platform import reason
from newsgen.core.text import is_leftover

QUIET = 0.01
"""Seconds without a notice after which a save counts as ended: an editor that saves by renaming causes several notices."""
OPEN = 0.1
"""The same for a save whose file is still open, because it may not be written yet."""
LONGEST_WAIT = 0.5
"""Seconds after which wait() returns although notices still come: a `git pull` causes them for minutes."""
FOLDERS = ("content", "templates", "theme")
FILES = ("site.yaml", "withdrawn.yaml", "lexicon.yaml", "people.yaml")
IDLE = (EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE)
CLOSES = sys.platform == "linux"
"""Whether the system gives a notice when a file that was written is closed."""
NAMES_KINDS = sys.platform != "win32"
"""Whether a notice about something deleted or renamed says that it was a folder."""
WINDOWS = frozenset({"9p", "drvfs"})
REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.vmhgfs-fuse", "vboxsf", "afs", "virtiofs"}
)
"""File systems that send no notices for changes by other systems: drives of Windows in WSL (WINDOWS), network shares."""

Place = tuple[str, bool, int, int]
"""A folder to watch: its path, whether its subfolders are watched, too, device and inode."""


class FileChange(NamedTuple):
    """The result of ChangeSignal.wait(): a change was noticed, the time has passed, or the signal was closed (over).

    `files` are all files that changed; None: unknown.
    """

    reason: Literal["noticed", "waited", "over"]
    files: frozenset[str] | None = None


class ChangeSignal:
    """A signal that many threads set and one resets."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._first: float | None = None  # the time at which it was first set (time.monotonic())
        self._last = 0.0
        self._files: set[str] | None = set()
        self._open: set[str] = set()
        self._is_closed = False

    def set(self, file: str | None = None, is_open: bool | None = None) -> None:
        """Signal that `file` (None: any) may have changed. `is_open`: it is being written (True) or was closed (False)."""
        with self._condition:
            self._last = time.monotonic()
            self._first = self._last if self._first is None else self._first
            if file is None:
                self._files = None
            elif self._files is not None:
                self._files.add(file)
            if file and is_open is not None:
                (self._open.add if is_open else self._open.discard)(file)
            self._condition.notify_all()

    def close(self) -> None:
        """Let wait() give `over` from now on."""
        with self._condition:
            self._is_closed = True
            self._condition.notify_all()

    def wait(self, seconds: float | None) -> FileChange:
        """Wait until a change is signalled and no more follow, or for so many seconds; then reset the signal.

        The reset comes before the look at the files, so that a change during the look sets the signal again.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._is_closed or self._first is not None, seconds)
            while self._first is not None and not self._is_closed:
                quiet = self._last + (OPEN if self._open else QUIET)
                left = min(quiet, self._first + LONGEST_WAIT) - time.monotonic()
                if left <= 0:
                    break
                self._condition.wait(left)
            if self._is_closed:
                return FileChange("over")
            is_set, files = self._first is not None, self._files
            self._first, self._files = None, set()
            self._open.clear()
            return (
                FileChange("noticed", None if files is None else frozenset(files)) if is_set else FileChange("waited")
            )


class ChangeHandler(FileSystemEventHandler):
    """A handler that sets the signal for every notice about a file that can matter to the site at `root`.

    `links` are paths elsewhere that matter, too.
    """

    def __init__(self, root: Path, signal: ChangeSignal) -> None:
        self._root, self._signal = os.path.normcase(root), signal
        self.links: frozenset[str] = frozenset()

    def dispatch(self, event: FileSystemEvent) -> None:
        """Handle one notice. A changed folder is ignored: there are notices about its files."""
        kind = event.event_type
        if kind in IDLE or (event.is_directory and kind == EVENT_TYPE_MODIFIED):
            return
        is_folder = event.is_directory or (kind == EVENT_TYPE_DELETED and not NAMES_KINDS)
        for path in (os.fsdecode(name) for name in (event.src_path, event.dest_path) if name):
            if self._matters(os.path.normcase(path), is_folder):
                begins = CLOSES and kind in (EVENT_TYPE_CREATED, EVENT_TYPE_MODIFIED)
                ends = kind == EVENT_TYPE_CLOSED
                self._signal.set(None if is_folder else path, begins if begins or ends else None)

    def _matters(self, path: str, is_folder: bool) -> bool:
        """Whether a path (in lower case where the system ignores case) can matter."""
        links = [os.path.normcase(link) for link in self.links]
        if path in links or not path.startswith(self._root + os.sep):
            return True
        names = Path(path).relative_to(self._root).parts
        if len(names) == 1:
            return names[0] in (*FOLDERS, *FILES)
        hidden = any(name[:1] in (".", "~") for name in names)
        is_ours = names[0] in FOLDERS or any(path.startswith(link + os.sep) for link in links)
        return is_ours and not hidden and (is_folder or not is_leftover(names[-1]))


class Watch:
    """A watch over the files of the site at `root` and the targets of its links, which sets `signal`.

    `polls` is the reason, in Chinese, why the system gives no notices here; None where it does.
    """

    def __init__(self, root: Path, signal: ChangeSignal) -> None:
        self._root = root.resolve()
        self._notices = ChangeHandler(self._root, signal)
        self._observer: BaseObserver | None = None
        self._watched: frozenset[Place] = frozenset()
        self.polls = _silence(self._root)
        # watchdog's warnings about folders that come and go quickly are of no use to authors.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
        logging.getLogger("watchdog").addHandler(logging.NullHandler())

    def watch_paths(self, links: Iterable[str] = (), anew: bool = False) -> bool:
        """Watch all folders that exist now; return whether some are new. To be called before a look at the files.

        A folder that was renamed, or deleted and made again, counts as new. `anew`: restart watchdog because folders came
        or went, since it loses folders that are renamed quickly.
        """
        if self.polls:
            return False
        self._notices.links = frozenset(links)
        try:
            wanted = set(self._wanted(self._notices.links))
            is_new = not self._watched >= wanted
            if anew or wanted != self._watched:
                self.close()
                self._begin(wanted)
        except OSError as error:
            self.close()
            if error.errno == errno.ENOENT:  # the site's own folder is gone, or was replaced just now
                return False
            why = "要看的文件夹超过了系统的限额" if error.errno == errno.ENOSPC else reason(error)  # as inotify(7) says
            self.polls = f"系统不再给文件变化的通知（{why}）"
            return True
        return is_new

    def close(self) -> None:
        """Stop watching."""
        self._watched = frozenset()
        observer, self._observer = self._observer, None
        while observer is not None:
            try:
                observer.stop()
            except KeyError:  # a folder that is gone; watchdog has dropped it now
                continue
            observer.join()
            break

    def _begin(self, wanted: Iterable[Place]) -> None:
        self._observer = Observer(timeout=gathering())
        self._observer.start()
        for path, is_deep, *_ in sorted(wanted, key=lambda place: not place[1]):
            self._observer.schedule(self._notices, path, recursive=is_deep)
        self._watched = frozenset(wanted)

    def _wanted(self, links: Iterable[str]) -> Iterator[Place]:
        """The folders to watch: FOLDERS, the targets of links, and last the site's own folder. At the system's limit,
        watchdog raises an error for that one; it hides errors for subfolders.
        """
        own = [path for name in FOLDERS if (path := (self._root / name).resolve()).is_dir()]
        others = [path if path.is_dir() else path.parent for path in map(Path, links)]
        deep: list[Path] = []
        for folder in (*own, *others):
            if folder != self._root and not any(folder.is_relative_to(above) for above in deep):
                deep.append(folder)
        for folder in (*deep, self._root):
            found = folder.stat()
            yield str(folder), folder != self._root, found.st_dev, found.st_ino


def gathering(system: str = sys.platform) -> float:
    """The timeout of watchdog's thread, in seconds. On Windows the thread collects notices until none has come for this
    time, and takes this time to end; elsewhere each notice wakes it.
    """
    return 0.05 if system == "win32" else 3600


def _silence(root: Path) -> str | None:
    """The reason, in Chinese, why the system sends no notices about `root`; None where it does."""
    if sys.platform == "win32":
        import ctypes

        drive = os.path.splitdrive(root)[0]
        remote = 4  # DRIVE_REMOTE
        is_remote = drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == remote
        return "网站在网络文件夹里" if is_remote else None
    kind = _file_system(root)
    if kind in WINDOWS:
        return "网站在 Windows 的盘里，而 newsgen 在 WSL 里运行"
    return "网站在网络文件夹里" if kind in REMOTE else None


def _file_system(path: Path, mounts: str = "/proc/self/mounts") -> str:
    """The kind of file system that `path` lies on (Linux); empty where that is not known."""
    try:
        rows = [line.split(" ") for line in Path(mounts).read_text("utf-8", "replace").splitlines()]
    except OSError:
        return ""
    places = [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]
    above = {str(folder) for folder in (path, *path.parents)}
    return max(((len(place), kind) for place, kind in places if place in above), default=(0, ""))[1]
