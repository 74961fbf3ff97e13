"""Survey -> Content: every report parsed, or known from an earlier build; every fault noted.

What depends on other files (links, photos) stays a Reference and is resolved in assemble.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from newsgen.document import digest_of, parse
from newsgen.library import Task
from newsgen.model import Diagnostic, Document, Markdown, SectionMatter, Value, changed
from newsgen.stamp import Stamp
from newsgen.survey import FOLDER, SECTION_FILE, Found, Survey, survey

BUNDLE_FILE = "index.md"
MISNAMED = (".markdown", ".mdown", ".mkd", ".md.txt")
"""Names that were meant to end in .md."""

Known = Mapping[str, tuple[Stamp, str]]
"""What an earlier build found: path -> stamp and digest of the document."""
Parse = Callable[[Sequence[Task]], Iterator[Document | Diagnostic]]
"""Parses files, and answers in their order."""


class Source(Value, frozen=True):
    """A Markdown file. `path` is NFC (macOS writes NFD), `real` is the path to open it by."""

    path: str
    real: str
    document: Document
    stamp: Stamp

    @property
    def folder(self) -> str:
        """The folder the file lies in, below the site root."""
        return self.path.rpartition("/")[0]

    @property
    def is_section(self) -> bool:
        """Whether this is a `_index.md`."""
        return self.path.endswith("/" + SECTION_FILE)

    @property
    def is_bundle(self) -> bool:
        """Whether this is the `index.md` of a folder with photos."""
        return self.path.endswith("/" + BUNDLE_FILE)

    @property
    def stem(self) -> str:
        """What the author called the report: the file's stem, or the bundle's folder."""
        folder, _, name = self.path.rpartition("/")
        return folder.rpartition("/")[2] if name == BUNDLE_FILE else name[: -len(".md")]

    @property
    def task(self) -> Task:
        """What it takes to parse the file anew."""
        return Task(self.path, self.real, self.is_section)


class Content(Value, frozen=True):
    """All of content/: `sources` by path, `files` (by path) for everything that is not Markdown."""

    sources: dict[str, Source]
    files: dict[str, Found]
    diagnostics: tuple[Diagnostic, ...]


def load(
    root: Path, seen: Survey, known: Known, documents: Mapping[str, Document], settings: Markdown, parse: Parse
) -> Content:
    """All that was surveyed, with its documents: those of `documents` whose file is unchanged, the others parsed.

    A file is unchanged when its stamp is that of `known`, or when its bytes are. Faults are diagnostics.
    """
    texts = [item for item in seen.found if item.is_text]
    found: dict[str, Document | Diagnostic] = {}
    for item in texts:
        digest = _digest(root, item, known.get(item.path), settings) if documents else None
        document = documents.get(digest) if digest else None
        if document:
            found[item.path] = document
    tasks = [Task(item.path, item.real, item.is_section) for item in texts if item.path not in found]
    found |= zip((task.path for task in tasks), parse(tasks), strict=True)
    return _content(seen, texts, found)


def _digest(root: Path, item: Found, known: tuple[Stamp, str] | None, settings: Markdown) -> str | None:
    if known and known[0] == item.stamp:
        return known[1]
    try:
        with open(f"{root}/{item.real}", "rb", buffering=0) as file:  # noqa: PTH123 (ten thousand times)
            return digest_of(file.read(), settings, item.is_section)
    except OSError:  # told where it is to be parsed
        return None


def _content(seen: Survey, texts: Sequence[Found], found: Mapping[str, Document | Diagnostic]) -> Content:
    remarks = list(seen.diagnostics)
    sources = {}
    for item in texts:
        document = found[item.path]
        if isinstance(document, Diagnostic):
            remarks.append(document)
        else:
            sources[item.path] = Source(item.path, item.real, document, item.stamp)
            remarks += (changed(remark, path=item.path) for remark in document.diagnostics)
    remarks += _folder_faults(sources)
    files = {item.path: item for item in seen.found if item.path not in sources}
    remarks += (_misnamed(path) for path in files if path.lower().endswith(MISNAMED))
    return Content(sources, files, tuple(remarks))


def _misnamed(path: str) -> Diagnostic:
    name = path.rpartition("/")[2]
    better = name.removesuffix(".txt").rpartition(".")[0] + ".md"
    return Diagnostic(
        "content.suffix", "warning", f"{name} 不会成为文章：文件名要以 .md 结尾", f"改名为 {better}", path
    )


def section_matters(root: Path) -> dict[str, SectionMatter]:
    """The sections by folder below content/, those of the menu first, then by weight; faulty ones are left out."""
    found = []
    for item in survey(root).found:
        folder = item.path.removeprefix(f"{FOLDER}/").rpartition("/")[0]
        if item.is_section and folder:
            try:
                matter = parse((root / item.real).read_bytes(), Markdown(), is_section=True).document.matter
            except OSError:  # told by the next build
                continue
            if isinstance(matter, SectionMatter):
                found.append((not matter.menu, matter.weight, folder, matter))
    return {folder: matter for _, _, folder, matter in sorted(found, key=lambda item: item[:3])}


def _folder_faults(sources: Mapping[str, Source]) -> Iterator[Diagnostic]:
    """Top-level folders without `_index.md`, and folders that are section and report at once."""
    folders = {path.rpartition("/")[0] for path in sources}
    for name in sorted({folder.split("/")[1] for folder in folders if "/" in folder}):
        index, bundle = f"{FOLDER}/{name}/{SECTION_FILE}", f"{FOLDER}/{name}/{BUNDLE_FILE}"
        if index not in sources and bundle not in sources:
            yield Diagnostic(
                "section.index",
                "error",
                f"栏目文件夹 {name} 里没有 {SECTION_FILE}",
                f"在其中新建 {SECTION_FILE}，写三行：---、title: 栏目名称、---",
                f"{FOLDER}/{name}",
            )
    for folder in sorted(folders):
        if {f"{folder}/{SECTION_FILE}", f"{folder}/{BUNDLE_FILE}"} <= sources.keys():
            yield Diagnostic(
                "section.bundle",
                "error",
                f"{SECTION_FILE} 和 {BUNDLE_FILE} 不能放在同一个文件夹里",
                f"栏目用 {SECTION_FILE}；一篇文章连同照片用 {BUNDLE_FILE}，另建一个文件夹",
                f"{folder}/{BUNDLE_FILE}",
            )


__all__ = ["BUNDLE_FILE", "FOLDER", "SECTION_FILE", "Content", "Known", "Parse", "Source", "load", "section_matters"]
