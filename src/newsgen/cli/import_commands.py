"""Commands that take in what was written elsewhere: import-word."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import json_option, root_option
from newsgen.cli.output import print_json
from newsgen.core.errors import UsageError
from newsgen.core.scalars import FieldError, parse_moment

if TYPE_CHECKING:
    from newsgen.authoring.importers.import_manuscript import ImportedReport

_SHOWN = (
    ("title", "标题"),
    ("subtitle", "副题"),
    ("date", "日期"),
    ("author", "作者"),
    ("source", "来源"),
    ("photographer", "摄影"),
    ("editor", "编辑"),
    ("reviews", "审核"),
    ("kind", "类型"),
    ("addressee", "主送"),
)


@click.command("import-word", cls=ChineseCommand)
@click.argument("sources", metavar="文件、文件夹或压缩包...", nargs=-1, required=True)
@click.option("-s", "--section", metavar="栏目", help="栏目的文件夹名或名称（默认：菜单上的第一个栏目）")
@click.option("--title", metavar="标题", help="不用认出来的标题，用这个")
@click.option("--date", "day", metavar="日期", help="不用认出来的日期，用这个，例如 2024-03-13")
@click.option("--author", metavar="姓名", help="不用认出来的作者，用这个")
@click.option("--source", metavar="单位", help="不用认出来的来源，用这个")
@click.option("--yes", is_flag=True, help="不再询问，直接写")
@click.option("--dry-run", "only_shows", is_flag=True, help="只看会得到什么，不写文件")
@root_option
@json_option
def import_word_command(
    sources: tuple[str, ...],
    section: str | None,
    title: str | None,
    day: str | None,
    author: str | None,
    source: str | None,
    yes: bool,
    only_shows: bool,
    root: Path,
    as_json: bool,
) -> None:
    """把 Word 稿或另存的网页变成文章：文字、表格、照片、脚注都带进来，带不进来的会说。"""
    from newsgen.authoring.importers.import_manuscript import make_report, read_manuscript, write_report

    typed = {"title": title, "date": _day(day), "author": author, "source": source}
    own = {name: text for name, text in typed.items() if text}
    if len(sources) > 1 and own:
        raise UsageError(
            "一次导入几篇时，不能用 --title、--date、--author、--source", "一篇一篇地导入，或者以后改文件头"
        )
    reports = []
    for name in sources:
        report = make_report(root, read_manuscript(Path(name)), section, own)
        _tell(report, as_json)
        applies = not only_shows and (yes or as_json or _agreed(report))
        if applies:
            write_report(root, report)
            click.echo(f"已写好 {report.path}。", err=as_json)
        reports.append(_as_json(report, applies))
    if as_json:
        print_json({"reports": reports})


def _day(text: str | None) -> str:
    try:
        return f"{parse_moment(text).at:%Y-%m-%d}" if text else ""
    except FieldError as error:
        raise UsageError(f"--date：{error.message}", error.hint) from None


def _tell(report: ImportedReport, as_json: bool) -> None:
    """Print what was recognised, what came in and went out, and what was not carried."""
    lines = [f"{report.path}"]
    lines += [f"  {label}：{text}" for name, label in _SHOWN if (text := getattr(report.parts, name))]
    counted = zip(("字", "图片", "表格"), report.counts, strict=True)
    lines.append("  " + "，".join(f"{label} {before} → {after}" for label, (before, after) in counted))
    lines += [f"  注意：{remark}" for remark in report.remarks]
    lines += [f"  没有带进来的文字：{passage}" for passage in report.missing]
    click.echo("\n".join(lines), err=as_json)


def _agreed(report: ImportedReport) -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("没有人可以回答，所以没有写文件", "看过以后加上 --yes 再运行一次")
    return click.confirm("这样写吗？标题、日期、作者以后还可以在文件头里改", default=True)


def _as_json(report: ImportedReport, is_written: bool) -> dict[str, object]:
    parts = {name: getattr(report.parts, name) for name, _ in _SHOWN}
    return {
        "path": report.path,
        "written": is_written,
        **parts,
        **report.counts._asdict(),
        "remarks": list(report.remarks),
        "missing": list(report.missing),
        "files": sorted(report.files),
    }
