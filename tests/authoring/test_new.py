"""`newsgen init`: what it suggests can be typed, and git on Windows changes nothing of the new site."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from newsgen.cli import run
from site_test import SiteTest, tree


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.edu.cn", "-c", "core.autocrlf=true")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("name", ["党群网站", "党群 网站", "it's $HOME; “两会” & `x`"])
def test_the_commands_that_init_suggests_can_be_typed(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / name)]) == 0
    told = capsys.readouterr().out
    (typed,) = re.findall("newsgen build .*", told)
    command, *arguments = shlex.split(typed)
    assert (command, run(arguments)) == ("newsgen", 0)
    assert (tmp_path / name / "public/index.html").is_file()
    (typed,) = re.findall("newsgen serve .*", told)
    assert shlex.split(typed) == ["newsgen", "serve", "-C", str(tmp_path / name), "--open"]


def test_a_clone_on_windows_builds_the_same_site(tmp_path: Path) -> None:
    """Git for Windows turns line ends by default (core.autocrlf=true)."""
    site = tmp_path / "site"
    assert run(["init", str(site), "--defaults"]) == 0
    (site / "theme").mkdir()
    (site / "theme/colors.css").write_bytes(b":root {\n  --red: #1b4f8f;\n}\n")
    (site / "theme/more.js").write_bytes(b"'use strict';\r\nvar a;\n")
    (site / "content/news/a.md").write_bytes("---\ntitle: 甲\ndate: 2024-03-13\n附件: 表.csv\n---\n正文\n".encode())
    (site / "content/news/表.csv").write_bytes(b"a,b\n1,2\n")
    git(tmp_path, "init", "site")
    git(site, "add", ".")
    git(site, "commit", "-m", "x")
    git(tmp_path, "clone", "site", "clone")
    built = []
    for folder in (site, tmp_path / "clone"):
        assert run(["build", "-C", str(folder), "--now", "2024-10-01"]) == 0
        built.append(tree(folder / "public"))
    assert built[0] == built[1]


def test_what_newsgen_makes_is_not_committed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert run(["init", str(site)]) == 0
    assert run(["build", "-C", str(site), "--now", "2024-10-01"]) == 0
    git(tmp_path, "init", "site")
    for name in ("app/python.exe", "安装包/newsgen-1-py3-none-any.whl", ".venv/bin/python"):  # what members put there
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).touch()
    git(site, "add", ".")
    shown = subprocess.run(["git", "ls-files", "-z"], cwd=site, check=True, capture_output=True, text=True).stdout
    assert {path for path in shown.split("\0") if path and not path.startswith("content/")} == {
        ".gitattributes",
        ".gitignore",
        "app/start.py",
        "lexicon.yaml",
        "site.yaml",
        "使用说明.txt",
        "写稿.cmd",
        "写稿.command",
        "写稿.sh",
    }


def test_a_new_site_says_what_to_double_click_and_has_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = tmp_path / "党群 网站"
    assert run(["init", str(site), "--json"]) == 0
    said = capsys.readouterr()
    for name in re.findall(r"双击“(.+?)”.*“(.+?)”", said.err)[0]:
        assert name in json.loads(said.out)["files"]
        assert (site / name).is_file()
    assert {path.name for path in site.iterdir() if path.is_file() and os.access(path, os.X_OK)} == {
        "写稿.sh",
        "写稿.command",
    }


def test_the_guide_of_a_new_site_opens_in_notepad_and_names_what_there_is(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "site")]) == 0
    data = (tmp_path / "site" / "使用说明.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n")
    listed = data.decode("utf-8-sig").split("这个文件夹里有什么")[1]
    for line in re.findall(r"^    (\S+) ", listed, re.MULTILINE):
        for name in line.split("、"):
            assert (tmp_path / "site" / name).exists() or re.search(rf"{re.escape(name)} +（", listed), name


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_new_article_is_not_written_through_a_link(
    site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str], is_folder: bool
) -> None:
    command = ["new", "题目", "-C", str(site.root), *(["--folder"] if is_folder else [])]
    assert run(command) == 0
    (path,) = (path for path in (site.root / "content/meetings").rglob("*题目*") if path.name != "index.md")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    if is_folder:
        (path / "index.md").unlink()
        path.rmdir()
    else:
        path.unlink()
    path.symlink_to(elsewhere if is_folder else elsewhere / "made.md")
    assert run(command) == 2
    assert "这个文件已经有了" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


def test_the_check_has_nothing_to_say_of_the_first_article_of_a_new_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "site")]) == 0
    (article,) = (tmp_path / "site" / "content").rglob("*-kaizhan.md")
    capsys.readouterr()
    assert run(["check", str(article), "-C", str(tmp_path / "site"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
