"""copies: what sync programs and file managers leave beside an article is told before it is published twice."""

from __future__ import annotations

import re

from site_test import SiteTest

NAMES = [
    "a - 副本",
    "a - 副本 (2)",
    "a 副本",
    "a 副本 2",
    "a的副本",
    "副本 a",
    "复件 (2) a",
    "Copy of a",
    "a - Copy",
    "a - Copy (3)",
    "a (1)",
    "a(1)",
    "a（2）",
    "a 2",
    "a-DESKTOP-7QK2M1C",
    "a-LAPTOP-ABCD",
    "a-DESKTOP-7QK2M1C-2",
    "a-ZHANGSAN-PC",
    "a-张三的电脑",
    "a (冲突副本 张三 2024-03-13 10-20-30)",
    "a (张三的冲突副本 2024-03-13)",
    "a_冲突文件_张三_20240313",
    "a冲突副本",
    "a (张三's conflicted copy 2024-03-13)",
    "a.sync-conflict-20240313-102030-ABCDEF",
]
OTHERS = ["a-2", "ab", "a-PPT", "a-2024", "关于领取证书副本的通知", "会议 2", "b (1)", "利益冲突", "A-b"]


def beside(site: SiteTest, names: list[str], title: str | None = None, has_original: bool = True) -> dict[str, str]:
    """What is said of files that lie beside their originals, by the file's name: each `a` is a letter of its own."""
    shown = {}
    for number, name in enumerate(names):
        letter = f"q{number}"
        own = re.sub(r"(?<![A-Za-z])a(?![A-Za-z])", letter, name)
        shown[f"content/meetings/{own}.md"] = name
        if has_original:
            site.article(f"meetings/{letter}.md", title=f"报道 {number}")
        site.article(f"meetings/{own}.md", title=f"{title or '报道'} {number}")
    diagnostics = site.built().document["diagnostics"]
    assert all("删去" in told["hint"] for told in diagnostics)
    assert {told["severity"] for told in diagnostics} <= {"warning"}
    return {shown[told["path"]]: told["code"] for told in diagnostics}


def test_a_copy_beside_its_original_is_told(site: SiteTest) -> None:
    assert beside(site, NAMES) == dict.fromkeys(NAMES, "content.copy")


def test_a_copy_that_was_edited_is_told_where_its_name_leaves_no_doubt(site: SiteTest) -> None:
    sure = [name for name in NAMES if name not in ("a 2", "a-ZHANGSAN-PC")]
    assert beside(site, NAMES, title="另一个标题") == dict.fromkeys(sure, "content.copy")


def test_other_names_are_other_articles(site: SiteTest) -> None:
    assert beside(site, OTHERS, title="另一个标题") == {}


def test_what_has_no_original_is_no_copy(site: SiteTest) -> None:
    assert beside(site, NAMES, has_original=False) == {}


def test_a_copied_folder_is_told_once(site: SiteTest) -> None:
    for folder in ("meetings/2024", "meetings/2024 - 副本"):
        for name in ("a", "b", "c"):
            site.article(f"{folder}/{name}.md", title=f"报道 {name}")
    told = [item["message"] for item in site.build().document["diagnostics"] if item["code"] == "content.copy"]
    assert told == ["文件夹 2024 - 副本 像是 2024 的副本，里面的文章会在网站上出现两次"]


def test_a_copied_bundle_is_told(site: SiteTest) -> None:
    built = site.article("meetings/a/index.md").article("meetings/a 2/index.md").built()
    assert [told["code"] for told in built.document["diagnostics"]] == ["content.copy"]


def test_two_articles_of_one_title_and_date_are_told(site: SiteTest) -> None:
    built = (
        site.article("meetings/a.md", "甲\n", title="同一标题")
        .article("meetings/b.md", "乙\n", title="同一标题")
        .built()
    )
    (told,) = built.document["diagnostics"]
    assert (told["code"], told["path"], told["line"]) == ("content.twice", "content/meetings/b.md", 2)
    assert "content/meetings/a.md" in told["message"]


def test_one_title_on_two_days_is_two_articles(site: SiteTest) -> None:
    site.article("meetings/a.md", title="理论学习", date="2024-03-13")
    assert site.article("meetings/b.md", title="理论学习", date="2024-03-20").built().document["diagnostics"] == []


def test_an_article_in_another_section_is_a_copy_when_it_begins_alike(site: SiteTest) -> None:
    site.section("notices", "通知公告").article("meetings/a.md", "甲\n", title="同一标题")
    site.article("notices/b.md", "乙\n", title="同一标题")
    assert site.built().document["diagnostics"] == []
    site.article("notices/b.md", "甲\n", title="同一标题")
    assert [told["code"] for told in site.built().document["diagnostics"]] == ["content.twice"]


def test_a_copy_whose_letters_have_another_case_is_told_with_the_name_of_its_original(site: SiteTest) -> None:
    site.article("meetings/Report.md", title="甲").article("meetings/report - 副本.md", title="乙")
    site.article("meetings/plan.md", title="丙").article("meetings/PLAN - 副本.md", title="丁")
    told = [said["message"].partition("，")[0] for said in site.built().document["diagnostics"]]
    assert told == ["这个文件像是 plan.md 的副本", "这个文件像是 Report.md 的副本"]


def test_what_lies_in_a_copied_folder_is_not_told_again_as_an_article_of_the_same_title(site: SiteTest) -> None:
    for path in ("meetings/x/a.md", "meetings/x - 副本/a.md", "meetings/x - 副本/b.md"):
        site.article(path, title="同一标题", date="2024-03-13" if path.endswith("a.md") else "2024-03-14")
    assert [told["code"] for told in site.build().document["diagnostics"] if told["severity"] == "warning"] == [
        "content.copy"
    ]
