"""content/ -> ScanResult: which files are there, with their stamps. Nothing is read.

Links may lead from one place in content/ to another, and nowhere else: whatever is found here may be published.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from newsgen.core.files import visible
from newsgen.core.model import Diagnostic, Record
from newsgen.core.platform import entry_is_link, is_link, reason
from newsgen.core.stamps import Stamp, stamp_of
from newsgen.core.text import MAX_BYTES, is_device, is_leftover

FOLDER = "content"
MOST_READ = 8 * MAX_BYTES
"""Bytes of a file that are read to see what it is: a photo, say, that was named like a text."""
SECTION_FILE = "_index.md"
DEEPEST = 30
"""Folders within folders: more of them are a slip of a program, and no system could unpack the site everywhere."""
MOST_LINKED = 100
"""Folders that are taken up through links. Links that lead to one another double with every step."""


class SourceRef(NamedTuple):
    """A file to be parsed; `real` is the path to open it by."""

    path: str
    real: str
    is_section: bool


class ScannedFile(NamedTuple):
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

    @property
    def ref(self) -> SourceRef:
        """The reference by which the file is parsed."""
        return SourceRef(self.path, self.real, self.is_section)


class ScanResult(Record, frozen=True):
    """The files of content/ in a fixed order, and what is wrong with their names; `links` are the places that symbolic links
    lead to.
    """

    found: tuple[ScannedFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    links: tuple[str, ...] = ()


def scan(root: Path) -> ScanResult:
    """Walk `root`/content. Faults are diagnostics, never exceptions."""
    walk = _Scanner(str(root), [], [], [], [], set())
    if is_link(root / FOLDER):
        message = f"{FOLDER} 文件夹是通向别处的快捷方式（符号链接）"
        walk.add_error(
            "content.outside", FOLDER, message, f"把那里的文件复制到站点文件夹里，做成真正的 {FOLDER} 文件夹"
        )
    else:
        walk.folder(FOLDER, (os.path.realpath(root / FOLDER),))
    walk.same_names()
    return ScanResult(tuple(walk.found), tuple(walk.diagnostics), tuple(walk.links))


def scan_files(root: Path, paths: Sequence[str]) -> ScanResult | None:
    """Look at these files of `root`/content alone, which takes no time where the site is large. What a link leads to, and
    what is no file, takes a whole scan(): then the answer is None. What scan() leaves out is left out here.
    """
    walk = _Scanner(str(root), [], [], [], [], set())
    for path in dict.fromkeys(paths):
        *folders, name = path.split("/")
        places = [root.joinpath(*folders[: depth + 1]) for depth in range(len(folders))]
        if folders[:1] != [FOLDER] or any(map(is_link, (*places, root / path))) or not (root / path).is_file():
            return None
        is_shown = not any(map(is_hidden, (*folders, name)))
        with os.scandir(places[-1]) as entries:  # the name as it is written there, where letter case means nothing
            found = [entry for entry in entries if is_shown and entry.name == name]
        for entry in found:
            walk.visit("/".join(folders), entry, (os.path.realpath(root / FOLDER), str(places[-1])))
    return ScanResult(tuple(walk.found), tuple(walk.diagnostics))


def is_hidden(name: str) -> bool:
    """Whether the site passes over files and folders of this name: it is that of a hidden file, or somebody's own."""
    return name[:1] in "._~" and name != SECTION_FILE


class _Scanner(Record, frozen=True):
    root: str
    found: list[ScannedFile]
    diagnostics: list[Diagnostic]
    links: list[str]
    linked_folders: list[str]
    rings: set[str]

    def folder(self, path: str, above: tuple[str, ...]) -> None:
        """Take up the files below a folder; `above` holds the real folders that lead here, this one last."""
        if len(above) > DEEPEST:
            message = f"文件夹一层套一层，超过了 {DEEPEST} 层"
            self.add_error("content.depth", path, message, "把里面的文件移到外面几层的文件夹里")
            return
        try:
            with os.scandir(f"{self.root}/{path}") as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            message, hint = f"没有 {path} 文件夹", f"建一个 {path} 文件夹，每个栏目一个子文件夹"
            self.add_error("content.missing", path, message, hint)
            return
        except OSError as error:
            self.diagnostics.append(unreadable(path, error))
            return
        for entry in ordered:
            if not is_hidden(entry.name):
                self.visit(path, entry, above)

    def visit(self, folder: str, entry: os.DirEntry[str], above: tuple[str, ...]) -> None:
        """Take up what an entry of a folder stands for."""
        path = f"{folder}/{entry.name}"
        if not entry.name.isprintable():
            self.add_error("content.name", visible(path), "文件名里有乱码或看不见的字符", "给它换一个名字")
        elif entry_is_link(entry):
            self._follow(path, entry, above)
        elif entry.is_dir():
            self.folder(path, (*above, f"{above[-1]}{os.sep}{entry.name}"))
        elif is_leftover(entry.name):
            return
        elif entry.is_file():
            self._file(path, entry)
        else:
            self._irregular(path)

    def _follow(self, path: str, entry: os.DirEntry[str], above: tuple[str, ...]) -> None:
        """Follow a symbolic link, which must stay inside content/ and must not lead back to where it lies."""
        real = Path(os.path.realpath(f"{above[-1]}{os.sep}{entry.name}"))
        if not real.exists() or not _is_shown(real, Path(above[0])):
            message = f"这是通向 {FOLDER} 文件夹之外（或隐藏的、不存在的文件）的快捷方式（符号链接）"
            self.add_error("content.outside", path, message, "删去它，把文件本身复制到这里")
        elif real.is_dir():
            self._linked_folder(path, str(real), above)
        elif not real.is_file():
            self._irregular(path)
        elif real.suffix.lower() != Path(entry.name).suffix.lower():
            message = "快捷方式（符号链接）的后缀名和它通向的文件不一样"
            self.add_error("content.outside", path, message, "删去它，把文件本身复制到这里")
        else:
            self.links.append(str(real))
            self._file(path, entry)

    def _linked_folder(self, path: str, real: str, above: tuple[str, ...]) -> None:
        self.links.append(real)
        if real in above:
            place = above[-1] + path[path.rfind("/") :]
            if place not in self.rings:  # it may be met again and again, by way of other links
                self.rings.add(place)
                message = "这个文件夹是快捷方式（符号链接），绕回了它自己的上级"
                self.add_error("content.loop", path, message, "删去这个快捷方式")
            return
        self.linked_folders.append(path)
        if len(self.linked_folders) <= MOST_LINKED:
            self.folder(path, (*above, real))
        elif len(self.linked_folders) == MOST_LINKED + 1:
            message = f"快捷方式（符号链接）引出的文件夹超过了 {MOST_LINKED} 个，多半是互相绕来绕去"
            self.add_error("content.loop", path, message, "删去不需要的快捷方式")

    def _irregular(self, path: str) -> None:
        message = "这不是普通的文件（是管道、设备一类），不会发布"
        self.diagnostics.append(Diagnostic("content.kind", "warning", message, "删去它，或者把它移出去", path))

    def _file(self, path: str, entry: os.DirEntry[str]) -> None:
        try:
            # Windows fills a DirEntry without inode and device.
            stamp = stamp_of(entry.stat() if os.name != "nt" else os.stat(entry))  # noqa: PTH116
        except OSError as error:
            self.diagnostics.append(unreadable(path, error))
            return
        name = path.rpartition("/")[2]
        if is_device(name):
            stem = name.partition(".")[0]
            message = f"Windows 上的文件不能叫 {name}（{stem} 是设备的名字），同事的电脑上打不开它"
            self.diagnostics.append(
                Diagnostic("content.name", "warning", message, f"改名，例如 {stem}-1{name[len(stem) :]}", path)
            )
        plain = path if path.isascii() else unicodedata.normalize("NFC", path)
        self.found.append(ScannedFile(plain, path, stamp))

    def same_names(self) -> None:
        """Add an error for two files whose names look alike (composed and decomposed, from Windows and macOS)."""
        seen: set[str] = set()
        for item in self.found:
            if item.path in seen:
                message = "有两个看起来同名的文件（一个来自 macOS）"
                self.add_error("content.name", item.path, message, "删去其中一个")
            seen.add(item.path)

    def add_error(self, code: str, path: str, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code, "error", message, hint, path))


def _is_shown(real: Path, home: Path) -> bool:
    """Whether a place, all links followed, lies below the folder, and is not hidden there."""
    return real.is_relative_to(home) and not any(name.startswith(".") for name in real.relative_to(home).parts)


def real_path(root: Path, path: str) -> Path:
    """The file to open for a `path` in NFC; where there is none, the path as it stands."""
    plain = root / path
    if path.isascii() or os.path.exists(plain):  # noqa: PTH110 (a name that is too long is the name of no file)
        return plain
    return next(_alike(root, path.split("/")), plain)


def _alike(folder: Path, names: list[str]) -> Iterator[Path]:
    """The paths below a folder whose names look like these: each of them may be decomposed."""
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


def changed_during_build(path: str) -> Diagnostic:
    """A file that was edited while the site was being built."""
    return Diagnostic("file.changed", "error", "生成网站时这个文件正好变了", "再运行一次", path)
