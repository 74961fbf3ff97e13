"""Publishing from Windows into a folder that somebody else looks into, and the commit that git says a release comes from."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from site_test import tree
from windows.machine import HOME, PYTHON, SITE, Windows, write
from windows.test_site import BODY, HEAD, NOW

TARGET = HOME / "网站 线上"
PATH = "content/news/2024-03-13-a.md"
PAGE = "news/2024/0313-a.html"
LIVE = f"""\
publish:
  targets:
    live:
      kind: folder
      path: {TARGET}
      layout: flat
      http: no
"""
HOLD = (
    "import sys, time; held = open(sys.argv[1], 'rb'); print('held', flush=True); sys.stdin.readline(); time.sleep(2)"
)
"""A program that reads a page, as a scanner for viruses does, until two seconds after it is told."""
PUBLISH = ("publish", "--json", "--now", NOW)


def until(happened: Callable[[], bool], limit: float = 60) -> None:
    """Wait until something has happened. Fails the test when that takes too long."""
    pause = Event()
    for _ in range(int(limit / 0.05)):
        if happened():
            return
        pause.wait(0.05)
    pytest.fail("it has not happened")


@pytest.fixture
def published(windows: Windows, site: Path) -> Path:
    """A site that is live in a flat folder: where that folder lies here."""
    target = windows.here(TARGET)
    subprocess.run(["rm", "-rf", target], check=True)
    write(site, {PATH: HEAD.format(number=1, month=3, day=13) + BODY})
    with (site / "site.yaml").open("a", encoding="utf-8") as settings:
        settings.write(LIVE)
    windows.done(*PUBLISH)
    return target


@contextmanager
def held(windows: Windows, page: str) -> Iterator[Callable[[], None]]:
    """A page of the target that another program reads: what lets go of it, two seconds later."""
    with windows.started(PYTHON, "-c", HOLD, str(TARGET / page)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\r\n"

        def let_go() -> None:
            assert holder.stdin is not None
            holder.stdin.write(b"\n")
            holder.stdin.flush()

        yield let_go


def edit(site: Path, number: int) -> None:
    """Change the title of the article."""
    write(site, {PATH: HEAD.format(number=number, month=3, day=13) + BODY})


def test_a_flat_folder_gets_what_was_built(windows: Windows, site: Path, published: Path) -> None:
    assert tree(published) == tree(site / "public")
    assert windows.newsgen("verify").code == 0


def test_a_page_that_is_held_open_for_a_moment_is_waited_for(windows: Windows, site: Path, published: Path) -> None:
    edit(site, 2)
    with held(windows, PAGE) as let_go, windows.started(PYTHON, "-m", "newsgen", *PUBLISH, cwd=SITE) as publisher:
        until(lambda: '"going":null' not in (published / ".newsgen/state.json").read_text("utf-8").replace(" ", ""))
        let_go()
        ran = windows.finished(publisher)
    assert ran.code == 0, ran.stderr
    assert tree(published) == tree(site / "public")
    assert "第2次" in (published / PAGE).read_text("utf-8")


def test_a_page_that_nobody_lets_go_of_is_named_and_the_next_publish_goes_through(
    windows: Windows, site: Path, published: Path
) -> None:
    edit(site, 2)
    with held(windows, PAGE):
        refused = windows.newsgen("publish", "--now", NOW)
    assert refused.code == 2
    assert "它正被别的程序打开着" in refused.stderr
    windows.done(*PUBLISH)
    assert tree(published) == tree(site / "public")


def test_rollback_brings_every_file_of_the_release_before_back(windows: Windows, site: Path, published: Path) -> None:
    before = tree(published)
    edit(site, 2)
    windows.done(*PUBLISH)
    assert tree(published) != before
    windows.done("rollback")
    assert {name: data for name, data in tree(published).items() if name in before} == before
    assert windows.newsgen("verify").code == 0


def test_verify_names_what_somebody_changed_and_added(windows: Windows, site: Path, published: Path) -> None:
    (published / PAGE).write_text("换掉了", "utf-8")
    (published / "别人的.html").write_text("多出来的", "utf-8")
    verified = windows.newsgen("verify")
    assert verified.code == 1
    assert PAGE in verified.stdout + verified.stderr
    assert "别人的.html" in verified.stdout + verified.stderr


def test_a_withdrawn_article_goes_from_the_folder_too(windows: Windows, site: Path, published: Path) -> None:
    windows.done("withdraw", PATH, "--why", "信息有误")
    windows.done(*PUBLISH)
    assert not (published / PAGE).exists()


# ---------------------------------------------------------------- git


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a git.exe that is the git of this machine."""
    folder, here = tmp_path_factory.mktemp("git"), Path(__file__).parent
    compiler = ["x86_64-w64-mingw32-gcc", "-municode", "-O2", "-s", "-o", str(folder / "git.exe")]
    subprocess.run([*compiler, str(here / "git.c")], check=True)
    return folder


def test_a_release_knows_its_commit_where_git_writes_chinese_names_as_they_are(
    windows: Windows, site: Path, published: Path, git: Path
) -> None:
    def run(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(site), *words], check=True, capture_output=True, text=True
        ).stdout.strip()

    run("init", "--quiet")
    run("config", "core.quotepath", "false")
    run("add", ".")
    run("-c", "user.name=用户", "-c", "user.email=a@example.edu.cn", "commit", "--quiet", "-m", "第一次")
    write(site, {"content/news/2024-03-14-学习贯彻.md": HEAD.format(number=2, month=3, day=14) + BODY})
    relay = {"RELAY": str(Path(__file__).with_name("relay")), "WINEPATH": f"Z:{git}".replace("/", "\\")}
    relay["DISK"] = str(windows.here(HOME).parents[1])
    windows.done(*PUBLISH, cwd=SITE, **relay)
    told = windows.done("releases", cwd=SITE, **relay)
    assert run("rev-parse", "HEAD")[:12] in told.stdout + told.stderr
    assert "有未提交的改动" in told.stdout + told.stderr
