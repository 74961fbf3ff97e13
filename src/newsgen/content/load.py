"""ScanResult -> Content: every report parsed, or known from an earlier build; every fault noted.

What depends on other files (links, photos) stays a Reference and is resolved in site/assemble.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from newsgen.content.scan import (
    FOLDER,
    MOST_READ,
    SECTION_FILE,
    ScannedFile,
    ScanResult,
    SourceRef,
    changed_during_build,
)
from newsgen.core.digest import digest_document
from newsgen.core.errors import ContentError
from newsgen.core.files import read_file
from newsgen.core.model import Diagnostic, Document, Markdown, Record, changed
from newsgen.core.stamps import Stamp

BUNDLE_FILE = "index.md"
MISNAMED = (".markdown", ".mdown", ".mkd", ".md.txt")
"""Names that were meant to end in .md."""

Parse = Callable[[Sequence[SourceRef]], Iterator[Document | Diagnostic]]
"""Parses files, and answers in their order."""


class FileRecord(Record, frozen=True):
    """A Markdown file by name: `digest`, `metadata_digest`, `lead_digest` and `body` are those of its document, `diagnostics` too.

    `path` is NFC (macOS writes NFD), `real` is the path to open it by.
    """

    path: str
    real: str
    stamp: Stamp
    digest: str
    metadata_digest: str
    lead_digest: str
    diagnostics: tuple[Diagnostic, ...] = ()
    body: str = ""

    @property
    def ref(self) -> SourceRef:
        """The reference by which the file is parsed."""
        return SourceRef(self.path, self.real, self.path.endswith("/" + SECTION_FILE))


FileRecords = Mapping[str, FileRecord]
"""What an earlier build found, by path."""


class Source(Record, frozen=True):
    """A Markdown file with its document."""

    path: str
    real: str
    document: Document

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
        """The author's name for the report: the file's stem, or the bundle's folder."""
        folder, _, name = self.path.rpartition("/")
        return folder.rpartition("/")[2] if name == BUNDLE_FILE else name[: -len(".md")]

    @property
    def ref(self) -> SourceRef:
        """The reference by which the file is parsed anew."""
        return SourceRef(self.path, self.real, self.is_section)


class ParsedFiles(NamedTuple):
    """Every Markdown file by path, in the order of the scan; the documents that had to be parsed for it, by digest."""

    texts: dict[str, FileRecord]
    parsed: dict[str, Document]
    diagnostics: tuple[Diagnostic, ...]


class Content(Record, frozen=True):
    """All of content/: `sources` by path, `files` (by path) for everything that is not Markdown.

    `diagnostics` leave out what parsing said of each file: see diagnostics_of(). `unapproved` are articles that readers
    may not see, since they were never approved; `awaited` the files of texts that are not shown yet.
    """

    sources: dict[str, Source]
    files: dict[str, ScannedFile]
    diagnostics: tuple[Diagnostic, ...]
    unapproved: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()


def parse_changed(
    root: Path, scan_result: ScanResult, known: FileRecords, settings: Markdown, parse: Parse
) -> ParsedFiles:
    """Parse the Markdown files, by name.

    A file that has the stamp it had, or the bytes that some file had, is known; the others are parsed.
    """
    by_digest = {text.digest: text for text in known.values()}
    found: dict[str, FileRecord | None] = {}
    for item in scan_result.found:
        if item.is_text:
            before = known.get(item.path)
            same = before is not None and before.stamp == item.stamp and before.real == item.real
            found[item.path] = before if same else _recognised(root, item, by_digest, settings)
    scanned = {item.path: item for item in scan_result.found}
    refs = [scanned[path].ref for path, text in found.items() if text is None]
    parsed, diagnostics = {}, []
    for ref, document in zip(refs, parse(refs), strict=True):
        if isinstance(document, Diagnostic):
            diagnostics.append(document)
        else:
            parsed[document.digest] = document
            found[ref.path] = record_of(scanned[ref.path], document)
    return ParsedFiles({path: text for path, text in found.items() if text}, parsed, tuple(diagnostics))


def record_of(item: ScannedFile, like: Document | FileRecord) -> FileRecord:
    """The record of a file with this document, or with the same bytes as a known file."""
    return FileRecord(
        item.path,
        item.real,
        item.stamp,
        like.digest,
        like.metadata_digest,
        like.lead_digest,
        like.diagnostics,
        like.body,
    )


def _recognised(
    root: Path, item: ScannedFile, known: Mapping[str, FileRecord], settings: Markdown
) -> FileRecord | None:
    """The file by its bytes, if they are those of a file that was known; None where it must be parsed."""
    if not known:
        return None
    try:
        data = read_file(f"{root}/{item.real}", MOST_READ)
    except OSError:  # reported where it is to be parsed
        return None
    digest = digest_document(data, settings, item.is_section)
    return record_of(item, known[digest]) if digest in known else None


def load(
    scan_result: ScanResult, parsed_files: ParsedFiles, stored: Callable[[], Mapping[str, Document]], parse: Parse
) -> Content:
    """All of content/ with its documents: those just parsed, those `stored`, and what neither has parsed anew.

    Raises ContentError for a file that was edited meanwhile. All other faults are diagnostics.
    """
    texts, documents = parsed_files.texts, documents_of(parsed_files, stored, parse)
    diagnostics = [*scan_result.diagnostics, *parsed_files.diagnostics]
    sources = {path: Source(path, text.real, documents[text.digest]) for path, text in texts.items()}
    diagnostics += _folder_diagnostics(sources)
    files = {item.path: item for item in scan_result.found if item.path not in sources}
    diagnostics += (_misnamed(path) for path in files if path.lower().endswith(MISNAMED))
    return Content(sources, files, tuple(diagnostics))


def documents_of(
    parsed_files: ParsedFiles, stored: Callable[[], Mapping[str, Document]], parse: Parse
) -> dict[str, Document]:
    """The documents of all Markdown files by digest. Raises ContentError for a file that was edited meanwhile."""
    texts, documents = parsed_files.texts, parsed_files.parsed
    if any(text.digest not in documents for text in texts.values()):
        documents = {**stored(), **documents}
    missing = [text for text in texts.values() if text.digest not in documents]
    for text, document in zip(missing, parse([text.ref for text in missing]), strict=True):
        if isinstance(document, Diagnostic) or document.digest != text.digest:
            raise ContentError([changed_during_build(text.path)])
        documents[text.digest] = document
    return documents


def diagnostics_of(texts: Mapping[str, FileRecord]) -> Iterator[Diagnostic]:
    """The diagnostics of parsing, with the path of each file."""
    for text in texts.values():
        if text.diagnostics:
            yield from (changed(diagnostic, path=text.path) for diagnostic in text.diagnostics)


def _misnamed(path: str) -> Diagnostic:
    name = path.rpartition("/")[2]
    better = name.removesuffix(".txt").rpartition(".")[0] + ".md"
    return Diagnostic(
        "content.suffix", "warning", f"{name} 不会成为文章：文件名要以 .md 结尾", f"改名为 {better}", path
    )


def _folder_diagnostics(sources: Mapping[str, Source]) -> Iterator[Diagnostic]:
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
