"""The wheel and the source archive: whole, and equal. tests/test_readme.py makes a site with nothing but the wheel."""

from __future__ import annotations

import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from packages import build, packages

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("package")]

ROOT = Path(__file__).parents[1]


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
    assert {"newsgen/preview/client/page.js", "newsgen/preview/client/client.css", "newsgen/py.typed"} <= stands.keys()
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
