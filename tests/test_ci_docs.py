"""The workflow files of docs/ci/ are sound, and what they keep from run to run makes the next build incremental."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsgen.cli import commands
from site_test import SiteTest

CI = Path(__file__).parents[1] / "docs" / "ci"
FILES = sorted(CI.glob("*.yml"))
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
