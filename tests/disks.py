"""Disks for a test: one of its own that fills, folders that turn read-only, drives that are unplugged and come back.

Only root may mount; whoever is not, finds here what the system lets them do.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

AS_ROOT = os.geteuid() == 0
BLOCK = 4096


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[bool]:
    """A disk of its own at `folder`, of whoever owns what it lies in; False where this machine lets nobody mount one."""
    owner = folder.parent.stat()
    options = f"size={size},uid={owner.st_uid},gid={owner.st_gid},mode=755"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True, check=False
    )
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path) -> None:
    """Write a file until its disk is full."""
    with suppress(OSError), file.open("ab", buffering=0) as target:
        while True:
            target.write(bytes(BLOCK))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder in which nobody can write: mounted read-only for root, whom no mode holds back."""
    if AS_ROOT:
        subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
    else:
        folder.chmod(0o555)
    try:
        yield
    finally:
        if AS_ROOT:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        else:
            folder.chmod(0o755)


class Drive:
    """A drive that is plugged in at a folder, and can be pulled out while programs work on it."""

    def __init__(self, files: Path, at: Path) -> None:
        self._files, self._at = files, at
        self.plug_in()

    def plug_in(self) -> None:
        """Its files are there."""
        if AS_ROOT:
            self._at.mkdir(exist_ok=True)
            subprocess.run(["mount", "--bind", str(self._files), str(self._at)], check=True)
        else:
            self._files.rename(self._at)

    def pull_out(self) -> None:
        """Its files are gone at once, whoever has them open."""
        if AS_ROOT:
            subprocess.run(["umount", "-l", str(self._at)], check=True)
        else:
            self._at.rename(self._files)
