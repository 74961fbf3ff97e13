"""Reading files that somebody else may have put there: regular files alone, up to a size, and inside their folder.

A folder that was handed over may hold pipes that never end, devices, links to other people's files, and files that
claim a terabyte. None of them is waited for or read whole. A refusal is an OSError whose `strerror` is the reason in
Chinese, so that callers report it like one of the system.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from newsgen.core.digest import digest_chunks
from newsgen.core.platform import entry_is_link, replace

CHUNK = 1 << 20
"""Bytes that are in memory at once when a file is streamed."""
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe is opened at once, and then refused
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_KINDS = {
    stat.S_IFDIR: "这是一个文件夹",
    stat.S_IFIFO: "这是一个管道（FIFO）",
    stat.S_IFSOCK: "这是一个套接字（socket）",
    stat.S_IFCHR: "这是一个设备",
    stat.S_IFBLK: "这是一个设备",
    stat.S_IFLNK: "这是一个快捷方式（符号链接）",
}
_TEMPORARY = ".newsgen.tmp"
_ABANDONED = 3600.0
_STRANGE = "这不是普通的文件"


class FileRefused(OSError):
    """A file that newsgen does not read. `errno` is None: the reason is our own, and stands in `strerror`, in Chinese."""

    def __init__(self, reason: str, path: str | Path) -> None:
        super().__init__(None, reason, str(path))


class FileTooLarge(FileRefused):
    """A file of `size` bytes, where `limit` is the most."""

    def __init__(self, size: int, limit: int, path: str | Path) -> None:
        super().__init__(f"文件有 {size_in_words(size)}，最多 {size_in_words(limit)}", path)
        self.size, self.limit = size, limit


def read_file(path: str | Path, limit: int, *, follow: bool = True) -> bytes:
    """The bytes of a regular file. With `follow=False` a link in its place is refused.

    Raises FileRefused for anything that is no regular file, FileTooLarge above `limit` bytes (before it is read), and
    OSError.
    """
    descriptor, size = _opened(path, limit, follow)
    try:
        data = os.read(descriptor, size + 1)  # one more than there are: nearly always all of it in one call
        while len(data) != size:
            _check_size(len(data), limit, path)
            piece = os.read(descriptor, CHUNK)
            if not piece:
                break
            data += piece
        return data
    finally:
        os.close(descriptor)


def read_head(path: str | Path, most: int) -> bytes:
    """The first bytes of a regular file, `most` at most. Raises FileRefused for anything else, and OSError."""
    descriptor, _ = _opened(path, sys.maxsize, follow=True)
    try:
        return os.read(descriptor, most)
    finally:
        os.close(descriptor)


def read_chunks(path: str | Path, limit: int, *, follow: bool = True) -> Iterator[bytes]:
    """The bytes of a regular file, piece by piece: for files that may be larger than memory. Raises as read_file()."""
    descriptor, _ = _opened(path, limit, follow)
    total = 0
    try:
        while piece := os.read(descriptor, CHUNK):
            total += len(piece)
            _check_size(total, limit, path)
            yield piece
    finally:
        os.close(descriptor)


class Measure(NamedTuple):
    """The digest of a file's bytes, as digest_bytes() gives it, and their number."""

    digest: str
    size: int


def measure_file(path: str | Path, limit: int) -> Measure:
    """Digest and size of a file's bytes, which are read once. Raises as read_file()."""
    return measure(read_chunks(path, limit))


def measure(chunks: Iterable[bytes]) -> Measure:
    """Digest and number of bytes that come piece by piece."""
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            size += len(chunk)
            yield chunk

    return Measure(digest_chunks(counted()), size)


def digest_file(path: str | Path, limit: int, *, follow: bool = True) -> str:
    """The digest of a file's bytes, as digest_bytes() gives it. Raises as read_file()."""
    return digest_chunks(read_chunks(path, limit, follow=follow))


def digest_or_empty(path: str | Path, limit: int) -> str:
    """The digest of a file's bytes; "" where they cannot be read."""
    try:
        return digest_file(path, limit)
    except OSError:
        return ""


def check_regular(path: str | Path) -> None:
    """Raises FileRefused where `path` exists and is no regular file; a link to one is refused, too."""
    try:
        kind = stat.S_IFMT(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return
    if kind != stat.S_IFREG:
        raise FileRefused(_KINDS.get(kind, _STRANGE), path)


def is_regular(path: str | Path) -> bool:
    """Whether `path` is a regular file, and no link to one."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def is_inside(path: str | Path, folder: str | Path) -> bool:
    """Whether `path`, all links followed, lies in `folder` (never in one that is a link), and is not hidden there."""
    called = Path(folder).absolute()
    home, real = Path(os.path.realpath(called.parent), called.name), Path(os.path.realpath(path))
    return real.is_relative_to(home) and not any(part.startswith(".") for part in real.relative_to(home).parts)


def visible(name: str) -> str:
    """A file name for people: characters that cannot be printed are escaped (`a\\x07`)."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


def walk(folder: str | Path, hidden: str = ".") -> Iterator[tuple[str, str]]:
    """Name and path of everything below a folder but folders, in the order of the names; links are not followed.

    Names that begin with one of `hidden` are left out. Nothing is yielded where there is no folder. Raises OSError.
    """
    waiting = [("", str(folder))]
    while waiting:
        name, path = waiting.pop()
        try:
            with os.scandir(path) as entries:
                found = sorted(
                    (entry for entry in entries if entry.name[0] not in hidden), key=lambda entry: entry.name
                )
        except FileNotFoundError:
            continue
        for entry in found:
            if not entry.is_dir(follow_symlinks=False) or entry_is_link(entry):
                yield name + entry.name, entry.path
        waiting += [
            (f"{name}{entry.name}/", entry.path)
            for entry in reversed(found)
            if entry.is_dir(follow_symlinks=False) and not entry_is_link(entry)
        ]


def size_in_words(size: int) -> str:
    """A number of bytes as people say it: `800 字节`, `2 MB`, `1.5 GB`."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "KB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} 字节"


def _opened(path: str | Path, limit: int, follow: bool) -> tuple[int, int]:
    """A descriptor of the regular file at `path`, and its size."""
    if not follow and stat.S_ISLNK(os.lstat(path).st_mode):
        raise FileRefused(_KINDS[stat.S_IFLNK], path)
    descriptor = os.open(path, _FLAGS if follow else _FLAGS | _NO_FOLLOW)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise FileRefused(_KINDS.get(stat.S_IFMT(found.st_mode), _STRANGE), path)
        _check_size(found.st_size, limit, path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, found.st_size


def _check_size(size: int, limit: int, path: str | Path) -> None:
    if size > limit:
        raise FileTooLarge(size, limit, path)


class FileChanged(Exception):
    """A file is not what was to be replaced: somebody else has written it meanwhile."""


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet; it is on the disk afterwards. Raises OSError."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, data: bytes, *, instead_of: bytes | None = None) -> None:
    """Write a file so that it is the old one or the new one at any moment; its permissions stay.

    With `instead_of`, the bytes that are to be replaced, raises FileChanged where the file has others. Raises OSError.
    """
    temporary = temporary_in(path.parent)
    try:
        write_new(temporary, data)
        if path.exists():
            temporary.chmod(stat.S_IMODE(path.stat().st_mode))
        if instead_of is not None and path.read_bytes() != instead_of:  # last, since writing takes its time
            raise FileChanged(path)
        replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def temporary_in(folder: Path) -> Path:
    """A new name in a folder for what is not finished: hidden, so that it is no content, and like no other."""
    return folder / f".{os.urandom(8).hex()}{_TEMPORARY}"


@contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """A folder in `parent` for what is not finished, which goes afterwards with all that is in it. Raises OSError."""
    folder = temporary_in(parent)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # what is held open for a moment is removed as a leftover


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files and folders in a folder that are an hour old: of a program that was killed."""
    oldest = time.time() - _ABANDONED
    for path in folder.glob(f".*{_TEMPORARY}"):
        with suppress(OSError):
            found = path.lstat()
            if found.st_mtime >= oldest:
                continue
            if stat.S_ISDIR(found.st_mode):
                shutil.rmtree(path)  # which refuses links
            else:
                path.unlink()


def remove_leftovers_below(folder: Path) -> None:
    """Remove the leftovers in a folder and all those below it; links are not followed, hidden folders not entered."""
    for place, folders, files in os.walk(folder):
        if any(name.endswith(_TEMPORARY) for name in (*folders, *files)):
            remove_leftovers(Path(place))
        folders[:] = [name for name in folders if not name.startswith(".")]


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that its owner alone can read, in place of one that is there. Raises OSError."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)
