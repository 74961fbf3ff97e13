"""The command that makes a copy for reviewers: review."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from newsgen.cli.localized_help import ChineseCommand
from newsgen.cli.options import json_option, now_option, root_option
from newsgen.cli.output import print_json, progress


@click.command("review", cls=ChineseCommand)
@click.argument("file", metavar="文件")
@click.option("--pdf", is_flag=True, help="只做 PDF（A4）")
@click.option("--png", is_flag=True, help="只做长图（手机宽度，太长的分成几张）")
@click.option("-o", "--output", metavar="文件夹", default=".", help="写到哪个文件夹（默认：当前文件夹）")
@now_option
@root_option
@json_option
def review_command(file: str, pdf: bool, png: bool, output: str, now: datetime, root: Path, as_json: bool) -> None:
    """做一篇文章的校样：网页发布以后的样子，给审核的人看，可以打印，也可以发到微信。"""
    from newsgen.core.files import write_whole
    from newsgen.preview.review_copy import make_review_copy, requested

    request = requested(root, file, now, progress)
    say = (lambda _: None) if as_json else click.echo
    proof = make_review_copy(request, pdf or not png, png or not pdf, say)
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    written = proof.files(request.stem)
    for name, data in written.items():
        write_whole(folder / name, data)
    if as_json:
        print_json(
            {
                "files": [str(folder / name) for name in written],
                "digest": request.digest,
                "findings": len(request.findings),
            }
        )
    else:
        click.echo("校样做好了：\n" + "\n".join(f"  {folder / name}" for name in written))
