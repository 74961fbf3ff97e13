"""Saving what was typed: only over the version that it was typed into, and with the version before kept."""

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
"""What to do where a disk refuses, and where it is full: the page tries again by itself."""


class ReportEdit(Record, frozen=True):
    """The edit of a report: `base` is the version that it was typed into; None: the text is as it was.

    `window` is an id of the page that saves, "" for another program.
    """

    path: str
    base: str
    body: str | None = None
    fields: Mapping[str, Typed] = field(default_factory=dict)
    who: str = ""
    window: str = ""


class ChangedMeanwhile(Exception):
    """The file is no longer the version that was edited: `theirs` is what it is now. Nothing was written."""

    def __init__(self, theirs: OpenReport) -> None:
        super().__init__(theirs.path)
        self.theirs = theirs


class Saved(NamedTuple):
    """A report as it was saved; `problem` says why its version before could not be kept, if so."""

    report: OpenReport
    problem: Diagnostic | None = None


def save(root: Path, edit: ReportEdit, autosaves: Autosaves, now: datetime) -> Saved:
    """Write an edit into its file; the versions that `autosaves` wants are kept.

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
    except FileChanged:  # within this very moment
        raise ChangedMeanwhile(opened(edit.path, read_report(file, edit.path))) from None
    problem = autosaves.after(edit.path, after, edit.who, now, edit.window) or problem
    return Saved(opened(edit.path, after), problem)


def applied(edit: ReportEdit, before: bytes) -> bytes:
    """The bytes of a file with an edit in them. Raises ContentError for a faulty value, and for decisions that are typed."""
    after = before if edit.body is None else edited(before, edit.body, edit.path)
    is_all_body = edit.body is not None and body_of(before, edit.path)[1] == 1  # so that front matter may be typed
    if is_all_body and not _has_same_decisions(before, after):
        message, hint = "正文里写不了审签", "审签由审稿人点“审签”来写；删去正文开头的“审签：”这几行"
        raise ContentError([Diagnostic("review.typed", "error", message, hint, edit.path)])
    return with_values(edit.path, after, edit.fields) if edit.fields else after


def _has_same_decisions(before: bytes, after: bytes) -> bool:
    try:
        return decisions_in(after) == decisions_in(before)
    except ContentError:  # what stands there is none, and may become one with the next letter
        return False


def _is_there(edit: ReportEdit, before: bytes) -> bool:
    """Whether a file holds an edit already; one that cannot be carried out there is not in it. Raises RefusedValue."""
    try:
        return applied(edit, before) == before
    except RefusedValue:
        raise
    except ContentError:
        return False


def write(file: Path, path: str, data: bytes, before: bytes) -> None:
    """Replace a report's file, whole or not at all, where it still holds `before`; of a link, the file that it leads to.

    Raises FileChanged where it holds something else, HostError with what to do, in Chinese.
    """
    try:
        write_whole(file.resolve(), data, instead_of=before)
    except OSError as error:
        raise disk_error(error, f"存不了 {path}", path, _HINTS, "写的内容还在这个网页里，先不要关") from None
