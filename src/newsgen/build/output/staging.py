"""Staging: bytes -> the output folder. Every file is whole at any moment, and no file of others is touched.

New files are staged inside the output folder, a journal is written, then all are moved into place with os.replace,
files that are no longer planned are deleted, and the manifest comes last. A build that was killed before the journal
leaves the old site; one killed later is finished by the next build. Only files in the manifest are ever deleted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsgen.build.output.lock import locked
from newsgen.build.output.manifest import (
    JOURNAL,
    LOCK,
    MANIFEST,
    STAGING,
    Journal,
    Manifest,
    ManifestEntry,
    folders_of,
    is_portable,
    read_journal,
    read_manifest,
    read_with_digest,
    write_journal,
    write_manifest,
)
from newsgen.build.output.obstacles import Obstacles, check_staged, refuse_foreign_staging
from newsgen.build.output.snapshot import FolderSnapshot, Stamps
from newsgen.core.errors import ContentError, HostError, UsageError
from newsgen.core.files import FileRefused, visible
from newsgen.core.model import Diagnostic, Output, Record
from newsgen.core.platform import below, extended, is_link, plain_path, reason, replace, unlink
from newsgen.core.stamps import UNTRUSTED, Stamp, clock_of

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class WriteCounts(Record, frozen=True):
    """The numbers of files that a build wrote and deleted."""

    written: int
    deleted: int


@contextmanager
def open_output(out: Path, shown: str, known: Callable[[str], Stamps] = lambda _: {}) -> Iterator[Staging]:
    """Open and lock the output folder for one build; the work of a killed build is finished first.

    `shown` is what the user calls the folder; `known` gives, for the digest of the manifest, the stamps of files whose
    bytes were right then. Without commit() nothing is changed. Raises UsageError for a folder with other people's files
    or with another build at work, HostError where the disk refuses.
    """
    out = Path(extended(out))
    if out.exists() and not out.is_dir():
        raise UsageError(f"{shown} 是一个文件，不是文件夹", "用 -o 换一个输出文件夹", "output.file")
    refuse_foreign_staging(out, shown)
    if not (out / STAGING).exists():  # else a first build was killed there, and its journal comes before the manifest
        read_manifest(out, shown)  # before anything of ours is put into someone else's folder
    made = not out.exists()
    try:
        with locked(out / STAGING / LOCK) as alone:
            if not alone:
                raise UsageError(f"另一个 newsgen 正在写 {shown}", "等它结束再运行", "output.busy")
            yield from _prepared(out, shown, known)
    except OSError as error:
        raise _environment(error, shown) from None
    finally:
        if made and out.exists():
            _remove_empty(out)


def _prepared(out: Path, shown: str, known: Callable[[str], Stamps]) -> Iterator[Staging]:
    journal = read_journal(out, shown)
    if journal:
        _finish(out, shown, journal)
    _clear(out / STAGING)
    try:
        previous, digest = read_with_digest(out, shown)
        yield Staging(out, shown, previous, digest, FolderSnapshot(out, known(digest), _clock(out)))
    finally:
        if read_journal(out, shown) is None:  # else the next build has to finish
            with suppress(OSError):
                _clear(out / STAGING)


def _finish(out: Path, shown: str, journal: Journal) -> None:
    """Finish the work of a killed build. Its files are checked: the journal may delete only what the manifest lists,
    and move only what is staged.
    """
    listed = read_manifest(out, shown) if os.path.lexists(out / MANIFEST) else {}
    waiting = [path for path in journal.moves if os.path.lexists(out / STAGING / journal.staged / path)]
    Obstacles(out, shown, journal.only(waiting, journal.deletes), listed).refuse()
    check_staged(out, shown, journal)
    _apply_journal(out, journal.only(journal.moves, filter(listed.__contains__, journal.deletes)))


def _clock(out: Path) -> Stamp:
    """The time of the output folder's file system; UNTRUSTED, so that no stamp is trusted, where it gives none."""
    try:
        return clock_of(out / STAGING / LOCK)
    except OSError:
        return UNTRUSTED


def _clear(staging: Path) -> None:
    """Delete everything in the staging folder but our lock."""
    for entry in staging.iterdir():
        if entry.is_dir() and not is_link(entry):
            shutil.rmtree(entry, ignore_errors=True)  # the next build deletes the rest
        elif entry.name != LOCK:
            unlink(entry)


def _remove_empty(out: Path) -> None:
    try:
        out.rmdir()
    except OSError:  # not empty: the site is there
        return


def is_writable(path: str) -> bool:
    """Whether an output may have this path: every system accepts its names, and it is none of our own files."""
    return not path.startswith(".newsgen") and all(map(is_portable, path.split("/")))


class Stager:
    """A writer of staged files below `folder`. Each worker process has one."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._made: set[str] = set()

    def stage(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write the file that will be put at `path`, piece by piece: it may be too large for the memory.

        Raises OSError, and ContentError for a path that no file may have.
        """
        descriptor = self._opened(path)
        try:
            for piece in pieces:
                view = memoryview(piece)
                while view:
                    view = view[os.write(descriptor, view) :]
        finally:
            os.close(descriptor)

    def _opened(self, path: str) -> int:
        start = path.rfind("/") + 1
        folder, name = path[:start], path[start:]
        if folder not in self._made:
            if folder and not is_writable(folder[:-1]):
                raise unportable(path)
            os.makedirs(below(self._folder, folder), exist_ok=True)  # noqa: PTH103
            self._made.add(folder)
        if not is_portable(name) or name.startswith(".newsgen"):
            raise unportable(path)
        return os.open(below(self._folder, path), _NEW_FILE, 0o644)


class Staging:
    """The new files of one build, staged in `folder` until all are ready, at the paths that they will have.

    `previous` is the manifest of the last build and `previous_digest` that of its bytes; `folder_snapshot` tells which
    files are still as that build left them.
    """

    def __init__(
        self, out: Path, shown: str, previous: Manifest, previous_digest: str, folder_snapshot: FolderSnapshot
    ) -> None:
        self.previous = previous
        self.previous_digest = previous_digest
        self.folder_snapshot = folder_snapshot
        # A name of its own: a worker of a killed build may still be writing into the old one.
        self._staged = f"new-{os.urandom(8).hex()}"
        self.folder = str(out / STAGING / self._staged)
        self.shown = shown
        self._out = out
        self._new: dict[str, ManifestEntry] = {}
        self._moves: list[str] = []
        self._manifest: tuple[Manifest, str] | None = None  # as it was written, and the digest of its bytes

    @property
    def manifest_digest(self) -> str:
        """The digest of the manifest as it is now."""
        return self._manifest[1] if self._manifest else self.previous_digest

    def digest_on_disk(self, path: str) -> str | None:
        """The digest of the file at `path`; None where there is none, or it is not as newsgen made it."""
        entry = self.previous.get(path)
        return entry.digest if entry and self.folder_snapshot.is_intact(path, entry.digest) else None

    def holds(self, path: str, digest: str) -> bool:
        """Whether the file at `path` has the bytes of this digest. It is read in any case."""
        return FolderSnapshot(self._out, {}).has_bytes(path, digest)

    def accept(self, output: Output, digest: str, is_staged: bool) -> None:
        """Add a rendered output, with the digest of its bytes: it is staged, or the same as the file in its place."""
        self._new[output.path] = ManifestEntry(output.fingerprint, digest)
        if is_staged:
            self._moves.append(output.path)

    def commit(self, kept: Iterable[Output]) -> WriteCounts:
        """Move the new files into place, delete those that are no longer planned, write the manifest.

        `kept` are the outputs that were not rendered. Raises UsageError where someone else's file is in the way.
        """
        manifest = {output.path: self.previous[output.path] for output in kept} | self._new
        deletes = tuple(sorted(self.previous.keys() - manifest.keys()))
        if self._moves or deletes or manifest != self.previous:
            journal = Journal(self._staged, tuple(sorted(self._moves)), deletes, manifest)
            standing = self.folder_snapshot.stamps  # taken before anything is moved: what is moved is stamped below
            listed = {path for path in journal.moves if path in self.previous and path in standing}
            Obstacles(self._out, self.shown, journal, self.previous, listed).refuse()
            write_journal(self._out, journal)
            before = _clock(self._out)
            self._manifest = manifest, _apply_journal(self._out, journal)
            self.folder_snapshot = self.folder_snapshot.with_changes(
                [*self._moves, *deletes], before, _clock(self._out)
            )
        return WriteCounts(len(self._moves), len(deletes))

    def refresh_stamps(self) -> bool:
        """Take the stamps of new files once more: within one tick of the file system's clock they cannot be trusted.
        Gives whether that of the manifest can be trusted now.
        """
        if self._manifest is None:
            return self.folder_snapshot.stamp_of(MANIFEST) is not None
        outputs, digest = self._manifest
        self.folder_snapshot = self.folder_snapshot.rechecked(
            _clock(self._out), lambda path: outputs[path].digest if path in outputs else ""
        )
        return self.folder_snapshot.stamp_of(MANIFEST, digest) is not None


def _apply_journal(out: Path, journal: Journal) -> str:
    """Carry out the journal, once or twice; gives the digest of the manifest. Ctrl-C waits until it is done."""
    try:
        return _act(out, journal)
    except KeyboardInterrupt:
        _act(out, journal)
        raise


def _act(out: Path, journal: Journal) -> str:
    first = tuple(journal.blocking_paths())
    for path in first:
        _delete(out, path)
    staged = out / STAGING / journal.staged
    if staged.exists():
        _merge(str(staged), str(out))
    for path in set(journal.deletes).difference(first):
        _delete(out, path)
    digest = write_manifest(out, journal.outputs)
    unlink(out / STAGING / JOURNAL, missing_ok=True)
    return digest


def _merge(source: str, target: str) -> None:
    """Move everything below one folder into another; a folder that is new there is moved as a whole."""
    with os.scandir(source) as entries:
        found = list(entries)
    for entry in found:
        place = target + os.sep + entry.name
        if not entry.is_dir(follow_symlinks=False):
            replace(entry.path, place)
        elif os.path.lexists(place) or not _is_moved_whole(entry.path, place):
            _merge(entry.path, place)


def _is_moved_whole(source: str, target: str) -> bool:
    """Move a folder. Windows refuses while one of its files is open (in a virus scanner): then an empty one is made."""
    try:
        os.replace(source, target)
    except PermissionError:
        os.mkdir(target)  # noqa: PTH102
        return False
    return True


def _delete(out: Path, name: str) -> None:
    """Delete one of our files and the folders that it leaves empty."""
    try:
        unlink(out / name, missing_ok=True)
    except NotADirectoryError:  # the folder that it lay in is a file by now
        return
    except OSError:
        if (out / name).is_dir() and not is_link(out / name):  # somebody's, made where our file was
            return
        raise
    for folder in folders_of(name):
        try:
            (out / folder).rmdir()
        except OSError:  # not empty: someone's files, or ours
            return


def unportable(path: str) -> ContentError:
    """The error for an output whose path not every system accepts."""
    message = f"网站里的一个文件不能叫这个名字：{visible(path)}"
    hint = "给它所来自的文件或栏目换一个名字，只用字母、数字、短横线和点"
    return ContentError([Diagnostic("output.name", "error", message, hint)])


def _environment(error: OSError, shown: str) -> HostError:
    if isinstance(error, FileRefused):
        name = os.path.basename(error.filename)  # noqa: PTH119
        return HostError(
            f"{shown} 里 newsgen 自己的文件 {name} 不对：{reason(error)}",
            f"清空 {shown} 文件夹，再生成一次",
            "output.write",
        )
    names = [str(name) for name in (error.filename2, error.filename) if name]
    place = f"{shown}（{plain_path(names[0])}）" if names else shown
    return HostError(
        f"写不了输出文件夹 {place}：{reason(error)}",
        "检查磁盘空间、文件夹的写入权限，以及里面的文件是否正被别的程序打开",
        "output.write",
    )
