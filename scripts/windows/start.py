"""What 预览.cmd and 生成.cmd start: `start.py serve` or `start.py build`, for the site that lies beside them.

A site is a folder with a site.yaml: the one in which the starters lie, else the one beside the program's folder, else the one
around it. Where there is none, a new one is made.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newsgen.authoring.new import init
from newsgen.cli import leave, run
from newsgen.cli.output import print_diagnostics
from newsgen.core.errors import NewsgenError

NAME = "site.yaml"
NEW = "网站"


def sites(folder: Path) -> list[Path]:
    """The sites that the starters in `folder` may be meant for."""
    if (folder / NAME).is_file():
        return [folder]
    beside = sorted(path.parent for path in folder.glob(f"*/{NAME}") if path.is_file())
    return beside or [path for path in (folder.parent,) if (path / NAME).is_file()]


def made(site: Path) -> Path:
    """A new site. Ends the program where its folder cannot be written."""
    try:
        init(site, str(site))
    except NewsgenError as error:
        print_diagnostics(error.diagnostics)
        leave(2)
    click.echo(f"新建了一个网站：{site}")
    return site


def start(command: str, folder: Path) -> int:
    """Run a command for the site of `folder`, and return its exit code."""
    found = sites(folder)
    if len(found) > 1:
        names = "、".join(site.name for site in found)
        click.echo(f"这里有 {len(found)} 个网站：{names}。请只留一个，把别的文件夹移到别处。", err=True)
        return 2
    site = found[0] if found else made(folder / NEW)
    code = run([command, "-C", str(site), *(["--open"] if command == "serve" else [])])
    if command == "build" and (site / "public" / "index.html").is_file() and not code:
        click.echo(f"网页在这里，双击 index.html 就能看：{site / 'public'}")
    return code


if __name__ == "__main__":
    leave(start(sys.argv[1], Path(__file__).resolve().parents[1]))
