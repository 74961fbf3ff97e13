"""site/assemble.py: what is public, in which order, under which name."""

from __future__ import annotations

import re

import pytest

from site_test import SiteTest, photo

PAGE = "meetings/2024/0313-a.html"


def test_a_text_for_the_home_page_does_not_rename_the_site(site: SiteTest) -> None:
    site.write("content/_index.md", "---\ntitle: 另一个名字\n---\n\n欢迎。\n").article("meetings/a.md")
    built = site.article("about.md", title="不在任何栏目里").built()
    pages = ["index.html", PAGE, "2024/0313-about.html", "feed.xml"]
    assert all("另一个名字" not in built.text(address) for address in pages)
    assert 'name="ColumnName" content="党群工作"' in built.text("2024/0313-about.html")
    assert "<title>党群工作" in built.text("index.html")


def test_the_first_photo_of_a_text_stands_for_it_in_lists_unless_a_cover_is_named(site: SiteTest) -> None:
    for name in ("first", "second", "cover"):
        site.write(f"content/meetings/{name}.jpg", photo() + name.encode())
    site.section("meetings", "会议动态", "kind: 图文\n")

    def shown() -> set[str]:
        return set(re.findall(r"media/(\w+)-", site.built().text("meetings/index.html")))

    site.article("meetings/a.md", "[名单](first.jpg)\n\n![](second.jpg)\n\n![](first.jpg)\n")
    assert shown() == {"second"}
    site.article("meetings/a.md", "![](second.jpg)\n", cover="cover.jpg")
    assert shown() == {"cover"}
    site.article("meetings/a.md", "正文。\n", cover="cover.jpg")
    assert shown() == {"cover"}


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2024-06-01T08:59", ["front-matter.future content/meetings/a.md:3"]),
        ("2024-06-01T09:00", []),
        ("2024-06-01T09:01", []),
    ],
)
def test_an_article_is_of_the_future_until_its_very_minute(site: SiteTest, now: str, said: list[str]) -> None:
    assert site.article("meetings/a.md", date="2024-06-01 09:00").built(now=now).said() == said


def test_articles_of_one_minute_stand_in_the_order_of_their_files(site: SiteTest) -> None:
    for name in ("b", "a", "c"):
        site.article(f"meetings/{name}.md", title=f"报道{name}")
    listed = re.findall(r"报道[abc]", site.built().text("meetings/index.html").partition("<main")[2])
    assert list(dict.fromkeys(listed)) == ["报道c", "报道b", "报道a"]


def test_sections_stand_by_weight_and_then_by_folder(site: SiteTest) -> None:
    site.section("a", "栏目甲", "weight: 20\n").section("z", "栏目丁", "weight: 10\n").section(
        "b", "栏目乙", "weight: 20\n"
    )
    menu = site.built().text("index.html")
    names = ["栏目丁", "栏目甲", "栏目乙", "会议动态"]
    assert sorted(names, key=menu.index) == names


def test_all_faults_of_an_article_without_a_date_are_told_together(site: SiteTest) -> None:
    site.write("content/meetings/a.md", "---\ntitle: 甲\n---\n\n![图](没有.jpg)\n")
    assert site.build().said() == ["front-matter.date content/meetings/a.md:3", "image.missing content/meetings/a.md:5"]


def test_a_section_for_the_home_page_that_does_not_exist_is_told_with_those_that_do(site: SiteTest) -> None:
    settings = (site.root / "site.yaml").read_text("utf-8")
    site.section("notices", "通知公告")
    (told,) = site.write("site.yaml", settings + "front:\n  blocks: [meeting]\n").build().document["diagnostics"]
    assert told["hint"] == "是不是想写 meetings ？"
    (told,) = site.write("site.yaml", settings + "front:\n  blocks: [完全不同]\n").build().document["diagnostics"]
    assert told["hint"] == "栏目有：meetings、notices"


@pytest.mark.parametrize("typed", ["表/名单.pdf", "表\\名单.pdf", '"表\\名单.pdf"'])
def test_an_attachment_without_a_name_has_that_of_its_file(site: SiteTest, typed: str) -> None:
    site.write("content/meetings/表/名单.pdf", b"%PDF")
    page = site.article("meetings/a.md", attachments=typed).built().text(PAGE)
    assert re.findall(r">\s*(\S*名单\.pdf)\s*<", page) == ["名单.pdf"]
