"""The manifest of an output folder, and the journal of a build that is moving files into place.

The manifest (`.newsgen.json`) lists every output with its fingerprint and the digest of its bytes. It holds no times,
so that equal input gives an equal folder. The journal is in the staging folder while files are being moved; a build
that finds one finishes it. Both are checked as if a stranger had written them.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

import msgspec

from newsgen.core.digest import digest_bytes
from newsgen.core.errors import UsageError
from newsgen.core.files import FileRefused, read_file, visible, write_new
from newsgen.core.model import Record
from newsgen.core.platform import reason, replace, unlink
from newsgen.core.text import is_device

MANIFEST = ".newsgen.json"
STAGING = ".newsgen-staging"
JOURNAL = "journal.json"
LOCK = "lock"
"""The lock file, in the staging folder."""
FORMAT = 1
JOURNAL_FORMAT = 2
LIMIT = 1 << 30
"""Bytes of a manifest or journal; that of 100,000 reports has 20 million."""
_STAGED = re.compile(r"new-[0-9a-f]+")
_NAME = r"[A-Za-z0-9_-](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_USUAL_NAME = re.compile(_NAME)
_USUAL = re.compile(f"{_NAME}(?:/{_NAME})*")
_STRANGE = re.compile(r'[\\/:*?"<>|]')
"""Characters that no name may have on Windows, where a site that was built on Linux may be copied."""
_LONGEST = 255
"""Bytes of a name, on nearly all file systems."""


class ManifestEntry(Record, frozen=True):
    """One output in the manifest: its fingerprint, and the digest of its bytes."""

    fingerprint: str
    digest: str


Manifest = Mapping[str, ManifestEntry]


class _StoredManifest(msgspec.Struct):
    format: int
    outputs: dict[str, ManifestEntry]


class Journal(msgspec.Struct, frozen=True):
    """The changes to an output folder: staged files to move into place, files to delete, the manifest to write then.

    All are paths below the output folder; a staged file has its path below the folder `staged` in the staging folder.
    """

    staged: str
    moves: tuple[str, ...]
    deletes: tuple[str, ...]
    outputs: dict[str, ManifestEntry]
    format: int = JOURNAL_FORMAT

    def only(self, moves: Iterable[str], deletes: Iterable[str]) -> Journal:
        """The journal with only these of its moves and deletions."""
        return msgspec.structs.replace(self, moves=tuple(moves), deletes=tuple(deletes))

    def blocking_paths(self) -> Iterator[str]:
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

    Raises UsageError for other people's files without a manifest, and for a manifest that cannot be trusted.
    """
    return read_with_digest(out, shown)[0]


def read_with_digest(out: Path, shown: str) -> tuple[Manifest, str]:
    """The manifest of `out`, and the digest of its bytes, "" where there are none. Raises as read_manifest()."""
    path = out / MANIFEST
    if not os.path.lexists(path):
        if out.exists() and any(name != STAGING for name in os.listdir(out)):
            raise UsageError(
                f"输出文件夹 {shown} 里已经有别的文件，不是 newsgen 生成的",
                "用 -o 换一个空文件夹；确实不要里面的东西了，先自己清空它",
                "output.foreign",
            )
        return {}, ""
    stored, digest = _read(path, _StoredManifest, shown)
    if stored.format != FORMAT:
        raise damaged(shown)
    if _check_paths(shown, stored.outputs):
        return stored.outputs, digest
    return {posixpath.normpath(path): entry for path, entry in stored.outputs.items()}, digest


def read_journal(out: Path, shown: str) -> Journal | None:
    """The journal that a killed build left in `out`, or None. Raises UsageError for one that cannot be trusted."""
    path = out / STAGING / JOURNAL
    if not os.path.lexists(path):
        return None
    stored, _ = _read(path, Journal, shown)
    if stored.format != JOURNAL_FORMAT or not _STAGED.fullmatch(stored.staged):
        raise damaged(shown)
    _check_paths(shown, (*stored.moves, *stored.deletes, *stored.outputs))
    return stored


def write_manifest(out: Path, manifest: Manifest) -> str:
    """Replace the manifest of `out`; gives the digest of its bytes."""
    outputs = dict(sorted(manifest.items()))
    return _replace(out / MANIFEST, out / STAGING, _StoredManifest(FORMAT, outputs))


def write_journal(out: Path, journal: Journal) -> None:
    """Write the journal. From now on the build is finished by the next one, if this one is killed."""
    _replace(out / STAGING / JOURNAL, out / STAGING, journal)


def is_portable(name: str) -> bool:
    """Whether every system can have a file or folder of this name; newsgen writes no other."""
    is_usual = _USUAL_NAME.fullmatch(name) or (
        name.isprintable() and not _STRANGE.search(name) and name[-1:] not in ("", ".", " ")
    )
    return bool(is_usual) and not is_device(name) and len(name.encode()) <= _LONGEST


def _is_contained(path: str) -> bool:
    """Whether a path stays inside the output folder, and outside our own files."""
    parts = PurePosixPath(path).parts
    is_strange = path.startswith("/") or ".." in parts or "\\" in path or ":" in path or not path.isprintable()
    return not is_strange and bool(parts) and not parts[0].startswith(".newsgen")


Form = TypeVar("Form")


def _read(path: Path, form: type[Form], shown: str) -> tuple[Form, str]:
    """The content of a file of ours, and the digest of its bytes. Raises UsageError where it is damaged."""
    try:
        data = read_file(path, LIMIT, follow=False)
        return msgspec.json.decode(data, type=form), digest_bytes(data)
    except FileRefused as error:
        raise damaged(shown, f"{path.name}：{reason(error)}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise damaged(shown) from None


def _check_paths(shown: str, paths: Iterable[str]) -> bool:
    """Raises UsageError for a path outside the output folder; gives whether all are written as newsgen does."""
    odd = [path for path in paths if not _USUAL.fullmatch(path)]
    for path in odd:
        if not _is_contained(path):
            raise damaged(shown, f"里面有不能用的文件名 {visible(path)}")
    return not odd


def _replace(path: Path, staging: Path, content: object) -> str:
    """Replace a file by JSON at one stroke, also when the power fails; gives the digest of its bytes."""
    temporary = staging / (path.name + ".new")
    unlink(temporary, missing_ok=True)  # and is made anew, never written through what somebody put there
    data = msgspec.json.encode(content) + b"\n"
    write_new(temporary, data)
    replace(temporary, path)
    return digest_bytes(data)


def damaged(shown: str, why: str = "") -> UsageError:
    """The error for a damaged manifest or journal."""
    more = f"（{why}）" if why else ""
    return UsageError(
        f"输出文件夹 {shown} 里的清单坏了{more}，不知道哪些文件是 newsgen 生成的",
        f"清空 {shown} 文件夹，再生成一次：里面由 newsgen 生成的都会重新生成",
        "output.manifest",
    )
