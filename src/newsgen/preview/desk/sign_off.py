"""审签 at the desk: the standing of a report, the changes since its last approval, and a decision on what was shown."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Literal

from newsgen.authoring.sign_off import Ruling, sign
from newsgen.core.errors import NewsgenError
from newsgen.core.model import Record, as_dict
from newsgen.preview.desk.app import ApiError, Call, Endpoints
from newsgen.preview.desk.hand_over import passages
from newsgen.preview.desk.open_report import report_file
from newsgen.signoff.article import ReviewedArticle, read_reviewed
from newsgen.signoff.version_diff import version_diff


class SignRequest(Record, frozen=True, array_like=False):
    """A decision. `digest` is that of the version that the person saw; `name` counts only at a desk without passwords."""

    path: str
    verdict: Literal["approve", "reject", "revoke"]
    digest: str
    stage: str = ""
    name: str = ""
    note: str = ""


async def standing(call: Call) -> object:
    """The standing of a report."""
    path = call.query("path")
    report_file(call.root, path)
    return await asyncio.to_thread(_standing, call, path)


async def decide(call: Call) -> object:
    """Enter a decision on a report. A reviewer signs with their own name, and only what they saw."""
    asked = await call.json(SignRequest)
    report_file(call.root, asked.path)
    name = call.user.name if call.desk.access.signs_in else asked.name.strip()
    if not name:
        raise ApiError(422, "name", "还没有选谁签字", "选一个名字")
    if asked.verdict != "approve" and not asked.note.strip():
        raise ApiError(422, "note", "退回和撤销都要写理由", "写清楚哪里要改")
    stage = asked.stage or None if asked.verdict != "revoke" else None
    await call.writing(partial(_sign, call, asked, Ruling(asked.verdict, name, call.now, stage, asked.note or None)))
    await call.look_at(asked.path)
    return await asyncio.to_thread(_standing, call, asked.path)


async def changes(call: Call) -> object:
    """The changes in a report since it was approved last."""
    path = call.query("path")
    report_file(call.root, path)
    found = await asyncio.to_thread(lambda: version_diff(call.root, read_reviewed(call.root, path)))
    return {
        "approved": found.approved,
        "fields": [as_dict(item) for item in found.fields],
        "body": passages(found.body),
        "files": [as_dict(item) for item in found.files],
    }


def _sign(call: Call, asked: SignRequest, ruling: Ruling) -> None:
    if read_reviewed(call.root, asked.path).standing.digest != asked.digest:
        raise ApiError(409, "changed", "您看过以后，这一篇又改过", "再看一遍，再签")
    sign(call.root, asked.path, ruling)


def _standing(call: Call, path: str) -> dict[str, object]:
    try:
        article = read_reviewed(call.root, path)
    except NewsgenError as error:
        if error.diagnostics[0].code != "review.exempt":
            raise
        return {"needs": False}
    return _as_shown(call, article)


def _as_shown(call: Call, article: ReviewedArticle) -> dict[str, object]:
    found = article.standing
    signed = {decision.stage: decision for decision in found.signed}
    day = f"{call.now:%Y-%m-%d}"
    following = found.next_stage
    stages = []
    for stage in found.stages:
        by = signed.get(stage.name)
        people = [person.name for person in stage.of_section(found.section) if person.may_sign(day)]
        stages.append(
            {"name": stage.name, "people": people, "by": by.name if by else "", "time": by.time if by else ""}
        )
    decisions = article.matter.approvals
    last = next((item for item in reversed(decisions) if item.verdict == "reject"), None)
    is_rejected = last is not None and last == decisions[-1] and last.digest == found.digest
    return {
        "needs": True,
        "state": found.state,
        "digest": found.digest,
        "stages": stages,
        "next": following.name if following else "",
        "waits_for": found.waits_for,
        "has_live": found.live is not None,
        "rejected": {"name": last.name, "time": last.time, "note": last.note or ""} if last and is_rejected else None,
        "signs_as": call.user.name if call.desk.access.signs_in else "",
    }


ENDPOINTS: Endpoints = {
    ("GET", "standing"): standing,
    ("GET", "standing/changes"): changes,
    ("POST", "sign"): decide,
}
