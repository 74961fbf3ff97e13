"""Questions to git, asked so that no program runs which the repository's own settings name.

A site may be handed over with its `.git`. A monitor of files, filters, hooks, submodules and transports named there are
programs that `git status` would start; all of them are switched off for each question.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

TIMEOUT = 60.0
"""Seconds after which git is not waited for."""
_SILENT = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "submodule.recurse=false", "gc.auto=0")
_FILTER = re.compile(rb"filter\.(.+)\.(?:clean|smudge|process|required)", re.DOTALL | re.IGNORECASE)


def git(root: Path, *words: str) -> bytes:
    """The output of a git command; b"" where it fails, or where there is no git."""
    filters = list(_no_filters(_run(root, _SILENT, ["config", "--list", "--name-only", "-z"])))
    return _run(root, (*_SILENT, *filters), words)


def _no_filters(names: bytes) -> Iterator[str]:
    """Settings that switch off every configured filter; git takes an empty command for none."""
    drivers = {match[1] for name in names.split(b"\0") if (match := _FILTER.fullmatch(name))}
    for driver in sorted(drivers):
        name = driver.decode("utf-8", "surrogateescape")
        yield from (f"filter.{name}.clean=", f"filter.{name}.smudge=", f"filter.{name}.process=")
        yield f"filter.{name}.required=false"


def _run(root: Path, settings: Sequence[str], words: Sequence[str]) -> bytes:
    options = [word for setting in settings for word in ("-c", setting)]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}
    try:
        done = subprocess.run(
            ["git", "--no-pager", "-C", str(root), *options, *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            check=False,
            timeout=TIMEOUT,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""
