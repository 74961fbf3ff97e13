"""The source archive of this checkout and the wheel that is built from it: built once for all tests, and for `make portable`.

python tests/packages.py prints the path of the wheel.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "packages"
OLD = 24 * 3600
"""Seconds after which what was made from other files goes."""
NEVER_PACKED = {"node_modules", "__pycache__", ".hypothesis"}
SOURCES = ("src", "templates", "theme", "tests", "bench", "requirements", "scripts")


def packages() -> Path:
    """The folder with the source archive and the wheel, both as the files of this checkout are now."""
    made = _made(FOLDER / _state(), build)
    for path in FOLDER.iterdir():
        if path.is_dir() and path != made and path.stat().st_mtime < time.time() - OLD:
            shutil.rmtree(path, ignore_errors=True)
    return made


def wheel() -> Path:
    """The wheel of this checkout."""
    (found,) = packages().glob("*.whl")
    return found


def wheels() -> Path:
    """The folder with the wheels of what newsgen needs on this machine, and of what builds it, every one by its hash."""
    locks = [ROOT / "requirements" / f"{name}.txt" for name in ("runtime", "build")]
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()

    def download(folder: Path) -> None:
        words = ["--dest", str(folder), "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        _run(
            "pip",
            "--disable-pip-version-check",
            "download",
            *words,
            *(word for lock in locks for word in ("-r", str(lock))),
        )

    return _made(FOLDER / f"wheels-{digest[:16]}", download)


def build(folder: Path, *options: str) -> None:
    """Build packages of this checkout into a folder. Fails with what the builder said."""
    _run("build", "--no-isolation", str(ROOT), "--outdir", str(folder), *options)


def _made(folder: Path, make: Callable[[Path], None]) -> Path:
    """A folder that is made once, whichever process asks first. It is named by what it is made from."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = FOLDER / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(folder)
    return folder


def _run(module: str, *words: str) -> None:
    """Run a module of Python away from this checkout. Fails with what it said."""
    command = [sys.executable, "-m", module, *words]
    ran = subprocess.run(command, cwd=ROOT.parent, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"


def _state() -> str:
    """A digest of the names, sizes and times of all that may be packed."""
    digest = hashlib.sha256()
    for row in sorted(_files()):
        digest.update(repr(row).encode())
    return digest.hexdigest()[:16]


def _files() -> Iterator[tuple[str, int, int]]:
    for path in ROOT.iterdir():
        if path.is_file() and not path.name.startswith(".coverage"):
            yield _row(path)
    for name in SOURCES:
        for folder, folders, files in os.walk(ROOT / name):
            folders[:] = [name for name in folders if name not in NEVER_PACKED]
            yield from (_row(Path(folder, file)) for file in files)


def _row(path: Path) -> tuple[str, int, int]:
    found = path.lstat()
    return str(path), found.st_size, found.st_mtime_ns


if __name__ == "__main__":
    sys.stdout.write(f"{wheel()}\n")
