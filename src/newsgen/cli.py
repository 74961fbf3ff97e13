"""The command line: the only place that prints and sets exit codes (design 5.5).

Exit 0: done. 1: content or check failed, nothing was replaced. 2: wrong usage, config or environment.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from newsgen import __version__
from newsgen.chinese import ChineseGroup, usage_problem
from newsgen.config import FILE_NAME
from newsgen.errors import NewsgenError, UsageProblem
from newsgen.model import SHANGHAI, Diagnostic, fields_of
from newsgen.request import Request, Result

SEVERITIES = {"error": "错误", "warning": "提醒", "info": "说明"}
NUMBERS = ("articles", "outputs", "rendered", "written", "deleted", "unchanged", "seconds")
LONG_BUILD = 200
"""From so many files on, a build on a terminal shows its progress."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. A user can cause no traceback."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # A console in GBK, or a pipe in ASCII, shows a mark for what it has no letter for.
        stream.reconfigure(errors="backslashreplace")
    as_json = "--json" in arguments
    try:
        code = commands.main(list(arguments), prog_name="newsgen", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        return _fail(usage_problem(error), as_json)
    except NewsgenError as error:
        return _fail(error, as_json)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。网页要么全是原来的，要么全是新的；再运行一次就好。", err=True)
        return 2
    except OSError as error:  # the reader has gone, the disk behind > is full
        click.echo(f"错误：写不出结果：{error.strerror}", err=True)
        return 2
    return code if isinstance(code, int) else 0


def leave(code: int) -> NoReturn:
    """End the process at once: what is in memory is left to the system, since to take it apart takes 20 ms for ten thousand
    reports.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            code = code or 2
    os._exit(code)


def _fail(error: NewsgenError, as_json: bool) -> int:
    if as_json:
        _print_json(_document(Result(diagnostics=error.diagnostics)))
    _print_diagnostics(error.diagnostics)
    if error.exit_code == 1:
        click.echo(f"\n{_counted(error.diagnostics)}。改好后再运行一次；原来的网页没有改动。", err=True)
    return error.exit_code


# ---------------------------------------------------------------- commands


def _site_root(context: click.Context, parameter: click.Parameter, value: str | None) -> Path:
    """`-C`, else the nearest folder upwards that holds site.yaml, else here (which is then told)."""
    if value is not None:
        if not Path(value).is_dir():
            raise UsageProblem(f"没有这个文件夹：{value}", "检查 -C 后面的文件夹名")
        return Path(value).absolute()
    try:
        here = Path.cwd()
    except OSError:
        raise UsageProblem("当前文件夹已经被删除了", "换到别的文件夹再运行") from None
    return next((folder for folder in (here, *here.parents) if (folder / FILE_NAME).is_file()), here)


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime:
    """`--now`, else the clock; always in China's time."""
    if value is None:
        return datetime.now(SHANGHAI)
    from newsgen.fields import FieldProblem, parse_moment

    try:
        return parse_moment(value).at
    except FieldProblem as problem:
        raise UsageProblem(f"--now：{problem.message}", "例如：--now 2024-03-13T08:00") from None


def _share(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """`--verify 2%`: more than nothing, at most everything."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)[%％]", value.strip())
    share = float(match[1]) / 100 if match else 0.0
    if not 0 < share <= 1:
        raise UsageProblem(f"--verify 后面要写一个百分数，不是「{value}」", "例如：--verify 2%")
    return share


root_option = click.option(
    "-C", "root", metavar="文件夹", callback=_site_root, help="站点文件夹（默认：往上找有 site.yaml 的那一个）"
)
json_option = click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 文档，供程序读取")
now_option = click.option("--now", metavar="时间", callback=_moment, help="当作现在是这个时间（默认：此刻，北京时间）")


@click.group(cls=ChineseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="newsgen %(version)s", help="显示版本")
def commands() -> None:
    """newsgen：把 Markdown 写的报道变成学院的党群工作网站。"""


@commands.command("init")
@click.argument("folder", metavar="文件夹")
@click.option("-C", "base", metavar="文件夹", default=".", help="在哪个文件夹里新建（默认：当前文件夹）")
@click.option("--defaults", is_flag=True, help="连同自带的模板和样式，放在 defaults 里，改外观时从中复制")
@json_option
def init_command(folder: str, base: str, defaults: bool, as_json: bool) -> None:
    """新建一个站点，马上可以生成。"""
    from newsgen.scaffold import init

    folder = Path(base, folder).as_posix()
    files = init(Path(folder), folder, defaults)
    if as_json:
        _print_json({"path": folder, "files": list(files)})
    click.echo(
        f"新站点在 {folder}。接下来：\n  1. 打开 {folder}/{FILE_NAME}，改成自己学院的名称和网址\n"
        f"  2. 边写边看：newsgen serve -C {folder} --open\n  3. 写好了，生成网页：newsgen build -C {folder}",
        err=as_json,
    )


@commands.command("new")
@click.argument("title", metavar="标题")
@click.option("-s", "--section", metavar="栏目", help="栏目的文件夹名或名称（默认：菜单上的第一个栏目）")
@root_option
@json_option
def new_command(title: str, section: str | None, root: Path, as_json: bool) -> None:
    """新建一篇文章，文件头已经填好。"""
    from newsgen.scaffold import new_article

    path = new_article(root, title, section, datetime.now(SHANGHAI))
    if as_json:
        _print_json({"path": path})
    click.echo(f"已新建 {path}，打开它就可以写正文了。", err=as_json)


@commands.command("build")
@click.option("-o", "out", metavar="文件夹", help="输出文件夹（默认：站点里的 public）")
@click.option("--drafts", is_flag=True, help="草稿也生成出来，只供自己看")
@now_option
@click.option("--full", is_flag=True, help="全部重新生成，不管有没有变化")
@click.option("--strict", is_flag=True, help="有提醒也算失败")
@click.option("--verify", metavar="比例", callback=_share, help="随机抽查一部分没有变的网页，重新生成来比对，例如 2%")
@click.option("--jobs", metavar="个数", type=click.IntRange(1), help="最多用几个进程（默认：每个处理器一个）")
@root_option
@json_option
def build_command(as_json: bool, **options: Any) -> None:
    """生成网站。"""
    from newsgen.build import build

    result = build(Request(**options), _progress)
    _print_diagnostics(result.diagnostics)
    if as_json:
        _print_json(_document(result))
    else:
        click.echo(_summary(result))


@commands.command("serve")
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
    from newsgen.preview.serve import Place, serve

    serve(root, Place(host, port), opens, lambda line: click.echo(line, err=True))


@commands.command("why")
@click.argument("output", metavar="网页")
@click.option("-o", "out", metavar="文件夹", help="输出文件夹（默认：站点里的 public）")
@root_option
@json_option
def why_command(output: str, out: str | None, root: Path, as_json: bool) -> None:
    """说明上次生成时，为什么重新生成了某个网页。"""
    from newsgen.explain import explain

    request = Request(root, datetime.now(SHANGHAI), out)
    found = explain(root, request.folder, request.shown, output)
    if as_json:
        changes = found.reason.changes if found.reason else ()
        told = [{"part": item.part, "input": item.input, "change": item.how} for item in changes]
        cause = found.reason.cause if found.reason else None
        _print_json({"output": found.output, "rendered": cause is not None, "cause": cause, "changes": told})
    else:
        click.echo("\n".join(found.lines()))


@commands.command("withdraw")
@click.argument("article", metavar="文章")
@click.option("--why", metavar="理由", required=True, help="为什么撤下；只记在 withdrawn.yaml 里，不会公开")
@now_option
@root_option
@json_option
def withdraw_command(article: str, why: str, now: datetime, root: Path, as_json: bool) -> None:
    """撤下一篇文章：网页、列表、订阅源、网站地图和只有它用的照片。"""
    from newsgen.withdraw import withdraw

    entry = withdraw(root, article, why, now)
    if as_json:
        _print_json(fields_of(entry))
    click.echo(
        f"已记入 withdrawn.yaml：{entry.title}（{entry.article}）。\n"
        f"网址 {len(entry.addresses)} 个，只有它用的照片和附件 {len(entry.files)} 个，生成时都不再有。\n"
        "接下来：newsgen publish，网站上就去掉了；再把 withdrawn.yaml 提交到仓库。",
        err=as_json,
    )


# ---------------------------------------------------------------- publishing

target_argument = click.argument("target", metavar="[目标]", required=False)


def _percent(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """`--max-delete 50%`."""
    match = re.fullmatch(r"(\d{1,3})[%％]", (value or "0%").strip())
    if not match or int(match[1]) > 100:
        raise UsageProblem(f"--max-delete 后面要写一个百分数，不是「{value}」", "例如：--max-delete 50%")
    return None if value is None else int(match[1]) / 100


@commands.command("publish")
@target_argument
@click.option("--dry-run", is_flag=True, help="只列出会有什么变化，什么都不改动")
@click.option("--again", is_flag=True, help="没有变化也重新发布，恢复服务器上被改动的文件")
@click.option(
    "--max-delete",
    metavar="比例",
    callback=_percent,
    help="最多删去线上多少文件（默认：site.yaml 里的 max_delete，20%）",
)
@now_option
@root_option
@json_option
def publish_command(as_json: bool, **options: Any) -> None:
    """生成、检查、发布到服务器：要么全是新的，要么原样不动。"""
    from newsgen.publish.sending import Order, Telling, publish
    from newsgen.publish.telling import published_document, published_lines

    order = Order(**options)
    done = publish(order, Telling(_progress, _sending))
    _print_diagnostics(done.diagnostics)
    if as_json:
        _print_json({**published_document(done, order.dry_run), "diagnostics": _found(done.diagnostics)})
    else:
        click.echo("\n".join(published_lines(done, order.dry_run)))


@commands.command("rollback")
@click.argument("release", metavar="[版本]", required=False)
@click.option("-t", "--target", metavar="目标", help="哪个发布目标（默认：site.yaml 里的第一个）")
@root_option
@json_option
def rollback_command(release: str | None, target: str | None, root: Path, as_json: bool) -> None:
    """退回到以前的版本（默认：线上这一版的前一版）。"""
    from newsgen.publish.sending import Order, rollback
    from newsgen.publish.telling import published_document, rolled_back_line

    done = rollback(Order(root, target, datetime.now(SHANGHAI)), release)
    _print_diagnostics(done.diagnostics)
    if as_json:
        _print_json({**published_document(done, dry_run=False), "diagnostics": _found(done.diagnostics)})
    else:
        click.echo(rolled_back_line(done))


@commands.command("releases")
@target_argument
@root_option
@json_option
def releases_command(target: str | None, root: Path, as_json: bool) -> None:
    """列出服务器上的版本。"""
    from newsgen.publish.inventory import releases
    from newsgen.publish.telling import inventory_document, inventory_lines

    found = releases(root, target)
    if as_json:
        _print_json({**inventory_document(found), "diagnostics": []})
    else:
        click.echo("\n".join(inventory_lines(found)))


@commands.command("verify")
@target_argument
@root_option
@json_option
@click.pass_context
def verify_command(context: click.Context, target: str | None, root: Path, as_json: bool) -> None:
    """检查服务器上的文件有没有被改动、删去或多出来；有就以 1 结束。"""
    from newsgen.publish.inventory import verify
    from newsgen.publish.telling import verified_document, verified_line

    found = verify(root, target)
    _print_diagnostics(found.diagnostics)
    if as_json:
        _print_json({**verified_document(found), "diagnostics": _found(found.diagnostics)})
    else:
        click.echo(verified_line(found))
    context.exit(1 if found.diagnostics else 0)


@commands.command("unlock")
@target_argument
@root_option
@json_option
def unlock_command(target: str | None, root: Path, as_json: bool) -> None:
    """解开别人没有解开的发布锁（先确认真的没有人在发布）。"""
    from newsgen.publish.sending import unlock

    shown, holder = unlock(root, target)
    if as_json:
        _print_json(
            {
                "target": shown,
                "who": holder.who if holder else None,
                "since": holder.since if holder else None,
                "diagnostics": [],
            }
        )
    else:
        click.echo(f"已解开 {shown}：原来是 {holder.shown()}。" if holder else f"{shown} 没有锁着。")


# ---------------------------------------------------------------- output


@contextmanager
def _progress(label: str, length: int) -> Iterator[Callable[[], None]]:
    """A progress bar on stderr for long builds, where someone is looking."""
    if length < LONG_BUILD or not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr, update_min_steps=max(1, length // 200)) as bar:
        yield lambda: bar.update(1)


@contextmanager
def _sending(files: int, size: int) -> Iterator[Callable[[int], None]]:
    """A progress bar in bytes, where someone is looking; a line before and after, where not."""
    from newsgen.publish.telling import size_of

    if sys.stderr.isatty():
        with click.progressbar(
            length=max(size, 1), label=f"发送 {files} 个文件（{size_of(size)}）", file=sys.stderr
        ) as bar:
            yield bar.update
        return
    click.echo(f"发送 {files} 个文件，{size_of(size)} …", err=True)
    yield lambda _: None


def _summary(result: Result) -> str:
    """What was done, in one or two lines."""
    noted = f"，{_counted(result.diagnostics)}" if result.diagnostics else ""
    line = (
        f"生成完毕：{result.articles} 篇文章，{result.outputs} 个文件"
        f"（写入 {result.written}，删除 {result.deleted}，未变 {result.unchanged}），用时 {result.seconds:.2f} 秒{noted}。"
    )
    if result.next_due is None:
        return line
    return f"{line}\n下一次到点会有变化：{result.next_due:%Y-%m-%d %H:%M}，那时请再生成一次。"


def _counted(diagnostics: Iterable[Diagnostic]) -> str:
    counts = dict.fromkeys(SEVERITIES, 0)
    for item in diagnostics:
        counts[item.severity] += 1
    return "，".join(f"{count} 处{SEVERITIES[name]}" for name, count in counts.items() if count) or "没有发现问题"


def _print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    for item in diagnostics:
        click.echo(describe(item), err=True)


def describe(item: Diagnostic) -> str:
    """A diagnostic for people: place, kind, what is wrong; indented below, what to type instead."""
    place = f"{item.path}:{item.line}:{item.column}：" if item.path else ""
    hint = "".join(f"\n    {line}" for line in item.hint.splitlines())
    return f"{place}{SEVERITIES[item.severity]}：{item.message}{hint}"


def _document(result: Result) -> dict[str, object]:
    """`build --json` (design 5.5)."""
    due = result.next_due.isoformat() if result.next_due else None
    numbers = {name: getattr(result, name) for name in NUMBERS}
    return {**numbers, "next_due": due, "diagnostics": _found(result.diagnostics)}


def _found(diagnostics: Iterable[Diagnostic]) -> list[dict[str, object]]:
    """Diagnostics as they stand in every JSON document."""
    keys = ("path", "line", "column", "code", "severity", "message", "hint")
    return [{key: getattr(item, key) for key in keys} for item in diagnostics]


def _print_json(document: object) -> None:
    """One JSON document on stdout; letters that the stream cannot hold are escaped, so that it stays valid."""
    if sys.stdout is None:
        raise UsageProblem("没有地方打印结果：标准输出是关着的", "去掉 >&-")
    readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(document, ensure_ascii=not readable, indent=2)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n" if readable else text + "\n")
    sys.stdout.flush()
