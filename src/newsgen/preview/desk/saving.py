"""Saving what was typed: only over the version that it was typed into, and with the version before kept."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from newsgen.authoring.front_matter_edit import Value, with_values
from newsgen.authoring.history import keep
from newsgen.authoring.text_lines import edited
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import HostError
from newsgen.core.files import write_whole
from newsgen.core.model import Record
from newsgen.core.platform import reason
from newsgen.preview.desk.open_report import OpenReport, opened, read_report, report_file

FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", -1)})


class Edit(Record, frozen=True):
    """What a person changed: `base` is the version that it was typed into; None: the text is as it was."""

    path: str
    base: str
    body: str | None = None
    fields: Mapping[str, Value | None] = {}
    who: str = ""


class ChangedMeanwhile(Exception):
    """The file is no longer the version that was edited: `theirs` is what it is now. Nothing was written."""

    def __init__(self, theirs: OpenReport) -> None:
        super().__init__(theirs.path)
        self.theirs = theirs


def save(root: Path, edit: Edit, now: datetime) -> OpenReport:
    """Write an edit into its file.

    Raises ChangedMeanwhile, ContentError for a value that front matter cannot have, HostError where the disk refuses.
    """
    file = report_file(root, edit.path)
    before = read_report(file, edit.path)
    after = applied(edit, before)
    if digest_bytes(before) != edit.base:
        theirs = opened(edit.path, before)
        if after == before:
            return theirs  # another window wrote the same
        raise ChangedMeanwhile(theirs)
    if after != before:
        keep(root, edit.path, before, edit.who, "before", now)
        write(file, edit.path, after)
        keep(root, edit.path, after, edit.who, "edit", now)
    return opened(edit.path, after)


def applied(edit: Edit, before: bytes) -> bytes:
    """The bytes of a file with an edit in them. Raises ContentError for a faulty value."""
    after = before if edit.body is None else edited(before, edit.body)
    return with_values(edit.path, after, edit.fields) if edit.fields else after


def write(file: Path, path: str, data: bytes) -> None:
    """Write a report's file, whole or not at all. Raises HostError with what to do, in Chinese."""
    try:
        write_whole(file, data)
    except OSError as error:
        hint = "删去一些不用的文件，再接着写" if error.errno in FULL else "检查文件是不是只读、U 盘是不是拔掉了"
        message = f"存不了 {path}：{reason(error)}；写的内容还在这个网页里，先不要关"
        code = "desk.full" if error.errno in FULL else "desk.disk"
        raise HostError(message, hint, code, path) from None
