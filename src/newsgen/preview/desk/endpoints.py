"""The API of the desk: each endpoint by its method and path, as the page calls it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from newsgen.authoring.file_names import short_name
from newsgen.authoring.front_matter_values import RefusedValue, Typed
from newsgen.config.model import Config
from newsgen.config.site_yaml import load
from newsgen.core.digest import digest_texts
from newsgen.core.errors import NewsgenError
from newsgen.core.model import Record, as_dict, changed, field
from newsgen.preview.desk import (
    deleted,
    earlier_versions,
    git_versions,
    hand_over,
    imports,
    merging,
    moving,
    pasting,
    publishing,
    sign_off,
    uploads,
)
from newsgen.preview.desk.access import NEEDS
from newsgen.preview.desk.app import ApiError, Call, Endpoints
from newsgen.preview.desk.desk_hints import desk_findings
from newsgen.preview.desk.form_fields import FIELDS, KIND_LABELS, KINDS, fields_of
from newsgen.preview.desk.new_report import NewReport, write_new
from newsgen.preview.desk.open_report import OpenReport, open_report, read_report, report_file
from newsgen.preview.desk.report_findings import findings_of_report, rejection
from newsgen.preview.desk.report_list import ReportRow, report_row, report_rows, sections_of, usual_sections
from newsgen.preview.desk.saving import ChangedMeanwhile, ReportEdit, save
from newsgen.preview.session import Session


class AttachmentValue(Record, frozen=True, array_like=False):
    """A file of `attachments`, and the text that readers see for it (none: the file's name)."""

    file: str
    name: str | None = ""


class SaveRequest(Record, frozen=True, array_like=False):
    """A request to save: see ReportEdit."""

    base: str
    body: str | None = None
    fields: dict[str, str | list[AttachmentValue] | None] = field(default_factory=dict)
    window: str = ""

    def edit(self, path: str, who: str) -> ReportEdit:
        """The edit of the report at `path`."""
        fields = {name: _typed(value) for name, value in self.fields.items()}
        return ReportEdit(path, self.base, self.body, fields, who, self.window)


def _typed(value: str | list[AttachmentValue] | None) -> Typed:
    return [(item.file, item.name or None) for item in value] if isinstance(value, list) else value


async def site(call: Call) -> object:
    """The facts about the site, which the page asks for once."""
    texts = await call.in_session(lambda session: session.texts)
    config = await call.in_session(lambda session: session.config) or await asyncio.to_thread(_config, call.root)
    matters = [document.matter for _, document in texts if document]
    return {
        "title": config.title if config else "",
        "organization": config.organization if config else "",
        "sections": [as_dict(section) for section in sections_of(texts)],
        "usual_sections": usual_sections(texts),
        "branches": sorted({name for matter in matters for name in getattr(matter, "branch", ())}),
        "tags": sorted({name for matter in matters for name in getattr(matter, "tags", ())}),
        "kinds": [
            {"name": kind, "typed": KINDS[kind], "label": label, "fields": [as_dict(item) for item in fields_of(kind)]}
            for kind, label in KIND_LABELS.items()
        ],
        "fields": {item.key: as_dict(item) for item in FIELDS},
        "user": {"name": call.user.name, "role": call.user.role},
        "has_reviews": bool(config and config.reviews),
        "may": [action for action, least in NEEDS.items() if call.user.may(least)],
        "signs_in": call.desk.access.signs_in,
        "has_git": await asyncio.to_thread(git_versions.is_used, call.root),
        "has_targets": bool(await asyncio.to_thread(publishing.targets_of, call)),
        "instance": call.desk.preview.session.instance,
        "id": digest_texts((str(call.root.resolve()),))[:16],
    }


def _config(root: Path) -> Config | None:
    """The settings of a site that has had errors ever since the desk started; None for a faulty site.yaml."""
    try:
        return load(root)
    except NewsgenError:
        return None


async def reports(call: Call) -> object:
    """The list of reports, and the version of the site that it shows."""

    def listed(session: Session) -> tuple[tuple[ReportRow, ...], str, int]:
        rows = report_rows(session, call.now, call.desk.standings.of(session))
        return rows, session.instance, session.version.number

    rows, instance, version = await call.in_session(listed)
    return {"reports": [as_dict(row) for row in rows], "instance": instance, "version": version}


async def new_report(call: Call) -> object:
    """Write a new report in a folder of its own."""
    new = await call.json(NewReport)
    path = await call.writing(partial(write_new, call.root, new, call.now))
    await call.look_at(path)
    return {"path": path}


async def name_for_title(call: Call) -> object:
    """The name for the address, made from a title."""
    return {"name": short_name(call.query("title"))}


async def report(call: Call) -> object:
    """One report, to be edited."""
    path = call.query("path")
    return await shown(call, await asyncio.to_thread(open_report, call.root, path))


async def version(call: Call) -> object:
    """The version of a report on the disk, which changes when another window or program writes it."""
    return {"version": await asyncio.to_thread(call.desk.versions.of, call.query("path"))}


async def save_report(call: Call) -> object:
    """Save an edit of a report. A field whose value is refused does not stop the rest from being saved."""
    path, asked = call.query("path"), await call.json(SaveRequest)
    edit = asked.edit(path, call.user.name)
    refused: dict[str, RefusedValue] = {}
    while True:
        try:
            answer = await _saved(call, edit)
        except RefusedValue as error:
            refused[error.key] = error
            edit = changed(edit, fields={name: value for name, value in edit.fields.items() if name != error.key})
        else:
            break
    if refused:
        first = next(iter(refused.values()))
        each = {key: {"message": error.message, "hint": error.hint} for key, error in refused.items()}
        raise ApiError(422, "field", first.message, first.hint, refused=each, saved=answer)
    return answer


async def _saved(call: Call, edit: ReportEdit) -> dict[str, object]:
    """Save an edit; return the answer for the page. Raises ApiError, RefusedValue."""
    try:
        saved, problem = await call.writing(partial(save, call.root, edit, call.desk.autosaves, call.now))
    except ChangedMeanwhile as error:
        theirs = await shown(call, error.theirs)
        message, hint = "这一篇刚刚被别人或别的程序改过", "选一份，或者两份合在一起"
        raise ApiError(409, "changed", message, hint, theirs=theirs) from None
    await call.look_at(edit.path)
    answer = await shown(call, saved) if edit.fields else {"path": edit.path, "version": saved.version}
    return {**answer, "body_line": saved.body_line, "remark": problem.message if problem else ""}


async def findings(call: Call) -> object:
    """The findings about a report as it lies on the disk, and its row in the list."""
    path = call.query("path")
    data = await asyncio.to_thread(lambda: read_report(report_file(call.root, path), path))
    found = await call.in_session(
        lambda session: (*rejection(session, path, data), *findings_of_report(session, path, data))
    )
    listed = [as_dict(item) for item in desk_findings(found, data)]
    return {"findings": listed, **await _standing(call, path)}


async def _standing(call: Call, path: str) -> dict[str, object]:
    """The row of a report in the list; empty texts where the preview has not seen it yet."""
    of = call.desk.standings.of_report
    row = await call.in_session(lambda session: report_row(session, path, call.now, of(session, path)))
    known = as_dict(row) if row else {}
    return {name: known.get(name, "") for name in ("section", "section_title", "kind", "state", "page")}


async def shown(call: Call, opened: OpenReport) -> dict[str, object]:
    """A report with its row in the list and its files, which the page shows beside it."""
    fields = {
        name: value if isinstance(value, str) else [{"file": file, "name": name or ""} for file, name in value]
        for name, value in opened.fields.items()
    }
    files = await uploads.files_of(call, opened.path)
    return {**as_dict(opened), "fields": fields, **await _standing(call, opened.path), "files": files}


ENDPOINTS: Endpoints = {
    ("GET", "site"): site,
    ("GET", "reports"): reports,
    ("POST", "reports"): new_report,
    ("GET", "short-name"): name_for_title,
    ("GET", "report"): report,
    ("GET", "report/version"): version,
    ("PUT", "report"): save_report,
    ("GET", "findings"): findings,
    **uploads.ENDPOINTS,
    **imports.ENDPOINTS,
    **pasting.ENDPOINTS,
    **earlier_versions.ENDPOINTS,
    **deleted.ENDPOINTS,
    **merging.ENDPOINTS,
    **moving.ENDPOINTS,
    **hand_over.ENDPOINTS,
    **sign_off.ENDPOINTS,
    **git_versions.ENDPOINTS,
    **publishing.ENDPOINTS,
}
