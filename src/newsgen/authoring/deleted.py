"""Deleted reports and removed files: listed, and restored from the history.

A report that is deleted outside the desk loses the photos it still has: the history holds only those removed before.
"""

from __future__ import annotations

import os
import posixpath
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from newsgen.authoring.decisions import with_decisions
from newsgen.authoring.file_location import location_of, prefix_of
from newsgen.authoring.hand_in import missing_photos
from newsgen.authoring.history import read
from newsgen.authoring.history_files import KeptVersion, folder_of, path_in, versions_in
from newsgen.authoring.history_pruning import folders_of_history
from newsgen.authoring.new import section_matters
from newsgen.authoring.new_files import disk_error, scratch_folder
from newsgen.authoring.rename_detection import NO_TITLES, RenameDetection, Titled
from newsgen.authoring.report_files import move_to_new, restore_file
from newsgen.content.approval import facts_of
from newsgen.content.document import parse
from newsgen.content.media import resolve
from newsgen.content.photo_numbers import own_folder
from newsgen.content.scan import FOLDER, SECTION_FILE, is_hidden, real_path, scan
from newsgen.core.errors import NewsgenError, UsageError
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import digest_or_empty, is_inside, write_new
from newsgen.core.model import Document, FrontMatter, Markdown, Record


class RemovedFile(Record, frozen=True):
    """A photo or attachment that was removed: its name, and the id of its version in the history."""

    name: str
    id: str
    time: str
    who: str
    size: int


class DeletedReport(Record, frozen=True):
    """A report whose file is gone, with its last version in the history."""

    path: str
    id: str
    time: str
    who: str
    characters: int


class BroughtBack(NamedTuple):
    """A restored report: the photos restored with it, and `missing`, those that its text names but that are lost.

    `was_signed`: its text held decisions of reviewers, which are not restored.
    """

    path: str
    photos: tuple[str, ...]
    missing: tuple[str, ...]
    was_signed: bool = False


def removed_files(root: Path, report: str) -> tuple[RemovedFile, ...]:
    """The photos and attachments that were removed from a report, newest first. Raises UsageError if there is no such report."""
    location = location_of(root, report)
    found = []
    for path, folder in _kept_beside(root, report):
        versions = _removed_in(folder)
        seen = {digest_or_empty(real_path(root, path), MOST_BYTES)} if versions else set()
        for version in versions:
            if version.digest not in seen:
                seen.add(version.digest)
                name = posixpath.basename(path)
                found.append(RemovedFile(name, version.id, version.time, version.who, version.size))
    return tuple(
        sorted(
            (item for item in found if item.name.startswith(location.prefix)), key=lambda item: item.id, reverse=True
        )
    )


def deleted_reports(root: Path, titles: Mapping[str, Titled] = NO_TITLES) -> tuple[DeletedReport, ...]:
    """The deleted reports, newest first, without those that were moved to another path.

    `titles` are the known titles of the existing reports.
    """
    by_size: dict[int, list[Path]] = {}
    there = {}
    for item in scan(root).found:
        if item.is_text:
            by_size.setdefault(item.stamp[0], []).append(root / item.real)
            there[item.path] = root / item.real
    renames, found = RenameDetection(there, titles), []
    for path, folder in _kept(root):
        if not _is_report(path) or os.path.lexists(real_path(root, path)):
            continue
        last = _last(folder)
        is_there = last and any(
            digest_or_empty(place, MOST_BYTES) == last.digest for place in by_size.get(last.size, ())
        )
        if last and not is_there and not renames.finds(root, path, last):
            found.append(DeletedReport(path, last.id, last.time, last.who, last.characters))
    return tuple(sorted(found, key=lambda item: item.id, reverse=True))


def photos_of(root: Path, path: str, data: bytes) -> BroughtBack:
    """The photos that the text of a deleted report names: those that the history has, and those that it lacks."""
    document = parse(data, Markdown()).document
    folder = posixpath.dirname(path)
    names = missing_photos(path, facts_of(document), ())
    places = {name: resolve(folder, name).path or "" for name in names}
    wanted = [name for name in names if not os.path.lexists(root / places[name])]
    kept = [posixpath.basename(places[name]) for name in wanted if _removed_version(root, path, places[name])]
    missing = [name for name in wanted if not _removed_version(root, path, places[name])]
    return BroughtBack(path, tuple(dict.fromkeys(kept)), tuple(missing))


def bring_back(root: Path, path: str, version: str) -> BroughtBack:
    """Restore a version of a deleted report at its old path, with the photos that the history has.

    Decisions of reviewers are not restored: they may have been revoked after the version was kept, and whoever deleted the
    report did not want readers to see it. Raises UsageError if the path is taken or its section no longer exists,
    ContentError if the version cannot be read, HostError for the disk.
    """
    path = unicodedata.normalize("NFC", path)
    kept = read(root, path, version)
    _check_place(root, path)
    data = with_decisions(path, kept, ())
    _write_new(root / path, path, data)
    found = photos_of(root, path, data)
    photos, missing = [], list(found.missing)
    for name in found.photos:
        try:
            restore_file(root, path, name, _removed_version(root, path, f"{posixpath.dirname(path)}/{name}"))
            photos.append(name)
        except NewsgenError:  # the text counts most, and is restored already
            missing.append(name)
    return BroughtBack(path, tuple(photos), tuple(missing), was_signed=data != kept)


def title_of(document: Document, path: str) -> str:
    """The title of a report; the name of its folder or file if its front matter is faulty."""
    matter = document.matter
    name = posixpath.basename(posixpath.dirname(path) if own_folder(path) else path.removesuffix(".md"))
    return matter.title if isinstance(matter, FrontMatter) else name


# ---------------------------------------------------------------- what the history has


def _kept(root: Path) -> Iterator[tuple[str, Path]]:
    """The paths in the history with their folders, without folders that would belong to another path."""
    for folder in folders_of_history(root):
        path = path_in(folder)
        with suppress(OSError):
            if path and folder_of(root, path) == folder:
                yield path, folder


def _kept_beside(root: Path, report: str) -> Iterator[tuple[str, Path]]:
    """The paths in the history that lie in the same folder as a report, with their folders in the history."""
    above = posixpath.dirname(report)
    return ((path, folder) for path, folder in _kept(root) if posixpath.dirname(path) == above)


def _last(folder: Path) -> KeptVersion | None:
    """The newest readable version of a text; None if there is none."""
    return next((version for version in versions_in(folder) if not version.fault and version.reason != "removed"), None)


def _removed_version(root: Path, report: str, path: str) -> str:
    """The id of the last removed version of a photo that lies where the report's files lie; "" if there is none."""
    prefix = "" if own_folder(report) else prefix_of(report)
    if posixpath.dirname(path) != posixpath.dirname(report) or not posixpath.basename(path).startswith(prefix):
        return ""
    try:
        folder = folder_of(root, path)
    except OSError:
        return ""
    return next((version.id for version in _removed_in(folder)), "")


def _removed_in(folder: Path) -> list[KeptVersion]:
    """The readable versions of removed files in a folder of the history, newest first."""
    return [version for version in versions_in(folder) if version.reason == "removed" and not version.fault]


# ---------------------------------------------------------------- where it was


def _is_report(path: str) -> bool:
    """Whether this is the path of a report that the site would show."""
    parts = path.split("/")
    is_file = len(parts) > 1 and parts[0] == FOLDER and path.lower().endswith(".md") and parts[-1] != SECTION_FILE
    is_plain = not {"", ".", ".."} & set(parts) and not any(map(is_hidden, parts)) and "\\" not in path
    return is_file and is_plain and path.isprintable()


def _check_place(root: Path, path: str) -> None:
    if not _is_report(path) or not is_inside(root / path, root / FOLDER):
        raise UsageError("没有这一篇", "回到列表，重新打开", "desk.missing", path[:200])
    if os.path.lexists(real_path(root, path)):
        raise UsageError("这一篇又在了，没有换掉它", "回到列表打开它；旧的版本在“以前的版本”里", "new.exists", path)
    parent = posixpath.dirname(own_folder(path) or path)
    if parent != FOLDER and not any(f"{parent}/".startswith(f"{FOLDER}/{folder}/") for folder in section_matters(root)):
        hint = "请网站管理员先把栏目建回来，再恢复；现在可以复制正文，写成新的一篇"
        raise UsageError(f"它原来的栏目（文件夹 {parent}）已经没有了", hint, "new.section", path)


def _write_new(file: Path, path: str, data: bytes) -> None:
    """Write a file and its folders whole, or change nothing. Raises HostError, also if the file exists by now."""
    try:
        with scratch_folder(file.parent) as scratch:
            write_new(scratch / file.name, data)
            move_to_new(scratch / file.name, file)
    except OSError as error:
        raise disk_error(error, f"没有恢复 {path}", path) from None
