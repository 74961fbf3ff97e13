"""Chinese that is typed with an input method, whatever happens meanwhile: nothing is lost, nothing comes twice, and no letters of a
word that is not chosen yet are saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from desk_browser import (
    PATH,
    REPORTS,
    InputMethod,
    Sent,
    asked,
    body_of,
    editing,
    entered,
    is_saved,
    is_unsaved,
    on_disk,
    text_of,
    wait_for,
)
from desk_client import Client, desk_served
from site_test import SiteTest, photo

pytestmark = pytest.mark.xdist_group("desk")

LONG = 60_000  # ms after which everything that waits for a pause has had one


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with one report that has a photo."""
    site.article("meetings/a.md", "- 第一点\n", title="第一篇", author="张三")
    site.write("content/meetings/a--1.jpg", photo())
    with desk_served(site.root) as client:
        yield client


def is_sent(page: Page, sent: Sent, words: str) -> None:
    """Wait until words are on their way: what an input method has put in is taken in a moment after it is seen."""
    wait_for(page, lambda: sent.said(words))


def composing(context: BrowserContext, desk: Client) -> tuple[Page, InputMethod, Sent]:
    """A window in which a report is open, the caret at the end of its text; its clock can be moved."""
    context.clock.install()
    page = editing(context, desk.url)
    text_of(page).press("Control+End")
    return page, InputMethod(page), Sent(page)


def test_nothing_is_saved_of_a_word_that_is_not_chosen_yet(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page, method, sent = composing(context, desk)
    method.compose("x", "xu", "xue", "xuex", "xuexi")
    expect(text_of(page)).to_have_value("- 第一点xuexi")
    page.clock.fast_forward(LONG)
    page.keyboard.press("Control+s")
    assert sent.bodies == []
    method.choose("学习", "Digit2")
    expect(text_of(page)).to_have_value("- 第一点学习")
    is_sent(page, sent, "学习")
    is_saved(page)
    method.compose("ab")
    method.choose("ab", "Enter")  # the letters themselves: no new item of the list
    expect(text_of(page)).to_have_value("- 第一点学习ab")
    is_sent(page, sent, "学习ab")
    is_saved(page)
    on_disk(site, lambda text: body_of(text) == "\n- 第一点学习ab\n")
    method.compose("z", "zh")
    method.drop()
    expect(text_of(page)).to_have_value("- 第一点学习ab")
    is_saved(page)
    assert [body["body"] for body in sent.bodies] == ["\n- 第一点学习\n", "\n- 第一点学习ab\n"]
    page.keyboard.press("Enter")
    expect(text_of(page)).to_have_value("- 第一点学习ab\n- ")


def test_a_word_is_undone_and_done_again_whole(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page, method, sent = composing(context, desk)
    method.compose("xue", "xuexi")
    page.keyboard.press("Control+z")  # belongs to the input method
    expect(text_of(page)).to_have_value("- 第一点xuexi")
    method.choose("学习")
    is_sent(page, sent, "学习")
    is_saved(page)
    page.clock.fast_forward(LONG)
    method.compose("hui", "huiyi")
    method.choose("会议")
    for before in ("- 第一点学习", "- 第一点"):
        page.keyboard.press("Control+z")
        expect(text_of(page)).to_have_value(before)
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()
    for after in ("- 第一点学习", "- 第一点学习会议"):
        page.keyboard.press("Control+y")
        expect(text_of(page)).to_have_value(after)
    on_disk(site, lambda text: body_of(text) == "\n- 第一点学习会议\n")
    assert not sent.said("xue")
    assert not sent.said("hui")


def test_the_answer_to_a_save_comes_while_the_next_word_is_composed(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page, method, sent = composing(context, desk)
    held: list[Route] = []
    page.route(REPORTS, lambda route: held.append(route) if route.request.method == "PUT" else route.fallback())
    method.compose("xue")
    method.choose("学")
    wait_for(page, lambda: len(held) == 1)
    method.compose("xi")
    with page.expect_response(REPORTS):
        held.pop().continue_()
    expect(text_of(page)).to_have_value("- 第一点学xi")
    page.clock.fast_forward(LONG)
    assert held == []
    page.unroute(REPORTS)
    method.compose("xix")
    method.choose("习")
    is_saved(page)
    on_disk(site, lambda text: body_of(text) == "\n- 第一点学习\n")
    assert not sent.said("xi")


def test_a_word_that_is_given_up_after_the_answer_to_a_save_leaves_all_saved(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page, method, _ = composing(context, desk)
    held: list[tuple[Route, APIResponse]] = []

    def keep(route: Route) -> None:
        if route.request.method == "PUT":
            held.append((route, route.fetch()))
        else:
            route.fallback()

    page.route(REPORTS, keep)
    page.route("**/api/report/version?*", lambda route: None)  # nothing else makes the page look at what is saved
    method.compose("xue")
    method.choose("学")
    wait_for(page, lambda: len(held) == 1)
    method.compose("xi")
    ((route, answer),) = held
    with page.expect_request("**/api/findings?*"):  # which is asked for when the answer has come
        route.fulfill(response=answer)
    method.drop()
    expect(text_of(page)).to_have_value("- 第一点学")
    is_saved(page)


def test_a_file_that_changes_elsewhere_while_a_word_is_composed(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    site.article("meetings/a.md", "第一段。\n\n第二段。\n\n第三段", title="第一篇")
    page, method, sent = composing(context, desk)
    method.compose("xue")
    file = site.root / PATH
    with page.expect_response("**/api/report/version?*"):
        file.write_text(file.read_text("utf-8").replace("第一段", "别人写的第一段"), "utf-8")
    expect(text_of(page)).to_have_value("第一段。\n\n第二段。\n\n第三段xue")
    method.compose("xuex", "xuexi")
    expect(text_of(page)).to_have_value("第一段。\n\n第二段。\n\n第三段xuexi")
    expect(page.get_by_role("dialog")).to_have_count(0)
    method.choose("学习")
    on_disk(site, lambda text: body_of(text) == "\n别人写的第一段。\n\n第二段。\n\n第三段学习")
    expect(text_of(page)).to_have_value("别人写的第一段。\n\n第二段。\n\n第三段学习")
    is_saved(page)
    assert not sent.said("xue")


def test_a_conflict_is_told_when_the_word_is_chosen(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page, method, sent = composing(context, desk)
    held: list[Route] = []
    page.route(REPORTS, lambda route: held.append(route) if route.request.method == "PUT" else route.fallback())
    method.compose("xue")
    method.choose("学")
    wait_for(page, lambda: len(held) == 1)
    file = site.root / PATH
    file.write_text(file.read_text("utf-8").replace("- 第一点", "- 别人的第一点"), "utf-8")
    method.compose("x")
    with page.expect_response("**/api/compare"):
        held.pop().continue_()
    page.unroute(REPORTS)
    method.compose("xi")
    is_unsaved(page, "在别处改过")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(text_of(page)).to_have_value("- 第一点学xi")
    method.choose("习")
    dialog = asked(page)
    dialog.get_by_label("我写的").first.check()
    dialog.get_by_role("button", name="按上面选的保存").click()
    on_disk(site, lambda text: body_of(text) == "\n- 第一点学习\n")
    expect(text_of(page)).to_have_value("- 第一点学习")
    assert not sent.said("xi")


def test_a_word_in_a_field_of_the_form_is_one_step(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page, method, sent = composing(context, desk)
    page.get_by_role("button", name="文章信息").click()
    author = page.get_by_label("作者", exact=True)
    author.press("Control+a")
    method.compose("w", "wa", "wang")
    page.clock.fast_forward(LONG)
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()
    method.compose("wangf", "wangfang")
    assert sent.bodies == []
    method.choose("王芳", "Digit3")
    expect(author).to_have_value("王芳")
    on_disk(site, lambda text: "author: 王芳\n" in text)
    assert [body["fields"] for body in sent.bodies] == [{"author": "王芳"}]
    page.keyboard.press("Control+z")
    expect(author).to_have_value("张三")
    on_disk(site, lambda text: "author: 张三\n" in text)
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()


def test_a_word_in_a_caption_comes_into_the_text_when_it_is_chosen(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page, method, sent = composing(context, desk)
    page.locator(".tab[data-name=tray]").click()
    page.get_by_role("button", name="a--1.jpg 放进正文").click()
    caption = page.get_by_label("a--1.jpg 的图注")
    expect(caption).to_be_focused()
    method.compose("hui", "huichang")
    page.clock.fast_forward(LONG)
    expect(text_of(page)).to_have_value("- 第一点\n\n![](a--1.jpg)\n")
    method.choose("会场", "Space")
    page.clock.fast_forward(LONG)
    expect(text_of(page)).to_have_value("- 第一点\n\n![会场](a--1.jpg)\n")
    expect(caption).to_be_focused()
    method.compose("dong")
    method.choose("东侧")
    page.keyboard.press("Enter")
    expect(text_of(page)).to_have_value("- 第一点\n\n![会场东侧](a--1.jpg)\n")
    on_disk(site, lambda text: "![会场东侧](a--1.jpg)" in text)
    assert not sent.said("hui")
    assert not sent.said("dong")


def test_enter_that_chooses_a_word_presses_no_button(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, "new")
    method = InputMethod(page)
    expect(page.get_by_label("标题")).to_be_focused()
    method.compose("xue", "xuexi")
    method.choose("学习会", "Enter")
    expect(page.get_by_label("标题")).to_have_value("学习会")
    expect(page.get_by_label("网址里的名字")).to_have_value("xue-xi-hui")
    page.keyboard.press("Enter")
    expect(text_of(page)).to_be_focused()
    assert len(list((site.root / "content").glob("*/*xue-xi-hui"))) == 1
    page.get_by_role("button", name="交稿").click()
    name = page.get_by_label("谁交的稿")
    name.press("Control+a")
    method.compose("wang")
    method.choose("王芳", "Enter")
    expect(name).to_have_value("王芳")
    expect(name).to_be_visible()
