"""Commands that check articles: check, fix."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import json_option, now_option, root_option
from newsgen.cli.output import counted, print_diagnostics, print_json, progress
from newsgen.core.errors import UsageError
from newsgen.core.model import SEVERITIES, Diagnostic, changed

if TYPE_CHECKING:
    from newsgen.check.finding import Finding
    from newsgen.check.pipeline import CheckResult

FORMATS = ("text", "json", "sarif", "github")


@click.command("check", cls=ChineseCommand)
@click.argument("files", metavar="[文件]...", nargs=-1)
@click.option("--since", metavar="版本", help="只看 git 里这个版本以来改过的文章，例如 HEAD~1")
@click.option("--strict", is_flag=True, help="有提醒也算失败")
@click.option("--explain", metavar="代码", help="说明一条规则：查什么，为什么，错的和对的各一例")
@click.option("--list", "lists", is_flag=True, help="列出全部规则，和 site.yaml 里关掉的")
@click.option(
    "--format", "form", metavar="格式", type=click.Choice(FORMATS), help="text、json、sarif 或 github（默认：text）"
)
@click.option("--external", is_flag=True, help="逐个打开外部的链接，看还在不在；要联网，比较慢")
@click.option("--report", "report", metavar="文件夹", help="把自查报告写进这个文件夹：一个能打印、能签字的网页")
@click.option("--jobs", metavar="个数", type=click.IntRange(1), help="最多用几个进程（默认：每个处理器一个）")
@now_option
@root_option
@json_option
def check_command(
    files: tuple[str, ...],
    since: str | None,
    strict: bool,
    explain: str | None,
    lists: bool,
    form: str | None,
    external: bool,
    report: str | None,
    jobs: int | None,
    now: datetime,
    root: Path,
    as_json: bool,
) -> int:
    """检查写好的文章：标点、错字、日期、个人信息、链接。"""
    if explain:
        _explain(explain)
        return 0
    if lists:
        _list(root)
        return 0
    from newsgen.check.pipeline import check_site
    from newsgen.check.selection import CheckRequest

    result = check_site(CheckRequest(root, now, files, since, jobs, external), progress)
    if report:
        _report(Path(report), root, now, result)
    form = form or ("json" if as_json else "text")
    failed = result.has("error", "warning") if strict else result.has("error")
    if form == "text":
        print_diagnostics(map(_with_code, result.findings))
        click.echo(f"检查了 {result.files} 篇：{counted(item.diagnostic for item in result.findings)}。")
    elif form == "github":
        from newsgen.check.formats import as_github

        for line in as_github(result.findings):
            click.echo(line)
    else:
        from newsgen.check.formats import as_json as findings_as_json
        from newsgen.check.formats import as_sarif
        from newsgen.check.rules.registry import RULES

        if form == "sarif":
            print_json(as_sarif(result.findings, RULES))
        else:
            print_json({"files": result.files, "findings": findings_as_json(result.findings)})
    return int(failed)


@click.command("fix", cls=ChineseCommand)
@click.argument("files", metavar="[文件]...", nargs=-1)
@click.option("--since", metavar="版本", help="只改 git 里这个版本以来改过的文章，例如 HEAD~1")
@click.option("--yes", is_flag=True, help="不再询问，直接改")
@click.option("--dry-run", "only_shows", is_flag=True, help="只看会改成什么样，不改文件")
@now_option
@root_option
@json_option
def fix_command(
    files: tuple[str, ...], since: str | None, yes: bool, only_shows: bool, now: datetime, root: Path, as_json: bool
) -> None:
    """改正没有疑问的错误：标点、全角数字、多余的空格。先给您看，再改。"""
    from newsgen.check.fix import corrections_of, write_corrections
    from newsgen.check.selection import CheckRequest

    corrections = corrections_of(CheckRequest(root, now, files, since), progress)
    count = sum(len(correction.findings) for correction in corrections)
    for correction in corrections:
        for line in correction.difference():
            click.echo(line, err=as_json)
    applies = bool(corrections) and not only_shows and (yes or as_json or _agreed(count, len(corrections)))
    if applies:
        write_corrections(root, corrections)
    if as_json:
        changed = [{"path": item.path, "corrections": len(item.findings)} for item in corrections]
        print_json({"files": changed, "written": applies})
    elif not corrections:
        click.echo("没有可以直接改的地方。")
    else:
        click.echo(
            f"改好了 {len(corrections)} 个文件里的 {count} 处。"
            if applies
            else f"没有改动文件：{len(corrections)} 个文件里有 {count} 处可以改。"
        )


def _with_code(finding: Finding) -> Diagnostic:
    """The finding as a diagnostic that ends with the rule's code, by which an author may switch it off."""
    from newsgen.check.rules.registry import BY_CODE

    code = f"（{finding.code}）" if finding.code in BY_CODE else ""
    return changed(finding.diagnostic, message=finding.message + code)


def _report(folder: Path, root: Path, now: datetime, result: CheckResult) -> None:
    from newsgen.check.inspection_report import ReportHead, write_report
    from newsgen.config.site_yaml import load

    config = load(root)
    head = ReportHead(config.organization, config.title, now, result.files)
    page, mended = write_report(folder, root, head, result.findings)
    since = f"，上次以来已整改 {mended} 处" if mended else ""
    click.echo(f"自查报告在 {page.as_posix()}{since}。用浏览器打开，可以打印、签字。", err=True)


def _agreed(count: int, files: int) -> bool:
    """Whether the person at the terminal wants these corrections; without a terminal nobody can be asked."""
    if not sys.stdin or not sys.stdin.isatty():
        raise UsageError("要您确认才能改，这里没有终端可以问", "加上 --yes 直接改，或 --dry-run 只看不改")
    return click.confirm(f"改正这 {files} 个文件里的 {count} 处吗？", default=True)


def _explain(code: str) -> None:
    from newsgen.check.rules.registry import BY_CODE
    from newsgen.core.text import did_you_mean

    rule = BY_CODE.get(code)
    if rule is None:
        guess = did_you_mean(code, BY_CODE)
        raise UsageError(
            f"没有代码是「{code}」的规则", f"是不是「{guess}」？" if guess else "newsgen check --list 列出全部规则"
        )
    click.echo(f"{rule.code}：{rule.name}（{SEVERITIES[rule.severity]}{'，newsgen fix 会改' if rule.fixes else ''}）")
    click.echo(f"{rule.reason}\n错：{_indented(rule.wrong)}\n对：{_indented(rule.right)}")
    if rule.only_by_site:
        click.echo("确实要公开，在 site.yaml 的 check: 里写 exceptions:，写明哪一篇、为什么")
    else:
        click.echo(
            f"这一行不查：在行末写 <!-- 忽略: {rule.code} -->；这一篇不查：在文件头写 check: {{忽略: [{rule.code}]}}"
        )


def _indented(example: str) -> str:
    return example.replace("\n", "\n　　")


def _list(root: Path) -> None:
    from newsgen.check.rules.registry import RULES
    from newsgen.config.site_yaml import checking, read

    check = checking(read(root))
    settings = check.rules
    for rule in RULES:
        setting = settings.get(rule.code)
        level = (
            SEVERITIES[rule.severity] if setting is None else SEVERITIES[setting.severity] if setting.severity else "关"
        )
        why = f"（site.yaml{'：' + setting.why if setting.why else ''}）" if setting else ""
        click.echo(f"{rule.code:32}{level}　{rule.name}{why}")
    for item in check.exceptions:
        click.echo(f"{item.path.text} 不查 {'、'.join(item.codes)}（site.yaml：{item.why}）")
