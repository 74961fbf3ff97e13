"""The files of the history: `.newsgen/history/` has a folder for each path, named by the path's digest.

`path.txt` in it holds the path, for people and for the list of deleted reports. Each version is a file: a line of JSON
with writer, cause, sizes and digest, then the bytes, compressed with zlib. A version is written whole or not at all, and
depends on no other, so that a damaged one leaves the others readable.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from newsgen.authoring.text_length import text_length
from newsgen.authoring.text_lines import parts_of
from newsgen.core.digest import digest_texts
from newsgen.core.files import FileRefused, measure, read_file, read_head, temporary_in, write_whole
from newsgen.core.model import SHANGHAI, Record, changed
from newsgen.core.platform import is_link, reason, replace
from newsgen.core.text import decode

FOLDER = (".newsgen", "history")
PATH_FILE = "path.txt"
MOST_OF_A_TEXT = 20_000_000
_ID = re.compile(r"\d{8}T\d{9}-[0-9a-f]{8}")
_SAID = {"who": str, "reason": str, "size": int, "characters": int, "digest": str}
"""The fields of the line of JSON, with their types."""
_CLOCK = timedelta(hours=1)
"""How far a clock may be set back before versions lose their order."""
_HEADER = 4096
"""Maximum bytes of the line of JSON, and of `path.txt`."""


class KeptVersion(Record, frozen=True):
    """A version in its file. `time` is ISO 8601 in Asia/Shanghai, `size` in bytes; `reason` is a Cause of history.py.

    `characters` counts the visible ones of the body, 0 for a photo. `fault` says in Chinese why the version cannot be
    read; then only `id` and `time` are known.
    """

    id: str
    time: str
    who: str = ""
    reason: str = ""
    size: int = 0
    characters: int = 0
    digest: str = ""
    fault: str = ""


def folder_of(root: Path, path: str) -> Path:
    """The folder for the versions of a path. Raises FileRefused if the folder, or one above it, is a link."""
    place = root
    for name in (*FOLDER, digest_texts((path,))[:20]):
        place = place / name
        if is_link(place):
            raise FileRefused("这是一个快捷方式（符号链接）", place)
    return place


def ids_in(folder: Path) -> list[str]:
    """The ids of the versions in a folder, newest first."""
    try:
        return sorted((name for name in os.listdir(folder) if is_id(name)), reverse=True)
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_id(name: str) -> bool:
    """Whether a file's name has the form of a version's id."""
    try:
        return bool(_ID.fullmatch(name) and _moment(name))
    except ValueError:
        return False


def write_version(folder: Path, path: str, header: KeptVersion, chunks: Iterable[bytes]) -> str:
    """Write a version's file, and return its id. Raises OSError, also if the bytes do not match the header."""
    folder.mkdir(parents=True, exist_ok=True)
    if path_in(folder) != path:
        write_whole(folder / PATH_FILE, f"{path}\n".encode())
    said = {name: getattr(header, name) for name in _SAID} | {"who": header.who[:100]}
    temporary = temporary_in(folder)
    try:
        with temporary.open("xb") as file:
            file.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            packed = zlib.compressobj(6 if header.size < MOST_OF_A_TEXT else 1)
            found = measure(_written(file, packed.compress, chunks))
            file.write(packed.flush())
            file.flush()
            os.fsync(file.fileno())
        if found != (header.digest, header.size):
            raise FileRefused("文件正在被别的程序改写", path)
        replace(temporary, folder / header.id)
    finally:
        temporary.unlink(missing_ok=True)
    return header.id


def _written(file: BinaryIO, packed: Callable[[bytes], bytes], chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, unchanged; each is compressed and written to `file` first."""
    for chunk in chunks:
        file.write(packed(chunk))
        yield chunk


def path_in(folder: Path) -> str:
    """The path whose versions a folder holds; "" if its `path.txt` cannot be read."""
    try:
        path = read_file(folder / PATH_FILE, _HEADER, follow=False).decode()
    except (OSError, UnicodeDecodeError):
        return ""
    return path.removesuffix("\n").removesuffix("\r")


def new_id(newest: str | None, now: datetime, digest: str) -> str:
    """The id of a new version: later than the newest id, even within a millisecond or if the clock was set back."""
    time = id_time(now)
    if newest and time <= newest[: len(time)] < id_time(now + _CLOCK):
        time = id_time(_moment(newest) + timedelta(milliseconds=1))
    return f"{time}-{digest[:8]}"


def id_time(moment: datetime) -> str:
    """The time as it begins an id: in UTC, to the millisecond."""
    moment = moment.astimezone(UTC)
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}"


def _moment(name: str) -> datetime:
    """The time in a version's id. Raises ValueError if no such time exists."""
    moment = datetime.fromisoformat(name[:15])  # takes a tenth of the time of strptime()
    return moment.replace(tzinfo=UTC, microsecond=int(name[15:18]) * 1000)


def characters_of(data: bytes) -> int:
    """The number of characters of a report's body that readers see."""
    text, _ = decode(data)
    return text_length(parts_of(text).body) if text else 0


def version_at(place: Path) -> KeptVersion:
    """A version as the first line of its file describes it; one with a `fault` if that line cannot be read."""
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


def versions_in(folder: Path) -> Iterator[KeptVersion]:
    """The versions in a folder, newest first."""
    return (version_at(folder / name) for name in ids_in(folder))
