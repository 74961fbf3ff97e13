"""The self-inspection report, and the rules over the site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgen.cli import run
from site_checks import nu_errors
from site_test import SiteTest

NOW = "2024-06-01T08:00"
IDENTITY = "11010519491231002X"


def report(site: SiteTest, folder: Path) -> str:
    """The page of a report written into `folder`."""
    run(["check", "-C", str(site.root), "--now", NOW, "--report", str(folder)])
    return (folder / "report.html").read_text("utf-8")


def test_the_report_groups_links_counts_and_leaves_room_to_sign(site: SiteTest, tmp_path: Path) -> None:
    site.article("meetings/a.md", f"会议强调,要落实。身份证号{IDENTITY}\n")
    page = report(site, tmp_path / "自查")
    assert "<h2>错别字和表述（1 处）</h2>" in page
    assert "<h2>个人信息（1 处）</h2>" in page
    assert '<a href="../site/content/meetings/a.md">' in page
    for column in ("整改措施", "责任人", "完成时间", "负责人（签字）："):
        assert column in page
    assert IDENTITY not in page


def test_a_second_report_marks_what_was_mended(site: SiteTest, tmp_path: Path) -> None:
    site.article("meetings/a.md", "会议强调,要落实。\n")
    report(site, tmp_path / "out")
    site.article("meetings/a.md", "会议强调，要落实。\n")
    page = report(site, tmp_path / "out")
    assert "上次以来已整改 1 处" in page
    document = json.loads((tmp_path / "out/report.json").read_text("utf-8"))
    assert [item["code"] for item in document["mended"]] == ["punctuation.half-width"]
    assert "上次以来已整改" not in report(site, tmp_path / "out")


def test_a_report_without_slips_of_the_pen_has_what_comes_behind_them(site: SiteTest, tmp_path: Path) -> None:
    page = report(site, tmp_path / "out")
    assert "<h2>错别字和表述" not in page
    assert "<h2>栏目和更新（1 处）</h2>" in page


HOSTILE = {"body": "<script>alert(1)</script>,会议布署。\n", "title": "<b>甲</b>,乙"}


def test_the_page_runs_nothing_of_what_authors_wrote(site: SiteTest, tmp_path: Path) -> None:
    site.article("meetings/a.md", **HOSTILE)
    assert "<script" not in report(site, tmp_path / "out")


@pytest.mark.long
def test_the_page_is_valid(site: SiteTest, tmp_path: Path) -> None:
    site.article("meetings/a.md", **HOSTILE)
    report(site, tmp_path / "out")
    assert nu_errors(tmp_path / "out") == []


def codes(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Code and path of what is said of the site."""
    capsys.readouterr()
    run(["check", "-C", str(site.root), "--now", NOW, "--json"])
    return {item["code"]: item["path"] for item in json.loads(capsys.readouterr().out)["findings"]}


def test_a_column_without_articles_is_told_until_it_says_something(
    site: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    assert codes(site, capsys) == {"site.empty-section": "content/meetings/_index.md"}
    site.write("content/meetings/_index.md", "---\ntitle: 会议动态\n---\n\n会议的消息。\n")
    assert codes(site, capsys) == {}


@pytest.mark.parametrize(
    ("kind", "date", "is_stale"),
    [
        ("新闻", "2024-05-18", False),
        ("新闻", "2024-05-17", True),
        ("通知", "2023-12-04", False),
        ("通知", "2023-12-03", True),
    ],
)
def test_news_may_stand_two_weeks_and_notices_half_a_year(
    site: SiteTest, capsys: pytest.CaptureFixture[str], kind: str, date: str, is_stale: bool
) -> None:
    site.article("meetings/a.md", kind=kind, date=date, author="张老师")
    assert ("site.stale-section" in codes(site, capsys)) is is_stale


def test_a_missing_author_is_told(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/a.md", date="2024-05-31")
    assert codes(site, capsys) == {"site.no-author": "content/meetings/a.md"}


def test_the_table_of_measures_names_problems_in_words(site: SiteTest, tmp_path: Path) -> None:
    site.article("meetings/a.md", "会议强调,要落实。\n\n[名单](名单.docx)\n")
    page = report(site, tmp_path / "out")
    measures = page[page.index("自查整改情况表") :]
    assert "中文里的半角标点（1 处）" in measures
    assert "名单.docx" in measures
    assert ".missing" not in measures
