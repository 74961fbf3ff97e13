"""What an output folder says of itself: the manifest, and the journal of a build that is moving files in place.

The manifest (`.newsgen.json`) lists every output with its fingerprint and the digest of its bytes. It holds no times, so
that equal input gives an equal folder. The journal lies in the staging folder while files are being moved; whoever
finds one carries it out to the end. Both are read as if a stranger had written them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

import msgspec

from newsgen.errors import UsageProblem
from newsgen.fingerprint import digest_bytes
from newsgen.model import Value

MANIFEST = ".newsgen.json"
STAGING = ".newsgen-staging"
JOURNAL = "journal.json"
LOCK = "lock"
"""In the staging folder: held by the build that is at work there."""
FORMAT = 1
JOURNAL_FORMAT = 2
_STAGED = re.compile(r"new-[0-9a-f]+")
_USUAL = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


class Entry(Value, frozen=True):
    """One output in the manifest: what it was made of, and the bytes that came of it."""

    fingerprint: str
    digest: str


Manifest = Mapping[str, Entry]


class _StoredManifest(msgspec.Struct):
    format: int
    outputs: dict[str, Entry]


class Journal(msgspec.Struct, frozen=True):
    """What is to be done in an output folder: staged files to put in place, files to delete, the manifest that then holds.

    All are paths below the output folder; a staged file has its path below the folder `staged` in the staging folder.
    """

    staged: str
    moves: tuple[str, ...]
    deletes: tuple[str, ...]
    outputs: dict[str, Entry]
    format: int = JOURNAL_FORMAT

    def in_the_way(self) -> Iterator[str]:
        """The files to delete before anything is moved: where a file becomes a folder or a folder a file, or where
        only the case of a name changes.
        """
        if not self.deletes:
            return
        targets = {path.lower() for path in self.moves}
        needed = {folder for path in targets for folder in folders_of(path)}
        for path in self.deletes:
            plain = path.lower()
            if plain in targets or plain in needed or targets.intersection(folders_of(plain)):
                yield path


def folders_of(path: str) -> Iterator[str]:
    """The folders that a relative path lies in, the innermost first."""
    end = path.rfind("/")
    while end > 0:
        yield path[:end]
        end = path.rfind("/", 0, end)


def read_manifest(out: Path, shown: str) -> Manifest:
    """The manifest of `out`; empty for a new folder (`shown` is what the user calls it).

    Raises UsageProblem for other people's files without a manifest, and for a manifest that cannot be trusted.
    """
    path = out / MANIFEST
    if not path.exists():
        if out.exists() and any(name != STAGING for name in os.listdir(out)):
            raise UsageProblem(
                f"输出文件夹 {shown} 里已经有别的文件，不是 newsgen 生成的",
                "用 -o 换一个空文件夹；确实不要里面的东西了，先自己清空它",
                "output.foreign",
            )
        return {}
    stored = _read(path, _StoredManifest, shown)
    if stored.format != FORMAT or not all(map(_is_safe, stored.outputs)):
        raise _damaged(shown)
    return stored.outputs


def read_journal(out: Path, shown: str) -> Journal | None:
    """The journal that a killed build left in `out`, or None. Raises UsageProblem for one that cannot be trusted."""
    path = out / STAGING / JOURNAL
    if not path.exists():
        return None
    stored = _read(path, Journal, shown)
    known = stored.format == JOURNAL_FORMAT and _STAGED.fullmatch(stored.staged)
    if not known or not all(map(_is_safe, (*stored.moves, *stored.deletes, *stored.outputs))):
        raise _damaged(shown)
    return stored


def write_manifest(out: Path, manifest: Manifest) -> str:
    """Replace the manifest of `out`. The digest of its bytes."""
    outputs = dict(sorted(manifest.items()))
    return _replace(out / MANIFEST, out / STAGING, _StoredManifest(FORMAT, outputs))


def write_journal(out: Path, journal: Journal) -> None:
    """Put the journal in place; from now on the build is to be finished."""
    _replace(out / STAGING / JOURNAL, out / STAGING, journal)


Form = TypeVar("Form")


def _read(path: Path, form: type[Form], shown: str) -> Form:
    try:
        return msgspec.json.decode(path.read_bytes(), type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _damaged(shown) from None


def _is_safe(name: str) -> bool:
    """Whether a path stays inside the output folder, and outside our own files."""
    if _USUAL.fullmatch(name):
        return True
    path = PurePosixPath(name)
    strange = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not name.isprintable()
    return not strange and bool(path.parts) and not path.parts[0].startswith(".newsgen")


def _replace(path: Path, staging: Path, content: object) -> str:
    """Write JSON whole or not at all, also when the power fails. The digest of its bytes."""
    temporary = staging / (path.name + ".new")
    data = msgspec.json.encode(content) + b"\n"
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return digest_bytes(data)


def _damaged(shown: str) -> UsageProblem:
    return UsageProblem(
        f"输出文件夹 {shown} 里的清单坏了，不知道哪些文件是 newsgen 生成的",
        "清空这个文件夹再生成一次",
        "output.manifest",
    )
