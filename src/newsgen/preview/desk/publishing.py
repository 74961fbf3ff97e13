"""发布 at the keeper's desk: a dry run of `newsgen publish`, and then the real one."""

from __future__ import annotations

import asyncio

from newsgen.config.site_yaml import publishing
from newsgen.core.errors import NewsgenError
from newsgen.core.model import Record, as_dict
from newsgen.preview.desk.app import ApiError, Call, Endpoints


class PublishRequest(Record, frozen=True, array_like=False):
    """A request for a run; `target` is the target's name in site.yaml, "" for the first one."""

    dry_run: bool
    target: str = ""


async def state(call: Call) -> object:
    """The targets of the site, and the present run or the last one."""
    targets = await asyncio.to_thread(targets_of, call)
    return {"targets": targets, **as_dict(call.desk.publish_runs.run)}


async def start(call: Call) -> object:
    """Start a run."""
    asked = await call.json(PublishRequest)
    targets = await asyncio.to_thread(targets_of, call)
    if not targets:
        hint = "写法见 docs/publishing.md，由网站管理员写进 site.yaml"
        raise ApiError(422, "publish.no-target", "site.yaml 里还没有写发布到哪里", hint)
    if asked.target and asked.target not in targets:
        raise ApiError(422, "publish.no-target", f"没有叫“{asked.target}”的发布目标", f"有：{'、'.join(targets)}")
    target = asked.target or targets[0]
    if not call.desk.publish_runs.start(target, asked.dry_run, call.user.name):
        raise ApiError(409, "busy", f"正在发布（{call.desk.publish_runs.run.who}）", "等它做完，再来一次")
    return as_dict(call.desk.publish_runs.run)


def targets_of(call: Call) -> list[str]:
    """The names of the targets; none where site.yaml is faulty, which the preview reports."""
    try:
        return [target.name for target in publishing(call.root).targets]
    except NewsgenError:
        return []


ENDPOINTS: Endpoints = {
    ("GET", "publish"): state,
    ("POST", "publish"): start,
}
