"""The commands of the README and of the guides, typed as they stand, one after the other, in an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from newsgen.cli import commands, run
from packages import wheel, wheels
from site_checks import broken_links

ROOT = Path(__file__).parents[1]
GUIDES = sorted((ROOT / "docs").glob("*.md"))
NEVER_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", ".newsgen", "__pycache__", ".*_cache", ".hypothesis"
)
MADE = ("build", "dist", "public")
"""Folders at the top that make has made."""
LIMIT = 120


def typed(section: str) -> list[str]:
    """The lines to type in a section of the README, without their comments."""
    text = (ROOT / "README.md").read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    return [line.split("  #")[0].strip() for line in text.splitlines() if line.startswith("    ")]


def console(guide: Path) -> list[str]:
    """The lines to type in a guide, without their comments."""
    blocks = re.findall(r"^```console\n(.*?)^```$", guide.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = (re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody has who just got the repository, in a folder with a name as people give them."""
    folder = tmp_path_factory.mktemp("党群 网站") / "newsgen"
    shutil.copytree(
        ROOT, folder, ignore=lambda path, names: NEVER_COPIED(path, names) | (set(MADE) if path == str(ROOT) else set())
    )
    return folder


def environment() -> dict[str, str]:
    """That of a new terminal: none of the tools of these tests is on the path."""
    own = str(Path(sys.executable).parent)
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if part != own)
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")}
    return {**kept, "PATH": path, "BROWSER": "true"}


def type_in(folder: Path, lines: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Type lines into a shell that stops at the first which fails."""
    script = "set -e\n" + "\n".join(lines)
    return subprocess.run(
        ["sh", "-c", script], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


def serves(folder: Path, lines: Sequence[str]) -> str:
    """The first page that the last of the lines serves; Ctrl-C ends it."""
    script = "set -e\n" + "\n".join(lines)
    process = subprocess.Popen(
        ["sh", "-c", script],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://\S+:\d+/", line):
            break
    assert found, said
    with urllib.request.urlopen(found[0], timeout=LIMIT) as answer:
        page = answer.read().decode()
    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=LIMIT)
    assert "预览已结束。" in rest
    return str(page)


class Terminal:
    """A shell that stays open while lines are typed, one after the other."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self._shell = subprocess.Popen(
            ["sh"],
            cwd=folder,
            env={**environment(), **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        self._write("trap : INT")  # it lives on where Ctrl-C ends a command

    def type(self, line: str) -> str:
        """Type a line that must succeed, and return what it printed. Ctrl-C ends a server as soon as it tells its address."""
        self._write(line, 'echo "exit code $?"')
        said = ""
        assert self._shell.stdout
        for printed in self._shell.stdout:
            if found := re.match(r"exit code (\d+)", printed):
                assert found[1] == "0", f"{line}\n{said}"
                return said
            said += printed
            if re.search(r"http://127\.0\.0\.1:\d+/", printed):
                os.killpg(self._shell.pid, signal.SIGINT)
        pytest.fail(f"{line}\n{said}")

    def close(self) -> None:
        """Close the window."""
        assert self._shell.stdin
        self._shell.stdin.close()
        self._shell.wait(LIMIT)
        assert self._shell.stdout
        self._shell.stdout.close()

    def _write(self, *lines: str) -> None:
        assert self._shell.stdin
        self._shell.stdin.write("".join(f"{line}\n" for line in lines))
        self._shell.stdin.flush()


@pytest.mark.xdist_group("readme")
def test_a_double_click_in_a_fresh_clone_makes_the_environment_that_make_makes(clone: Path) -> None:
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels())}
    terminal = Terminal(clone, **offline)
    said = terminal.type("./写稿.sh")
    assert "准备好了" in said
    assert "写稿台：http://127.0.0.1" in said
    assert "写的内容都存好了" in said
    assert "准备" not in terminal.type("./写稿.command")
    assert "pip" not in terminal.type("make -n site")
    terminal.close()


@pytest.mark.xdist_group("readme")
def test_make_sets_up_what_it_needs_and_shows_and_builds_the_site(clone: Path) -> None:
    lines = typed("One command, and three more")
    assert lines == ["make serve", "make site", "make test", "make bench"]
    assert "党群工作" in serves(clone, ["make serve"])
    done = type_in(clone, ["make site"])
    assert (done.returncode, (clone / "public/index.html").exists()) == (0, True), done.stderr
    assert type_in(clone, ["make -n test", "make -n bench"]).returncode == 0


@pytest.mark.xdist_group("readme")
def test_the_site_is_served_and_built_without_make(clone: Path) -> None:
    lines = [line.replace(".venv\\Scripts\\", ".venv/bin/").replace("\\", "/") for line in _elsewhere()]
    terminal = Terminal(clone)
    said = [terminal.type(line) for line in lines]
    terminal.close()
    assert "预览：http://127.0.0.1" in said[-2]
    assert "生成完毕" in said[-1]


@pytest.mark.long
@pytest.mark.xdist_group("package")
def test_a_site_of_ones_own_is_made_in_an_empty_folder_by_the_lines_of_the_readme(tmp_path: Path) -> None:
    """Nothing is there but the wheel and what pip finds: no repository, no other newsgen."""
    folder = tmp_path / "党群 网站"
    folder.mkdir()
    shutil.copy(wheel(), folder)
    lines = typed("A site of one's own")
    terminal = Terminal(folder, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels()))
    said = {line.split(" -C")[0]: terminal.type(line) for line in lines}
    assert "No broken requirements" in terminal.type("python -m pip check")
    terminal.close()
    assert "写稿台：http://127.0.0.1" in said["newsgen desk"]
    assert "预览：http://127.0.0.1" in said["newsgen serve"]
    pages = [page.read_text("utf-8") for page in (folder / "my-site" / "public").rglob("*.html")]
    assert any("学生第一党支部召开组织生活会" in page for page in pages)
    assert broken_links(folder / "my-site" / "public") == []


def _elsewhere() -> Iterator[str]:
    """The lines for Windows as the README says that they read elsewhere."""
    for line in typed("Without make, and on Windows"):
        yield re.sub(r"^py -3\S* -m venv", "python3 -m venv", line)


def test_the_first_commands_of_the_authors_guide_work_in_a_new_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["init", str(tmp_path / "site")]) == 0
    monkeypatch.chdir(tmp_path / "site")
    lines = [line for line in console(ROOT / "docs/authors-guide.md") if line.startswith("newsgen ")]
    assert lines[0].startswith("newsgen new ")
    for line in lines:
        if not line.startswith("newsgen serve"):
            assert run(shlex.split(line)[1:]) == 0, line


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_guide_names_commands_and_options_that_there_are(guide: Path) -> None:
    found = [*console(guide), *re.findall(r"`(newsgen [^`]+)`", guide.read_text("utf-8"))]
    for line in (line for line in found if line.startswith("newsgen ")):
        name, *words = shlex.split(line)[1:]
        command = commands.commands[name]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        options = {word.split("=")[0] for word in words if word.startswith("-")}
        assert options <= known | {"-h", "--help"}, line


def test_every_command_of_the_command_line_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert isinstance(commands, click.Group)
    assert [name for name in commands.commands if f"`newsgen {name}" not in text] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_links_between_the_guides_lead_to_headings_that_there_are(guide: Path) -> None:
    for name, anchor in re.findall(r"\]\(([\w-]+\.md)(?:#([^)]+))?\)", guide.read_text("utf-8")):
        if guide.parent / name not in GUIDES:
            continue  # an example
        headings = re.findall(r"^#+ (.+)$", (guide.parent / name).read_text("utf-8"), re.MULTILINE)
        assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}, (name, anchor)
