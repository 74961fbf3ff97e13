"""The command that opens the writing desk."""

from __future__ import annotations

from pathlib import Path

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import root_option


@click.command("desk", cls=ChineseCommand)
@click.option(
    "--port", metavar="端口", type=click.IntRange(0, 65535), default=8000, help="端口（默认：8000，被占用就用下一个）"
)
@click.option("--open", "opens", is_flag=True, help="顺便打开浏览器；已经开着一个，就打开那一个")
@root_option
def desk_command(port: int, opens: bool, root: Path) -> None:
    """写稿台：在浏览器里写稿、放照片、看检查结果、交稿。"""
    from newsgen.preview.desk.serve import desk
    from newsgen.preview.serve import BindAddress

    desk(root, BindAddress(port=port), opens, lambda line: click.echo(line, err=True))
