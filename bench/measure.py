"""What one run of a command takes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bench.tools import environment

STOPWATCH = Path(__file__).parent / "stopwatch.py"


class Failed(Exception):
    """A tool ended with an error; the text says how."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. Seconds; CPU is user and system time of all processes; memory in bytes.

    `memory` is that of the largest process; `memory_of_all` that of all at one moment, None where it cannot be seen;
    `changed` the number of files in the output folder that were added, deleted or got other bytes.
    """

    wall: float
    cpu: float
    memory: int
    memory_of_all: int | None
    changed: int = 0


def timed(
    command: tuple[str, ...], folder: Path, log: Path, variables: Mapping[str, str] = MappingProxyType({})
) -> Figures:
    """Run a command in a folder, with what it says in `log`. Raises Failed unless it exits with 0."""
    watch = [sys.executable, "-I", "-S", str(STOPWATCH), str(folder), str(log), *command]
    told = json.loads(_said(watch, variables))
    if code := told.pop("exit_code"):
        said = log.read_text("utf-8", "replace").strip().splitlines()
        raise Failed(f"exit code {code}: {said[-1][:200] if said else 'nothing said'}")
    return Figures(**told)


def _said(watch: list[str], variables: Mapping[str, str]) -> bytes:
    """What the stopwatch prints. Whoever stops the benchmark stops the tool with it, and all that the tool started."""
    given = {**environment(), **variables}
    with subprocess.Popen(watch, stdout=subprocess.PIPE, env=given, start_new_session=True) as process:
        try:
            said, _ = process.communicate()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    return said
