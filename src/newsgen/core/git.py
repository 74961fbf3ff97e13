"""Facts that git knows of a site, read without running anything that the repository's own settings name.

A site may be handed over with its `.git`: a monitor of files, filters, hooks, submodules and transports named there are
programs that `git status` would start. All of them are switched off, for this one question.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

PATIENCE = 60.0
"""Seconds after which git is not waited for."""
_SILENT = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "submodule.recurse=false", "gc.auto=0")
_FILTER = re.compile(rb"filter\.(.+)\.(?:clean|smudge|process|required)", re.DOTALL | re.IGNORECASE)


def git(root: Path, *words: str) -> bytes:
    """What a question to git prints; b"" where it fails, or where there is no git."""
    filters = list(_no_filters(_run(root, _SILENT, ["config", "--list", "--name-only", "-z"])))
    return _run(root, (*_SILENT, *filters), words)


def _no_filters(names: bytes) -> Iterator[str]:
    """Settings under which no filter that is configured anywhere runs; git takes an empty command for none."""
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
            timeout=PATIENCE,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""
