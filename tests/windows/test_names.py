"""Names that change in case alone: Windows takes both for one file, and the site must come out as everywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_test import tree
from windows.machine import Windows, write
from windows.test_site import BODY, BUILD, NOW, built_here

TAGGED = "---\ntitle: 一篇\ndate: 2024-03-13\ntags: {tag}\n---\n\n" + BODY


def test_a_tag_that_changes_in_case_alone_builds_again(
    windows: Windows, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {"content/news/2024-03-13-a.md": TAGGED.format(tag="Party")})
    windows.done(*BUILD)
    write(site, {"content/news/2024-03-13-a.md": TAGGED.format(tag="party")})
    windows.done(*BUILD)
    assert tree(site / "public") == built_here(site, tmp_path, capsys)
    assert windows.done(*BUILD).document["written"] == 0


def test_a_section_that_changes_in_case_alone_builds_again(
    windows: Windows, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {"content/Theory/_index.md": "---\ntitle: 理论学习\n---\n"})
    write(site, {"content/Theory/2024-03-13-a.md": TAGGED.format(tag="学习")})
    windows.done(*BUILD)
    (site / "content/Theory").rename(site / "content/theory")
    windows.done(*BUILD)
    assert tree(site / "public") == built_here(site, tmp_path, capsys)
    assert windows.done(*BUILD).document["written"] == 0


def test_an_article_whose_slug_changes_in_case_alone_builds_again(
    windows: Windows, site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {"content/news/2024-03-13-Meeting.md": TAGGED.format(tag="学习")})
    windows.done(*BUILD)
    (site / "content/news/2024-03-13-Meeting.md").rename(site / "content/news/2024-03-13-meeting.md")
    windows.done(*BUILD)
    assert tree(site / "public") == built_here(site, tmp_path, capsys)


def test_files_named_like_devices_are_named_and_hold_nothing_up(windows: Windows, site: Path) -> None:
    write(site, {f"content/news/{name}.md": TAGGED.format(tag="学习") for name in ("aux", "con", "nul")})
    refused = windows.newsgen("build", "--now", NOW)
    assert refused.code == 1
    assert all(f"content/news/{name}.md" in refused.stderr for name in ("aux", "con", "nul"))
