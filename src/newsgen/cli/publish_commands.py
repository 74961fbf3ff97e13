"""Commands for the site on the server: publish, rollback, releases, verify, unlock."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import deletable_share, json_option, now_option, root_option, target_argument
from newsgen.cli.output import as_json_list, print_diagnostics, print_json, progress, sending
from newsgen.core.model import SHANGHAI
from newsgen.core.platform import interrupt_at_end


@click.command("publish", cls=ChineseCommand)
@target_argument
@click.option("--dry-run", is_flag=True, help="只列出会有什么变化，什么都不改动")
@click.option("--again", is_flag=True, help="没有变化也重新发布，恢复服务器上被改动的文件")
@click.option(
    "--max-delete",
    metavar="比例",
    callback=deletable_share,
    help="最多删去线上多少文件（默认：site.yaml 里的 max_delete，20%）",
)
@now_option
@root_option
@json_option
def publish_command(as_json: bool, **options: Any) -> None:
    """生成、检查、发布到服务器：要么全是新的，要么原样不动。"""
    interrupt_at_end()
    from newsgen.publish.command_output import published_document, published_lines
    from newsgen.publish.publish import PublishOptions, Reporters, publish

    order = PublishOptions(**options)
    done = publish(order, Reporters(progress, sending))
    print_diagnostics(done.diagnostics)
    if as_json:
        print_json({**published_document(done, order.dry_run), "diagnostics": as_json_list(done.diagnostics)})
    else:
        click.echo("\n".join(published_lines(done, order.dry_run)))


@click.command("rollback", cls=ChineseCommand)
@click.argument("release", metavar="[版本]", required=False)
@click.option("-t", "--target", metavar="目标", help="哪个发布目标（默认：site.yaml 里的第一个）")
@root_option
@json_option
def rollback_command(release: str | None, target: str | None, root: Path, as_json: bool) -> None:
    """退回到以前的版本（默认：线上这一版的前一版）。"""
    interrupt_at_end()
    from newsgen.publish.command_output import published_document, rolled_back_line
    from newsgen.publish.publish import PublishOptions, rollback

    done = rollback(PublishOptions(root, target, datetime.now(SHANGHAI)), release)
    print_diagnostics(done.diagnostics)
    if as_json:
        print_json({**published_document(done, dry_run=False), "diagnostics": as_json_list(done.diagnostics)})
    else:
        click.echo(rolled_back_line(done))


@click.command("releases", cls=ChineseCommand)
@target_argument
@root_option
@json_option
def releases_command(target: str | None, root: Path, as_json: bool) -> None:
    """列出服务器上的版本。"""
    from newsgen.publish.command_output import inventory_document, inventory_lines
    from newsgen.publish.status import releases

    found = releases(root, target)
    if as_json:
        print_json({**inventory_document(found), "diagnostics": []})
    else:
        click.echo("\n".join(inventory_lines(found)))


@click.command("verify", cls=ChineseCommand)
@target_argument
@root_option
@json_option
@click.pass_context
def verify_command(context: click.Context, target: str | None, root: Path, as_json: bool) -> None:
    """检查服务器上的文件有没有被改动、删去或多出来；有就以 1 结束。"""
    from newsgen.publish.command_output import verified_document, verified_line
    from newsgen.publish.status import verify

    found = verify(root, target)
    print_diagnostics(found.diagnostics)
    if as_json:
        print_json({**verified_document(found), "diagnostics": as_json_list(found.diagnostics)})
    else:
        click.echo(verified_line(found))
    context.exit(1 if found.diagnostics else 0)


@click.command("unlock", cls=ChineseCommand)
@target_argument
@root_option
@json_option
def unlock_command(target: str | None, root: Path, as_json: bool) -> None:
    """解开别人没有解开的发布锁（先确认真的没有人在发布）。"""
    from newsgen.publish.publish import unlock

    shown, holder = unlock(root, target)
    if as_json:
        print_json(
            {
                "target": shown,
                "who": holder.who if holder else None,
                "since": holder.since if holder else None,
                "diagnostics": [],
            }
        )
    else:
        click.echo(f"已解开 {shown}：原来是 {holder.shown()}。" if holder else f"{shown} 没有锁着。")
