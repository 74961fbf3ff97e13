"""Import of Word manuscripts, folders and pages: each is read, shown to be confirmed, and then written as a report.

A manuscript that was read stays in memory for the person who dropped it (pending.py). Nothing is written until they
confirm it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from newsgen.authoring.front_matter_edit import with_values
from newsgen.authoring.importers.import_manuscript import (
    ImportedReport,
    Manuscript,
    make_report,
    manuscript_of_file,
    write_report,
)
from newsgen.authoring.text_length import text_length
from newsgen.authoring.text_lines import parts_of
from newsgen.content.load import BUNDLE_FILE
from newsgen.core.errors import UsageError
from newsgen.core.model import Record, changed
from newsgen.core.scalars import FieldError, parse_moment
from newsgen.preview.desk.app import ApiError, Call, Endpoints

MOST_BYTES = 250_000_000
"""Most bytes of one import: twenty photos of 10 MB, and a document."""
PARTS = ("title", "subtitle", "date", "author", "source", "photographer", "editor", "reviews", "kind")
"""The parts of a report that are shown to be confirmed, in this order."""
KINDS = ("", "通知")
"""The kinds that a manuscript may become: a report (""), or a notice."""


class ConfirmRequest(Record, frozen=True, array_like=False):
    """A request to write a report, with the parts as the form has them. `section` is a folder below content/."""

    id: str
    section: str
    title: str
    subtitle: str = ""
    date: str = ""
    author: str = ""
    source: str = ""
    photographer: str = ""
    editor: str = ""
    reviews: str = ""
    kind: str = ""


async def read_import(call: Call) -> object:
    """Read a manuscript, and show the parts that were recognised."""
    name = file_name(call.query("name"))
    async with call.desk.large_bodies:
        data = await call.body(MOST_BYTES)
        given = await call.reading(partial(manuscript_of_file, name, data))
        del data
    report = await call.reading(partial(make_report, call.root, given, None, {}))
    size = sum(map(len, (given.document, *given.files.values(), *given.page_files.values())))
    return {"id": call.desk.pending.put(call.user, given, size), "name": name, **shown(report)}


async def confirm_import(call: Call) -> object:
    """Write the report as it was confirmed."""
    asked = await call.json(ConfirmRequest)
    given = call.desk.pending.get(call.user, asked.id, Manuscript)
    if given is None:
        raise ApiError(404, "desk.missing", "写稿台已经不记得这份稿子了", "把它再拖进来一次")
    own = confirmed(asked)
    report = await call.reading(partial(draft_of, call.root, given, asked.section, own))
    await call.writing(partial(write_report, call.root, report))
    call.desk.pending.drop(call.user, asked.id)
    folder = report.path.rpartition("/")[0]
    await call.look_at(*(f"{folder}/{file}" for file in report.files))
    return {"path": report.path}


async def drop_import(call: Call) -> object:
    """Forget a manuscript that waits to be confirmed."""
    call.desk.pending.drop(call.user, call.query("id"))
    return {}


def draft_of(root: Path, given: Manuscript, section: str, own: Mapping[str, str]) -> ImportedReport:
    """The report, as a draft: whoever imports it looks at it before readers do."""
    report = make_report(root, given, section, own)
    text = with_values(report.path, report.files[BUNDLE_FILE], {"draft": "是"})
    return changed(report, files={**report.files, BUNDLE_FILE: text})


def shown(report: ImportedReport) -> dict[str, object]:
    """The report as the page shows it to be confirmed."""
    body = parts_of(report.files[BUNDLE_FILE].decode()).body
    return {
        "parts": {name: getattr(report.parts, name) for name in PARTS},
        "addressee": report.parts.addressee,
        "counts": {"pictures": report.counts.pictures, "tables": report.counts.tables, "characters": text_length(body)},
        "missing": report.missing,
        "remarks": report.remarks,
        "files": sorted(name for name in report.files if name != BUNDLE_FILE),
        "text": body.strip("\n"),
    }


def confirmed(asked: ConfirmRequest) -> Mapping[str, str]:
    """The confirmed parts, each on one line. Raises ApiError for an empty title, another kind, a missing or faulty date."""
    own = {name: " ".join(getattr(asked, name).split()) for name in PARTS}
    if not own["title"]:
        raise ApiError(422, "field", "标题是空的", "填上标题", field="title")
    if own["kind"] not in KINDS:
        raise ApiError(422, "field", "稿子只能变成新闻或通知", "选一类", field="kind")
    try:
        own["date"] = f"{parse_moment(own['date']).at:%Y-%m-%d}" if own["date"] else ""
    except FieldError as error:
        raise ApiError(422, "field", error.message, error.hint, field="date") from None
    if not own["date"]:
        raise ApiError(422, "field", "没有填日期", "填事情发生的日子，例如 2024-03-13", field="date")
    return own


def file_name(typed: str) -> str:
    """The name of a manuscript without the folders that a browser sent. Raises UsageError where nothing is left."""
    name = typed.replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    if not Path(name).stem.strip(". "):
        raise UsageError("这个文件没有名字", "给它起一个名字，再拖进来", "file.name")
    return name[-120:]


ENDPOINTS: Endpoints = {
    ("POST", "import"): read_import,
    ("POST", "import/confirm"): confirm_import,
    ("DELETE", "import"): drop_import,
}
