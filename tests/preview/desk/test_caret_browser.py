"""The caret and what is in sight stay where a person left them, whatever is asked or put into the text meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from desk_browser import editing, entered, live_of, route_to, text_of
from desk_client import Client, desk_served
from site_test import SiteTest

pytestmark = pytest.mark.xdist_group("desk")

PARAGRAPHS = [f"第{number}段，学院召开会议，部署第{number}项学习工作。" for number in range(90)]
CARET = 700


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with a report that is much longer than the screen, and a slip in it that can be corrected."""
    site.article("meetings/a.md", "\n\n".join(PARAGRAPHS).replace("第2段，", "第2段，，") + "\n", title="第一篇")
    with desk_served(site.root) as client:
        yield client


def caret_at(page: Page, place: int, scroll: int) -> None:
    """Put the caret into the text, and scroll it to where it is in sight."""
    text_of(page).evaluate(
        "(text, [place, scroll]) => { text.focus(); text.setSelectionRange(place, place); text.scrollTop = scroll; }",
        [place, scroll],
    )


def standing(page: Page) -> list[int]:
    """Where the caret stands, and how far the text is scrolled."""
    found: list[int] = text_of(page).evaluate(
        "(text) => [text.selectionStart, text.selectionEnd, Math.round(text.scrollTop)]"
    )
    return found


@pytest.mark.parametrize("tool", ["表格", "链接", "插照片"])
def test_a_tool_that_is_cancelled_leaves_the_caret_where_it_was(
    desk: Client, context: BrowserContext, tool: str
) -> None:
    page = editing(context, desk.url)
    caret_at(page, CARET, 300)
    before = standing(page)
    assert before == [CARET, CARET, 300]
    for way in ("Escape", "取消"):
        page.get_by_role("toolbar").get_by_role("button", name=tool).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        if way == "Escape":
            page.keyboard.press("Escape")
        else:
            dialog.get_by_role("button", name=way).click()
        expect(dialog).to_have_count(0)
        expect(text_of(page)).to_be_focused()
        assert standing(page) == before, way
    page.keyboard.type("接着写。")
    assert text_of(page).input_value()[CARET : CARET + 4] == "接着写。"


def test_a_correction_leaves_what_is_in_sight(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url)
    caret_at(page, 0, 0)
    slip = text_of(page).input_value().index("，，")
    page.get_by_role("button", name="改成“，”").click()
    expect(text_of(page)).to_be_focused()
    assert standing(page) == [slip, slip + 1, 0]


def test_a_line_that_goes_goes_whole(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    site.article("meetings/b.md", "2024年3月13日\n\n3月13日，学院召开会议。\n\n大家发言。\n\n会议作了安排。\n")
    page = editing(context, desk.url, "content/meetings/b.md")
    page.get_by_role("button", name="删去这一行").click()
    expect(text_of(page)).to_have_value("3月13日，学院召开会议。\n\n大家发言。\n\n会议作了安排。")
    assert standing(page) == [0, 0, 0]


def test_who_opens_a_report_sees_its_page_from_the_top(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    site.article("meetings/b.md", "会议开得很长。" * 60 + "\n\n大家发言。\n")
    page = editing(context, desk.url, "content/meetings/b.md")
    frame = next(frame for frame in page.frames if frame.name == "newsgen-desk")
    expect(live_of(page).locator(".article-body")).to_contain_text("大家发言")
    assert frame.evaluate("() => scrollY") == 0
    page.keyboard.press("Control+End")
    expect(live_of(page).get_by_text("大家发言。")).to_be_in_viewport()


def test_a_report_without_text_is_begun_from_what_says_so(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    site.article("meetings/b.md", "")
    page = entered(context, desk.url, route_to("content/meetings/b.md"))
    finding = page.locator(".findings li", has_text="这篇文章没有正文")
    expect(finding.locator(".where")).to_have_text("正文")
    finding.get_by_role("button").first.click()
    expect(text_of(page)).to_be_focused()


def test_a_correction_out_of_sight_comes_into_sight(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url)
    caret_at(page, 0, 4000)
    page.get_by_role("button", name="改成“，”").click()
    expect(text_of(page)).to_be_focused()
    assert standing(page)[2] < 300
