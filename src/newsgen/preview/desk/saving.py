"""Saving an edit of a report: only over the version that was edited, and with earlier versions kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from newsgen.authoring.autosaves import Autosaves
from newsgen.authoring.decisions import decisions_in
from newsgen.authoring.front_matter_edit import with_values
from newsgen.authoring.front_matter_values import RefusedValue, Typed
from newsgen.authoring.new_files import disk_error
from newsgen.authoring.text_lines import body_of, edited
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError
from newsgen.core.files import FileChanged, remove_leftovers, write_whole
from newsgen.core.model import Diagnostic, Record, field
from newsgen.preview.desk.open_report import OpenReport, opened, read_report, report_file

_HINTS = ("检查文件是不是只读、U 盘是不是拔掉了", "删去一些不用的文件，再接着写")
"""The hints where a disk refuses, and where it is full. The page tries again by itself."""


class ReportEdit(Record, frozen=True):
    """An edit of a report. `base` is the version that was edited, `body` the new text (None: unchanged), `fields` the new
    values of front matter. `window` is an id of the page that saves, "" for another program.
    """

    path: str
    base: str
    body: str | None = None
    fields: Mapping[str, Typed] = field(default_factory=dict)
    who: str = ""
    window: str = ""


class ChangedMeanwhile(Exception):
    """The error where the file is no longer the version that was edited; `theirs` is its report now. Nothing was written."""

    def __init__(self, theirs: OpenReport) -> None:
        super().__init__(theirs.path)
        self.theirs = theirs


class Saved(NamedTuple):
    """A report as it was saved. `problem` says why a version of it could not be kept; None: all were."""

    report: OpenReport
    problem: Diagnostic | None = None


def save(root: Path, edit: ReportEdit, autosaves: Autosaves, now: datetime) -> Saved:
    """Write an edit into its file, and keep the versions that `autosaves` selects.

    Raises ChangedMeanwhile, ContentError for a value that front matter cannot have, HostError where the disk refuses.
    """
    file = report_file(root, edit.path)
    before = read_report(file, edit.path)
    if digest_bytes(before) != edit.base:
        theirs = opened(edit.path, before)
        if _is_there(edit, before):
            return Saved(theirs)  # another window wrote the same
        raise ChangedMeanwhile(theirs)
    after = applied(edit, before)
    if after == before:
        return Saved(opened(edit.path, after))
    remove_leftovers(file.resolve().parent)
    problem = autosaves.before(edit.path, before, edit.who, now, edit.window)
    try:
        write(file, edit.path, after, before)
    except FileChanged:  # since it was read above
        raise ChangedMeanwhile(opened(edit.path, read_report(file, edit.path))) from None
    problem = autosaves.after(edit.path, after, edit.who, now, edit.window) or problem
    return Saved(opened(edit.path, after), problem)


def applied(edit: ReportEdit, before: bytes) -> bytes:
    """The bytes `before` with the edit applied. Raises ContentError for a faulty value, and for typed decisions."""
    after = before if edit.body is None else edited(before, edit.body, edit.path)
    is_all_body = edit.body is not None and body_of(before, edit.path)[1] == 1  # front matter can be typed into it
    if is_all_body and not _has_same_decisions(before, after):
        message, hint = "正文里写不了审签", "审签由审稿人点“审签”来写；删去正文开头的“审签：”这几行"
        raise ContentError([Diagnostic("review.typed", "error", message, hint, edit.path)])
    return with_values(edit.path, after, edit.fields) if edit.fields else after


def _has_same_decisions(before: bytes, after: bytes) -> bool:
    try:
        return decisions_in(after) == decisions_in(before)
    except ContentError:  # no valid decisions, but the next letter may make them so
        return False


def _is_there(edit: ReportEdit, before: bytes) -> bool:
    """Whether the bytes `before` hold the edit already; False where it cannot be applied to them. Raises RefusedValue."""
    try:
        return applied(edit, before) == before
    except RefusedValue:
        raise
    except ContentError:
        return False


def write(file: Path, path: str, data: bytes, before: bytes) -> None:
    """Replace a report's file as a whole, if it still holds `before`. For a link, this is the file that it leads to.

    Raises FileChanged where it holds something else, HostError, with a hint in Chinese, where the disk refuses.
    """
    try:
        write_whole(file.resolve(), data, instead_of=before)
    except OSError as error:
        raise disk_error(error, f"存不了 {path}", path, _HINTS, "写的内容还在这个网页里，先不要关") from None
