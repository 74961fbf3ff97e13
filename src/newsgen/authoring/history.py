"""Earlier versions of reports, and photos that were removed, in `.newsgen/history/`: outside content/ and the output.

Each report has a folder there, named by the digest of its path, with `path.txt` for people. A version is a file of its own: a
line of JSON that says when, who and why, then the bytes, compressed with zlib. Each is written whole or not at all, and
none depends on another, so that a damaged one spoils nothing else.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from newsgen.authoring.text_lines import parts_of
from newsgen.core.digest import digest_bytes, digest_texts
from newsgen.core.errors import ContentError
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import FileRefused, measure_file, read_chunks, read_head, remove_leftovers, temporary_in
from newsgen.core.model import SHANGHAI, Diagnostic, Record, changed
from newsgen.core.platform import is_link, reason, replace, unlink
from newsgen.core.text import decode

FOLDER = (".newsgen", "history")
DAYS = 30
"""Days for which a version is kept. The newest one of a report stays for ever, a removed file does not."""
MOST_VERSIONS = 1000
"""Versions of one report at most; the oldest go first."""
MOST_OF_A_TEXT = 20_000_000

Cause = Literal["found", "edited", "outside", "restored", "removed", "received"]
CAUSES: dict[str, str] = {
    "found": "修改之前",
    "edited": "修改",
    "outside": "别的程序改的",
    "restored": "恢复旧版之前",
    "removed": "移走的文件",
    "received": "收稿",
}
"""Why a version was kept, in the words of a list."""

_ID = re.compile(r"\d{8}T\d{9}-[0-9a-f]{8}")
_PATH_FILE = "path.txt"
_SAID = {"who": str, "reason": str, "size": int, "characters": int, "digest": str}
"""What the line of JSON says."""
_CLOCK = timedelta(hours=1)
"""How far a clock may have been set back for versions to stay in their order."""
_HEADER = 4096
"""Bytes of the line of JSON at most."""


class KeptVersion(Record, frozen=True):
    """A version in its file. `time` is ISO 8601 in Asia/Shanghai; `characters` counts those of the body that can be seen, 0 for a photo.

    `fault` says in Chinese why it cannot be read; then only `id` and `time` are known.
    """

    id: str
    time: str
    who: str = ""
    reason: str = ""
    size: int = 0
    characters: int = 0
    digest: str = ""
    fault: str = ""


class KeepResult(NamedTuple):
    """The result of keeping a version: its id, or what hindered it (a warning, never an error)."""

    id: str | None
    problem: Diagnostic | None = None


def keep(root: Path, path: str, data: bytes, who: str, cause: Cause, now: datetime) -> KeepResult:
    """Keep the bytes of a report as a version, unless the newest one is the same.

    Never raises for what the disk refuses: that must not hinder saving the report itself.
    """
    try:
        folder = _folder(root, path)
        newest = next(iter(_ids(folder)), None)
        digest = digest_bytes(data)
        if newest and _version(folder / newest).digest == digest:
            return KeepResult(newest)
        header = KeptVersion(_new_id(newest, now, digest), "", who, cause, len(data), _characters(data), digest)
        return KeepResult(_write(folder, path, header, [data]))
    except OSError as error:
        return KeepResult(None, _not_kept(path, error))


def keep_file(root: Path, path: str, who: str, cause: Cause, now: datetime) -> KeepResult:
    """Keep a photo or attachment, which may be larger than memory, as it lies at `path`. Never raises for the disk."""
    place = root / path
    try:
        folder = _folder(root, path)
        digest, size = measure_file(place, MOST_BYTES)
        newest = next(iter(_ids(folder)), None)
        header = KeptVersion(_new_id(newest, now, digest), "", who, cause, size, 0, digest)
        return KeepResult(_write(folder, path, header, read_chunks(place, MOST_BYTES)))
    except OSError as error:
        return KeepResult(None, _not_kept(path, error))


def forget(root: Path, path: str, version: str) -> None:
    """Delete a version, where it is there and the disk allows it."""
    if _is_id(version):
        with suppress(OSError):
            unlink(_folder(root, path) / version)


def _not_kept(path: str, error: OSError) -> Diagnostic:
    message = f"旧的版本没有留下来：{reason(error)}"
    hint = "文章本身不受影响；检查磁盘空间，以及网站文件夹里的 .newsgen 能不能写"
    return Diagnostic("history.not-kept", "warning", message, hint, path)


def versions(root: Path, path: str) -> tuple[KeptVersion, ...]:
    """The versions of a report, newest first; those that cannot be read have a `fault`. Raises ContentError for the folder."""
    try:
        folder = _folder(root, path)
        return tuple(_version(folder / name) for name in _ids(folder))
    except OSError as error:
        raise _unreadable(path, reason(error)) from None


def read(root: Path, path: str, version: str) -> bytes:
    """The bytes of a version. Raises ContentError where there is none, or where it is damaged."""
    size = _checked(root, path, version).size
    if size > MOST_OF_A_TEXT:
        raise _unreadable(path, "它太大了，不是一篇文章")
    return b"".join(chunks_of(root, path, version))


def chunks_of(root: Path, path: str, version: str) -> Iterator[bytes]:
    """The bytes of a version, piece by piece. Raises ContentError, for damage at the end of the bytes at the latest."""
    found = _checked(root, path, version)
    left, total = zlib.decompressobj(), 0
    try:
        pieces = read_chunks(_place(root, path, version), MOST_BYTES, follow=False)
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


def prune(root: Path, now: datetime) -> int:
    """Delete what is older than 30 days, and say how many versions went. What cannot be deleted now waits for the next time."""
    limit = _stamp(now - timedelta(days=DAYS))
    home, gone = root.joinpath(*FOLDER), 0
    if is_link(home) or is_link(home.parent) or not home.is_dir():
        return 0
    for folder in sorted(home.iterdir()):
        try:
            gone += _prune(folder, limit)
        except OSError:  # held by another program, or no longer there
            continue
    return gone


def _prune(folder: Path, limit: str) -> int:
    remove_leftovers(folder)
    names = list(_ids(folder))
    old = [name for place, name in enumerate(names) if name < limit or place >= MOST_VERSIONS]
    if old and old[0] == names[0] and _version(folder / names[0]).reason != "removed":
        old = old[1:]
    for name in old:
        unlink(folder / name)
    if len(old) == len(names) and not is_link(folder):
        unlink(folder / _PATH_FILE)
        folder.rmdir()
    return len(old)


# ---------------------------------------------------------------- files


def _folder(root: Path, path: str) -> Path:
    """The folder of a report's versions. Raises FileRefused where a link would lead elsewhere."""
    place = root
    for name in (*FOLDER, digest_texts((path,))[:20]):
        place = place / name
        if is_link(place):
            raise FileRefused("这是一个快捷方式（符号链接）", place)
    return place


def _place(root: Path, path: str, version: str) -> Path:
    return _folder(root, path) / version


def _ids(folder: Path) -> list[str]:
    """The versions in a folder, newest first."""
    try:
        return sorted((name for name in os.listdir(folder) if _is_id(name)), reverse=True)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_id(name: str) -> bool:
    try:
        return bool(_ID.fullmatch(name) and _moment(name))
    except ValueError:
        return False


def _write(folder: Path, path: str, header: KeptVersion, chunks: Iterable[bytes]) -> str:
    """Write a version's file, and give its id."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / _PATH_FILE).exists():
        (folder / _PATH_FILE).write_text(f"{path}\n", "utf-8")
    said = {name: getattr(header, name) for name in _SAID} | {"who": header.who[:100]}
    temporary = temporary_in(folder)
    try:
        with temporary.open("xb") as file:
            file.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            packed = zlib.compressobj(6 if header.size < MOST_OF_A_TEXT else 1)
            for chunk in chunks:
                file.write(packed.compress(chunk))
            file.write(packed.flush())
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, folder / header.id)
    finally:
        temporary.unlink(missing_ok=True)
    return header.id


def _new_id(newest: str | None, now: datetime, digest: str) -> str:
    """The id of a version: later than that of the newest one, also within a millisecond and after the clock was set back."""
    time = _stamp(now)
    if newest and time <= newest[: len(time)] < _stamp(now + _CLOCK):
        time = _stamp(_moment(newest) + timedelta(milliseconds=1))
    return f"{time}-{digest[:8]}"


def _stamp(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}"


def _moment(name: str) -> datetime:
    """The time in a version's id; raises ValueError where there is no such time."""
    moment = datetime.fromisoformat(name[:15])  # a tenth of the time of strptime()
    return moment.replace(tzinfo=UTC, microsecond=int(name[15:18]) * 1000)


def _characters(data: bytes) -> int:
    """The characters of a report's body that can be seen."""
    text, _ = decode(data)
    return len("".join(parts_of(text).body.split())) if text else 0


def _version(place: Path) -> KeptVersion:
    """A version by its first line."""
    found = KeptVersion(place.name, _moment(place.name).astimezone(SHANGHAI).isoformat(timespec="seconds"))
    try:
        said = json.loads(read_head(place, _HEADER).partition(b"\n")[0])
    except OSError as error:
        return changed(found, fault=f"这一版读不出来：{reason(error)}")
    except (ValueError, RecursionError):
        said = None
    is_sound = isinstance(said, dict) and said.keys() == _SAID.keys()
    if not is_sound or not all(isinstance(said[name], kind) for name, kind in _SAID.items()):
        return changed(found, fault="这一版的文件损坏了")
    return changed(found, **said)


def _checked(root: Path, path: str, version: str) -> KeptVersion:
    if not _is_id(version):
        raise _unreadable(path, "没有这一版")
    try:
        folder = _folder(root, path)
        is_there = version in _ids(folder)
    except OSError as error:
        raise _unreadable(path, reason(error)) from None
    if not is_there:
        raise _unreadable(path, f"没有这一版，可能已经过了 {DAYS} 天")
    found = _version(folder / version)
    if found.fault:
        raise _unreadable(path, found.fault)
    return found


def _unreadable(path: str, why: str) -> ContentError:
    hint = "看看别的版本；文章现在的内容不受影响"
    return ContentError([Diagnostic("history.unreadable", "error", f"旧的版本读不出来：{why}", hint, path)])
