"""Moving a report to another section: its folder, or its file and the photos beside it, and its history. Names stay."""

from __future__ import annotations

import os
import posixpath
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from newsgen.authoring.file_location import location_of, outside
from newsgen.authoring.history_files import PATH_FILE, folder_of, ids_in, path_in
from newsgen.authoring.history_pruning import folders_of_history
from newsgen.authoring.new import section_folder, section_matters
from newsgen.authoring.new_files import HINTS, disk_error
from newsgen.content.photo_numbers import own_folder
from newsgen.content.scan import FOLDER, real_path
from newsgen.core.errors import UsageError
from newsgen.core.files import is_inside, write_whole
from newsgen.core.platform import is_link, rename, unlink


def move_report(root: Path, path: str, section: str) -> str:
    """Move the report at `path` into a section, given by its folder below content/ or its title; return its new path.

    Raises UsageError for an unknown section, a name that is taken there, and a report behind a link; HostError for an error
    of the disk. Nothing is moved then.
    """
    folder = f"{FOLDER}/{section_folder(section_matters(root), section)}"
    moved = own_folder(path) or path
    home = posixpath.dirname(moved)
    if home == folder:
        return path
    _refuse_links(root, path, folder)
    names = [posixpath.basename(moved)]
    if moved == path:
        names = [*location_of(root, path).names, *names]
    _refuse_taken(real_path(root, folder), names)
    _move_all([(real_path(root, f"{home}/{name}"), root / folder / name) for name in names], path)
    after = f"{folder}/{path.removeprefix(home + '/')}"
    places = {f"{home}/{name}": f"{folder}/{name}" for name in names}
    for old, kept in [*_kept_of(root, places)]:
        with suppress(OSError):  # the report counts most, and is moved already
            _move_history(root, old, kept)
    return after


def _refuse_links(root: Path, path: str, folder: str) -> None:
    places = [root.joinpath(*path.split("/")[: depth + 1]) for depth in range(path.count("/") + 1)]
    if any(map(is_link, places)):
        hint = "请管理网站的老师把文件本身放进那个栏目的文件夹"
        raise UsageError("这一篇是快捷方式（符号链接），不能在这里换栏目", hint, "move.link", path)
    if not is_inside(root / folder, root / FOLDER):
        raise outside(folder)


def _refuse_taken(folder: Path, names: list[str]) -> None:
    """Refuse names that are taken. Letter case and `.md` do not count: a folder and a file of one name share an address."""
    there = {_plain(name) for name in os.listdir(folder)}
    taken = next((name for name in names if _plain(name) in there), None)
    if taken:
        raise UsageError(f"那个栏目里已经有一个叫“{taken}”的", "先给那一篇换个名字，或者留在现在的栏目", "new.exists")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().removesuffix(".md")


def _move_all(pairs: list[tuple[Path, Path]], path: str) -> None:
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in pairs:
            rename(source, target)
            done.append((source, target))
    except OSError as error:
        for source, target in reversed(done):
            with suppress(OSError):  # the disk, which refused before, may refuse this, too
                rename(target, source)
        raise disk_error(error, "没有换栏目", path, ("关掉正在用这些文件的别的程序，再试一次", HINTS[1])) from None


# ---------------------------------------------------------------- the history


def _kept_of(root: Path, places: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """The history's folders for all moved files, each with the new path of its file."""
    for folder in folders_of_history(root):
        path = path_in(folder)
        for old, new in places.items():
            if path == old or path.startswith(f"{old}/"):
                yield folder, new + path.removeprefix(old)


def _move_history(root: Path, old: Path, path: str) -> None:
    """Move the versions in the folder `old` to those of another path, which may have some already."""
    new = folder_of(root, path)
    if is_link(old):
        return
    new.mkdir(parents=True, exist_ok=True)
    write_whole(new / PATH_FILE, f"{path}\n".encode())
    for name in ids_in(old):
        rename(old / name, new / name)
    unlink(old / PATH_FILE, missing_ok=True)
    old.rmdir()
