"""content/ -> Survey: which files are there, with their stamps. Nothing is read."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from newsgen.core.platform import reason
from newsgen.model import Diagnostic, Value
from newsgen.stamp import Stamp, stamp_of
from newsgen.text import is_inside, is_leftover

FOLDER = "content"
SECTION_FILE = "_index.md"


class Found(NamedTuple):
    """One file of content/. `path` is NFC (macOS writes NFD), `real` is the path to open it by."""

    path: str
    real: str
    stamp: Stamp

    @property
    def is_text(self) -> bool:
        """Whether this is a Markdown file."""
        return self.path[-3:].lower() == ".md"

    @property
    def is_section(self) -> bool:
        """Whether this is a `_index.md`."""
        return self.path.endswith("/" + SECTION_FILE)


class Survey(Value, frozen=True):
    """The files of content/ in a fixed order, and what is wrong with their names; `links` are the places outside of it
    that symbolic links lead to.
    """

    found: tuple[Found, ...]
    diagnostics: tuple[Diagnostic, ...]
    links: tuple[str, ...] = ()


def survey(root: Path) -> Survey:
    """Walk `root`/content. Faults are diagnostics, never exceptions."""
    walk = _Walk(str(root), [], [], [])
    walk.folder(FOLDER, (os.path.realpath(root / FOLDER),))
    walk.same_names()
    return Survey(tuple(walk.found), tuple(walk.remarks), tuple(walk.links))


class _Walk(Value, frozen=True):
    root: str
    found: list[Found]
    remarks: list[Diagnostic]
    links: list[str]

    def folder(self, path: str, above: tuple[str, ...]) -> None:
        """Take up the files below a folder; `above` holds the real folders that lead here, this one last."""
        try:
            with os.scandir(f"{self.root}/{path}") as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            message, hint = f"没有 {path} 文件夹", f"建一个 {path} 文件夹，每个栏目一个子文件夹"
            self._fault("content.missing", path, message, hint)
            return
        except OSError as error:
            self.remarks.append(unreadable(path, error))
            return
        for entry in ordered:
            if entry.name[0] not in "._~" or entry.name == SECTION_FILE:
                self._visit(path, entry, above)

    def _visit(self, folder: str, entry: os.DirEntry[str], above: tuple[str, ...]) -> None:
        path = f"{folder}/{entry.name}"
        if not entry.name.isprintable():
            shown = path.encode("utf-8", "backslashreplace").decode()
            self._fault("content.name", shown, "文件名里有乱码或看不见的字符", "给它换一个名字")
        elif entry.is_symlink():
            self._follow(path, entry, above)
        elif entry.is_dir():
            self.folder(path, (*above, f"{above[-1]}{os.sep}{entry.name}"))
        elif entry.is_file() and not is_leftover(entry.name):
            self._file(path, entry)

    def _follow(self, path: str, entry: os.DirEntry[str], above: tuple[str, ...]) -> None:
        """A symbolic link: it must stay inside the site and must not lead back to where it lies."""
        target = Path(self.root, path)
        real = os.path.realpath(target)
        if not (target.exists() and is_inside(target, Path(self.root))):
            message = "这是通向站点文件夹之外（或不存在之处）的快捷方式（符号链接）"
            self._fault("content.outside", path, message, "把文件本身复制到这里")
        elif entry.is_dir() and real in above:
            message = "这个文件夹是快捷方式（符号链接），绕回了它自己的上级"
            self._fault("content.loop", path, message, "删去这个快捷方式")
        elif entry.is_dir():
            self.links.append(real)
            self.folder(path, (*above, real))
        elif entry.is_file():
            self.links.append(real)
            self._file(path, entry)

    def _file(self, path: str, entry: os.DirEntry[str]) -> None:
        try:
            # Windows fills a DirEntry without inode and device.
            stamp = stamp_of(entry.stat() if os.name != "nt" else os.stat(entry))  # noqa: PTH116
        except OSError as error:
            self.remarks.append(unreadable(path, error))
            return
        plain = path if path.isascii() else unicodedata.normalize("NFC", path)
        self.found.append(Found(plain, path, stamp))

    def same_names(self) -> None:
        """Two files whose names look alike (composed and decomposed, from Windows and macOS)."""
        seen: set[str] = set()
        for item in self.found:
            if item.path in seen:
                message = "有两个看起来同名的文件（一个来自 macOS）"
                self._fault("content.name", item.path, message, "删去其中一个")
            seen.add(item.path)

    def _fault(self, code: str, path: str, message: str, hint: str) -> None:
        self.remarks.append(Diagnostic(code, "error", message, hint, path))


def real_path(root: Path, path: str) -> Path:
    """The file to open for a `path` in NFC; where there is none, the path as it stands."""
    plain = root / path
    if path.isascii() or plain.exists():
        return plain
    return next(_alike(root, path.split("/")), plain)


def _alike(folder: Path, names: list[str]) -> Iterator[Path]:
    """What lies below a folder under names that look like these: each of them may be decomposed."""
    if not names:
        yield folder
    elif folder.is_dir():
        for name in sorted(os.listdir(folder)):
            if unicodedata.normalize("NFC", name) == names[0]:
                yield from _alike(folder / name, names[1:])


def unreadable(path: str, error: OSError) -> Diagnostic:
    """A file or folder that the system does not let us read."""
    hint = "检查它是不是被别的程序占用、有没有读取权限"
    return Diagnostic("file.unreadable", "error", f"读不了这个文件：{reason(error)}", hint, path)
