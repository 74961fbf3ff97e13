"""交稿: one ZIP of a report to send by WeChat or mail, with its folder, the result of the check, and a list with digests.

    2024-03-13-工作会议/
        index.md, 1.jpg, …                 the report's folder: unpacked into a section, it is the report
        _交稿/交稿单.json                   writer, time, version of newsgen, and the digest of each file
        _交稿/检查结果.html, 检查结果.json   the result of the check, for people and for programs
        _交稿/别处的文件/content/…          files that the text names and that lie elsewhere

Names that begin with `_` are no content. The same report, handed in by the same person in the same minute, gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import posixpath
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

from newsgen import __version__
from newsgen.authoring.new import NOT_IN_NAMES, section_matters
from newsgen.authoring.zip_files import LONGEST, MOST_BYTES, MOST_FILES
from newsgen.check.finding import Finding
from newsgen.check.formats import as_json
from newsgen.check.pipeline import check_site
from newsgen.check.selection import CheckRequest
from newsgen.config.site_yaml import load
from newsgen.content import photo_numbers
from newsgen.content.approval import ApprovalFacts, MediaFiles, facts_of, files_of
from newsgen.content.document import parse
from newsgen.content.load import BUNDLE_FILE
from newsgen.content.media import resolve
from newsgen.content.scan import ScannedFile, scan
from newsgen.core.errors import HostError, UsageError
from newsgen.core.file_types import FILE_SUFFIXES
from newsgen.core.files import read_file, size_in_words
from newsgen.core.model import SEVERITIES, FileStep, FrontMatter, Record, SectionMatter, as_dict
from newsgen.core.platform import reason
from newsgen.signoff.visible_versions import section_folders, section_of

FORMAT = 1
SLIP = "_交稿"
"""The folder of the files that newsgen adds to a report."""
LIST, PAGE, DATA, ELSEWHERE = (
    f"{SLIP}/交稿单.json",
    f"{SLIP}/检查结果.html",
    f"{SLIP}/检查结果.json",
    f"{SLIP}/别处的文件",
)
LONGEST_TITLE = 40
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class HandedFile(Record, frozen=True, array_like=False):
    """A file of a report that is handed in: its path below the report's folder, and the size and SHA-256 of its bytes."""

    name: str
    size: int
    sha256: str


class HandInList(Record, frozen=True, array_like=False):
    """交稿单: the list of a ZIP. `path` is the text's path below the site root, `text` its name in the report's folder.

    `when` is ISO 8601. `elsewhere` are the files outside its folder that the text names, by their paths below the site
    root. `errors` and `warnings` count the findings of the check.
    """

    format: int
    newsgen: str
    who: str
    when: str
    path: str
    text: str
    section: str
    section_title: str
    title: str
    files: tuple[HandedFile, ...]
    elsewhere: tuple[HandedFile, ...] = ()
    errors: int = 0
    warnings: int = 0


class HandIn(NamedTuple):
    """A report that is handed in: the ZIP's name and bytes, the findings of the check, and messages in Chinese."""

    name: str
    data: bytes
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()


class _Parcel(NamedTuple):
    """The files of a report: the text's name, the files of its folder by their paths in it, and files from elsewhere.

    `left_out` are files that may not be published, `missing` the names in the text that no file has.
    """

    text: str
    files: Mapping[str, bytes]
    elsewhere: Mapping[str, bytes]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]


def hand_in(root: Path, path: str, who: str, now: datetime, known: Sequence[Finding] = ()) -> HandIn:
    """The ZIP of the report at `path` below the site root; `known` are findings of a preview, added to the check's.

    Raises UsageError if there is no such report or it is too large; HostError.
    """
    found = scan(root).found
    item = next((item for item in found if item.path == path and item.is_text and not item.is_section), None)
    if item is None:
        raise UsageError(f"没有这一篇：{path}", "写文章的文件，从 content/ 写起", "hand-in.missing", path)
    parcel = _gathered(root, item, found)
    checked = check_site(CheckRequest(root, now, (str(root / item.real),), jobs=1), _silent).findings
    known_places = {(finding.line, finding.code) for finding in checked}
    findings = (*checked, *(finding for finding in known if (finding.line, finding.code) not in known_places))
    parsed = parse(parcel.files[parcel.text], load(root).markdown).document.matter
    matter = parsed if isinstance(parsed, FrontMatter) else None
    section = section_of(path, section_folders(other.path for other in found if other.is_text))
    summary = HandInList(
        FORMAT,
        __version__,
        " ".join(who.split()),
        now.isoformat(timespec="minutes"),
        path,
        parcel.text,
        section,
        _title_of(section_matters(root).get(section), section),
        _title_of(matter, ""),
        _listed(parcel.files),
        _listed(parcel.elsewhere),
        sum(item.severity == "error" for item in findings),
        sum(item.severity == "warning" for item in findings),
    )
    own = {
        LIST: _encoded(summary),
        PAGE: _page(summary, findings).encode(),
        DATA: _encoded({"checked": summary.when, "path": path, "findings": as_json(findings)}),
        **{f"{ELSEWHERE}/{name}": data for name, data in parcel.elsewhere.items()},
    }
    folder = folder_name(path)
    data = _zipped({f"{folder}/{name}": data for name, data in {**parcel.files, **own}.items()})
    return HandIn(_zip_name(matter, folder, summary.who, now), data, findings, tuple(_remarks(parcel)))


def folder_name(path: str) -> str:
    """The name of a report's folder; the name of its file, without .md, if it has no folder of its own."""
    folder, name = posixpath.split(path)
    return posixpath.basename(folder) if name == BUNDLE_FILE else name[: -len(".md")]


# ---------------------------------------------------------------- files


def _gathered(root: Path, item: ScannedFile, found: Sequence[ScannedFile]) -> _Parcel:
    """The files of a report: all in its own folder, and those that its text names."""
    folder, text = posixpath.split(item.path)
    others = {other.path: other for other in found if not other.is_text}
    own = [name for name in others if text == BUNDLE_FILE and name.startswith(f"{folder}/")]
    left_out = tuple(name for name in own if posixpath.splitext(name)[1].lower() not in FILE_SUFFIXES)
    budget = _Budget(root)
    data = budget.read(item)
    facts = facts_of(parse(data, load(root).markdown).document)
    named = [file.path for file in files_of(item.path, facts, MediaFiles.at(others))] if facts else []
    taken = dict.fromkeys(name for name in (*own, *named) if name not in left_out)
    read = {name: budget.read(others[name]) for name in taken}
    if len(read) >= MOST_FILES:
        raise UsageError(
            f"这一篇有 {len(read)} 个文件，最多 {MOST_FILES - 1} 个", "只留下用到的照片", "hand-in.large", item.path
        )
    inside = {name.removeprefix(f"{folder}/"): data for name, data in read.items() if name.startswith(f"{folder}/")}
    elsewhere = {name: data for name, data in read.items() if not name.startswith(f"{folder}/")}
    return _Parcel(
        text, {text: data, **inside}, elsewhere, left_out, missing_photos(item.path, facts, frozenset(others))
    )


def missing_photos(path: str, facts: ApprovalFacts | None, present: Collection[str]) -> tuple[str, ...]:
    """The photos and attachments, as typed, that the report at `path` names and that are not `present`."""
    if facts is None:
        return ()
    typed = (*(item.target for item in facts.references if item.tag == "img"), *facts.names)
    folder = posixpath.dirname(path)
    names = dict.fromkeys(name for name in typed if "://" not in name and photo_numbers.number_of(name) is None)
    return tuple(name for name in names if resolve(folder, name).path not in present)


class _Budget:
    """Reading of files, until together they are too large for a ZIP."""

    def __init__(self, root: Path) -> None:
        self._root, self._left = root, MOST_BYTES - 10_000_000  # the rest is for the result of the check

    def read(self, item: ScannedFile) -> bytes:
        """The bytes of a file. Raises UsageError if the files are too large together, HostError."""
        if item.stamp[0] > self._left:
            hint = "视频另外传（在正文里写它的网址），照片用看图软件缩小"
            message = f"{item.path} 有 {size_in_words(item.stamp[0])}，压缩包放不下"
            raise UsageError(message, hint, "hand-in.large", item.path)
        try:
            data = read_file(self._root / item.real, self._left)
        except OSError as error:
            hint = "检查它是不是被别的程序占用"
            raise HostError(f"读不了 {item.path}：{reason(error)}", hint, path=item.path) from None
        self._left -= len(data)
        return data


def _title_of(matter: FrontMatter | SectionMatter | None, other: str) -> str:
    return matter.title if matter else other


def _listed(files: Mapping[str, bytes]) -> tuple[HandedFile, ...]:
    return tuple(HandedFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(files.items()))


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP whose bytes depend on names and contents alone; uncompressed, as photos are compressed and a text is short."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    return target.getvalue()


def _encoded(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1, default=as_dict).encode()


def _zip_name(matter: FrontMatter | None, folder: str, who: str, now: datetime) -> str:
    """A name that tells one such ZIP from many others, by day, author and title: `20240313-王芳-工作会议.zip`.

    A report without an author has the name of the person who hands it in.
    """
    day, author, title = f"{now:%Y%m%d}", who, folder
    if matter:
        day = matter.date.day.replace("-", "") if matter.date else day
        author = "等".join([*matter.author[:1], ""]) if len(matter.author) > 1 else "".join(matter.author) or who
        title = (matter.short_title or matter.title)[:LONGEST_TITLE]
    stem = "-".join(filter(None, (NOT_IN_NAMES.sub("-", part).strip("-. ") for part in (day, author, title))))
    return f"{_cut(stem, LONGEST)}.zip"


def _cut(text: str, most: int) -> str:
    """A text cut to at most `most` bytes in UTF-8."""
    return text.encode()[:most].decode(errors="ignore").rstrip("-. ")


def _remarks(parcel: _Parcel) -> Iterator[str]:
    if parcel.left_out:
        names = "、".join(posixpath.basename(name) for name in parcel.left_out)
        yield f"没有放进压缩包：{names}（这一类文件不能公开）"
    for name in parcel.missing:
        yield f"正文用到的 {name} 找不到，不在压缩包里"
    for name in parcel.elsewhere:
        yield f"正文用到的 {name} 不在这一篇的文件夹里，放在了压缩包的“{ELSEWHERE}”里"


@contextmanager
def _silent(label: str, length: int) -> Iterator[FileStep]:
    yield lambda name: None


# ---------------------------------------------------------------- what the check says


def _page(summary: HandInList, findings: Sequence[Finding]) -> str:
    """The result of the check, to read in a browser."""
    rows = "".join(_row(item) for severity in SEVERITIES for item in findings if item.severity == severity)
    table = f"<table>\n<tr><th>级别<th>位置<th>问题<th>建议</tr>\n{rows}</table>" if rows else "<p>没有发现问题。</p>"
    files = "".join(_file_row(item) for item in (*summary.files, *summary.elsewhere))
    return _PAGE.format(
        title=escape(summary.title or summary.path),
        section=escape(summary.section_title),
        who=escape(summary.who),
        when=escape(summary.when[:16].replace("T", " ")),
        version=escape(summary.newsgen),
        table=table,
        files=files,
    )


def _row(item: Finding) -> str:
    hint = "<br>".join(map(escape, item.hint.splitlines()))
    place = f"第 {item.line} 行"
    return f"<tr><td>{SEVERITIES[item.severity]}<td>{place}<td>{escape(item.message)}<td>{hint}</tr>\n"


def _file_row(item: HandedFile) -> str:
    return f"<tr><td>{escape(item.name)}<td>{size_in_words(item.size)}<td><code>{item.sha256}</code></tr>\n"


_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>检查结果：{title}</title>
<style>
body {{ max-width: 60em; margin: 2em auto; padding: 0 1em; font: 16px/1.8 sans-serif; color: #222; }}
h1 {{ font-size: 1.4em; }} h2 {{ font-size: 1.1em; }}
table {{ border-collapse: collapse; width: 100%; }} td, th {{ border: 1px solid #aaa; padding: 2px 10px; text-align: left; vertical-align: top; }}
code {{ font-size: 12px; overflow-wrap: anywhere; }}
</style></head><body>
<h1>{title}</h1>
<p>栏目：{section}。交稿：{who}，{when}。newsgen {version}。</p>
<h2>检查结果</h2>
{table}
<h2>文件（SHA-256）</h2>
<table>
<tr><th>文件<th>大小<th>摘要</tr>
{files}</table>
</body></html>
"""
