"""Earlier versions of reports, and photos that were removed, in `.newsgen/history/`: outside content/ and the output.

`history_files` writes and reads the files there, `history_pruning` deletes what is older.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from newsgen.authoring.history_files import (
    MOST_OF_A_TEXT,
    KeptVersion,
    characters_of,
    folder_of,
    ids_in,
    is_id,
    new_id,
    version_at,
    versions_in,
    write_version,
)
from newsgen.authoring.new_files import disk_error
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError, HostError
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import measure_file, read_chunks
from newsgen.core.model import Diagnostic
from newsgen.core.platform import reason, unlink

DAYS = 30
"""Days for which a version is kept. The newest version of a report is kept for ever, that of a removed file is not."""

Cause = Literal["found", "edited", "outside", "restored", "removed", "received"]
CAUSES: dict[str, str] = {
    "found": "修改之前",
    "edited": "修改",
    "outside": "别的程序改的",
    "restored": "恢复旧版之前",
    "removed": "移走的文件",
    "received": "收稿",
}
"""Cause of a version -> its name in lists of versions."""


class KeepResult(NamedTuple):
    """The result of keeping a version: its id, or None with a warning and the system's error."""

    id: str | None
    problem: Diagnostic | None = None
    error: OSError | None = None


def keep(root: Path, path: str, data: bytes, who: str, cause: Cause, now: datetime) -> KeepResult:
    """Keep the bytes of a report as a version, unless the newest version has the same bytes.

    Never raises for an error of the disk, which must not prevent saving the report itself.
    """

    def kept() -> str:
        folder = folder_of(root, path)
        newest = next(iter(ids_in(folder)), None)
        digest = digest_bytes(data)
        if newest and version_at(folder / newest).digest == digest:
            return newest
        header = KeptVersion(new_id(newest, now, digest), "", who, cause, len(data), characters_of(data), digest)
        return write_version(folder, path, header, [data])

    return _result(path, kept)


def keep_file(root: Path, path: str, who: str, now: datetime) -> KeepResult:
    """Keep a photo or attachment before it is removed; it may be larger than memory. Never raises for a disk error."""
    place = root / path

    def kept() -> str:
        folder = folder_of(root, path)
        digest, size = measure_file(place, MOST_BYTES)
        newest = next(iter(ids_in(folder)), None)
        header = KeptVersion(new_id(newest, now, digest), "", who, "removed", size, 0, digest)
        return write_version(folder, path, header, read_chunks(place, MOST_BYTES))

    return _result(path, kept)


def _result(path: str, kept: Callable[[], str]) -> KeepResult:
    try:
        try:
            return KeepResult(kept())
        except FileNotFoundError:  # pruning deleted the folder just now, while it was empty
            return KeepResult(kept())
    except OSError as error:
        return KeepResult(None, _not_kept(path, error), error)


def not_kept(kept: KeepResult, what: str, path: str) -> HostError:
    """The error for `what`, which was not done because the version before could not be kept."""
    return disk_error(kept.error or OSError(), f"{what}，因为旧的版本留不下来", path)


def forget(root: Path, path: str, version: str) -> None:
    """Delete a version, if it exists and the disk allows it."""
    if is_id(version):
        with suppress(OSError):
            unlink(folder_of(root, path) / version)


def _not_kept(path: str, error: OSError) -> Diagnostic:
    message = f"旧的版本没有留下来：{reason(error)}"
    hint = "文章本身不受影响；检查磁盘空间，以及网站文件夹里的 .newsgen 能不能写"
    return Diagnostic("history.not-kept", "warning", message, hint, path)


def versions(root: Path, path: str) -> tuple[KeptVersion, ...]:
    """The versions of a report, newest first; unreadable ones have a `fault`. Raises ContentError for their folder."""
    try:
        folder = folder_of(root, path)
        return tuple(versions_in(folder))
    except OSError as error:
        raise _unreadable(path, reason(error)) from None


def read(root: Path, path: str, version: str) -> bytes:
    """The bytes of a version. Raises ContentError if it does not exist, is damaged or is too large for a report."""
    size = _checked(root, path, version).size
    if size > MOST_OF_A_TEXT:
        raise _unreadable(path, "它太大了，不是一篇文章")
    return b"".join(chunks_of(root, path, version))


def digest_of(root: Path, path: str, version: str) -> str:
    """The digest of a version's bytes, as its file says. Raises ContentError."""
    return _checked(root, path, version).digest


def reason_of(root: Path, path: str, version: str) -> str:
    """The reason why a version was kept. Raises ContentError."""
    return _checked(root, path, version).reason


def chunks_of(root: Path, path: str, version: str) -> Iterator[bytes]:
    """The bytes of a version, piece by piece. Raises ContentError; damage may be found only after the last piece."""
    found = _checked(root, path, version)
    left, total = zlib.decompressobj(), 0
    try:
        pieces = read_chunks(folder_of(root, path) / version, MOST_BYTES, follow=False)
        pending = next(pieces, b"").partition(b"\n")[2]
        while pending or (pending := next(pieces, b"")):
            chunk = left.decompress(pending, 1 << 20)
            pending = left.unconsumed_tail
            total += len(chunk)
            if total > found.size:
                break
            yield chunk
    except zlib.error:
        total = -1
    except OSError as error:
        raise _unreadable(path, reason(error)) from None
    if total != found.size or not left.eof:
        raise _unreadable(path, "这一版的文件损坏了")


def _checked(root: Path, path: str, version: str) -> KeptVersion:
    if not is_id(version):
        raise _unreadable(path, "没有这一版")
    try:
        folder = folder_of(root, path)
        is_there = version in ids_in(folder)
    except OSError as error:
        raise _unreadable(path, reason(error)) from None
    if not is_there:
        raise _unreadable(path, f"没有这一版，可能已经过了 {DAYS} 天")
    found = version_at(folder / version)
    if found.fault:
        raise _unreadable(path, found.fault)
    return found


def _unreadable(path: str, why: str) -> ContentError:
    hint = "看看别的版本；文章现在的内容不受影响"
    return ContentError([Diagnostic("history.unreadable", "error", f"旧的版本读不出来：{why}", hint, path)])
