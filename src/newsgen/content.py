"""content/ -> Content: every file found, every report parsed, every fault noted.

Parsing is a pure function of a file's bytes and the `markdown:` settings and knows no path. What depends on other
files (links, photos) stays a Reference and is resolved in assemble.py.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from newsgen import markup
from newsgen.frontmatter import read_article, read_section
from newsgen.model import Diagnostic, Document, FrontMatter, Markdown, Progress, SectionMatter
from newsgen.text import decode, is_inside

FOLDER = "content"
SECTION_FILE = "_index.md"
BUNDLE_FILE = "index.md"
MISNAMED = (".markdown", ".mdown", ".mkd", ".md.txt")
"""Names that were meant to end in .md."""


@dataclass(frozen=True, slots=True)
class Source:
    """A Markdown file. `path` is NFC (macOS writes NFD), `real` is the path to open it by."""

    path: str
    real: str
    document: Document

    @property
    def folder(self) -> str:
        """The folder the file lies in, below the site root."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]

    @property
    def is_section(self) -> bool:
        """Whether this is a `_index.md`."""
        return self.name == SECTION_FILE

    @property
    def is_bundle(self) -> bool:
        """Whether this is the `index.md` of a folder with photos."""
        return self.name == BUNDLE_FILE

    @property
    def stem(self) -> str:
        """What the author called the report: the file's stem, or the bundle's folder."""
        return self.folder.rpartition("/")[2] if self.is_bundle else self.name[: -len(".md")]

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What parsing said about this file, with its path."""
        return tuple(replace(item, path=self.path) for item in self.document.diagnostics)


@dataclass(frozen=True, slots=True)
class Content:
    """All of content/: `sources` by path, `files` (NFC path -> real path) for everything that is not Markdown."""

    sources: Mapping[str, Source]
    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """One file of content/ before it is read."""

    path: str
    real: str


def load(root: Path, settings: Markdown, progress: Progress) -> Content:
    """Read and parse all of `root`/content. Faults are diagnostics, never exceptions."""
    remarks: list[Diagnostic] = []
    found = list(_walk(root, FOLDER, (), remarks))
    remarks += _same_names(found)
    texts = [item for item in found if item.path.lower().endswith(".md")]
    sources = {}
    with progress("读取", len(texts)) as step:
        for item in texts:
            source = _read(root, item, settings)
            if isinstance(source, Source):
                sources[item.path] = source
                remarks += source.diagnostics()
            else:
                remarks.append(source)
            step()
    remarks += _folder_faults(sources)
    files = {item.path: item.real for item in found if item.path not in sources}
    remarks += (_misnamed(path) for path in files if path.lower().endswith(MISNAMED))
    return Content(sources, files, tuple(remarks))


def _misnamed(path: str) -> Diagnostic:
    name = path.rpartition("/")[2]
    better = name.removesuffix(".txt").rpartition(".")[0] + ".md"
    return Diagnostic(
        "content.suffix", "warning", f"{name} 不会成为文章：文件名要以 .md 结尾", f"改名为 {better}", path
    )


def _read(root: Path, item: _Found, settings: Markdown) -> Source | Diagnostic:
    try:
        data = (root / item.real).read_bytes()
    except OSError as error:
        return _unreadable(item.path, error)
    return Source(item.path, item.real, parse(data, settings, item.path.endswith("/" + SECTION_FILE)))


def section_matters(root: Path) -> dict[str, SectionMatter]:
    """The sections by folder below content/, those of the menu first, then by weight; faulty ones are left out."""
    found = []
    for item in _walk(root, FOLDER, (), []):
        if item.path.endswith("/" + SECTION_FILE):
            source = _read(root, item, Markdown())
            matter = source.document.matter if isinstance(source, Source) else None
            folder = item.path.removeprefix(f"{FOLDER}/").rpartition("/")[0]
            if isinstance(matter, SectionMatter) and folder:
                found.append((not matter.menu, matter.weight, folder, matter))
    return {folder: matter for _, _, folder, matter in sorted(found, key=lambda item: item[:3])}


def parse(data: bytes, settings: Markdown, is_section: bool = False) -> Document:
    """The Document that the bytes of a file stand for: front matter and body, with every fault found."""
    digest = hashlib.blake2b(
        data, digest_size=16, person=b"newsgen-document", key=_key(settings, is_section)
    ).hexdigest()
    text, remarks = decode(data)
    if text is None:
        return Document(digest, None, None, remarks)
    read = read_section if is_section else read_article
    matter, body_text, first_line, faults = read(text)
    kind = matter.kind if isinstance(matter, FrontMatter) else "news"
    body, body_remarks = markup.convert(body_text, settings, kind, first_line)
    return Document(digest, matter, body, (*remarks, *faults, *body_remarks))


def _key(settings: Markdown, is_section: bool) -> bytes:
    return f"{settings.paragraphs},{is_section}".encode()


def _walk(root: Path, folder: str, above: tuple[str, ...], remarks: list[Diagnostic]) -> Iterator[_Found]:
    """The files below `folder` in a fixed order; `above` holds the real folders that lead here, to see rings."""
    real = os.path.realpath(root / folder)
    if real in above:
        remarks.append(
            _fault("content.loop", folder, "这个文件夹是快捷方式（符号链接），绕回了它自己的上级", "删去这个快捷方式")
        )
        return
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        remarks.append(
            _fault("content.missing", folder, f"没有 {folder} 文件夹", f"建一个 {folder} 文件夹，每个栏目一个子文件夹")
        )
        return
    except OSError as error:
        remarks.append(_unreadable(folder, error))
        return
    for entry in entries:
        yield from _visit(root, folder, entry, (*above, real), remarks)


def _visit(
    root: Path, folder: str, entry: os.DirEntry[str], above: tuple[str, ...], remarks: list[Diagnostic]
) -> Iterator[_Found]:
    """One entry of a folder: nothing for what is hidden, a file, or the files of a folder."""
    path = f"{folder}/{entry.name}"
    if entry.name[0] in "._~" and entry.name != SECTION_FILE:
        return
    if not entry.name.isprintable():
        shown = path.encode("utf-8", "backslashreplace").decode()
        remarks.append(_fault("content.name", shown, "文件名里有乱码或看不见的字符", "给它换一个名字"))
    elif entry.is_symlink() and not _stays_inside(root, path):
        remarks.append(
            _fault(
                "content.outside",
                path,
                "这是通向站点文件夹之外（或不存在之处）的快捷方式（符号链接）",
                "把文件本身复制到这里",
            )
        )
    elif entry.is_dir():
        yield from _walk(root, path, above, remarks)
    elif entry.is_file():
        yield _Found(unicodedata.normalize("NFC", path), path)


def _stays_inside(root: Path, path: str) -> bool:
    """Whether a symbolic link leads to something inside the site."""
    return (root / path).exists() and is_inside(root / path, root)


def _same_names(found: list[_Found]) -> Iterator[Diagnostic]:
    """Two files whose names look alike (composed and decomposed, from Windows and macOS)."""
    seen: dict[str, str] = {}
    for item in found:
        if item.path in seen:
            yield _fault("content.name", item.path, "有两个看起来同名的文件（一个来自 macOS）", "删去其中一个")
        seen[item.path] = item.real


def _folder_faults(sources: Mapping[str, Source]) -> Iterator[Diagnostic]:
    """Top-level folders without `_index.md`, and folders that are section and report at once."""
    folders = {source.folder for source in sources.values()}
    tops = sorted({PurePosixPath(folder).parts[1] for folder in folders if "/" in folder})
    for name in tops:
        index, bundle = f"{FOLDER}/{name}/{SECTION_FILE}", f"{FOLDER}/{name}/{BUNDLE_FILE}"
        if index not in sources and bundle not in sources:
            yield _fault(
                "section.index",
                f"{FOLDER}/{name}",
                f"栏目文件夹 {name} 里没有 {SECTION_FILE}",
                f"在其中新建 {SECTION_FILE}，写三行：---、title: 栏目名称、---",
            )
    for folder in sorted(folders):
        if {f"{folder}/{SECTION_FILE}", f"{folder}/{BUNDLE_FILE}"} <= sources.keys():
            yield _fault(
                "section.bundle",
                f"{folder}/{BUNDLE_FILE}",
                f"{SECTION_FILE} 和 {BUNDLE_FILE} 不能放在同一个文件夹里",
                f"栏目用 {SECTION_FILE}；一篇文章连同照片用 {BUNDLE_FILE}，另建一个文件夹",
            )


def _fault(code: str, path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, "error", message, hint, path)


def _unreadable(path: str, error: OSError) -> Diagnostic:
    return _fault(
        "file.unreadable", path, f"读不了这个文件：{error.strerror}", "检查它是不是被别的程序占用、有没有读取权限"
    )
