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
"""The suffix of a file until it is whole."""
MOST = 1 << 40
"""Bytes of a file that is hashed at most."""


def kind(entry: os.DirEntry[str]) -> str:
    """The kind of an entry: `link`, `folder`, or `file` for all else."""
    return "link" if entry_is_link(entry) else "folder" if entry.is_dir(follow_symlinks=False) else "file"


def is_folder(path: Path) -> bool:
    """Whether this is a folder, and no link to one."""
    return path.is_dir() and not is_link(path)


def make_folder(folder: Path) -> None:
    """Make a folder and those that it lies in, readable by the web server whatever the umask. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(0o755)


def move(source: Path, target: Path) -> None:
    """Rename a file or folder over what is there; a folder with a file that is held open, file by file. Raises OSError."""
    try:
        replace(source, target)
    except PermissionError:
        if not is_folder(source):
            raise
        _move_files(source, target)


def _move_files(source: Path, target: Path) -> None:
    """Move the files in a folder one by one; one that can only be read is copied, and left behind."""
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
    """Give a regular file a second name; a copy where the file system or the share has none. Raises OSError.

    It's made as `temporary`, and renamed over what `target` was. Windows renames no name of a file that somebody holds open, not
    even a new one: a copy takes its place.
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
        unlink(temporary, missing_ok=True)  # rename(2) leaves both names where they are one file already


def copy(source: Path, target: Path, temporary: Path) -> None:
    """Put a copy of a file in place, readable by the web server. Raises OSError."""
    shutil.copyfile(source, temporary, follow_symlinks=False)
    temporary.chmod(0o644)
    replace(temporary, target)


def set_link(link: Path, target: str, aside: Path) -> bool:
    """Make `link` a symbolic link to a folder; False where none can be made.

    It is made in the folder `aside`, and renamed over the old one. Windows lets no rename replace a link to a folder: there
    the old one is moved aside first, and for that moment there is none.
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
    """Delete a file, a link, or a folder with all that is in it; nothing where there is none. Raises OSError."""
    if is_folder(path):
        remove_tree(path)
        return
    try:
        unlink(path, missing_ok=True)
    except PermissionError:
        if not is_link(path):
            raise
        path.rmdir()  # how Windows deletes a link to a folder


def sha256_of(path: Path) -> str | None:
    """The SHA-256 of a regular file, None where there is none. Raises OSError."""
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
    """All paths below a folder but folders, and whether each is a regular file; the name `left_out` is skipped."""
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
