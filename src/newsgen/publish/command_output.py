"""Output of the publishing commands: one JSON document each, and lines in Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.publish.publish import Published
from newsgen.publish.status import Inventory, Verified


def size_of(count: int) -> str:
    """A number of bytes as shown: `4.2 MB`."""
    size, units = float(count), ["B", "KB", "MB", "GB"]
    while size >= 1000 and len(units) > 1:
        size /= 1000
        del units[0]
    return f"{size:.0f} {units[0]}" if units[0] == "B" else f"{size:.1f} {units[0]}"


def published_document(done: Published, dry_run: bool) -> dict[str, object]:
    """The document of `publish --json` and `rollback --json`."""
    diff = done.diff
    return {
        "target": done.target,
        "release": done.release,
        "previous": done.previous,
        "dry_run": dry_run,
        "published": done.done,
        "added": list(diff.added),
        "changed": list(diff.changed),
        "deleted": list(diff.deleted),
        "carried": list(diff.carried),
        "sent_bytes": done.sent,
        "seconds": done.seconds,
    }


def published_lines(done: Published, dry_run: bool) -> Iterator[str]:
    """The lines that tell what a publish did, or would do."""
    diff = done.diff
    counts = f"新增 {len(diff.added)}，改动 {len(diff.changed)}，删去 {len(diff.deleted)}"
    if dry_run:
        yield from (f"＋ {path}" for path in diff.added)
        yield from (f"～ {path}" for path in diff.changed)
        yield from (f"－ {path}" for path in diff.deleted)
        yield f"发布到 {done.target}（{done.shown}）会这样：{counts}。什么都没有改动。"
    elif not done.done:
        yield f"{done.target}（{done.shown}）上已经是这一版：{done.release}。"
    else:
        yield f"已上线：{done.target}（{done.shown}），版本 {done.release}：{counts}，传了 {size_of(done.sent)}，用时 {done.seconds:.1f} 秒。"


def rolled_back_line(done: Published) -> str:
    """The line that tells what a rollback did."""
    return f"已退回到版本 {done.release}（原来是 {done.previous}）：{done.target}（{done.shown}）。"


def inventory_document(found: Inventory) -> dict[str, object]:
    """The document of `releases --json`."""
    keys = ("id", "created", "commit", "modified", "builder", "files", "size", "digest", "restores")
    listed = [{**{key: getattr(item, key) for key in keys}, "live": item.id == found.live} for item in found.releases]
    return {"target": found.target, "live": found.live, "releases": listed}


def inventory_lines(found: Inventory) -> Iterator[str]:
    """The releases, the newest first."""
    for item in reversed(found.releases):
        commit = f"{item.commit[:12]}{'（有未提交的改动）' if item.modified else ''}" if item.commit else "不在 git 里"
        mark = "● 线上" if item.id == found.live else "　　　"
        when = item.created[:16].replace("T", " ")
        again = f"  （退回到 {item.restores}）" if item.restores else ""
        yield f"{mark} {item.id}  {when}  {item.files} 个文件  {size_of(item.size)}  {commit}  newsgen {item.builder}{again}"
    if not found.releases:
        yield "那里还没有版本。"


def verified_document(found: Verified) -> dict[str, object]:
    """The document of `verify --json`."""
    return {
        "target": found.target,
        "release": found.release,
        "signed_by": found.signed_by,
        "files": found.files,
        "changed": list(found.changed),
        "missing": list(found.missing),
        "extra": list(found.extra),
        "ok": not found.diagnostics,
    }


def verified_line(found: Verified) -> str:
    """The line that sums up a verification."""
    signed = f"，签名：{found.signed_by}" if found.signed_by else ""
    if not found.diagnostics:
        return f"{found.target} 上的 {found.files} 个文件都和发布时一样（版本 {found.release}{signed}）。"
    counts = f"改动 {len(found.changed)}，缺少 {len(found.missing)}，多出 {len(found.extra)}"
    return f"{found.target} 和发布时不一样（版本 {found.release}{signed}）：{counts}。"
