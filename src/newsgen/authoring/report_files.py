"""The photos and attachments in a report's own folder: taken in, listed, and moved into the history.

A link may lead from one place in content/ to another, as everywhere in the site, but nowhere else. A new file is written
under a temporary name in the same folder, and gets its own name when it is complete and its kind is known. Nothing is
ever overwritten, or written outside the folder.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from posixpath import splitext
from typing import BinaryIO, Literal, NamedTuple

from newsgen.authoring.file_kinds import HEAD, suffix_of
from newsgen.authoring.file_location import FileLocation, location_of
from newsgen.authoring.history import chunks_of, digest_of, keep_file, not_kept, reason_of
from newsgen.authoring.new_files import disk_error
from newsgen.content.images import ImageError, probe
from newsgen.core.errors import UsageError
from newsgen.core.file_types import FILE_SUFFIXES, MOST_BYTES, MOST_OF_A_PICTURE, PICTURE_SUFFIXES
from newsgen.core.files import digest_file, read_file, remove_leftovers, size_in_words, temporary_in
from newsgen.core.model import Record
from newsgen.core.platform import rename, unlink

MOST_FILES = 200
"""Maximum files of one report."""
_PUBLISHED = "可以放照片（JPG、PNG、HEIC……）、PDF、OFD、Word、Excel、PPT、WPS、压缩包、TXT、CSV、音频和视频"


class ReportFile(Record, frozen=True):
    """A file in a report's folder, with its size in bytes.

    Width and height are the published ones, in pixels; None if it is no photo, or one that cannot be read.
    """

    name: str
    kind: Literal["photo", "attachment"]
    size: int
    width: int | None = None
    height: int | None = None


class FileAdded(NamedTuple):
    """A file that was added, and remarks for its author, in Chinese."""

    file: ReportFile
    remarks: tuple[str, ...] = ()


def add_file(root: Path, report: str, given: str, chunks: Iterable[bytes]) -> FileAdded:
    """Add a photo or attachment that came as `given`. Raises the errors of receiving(), write() and finish()."""
    with receiving(root, report, given) as incoming:
        for chunk in chunks:
            incoming.write(chunk)
        return incoming.finish()


@contextmanager
def receiving(root: Path, report: str, given: str) -> Iterator[Incoming]:
    """A new file for the folder of a report; it is removed again unless it is finished.

    Raises UsageError if there is no such report or it has too many files, HostError for the disk.
    """
    location = location_of(root, report)
    if len(location.names) >= MOST_FILES:
        raise UsageError(
            f"这篇文章的文件夹里已经有 {MOST_FILES} 个文件", "先移走不用的照片和附件", "file.too-many", report
        )
    remove_leftovers(location.folder)
    temporary = temporary_in(location.folder)
    try:
        with _told(report):
            file = temporary.open("xb")
        try:
            yield Incoming(location, report, given, file)
        finally:
            with suppress(OSError):  # a full disk refuses again; its first refusal is reported
                file.close()
    finally:
        with suppress(OSError):
            unlink(temporary, missing_ok=True)


class Incoming:
    """A file that is being received: call write() for all its bytes, then finish()."""

    def __init__(self, location: FileLocation, report: str, given: str, file: BinaryIO) -> None:
        self._location, self._report, self._given, self._file = location, report, given, file
        self._head = b""
        self._size = 0

    def write(self, chunk: bytes) -> None:
        """Write the next bytes. Raises UsageError if the file becomes too large, HostError for the disk."""
        self._head += chunk[: HEAD - len(self._head)]
        self._size += len(chunk)
        if self._size > MOST_BYTES:
            hint = "视频传到学校的视频平台，在正文里写它的网址；别的文件分成几个"
            raise self._refused(f"文件太大，最多 {size_in_words(MOST_BYTES)}", hint, "file.too-large")
        with _told(self._report):
            self._file.write(chunk)

    def finish(self) -> FileAdded:
        """Give the file its name. Raises UsageError if it cannot be published, HostError for the disk."""
        place = Path(self._file.name)
        with _told(self._report):
            self._file.flush()
            os.fsync(self._file.fileno())
        if not self._size:
            raise self._refused("文件是空的", "把原来的文件重新复制一份", "file.empty")
        with _told(self._report):
            suffix = suffix_of(self._head, self._given, place)
        if suffix is None:
            raise self._refused("这种文件不能放在网站上", _PUBLISHED, "file.kind")
        measured = self._measured(place, suffix)
        self._file.close()  # Windows cannot rename an open file
        with _told(self._report):
            name = _put(place, self._location, self._given, suffix)
        kind: Literal["photo", "attachment"] = "photo" if suffix in PICTURE_SUFFIXES else "attachment"
        return FileAdded(ReportFile(name, kind, self._size, *measured), tuple(_remarks(self._given, name, suffix)))

    def _measured(self, place: Path, suffix: str) -> tuple[int, int] | tuple[()]:
        if suffix not in PICTURE_SUFFIXES:
            return ()
        if self._size > MOST_OF_A_PICTURE:
            hint = "用看图软件把长边缩小到 6000 像素以内，再放进来"
            raise self._refused(f"照片太大，最多 {size_in_words(MOST_OF_A_PICTURE)}", hint, "file.too-large")
        try:
            with _told(self._report):
                found = probe(read_file(place, MOST_OF_A_PICTURE))
        except ImageError as error:
            raise self._refused(error.message, error.hint, error.code) from None
        return found.width, found.height

    def _refused(self, message: str, hint: str, code: str) -> UsageError:
        return UsageError(f"“{self._given[:80]}”没有放进来：{message}", hint, code, self._report)


def _put(place: Path, location: FileLocation, given: str, suffix: str) -> str:
    """Move a file to a name that is not taken; two files that come at once get two names. Returns the name."""
    taken = location.names
    while True:
        name = location.free_name(given, taken, suffix)
        try:
            move_to_new(place, location.folder / name)
        except FileExistsError:
            taken = [*taken, name]
            continue
        return name


def move_to_new(source: Path, target: Path) -> None:
    """Rename a file without replacing another. Raises FileExistsError if the name is taken, OSError."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network drives have no hard links
        if os.path.lexists(target):
            raise FileExistsError from None
        rename(source, target)
    else:
        unlink(source)


def _remarks(given: str, name: str, suffix: str) -> Iterator[str]:
    typed = splitext(given)[1].lower()
    same = {".jpeg": ".jpg", ".jfif": ".jpg", ".tiff": ".tif", ".heif": ".heic"}
    if typed in FILE_SUFFIXES and same.get(typed, typed) != suffix:
        yield f"“{given[:80]}”的后缀名不对，它其实是 {suffix} 文件，已存成 {name}"


def list_files(root: Path, report: str) -> tuple[ReportFile, ...]:
    """The photos and attachments of a report, by name. Raises UsageError, HostError."""
    location = location_of(root, report)
    with _told(report, "照片和附件读不出来"):
        return tuple(_described(location.folder / name) for name in sorted(location.names))


def _described(place: Path) -> ReportFile:
    found = place.stat()
    if place.suffix.lower() not in PICTURE_SUFFIXES:
        return ReportFile(place.name, "attachment", found.st_size)
    return ReportFile(place.name, "photo", found.st_size, *_dimensions(place, found.st_size, found.st_mtime_ns))


@lru_cache(maxsize=2000)
def _dimensions(place: Path, size: int, time: int) -> tuple[int, int] | tuple[()]:
    """Width and height of a photo; empty if it cannot be read. Size and time are only keys of the cache."""
    try:
        found = probe(read_file(place, MOST_OF_A_PICTURE))
    except (ImageError, OSError):
        return ()
    return found.width, found.height


def remove_file(root: Path, report: str, name: str, who: str, now: datetime) -> str:
    """Move a photo or attachment into the history, and return the id of its version there.

    Raises UsageError if the report has no such file; HostError if the disk refuses, and then the file stays.
    """
    location = location_of(root, report)
    if name not in location.names:
        raise UsageError(
            f"文件夹里没有“{name[:80]}”", "多半已经移走或改名了；看一看文件夹里现在有什么", "file.missing", report
        )
    path = f"{posixpath.dirname(report)}/{name}"
    kept = keep_file(root, path, who, now)
    if kept.id is None:
        raise not_kept(kept, f"“{name}”没有移走", report)
    with _told(report, f"“{name}”没有移走"):
        unlink(location.folder / name)
    return kept.id


def restore_file(root: Path, report: str, name: str, version: str) -> ReportFile:
    """Restore a removed file from a version that remove_file() returned; under a new name if its name is taken.

    Raises UsageError if the same file is there already, or the version is no removed file of this report; ContentError if
    there is no such version; HostError.
    """
    location = location_of(root, report)
    path = f"{posixpath.dirname(report)}/{name}"
    if (
        not name.startswith(location.prefix)
        or posixpath.basename(name) != name
        or not _was_removed(root, path, version)
    ):
        raise UsageError(f"文件夹里没有过“{name[:80]}”", "看一看名字", "file.missing", report)
    place = location.folder / name
    if os.path.lexists(place):
        _refuse_same(root, path, version, place)
        place = location.folder / location.free_name(
            name.removeprefix(location.prefix), location.names, splitext(name)[1]
        )
    temporary = temporary_in(location.folder)
    try:
        with _told(report), temporary.open("xb") as file:
            for chunk in chunks_of(root, path, version):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        with _told(report):
            place = _moved(temporary, place, location, name)
    finally:
        with suppress(OSError):
            unlink(temporary, missing_ok=True)
    return _described(place)


def _moved(source: Path, place: Path, location: FileLocation, name: str) -> Path:
    """Move a file to its place, or to a free name if another program took that place meanwhile; return where it is."""
    try:
        move_to_new(source, place)
    except FileExistsError:
        return location.folder / _put(source, location, name.removeprefix(location.prefix), splitext(name)[1])
    return place


def _was_removed(root: Path, path: str, version: str) -> bool:
    """Whether a version is a removed file. A text must not be restored as a file: it would be a second, signed report."""
    return not path.lower().endswith(".md") and reason_of(root, path, version) == "removed"


def _refuse_same(root: Path, path: str, version: str, place: Path) -> None:
    """Raises UsageError if the file at `place` has the bytes of the version."""
    with _told(path):
        if place.is_file() and digest_file(place, MOST_BYTES) == digest_of(root, path, version):
            raise UsageError(f"“{place.name[:80]}”已经在这里了", "不用再恢复", "new.exists", path)


@contextmanager
def _told(report: str, what: str = "文件没有放进来") -> Iterator[None]:
    """Raise HostError for an OSError in the block; `what` says what was not done. FileExistsError passes."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise disk_error(error, what, report) from None
