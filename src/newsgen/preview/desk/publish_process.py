"""Runs of `newsgen publish`, one at a time, in a process that ends with the desk: its lines as they come, its result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Literal

import msgspec

from newsgen.core.model import Record

PATIENCE = 15.0
"""Seconds that an interrupted run has to leave its target in order."""
MOST_LINES = 2_000
_COMMAND = (sys.executable, "-P", "-m", "newsgen", "publish")  # -P: no module of the current folder is run

_INTERRUPT = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT)
"""The signal that ends a run in order: on Windows Ctrl-Break, since Ctrl-C goes to a whole console only."""

State = Literal["idle", "running", "done", "failed"]


class PublishRun(Record, frozen=True):
    """A run of `newsgen publish`: `lines` are what it says to people, `result` is its JSON document once it has ended."""

    state: State
    dry_run: bool = True
    target: str = ""
    who: str = ""
    lines: tuple[str, ...] = ()
    result: Mapping[str, object] | None = None


class PublishRuns:
    """The runs for the site at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._follower: Thread | None = None
        self._run = PublishRun("idle")
        self._lines: list[str] = []

    @property
    def run(self) -> PublishRun:
        """The present run, or the last one."""
        with self._lock:
            return PublishRun(
                self._run.state,
                self._run.dry_run,
                self._run.target,
                self._run.who,
                tuple(self._lines),
                self._run.result,
            )

    def start(self, target: str, dry_run: bool, who: str) -> bool:
        """Start a run; return False where another has not ended."""
        words = [*_COMMAND, *([target] if target else []), "--json", *(["--dry-run"] if dry_run else [])]
        with self._lock:
            if self._run.state == "running":
                return False
            self._process = (
                subprocess.Popen(  # a group of its own: closing the window must not end it half-way; stop() ends it
                    [*words, "-C", str(self._root)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    encoding="utf-8",
                    errors="replace",
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                    env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"},
                )
            )
            self._lines = []
            self._run = PublishRun("running", dry_run, target, who)
        self._follower = Thread(target=self._follow, args=(self._process,), name="newsgen-publish", daemon=True)
        self._follower.start()
        return True

    def stop(self) -> None:
        """Interrupt a run and wait for its end. The run leaves its target as it was, or completely published."""
        process, follower = self._process, self._follower
        if process is None or follower is None:
            return
        if process.poll() is None:
            try:
                process.send_signal(_INTERRUPT)
            except OSError:  # Windows without a console sends no signal
                process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        follower.join(PATIENCE)  # a grandchild may hold the pipe; the thread ends with the process

    def _follow(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout, "it is a pipe"
        assert process.stderr, "it is a pipe"
        with process.stdout as answers, process.stderr as lines:
            reader = Thread(target=self._read_lines, args=(lines,), daemon=True)
            reader.start()
            answer = answers.read()
            reader.join()
        code = process.wait()
        try:
            result: Mapping[str, object] | None = msgspec.json.decode(answer, type=dict[str, object])
        except msgspec.MsgspecError:
            result = None
        with self._lock:
            state: State = "failed" if code or result is None else "done"
            self._run = PublishRun(state, self._run.dry_run, self._run.target, self._run.who, (), result)

    def _read_lines(self, stream: IO[str]) -> None:
        for line in stream:
            with self._lock:
                if len(self._lines) < MOST_LINES:
                    self._lines.append(line.rstrip("\n"))
