"""Endpoints that list the versions of a report of the last 30 days, compare one with the report as it is, and restore it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from newsgen.authoring.autosaves import Autosaves
from newsgen.authoring.decisions import decisions_in, with_decisions
from newsgen.authoring.front_matter_values import values_of
from newsgen.authoring.history import CAUSES, not_kept, read, versions
from newsgen.authoring.history_files import KeptVersion
from newsgen.authoring.text_lines import body_of
from newsgen.core.digest import digest_bytes
from newsgen.core.files import FileChanged
from newsgen.core.model import Record, as_dict
from newsgen.core.text_diff import changes
from newsgen.preview.desk.app import ApiError, Call, Endpoints
from newsgen.preview.desk.open_report import read_report, report_file
from newsgen.preview.desk.saving import write


class RestoreRequest(Record, frozen=True, array_like=False):
    """A request to restore the version `id`; `base` is the version of the report that it replaces."""

    path: str
    id: str
    base: str


async def history(call: Call) -> object:
    """The versions of a report, the newest first."""
    path = call.query("path")
    report_file(call.root, path)
    found = await asyncio.to_thread(versions, call.root, path)
    return {"versions": [_listed(item) for item in found if item.reason != "removed"]}


def _listed(version: KeptVersion) -> dict[str, object]:
    return {**as_dict(version), "reason": CAUSES.get(version.reason, "")}


async def history_version(call: Call) -> object:
    """One version, and what changed in the report since."""
    return await asyncio.to_thread(compared, call.root, call.query("path"), call.query("id"))


def compared(root: Path, path: str, version: str) -> dict[str, object]:
    """A version of a report, and its differences from the report as it is. Raises ContentError, HostError, UsageError."""
    now = read_report(report_file(root, path), path)
    data = read(root, path, version)
    then, here = body_of(data, path)[0], body_of(now, path)[0]
    found = [item for item in changes(then, here) if not item.is_same]
    return {"body": then, "fields": _fields(data, now), "changes": [as_dict(item) for item in found]}


def _fields(then: bytes, now: bytes) -> list[dict[str, str]]:
    """The fields whose values differ, each with both."""
    before, after = values_of(then).values, values_of(now).values
    found = []
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            found.append({"key": key, "then": _shown(before.get(key)), "now": _shown(after.get(key))})
    return found


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(name or file for file, name in value)
    return str(value or "")


async def restore(call: Call) -> object:
    """Restore a version; the report as it was until now is kept as a version, too."""
    asked = await call.json(RestoreRequest)
    await call.writing(partial(restore_version, call.root, asked, call.desk.autosaves, call))
    await call.look_at(asked.path)
    return {"path": asked.path}


def restore_version(root: Path, asked: RestoreRequest, autosaves: Autosaves, call: Call) -> None:
    """Write a version into its report's file, which keeps the decisions of reviewers that it holds now.

    Raises ApiError where the file has changed since it was shown, HostError where its present bytes could not be kept or it cannot be written.
    """
    file = report_file(root, asked.path)
    before = read_report(file, asked.path)
    if digest_bytes(before) != asked.base:
        raise _changed()
    # Restoring a text must not change who has approved, rejected or revoked.
    after = with_decisions(asked.path, read(root, asked.path, asked.id), decisions_in(before, asked.path))
    if before != after:
        kept = autosaves.before_restoring(asked.path, before, call.now)
        if kept.id is None:
            raise not_kept(kept, "没有恢复", asked.path)
        try:
            write(file, asked.path, after, before)
        except FileChanged:
            raise _changed() from None
        autosaves.after(asked.path, after, call.user.name, call.now)


def _changed() -> ApiError:
    return ApiError(409, "changed", "这一篇刚刚又被改过，没有换", "关掉这个窗口，看一看现在的内容再换")


ENDPOINTS: Endpoints = {
    ("GET", "history"): history,
    ("GET", "history/version"): history_version,
    ("POST", "history/restore"): restore,
}
