"""Creation of a report, always in a folder of its own, so that photos of two reports may have the same name."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from newsgen.authoring.file_names import short_name
from newsgen.authoring.front_matter_edit import new_text
from newsgen.authoring.new import NOT_IN_NAMES, section_folder, section_matters
from newsgen.authoring.new_files import disk_error, write_folder
from newsgen.content.load import BUNDLE_FILE
from newsgen.content.scan import FOLDER
from newsgen.core.errors import UsageError
from newsgen.core.model import Record
from newsgen.core.scalars import FieldError, parse_moment
from newsgen.core.text import clean, is_device
from newsgen.preview.desk.form_fields import KINDS

LONGEST_NAME = 60


class NewReport(Record, frozen=True, array_like=False):
    """The form for a new report. `name` becomes the name of the folder and of the page, in Latin letters ("": it is made
    from the title). `date` "": today."""

    kind: str
    section: str
    title: str
    name: str = ""
    date: str = ""


def write_new(root: Path, new: NewReport, now: datetime) -> str:
    """Write the file of a new report as a draft; return its path below the site root.

    Raises UsageError for an empty title, a faulty date, an unknown kind or section, or a name that is taken, HostError
    where the disk refuses.
    """
    title = " ".join(clean(new.title).split())
    if not title:
        raise UsageError("标题是空的", "填上标题", "new.title")
    kind = next((kind for kind in KINDS if kind == new.kind), None)
    if kind is None:
        raise UsageError(f"没有“{new.kind}”这一类", "选一类", "new.kind")
    date = _date(new.date, now)
    folder = section_folder(section_matters(root), new.section)
    typed = clean(new.name).strip()
    name = typed if typed.isascii() and typed else short_name(typed or title)
    stem = NOT_IN_NAMES.sub("-", name).strip("-. _~")[:LONGEST_NAME].rstrip("-. ")
    page = stem if stem and not is_device(stem) and stem.strip("_").casefold() != "index" else "yemian"
    name = page if kind == "page" else f"{date[:10]}-{stem or 'wenzhang'}"
    path = f"{FOLDER}/{folder}/{name}/{BUNDLE_FILE}"
    values = {"title": title, "draft": "是"} | ({"date": date} if kind != "page" else {})
    _write_new(root / path, path, new_text(kind, values, "").encode())
    return path


def _date(typed: str, now: datetime) -> str:
    try:
        moment = parse_moment(typed) if typed.strip() else None
    except FieldError as error:
        raise UsageError(error.message, error.hint, "new.date") from None
    if moment is None:
        return f"{now:%Y-%m-%d}"
    return moment.shown


def _write_new(file: Path, path: str, data: bytes) -> None:
    if os.path.lexists(file.parent):
        hint = "换一个网址里的名字；或者回到列表，打开已经有的那一篇"
        raise UsageError(f"已经有一个叫“{file.parent.name}”的文件夹", hint, "new.exists", path)
    try:
        write_folder(file.parent, {file.name: data})
    except OSError as error:
        raise disk_error(error, f"写不了 {path}", path) from None
