"""Commands for the site on one's own computer: init, new, serve, build, why, withdraw."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from newsgen.build.request import Request
from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import json_option, now_option, root_option, verified_share
from newsgen.cli.output import document, print_diagnostics, print_json, progress, summary
from newsgen.cli.suggested_commands import as_typed_here
from newsgen.config.site_yaml import FILE_NAME, read
from newsgen.core.model import SHANGHAI, as_dict
from newsgen.core.platform import command_line, console_of

held: list[object] = []
"""What a build had in memory, until the process ends."""


@click.command("init", cls=ChineseCommand)
@click.argument("folder", metavar="文件夹")
@click.option("-C", "base", metavar="文件夹", default=".", help="在哪个文件夹里新建（默认：当前文件夹）")
@click.option("--defaults", is_flag=True, help="连同自带的模板和样式，放在 defaults 里，改外观时从中复制")
@json_option
def init_command(folder: str, base: str, defaults: bool, as_json: bool) -> None:
    """新建一个站点，马上可以生成。"""
    from newsgen.authoring.new import GUIDE, double_clicked, init

    folder = Path(base, folder).as_posix()
    files = init(Path(folder), folder, defaults)
    serving, building = (
        command_line("newsgen", "serve", "-C", folder, "--open"),
        command_line("newsgen", "build", "-C", folder),
    )
    if as_json:
        print_json({"path": folder, "files": list(files)})
    click.echo(
        f"新站点在 {folder}。接下来：\n  1. 打开 {folder}/{FILE_NAME}，改成自己学院的名称和网址\n"
        f"  2. 写稿：在这个文件夹里双击“{double_clicked()}”；怎样用，看旁边的“{GUIDE}”\n"
        f"  3. 用别的程序写，边写边看：{serving}\n  4. 写好了，生成网页：{building}",
        err=as_json,
    )


@click.command("new", cls=ChineseCommand)
@click.argument("title", metavar="标题")
@click.option("-s", "--section", metavar="栏目", help="栏目的文件夹名或名称（默认：菜单上的第一个栏目）")
@click.option("--folder", "in_folder", is_flag=True, help="给文章单独建一个文件夹，照片放在里面")
@root_option
@json_option
def new_command(title: str, section: str | None, in_folder: bool, root: Path, as_json: bool) -> None:
    """新建一篇文章，文件头已经填好。"""
    from newsgen.authoring.new import new_article

    path = new_article(root, title, section, datetime.now(SHANGHAI), in_folder)
    if as_json:
        print_json({"path": path})
    click.echo(f"已新建 {path}，打开它就可以写正文了。", err=as_json)


@click.command("build", cls=ChineseCommand)
@click.option("-o", "out", metavar="文件夹", help="输出文件夹（默认：站点里的 public）")
@click.option("--drafts", is_flag=True, help="草稿也生成出来，只供自己看")
@now_option
@click.option("--full", is_flag=True, help="全部重新生成，不管有没有变化")
@click.option("--strict", is_flag=True, help="有提醒也算失败")
@click.option(
    "--verify", metavar="比例", callback=verified_share, help="随机抽查一部分没有变的网页，重新生成来比对，例如 2%"
)
@click.option("--jobs", metavar="个数", type=click.IntRange(1), help="最多用几个进程（默认：每个处理器一个）")
@root_option
@json_option
def build_command(as_json: bool, **options: Any) -> None:
    """生成网站。"""
    from newsgen.build.pipeline import build

    held.clear()
    if options["strict"]:
        from newsgen.check.gate import refuse_personal_data

        refuse_personal_data(options["root"], options["now"], progress)
    result = build(Request(**options), progress, held.append)
    print_diagnostics(result.diagnostics)
    if as_json:
        print_json(document(result))
    else:
        click.echo(summary(result))


@click.command("serve", cls=ChineseCommand)
@click.option(
    "--host",
    metavar="地址",
    default="127.0.0.1",
    help="在哪个地址上（默认：只有本机能打开；0.0.0.0：办公室里的手机也能）",
)
@click.option(
    "--port", metavar="端口", type=click.IntRange(0, 65535), default=8000, help="端口（默认：8000，被占用就用下一个）"
)
@click.option("--open", "opens", is_flag=True, help="顺便打开浏览器")
@root_option
def serve_command(host: str, port: int, opens: bool, root: Path) -> None:
    """边写边看：保存以后，浏览器里马上就变。"""
    from newsgen.preview.serve import BindAddress, serve

    serve(root, BindAddress(host, port), opens, lambda line: click.echo(line, err=True), console_of(sys.stderr))


@click.command("why", cls=ChineseCommand)
@click.argument("output", metavar="网页")
@click.option("-o", "out", metavar="文件夹", help="输出文件夹（默认：站点里的 public）")
@root_option
@json_option
def why_command(output: str, out: str | None, root: Path, as_json: bool) -> None:
    """说明上次生成时，为什么重新生成了某个网页。"""
    from newsgen.build.explain import explain
    from newsgen.build.locations import located

    request = located(Request(root, datetime.now(SHANGHAI), out), read(root))
    found = explain(root, request.output_dir, request.output_label, output)
    if as_json:
        changes = found.reason.changes if found.reason else ()
        listed = [{"part": item.part, "input": item.input, "change": item.how} for item in changes]
        cause = found.reason.cause if found.reason else None
        print_json({"output": found.output, "rendered": cause is not None, "cause": cause, "changes": listed})
    else:
        click.echo("\n".join(found.lines()))


@click.command("withdraw", cls=ChineseCommand)
@click.argument("article", metavar="文章")
@click.option("--why", metavar="理由", required=True, help="为什么撤下；只记在 withdrawn.yaml 里，不会公开")
@now_option
@root_option
@json_option
def withdraw_command(article: str, why: str, now: datetime, root: Path, as_json: bool) -> None:
    """撤下一篇文章：网页、列表、订阅源、网站地图和只有它用的照片。"""
    from newsgen.authoring.withdraw import withdraw

    entry = withdraw(root, article, why, now)
    if as_json:
        print_json(as_dict(entry))
    click.echo(
        f"已记入 withdrawn.yaml：{entry.title}（{entry.article}）。\n"
        f"网址 {len(entry.addresses)} 个，只有它用的照片和附件 {len(entry.files)} 个，生成时都不再有。\n"
        f"接下来：{as_typed_here('newsgen publish')}，网站上就去掉了；再把 withdrawn.yaml 提交到仓库。",
        err=as_json,
    )
