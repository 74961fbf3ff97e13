"""保存版本 and 提交 at the desk, which are shown only where the site lies in a Git repository."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from newsgen.authoring.decisions import decisions_in, with_decisions
from newsgen.authoring.git_repository import Conflict, Repository
from newsgen.authoring.text_lines import body_of, edited, file_text, parts_of, usual_line_end, with_line_feeds
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError, NewsgenError
from newsgen.core.model import Decision, Record, field
from newsgen.core.text import decode
from newsgen.preview.desk.app import ApiError, Call, Endpoints
from newsgen.preview.desk.open_report import report_file


class SaveVersionRequest(Record, frozen=True, array_like=False):
    """A request to save a version: `message` says what was done, `path` is the report ("": all that changed)."""

    message: str
    path: str = ""


class SubmitRequest(Record, frozen=True, array_like=False):
    """A request to submit. `chosen` settles the conflicts with the version `theirs`, by path: "ours", "theirs" or a text."""

    theirs: str = ""
    chosen: dict[str, str] = field(default_factory=dict)


def is_used(root: Path) -> bool:
    """Whether the site lies in a Git repository, and a git of at least 2.38 is installed."""
    return Repository.found(root) is not None


async def state(call: Call) -> object:
    """The changes since the last version, and the versions that wait to be sent."""
    repository = await asyncio.to_thread(_repository, call)
    found = await asyncio.to_thread(repository.state)
    return {**found._asdict(), "changes": [item._asdict() for item in found.changes]}


async def save_version(call: Call) -> object:
    """Save a version of one report, or of all that changed."""
    asked = await call.json(SaveVersionRequest)
    if not asked.message.strip():
        raise ApiError(422, "message", "还没有写改了什么", "写一句话，例如：补上照片")
    repository = await asyncio.to_thread(_repository, call)
    paths = (asked.path,) if asked.path else ()
    for path in paths:
        report_file(call.root, path)
    made = await call.in_git(partial(repository.save, asked.message, call.user.name, paths))
    return {"saved": bool(made), "version": made[:10]}


async def submit(call: Call) -> object:
    """Take in the versions of others, and send the saved ones. Conflicts are shown side by side first."""
    asked = await call.json(SubmitRequest)
    repository = await asyncio.to_thread(_repository, call)

    def work() -> dict[str, object]:
        found = repository.submit(call.user.name, files=call.desk.files)
        if found.conflicts and found.theirs == asked.theirs:
            chosen = _chosen(asked.chosen, found.conflicts)
            found = repository.submit(call.user.name, chosen, found.theirs, call.desk.files)
        if found.conflicts:
            shown = [_shown(item) for item in found.conflicts]
            raise ApiError(
                409, "conflict", "您和别人改了同一篇", "选一份，或者两份合在一起", conflicts=shown, theirs=found.theirs
            )
        return {"sent": found.sent, "received": found.received}

    answer = await call.in_git(work)
    await call.look_at()
    return answer


def _repository(call: Call) -> Repository:
    found = Repository.found(call.root)
    if found is None:
        raise ApiError(404, "missing", "这个网站没有用 Git", "写的内容都存在文件里")
    return found


def _chosen(typed: Mapping[str, str], conflicts: tuple[Conflict, ...]) -> dict[str, bytes | None]:
    """The bytes that were chosen for conflicts."""
    found: dict[str, bytes | None] = {}
    for item in conflicts:
        if item.path in typed:
            word = typed[item.path]
            side = item.ours if word == "ours" else item.theirs if word == "theirs" else _written(item, word)
            found[item.path] = _with_all_decisions(item, side)
    return found


def _with_all_decisions(conflict: Conflict, data: bytes | None) -> bytes | None:
    """The chosen text with the reviewers' decisions of both sides, so that the choice of a text drops no revocation.

    Raises ContentError where the decisions cannot be written into it.
    """
    if data is None or not conflict.path.endswith(".md"):
        return data
    here = _decisions(data)
    both = dict.fromkeys(decision for side in (here, *_sides(conflict)) for decision in side)
    if set(both) <= set(here):
        return data
    return with_decisions(conflict.path, data, sorted(both, key=lambda decision: decision.time))


def _sides(conflict: Conflict) -> list[tuple[Decision, ...]]:
    return [_decisions(side) for side in (conflict.ours, conflict.theirs) if side is not None]


def _decisions(data: bytes) -> tuple[Decision, ...]:
    """The decisions of a side; none where they cannot be read."""
    try:
        return decisions_in(data)
    except ContentError:
        return ()


def _written(conflict: Conflict, text: str) -> bytes:
    """The file with a merged text, in the encoding and with the line ends of our side.

    Raises ApiError where it holds signatures that neither side has, ContentError for a file that cannot be edited, and for
    signatures that cannot be read.
    """
    ours = conflict.ours or conflict.theirs or b""
    own, typed = file_text(ours, conflict.path), parts_of(with_line_feeds(text))
    body = parts_of(file_text(edited(ours, typed.body, conflict.path)).text).body
    data = own.encoded(typed.head.replace("\n", usual_line_end(own.text)) + body, conflict.path)
    if decisions_in(data, conflict.path) not in _sides(conflict):
        raise ApiError(422, "conflict.approvals", f"{conflict.path} 的审签和两边都不一样", "审签请用一边的，不要改动")
    return data


def _shown(conflict: Conflict) -> dict[str, object]:
    """A conflict as the page shows it: each side with size and digest, and for a report with its text."""
    is_text = conflict.path.endswith(".md")
    sides = {"base": conflict.base, "ours": conflict.ours, "theirs": conflict.theirs}
    return {
        "path": conflict.path,
        "is_text": is_text,
        **{name: None if data is None else _side(data, is_text) for name, data in sides.items()},
    }


def _side(data: bytes, is_text: bool) -> dict[str, object]:
    found: dict[str, object] = {"size": len(data), "digest": digest_bytes(data)}
    if is_text:
        text = decode(data)[0] or ""
        try:
            body = body_of(data)[0]
        except NewsgenError:
            body = text
        found |= {"text": text, "body": body}
    return found


ENDPOINTS: Endpoints = {
    ("GET", "git"): state,
    ("POST", "git/save"): save_version,
    ("POST", "git/submit"): submit,
}
