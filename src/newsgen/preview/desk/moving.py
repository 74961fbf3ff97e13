"""栏目 at the desk: a draft that was never published may be moved into another section."""

from __future__ import annotations

import asyncio
import os
import posixpath
from functools import partial
from pathlib import Path

from newsgen.authoring.move import move_report
from newsgen.build.output.released import released_pages
from newsgen.build.request import DEFAULT_OUTPUT
from newsgen.content.document import parse
from newsgen.content.photo_numbers import own_folder
from newsgen.core.model import FrontMatter, Markdown, Record
from newsgen.preview.desk.app import ApiError, Call, Endpoints
from newsgen.preview.desk.open_report import read_report, report_file
from newsgen.preview.desk.report_list import report_row

KNOWN = "发布过的文章换栏目，网址会变，请告诉管理网站的老师"
"""The reason why a report must stay in its section: readers may have its address."""


class MoveRequest(Record, frozen=True, array_like=False):
    """A request to move a report: `section` is a folder below content/."""

    path: str
    section: str


async def section(call: Call) -> object:
    """The section of a report, and the reason why it cannot be changed ("" where it can)."""
    path = call.query("path")
    row = await call.in_session(lambda session: report_row(session, path, call.now))
    return {"section": row.section if row else "", "reason": await _reason(call, path)}


async def move(call: Call) -> object:
    """Move a report into another section."""
    asked = await call.json(MoveRequest)
    row = await call.in_session(lambda session: report_row(session, asked.path, call.now))
    path = await call.writing(partial(_moved, call.root, asked, row.page if row else ""))
    await call.look_at(*await asyncio.to_thread(_touched, call.root, asked.path, path))
    return {"path": path}


def _moved(root: Path, asked: MoveRequest, page: str) -> str:
    """Move a report if it may be moved. To be called in the thread that writes, so that nobody signs it meanwhile.
    Raises ApiError."""
    why = why_fixed(root, asked.path, page)
    if why:
        raise ApiError(422, "move.known", "没有换栏目", why)
    return move_report(root, asked.path, asked.section)


def _touched(root: Path, before: str, after: str) -> tuple[str, ...]:
    """The old and the new paths of the files of a moved report."""
    old, new = posixpath.dirname(before), posixpath.dirname(after)
    names = [name for name in os.listdir(root / new) if (root / new / name).is_file()] if own_folder(after) else []
    return (before, after, *(f"{folder}/{name}" for name in names for folder in (old, new)))


async def _reason(call: Call, path: str) -> str:
    """The reason why a report must stay in its section; "" where it need not."""
    row = await call.in_session(lambda session: report_row(session, path, call.now))
    return await asyncio.to_thread(why_fixed, call.root, path, row.page if row else "")


def why_fixed(root: Path, path: str, page: str) -> str:
    """The reason why the report at `path` must stay in its section; "" where it need not.

    It must stay unless its front matter is faultless and says draft, nobody has decided on it, and its page `page` was
    neither built nor published.
    """
    matter = parse(read_report(report_file(root, path), path), Markdown()).document.matter
    if not isinstance(matter, FrontMatter):
        return "先改好检查里的错误，再换栏目"
    is_known = (
        not matter.draft
        or bool(matter.approvals)
        or page in released_pages(root)
        or bool(page and (root / DEFAULT_OUTPUT / page).is_file())
    )
    return KNOWN if is_known else ""


ENDPOINTS: Endpoints = {("GET", "section"): section, ("POST", "section"): move}
