"""How the desk lies on the screen, in a real Chromium: what was said pushes nothing, rings are whole, fingers find what they press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import LIMIT
from desk_browser import entered, is_saved, route_to, text_of
from desk_client import Client, desk_served
from site_test import SiteTest

pytestmark = [pytest.mark.xdist_group("desk-layout"), pytest.mark.long]

REPORT = "content/meetings/a.md"
SMALL = """() => [...document.querySelectorAll("button, a, input, select, summary")]
  .filter((element) => element.offsetParent && !element.matches(".skip, [type=checkbox], [type=radio]"))
  .map((element) => [element.textContent || element.id, element.getBoundingClientRect()])
  .filter(([, { height }]) => height < 43.9).map(([name, { height }]) => `${name} ${height}`)"""
RING_IS_WHOLE = """() => {
  const { activeElement: field } = document;
  const [ring, room] = [field.getBoundingClientRect(), field.closest(".content").getBoundingClientRect()];
  return room.left <= ring.left - 4 && ring.right + 4 <= room.right && room.top <= ring.top - 4 && ring.bottom + 4 <= room.bottom;
}"""


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    site.article("meetings/a.md", "第一段，，。\n\n第二段。\n")
    with desk_served(site.root) as running:
        yield running


def opened(browser: Browser, desk: Client, width: int, height: int, *, touch: bool = False) -> Page:
    """The report in a window of its own."""
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=touch, locale="zh-CN")
    context.set_default_timeout(LIMIT * 1000)
    page = entered(context, desk.url, route_to(REPORT))
    expect(text_of(page)).to_be_focused()
    expect(page.locator(".findings li").first).to_be_visible()
    return page


def test_long_news_in_the_head_push_nothing_off_the_window(browser: Browser, desk: Client) -> None:
    page = opened(browser, desk, 1024, 700)
    bottoms = "() => ['#top', '.panes', '.checked'].map((name) => document.querySelector(name).getBoundingClientRect().bottom)"
    before = page.evaluate(bottoms)
    page.evaluate(
        "() => import('/.newsgen/desk/client/app.js').then(({ desk }) => desk.announce('这里说了很长的一句话。'.repeat(20)))"
    )
    expect(page.locator("#status")).to_contain_text("很长的一句话")
    assert page.evaluate(bottoms) == before
    assert max(before) <= 700
    page.context.close()


CUT = """() => [...document.querySelectorAll("#places a, .tab")].filter((element) => element.offsetParent).filter((element) => {
  const [mine, room] = [element.getBoundingClientRect(), element.parentElement.getBoundingClientRect()];
  const words = document.createRange();
  words.selectNodeContents(element);
  return mine.left < room.left - 1 || mine.right > room.right + 1 || words.getClientRects().length > words.cloneContents().childNodes.length;
}).map((element) => element.textContent)"""


def test_on_a_phone_every_place_and_every_part_has_its_whole_name(browser: Browser, desk: Client) -> None:
    page = opened(browser, desk, 375, 800)
    page.locator(".tab[data-name=tray]").click()
    assert page.evaluate(CUT) == []
    page.get_by_role("link", name="收稿").click()
    expect(page.get_by_role("heading", name="收稿")).to_be_visible()
    assert page.evaluate(CUT) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == 375
    page.context.close()


def test_on_a_phone_an_earlier_version_is_read_across_the_dialog(browser: Browser, desk: Client) -> None:
    page = opened(browser, desk, 375, 800)
    text_of(page).fill("另一段。")
    is_saved(page)
    page.get_by_role("button", name="以前的版本").click()
    shown = page.get_by_role("dialog").locator(".look")
    expect(shown).to_contain_text("另一段。")
    assert shown.evaluate("(element) => element.clientWidth") > 250
    page.context.close()


def test_the_ring_of_a_field_in_a_dialog_is_whole(browser: Browser, desk: Client) -> None:
    page = opened(browser, desk, 1024, 700)
    for name in ("交稿", "链接", "表格", "插照片"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog").locator("input").first).to_be_focused()
        assert page.evaluate(RING_IS_WHOLE), name
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.context.close()


def test_whatever_a_finger_presses_is_large_enough(browser: Browser, desk: Client) -> None:
    page = opened(browser, desk, 768, 1024, touch=True)
    for tab in ("write", "matter", "tray", "live"):
        page.locator(f".tab[data-name={tab}]").click()
        assert page.evaluate(SMALL) == [], tab
    page.locator(".tab[data-name=tray]").click()
    expect(page.locator(".tray")).to_contain_text("也可以把文件拖到这里")
    expect(page.get_by_text("拖到正文里")).to_be_hidden()
    for place in ("全部文章", "写新的一篇", "导入 Word 稿", "收稿"):
        page.get_by_role("link", name=place).first.click()
        expect(page.get_by_role("link", name=place).first).to_have_attribute("aria-current", "page")
        assert page.evaluate(SMALL) == [], place
    page.context.close()


def test_what_is_opened_among_the_versions_is_brought_into_sight(browser: Browser, desk: Client) -> None:
    page = opened(browser, desk, 1024, 560)
    for text in ("第一段。\n" * 12, "甲。\n\n" * 30):
        text_of(page).fill(text)
        page.keyboard.press("Control+s")
        is_saved(page)
    page.get_by_role("button", name="以前的版本").click()
    page.get_by_role("dialog").locator(".versions button").last.click()
    expect(page.locator(".versions [aria-current=true]")).to_be_in_viewport(ratio=1)
    page.get_by_text("看这一版的全文").click()
    expect(page.locator(".whole pre")).to_be_in_viewport(ratio=0.5)
    page.context.close()
