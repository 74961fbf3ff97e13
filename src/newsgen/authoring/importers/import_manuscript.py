"""`newsgen import-word`: a manuscript (a document, a folder or a ZIP) -> a report's folder below content/.

Omissions are reported, and the report is searched for every passage of the document.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from newsgen.authoring.importers.accompanying_files import accompanying_files, by_name
from newsgen.authoring.importers.blocks import Block, ImportedDocument, Table
from newsgen.authoring.importers.captions import caption_in
from newsgen.authoring.importers.file_formats import is_word, true_suffix
from newsgen.authoring.importers.html_document import paragraphs_of
from newsgen.authoring.importers.libre_office import as_docx
from newsgen.authoring.importers.markdown_text import plain
from newsgen.authoring.importers.markdown_writer import tables_in, write
from newsgen.authoring.importers.picture_names import called_by_captions, lettered, name_pictures
from newsgen.authoring.importers.readers import CONVERTED, PAGE_READERS, READERS, read_document
from newsgen.authoring.importers.report_parts import ReportParts, date_in_name, event_in_name, recognise_parts
from newsgen.authoring.new import NOT_IN_NAMES, PLAIN, section_folder, section_matters
from newsgen.authoring.new_files import disk_error, write_folder
from newsgen.authoring.zip_files import BROKEN, check_directory
from newsgen.content.load import BUNDLE_FILE
from newsgen.content.scan import FOLDER
from newsgen.core.errors import UsageError
from newsgen.core.files import read_file
from newsgen.core.model import Record, changed, field
from newsgen.core.platform import reason
from newsgen.core.zip_archives import entry_name, read_entry

MOST_BYTES = 400_000_000
"""Maximum bytes of a document, of a photo, and of all files of a ZIP together."""
MOST_FILES = 500
_IGNORED = re.compile(r"(?:~\$|\._|\.|__MACOSX).*|Thumbs\.db|desktop\.ini", re.IGNORECASE)
_PAGE_FOLDERS = (".files", "_files", ".fld")
"""Endings of the names of folders in which Word, WPS and browsers save the files of a page."""
_ALWAYS = {"": ("title", "date", "author"), "通知": ("title", "date")}
"""Kind of report -> keys that its front matter gets even if no value was found for them."""
_PLAIN_NAME = re.compile(r"[^\W\d_][\w（）.-]*\.[A-Za-z0-9]+")
_TAG = re.compile(r"&amp;|&#\d+;|</?(?:strong|em|u|del|sup|sub|br)>|\[\^\d+\]|(?<=\])\([^()\s]*\)")
"""The parts of Markdown that are not shown on the page: tags, footnote marks, addresses."""
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")


class Manuscript(Record, frozen=True):
    """A manuscript: the document, and the files beside it by name; `name` is the name of the folder or file.

    `suffix` says which reader takes the document. `page_files` are the files in the folder that a browser or Word saves
    with a page, by name.
    """

    name: str
    document: bytes
    document_name: str
    suffix: str
    files: Mapping[str, bytes]
    page_files: Mapping[str, bytes] = field(default_factory=dict)


class Counts(NamedTuple):
    """Numbers of letters, pictures and tables, each as a pair: in the document, in the report."""

    characters: tuple[int, int]
    pictures: tuple[int, int]
    tables: tuple[int, int]


class ImportedReport(Record, frozen=True):
    """A report made of a manuscript: `path` of its text below the site, all its files by name, and messages.

    `missing` are passages of the text that are not in the report.
    """

    path: str
    parts: ReportParts
    files: Mapping[str, bytes]
    counts: Counts
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


# ---------------------------------------------------------------- reading a manuscript


def read_manuscript(source: Path) -> Manuscript:
    """Read the manuscript in a file, folder or ZIP. Raises UsageError, HostError."""
    if source.is_dir():
        return _chosen(source.name, list(_in_folder(source)))
    data = _read(source)
    folders = [source.with_name(source.stem + ending) for ending in _PAGE_FOLDERS]
    saved = {path.name: data for folder in folders if folder.is_dir() for path, data in _in_folder(folder)}
    return manuscript_of_file(source.name, data, saved)


def manuscript_of_file(name: str, data: bytes, saved: Mapping[str, bytes] | None = None) -> Manuscript:
    """Read the manuscript in the bytes of a file, which may be a ZIP. Raises UsageError.

    `saved` are the files of a page, by name.
    """
    file = PurePosixPath(name)
    if file.suffix.lower() == ".zip" and is_word(data):
        return _with_reader(file.stem, data, f"{file.stem}.docx", {}, {})
    if zipfile.is_zipfile(io.BytesIO(data)) and file.suffix.lower() == ".zip":
        return _chosen(file.stem, list(_in_zip(data, name)))
    return _with_reader(file.stem, data, name, {}, saved or {})


def _chosen(name: str, found: Sequence[tuple[PurePosixPath, bytes]]) -> Manuscript:
    """The manuscript whose document is among these files: if there are several, the one not named as an attachment (附件).

    A web page is the document only if there is no other. Raises UsageError unless there is exactly one.
    """
    saved = {path.name: data for path, data in found if _is_of_page(path)}
    files = by_name((path.name, data) for path, data in found if not _is_of_page(path))
    documents = [file for file in files if file.lower().endswith((*READERS, *CONVERTED))]
    documents = documents or [file for file in files if file.lower().endswith(tuple(PAGE_READERS))]
    texts = [file for file in documents if not file.startswith("附件")] if len(documents) > 1 else documents
    if len(texts) != 1:
        found_names = "、".join(texts) if texts else "一个也没有"
        hint = "一篇报道一个文件夹；别的 Word 文件，文件名用“附件”开头，或者先放到外面"
        raise UsageError(f"{name} 里要有一个 Word 文件：{found_names}", hint, "word.several")
    return _with_reader(name, files.pop(texts[0]), texts[0], files, saved)


def _is_of_page(path: PurePosixPath) -> bool:
    return any(folder.endswith(_PAGE_FOLDERS) for folder in path.parts[:-1])


def _with_reader(
    name: str, data: bytes, file: str, files: Mapping[str, bytes], saved: Mapping[str, bytes]
) -> Manuscript:
    suffix = true_suffix(data, PurePosixPath(file).suffix.lower())
    if suffix in CONVERTED:
        return Manuscript(name, as_docx(data, file), file, ".docx", files)
    return Manuscript(name, data, file, suffix if suffix in (*READERS, *PAGE_READERS) else ".docx", files, saved)


def _read(path: Path) -> bytes:
    try:
        return read_file(path, MOST_BYTES)
    except OSError as error:
        raise UsageError(
            f"打不开 {path}：{reason(error)}", "检查文件名；在 Word 里打开着的，先关掉", "word.missing"
        ) from None


def _in_folder(folder: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The files of a folder and its subfolders, by their paths in it, without those that systems add."""
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(map(_IGNORED.fullmatch, path.relative_to(folder).parts))
    ]
    if len(found) > MOST_FILES:
        raise UsageError(f"{folder} 里的文件超过 {MOST_FILES} 个", "一篇报道一个文件夹", "word.several")
    for path in found:
        yield PurePosixPath(path.relative_to(folder).as_posix()), _read(path)


def _in_zip(data: bytes, shown: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    left = MOST_BYTES
    check_directory(data, shown)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename and not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise UsageError(f"{shown} 里的文件超过 {MOST_FILES} 个", "一篇报道一个压缩包", "word.several")
            for entry in entries:
                path = PurePosixPath(entry_name(entry)[0].replace("\\", "/"))
                if not path.parts or any(map(_IGNORED.fullmatch, path.parts)):
                    continue
                content = read_entry(archive, entry, left + 1)
                left -= len(content)
                if left < 0:
                    raise UsageError(f"{shown} 解压以后太大了", "把照片分几次放", "word.broken")
                yield path, content
    except BROKEN:
        raise UsageError(f"{shown} 打不开，可能已经损坏，或者有密码", "解压成文件夹，再试一次", "word.broken") from None


# ---------------------------------------------------------------- the report


def make_report(root: Path, given: Manuscript, section: str | None, own: Mapping[str, str]) -> ImportedReport:
    """The report made of a manuscript, for a section; `own` are values, by key, that replace the recognised parts.

    Raises UsageError for a document that cannot be read, and for an unknown section.
    """
    document = read_document(given.suffix, given.document, given.document_name, given.page_files)
    parts = changed(recognise_parts(document.blocks, given.name), **own)
    names, lost = name_pictures(document, paragraphs_of(document.blocks), lettered)
    body, names = called_by_captions(write(document, parts.blocks, names), names)
    beside = accompanying_files(given.files, body, (BUNDLE_FILE, *names.values()))
    event = event_in_name(given.name) if date_in_name(given.name) else parts.title
    stem = NOT_IN_NAMES.sub("-", f"{parts.date}-{event}").strip("-. _~")[:70].rstrip("-. ") or "wenzhang"
    folder = f"{FOLDER}/{section_folder(section_matters(root), section)}/{stem}"
    text = front_matter(parts, beside.attached) + body + beside.lines
    files = {BUNDLE_FILE: text.encode(), **{names[name]: document.pictures[name] for name in names}, **beside.files}
    return ImportedReport(
        f"{folder}/{BUNDLE_FILE}",
        parts,
        files,
        _counted(document, parts, body),
        tuple(_missing(_texts(document, parts.blocks), text)),
        (*document.remarks, *lost, *beside.remarks, *_remarks(parts, body, beside.lines)),
    )


def front_matter(parts: ReportParts, attached: Sequence[str]) -> str:
    """The front matter of a report."""
    rows = [("title", parts.title), ("subtitle", parts.subtitle), ("kind", parts.kind), ("date", parts.date)]
    rows.append(("author", parts.author))
    rows += [
        ("source", parts.source),
        ("photographer", parts.photographer),
        ("editor", parts.editor),
        ("审核", parts.reviews),
    ]
    lines = [f"{key}: {_typed(text)}" for key, text in rows if text or key in _ALWAYS[parts.kind]]
    if attached:
        lines += [
            "attachments:",
            *(f"  - {name if _PLAIN_NAME.fullmatch(name) else _typed(name)}" for name in attached),
        ]
    return "---\n" + "".join(f"{line.rstrip()}\n" for line in lines) + "---\n\n"


def _typed(text: str) -> str:
    return text if not text or (PLAIN.fullmatch(text) and text[0] not in "-—") else json.dumps(text, ensure_ascii=False)


def _remarks(parts: ReportParts, body: str, placed: str) -> Iterator[str]:
    if not body.strip():
        yield "没有正文：请打开 Word 文件看看，文字是不是在图片里，或者存错了文件"
    if parts.moved_notes:
        yield f"标题上的脚注（{parts.moved_notes} 处）放在了正文第一句所在的段落末尾"
    if not parts.date:
        yield "没有认出日期：请填上“日期”（文件头的 date）"
    if "author" in _ALWAYS[parts.kind] and not parts.author:
        yield "没有认出作者：请填上“作者”（文件头的 author）"
    if placed:
        yield "稿子里没有写哪张照片放在哪里（写法：单独一行【图1】），放在了文末：请移到该在的地方，填上图注"


# ---------------------------------------------------------------- what came in and went out


def _counted(document: ImportedDocument, parts: ReportParts, body: str) -> Counts:
    """The counts of the document and of the report. Parts taken from the file's name are not counted, nor is `图1：` before
    a caption, which is dropped on purpose."""
    captions = {_bare(match[1]) for match in re.finditer(r"!\[(.*?)\]\(", body)}
    words = [_without_photo_number(text, captions) for text in _texts(document, document.blocks)]
    people = (parts.title, parts.subtitle, parts.author, parts.source, parts.photographer, parts.editor, parts.reviews)
    whole = _bare("".join(words))
    found = [part for typed in people for part in typed.split("、") if _bare(part) in whole]
    pictures = sum(len(item.pictures) for item in paragraphs_of(document.blocks))
    return Counts(
        (_count(words), _count([_TAG.sub("", body), *found])),
        (pictures, len(_IMAGE.findall(body))),
        (
            sum(tables_in(block) for block in document.blocks if isinstance(block, Table)),
            len(re.findall(r"(?m)^\|(?: --- \|)+$", body)),
        ),
    )


def _texts(document: ImportedDocument, blocks: Sequence[Block]) -> list[str]:
    noted = [paragraph for note in document.notes.values() for paragraph in note]
    return [paragraph.text for paragraph in (*paragraphs_of(blocks), *noted)]


def _without_photo_number(text: str, captions: Collection[str]) -> str:
    """A text as it is counted: if it is a caption, without the number of its photo."""
    found = caption_in(plain(text, " "))
    return found if _bare(found) in captions else text


def _count(texts: Sequence[str]) -> int:
    """The number of letters, digits and Chinese characters."""
    return sum(len(re.findall(r"[^\W_]", text)) for text in texts)


def _missing(passages: Sequence[str], text: str) -> Iterator[str]:
    """The passages whose words are not in the report's text, each cut to 60 characters."""
    whole = _bare(text)
    for passage in passages:
        words = plain(passage, " ")
        if _bare(passage) not in whole and _bare(caption_in(words)) not in whole:
            yield words[:60]


def _bare(text: str) -> str:
    """The letters and digits of a text, without its Markdown tags."""
    return "".join(re.findall(r"[^\W_]", _TAG.sub("", text)))


# ---------------------------------------------------------------- writing


def write_report(root: Path, report: ImportedReport) -> None:
    """Write the files of a report. Raises UsageError if its folder exists already, HostError if the disk refuses."""
    folder = (root / report.path).parent
    if folder.exists():
        shown_folder = report.path.rpartition("/")[0]
        raise UsageError(
            f"这个文件夹已经有了：{shown_folder}",
            "先删去或改名，再导入一次；或者用 --title 换一个标题",
            "new.exists",
            shown_folder,
        )
    try:
        write_folder(folder, report.files)
    except OSError as error:
        raise disk_error(error, f"写不了 {report.path}", report.path) from None
