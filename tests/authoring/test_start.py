"""A double-click on 写稿.sh or 写稿.command: it finds newsgen or makes an environment, and what it says where it cannot.

Windows' 写稿.cmd is in tests/windows.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import NamedTuple
from urllib.parse import urljoin
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from newsgen.authoring.new import STARTER
from newsgen.cli import run
from packages import wheel, wheels

ROOT = Path(__file__).parents[2]
PROGRAM = STARTER / "app" / "start.py"
ODD = "党群 网站 & it's 50% (1)! ^"
LIMIT = 240
"""Seconds after which a program hangs."""
TITLE = "党群工作网站开通"
"""The report of a new site."""
SYSTEM = ("sh", "dirname", "uname")
"""What the shells of the starters call, but for Python."""


class Desk(NamedTuple):
    """A folder to double-click in. `home` is where this user's environments are, `path` where programs are."""

    folder: Path
    home: Path
    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a desktop that has no network and a Python without newsgen."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "PIP_", "COV", "VIRTUAL"))
        }
        there = {"PATH": str(self.path), "XDG_DATA_HOME": str(self.home), "HOME": str(self.home)}
        return {
            **kept,
            **there,
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "BROWSER": "true",
            "LC_ALL": "C.UTF-8",
        }

    @contextmanager
    def clicked(self, name: str = "写稿.sh") -> Iterator[subprocess.Popen[str]]:
        """A starter at work, in a session of its own as in a window of its own."""
        process = subprocess.Popen(
            ["sh", self.folder / name],
            cwd="/",
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def ended(self, name: str = "写稿.sh") -> tuple[int, str]:
        """The exit code and the words of a starter that ends by itself."""
        with self.clicked(name) as process:
            said, _ = process.communicate(timeout=LIMIT)
        return process.returncode, said

    def with_packages(self, *names: str) -> None:
        """Put newsgen's wheel into `安装包`, and those of what it needs whose names begin so; all for ""."""
        target = self.folder / "安装包"
        target.mkdir()
        shutil.copy(wheel(), target)
        for path in wheels().iterdir():
            if path.name.startswith(names or ("-",)):
                shutil.copy(path, target)

    def noted(self) -> None:
        """Note the newsgen that these tests run in, as `newsgen init` does."""
        (self.folder / ".newsgen").mkdir()
        (self.folder / ".newsgen" / "python").write_text(sys.executable, "utf-8")

    @property
    def made(self) -> Path:
        """The environment that was made."""
        (folder,) = (path for path in (self.home / "newsgen").iterdir() if path.is_dir())
        return folder


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A new site as somebody has it who got it from a colleague, on a machine with a Python and without newsgen."""
    folder, path = tmp_path / ODD, tmp_path / "bin"
    assert run(["init", str(folder)]) == 0
    capsys.readouterr()
    shutil.rmtree(folder / ".newsgen")
    path.mkdir()
    for name in SYSTEM:
        found = shutil.which(name)
        assert found
        (path / name).symlink_to(found)
    (path / "python3").symlink_to(getattr(sys, "_base_executable"))  # noqa: B009 (not known to the type checker)
    return Desk(folder, tmp_path / "home", path)


def address(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The address that a starter tells, and what it said before."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S*", line):
            return found[0], said
    pytest.fail(said)


def listed(address: str) -> list[str]:
    """The titles that the desk at an address lists, as a browser gets them that opens it."""
    browser = build_opener(HTTPCookieProcessor())
    with browser.open(address, timeout=LIMIT) as page:
        assert "写稿台" in page.read().decode()
    with browser.open(urljoin(address, "/.newsgen/desk/api/reports"), timeout=LIMIT) as answer:
        return [report["title"] for report in json.load(answer)["reports"]]


def closed(process: subprocess.Popen[str]) -> int:
    """Close the window: what its terminal sends to all that runs in it. Gives the exit code."""
    os.killpg(process.pid, signal.SIGHUP)
    return process.wait(LIMIT)


def gone(address: str) -> bool:
    """Whether nobody answers at an address any more."""
    try:
        listed(address)
    except OSError:
        return True
    return False


# ---------------------------------------------------------------- newsgen is there


@pytest.mark.parametrize("name", ["写稿.sh", "写稿.command"])
def test_a_double_click_takes_the_newsgen_that_made_the_site(desk: Desk, name: str) -> None:
    desk.noted()
    with desk.clicked(name) as process:
        where, said = address(process)
        assert listed(where) == [TITLE]
        closed(process)
    assert "准备" not in said
    assert gone(where)


def test_a_second_double_click_opens_the_desk_that_is_open(desk: Desk) -> None:
    desk.noted()
    with desk.clicked() as process:
        where, _ = address(process)
        code, said = desk.ended("写稿.command")
        assert (code, where in said, "已经开着" in said) == (0, True, True)
        assert closed(process) == 0
    with desk.clicked() as process:  # what the first one left does not count
        assert listed(address(process)[0]) == [TITLE]


def test_two_double_clicks_at_once_are_one_desk(desk: Desk) -> None:
    desk.noted()
    with desk.clicked() as first, desk.clicked() as second:
        (where, said), (other, also_said) = address(first), address(second)
        assert where == other
        assert sorted("已经开着" in words for words in (said, also_said)) == [False, True]
        assert listed(where) == [TITLE]
        later = first if "已经开着" in said else second
        assert later.wait(LIMIT) == 0


def with_newsgen(desk: Desk) -> None:
    """Let the Python of the machine have newsgen."""
    (desk.path / "python3").unlink()
    (desk.path / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    (desk.path / "python3").chmod(0o755)


def test_a_python_of_the_machine_that_has_newsgen_is_taken(desk: Desk) -> None:
    with_newsgen(desk)
    with desk.clicked() as process:
        where, said = address(process)
        assert listed(where) == [TITLE]
        assert "准备" not in said


def test_without_a_site_a_new_one_is_made_and_taken_again(desk: Desk) -> None:
    with_newsgen(desk)
    (desk.folder / "site.yaml").unlink()
    for made in (True, False):
        with desk.clicked() as process:
            where, said = address(process)
            assert listed(where) == [TITLE]
            assert ("新站点在" in said) == made
            closed(process)
    assert (desk.folder / "网站" / "site.yaml").is_file()


def test_two_sites_beside_a_starter_are_named(desk: Desk) -> None:
    (desk.folder / "site.yaml").unlink()
    for name in ("甲", "乙"):
        (desk.folder / name).mkdir()
        (desk.folder / name / "site.yaml").write_text("title: 党群工作\n", "utf-8")
    code, said = desk.ended()
    assert (code, "乙、甲" in said) == (2, True)


def test_a_starter_that_is_ended_ends_newsgen(desk: Desk) -> None:
    desk.noted()
    with desk.clicked() as process:
        where, _ = address(process)
        process.terminate()
        process.wait(LIMIT)
    assert gone(where)


ENDED_EARLY = """
import signal, subprocess
from runpy import run_path

class Begun(subprocess.Popen):
    def __init__(self, *words, **options):
        super().__init__(*words, **options)
        signal.raise_signal(signal.SIGTERM)

run = run_path({program!r})["run"]
subprocess.Popen = Begun
print(run({newsgen!r}, ["desk"]))
"""
"""The program behind the starters, which is ended as soon as newsgen has begun."""


def test_a_starter_that_is_ended_as_newsgen_begins_ends_newsgen(tmp_path: Path) -> None:
    newsgen = tmp_path / "newsgen"
    newsgen.write_text("#!/bin/sh\n[ \"$2\" = 'import newsgen.cli' ] || exec sleep 60 >/dev/null 2>&1\n", "utf-8")
    newsgen.chmod(0o755)
    code = ENDED_EARLY.format(program=str(PROGRAM), newsgen=str(newsgen))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=LIMIT, check=False)
    assert (ran.returncode, ran.stdout) == (0, f"{-signal.SIGTERM}\n")


# ---------------------------------------------------------------- newsgen is not there


def test_without_anything_to_install_it_says_whom_to_ask_for_what(desk: Desk) -> None:
    code, said = desk.ended()
    assert code == 2
    assert "newsgen-windows.zip" in said
    assert "“安装包”" in said


@pytest.mark.long
@pytest.mark.xdist_group("start")
def test_without_network_it_says_so_and_the_next_double_click_begins_anew(desk: Desk) -> None:
    desk.with_packages("click-")
    for _ in range(2):
        code, said = desk.ended()
        assert code == 2
        assert "正在做准备" in said
        assert "请先联网，再双击一次" in said


def test_a_package_that_is_no_newsgen_is_not_installed(desk: Desk) -> None:
    desk.with_packages()
    (package,) = (desk.folder / "安装包").iterdir()
    package.write_bytes(b"no archive")
    code, said = desk.ended()
    assert (code, "不完整" in said, desk.home.exists()) == (2, True, False)


def test_without_python_it_says_how_to_get_it(desk: Desk) -> None:
    (desk.path / "python3").unlink()
    code, said = desk.ended()
    assert code == 2
    assert "没有找到 Python 3.11" in said
    assert "Linux：在系统的软件商店里安装 Python 3" in said


def test_a_python_that_does_not_run_is_passed_over(desk: Desk) -> None:
    (desk.path / "python3").rename(desk.path / "python")
    for name in ("python3", "python3.14"):
        (desk.path / name).write_text(
            "#!/bin/sh\nexit 3\n", "utf-8"
        )  # as a version switcher's shim, or one that is too old
        (desk.path / name).chmod(0o755)
    code, said = desk.ended()
    assert (code, "newsgen-windows.zip" in said) == (2, True)


def test_a_starter_that_was_taken_out_alone_says_so(desk: Desk) -> None:
    shutil.rmtree(desk.folder / "app")
    code, said = desk.ended("写稿.command")
    assert (code, "不要只拿出这一个文件" in said) == (2, True)


# ---------------------------------------------------------------- an environment is made


@pytest.mark.long
@pytest.mark.xdist_group("start")
def test_two_double_clicks_at_once_make_one_environment_without_network(desk: Desk) -> None:
    desk.with_packages("")
    with desk.clicked() as first, desk.clicked("写稿.command") as second:
        (where, said), (other, also_said) = address(first), address(second)
        assert where == other
        assert listed(where) == [TITLE]
        assert sorted("另一个窗口正在做准备" in words for words in (said, also_said)) == [False, True]
        assert sorted("pillow_heif" in words for words in (said, also_said)) == [False, True]
    with desk.clicked() as process:
        assert "准备" not in address(process)[1]
        closed(process)
    _damaged_and_mended(desk)


def _damaged_and_mended(desk: Desk) -> None:
    """A library that a scanner took away, and a Python that has gone, are noticed; what is there is made anew."""
    (library,) = desk.made.glob("lib/*/site-packages/uvicorn")
    shutil.rmtree(library)
    with desk.clicked() as process:
        where, said = address(process)
        assert "运行环境坏了" in said
        assert listed(where) == [TITLE]
        closed(process)


@pytest.mark.long
@pytest.mark.xdist_group("start")
def test_a_window_that_is_closed_during_the_preparation_does_no_harm(desk: Desk) -> None:
    desk.with_packages("")
    with desk.clicked() as process:
        assert process.stdout is not None
        assert any("jinja2" in line for line in process.stdout)
        os.killpg(process.pid, signal.SIGKILL)
    with desk.clicked() as process:
        where, said = address(process)
        assert "正在做准备" in said
        assert listed(where) == [TITLE]
        closed(process)


# ---------------------------------------------------------------- the files


def program() -> ModuleType:
    """app/start.py as a module."""
    spec = spec_from_file_location("start", PROGRAM)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["写稿.cmd", "写稿.command", "写稿.sh"])
def test_the_starters_of_this_repository_are_those_of_a_new_site(name: str) -> None:
    assert (ROOT / name).read_bytes() == (STARTER / name).read_bytes()
    assert name == "写稿.cmd" or os.access(ROOT / name, os.X_OK)


def test_the_program_behind_them_needs_nothing_but_an_old_python(tmp_path: Path) -> None:
    tree = ast.parse(PROGRAM.read_text("utf-8"), feature_version=(3, 8))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name.split(".")[0] for name in modules} <= sys.stdlib_module_names
    old = f"import runpy, sys; sys.version_info = (3, 8, 10); runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
    ran = subprocess.run(
        [sys.executable, "-c", old, "desk", tmp_path], capture_output=True, encoding="utf-8", check=False
    )
    assert (ran.returncode, "这个 Python 是 3.8 版，太旧了" in ran.stdout) == (2, True), ran.stderr


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘满了"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "没有安装。请换一个网络"),
        ("[WinError 5] Access is denied: 'C:\\\\x'", "写不进去"),
        ("NewConnectionError(': Failed to establish a new connection')\nERROR: No matching distribution", "请先联网"),
        ("one\ntwo\nlast words", "拍给管理网站的老师看：\n    one\n    two\n    last words"),
    ],
)
def test_what_pip_says_becomes_what_to_do(log: str, advice: str) -> None:
    assert advice in program().advice(log)
