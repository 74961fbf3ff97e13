"""unused.py and scaffold.py: what lies beside reports and is on no page is told, and what was begun is finished."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgen.cli import run
from site_test import SiteTest, photo

TEXT = "---\ntitle: 甲\ndate: 2024-03-13\n---\n\n"


def test_photos_in_a_reports_own_folder_that_it_does_not_name_are_told_together(site: SiteTest) -> None:
    for name in ("a.jpg", "b.jpg", "more/c.jpg"):
        site.write(f"content/meetings/dang-ri/{name}", photo())
    built = site.write("content/meetings/dang-ri/index.md", f"{TEXT}![合影](a.jpg)\n").built("--strict")
    path = "content/meetings/dang-ri/index.md"
    assert built.said("info") == [f"image.unused {path}:1"] * 2
    assert {said["hint"].partition("（")[0].partition("](")[2] for said in built.document["diagnostics"]} == {
        "b.jpg)；不用就删去或移走",
        "more/c.jpg)；不用就删去或移走",
    }


def test_a_photo_beside_reports_is_told_and_one_in_a_folder_of_photos_is_not(site: SiteTest) -> None:
    site.write("content/meetings/2024-03-13-a.jpg", photo()).write("content/photos/_index.md", "---\ntitle: 图\n---\n")
    built = site.write("content/photos/2024/b.jpg", photo()).article("meetings/a.md").built("--strict")
    assert built.said() == ["image.unused content/meetings:1"]


@pytest.mark.parametrize(
    "name", ["会议.docx", "会议.wps", "会议.doc", "会议.PDF", "会议.rtf", "会议.odt", "会议.txt", "会议.ofd"]
)
def test_a_document_in_a_section_is_no_report(site: SiteTest, name: str) -> None:
    built = site.write(f"content/meetings/{name}", b"x").article("meetings/a.md").built("--strict")
    assert built.said("info") == [f"content.unused content/meetings/{name}:1"]
    hint = built.document["diagnostics"][0]["hint"]
    assert hint.startswith("要发成文章，把文字粘贴进 .md 文件")
    assert f"附件: {name}" in hint


def test_a_table_in_a_section_is_an_attachment_at_most(site: SiteTest) -> None:
    built = site.write("content/meetings/名单.xlsx", b"x").article("meetings/a.md").built("--strict")
    assert [said["hint"] for said in built.document["diagnostics"]] == ["是附件，就在文章开头加一行：附件: 名单.xlsx"]


def test_a_document_that_is_an_attachment_or_the_draft_of_a_report_is_not_told(site: SiteTest) -> None:
    site.write("content/meetings/表.docx", b"x").write("content/meetings/a.docx", b"x")
    assert site.article("meetings/a.md", 附件="表.docx").built("--strict").said() == []


def test_an_attachment_left_out_of_a_reports_own_folder_is_an_information(site: SiteTest) -> None:
    site.write("content/meetings/x/表.xlsx", b"x").write("content/meetings/x/index.md", f"{TEXT}正文。\n")
    assert site.built("--strict").said("info") == ["content.unused content/meetings/x/index.md:1"]


def test_the_guides_first_command_works_in_a_new_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "s", "-C", str(tmp_path)]) == 0
    words = ["new", "学生第一党支部召开组织生活会", "-s", "meetings", "-C", str(tmp_path / "s")]
    assert run(words) == 0
    assert len(list((tmp_path / "s/content/meetings").glob("*学生第一党支部召开组织生活会.md"))) == 1
    capsys.readouterr()
    assert run(["build", "-C", str(tmp_path / "s"), "--json", "--now", "2100-01-01"]) == 0
    assert [said["code"] for said in json.loads(capsys.readouterr().out)["diagnostics"]] == ["body.placeholder"]


def test_new_makes_a_folder_for_a_report_with_photos(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "主题党日", "--folder", "--json", "-C", str(site.root)]) == 0
    path = json.loads(capsys.readouterr().out)["path"]
    assert path.endswith("-主题党日/index.md")
    assert (site.root / path).is_file()
    assert run(["new", "主题党日", "-C", str(site.root)]) == 2
    assert "已经有了" in capsys.readouterr().err


def test_new_takes_no_control_character_into_a_title(site: SiteTest) -> None:
    assert run(["new", "主题\x10党日\udcff\u202e", "-C", str(site.root)]) == 0
    (made,) = (site.root / "content/meetings").glob("*主题党日.md")
    assert "title: 主题党日\n" in made.read_text("utf-8")
