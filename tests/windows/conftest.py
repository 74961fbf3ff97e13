"""The ladder of fixtures on Windows: the machine, newsgen installed on it, a new site, a site to work on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from windows.machine import ALL, HOME, SITE, Ran, Windows

ROOT = Path(__file__).parents[2]
PTH = "python313.zip\r\n.\r\nimport site\r\n"
"""Where the embeddable Python looks for modules: as it comes, and where pip installs."""


@pytest.fixture(scope="session")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """A Windows whose user 用户 has nothing but Python and a folder of wheels."""
    windows = Windows(ROOT / "build" / "windows", time.monotonic() + ALL)
    home = windows.here(HOME)
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(windows.folder / "python", home / "Python")
    shutil.copytree(windows.folder / "wheels", home / "wheels")
    (home / "Python" / "python313._pth").write_text(PTH)
    yield windows
    windows.end()


@pytest.fixture(scope="session")
def installed(windows: Windows) -> tuple[Ran, Ran]:
    """newsgen installed as its readme says: what the lock file names by hash, then the wheel. What pip said of both."""
    home = windows.here(HOME)
    shutil.copy(ROOT / "requirements" / "runtime.txt", home)
    (wheel,) = (windows.folder / "dist").glob("newsgen-*.whl")
    shutil.copy(wheel, home)
    here = ("install", "--no-index", "--no-warn-script-location")
    lock = windows.pip(*here, "--find-links", "wheels", "--require-hashes", "-r", "runtime.txt")
    return lock, windows.pip(*here, "--no-deps", wheel.name)


@pytest.fixture(scope="session")
def made(windows: Windows, installed: tuple[Ran, Ran]) -> tuple[Ran, Path]:
    """What `newsgen init` said, and a copy of the site that it made."""
    assert installed[1].code == 0, installed[1].stderr
    windows.here(SITE.parent).mkdir()
    ran = windows.newsgen("init", SITE.name, cwd=SITE.parent)
    copy = windows.folder / "new-site"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(windows.here(SITE), copy)
    return ran, copy


@pytest.fixture
def site(windows: Windows, made: tuple[Ran, Path]) -> Path:
    """A new site at SITE: where its files lie on this machine."""
    assert made[0].code == 0, made[0].stderr
    root = windows.here(SITE)
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(made[1], root)
    return root
