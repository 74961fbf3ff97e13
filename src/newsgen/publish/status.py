"""`newsgen releases` and `newsgen verify`: the releases at a target, and whether the live files are as published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsgen.core.errors import UsageError
from newsgen.core.model import Diagnostic
from newsgen.publish.layouts import layout_of
from newsgen.publish.layouts.base import Layout
from newsgen.publish.release import Release
from newsgen.publish.target_state import TargetState
from newsgen.publish.targets import opened
from newsgen.publish.transport.errors import plain


@dataclass(frozen=True, slots=True)
class Inventory:
    """The releases at a target, the oldest first, and the id of the live one."""

    target: str
    releases: tuple[Release, ...]
    live: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """The comparison of the live files with the record. `signed_by` is None if nobody in the site's file of signers
    signed, or no signature is required.
    """

    target: str
    release: str
    signed_by: str | None
    files: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def releases(root: Path, name: str | None) -> Inventory:
    """The inventory of a target."""
    with opened(root, name) as (state, target, _):
        layout = found_layout(state)
        return Inventory(target.name, tuple(map(state.record, layout.releases())), layout.live())


def found_layout(state: TargetState) -> Layout:
    """The layout of a target. Raises UsageError where nothing was published yet."""
    marker = state.marker()
    if marker is None:
        raise UsageError(f"那里还没有发布过：{state.transport.shown}", "先运行 newsgen publish", "publish.nothing")
    return layout_of(state, marker)


def live_id(layout: Layout, state: TargetState) -> str:
    """The id of the live release. Raises UsageError if there is none."""
    name = layout.live()
    if name is None:
        raise UsageError(f"那里还没有版本上线：{state.transport.shown}", "先运行 newsgen publish", "publish.nothing")
    return name


def verify(root: Path, name: str | None) -> Verified:
    """Compare the live site with its record. Raises ContentError if the record itself is missing or damaged."""
    with opened(root, name) as (state, target, _):
        layout = found_layout(state)
        live = live_id(layout, state)
        stored = state.stored(live)
        files, folder = stored.listing.files, layout.folder(live)
        there = state.transport.names(folder, files)
        signer = state.signer(live) if state.signatures.required else None
        irregular = {path for path in files if not there.get(path, True)}
        missing = files.keys() - there.keys()
        changed = sorted((state.transport.mismatched(folder, stored.listing) - missing) | irregular)
        extra = sorted(there.keys() - files.keys())
        unsigned = state.signatures.required and signer is None
        found = _diagnostics(changed, sorted(missing), extra, unsigned, live)
        differences = tuple(changed), tuple(sorted(missing)), tuple(extra)
        return Verified(target.name, live, signer, len(files), *differences, found)


def _diagnostics(
    changed: list[str], missing: list[str], extra: list[str], unsigned: bool, live: str
) -> tuple[Diagnostic, ...]:
    hint = "查清楚是谁改的；要恢复成发布时的样子，运行 newsgen publish --again"
    more = "这个文件不是 newsgen 发布的；查清楚是谁放的，再删去它"
    found = [Diagnostic("verify.changed", "error", f"被改动：{plain(path)}", hint, plain(path)) for path in changed]
    found += [Diagnostic("verify.missing", "error", f"不见了：{plain(path)}", hint, plain(path)) for path in missing]
    found += [Diagnostic("verify.extra", "error", f"多出来：{plain(path)}", more, plain(path)) for path in extra]
    if unsigned:
        found.append(unsigned_record(live))
    return tuple(found)


def unsigned_record(name: str) -> Diagnostic:
    """The diagnostic on a release whose record has no valid signature of an allowed signer."""
    message = f"版本 {name} 的清单没有签名，或签名不对"
    return Diagnostic(
        "verify.signature", "error", message, "可能有人改过服务器上的记录；查清楚以后运行 newsgen publish --again"
    )


def resolved(layout: Layout, typed: str | None, live: Release) -> str:
    """The id of the release to restore: the one that begins with `typed`; None: the one before the live one.

    Raises UsageError if there is none, or several begin so.
    """
    known = layout.releases()
    if typed is None:
        earlier = [name for name in known if name < (live.restores or live.id)]
        if not earlier:
            raise UsageError("没有更早的版本可以退回", "版本见 newsgen releases", "rollback.none")
        return earlier[-1]
    found = [name for name in known if name.startswith(typed)]
    if len(found) != 1:
        what = "不止一个版本" if found else "没有版本"
        raise UsageError(f"{what}以 {typed} 开头", f"有这些：{'、'.join(found or known)}", "rollback.release")
    return found[0]
