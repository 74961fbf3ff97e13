"""The location of a report's photos and attachments: its own folder, or beside it under names that begin with its own."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from posixpath import splitext
from typing import NamedTuple

from newsgen.authoring.file_names import file_name
from newsgen.content.photo_numbers import own_folder
from newsgen.content.scan import FOLDER, is_hidden, real_path
from newsgen.core.errors import UsageError
from newsgen.core.files import is_inside, is_regular
from newsgen.core.text import is_leftover

JOINT = "--"
"""Separator between a report's name and its file's name; file_name() never gives a name that contains it."""
_NO_UTF8 = re.compile("[\ud800-\udfff]")
"""Surrogates, which stand for bytes of a file's name that are no UTF-8. JSON cannot hold them."""


class FileLocation(NamedTuple):
    """The location of a report's files: their `folder`, and the `prefix` of their names ("" if the folder is its own)."""

    folder: Path
    prefix: str
    content: Path

    @property
    def names(self) -> list[str]:
        """The names of the report's files, without texts, hidden files and links that leave content/.

        Names that are no UTF-8 are left out, too: the build reports them.
        """
        try:
            names = os.listdir(self.folder)
        except OSError:
            return []
        return [name for name in names if name.startswith(self.prefix) and _is_beside(self.folder / name, self.content)]

    def free_name(self, given: str, taken: Iterable[str], suffix: str) -> str:
        """A name that is not taken, for a file that came as `given`."""
        return self.prefix + file_name(given, [name.removeprefix(self.prefix) for name in taken], suffix)


def _is_beside(file: Path, content: Path) -> bool:
    name = file.name
    is_text = name.lower().endswith(".md")
    is_named = not is_hidden(name) and not is_leftover(name) and not _NO_UTF8.search(name)
    return is_named and not is_text and (is_regular(file) or (file.is_file() and is_inside(file, content)))


def location_of(root: Path, report: str) -> FileLocation:
    """The location of a report's files. Raises UsageError, also if a link leads outside content/."""
    path = posixpath.dirname(report)
    parts = path.split("/")
    if parts[0] != FOLDER or any(part in ("", ".", "..") or "\\" in part or ":" in part for part in parts):
        raise UsageError("这里不能放照片和附件", "回到文章列表，再打开这一篇", "file.no-report", report)
    file = real_path(root, report)
    if not is_inside(file, root / FOLDER):
        raise outside(report)
    if not file.is_file():
        raise UsageError("找不到这篇文章", "多半是被移走、改名或删除了；回到文章列表看一看", "file.no-report", report)
    return FileLocation(file.parent, "" if own_folder(report) else prefix_of(report), root / FOLDER)


def outside(report: str) -> UsageError:
    """The error for a report whose path leads outside content/ through a link."""
    message = f"这一篇是通向 {FOLDER} 文件夹之外的快捷方式（符号链接），写稿台不打开它"
    return UsageError(message, "删去快捷方式，把文件本身复制到这里，再打开", "desk.missing", report)


def prefix_of(report: str) -> str:
    """The prefix for names of files of a report that has no folder of its own: `2024-03-13-huiyi--`.

    Such a report is not moved into a folder of its own: an address made from its path would change.
    """
    stem = splitext(posixpath.basename(report))[0]
    return f"{splitext(file_name(f'{stem}.txt', ()))[0]}{JOINT}"
