"""收稿: a report that was handed in, compared with the files in content/, and written there.

`receive_plan()` compares, `write()` writes: whole or not at all, and only over files that have not changed since the
comparison. Replaced files are kept in the history; nothing is ever deleted.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from newsgen.authoring.hand_in import HandInList, folder_name, missing_photos
from newsgen.authoring.history import KeepResult, keep, keep_file, not_kept, versions
from newsgen.authoring.new import section_folder, section_matters
from newsgen.authoring.new_files import (
    disk_error,
    make_folders,
    remove_folders,
    scratch_folder,
    write_files,
    write_folder,
)
from newsgen.authoring.received_zip import ReceivedReport, plain_folder_name
from newsgen.authoring.zip_files import DEEPEST, is_portable
from newsgen.check.article_check import findings_of, with_settings
from newsgen.check.finding import Finding, finding_of
from newsgen.check.rules.registry import RULES
from newsgen.check.vocabulary import Vocabulary
from newsgen.config.site_yaml import checking, load, read
from newsgen.content.approval import facts_of
from newsgen.content.document import parse
from newsgen.content.load import BUNDLE_FILE
from newsgen.content.scan import FOLDER, SECTION_FILE, is_hidden, real_path, scan
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError, HostError, UsageError
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import FileChanged, digest_file, is_inside, read_file
from newsgen.core.model import Diagnostic, FrontMatter, Record, changed
from newsgen.core.platform import reason, replace
from newsgen.core.text import MAX_BYTES, decode
from newsgen.core.text_diff import TextChange, changes

NOTHING = ""
"""The digest of a file that is not there."""


class FileOfReport(Record, frozen=True):
    """A file of the report that would be added or replaced, or that stays although it is not in the ZIP."""

    name: str
    how: Literal["added", "replaced", "stays"]


class ReceivePlan(Record, frozen=True):
    """The plan for receiving a report. `path` is the path of its text below the site root.

    `files` are all its files by path, `before` the digests of the present files at these paths, NOTHING for none.
    `is_edited`: the present text was edited since it was received, or was never received. `text` are its changes.
    """

    path: str
    title: str
    received: ReceivedReport
    files: Mapping[str, bytes]
    before: Mapping[str, str]
    is_edited: bool
    text: tuple[TextChange, ...] = ()
    file_changes: tuple[FileOfReport, ...] = ()
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether there is no such report yet."""
        return self.before[self.path] == NOTHING

    @property
    def is_same(self) -> bool:
        """Whether all its files are there already, with the same bytes."""
        return all(digest_bytes(data) == self.before[path] for path, data in self.files.items())


# ---------------------------------------------------------------- what is there


def receive_plan(root: Path, given: ReceivedReport, section: str | None = None, name: str | None = None) -> ReceivePlan:
    """Plan to receive a report in `section` under `name`; None takes what its list says.

    If neither is given and there is no list, it replaces the only report here of its name. Otherwise None takes the first
    section, and the name of the report's folder.
    Raises UsageError for an unknown section and for names that cannot be used here, ConfigError, HostError.
    """
    path = _with_folder(root, _place(root, given, section, name), bool(given.files))
    folder = posixpath.dirname(path)
    files = {path: given.text, **{f"{folder}/{file}": data for file, data in given.files.items()}}
    before = {file: _digest_there(root, file) for file in files}
    _refuse_twins(root, files)
    document = parse(given.text, load(root).markdown).document
    matter = document.matter
    present = {*files, *(item.path for item in scan(root).found)}
    missing = missing_photos(path, facts_of(document), present)
    found = ReceivePlan(
        path,
        matter.title if isinstance(matter, FrontMatter) else folder_name(path),
        given,
        files,
        before,
        is_edited=_is_edited(root, path, before[path]),
        file_changes=tuple(_file_changes(root, path, files, before)),
        findings=_findings(root, path, given.text),
        remarks=(*given.remarks, *_remarks(matter), *(f"正文用到的 {name} 找不到，请对方补上" for name in missing)),
    )
    return found if found.is_new else changed(found, text=changes(_text_there(root, path), decode(given.text)[0] or ""))


def _remarks(matter: object) -> Iterator[str]:
    if isinstance(matter, FrontMatter) and matter.approvals:
        yield f"稿子里带着 {len(matter.approvals)} 条审签记录：没有密钥签名的，请和审稿人核对"


def _place(root: Path, given: ReceivedReport, section: str | None, name: str | None) -> str:
    """The path of the text."""
    matters = section_matters(root)
    listed = given.summary.path if given.summary and _is_plain(given.summary.path) else ""
    if section is None and name is None:
        if given.summary and listed and not given.summary.section and listed.count("/") <= 2:
            return listed  # a page beside the sections
        there = None if listed else _only_one(root, given.name)
        if there:
            return there
    titles = {key: item.title for key, item in matters.items()}
    folder = section_folder(matters, section if section is not None else _known_section(given.summary, titles))
    if name is None and listed.startswith(f"{FOLDER}/{folder}/"):
        return listed
    return f"{FOLDER}/{folder}/{plain_folder_name(name) if name else given.name}/{BUNDLE_FILE}"


def _known_section(summary: HandInList | None, titles: Mapping[str, str]) -> str | None:
    """The section in which a report was written, found by its folder, else by its title; None if its list names none."""
    if summary is None or not summary.section:
        return None
    same = (folder for folder, title in titles.items() if title == summary.section_title)
    return summary.section if summary.section in titles else next(same, summary.section)


def _only_one(root: Path, name: str) -> str | None:
    """The path of the report whose folder or file has this name; None unless there is exactly one."""
    ends = (f"/{name}/{BUNDLE_FILE}", f"/{name}.md")
    found = [item.path for item in scan(root).found if item.path.endswith(ends)]
    return found[0] if len(found) == 1 else None


def _is_plain(path: str) -> bool:
    """Whether a path from a list can be a report's, with names that are valid on every system."""
    parts = path.split("/")
    is_report = parts[0] == FOLDER and 1 < len(parts) <= DEEPEST and path.endswith(".md") and parts[-1] != SECTION_FILE
    is_nfc = unicodedata.is_normalized("NFC", path)
    return is_report and is_nfc and all(is_portable(part) and not is_hidden(part) for part in parts)


def _with_folder(root: Path, path: str, has_files: bool) -> str:
    """The path of the text: in a folder of its own if it has files, or has such a folder already.

    Raises UsageError if it has files, but is here without a folder.
    """
    if path.endswith(f"/{BUNDLE_FILE}"):
        lone = f"{posixpath.dirname(path)}.md"
        if not os.path.lexists(real_path(root, lone)):
            return path
        if not has_files:
            return lone
        hint = f"先把它移到 {path}，或者用 --as 收成另一篇"
        raise UsageError(f"这里的 {lone} 没有自己的文件夹，照片没处放", hint, "receive.lone", lone)
    bundle = f"{path[: -len('.md')]}/{BUNDLE_FILE}"
    is_there = os.path.lexists(real_path(root, bundle))
    return _with_folder(root, bundle, has_files) if has_files or is_there else path


def _refuse_twins(root: Path, files: Mapping[str, bytes]) -> None:
    """Refuse names that differ from a present one only in letter case: on some systems both are one file."""
    for path in files:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            above = real_path(root, "/".join(parts[:depth]))
            names = [unicodedata.normalize("NFC", name) for name in os.listdir(above)] if above.is_dir() else []
            twin = next((name for name in names if name.casefold() == parts[depth].casefold()), parts[depth])
            if twin != parts[depth] and parts[depth] not in names:
                message = f"这里已经有 {twin}，和 {parts[depth]} 只有大小写不同，在有的电脑上是同一个"
                raise UsageError(message, "请对方改名，或者用 --as 换一个名字", "receive.twin", path)


def _digest_there(root: Path, path: str) -> str:
    """The digest of the file at a path; NOTHING if there is none.

    Raises HostError for a path that a link leads outside content/, and for one that cannot be read.
    """
    place = real_path(root, path)
    if not is_inside(place, root / FOLDER):
        message = f"{path} 是通向 {FOLDER} 文件夹之外的快捷方式（符号链接），没有收"
        raise HostError(message, "先删去快捷方式，再收一次", path=path)
    try:
        return digest_file(place, MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return NOTHING
    except OSError as error:
        raise HostError(f"读不了 {path}：{reason(error)}", "检查文件的权限", path=path) from None


def _is_edited(root: Path, path: str, digest: str) -> bool:
    if digest == NOTHING:
        return False
    try:
        return not any(item.reason == "received" and item.digest == digest for item in versions(root, path))
    except ContentError:
        return True


def _text_there(root: Path, path: str) -> str:
    try:
        return decode(read_file(real_path(root, path), MAX_BYTES))[0] or ""
    except OSError as error:
        raise HostError(f"读不了 {path}：{reason(error)}", "检查文件的权限", path=path) from None


def _file_changes(
    root: Path, text: str, files: Mapping[str, bytes], before: Mapping[str, str]
) -> Iterator[FileOfReport]:
    folder = posixpath.dirname(text)
    for path, data in files.items():
        if path != text and before[path] != digest_bytes(data):
            yield FileOfReport(path.removeprefix(f"{folder}/"), "replaced" if before[path] else "added")
    if text.endswith(f"/{BUNDLE_FILE}"):
        here = real_path(root, folder)
        for name in sorted(os.listdir(here)) if here.is_dir() else ():
            plain = unicodedata.normalize("NFC", name)
            if f"{folder}/{plain}" not in files and not is_hidden(name) and (here / name).is_file():
                yield FileOfReport(plain, "stays")


def _findings(root: Path, path: str, text: bytes) -> tuple[Finding, ...]:
    """The findings in the text by the check of this site."""
    settings = checking(read(root))
    own = (finding_of(changed(item, path=path)) for item in parse(text, load(root).markdown).document.diagnostics)
    rules = with_settings(findings_of(path, text, RULES, Vocabulary.load(root, settings)), settings)
    return tuple(sorted((*own, *rules), key=lambda item: (item.line, item.column, item.code)))


# ---------------------------------------------------------------- writing


def write(root: Path, plan: ReceivePlan, who: str, now: datetime) -> tuple[Diagnostic, ...]:
    """Write a report, whole or not at all; return a warning if the text received could not be kept as a version.

    Raises ContentError if a file changed since the comparison, HostError if the disk refuses or a file to be replaced
    cannot be kept. The report is unchanged then.
    """
    changes = {path: data for path, data in plan.files.items() if plan.before[path] != digest_bytes(data)}
    for path in plan.files:
        if _digest_there(root, path) != plan.before[path]:
            raise _changed_meanwhile(path)
    for kept in _kept(root, plan, who, now):
        if kept.id is None:
            raise not_kept(kept, f"{plan.path} 没有收", plan.path)
    try:
        _write_all(root, plan.path, changes, plan.before)
    except FileChanged as error:
        raise _changed_meanwhile(str(error)) from None
    except OSError as error:
        raise disk_error(error, f"写不了 {plan.path}", plan.path, more="原来的都没有动") from None
    received = keep(root, plan.path, plan.received.text, who, "received", now).problem
    return (received,) if received else ()


def _changed_meanwhile(path: str) -> ContentError:
    message, hint = f"{path} 刚刚被改过，没有收", "再收一次，看过现在的差别再定"
    return ContentError([Diagnostic("receive.changed", "error", message, hint, path)])


def _kept(root: Path, plan: ReceivePlan, who: str, now: datetime) -> Iterator[KeepResult]:
    """Keep the files that will be replaced as versions."""
    for path, before in plan.before.items():
        if before == NOTHING or before == digest_bytes(plan.files[path]):
            continue
        if path == plan.path:
            yield keep(root, path, read_file(real_path(root, path), MAX_BYTES), "", "found", now)
        else:
            yield keep_file(root, path, who, now)


def _write_all(root: Path, text: str, files: Mapping[str, bytes], before: Mapping[str, str]) -> None:
    """Write all files. A new folder appears whole; in an existing one the text is written last, as it names the others."""
    folder = real_path(root, posixpath.dirname(text))
    names = {path: path.removeprefix(f"{posixpath.dirname(text)}/") for path in files}
    if text.endswith(f"/{BUNDLE_FILE}") and not folder.exists():
        write_folder(folder, {names[path]: data for path, data in files.items()})
        return
    with scratch_folder(folder.parent) as scratch:
        made = {path: scratch / "new" / name for path, name in names.items()}
        write_files({made[path]: data for path, data in files.items()})
        _move_in(root, dict(sorted(made.items(), key=lambda item: item[0] == text)), before, scratch)


def _move_in(root: Path, made: Mapping[str, Path], before: Mapping[str, str], scratch: Path) -> None:
    """Move files to their places; if one cannot be moved, the old files are put back.

    Each file is compared once more just before it is replaced. Raises FileChanged if it differs, and OSError.
    """
    done: list[tuple[Path, Path | None]] = []
    folders: list[Path] = []
    try:
        for number, (path, new) in enumerate(made.items()):
            place = real_path(root, path).resolve()
            folders = [*make_folders(place.parent), *folders]
            old = scratch / f"{number}.old" if place.exists() else None
            if old:
                shutil.copy2(place, old)
            if (digest_file(old, MOST_BYTES) if old else NOTHING) != before[path]:
                raise FileChanged(path)
            replace(new, place)
            done.append((place, old))
    except (OSError, FileChanged):
        for place, old in reversed(done):
            if old:
                replace(old, place)
            else:
                place.unlink()
        remove_folders(folders)
        raise
