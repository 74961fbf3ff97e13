"""The wheel and the source archive: whole, equal, and enough on a machine that has no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from packages import build, packages
from site_checks import broken_links

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("package")]

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a program that must succeed, away from this checkout, and return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


@pytest.fixture(scope="module")
def archives() -> Path:
    """A folder with the source archive and the wheel that was built from it."""
    return packages()


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel that is built from the checkout itself."""
    folder = tmp_path_factory.mktemp("direct")
    build(folder, "--wheel")
    return folder


def only(folder: Path, pattern: str) -> Path:
    """The one file of a folder that matches."""
    (found,) = folder.glob(pattern)
    return found


def contents(wheel: Path) -> dict[str, bytes]:
    """What a wheel holds."""
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_made_from_the_source_archive_is_the_wheel_made_here(archives: Path, direct: Path) -> None:
    assert contents(only(archives, "*.whl")) == contents(only(direct, "*.whl"))


def test_the_wheel_carries_the_pins_of_what_it_needs(archives: Path) -> None:
    pins = contents(only(archives, "*.whl"))["newsgen/defaults/requirements.txt"]
    assert pins == (ROOT / "requirements" / "runtime.txt").read_bytes()


def test_the_wheel_carries_templates_and_theme_as_they_stand(archives: Path) -> None:
    packed = contents(only(archives, "*.whl"))
    for name in ("templates", "theme"):
        files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (ROOT / name).rglob("*.*")}
        files = {path: data for path, data in files.items() if (ROOT / path).is_file()}
        prefix = f"newsgen/defaults/{name}/"
        assert files == {
            path.removeprefix("newsgen/defaults/"): data for path, data in packed.items() if path.startswith(prefix)
        }


def test_the_wheel_carries_every_file_of_the_package_as_it_stands(archives: Path) -> None:
    package = ROOT / "src" / "newsgen"
    files = [path for path in package.rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
    stands = {f"newsgen/{path.relative_to(package).as_posix()}": path.read_bytes() for path in files}
    assert {"newsgen/preview/client.js", "newsgen/preview/client.css", "newsgen/py.typed"} <= stands.keys()
    packed = contents(only(archives, "*.whl"))
    assert stands == {path: packed[path] for path in stands.keys() & packed.keys()}


def test_the_wheel_carries_the_package_and_nothing_else(archives: Path) -> None:
    packed = contents(only(archives, "*.whl"))
    assert {path.split("/")[0].partition("-")[0] for path in packed} == {"newsgen"}
    assert not [path for path in packed if "__pycache__" in path or "/test" in path]


def test_the_source_archive_carries_the_tests(archives: Path) -> None:
    with tarfile.open(only(archives, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tests/test_package.py", "tests/package-lock.json", "requirements/dev.txt", "Makefile"} <= names
    assert not [name for name in names if name.startswith(("tests/node_modules", "public", ".venv"))]


def test_an_installed_wheel_makes_and_builds_a_site(archives: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    binaries = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", binaries / "python", "--disable-pip-version-check")
    install = (*pip, "install", "--no-compile")
    run(*install, "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt", cwd=tmp_path)
    run(*install, "--no-deps", only(archives, "*.whl"), cwd=tmp_path)
    run(*pip, "check", cwd=tmp_path)

    run(binaries / "newsgen", "init", "my-site", cwd=tmp_path)
    run(binaries / "newsgen", "build", "-C", "my-site", cwd=tmp_path)

    assert (tmp_path / "my-site" / "public" / "index.html").is_file()
    assert broken_links(tmp_path / "my-site" / "public") == []
