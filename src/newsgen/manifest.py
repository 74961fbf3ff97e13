"""What an output folder says of itself: the manifest, and the journal of a build that is moving files in place.

The manifest (`.newsgen.json`) lists every output with its fingerprint and the digest of its bytes. It holds no times, so
that equal input gives an equal folder. The journal lies in the staging folder while files are being moved; whoever
finds one carries it out to the end. Both are read as if a stranger had written them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsgen.errors import UsageProblem

MANIFEST = ".newsgen.json"
STAGING = ".newsgen-staging"
JOURNAL = "journal.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One output in the manifest: what it was made of, and the bytes that came of it."""

    fingerprint: str
    digest: str


Manifest = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Journal:
    """What is to be done in an output folder: staged file -> path, paths to delete, the manifest that then holds."""

    moves: Mapping[str, str]
    deletes: tuple[str, ...]
    manifest: Manifest

    def in_the_way(self) -> Iterator[str]:
        """The files to delete before anything is moved: where a file becomes a folder or a folder a file, or where
        only the case of a name changes.
        """
        targets = {path.lower() for path in self.moves.values()}
        needed = {folder for path in targets for folder in folders_of(path)}
        for path in self.deletes:
            plain = path.lower()
            if plain in targets or plain in needed or targets.intersection(folders_of(plain)):
                yield path


def folders_of(path: str) -> Iterator[str]:
    """The folders that a relative path lies in, the innermost first."""
    return (str(folder) for folder in PurePosixPath(path).parents if folder != PurePosixPath())


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
    try:
        stored = json.loads(path.read_bytes())
        _check_format(stored)
        return _entries(stored["outputs"])
    except _DAMAGE:
        raise _damaged(shown) from None


def read_journal(out: Path, shown: str) -> Journal | None:
    """The journal that a killed build left in `out`, or None. Raises UsageProblem for one that cannot be trusted."""
    path = out / STAGING / JOURNAL
    if not path.exists():
        return None
    try:
        stored = json.loads(path.read_bytes())
        _check_format(stored)
        moves = {_staged(name): _safe(target) for name, target in stored["moves"].items()}
        return Journal(moves, tuple(_safe(name) for name in stored["deletes"]), _entries(stored["outputs"]))
    except _DAMAGE:
        raise _damaged(shown) from None


def write_manifest(out: Path, manifest: Manifest) -> None:
    """Replace the manifest of `out`."""
    _replace(out / MANIFEST, out / STAGING, {"format": FORMAT, "outputs": _plain(manifest)})


def write_journal(out: Path, journal: Journal) -> None:
    """Put the journal in place; from now on the build is to be finished."""
    content = {"moves": journal.moves, "deletes": journal.deletes, "outputs": _plain(journal.manifest)}
    _replace(out / STAGING / JOURNAL, out / STAGING, {"format": FORMAT, **content})


_DAMAGE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a file that is no manifest of ours can raise."""


def _check_format(stored: Mapping[str, object]) -> None:
    if stored["format"] != FORMAT:
        raise ValueError(stored["format"])


def _entries(stored: Mapping[str, tuple[str, str]]) -> Manifest:
    return {_safe(name): Entry(*map(_text, entry)) for name, entry in stored.items()}


def _plain(manifest: Manifest) -> dict[str, list[str]]:
    return {path: [entry.fingerprint, entry.digest] for path, entry in sorted(manifest.items())}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _staged(name: str) -> str:
    if not (name.isascii() and name.isdecimal()):
        raise ValueError(name)
    return name


def _safe(name: str) -> str:
    """A path that stays inside the output folder, and outside our own files."""
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or not name.isprintable()
        or not path.parts
    ):
        raise ValueError(name)
    if path.parts[0].startswith(".newsgen"):
        raise ValueError(name)
    return name


def _replace(path: Path, staging: Path, content: Mapping[str, object]) -> None:
    """Write JSON whole or not at all, also when the power fails."""
    temporary = staging / (path.name + ".new")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(content, file, indent=0, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _damaged(shown: str) -> UsageProblem:
    return UsageProblem(
        f"输出文件夹 {shown} 里的清单坏了，不知道哪些文件是 newsgen 生成的",
        "清空这个文件夹再生成一次",
        "output.manifest",
    )
