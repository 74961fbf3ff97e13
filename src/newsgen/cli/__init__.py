"""The command line: the only place that prints and sets exit codes.

Exit 0: done. 1: content or check failed, nothing was replaced. 2: wrong usage, config or environment.

site_commands.py, publish_commands.py   the site, here and on the server
check_commands.py, review_command.py, sign_off_commands.py, record_commands.py   checks, copies for reviewers, decisions, records
desk_command.py, import_commands.py, receive_command.py   the desk, and what comes in from elsewhere
options.py          what several commands take; suggested_commands.py: what they suggest
output.py           diagnostics, progress and JSON; grouping.py: what repeats; localized_help.py: help in Chinese
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from newsgen import __version__
from newsgen.build.request import Result
from newsgen.cli import (
    check_commands,
    desk_command,
    import_commands,
    publish_commands,
    receive_command,
    record_commands,
    review_command,
    sign_off_commands,
    site_commands,
)
from newsgen.cli.localized_help import ChineseGroup, usage_problem
from newsgen.cli.output import counted, describe, document, print_diagnostics, print_json
from newsgen.cli.suggested_commands import named
from newsgen.core.errors import NewsgenError, UsageError
from newsgen.core.platform import reason

__all__ = ["commands", "describe", "leave", "run"]


COMMANDS = (
    site_commands.init_command,
    site_commands.new_command,
    import_commands.import_word_command,
    receive_command.receive_command,
    site_commands.build_command,
    site_commands.serve_command,
    desk_command.desk_command,
    check_commands.check_command,
    check_commands.fix_command,
    review_command.review_command,
    sign_off_commands.approve_command,
    sign_off_commands.reject_command,
    sign_off_commands.revoke_command,
    record_commands.diff_command,
    record_commands.form_command,
    record_commands.ledger_command,
    site_commands.why_command,
    site_commands.withdraw_command,
    publish_commands.publish_command,
    publish_commands.rollback_command,
    publish_commands.releases_command,
    publish_commands.verify_command,
    publish_commands.unlock_command,
)
"""In the order of the help page."""


@click.group(cls=ChineseGroup, commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="newsgen %(version)s", help="显示版本")
@click.pass_context
def commands(context: click.Context) -> None:
    """newsgen：把 Markdown 写的报道变成学院的党群工作网站。"""
    if context.invoked_subcommand not in ("build", "check"):  # which make no rings of values, and whose end is near
        gc.enable()


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. A user can cause no traceback."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # A console in GBK, or a pipe in ASCII, shows a mark for what it has no letter for.
        stream.reconfigure(errors="backslashreplace")
    as_json = "--json" in arguments
    named(None)
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
    except OSError as error:  # the disk behind > is full
        click.echo(f"错误：写不出结果：{reason(error)}", err=True)
        return 2
    except SystemExit:  # what click makes of a pipe whose reader has gone
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
    try:
        print_diagnostics(error.diagnostics)
        if error.exit_code == 1:
            stays_new = any(item.code == "publish.no-way-back" for item in error.diagnostics)
            outcome = "新的一版留在网站上" if stays_new else "原来的网页没有改动"
            click.echo(f"\n{counted(error.diagnostics)}。改好后再运行一次；{outcome}。", err=True)
        if as_json:
            print_json(document(Result(diagnostics=error.diagnostics)))
    except (OSError, UsageError):  # nobody can be told
        return 2
    return error.exit_code
