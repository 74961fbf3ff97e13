"""A Chinese Windows: programs run on it under Wine, and its files lie where this machine can look at them.

Every program has pipes for its streams (Wine 8 takes no plain files), writes them in code page 936, and is waited for with
a limit. `make windows` has put Wine's disk, Python and the wheels into build/windows/.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

CODE_PAGE = "gbk"
LIMIT = 900.0
"""Seconds that a program may take at most."""
ALL = 2400.0
"""Seconds that all of them may take together: a Windows that hangs fails here, not at the limit of the whole run."""
HOME = PureWindowsPath(r"C:\users\用户")
PYTHON = HOME / "Python" / "python.exe"
SITE = HOME / "OneDrive - 学院" / "党群 网站"
WITHOUT = ("PYTHON", "PIP_", "VIRTUAL_ENV", "COV", "WINE", "LC_", "LANG", "NEWSGEN")
"""Beginnings of the variables that programs on Windows do not inherit from here."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program said, and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Mapping[str, Any]:
        """What was printed under --json."""
        return dict(json.loads(self.stdout))


@dataclass(frozen=True)
class Windows:
    """The Windows whose disk is `folder`/prefix. `ends`: when everything must be over, by the clock of this process."""

    folder: Path
    ends: float

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The variables of every program."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(WITHOUT)}
        return {
            **kept,
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDEBUG": "-all",
            # No Mono, no browsers, no menu entries; and no WMI, whose stand-in in Wine 8 ends whoever asks it something.
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winebrowser.exe=;winemenubuilder.exe=;wbemprox=",
            "LOCPATH": str(self.folder / "locale"),
            "LC_ALL": "zh_CN.UTF-8",
        }

    @cached_property
    def wine(self) -> str:
        """The program that runs programs of Windows."""
        path = os.pathsep.join([os.environ["PATH"], "/usr/lib/wine"])
        found = shutil.which("wine64", path=path) or shutil.which("wine", path=path)
        assert found, "Wine is missing: scripts/need wine"
        return found

    def here(self, path: PureWindowsPath) -> Path:
        """Where a file of Windows lies on this machine."""
        return self.folder.joinpath("prefix", "drive_c", *path.parts[1:])

    @contextmanager
    def started(
        self, *command: str | PureWindowsPath, cwd: PureWindowsPath = HOME, **variables: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A program that runs meanwhile, and is ended at the end if it has not ended."""
        process = subprocess.Popen(
            [self.wine, *map(str, command)],
            cwd=self.here(cwd),
            env={**self.environment, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)  # what it started, too

    def run(self, *command: str | PureWindowsPath, cwd: PureWindowsPath = HOME, **variables: str) -> Ran:
        """Run a program to its end."""
        with self.started(*command, cwd=cwd, **variables) as process:
            return self.finished(process)

    def newsgen(self, *words: str, cwd: PureWindowsPath = SITE, **variables: str) -> Ran:
        """Run newsgen in the folder of the site."""
        return self.run(PYTHON, "-m", "newsgen", *words, cwd=cwd, **variables)

    def done(self, *words: str, cwd: PureWindowsPath = SITE, **variables: str) -> Ran:
        """As newsgen(), for a command that must succeed."""
        ran = self.newsgen(*words, cwd=cwd, **variables)
        assert ran.code == 0, f"newsgen {' '.join(words)}\n{ran.stdout}\n{ran.stderr}"
        return ran

    def pip(self, *words: str) -> Ran:
        """Run pip, which lies among the wheels."""
        (pip,) = self.here(HOME / "wheels").glob("pip-*.whl")
        return self.run(PYTHON, HOME / "wheels" / pip.name / "pip", *words)

    def finished(self, process: subprocess.Popen[bytes]) -> Ran:
        """Wait for the end of a program. Fails the test when that takes too long."""
        limit = max(0.0, min(LIMIT, self.ends - time.monotonic()))
        try:
            stdout, stderr = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            pytest.fail(f"it has not ended within {limit:.0f} s: {process.args!r}")
        return Ran(process.returncode, told(stdout), told(stderr))

    def end(self) -> None:
        """End every program that runs on this Windows."""
        subprocess.run([self.wine, "wineboot", "--kill"], env=self.environment, capture_output=True, check=False)


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C: Wine hands the signal on as the event that a console of Windows sends."""
    process.send_signal(signal.SIGINT)


def told(printed: bytes) -> str:
    """What was printed, as the reader of a Chinese console sees it. Fails on anything that code page 936 has not."""
    return printed.decode(CODE_PAGE).replace("\r\n", "\n")


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
