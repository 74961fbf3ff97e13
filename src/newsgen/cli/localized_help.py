"""Chinese help pages and usage errors for click."""

from __future__ import annotations

from collections.abc import Iterable

import click

from newsgen.core.errors import UsageError
from newsgen.core.text import did_you_mean


class ChineseCommand(click.Command):
    """A command whose help page is Chinese."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`-h`, `--help` with a Chinese description."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份说明"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that shows how to call the command."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The words after the command's name."""
        return [*(piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx))]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of options."""
        _write_list(formatter, "选项", _option_rows(self, ctx))


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands whose help page is Chinese."""

    command_class = ChineseCommand

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that shows how to call the program."""
        formatter.write_usage(ctx.command_path, "命令 [选项] …", prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of options, then of commands."""
        _write_list(
            formatter, "命令", [(name, command.get_short_help_str(60)) for name, command in self.commands.items()]
        )
        _write_list(formatter, "选项", _option_rows(self, ctx))
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text("一个命令的用法：newsgen 命令 --help")


def _option_rows(command: click.Command, ctx: click.Context) -> list[tuple[str, str]]:
    records = (parameter.get_help_record(ctx) for parameter in command.get_params(ctx))
    return [record for record in records if record is not None]


def _write_list(formatter: click.HelpFormatter, title: str, rows: Iterable[tuple[str, str]]) -> None:
    rows = list(rows)
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def usage_problem(error: click.ClickException) -> UsageError:
    """Click's complaint about the command line, as one of ours."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "newsgen"
    hint = f"用法见：{path} --help"
    if isinstance(error, click.NoSuchOption):
        guess = did_you_mean(error.option_name, error.possibilities or ())
        return UsageError(f"没有 {error.option_name} 这个选项", f"是不是想写 {guess} ？" if guess else hint)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return UsageError(f"还缺少：{error.param.make_metavar(context or click.Context(click.Command(path)))}", hint)
    if isinstance(error, click.BadOptionUsage):
        return UsageError(f"选项 {error.option_name} 后面要跟一个值，或者不该跟值", hint)
    if isinstance(error, click.BadParameter):
        return UsageError(f"参数不对：{error.message}", hint)
    return UsageError(*_by_words(error, context, hint))


def _by_words(error: click.ClickException, context: click.Context | None, hint: str) -> tuple[str, str]:
    """A command that does not exist, or words too many: click says these in its message alone."""
    names = list(context.command.commands) if context and isinstance(context.command, click.Group) else []
    if isinstance(error, click.exceptions.NoSuchCommand):
        guess = did_you_mean(error.command_name, names)
        return (
            f"没有 {error.command_name} 这个命令",
            f"是不是想写 newsgen {guess} ？" if guess else f"命令有：{'、'.join(names)}",
        )
    if names:
        return "还缺少命令", f"命令有：{'、'.join(names)}"
    return "多出了看不懂的词" if isinstance(
        error, click.UsageError
    ) else error.format_message(), f"名称里有空格时，两边加引号；{hint}"
