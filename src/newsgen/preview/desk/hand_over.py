"""交稿 and 收稿 at the desk: a report is handed in as one ZIP, and a received one is shown before it is written."""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import quote

from starlette.responses import Response

from newsgen.authoring.hand_in import HandIn, hand_in
from newsgen.authoring.receive import ReceivePlan, receive_plan, write
from newsgen.authoring.received_zip import ReceivedReport, read_received
from newsgen.authoring.text_lines import body_of
from newsgen.authoring.zip_files import MOST_BYTES
from newsgen.content.document import parse
from newsgen.core.errors import ContentError
from newsgen.core.model import FrontMatter, Markdown, Record, as_dict
from newsgen.core.text import decode
from newsgen.core.text_diff import TextChange
from newsgen.preview.desk.app import ApiError, Call, Endpoints
from newsgen.preview.desk.desk_hints import desk_findings
from newsgen.preview.desk.open_report import read_report, report_file
from newsgen.preview.desk.report_findings import findings_of_report


class HandInRequest(Record, frozen=True, array_like=False):
    """A request to hand in a report. `who` counts only at a desk without passwords ("": the name in Git)."""

    path: str
    who: str = ""


class ReceiveConfirmRequest(Record, frozen=True, array_like=False):
    """A request to write a received report. `section` and `name` are "" where they are as shown; `replaces`: even a report
    that was edited here."""

    id: str
    section: str = ""
    name: str = ""
    replaces: bool = False


class ArrivedReport(Record, frozen=True):
    """A received report, with the plan that was shown to the person who decides on it."""

    given: ReceivedReport
    shown: ReceivePlan


async def hand_in_report(call: Call) -> object:
    """Make the ZIP of a report."""
    asked = await call.json(HandInRequest)
    data = await asyncio.to_thread(lambda: read_report(report_file(call.root, asked.path), asked.path))
    known = await call.in_session(lambda session: findings_of_report(session, asked.path, data))
    who = call.user.name if call.desk.access.signs_in else asked.who.strip() or call.user.name
    made = await asyncio.to_thread(hand_in, call.root, asked.path, who, call.now, known)
    name = call.desk.pending.put(call.user, made, len(made.data))
    return {
        "name": made.name,
        "size": len(made.data),
        "findings": [as_dict(item) for item in desk_findings(made.findings, data)],
        "remarks": list(made.remarks),
        "url": f"api/hand-in?id={name}",
    }


async def fetch_zip(call: Call) -> object:
    """The bytes of a ZIP that was made."""
    made = call.desk.pending.get(call.user, call.query("id"), HandIn)
    if made is None:
        raise ApiError(404, "missing", "这个压缩包已经不在了", "再点一次“交稿”")
    disposition = f"attachment; filename=\"report.zip\"; filename*=UTF-8''{quote(made.name)}"
    return Response(made.data, 200, {"Content-Disposition": disposition}, "application/zip")


async def receive(call: Call) -> object:
    """Read and show a report that somebody handed in; nothing is written."""
    name = call.query("name")
    async with call.desk.large_bodies:
        data = await call.body(MOST_BYTES)
        given = await asyncio.to_thread(read_received, data, name)
        del data
    return await _shown(call, given, await asyncio.to_thread(receive_plan, call.root, given))


async def confirm(call: Call) -> object:
    """Write a received report. Where it would replace another state than was shown, show that first."""
    asked = await call.json(ReceiveConfirmRequest)
    arrived = call.desk.pending.get(call.user, asked.id, ArrivedReport)
    if arrived is None:
        raise ApiError(404, "missing", "这份稿子已经不在内存里了", "把压缩包再放一次")
    look = partial(receive_plan, call.root, arrived.given, asked.section or None, asked.name or None)
    now = await asyncio.to_thread(look)
    if (now.path, now.before) != (arrived.shown.path, arrived.shown.before) and not now.is_new:
        call.desk.pending.drop(call.user, asked.id)
        shown = await _shown(call, arrived.given, now)
        raise ApiError(409, "changed", "这里的和刚才给您看的不一样了", "再看一看差别，再点一次", now=shown)
    if now.is_edited and not asked.replaces:
        raise ApiError(409, "edited", "这一篇在这里改过", "收成另一篇，或者确定要换掉它")
    summary = arrived.given.summary
    warnings = await call.writing(partial(write, call.root, now, summary.who if summary else call.user.name, call.now))
    call.desk.pending.drop(call.user, asked.id)
    await call.look_at(*now.files)
    return {"path": now.path, "remarks": [f"{item.message}。{item.hint}" for item in warnings]}


async def _shown(call: Call, given: ReceivedReport, found: ReceivePlan) -> dict[str, object]:
    """A received report as the page shows it, with the id under which it is kept for the decision."""
    size = len(given.text) + sum(map(len, given.files.values()))
    summary = given.summary
    return {
        "id": call.desk.pending.put(call.user, ArrivedReport(given, found), size),
        "path": found.path,
        "title": found.title,
        "body": _body(given.text),
        "who": summary.who if summary else "",
        "when": summary.when if summary else "",
        "is_new": found.is_new,
        "is_draft": _is_draft(given.text),
        "is_same": found.is_same,
        "is_edited": found.is_edited,
        "differences": {
            "text": passages(found.text),
            "files": [as_dict(item) for item in found.file_changes],
        },
        "check": [as_dict(item) for item in found.findings],
        "remarks": list(found.remarks),
    }


def _is_draft(text: bytes) -> bool:
    """Whether the report is a draft, which no reader sees until somebody removes the mark."""
    matter = parse(text, Markdown()).document.matter
    return isinstance(matter, FrontMatter) and matter.draft


def _body(text: bytes) -> str:
    """The text below the front matter, to be shown."""
    try:
        return body_of(text)[0]
    except ContentError:  # it can be shown, though no text field could write it back
        return decode(text)[0] or ""


def passages(changes: tuple[TextChange, ...]) -> list[dict[str, object]]:
    """The changed passages of a text, as the page shows them."""
    return [
        {"line": change.line, "pieces": [[kind, text] for kind, text in change.pieces]}
        for change in changes
        if not change.is_same
    ]


ENDPOINTS: Endpoints = {
    ("POST", "hand-in"): hand_in_report,
    ("GET", "hand-in"): fetch_zip,
    ("POST", "receive"): receive,
    ("POST", "receive/confirm"): confirm,
}
