"""The command that takes in a report which was handed in as a ZIP: receive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import json_option, now_option, root_option
from newsgen.cli.output import as_json_list, counted, print_diagnostics, print_json
from newsgen.core.errors import ContentError, UsageError
from newsgen.core.model import Diagnostic

if TYPE_CHECKING:
    from datetime import datetime

    from newsgen.authoring.receive import ReceivePlan

_HOW = {"added": "新加", "replaced": "换掉", "stays": "留着（稿子里没有）"}


@click.command("receive", cls=ChineseCommand)
@click.argument("zip_file", metavar="压缩包")
@click.option("-s", "--section", metavar="栏目", help="收进哪个栏目，文件夹名或名称（默认：交稿单上的栏目）")
@click.option("--as", "name", metavar="名称", help="收成另一个文件夹名，不和这里已有的一篇混在一起")
@click.option("--yes", is_flag=True, help="不再询问，直接收；收过以后这里改过的，不会换掉")
@click.option("--dry-run", "only_shows", is_flag=True, help="只看会有什么变化，不写文件")
@now_option
@root_option
@json_option
def receive_command(
    zip_file: str,
    section: str | None,
    name: str | None,
    yes: bool,
    only_shows: bool,
    now: datetime,
    root: Path,
    as_json: bool,
) -> int:
    """收稿：把“交稿”做的压缩包收进来，先看和这里的有什么不同。"""
    from newsgen.authoring.receive import receive_plan, write
    from newsgen.authoring.received_zip import read_received

    given = read_received(_read(zip_file), Path(zip_file).name)
    plan = receive_plan(root, given, section, name)
    _tell(plan, as_json)
    applies = not (only_shows or plan.is_same) and _agreed(plan, yes, as_json)
    diagnostics: tuple[Diagnostic, ...] = ()
    if applies:
        sender = given.summary.who if given.summary else ""
        diagnostics = write(root, plan, sender, now)
        print_diagnostics(diagnostics)
        click.echo(f"已收好 {plan.path}。", err=as_json)
    if as_json:
        print_json({**_as_json(plan), "written": applies, "diagnostics": as_json_list(diagnostics)})
    return 0


def _read(name: str) -> bytes:
    from newsgen.authoring.zip_files import MOST_BYTES
    from newsgen.core.files import read_file
    from newsgen.core.platform import reason

    try:
        return read_file(name, MOST_BYTES)
    except OSError as error:
        hint = "检查文件名；在微信里先点“保存到电脑”"
        raise UsageError(f"打不开 {name}：{reason(error)}", hint, "receive.missing") from None


def _tell(plan: ReceivePlan, as_json: bool) -> None:
    """Print who hands in what, and what would change."""
    lines = [f"{plan.path}：{plan.title}"]
    summary = plan.received.summary
    if summary:
        lines.append(f"  交稿：{summary.who}，{summary.when[:16].replace('T', ' ')}，newsgen {summary.newsgen}")
    lines += [f"  注意：{remark}" for remark in plan.remarks]
    if plan.is_new:
        lines.append("  这里还没有这一篇")
    elif plan.is_same:
        lines.append("  和这里的一模一样，不用收")
    else:
        lines += ["  正文的差别（− 这里的，+ 稿子里的）：", *(f"    {line}" for line in _changed_lines(plan))]
    lines += [f"  {_HOW[item.how]}：{item.name}" for item in plan.file_changes]
    lines.append(f"  检查：{counted(item.diagnostic for item in plan.findings)}")
    click.echo("\n".join(lines), err=as_json)


def _changed_lines(plan: ReceivePlan) -> list[str]:
    found = []
    for change in plan.text:
        if not change.is_same:
            found += [f"第 {change.line} 行"]
            found += [f"− {line}" for line in change.before.splitlines()]
            found += [f"+ {line}" for line in change.now.splitlines()]
    return found or ["没有"]


def _agreed(plan: ReceivePlan, yes: bool, as_json: bool) -> bool:
    """Whether to write. What was edited here is replaced by nobody but a person who has seen the differences."""
    if plan.is_edited and (yes or as_json):
        message = f"{plan.path} 在这里改过，和上次收的不一样，没有收"
        hint = "收成另一篇：--as 名称；要换掉它：不加 --yes 和 --json 运行，看过差别再答"
        raise ContentError([Diagnostic("receive.edited", "error", message, hint, plan.path)])
    if yes or as_json:
        return True
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("没有人可以回答，所以没有收", "看过以后加上 --yes 再运行一次")
    question = "这里的改过，换成稿子里的吗？换掉的留在历史里" if plan.is_edited else "收进来吗？"
    return click.confirm(question, default=not plan.is_edited)


def _as_json(plan: ReceivePlan) -> dict[str, object]:
    from newsgen.check.formats import as_json as findings_as_json

    summary = plan.received.summary
    return {
        "path": plan.path,
        "title": plan.title,
        "who": summary.who if summary else None,
        "when": summary.when if summary else None,
        "new": plan.is_new,
        "same": plan.is_same,
        "edited": plan.is_edited,
        "text": [
            {"line": change.line, "before": change.before, "now": change.now}
            for change in plan.text
            if not change.is_same
        ],
        "files": [{"name": item.name, "how": item.how} for item in plan.file_changes],
        "remarks": list(plan.remarks),
        "findings": findings_as_json(plan.findings),
    }
