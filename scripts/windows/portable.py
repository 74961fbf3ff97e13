"""Pack a folder that runs newsgen on Windows without installation: scripts/windows/portable.py FETCHED TARGET.zip

FETCHED is what fetch.py made, with newsgen's own wheel in `dist/`. The same files give the same archive, byte for byte.

    newsgen/写稿.cmd              the starter of a new site, for the one that lies beside it; and app/start.py of it
    newsgen/预览.cmd, 生成.cmd    the same with another command
    newsgen/newsgen.cmd           any other command
    newsgen/使用说明.txt
    newsgen/app/                  the embeddable Python; in lib/ the wheels, unpacked; in licenses/ the licences of everything
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import click

HERE = Path(__file__).parent
STARTER = HERE.parents[1] / "src" / "newsgen" / "authoring" / "starter"
DESK = "写稿.cmd"
TOP = "newsgen"
LIMIT = 40_000_000
"""Bytes that the archive may have at most: it is handed on by chat and mail."""
STARTERS = {
    "预览.cmd": {b"%START% desk": b"%START% serve"},
    "生成.cmd": {b"%START% desk": b"%START% build", b'if not "%CODE%"=="0" pause': b"pause"},
}
"""What is another in a starter than in that of the desk."""
ANY_COMMAND = '@"%~dp0app\\python.exe" -m newsgen %*\n'
PTH = "python313.zip\n.\nlib\n"
"""Where the embeddable Python looks for modules: nowhere else, whatever is set on the machine."""
_DATA = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")
_LICENCE = re.compile(
    r"[^/]+\.dist-info/(?:licenses/(?P<listed>.+)|(?:.*/)?(?P<named>(?:licen[cs]e|copying|notice|authors)[^/]*))",
    re.IGNORECASE,
)
"""A licence in a wheel: all that lies in `licenses/` (PEP 639), or a file that is called so."""
INVENTORY = """\
What is in this folder, and under which licence. The texts lie beside this file, in a folder for each component.
这个文件夹里有什么，各用什么许可；全文就在旁边，一样一个文件夹。

{rows}

pillow-heif reads HEIC photos. Its binary files as a whole stand under the GNU General Public License, version 2, because of x265:
libx265 (GPL 2 or later), libheif and libde265 (LGPL 3), libgcc and libstdc++ (GPL 3 with the GCC Runtime Library Exception),
libwinpthread (MIT and BSD). newsgen loads them and does not change them. Where their complete source code is, version by version, says
pillow-heif's LICENSES_bundled.txt; who has got this folder from you and cannot reach those addresses can ask you for a copy,
which you owe to them under these licences for three years.
其中 libx265、libheif、libde265 等按 GPL、LGPL 许可，源代码的地址在 pillow-heif 的 LICENSES_bundled.txt 里；把这个文件夹给别人时，
要连同这些许可一起给。
"""


def unpacked(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel where an installation puts them, by path; commands are left out."""
    with ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    placed = {_DATA.sub("", name): data for name, data in files.items()}
    return {name: data for name, data in placed.items() if ".data/" not in name}


def licences(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The licences that a wheel carries, by their path in its folder of licences, or by name."""
    found = {name: _LICENCE.fullmatch(name) for name in files}
    return {match["listed"] or match["named"]: files[name] for name, match in found.items() if match}


def component(files: Mapping[str, bytes]) -> tuple[str, str]:
    """Name and version of a wheel, and its licence in a few words, as its metadata says."""
    (path,) = [name for name in files if name.endswith(".dist-info/METADATA")]
    told = HeaderParser().parsestr(files[path].decode())
    classified = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::")
    ]
    licence = told["License-Expression"] or ", ".join(classified) or told["License"] or "see its text"
    return f"{told['Name']}-{told['Version']}", licence


def windows_text(text: str, encoding: str) -> bytes:
    """A text as Windows's own programs read it."""
    return text.replace("\n", "\r\n").encode(encoding)


def starters() -> Iterator[tuple[str, bytes]]:
    """What is double-clicked, and the readme."""
    desk = (STARTER / DESK).read_bytes()
    yield DESK, desk
    for name, changes in STARTERS.items():
        data = desk
        for old, new in changes.items():
            data = data.replace(old, new)
        yield name, data
    yield "newsgen.cmd", windows_text(ANY_COMMAND, "ascii")
    yield "使用说明.txt", windows_text((HERE / "readme.txt").read_text("utf-8"), "utf-8-sig")
    yield "app/start.py", (STARTER / "app" / "start.py").read_bytes()


def program(fetched: Path) -> Iterator[tuple[str, bytes]]:
    """Python, the unpacked wheels and the licences."""
    rows = ["Python, with what it is made of: licenses/Python"]
    for path in sorted((fetched / "python").iterdir()):
        yield f"app/{path.name}", PTH.encode() if path.suffix == "._pth" else path.read_bytes()
    yield "app/licenses/Python/LICENSE.txt", (fetched / "python" / "LICENSE.txt").read_bytes()
    for wheel in sorted([*(fetched / "wheels").glob("*.whl"), *(fetched / "dist").glob("*.whl")]):
        if wheel.name.startswith("pip-"):
            continue
        files = unpacked(wheel)
        name, licence = component(files)
        texts = licences(files)
        if not texts:
            raise SystemExit(f"{wheel.name} carries no licence: it cannot be handed on")
        rows.append(f"{name}: {licence}")
        yield from ((f"app/lib/{path}", data) for path, data in files.items())
        yield from ((f"app/licenses/{name}/{title}", data) for title, data in texts.items())
    for path in sorted((HERE / "licenses").iterdir()):
        yield f"app/licenses/{path.name}", path.read_bytes()
    yield "app/licenses/README.txt", windows_text(INVENTORY.format(rows="\n".join(rows)), "utf-8-sig")


def pack(fetched: Path, target: Path) -> None:
    """Write the archive. Times and rights are the same for every file, so that they say nothing of this machine."""
    files = dict([*starters(), *program(fetched)])
    target.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = ZipInfo(f"{TOP}/{name}")
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[name])
    size = target.stat().st_size
    if size > LIMIT:
        raise SystemExit(f"{target} has {size:,} bytes; {LIMIT:,} are allowed")
    click.echo(f"{target}: {len(files)} files, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
