"""What the desk says to do about findings: nothing that has to be typed into a file, and a click leads to where it is done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from desk_browser import entered, on_disk, route_to, text_of
from desk_client import Client, desk_served
from newsgen.check.finding import Finding
from newsgen.preview.desk.desk_hints import desk_findings
from site_test import SiteTest, photo

pytestmark = pytest.mark.xdist_group("desk")

PATH = "content/meetings/huiyi/index.md"
CODE = re.compile(r"!\[|\]\(|\w: |newsgen|文件头|加上?一行")
"""What is typed into a file, and not at the desk."""


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with an empty draft and a photo that is not in its text."""
    site.article(PATH.removeprefix("content/"), "", title="会议", draft="是")
    site.write("content/meetings/huiyi/IMG_0042.jpg", photo())
    with desk_served(site.root) as client:
        yield client


def said(desk: Client) -> dict[str, dict[str, object]]:
    return {item["code"]: item for item in desk.get("findings", path=PATH)["findings"]}


def saved(desk: Client, **sent: object) -> None:
    base = desk.get("report", path=PATH)["version"]
    assert desk.call("PUT", "report", {"base": base, **sent}, path=PATH).status == 200


def test_an_empty_draft_is_not_told_to_become_a_draft(desk: Client) -> None:
    assert said(desk)["body.empty"]["hint"] == "写上正文"
    saved(desk, fields={"draft": None})
    assert said(desk)["body.empty"]["hint"] == "写上正文；还没写完，就在“文章信息”里勾上“草稿”"


def test_no_hint_says_what_to_type_into_the_file(desk: Client) -> None:
    text = "![](IMG_0042.jpg)\n\n![](mei.jpg)\n\n【图7】\n\n（此处插入照片）\n\nhecheng.jpg\n"
    saved(desk, body=text, fields={"date": None, "title": None, "draft": None})
    found = said(desk)
    assert {"pictures.no-caption", "image.missing", "image.number", "front-matter.date", "front-matter.title"} <= {
        *found
    }
    assert [item["hint"] for item in found.values() if CODE.search(str(item["hint"]))] == []
    assert "“文章信息”的“日期”里填" in str(found["front-matter.date"]["hint"])


def test_what_a_hint_guesses_is_told_at_the_desk_too(desk: Client) -> None:
    saved(desk, body="![会场](IMG_0043.jpg)\n")
    assert "是不是" in str(said(desk)["image.missing"]["hint"])
    assert "IMG_0042.jpg" in str(said(desk)["image.missing"]["hint"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("加上一行：expires: 2024-03-20", "在“文章信息”的“下线时间”里填 2024-03-20"),
        ("加上一行 original: ，冒号后面写原文的网址", "在“文章信息”的“原文链接”里填原文的网址"),
        ("写成：[文字](文件名)", "写成：[文字](文件名)"),
    ],
)
def test_a_hint_about_front_matter_names_the_field_of_the_form(typed: str, told: str) -> None:
    item = Finding("front-matter.expires", "error", "公示要写明哪天结束", typed, "content/a.md")
    assert next(desk_findings([item], b"---\ntitle: a\n---\n")).hint == told


def test_a_photo_that_is_not_in_the_text_leads_to_the_photos(desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, route_to(PATH))
    finding = page.locator(".findings li").filter(has_text="还没有放进正文")
    expect(finding).to_contain_text("点“照片”，再点“放进正文”")
    expect(page.locator("section.tray")).to_be_hidden()
    finding.get_by_role("button").first.click()
    expect(page.locator("section.tray")).to_be_visible()


def test_a_click_on_a_finding_is_not_lost_while_the_findings_are_renewed(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url, route_to(PATH))
    text = text_of(page)
    text.fill("牢记使命，，声音很响。")
    findings = page.locator(".findings li")
    twice = findings.filter(has_text="重复")
    twice.get_by_role("button", name="不用改").hover()
    on_disk(site, lambda found: "，，" in found, PATH)
    undated = findings.filter(has_text="日期")
    expect(undated).to_have_count(0)
    with page.expect_response("**/api/findings?*"):
        page.mouse.down()
        saved(desk, fields={"date": None})
    expect(page.get_by_label("日期")).to_have_value("")
    page.mouse.up()
    expect(text).to_have_value(re.compile("忽略: punctuation.doubled"))
    expect(twice).to_have_count(0)
    expect(undated.first).to_be_visible()


def test_what_is_right_as_it_is_is_settled_once_and_for_all_and_undone(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url, route_to(PATH))
    text = text_of(page)
    slogan = "同学们喊出了不忘初心 牢记使命的口号，，声音很响。"
    text.fill(f"{slogan}\n\n第二段。")
    blank = page.locator(".findings li").filter(has_text="汉字之间有空格")
    twice = page.locator(".findings li").filter(has_text="重复")
    expect(blank).to_contain_text("不需要就删去空格")
    blank.get_by_role("button", name="不用改").click()
    expect(blank).to_have_count(0)
    expect(text).to_have_value(f"{slogan} <!-- 忽略: punctuation.blank-in-words -->\n\n第二段。")
    twice.get_by_role("button", name="不用改").click()
    expect(twice).to_have_count(0)
    settled = f"{slogan} <!-- 忽略: punctuation.blank-in-words, punctuation.doubled -->\n\n第二段。"
    expect(text).to_have_value(settled)
    on_disk(site, lambda found: found.endswith(f"{settled}\n"), PATH)
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="撤销").click()
    expect(text).to_have_value(f"{slogan}\n\n第二段。")
    expect(blank).to_have_count(1)


def test_nobody_settles_what_the_site_alone_may(desk: Client) -> None:
    saved(desk, body="身份证号11010519491231002X。\n\n共产党员 同志们都来参加了活动。\n")
    found = said(desk)
    assert found["punctuation.blank-in-words"]["may_stay"] is True
    assert not any(item["may_stay"] for code, item in found.items() if code.startswith(("personal.id", "body.")))
    assert "personal.identity" in found
