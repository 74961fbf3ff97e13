"""Commands on what was approved: diff, form, ledger."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import json_option, moment_of, now_option, root_option
from newsgen.cli.output import print_json
from newsgen.core.errors import HostError, UsageError
from newsgen.core.platform import reason

if TYPE_CHECKING:
    from newsgen.core.text_diff import Piece
    from newsgen.signoff.article import ReviewedArticle
    from newsgen.signoff.version_diff import VersionDiff

FORMATS = ("html", "csv", "xlsx", "json")


@click.command("diff", cls=ChineseCommand)
@click.argument("file", metavar="文章")
@click.option("--html", "page", metavar="文件", help="写成一个网页，可以打印")
@root_option
@json_option
def diff_command(file: str, page: str | None, root: Path, as_json: bool) -> None:
    """看一篇文章审过以后改了哪里，一句一句地比。"""
    from newsgen.signoff.version_diff import as_html, diff_of

    diff = diff_of(root, file)
    if page:
        _write(page, as_html(diff))
    if as_json:
        changed = [change for change in diff.body if not change.is_same]
        print_json(
            {
                "path": diff.path,
                "approved": diff.approved,
                "fields": [{"label": item.label, "before": item.before, "now": item.now} for item in diff.fields],
                "body": [{"line": item.line, "before": item.before, "now": item.now} for item in changed],
                "files": [{"name": item.name, "how": item.how} for item in diff.files],
            }
        )
    else:
        for line in _lines(diff):
            click.echo(line)


def _lines(diff: VersionDiff) -> Iterator[str]:
    from newsgen.signoff.version_diff import FILE_WORDS

    if not diff.differs:
        yield f"{diff.path} 和审过的那一版一样。"
        return
    yield f"{diff.path} 审过以后的改动："
    for item in diff.fields:
        yield f"{item.label}：{_removed(item.before)}{_added(item.now)}"
    for file in diff.files:
        yield f"{FILE_WORDS[file.how]}：{file.name}"
    for change in diff.body:
        if not change.is_same:
            yield f"正文第 {change.line} 行：{''.join(map(_piece, change.pieces))}"


def _piece(piece: Piece) -> str:
    text = piece.text.strip("\n")
    return _removed(text) if piece.kind == "removed" else _added(text) if piece.kind == "added" else text


def _removed(text: str) -> str:
    return click.style(f"［删：{text}］", fg="red") if text else ""


def _added(text: str) -> str:
    return click.style(f"［加：{text}］", fg="green") if text else ""


@click.command("form", cls=ChineseCommand)
@click.argument("file", metavar="文章")
@click.option("--docx", "is_word", is_flag=True, help="做成 Word 文件，可以接着填写")
@click.option("-o", "out", metavar="文件", help="写进哪个文件（默认：审批单-文章名.html）")
@root_option
@json_option
def form_command(file: str, is_word: bool, out: str | None, root: Path, as_json: bool) -> None:
    """做一张 A4 的审批单：文字、照片、已有的签字，还没有签的留空。"""
    from newsgen.signoff.article import read_reviewed

    article = read_reviewed(root, file)
    stem = article.path.removesuffix("/index.md").removesuffix(".md").rpartition("/")[2]
    is_word = is_word or (out or "").lower().endswith(".docx")
    name = out or f"审批单-{stem}.{'docx' if is_word else 'html'}"
    _write(name, _form(root, article, is_word))
    if as_json:
        print_json({"path": article.path, "form": name, "digest": article.standing.digest})
    click.echo(f"审批单在 {name}，用{'Word' if is_word else '浏览器'}打开，可以打印、签字。", err=as_json)


def _form(root: Path, article: ReviewedArticle, is_word: bool) -> str | bytes:
    if is_word:
        from newsgen.signoff.word_form import word_form

        return word_form(root, article)
    from newsgen.signoff.form import form_of

    return form_of(root, article)


@click.command("ledger", cls=ChineseCommand)
@click.option("--from", "first", metavar="日期", help="从哪天起的文章（看文章的时间）")
@click.option("--to", "last", metavar="日期", help="到哪天为止")
@click.option(
    "--format", "form", metavar="格式", type=click.Choice(FORMATS), help="html、csv、xlsx 或 json（默认：csv）"
)
@click.option("-t", "--target", metavar="目标", help="连上这个发布目标，写明哪一版在什么时候上线")
@click.option("-o", "out", metavar="文件", help="写进哪个文件（默认：打印出来）")
@now_option
@root_option
@json_option
def ledger_command(
    first: str | None,
    last: str | None,
    form: str | None,
    target: str | None,
    out: str | None,
    now: datetime,
    root: Path,
    as_json: bool,
) -> None:
    """审签登记：每篇文章由谁在什么时候审的，是哪一版，什么时候上线、撤下。"""
    from newsgen.publish.register import RegisterRequest, as_csv, as_html, as_json_list, as_xlsx, register

    entries = register(RegisterRequest(root, now, _day("--from", first), _day("--to", last), target or ""))
    form = form or ("json" if as_json else "csv")
    if form == "json":
        print_json({"articles": as_json_list(entries)})
        return
    text = as_csv(entries) if form == "csv" else as_html(entries)
    if form == "xlsx" and not out:
        raise UsageError("xlsx 要写进一个文件", "加上文件名，例如：-o 审签登记.xlsx")
    if out:
        _write(out, as_xlsx(entries) if form == "xlsx" else text)
        click.echo(f"登记了 {len(entries)} 篇，在 {out}。", err=True)
    else:
        sys.stdout.write(text)


def _day(option: str, typed: str | None) -> str:
    return "" if typed is None else moment_of(option, typed).day


def _write(name: str, content: str | bytes) -> None:
    try:
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise HostError(f"写不了 {name}：{reason(error)}", "换一个文件名，或者换一个文件夹") from None
