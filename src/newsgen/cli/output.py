"""Output of the command line: diagnostics, summaries and progress for people, JSON for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from newsgen.build.request import Result
from newsgen.cli.grouping import grouped, others_in_words
from newsgen.cli.suggested_commands import as_typed_here
from newsgen.core.errors import UsageError
from newsgen.core.model import SEVERITIES, Diagnostic, FileStep

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

NUMBERS = ("articles", "outputs", "rendered", "written", "deleted", "unchanged", "seconds")
TIMEOUT = 1.0
"""Seconds after which a work that is not done shows its progress on a terminal."""


def _is_watched() -> bool:
    """Whether stderr is a terminal; it may be closed."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def progress(label: str, length: int) -> Iterator[FileStep]:
    """A progress bar on stderr with the name of the file that was done last, for what takes long, where someone is looking."""
    if not _is_watched():
        yield lambda name: None
        return
    began, done = time.monotonic(), 0
    with ExitStack() as shown:
        bar: ProgressBar[str] | None = None

        def step(name: str) -> None:
            nonlocal bar, done
            done += 1
            if bar:
                bar.update(1, name)
            elif time.monotonic() - began > TIMEOUT:
                bar = shown.enter_context(_bar(label, length))
                bar.update(done, name)

        yield step


def _bar(label: str, length: int) -> ProgressBar[str]:
    """A bar that is drawn anew when another two hundredth is done."""
    return click.progressbar(
        length=length,
        label=label,
        file=sys.stderr,
        update_min_steps=max(1, length // 200),
        item_show_func=lambda name: name.rpartition("/")[2] if name else "",
    )


@contextmanager
def sending(files: int, size: int) -> Iterator[Callable[[int], None]]:
    """A progress bar in bytes, where someone is looking; a line before and after, where not."""
    from newsgen.publish.command_output import size_of

    if _is_watched():
        with click.progressbar(
            length=max(size, 1), label=f"发送 {files} 个文件（{size_of(size)}）", file=sys.stderr
        ) as bar:
            yield bar.update
        return
    click.echo(f"发送 {files} 个文件，{size_of(size)} …", err=True)
    yield lambda _: None


def summary(result: Result) -> str:
    """The result of a build in one or two lines."""
    noted = f"，{counted(result.diagnostics)}" if result.diagnostics else ""
    line = (
        f"生成完毕：{result.articles} 篇文章，{result.outputs} 个文件"
        f"（写入 {result.written}，删除 {result.deleted}，未变 {result.unchanged}），用时 {result.seconds:.2f} 秒{noted}。"
    )
    if result.next_due is None:
        return line
    return f"{line}\n下一次到点会有变化：{result.next_due:%Y-%m-%d %H:%M}，那时请再生成一次。"


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    counts = dict.fromkeys(SEVERITIES, 0)
    for item in diagnostics:
        counts[item.severity] += 1
    return "，".join(f"{count} 处{SEVERITIES[name]}" for name, count in counts.items() if count) or "没有发现问题"


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Diagnostics for people, on stderr: of each kind the first few, and how many more there are."""
    for group in grouped(diagnostics):
        for item in group.shown:
            click.echo(as_typed_here(describe(item)), err=True)
        if group.others:
            kind = SEVERITIES[group.others[0].severity]
            click.echo(f"    {others_in_words(group.others, kind)}", err=True)


def describe(item: Diagnostic) -> str:
    """A diagnostic for people: place, kind, what is wrong; indented below, what to type instead."""
    place = f"{item.path}:{item.line}:{item.column}：" if item.path else ""
    hint = "".join(f"\n    {line}" for line in item.hint.splitlines())
    return f"{place}{SEVERITIES[item.severity]}：{item.message}{hint}"


def document(result: Result) -> dict[str, object]:
    """`build --json`."""
    due = result.next_due.isoformat() if result.next_due else None
    numbers = {name: getattr(result, name) for name in NUMBERS}
    return {**numbers, "next_due": due, "reviews": result.reviews, "diagnostics": as_json_list(result.diagnostics)}


def as_json_list(diagnostics: Iterable[Diagnostic]) -> list[dict[str, object]]:
    """Diagnostics as they stand in every JSON document."""
    keys = ("path", "line", "column", "code", "severity", "message", "hint")
    return [{key: getattr(item, key) for key in keys} for item in diagnostics]


def print_json(document: object) -> None:
    """One JSON document on stdout; letters that the stream cannot hold are escaped, so that it stays valid."""
    if sys.stdout is None:
        raise UsageError("没有地方打印结果：标准输出是关着的", "去掉 >&-")
    readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(document, ensure_ascii=not readable, indent=2)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n" if readable else text + "\n")
    sys.stdout.flush()
