"""File operations on a disk or share of this machine, where links may be impossible and files may be held open.

Windows renames no folder while a program has a file inside it open, and no file over one that is open; FAT, exFAT and
many shares know no hard links. There files are moved one by one, or copied.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from newsgen.core.files import is_regular, read_chunks
from newsgen.core.platform import entry_is_link, is_link, remove_tree, rename, replace, unlink

NEW = ".newsgen-new"
"""The suffix of a file until it is written completely."""
MOST = 1 << 40
"""The maximum size in bytes of a file that is hashed."""


def kind(entry: os.DirEntry[str]) -> str:
    """The kind of an entry: `link`, `folder`, or `file` for all else."""
    return "link" if entry_is_link(entry) else "folder" if entry.is_dir(follow_symlinks=False) else "file"


def is_folder(path: Path) -> bool:
    """Whether this is a folder, and no link to one."""
    return path.is_dir() and not is_link(path)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, readable by the web server whatever the umask. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(0o755)


def move(source: Path, target: Path) -> None:
    """Rename a file or folder over the target. If a file inside a folder is held open, its files are moved one by one.
    Raises OSError.
    """
    try:
        replace(source, target)
    except PermissionError:
        if not is_folder(source):
            raise
        _move_files(source, target)


def _move_files(source: Path, target: Path) -> None:
    """Move the files in a folder one by one. A file that cannot be renamed is copied, then deleted if possible."""
    make_folder(target)
    for entry in list(os.scandir(source)):
        old, new = Path(entry.path), target / entry.name
        if kind(entry) == "folder":
            _move_files(old, new)
            continue
        try:
            replace(old, new)
        except PermissionError:
            copy(old, new, new.with_name(new.name + NEW))
            with suppress(OSError):
                unlink(old)
    with suppress(OSError):
        source.rmdir()


def link_or_copy(source: Path, target: Path, temporary: Path) -> None:
    """Give a regular file a second name, or copy it if the file system knows no hard links. Raises OSError.

    The link is made as `temporary` and renamed over `target`. Windows renames no link to a file that a program has
    open, not even a new one: then the file is copied.
    """
    unlink(temporary, missing_ok=True)
    try:
        os.link(source, temporary)
    except OSError:
        copy(source, target, temporary)
        return
    try:
        os.replace(temporary, target)
    except PermissionError:
        copy(source, target, temporary.with_name(f"copy-of-{temporary.name}"))
    with suppress(PermissionError):
        unlink(temporary, missing_ok=True)  # rename(2) does nothing if both names are one file


def copy(source: Path, target: Path, temporary: Path) -> None:
    """Put a copy of a file in place, readable by the web server. Raises OSError."""
    shutil.copyfile(source, temporary, follow_symlinks=False)
    temporary.chmod(0o644)
    replace(temporary, target)


def set_link(link: Path, target: str, aside: Path) -> bool:
    """Make `link` a symbolic link to a folder; False where none can be made.

    The link is made in the folder `aside` and renamed over the old one. On Windows no rename replaces a link to a
    folder: the old link is moved to `aside` first, and for a moment there is none.
    """
    made = aside / f"link{NEW}"
    unlink(made, missing_ok=True)
    try:
        made.symlink_to(target, target_is_directory=True)
    except NotImplementedError:
        return False
    except OSError:
        if not aside.is_dir():
            raise
        return False
    try:
        replace(made, link)
    except PermissionError:
        if not is_link(link):
            raise
        _swap(made, link, aside / f"old-link{NEW}")
    return True


def _swap(made: Path, link: Path, old: Path) -> None:
    with suppress(OSError):
        delete(old)
    rename(link, old)
    try:
        rename(made, link)
    except OSError:
        rename(old, link)
        raise
    with suppress(OSError):
        delete(old)


def delete(path: Path) -> None:
    """Delete a file, a link, or a folder with all that is in it, if there is one. Raises OSError."""
    if is_folder(path):
        remove_tree(path)
        return
    try:
        unlink(path, missing_ok=True)
    except PermissionError:
        if not is_link(path):
            raise
        path.rmdir()  # on Windows rmdir deletes a link to a folder


def sha256_of(path: Path) -> str | None:
    """The SHA-256 of a regular file, None if there is none. Raises OSError."""
    if not is_regular(path):
        return None
    found = hashlib.sha256()
    try:
        for piece in read_chunks(path, MOST, follow=False):
            found.update(piece)
    except FileNotFoundError:
        return None
    return found.hexdigest()


def names(folder: Path, left_out: str) -> Iterator[tuple[str, bool]]:
    """The paths of all entries below a folder except folders, and whether each is a regular file.

    An entry of the folder itself that is called `left_out` is skipped.
    """
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.name == left_out:
            continue
        if kind(entry) == "folder":
            yield from ((f"{entry.name}/{name}", plain) for name, plain in names(Path(entry.path), ""))
        else:
            yield entry.name, entry.is_file(follow_symlinks=False) and not entry_is_link(entry)
