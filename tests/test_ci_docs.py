"""The workflow files of docs/ci/ are sound, and what they keep from run to run makes the next build incremental."""

from __future__ import annotations

import re
import shutil
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import smoke
from newsgen.cli import commands
from site_test import SiteTest

CI = Path(__file__).parents[1] / "docs" / "ci"
FILES = sorted(path for path in CI.glob("*.yml") if path.stem != "windows")
"""Those that publish."""
WINDOWS = (CI / "windows.yml").read_text("utf-8")
KEPT = (".newsgen", "public")


def words(node: Any) -> Iterator[str]:
    """All texts of a workflow in the order in which they stand."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from words(value)
    elif isinstance(node, list):
        for value in node:
            yield from words(value)
    else:
        yield str(node)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_restores_builds_and_publishes_in_this_order(file: Path) -> None:
    text = " ".join(words(yaml.safe_load(file.read_text("utf-8"))))
    restored = min(text.index(name) for name in (".newsgen", ".cache/newsgen") if name in text)
    assert restored < text.index("make site") < text.index("newsgen publish")
    assert all(name in text for name in KEPT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_holds_no_key_and_calls_what_there_is(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "PRIVATE KEY" not in text
    assert "StrictHostKeyChecking" not in text
    called = {part.split()[0] for part in text.split(".venv/bin/newsgen ")[1:]}
    assert {name.rstrip(";") for name in called} <= set(commands.commands)


def test_there_is_one_for_each_place_and_the_page_names_what_they_need() -> None:
    assert [file.stem for file in FILES] == ["gitee", "github", "gitlab"]
    page = CI.with_name("server.md").read_text("utf-8")
    assert "NEWSGEN_KEY" in page
    assert all("NEWSGEN_KEY" in file.read_text("utf-8") for file in FILES)


def test_the_key_is_given_to_the_steps_that_need_it_alone() -> None:
    steps = yaml.safe_load((CI / "github.yml").read_text("utf-8"))["jobs"]["publish"]["steps"]
    with_key = [step["run"] for step in steps if "NEWSGEN_KEY" in step.get("env", {})]
    assert with_key == [".venv/bin/newsgen verify", ".venv/bin/newsgen publish"]


def test_the_next_run_in_a_fresh_clone_renders_nothing_that_has_not_changed(
    site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for day in range(1, 10):
        site.article(f"meetings/2024-03-0{day}-a.md", date=f"2024-03-0{day}")
    first = site.built()
    with tarfile.open(tmp_path / "kept.tar", "w") as kept:
        for name in KEPT:
            kept.add(site.root / name, name)
    clone = SiteTest(tmp_path / "clone", capsys)
    shutil.copytree(site.root, clone.root, ignore=shutil.ignore_patterns(*KEPT), copy_function=shutil.copyfile)
    with tarfile.open(tmp_path / "kept.tar") as kept:
        kept.extractall(clone.root, filter="data")
    assert clone.built().document["rendered"] == 0
    one = clone.article("meetings/2024-03-05-a.md", "改了。\n", date="2024-03-05").built()
    assert 0 < one.document["rendered"] < 6
    assert first.document["rendered"] > 20


# ---------------------------------------------------------------- a real Windows


def test_the_workflow_for_windows_installs_what_the_readme_says() -> None:
    lines = [line.strip() for line in (CI.parents[1] / "README.md").read_text("utf-8").splitlines()]
    installs = [line for line in lines if line.startswith(r".venv\Scripts\python -m pip install")]
    assert len(installs) == 2
    assert all(line in WINDOWS for line in installs)


def test_the_workflow_for_windows_runs_files_and_commands_that_there_are() -> None:
    steps = yaml.safe_load(WINDOWS)["jobs"]["windows"]["steps"]
    text = " ".join(step.get("run", "") for step in steps)
    files = re.findall(r"(?:tests|requirements)\\[\w.\\]+", text)
    assert len(files) > 10
    assert [name for name in files if not (CI.parents[1] / name.replace("\\", "/")).is_file()] == []
    assert set(re.findall(r"newsgen ([a-z]+)", text)) <= set(commands.commands)
    assert "secrets" not in WINDOWS


def test_what_the_workflow_for_windows_tries_is_so_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newsgen = [sys.executable, "-m", "newsgen"]
    assert smoke.main(tmp_path / "OneDrive - 学院" / "我的 网站", newsgen) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.count("ok ") == 8


def test_what_the_workflow_for_windows_tries_fails_where_something_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("")
    assert smoke.main(tmp_path / "there", [sys.executable, "-m", "newsgen"]) == 1
    assert "已经存在" in capsys.readouterr().err
