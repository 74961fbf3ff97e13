"""Bytes -> the output folder: every file whole at any moment, all of them or none, and nothing of others touched.

New files are staged inside the output folder, a journal is written, then everything is moved in place with
os.replace, what is no longer planned is deleted, and the manifest comes last. A build that was killed before the
journal leaves the old site; one killed later is finished by the next build.

The manifest (`.newsgen.json`) lists every output with its fingerprint and the digest of its bytes. It holds no times, so
that equal input gives an equal folder. Only what it lists is ever deleted.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType

from newsgen.errors import EnvironmentProblem, UsageProblem
from newsgen.fingerprint import digest_bytes
from newsgen.model import Output

MANIFEST = ".newsgen.json"
JOURNAL = ".newsgen-journal.json"
STAGING = ".newsgen-staging"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One output in the manifest: what it was made of, and the bytes that came of it."""

    fingerprint: str
    digest: str


Manifest = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Written:
    """What a build did to the output folder, in numbers of files."""

    written: int
    deleted: int


def open_output(out: Path, shown: str) -> Manifest:
    """Make sure that `out` is ours to write into, finish a killed build, and return its manifest (empty for a new folder).

    Raises UsageProblem for a folder with other people's files (`shown` is the name that the user typed for it).
    """
    try:
        if out.exists() and not out.is_dir():
            raise UsageProblem(f"{shown} 是一个文件，不是文件夹", "用 -o 换一个输出文件夹", "output.file")
        _finish(out)
        return _read_manifest(out, shown)
    except OSError as error:
        raise _environment(error, shown) from None


def _read_manifest(out: Path, shown: str) -> Manifest:
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
        if stored["format"] != FORMAT:
            raise ValueError(stored["format"])
        return {_safe(name): Entry(*entry) for name, entry in stored["outputs"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageProblem(
            f"输出文件夹 {shown} 里的清单 {MANIFEST} 坏了，不知道哪些文件是 newsgen 生成的",
            "清空这个文件夹再生成一次",
            "output.manifest",
        ) from None


def _safe(name: str) -> str:
    """A path from a manifest or journal, which must stay inside the output folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.parts:
        raise ValueError(name)
    return name


def is_intact(out: Path, path: str, entry: Entry) -> bool:
    """Whether the file is there with the bytes that were written."""
    try:
        return digest_bytes((out / path).read_bytes()) == entry.digest
    except OSError:
        return False


class Staging:
    """New files of one build, kept aside until all are ready. Use as a context: leaving without commit() undoes all."""

    def __init__(self, out: Path, shown: str, previous: Manifest) -> None:
        self._out, self._shown, self._previous = out, shown, previous
        self._made = not out.exists()
        self._new: dict[str, Entry] = {}
        self._moves: list[tuple[str, str]] = []

    def __enter__(self) -> Staging:
        try:
            shutil.rmtree(self._out / STAGING, ignore_errors=True)
            (self._out / STAGING).mkdir(parents=True)
        except OSError as error:
            raise _environment(error, self._shown) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not (self._out / JOURNAL).exists():
            shutil.rmtree(self._out / STAGING, ignore_errors=True)
            if self._made and self._out.exists() and not any(self._out.iterdir()):
                self._out.rmdir()

    def add(self, output: Output, data: bytes) -> None:
        """Keep the bytes of an output; nothing is staged when they already stand in the output folder."""
        entry = Entry(output.fingerprint, digest_bytes(data))
        self._new[output.path] = entry
        if not is_intact(self._out, output.path, entry):
            name = str(len(self._moves))
            try:
                (self._out / STAGING / name).write_bytes(data)
            except OSError as error:
                raise _environment(error, self._shown) from None
            self._moves.append((name, output.path))

    def commit(self, kept: Iterable[Output]) -> Written:
        """Put the new files in place, delete what is no longer planned, write the manifest.

        `kept` are the outputs that were not rendered. Raises UsageProblem where a planned path is someone else's file.
        """
        manifest = {output.path: self._previous[output.path] for output in kept} | self._new
        deleted = sorted(self._previous.keys() - manifest.keys())
        self._refuse_foreign()
        if not self._moves and not deleted and manifest == self._previous:
            return Written(0, 0)
        journal = {
            "format": FORMAT,
            "moves": self._moves,
            "deletes": deleted,
            "outputs": {path: [entry.fingerprint, entry.digest] for path, entry in sorted(manifest.items())},
        }
        try:
            _replace_text(self._out / JOURNAL, json.dumps(journal, indent=0, ensure_ascii=False))
            _finish(self._out)
        except OSError as error:
            raise _environment(error, self._shown) from None
        return Written(len(self._moves), len(deleted))

    def _refuse_foreign(self) -> None:
        """Stop before overwriting a file that newsgen did not make, or writing through a link to elsewhere."""
        real = os.path.realpath(self._out)
        for folder in {path.rpartition("/")[0] for _, path in self._moves}:
            if not Path(os.path.realpath(self._out / folder)).is_relative_to(real):
                raise UsageProblem(
                    f"{self._shown}/{folder} 通向输出文件夹之外", "删去这个快捷方式（符号链接）", "output.outside"
                )
        for _, path in self._moves:
            if path not in self._previous and os.path.lexists(self._out / path):
                raise UsageProblem(
                    f"{self._shown}/{path} 不是 newsgen 生成的，不能覆盖", "把它移到别处，再生成一次", "output.foreign"
                )


def _finish(out: Path) -> None:
    """Carry out the journal, if there is one; doing it twice does no harm."""
    path = out / JOURNAL
    if not path.exists():
        return
    journal = json.loads(path.read_bytes())
    for name, target in journal["moves"]:
        _move(out / STAGING / name, out / _safe(target))
    planned = {name.lower() for name in journal["outputs"]}
    for name in journal["deletes"]:
        _delete(out, _safe(name), planned)
    manifest = {"format": FORMAT, "outputs": journal["outputs"]}
    _replace_text(out / MANIFEST, json.dumps(manifest, indent=0, ensure_ascii=False) + "\n")
    path.unlink()
    shutil.rmtree(out / STAGING, ignore_errors=True)


def _move(source: Path, target: Path) -> None:
    try:
        os.replace(source, target)
    except FileNotFoundError:
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)


def _delete(out: Path, name: str, planned: set[str]) -> None:
    """Delete one of our files and the folders that it leaves empty."""
    path = out / name
    if name.lower() in planned and _ignores_case(out):
        return  # A.html became a.html: on this disk they are one file
    path.unlink(missing_ok=True)
    for folder in path.relative_to(out).parents:
        if folder == Path():
            return
        try:
            (out / folder).rmdir()
        except OSError:  # not empty: someone's files, or ours
            return


def _ignores_case(out: Path) -> bool:
    return (out / JOURNAL.upper()).exists()


def _replace_text(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, "utf-8", newline="\n")
    os.replace(temporary, path)


def _environment(error: OSError, shown: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"写不了输出文件夹 {shown}：{error.strerror}",
        "检查磁盘空间、文件夹的写入权限，以及里面的文件是否正被打开",
        "output.write",
    )
