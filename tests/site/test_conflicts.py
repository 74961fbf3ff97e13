"""site/conflicts.py: two files for one address, and names that look alike."""

from __future__ import annotations

import pytest

from site_test import SiteTest


def said(site: SiteTest) -> list[tuple[str, int, str]]:
    """What is wrong with addresses: file, line and words."""
    found = site.build().document["diagnostics"]
    return [(told["path"], told["line"], told["message"]) for told in found if told["severity"] == "error"]


def test_an_article_at_the_address_of_a_list_page_is_told(site: SiteTest) -> None:
    site.write("content/meetings/page.md", "---\ntitle: 甲\nkind: page\n---\n\n正文。\n")
    site.write("content/meetings/2.md", "---\ntitle: 乙\nkind: page\n---\n\n正文。\n")
    assert said(site) == [("content/meetings/2.md", 1, "meetings/2.html 是留给列表页的地址")]


@pytest.mark.parametrize(
    ("alias", "message"),
    [
        ("meetings/9.html", "meetings/9.html 是留给列表页的地址"),
        ("9.html", None),  # the home page has no older ones
        ("old/9.html", None),
        ("meetings/2024/0301-b.html", "网址 meetings/2024/0301-b.html 已经属于 content/meetings/2024-03-01-b.md"),
        ("meetings/2024/0301-b.html/c.html", "旧地址 meetings/2024/0301-b.html/c.html 把网页 meetings/2024/0301-b.html 当作了文件夹"),
        ("/dqgz/meetings/2024/0301-b.html", "旧地址 /dqgz/meetings/2024/0301-b.html 会挡住网页 meetings/2024/0301-b.html（content/meetings/2024-03-01-b.md）"),
        ("/elsewhere/meetings/2024/0301-b.html", None),
        ("[/info/a.htm, /info/a.htm/b.htm]", None),  # the server may have had both
        ("meetings/2024/0313-a.html", "网址 meetings/2024/0313-a.html 已经属于 content/meetings/2024-03-13-a.md"),
    ],
)  # fmt: skip
def test_an_old_address_that_hides_a_page_is_told_with_the_page(
    site: SiteTest, alias: str, message: str | None
) -> None:
    site.article("meetings/2024-03-01-b.md", title="乙", date="2024-03-01")
    site.article("meetings/2024-03-13-a.md", aliases=alias)
    assert said(site) == ([("content/meetings/2024-03-13-a.md", 4, message)] if message else [])


def test_two_old_addresses_of_one_form_belong_to_the_first(site: SiteTest) -> None:
    site.article("meetings/2024-03-01-b.md", title="乙", date="2024-03-01", aliases="Old/A.html")
    site.article("meetings/2024-03-13-a.md", aliases="old/a.html")
    assert said(site) == [
        ("content/meetings/2024-03-13-a.md", 4, "网址 old/a.html 已经属于 content/meetings/2024-03-01-b.md")
    ]


def test_two_sections_of_one_address_are_told_at_the_second(site: SiteTest) -> None:
    site.section("Meetings-", "会议")
    assert [(path, line) for path, line, _ in said(site)] == [("content/meetings/_index.md", 1)]


def test_names_that_look_alike_are_told_once_for_each_article(site: SiteTest) -> None:
    site.article("meetings/a.md", tags="AI 党课", branch="第一 支部")
    site.article("meetings/b.md", title="乙", tags="ai-党课、AI 党课", branch="第一 支部")
    site.article("meetings/c.md", title="丙", tags="AI")
    site.article("meetings/d.md", title="丁", branch="ai")
    assert said(site) == []
    site.article("meetings/c.md", title="丙", tags="Party").article("meetings/d.md", title="丁", tags="party、Party")
    assert said(site) == [("content/meetings/d.md", 4, "party 和别的文章里的 Party 只有大小写或空格不同")]
