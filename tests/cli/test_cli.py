"""The command line as a process: closed streams, gone readers, what it does without."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsgen.cli import COMMANDS, output, run
from site_test import NOW, SiteTest


@contextmanager
def gone_reader() -> Iterator[int]:
    """A pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


def newsgen(*words: str | Path, stdout: int = subprocess.PIPE, closed: str = "") -> subprocess.CompletedProcess[str]:
    """`newsgen WORDS`, with `closed` as the shell writes it: `2>&-`."""
    script = f'exec "$0" -m newsgen "$@" {closed}'
    command = ["sh", "-c", script, sys.executable, *map(str, words)]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)


def test_every_command_that_ends_by_itself_can_answer_with_json() -> None:
    """As README has it."""
    options = {command.name: {word for option in command.params for word in option.opts} for command in COMMANDS}
    assert [name for name, words in options.items() if "--json" not in words] == ["serve", "desk"]
    assert [name for name, words in options.items() if "-C" not in words] == []


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_reader_that_has_gone_is_no_fault_of_the_site(site: SiteTest, options: tuple[str, ...]) -> None:
    site.article("meetings/a.md")
    with gone_reader() as pipe:
        done = newsgen("build", "-C", site.root, "--now", NOW, *options, stdout=pipe)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert (site.root / "public/index.html").exists()


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_faults_end_in_no_traceback_where_nobody_can_be_told(
    tmp_path: Path, options: tuple[str, ...], closed: str
) -> None:
    done = newsgen("build", "-C", tmp_path / "nowhere", *options, closed=closed)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    with gone_reader() as pipe:
        done = newsgen("build", "-C", tmp_path / "nowhere", *options, stdout=pipe)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "没有这个文件夹" in done.stderr


def test_progress_is_shown_to_nobody_where_stderr_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with output.progress("生成", 1) as step:
        step("a.md")


class Terminal(io.StringIO):
    """A terminal that keeps what was written to it."""

    def isatty(self) -> bool:
        return True


def test_work_that_takes_long_names_the_file_that_was_done_last(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, moments = Terminal(), iter([0.0, 0.5, 1.5])
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("newsgen.cli.output.time.monotonic", lambda: next(moments, 2.0))
    with output.progress("生成", 4) as step:
        step("content/a.md")
        assert terminal.getvalue() == "", "what is done at once shows nothing"
        step("content/huiyi/合影.jpg")
        shown = terminal.getvalue()
        assert "生成" in shown
        assert "50%" in shown
        assert "合影.jpg" in shown
        step("content/b.md")
        assert "75%" in terminal.getvalue()


def test_a_build_does_without_the_garbage_collector_and_what_lasts_does_not(site: SiteTest) -> None:
    site.article("meetings/a.md")
    gc.disable()  # as __main__ does
    try:
        assert run(["build", "-C", str(site.root)]) == 0
        assert not gc.isenabled()
        assert run(["why", "index.html", "-C", str(site.root)]) == 0
        assert gc.isenabled()
    finally:
        gc.enable()


STRANGERS = (
    "__future__",
    "click",
    "difflib",
    "jinja2",
    "markdown",
    "msgspec",
    "multiprocessing",
    "pickle",
    "socket",
    "yaml",
)


def test_modules_that_lie_in_the_sites_folder_are_not_run(site: SiteTest) -> None:
    site.article("meetings/a.md")
    for name in STRANGERS:
        site.write(f"{name}.py", f"raise SystemExit({name!r})")
    done = subprocess.run(
        [sys.executable, "-m", "newsgen", "build", "--now", NOW],
        cwd=site.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr


def test_neither_are_they_in_processes_that_are_spawned(site: SiteTest) -> None:
    for name in STRANGERS:
        site.write(f"{name}.py", f"print('ran {name}')")
    script = (
        "import sys; del sys.path[0]\n"
        "from newsgen.__main__ import leave_out_current_folder\n"
        "leave_out_current_folder()\n"
        "import multiprocessing\n"
        "multiprocessing.get_context('spawn').Process(target=print, args=('done',)).start()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=site.root, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")
