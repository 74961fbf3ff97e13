"""Options that several commands share: site, time, target, and the form of the answer."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import click

from newsgen.cli.suggested_commands import named
from newsgen.config.site_yaml import FILE_NAME
from newsgen.core.errors import UsageError
from newsgen.core.model import SHANGHAI, Moment


def _site_root(context: click.Context, parameter: click.Parameter, value: str | None) -> Path:
    """`-C`, else the nearest folder upwards that holds site.yaml, else here (which is then said)."""
    named(value)
    if value is not None:
        if not Path(value).is_dir():
            raise UsageError(f"没有这个文件夹：{value}", "检查 -C 后面的文件夹名")
        return Path(value).absolute()
    try:
        here = Path.cwd()
    except OSError:
        raise UsageError("当前文件夹已经被删除了", "换到别的文件夹再运行") from None
    return next((folder for folder in (here, *here.parents) if (folder / FILE_NAME).is_file()), here)


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime:
    """`--now`, else the clock; always in China's time."""
    return datetime.now(SHANGHAI) if value is None else moment_of("--now", value).at


def moment_of(option: str, typed: str) -> Moment:
    """The moment that was typed behind an option. Raises UsageError."""
    from newsgen.core.scalars import FieldError, parse_moment

    try:
        return parse_moment(typed)
    except FieldError as error:
        raise UsageError(f"{option}：{error.message}", error.hint) from None


def verified_share(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """`--verify 2%`: more than nothing, at most everything."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)[%％]", value.strip())
    share = float(match[1]) / 100 if match else 0.0
    if not 0 < share <= 1:
        raise UsageError(f"--verify 后面要写一个百分数，不是「{value}」", "例如：--verify 2%")
    return share


def deletable_share(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """`--max-delete 50%`."""
    match = re.fullmatch(r"(\d{1,3})[%％]", (value or "0%").strip())
    if not match or int(match[1]) > 100:
        raise UsageError(f"--max-delete 后面要写一个百分数，不是「{value}」", "例如：--max-delete 50%")
    return None if value is None else int(match[1]) / 100


root_option = click.option(
    "-C", "root", metavar="文件夹", callback=_site_root, help="站点文件夹（默认：往上找有 site.yaml 的那一个）"
)
json_option = click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 文档，供程序读取")
now_option = click.option("--now", metavar="时间", callback=_moment, help="当作现在是这个时间（默认：此刻，北京时间）")
target_argument = click.argument("target", metavar="[目标]", required=False)
