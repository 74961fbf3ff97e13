"""What is typed, pasted and dropped in an order that nobody thinks of: each of these lost or doubled something once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from desk_browser import (
    InputMethod,
    Sent,
    body_of,
    card,
    drop,
    editing,
    is_saved,
    on_disk,
    paste,
    text_of,
    tray,
    wait_for,
)
from desk_client import Client, desk_served
from site_test import SiteTest, photo

pytestmark = pytest.mark.xdist_group("desk")


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with a report that has two photos and an attachment."""
    site.article(
        "meetings/a.md", "第一段。\n\n第二段。\n", title="第一篇", attachments="[{file: a--b.csv, name: 报名表}]"
    )
    site.write("content/meetings/a--1.jpg", photo()).write("content/meetings/a--2.jpg", photo())
    site.write("content/meetings/a--b.csv", b"a,b\n")
    with desk_served(site.root) as client:
        yield client


@pytest.fixture
def page(desk: Client, context: BrowserContext) -> Page:
    """The report, with the tray beside it."""
    opened = editing(context, desk.url)
    tray(opened)
    expect(opened.locator(".photo")).to_have_count(2)
    return opened


def test_an_attachment_whose_words_are_emptied_is_saved_under_its_name(site: SiteTest, page: Page) -> None:
    sent = Sent(page)
    page.get_by_role("button", name="文章信息").click()
    page.get_by_text("少用的几项").click()
    words = page.locator(".attached").get_by_label("a--b.csv 显示的名称")
    words.fill("")
    words.press("Tab")
    is_saved(page)
    on_disk(site, lambda text: "a--b.csv" in text and "报名表" not in text)
    assert sent.bodies[-1]["fields"] == {"attachments": [{"file": "a--b.csv", "name": ""}]}


ONE_AFTER_ANOTHER = """(field) => {
  const compose = (kind) => field.dispatchEvent(new CompositionEvent(kind, { bubbles: true }));
  const show = (text) => {
    field.value += text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
  };
  compose("compositionstart");
  show("工");
  compose("compositionend");
  compose("compositionstart");
  show("x");
  return new Promise((resolve) => setTimeout(resolve, 50)); // whatever waits for the end of this key has had its turn
}"""
ENDS = """(field) => {
  field.value = field.value.replace(/x$/, "作");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
  field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
}"""
"""As 五笔 does: the fifth key ends one word and begins the next, all within itself."""


def test_a_word_that_follows_another_within_one_key_is_not_read_half(site: SiteTest, page: Page) -> None:
    sent = Sent(page)
    author = page.get_by_label("作者", exact=True)
    page.get_by_role("button", name="文章信息").click()
    for field in (text_of(page), author):
        field.focus()
        field.evaluate(ONE_AFTER_ANOTHER)
        assert not sent.said("x"), "half of a word is saved"
        field.evaluate(ENDS)
        is_saved(page)
    found = on_disk(site, lambda text: "author: 工作\n" in text)
    assert body_of(found) == "\n第一段。\n\n第二段。工作\n"
    assert not sent.said("工x")


UNDONE_AT_ONCE = """(field) => {
  field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  field.value += "会议";
  field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
  field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ctrlKey: true, code: "KeyZ", key: "z" }));
}"""


def test_undo_within_the_moment_in_which_a_word_is_chosen_undoes_that_word(page: Page) -> None:
    text_of(page).press("Control+End")
    page.keyboard.type("学习")
    page.keyboard.press("Control+s")
    is_saved(page)
    text_of(page).evaluate(UNDONE_AT_ONCE)
    expect(text_of(page)).to_have_value("第一段。\n\n第二段。学习")
    author = page.get_by_label("作者", exact=True)
    page.get_by_role("button", name="文章信息").click()
    author.focus()
    author.evaluate(UNDONE_AT_ONCE)
    expect(author).to_have_value("")
    expect(text_of(page)).to_have_value("第一段。\n\n第二段。学习")


CARRIED_HERE = """(field, name) => {
  const data = new DataTransfer();
  data.setData("application/x-newsgen-photo", name);
  const { left, top } = field.getBoundingClientRect();
  const at = { bubbles: true, cancelable: true, dataTransfer: data, clientX: left + 30, clientY: top + 20 };
  field.dispatchEvent(new DragEvent("drop", at));
}"""
"""A photo is carried from the tray to the first line."""


def test_photos_that_are_placed_while_a_word_is_composed_stand_at_their_places(page: Page) -> None:
    method = InputMethod(page)
    text_of(page).press("Control+Home")
    method.compose("kaitou")
    expect(text_of(page)).to_have_value("kaitou第一段。\n\n第二段。")
    page.get_by_role("button", name="a--1.jpg 放进正文").dispatch_event(
        "click"
    )  # the text keeps the focus, as with a drop
    method.compose("k")
    method.choose("开头的")
    expect(text_of(page)).to_have_value("开头的第一段。\n\n![](a--1.jpg)\n\n第二段。")
    text_of(page).press("Control+Home")
    method.compose("kaitou")
    text_of(page).evaluate(CARRIED_HERE, "a--2.jpg")
    method.choose("新的")
    expect(text_of(page)).to_have_value("新的开头的第一段。\n\n![](a--2.jpg)\n\n![](a--1.jpg)\n\n第二段。")


def test_a_caption_that_was_undone_stays_undone(site: SiteTest, page: Page) -> None:
    page.get_by_role("button", name="a--1.jpg 放进正文").click()
    caption = page.get_by_label("a--1.jpg 的图注")
    expect(caption).to_be_focused()
    page.keyboard.insert_text("会场")  # at once: after a pause the text has the first of two words by itself
    page.keyboard.press("Control+z")
    expect(text_of(page)).to_be_focused()
    expect(caption).to_have_value("")
    expect(text_of(page)).to_have_value(re.compile(r"!\[\]\(a--1\.jpg\)"))
    page.keyboard.press("Control+y")
    expect(caption).to_have_value("会场")
    caption.focus()
    page.keyboard.press("Control+z")
    expect(text_of(page)).to_be_focused()
    is_saved(page)
    assert "![](a--1.jpg)" in on_disk(site, lambda text: "a--1.jpg" in text and "会场" not in text)
    expect(caption).to_have_value("")


def test_a_deleted_photo_can_be_restored_whatever_is_told_after_it(page: Page) -> None:
    page.get_by_role("button", name="删除 a--2.jpg").click()
    page.get_by_role("dialog").get_by_role("button", name="删除", exact=True).click()
    restore = page.locator(".note").get_by_role("button", name="恢复")
    expect(restore).to_be_visible()
    held: list[Route] = []
    page.route("**/api/file?*", lambda route: held.append(route) if route.request.method == "PUT" else route.fallback())
    photos = [(f"会场{number}.jpg", "image/jpeg", photo()) for number in range(10)]
    drop(page.locator(".tray"), *photos)
    for _ in range(8):
        drop(page.locator(".tray"), *photos, *photos, *photos)
    expect(page.locator(".note.wrong")).to_have_count(6)
    expect(page.locator(".note.wrong").last).to_contain_text("一次最多放 20 个文件，这次有 30 个")
    expect(page.locator(".coming").get_by_role("button", name="取消")).to_have_count(10)
    for stop in page.locator(".coming").get_by_role("button", name="取消").all()[::-1]:
        stop.click()
    expect(page.locator(".coming")).to_have_count(0)
    page.unroute("**/api/file?*")
    restore.click()
    expect(card(page, "a--2.jpg")).to_be_visible()


def test_a_file_that_waits_for_its_turn_is_cancelled_at_once_and_the_others_come(page: Page) -> None:
    held: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.method == "PUT" and len(held) < 2:
            held.append(route)
        else:
            route.fallback()

    page.route("**/api/file?*", answer)
    drop(page.locator(".tray"), *((f"{number}号.jpg", "image/jpeg", photo()) for number in range(5)))
    coming = page.locator(".coming")
    expect(coming).to_have_count(5)
    wait_for(page, lambda: len(held) == 2)
    coming.nth(2).get_by_role("button", name="取消").click()
    expect(coming).to_have_count(4)
    for route in held:
        route.continue_()
    expect(coming).to_have_count(0)
    expect(page.locator(".photo")).to_have_count(2 + 4)


def test_a_paste_that_fails_keeps_back_none_that_come_after_it(page: Page) -> None:
    crashes: list[str] = []
    page.on("pageerror", lambda error: crashes.append(str(error)))
    page.route("**/api/paste*", lambda route: route.fulfill(json={}), times=1)
    text_of(page).fill("")
    paste(page, "<p>一<b>甲</b></p>", "一甲")
    paste(page, "<p>二<b>乙</b></p>", "二乙")
    expect(text_of(page)).to_have_value("一甲二**乙**")
    expect(page.locator(".pasted")).to_be_visible()
    wait_for(page, lambda: len(crashes) == 1)
