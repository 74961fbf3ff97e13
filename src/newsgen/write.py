"""Bytes -> the output folder: every file whole at any moment, and nothing of others touched.

New files are staged inside the output folder, a journal is written, then everything is moved in place with os.replace,
what is no longer planned is deleted, and the manifest comes last. A build that was killed before the journal leaves
the old site; one killed later is finished by the next build. Only what the manifest lists is ever deleted.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsgen.errors import EnvironmentProblem, UsageProblem
from newsgen.fingerprint import digest_bytes
from newsgen.lock import locked
from newsgen.manifest import (
    JOURNAL,
    STAGING,
    Entry,
    Journal,
    Manifest,
    folders_of,
    read_journal,
    read_manifest,
    write_journal,
    write_manifest,
)
from newsgen.model import Output

TRIES = 20
"""Times that a file is tried which Windows holds open (a virus scanner, a browser), 50 ms apart."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a build did to the output folder, in numbers of files."""

    written: int
    deleted: int


@contextmanager
def opened(out: Path, shown: str) -> Iterator[Staging]:
    """The output folder for one build: ours alone, with the work of a killed build finished.

    `shown` is what the user calls the folder. Leaving without commit() undoes everything. Raises UsageProblem for a
    folder with other people's files or with another build at work, EnvironmentProblem where the disk refuses.
    """
    if out.exists() and not out.is_dir():
        raise UsageProblem(f"{shown} 是一个文件，不是文件夹", "用 -o 换一个输出文件夹", "output.file")
    read_manifest(out, shown)  # before anything of ours is put into someone else's folder
    made = not out.exists()
    try:
        with locked(out / STAGING / "lock") as alone:
            if not alone:
                raise UsageProblem(f"另一个 newsgen 正在写 {shown}", "等它结束再运行", "output.busy")
            yield from _prepared(out, shown)
    except OSError as error:
        raise _environment(error, shown) from None
    finally:
        if made and out.exists():
            _remove_empty(out)


def _prepared(out: Path, shown: str) -> Iterator[Staging]:
    journal = read_journal(out, shown)
    if journal:
        _carry_out(out, shown, journal)
    _clear(out / STAGING)
    try:
        yield Staging(out, shown, read_manifest(out, shown))
    finally:
        if read_journal(out, shown) is None:  # else the next build has to finish
            shutil.rmtree(out / STAGING, ignore_errors=True)


def _clear(staging: Path) -> None:
    """Drop what a killed build had staged, but for the lock, which is ours."""
    for entry in staging.iterdir():
        if entry.name != "lock":
            entry.unlink()


def _remove_empty(out: Path) -> None:
    try:
        out.rmdir()
    except OSError:  # not empty: the site is there
        return


def is_intact(out: Path, path: str, entry: Entry) -> bool:
    """Whether the file is there with the bytes that were written."""
    try:
        return digest_bytes((out / path).read_bytes()) == entry.digest
    except OSError:
        return False


class Staging:
    """New files of one build, kept aside until all are ready; `previous` is the manifest of the last build."""

    def __init__(self, out: Path, shown: str, previous: Manifest) -> None:
        self.previous = previous
        self._out, self._shown = out, shown
        self._new: dict[str, Entry] = {}
        self._moves: dict[str, str] = {}

    def add(self, output: Output, data: bytes) -> None:
        """Keep the bytes of an output; nothing is staged when they already stand in the output folder."""
        entry = Entry(output.fingerprint, digest_bytes(data))
        self._new[output.path] = entry
        if not is_intact(self._out, output.path, entry):
            name = str(len(self._moves))
            (self._out / STAGING / name).write_bytes(data)
            self._moves[name] = output.path

    def commit(self, kept: Iterable[Output]) -> Written:
        """Put the new files in place, delete what is no longer planned, write the manifest.

        `kept` are the outputs that were not rendered. Raises UsageProblem where a planned path is someone else's file.
        """
        manifest = {output.path: self.previous[output.path] for output in kept} | self._new
        deletes = tuple(sorted(self.previous.keys() - manifest.keys()))
        if self._moves or deletes or manifest != self.previous:
            journal = Journal(self._moves, deletes, manifest)
            _refuse_links(self._out, self._shown, journal)
            _refuse_foreign(self._out, self._shown, journal, self.previous)
            write_journal(self._out, journal)
            _carry_out(self._out, self._shown, journal)
        return Written(len(self._moves), len(deletes))


def _refuse_foreign(out: Path, shown: str, journal: Journal, previous: Manifest) -> None:
    """Stop before overwriting a file that newsgen did not make."""
    ours = {path.lower() for path in previous}
    for path in journal.moves.values():
        for name in (path, *folders_of(path)):
            place = out / name
            is_folder = place.is_dir() and not place.is_symlink()
            is_free = not os.path.lexists(place) or name.lower() in ours
            if not (is_free or (is_folder and (name != path or _holds_only(place, out, ours)))):
                message = f"{shown}/{name} 不是 newsgen 生成的，不能覆盖"
                raise UsageProblem(message, "把它移到别处，再生成一次", "output.foreign")


def _holds_only(folder: Path, out: Path, ours: set[str]) -> bool:
    files = (path for path in folder.rglob("*") if not path.is_dir())
    return all(path.relative_to(out).as_posix().lower() in ours for path in files)


def _carry_out(out: Path, shown: str, journal: Journal) -> None:
    """Do what the journal says; doing it twice does no harm. Ctrl-C waits until it is done."""
    _refuse_links(out, shown, journal)
    try:
        _act(out, journal)
    except KeyboardInterrupt:
        _act(out, journal)
        raise


def _refuse_links(out: Path, shown: str, journal: Journal) -> None:
    """Stop before writing or deleting through a link that leads elsewhere."""
    real = os.path.realpath(out)
    for folder in {path.rpartition("/")[0] for path in (*journal.moves.values(), *journal.deletes)}:
        if os.path.realpath(out / folder) != str(Path(real, folder)):
            message = f"{shown}/{folder} 是通向别处的快捷方式（符号链接）"
            raise UsageProblem(message, "删去这个快捷方式，再生成一次", "output.outside")


def _act(out: Path, journal: Journal) -> None:
    first = tuple(journal.in_the_way())
    for path in first:
        _delete(out, path)
    for name, target in journal.moves.items():
        _move(out / STAGING / name, out / target)
    for path in set(journal.deletes).difference(first):
        _delete(out, path)
    write_manifest(out, journal.manifest)
    (out / STAGING / JOURNAL).unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    if not source.exists():  # moved before the build was killed
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(TRIES):
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(0.05)
        else:
            return
    source.replace(target)


def _delete(out: Path, name: str) -> None:
    """Delete one of our files and the folders that it leaves empty."""
    try:
        (out / name).unlink(missing_ok=True)
    except NotADirectoryError:  # the folder that it lay in is a file by now
        return
    for folder in folders_of(name):
        try:
            (out / folder).rmdir()
        except OSError:  # not empty: someone's files, or ours
            return


def _environment(error: OSError, shown: str) -> EnvironmentProblem:
    names = [str(name) for name in (error.filename2, error.filename) if name]
    place = f"{shown}（{names[0]}）" if names else shown
    return EnvironmentProblem(
        f"写不了输出文件夹 {place}：{error.strerror}",
        "检查磁盘空间、文件夹的写入权限，以及里面的文件是否正被别的程序打开",
        "output.write",
    )
