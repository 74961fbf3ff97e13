"""site/links.py: what a name in a report leads to, and what is said of one that leads nowhere."""

from __future__ import annotations

import pytest

from site_test import SiteTest, photo

PAGE = "meetings/2024/0313-a.html"


@pytest.mark.parametrize("typed", ["#一、落实-责任", "#一落实责任", "#一、落实%20责任", "#一、落实责任。"])
def test_a_place_may_be_named_by_the_words_of_its_heading(site: SiteTest, typed: str) -> None:
    built = site.article("meetings/a.md", f"## 一、落实 责任\n\n见[上]({typed})。\n").built("--strict")
    page = built.text(PAGE)
    target = page.partition('<p>见<a href="#')[2].partition('"')[0]
    assert target
    assert f'id="{target}"' in page


def test_a_place_that_is_not_there_is_told_with_the_nearest(site: SiteTest) -> None:
    site.article("meetings/a.md", "## 落实主体责任\n\n见[上](#落实主休责任)。\n").article(
        "meetings/b.md", "见[甲](a.md#结语)。\n", title="乙"
    )
    built = site.build()
    assert [told["hint"] for told in built.document["diagnostics"]] == [
        "是不是想写 #落实主体责任 ？",
        "检查小标题的文字；文章里没有这个小标题",
    ]


def test_the_beginning_of_another_article_can_be_linked_to(site: SiteTest) -> None:
    site.article("meetings/b.md", title="乙", slug="b")
    page = site.article("meetings/a.md", "见[乙](b.md#top)、[开头](#top)。\n").built("--strict").text(PAGE)
    assert '<a href="../../meetings/2024/0313-b.html#top">乙</a>' in page
    assert '<a href="#top">开头</a>' in page


def test_a_file_is_no_picture_wherever_one_is_shown(site: SiteTest) -> None:
    site.write("content/meetings/名单.pdf", b"%PDF").article("meetings/a.md", "![名单](名单.pdf)\n")
    site.article("meetings/b.md", cover="名单.pdf", title="乙")
    said = [
        (told["code"], told["path"], told["line"], told["message"]) for told in site.build().document["diagnostics"]
    ]
    assert said == [
        ("image.format", "content/meetings/a.md", 6, "这不是图片：名单.pdf"),
        ("image.format", "content/meetings/b.md", 4, "封面不是图片：名单.pdf"),
    ]


def test_a_picture_on_the_same_host_beside_the_site_stays_as_it_was_typed(site: SiteTest) -> None:
    page = site.article("meetings/a.md", "![院徽](https://sm.example.edu.cn/images/logo.png)\n").built().text(PAGE)
    assert 'src="https://sm.example.edu.cn/images/logo.png"' in page


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("[表](名丹.pdf)", "同一个文件夹里有 名单.pdf，是不是它？"),
        ("[表](../notices/表格.pdf)", "有一个同名文件在别的文件夹，是不是它？写成：/meetings/2024/表格.pdf"),
        ("![图](A.JPG)", "文件名的大小写不同，应写 a.jpg"),
        ("![图](完全不同的名字的照片.jpg)", "把文件放到文章旁边，并检查文件名（包括 .jpg、.md 等后缀）"),
        ("[网](news.example.edu.cn/a)", "网址前面要写 https://，例如：https://news.example.edu.cn/a"),
        ("[网](https;//www.example.cn/a?b)", "冒号、斜杠要用英文的，写成：https://www.example.cn/a?b"),
        ("[文](../../../秘密.pdf)", "把文件复制到文章旁边，只写文件名"),
    ],
)
def test_what_is_not_found_is_told_with_what_was_probably_meant(site: SiteTest, typed: str, hint: str) -> None:
    for path in ("meetings/名单.pdf", "meetings/2024/表格.pdf"):
        site.write(f"content/{path}", b"%PDF")
    site.section("notices", "通知公告").write("content/meetings/a.jpg", photo())
    site.article("meetings/a.md", f"见{typed}。\n")
    (told,) = [told for told in site.build().document["diagnostics"] if told["severity"] == "error"]
    assert (told["hint"], told["line"]) == (hint, 6)


def test_an_attachment_or_cover_that_is_an_article_or_an_address_is_told_as_such(site: SiteTest) -> None:
    site.article("meetings/b.md", title="乙", attachments="a.md").article("meetings/c.md", title="丙", cover="b.md")
    site.article("meetings/d.md", title="丁", attachments="HTTPS://www.example.cn/a.pdf").article("meetings/a.md")
    said = [(told["code"], told["message"]) for told in site.build().document["diagnostics"]]
    assert said == [
        ("attachment.missing", "附件不能是文章：a.md"),
        ("image.missing", "封面不能是文章：b.md"),
        ("attachment.missing", "附件不能是网址：HTTPS://www.example.cn/a.pdf"),
    ]


def test_an_empty_name_leads_to_the_beginning_and_one_with_a_place_to_that(site: SiteTest) -> None:
    page = site.article("meetings/a.md", "## 小结\n\n见[下](#小结)、[开头](#)。\n").built("--strict").text(PAGE)
    assert '<a href="#小结">下</a>' in page
    assert '<a href="#">开头</a>' in page
