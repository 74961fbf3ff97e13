"""The desk in a real Chromium: what a member sees and types. Nothing sleeps; the browser and the disk are waited for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from browser import HELD_EVENTS, wait_until
from desk_browser import (
    PATH,
    REPORTS,
    asked,
    body_of,
    cut_off,
    editing,
    end_window,
    entered,
    is_kept,
    is_saved,
    live_of,
    on_disk,
    route_to,
    text_of,
    violations,
    wait_for,
)
from desk_client import Client, desk_served
from running import ServerProcess
from site_test import SiteTest

pytestmark = pytest.mark.xdist_group("desk")

PARAGRAPHS = [f"第{number}段，学院召开会议，部署第{number}项学习工作。" for number in range(60)]


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with two reports, the first of them long."""
    site.section("notices", "通知公告")
    site.article(
        "meetings/a.md", "\n\n".join(PARAGRAPHS) + "\n", title="第一篇", author="张三", branch="教工第一党支部"
    )
    site.article("notices/b.md", "另一篇的正文。\n", title="第二篇", date="2024-03-14", draft="是")
    with desk_served(site.root) as client:
        yield client


def test_a_member_writes_chinese_with_an_input_method_and_the_page_follows(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    saves: list[str] = []
    page.on("request", lambda request: saves.append(request.url) if request.method == "PUT" else None)
    text = text_of(page)
    text.press("Control+End")
    page.keyboard.press("Enter")
    session = context.new_cdp_session(page)
    is_saved(page)
    before = len(saves)
    for composed in ("x", "xu", "xue", "xuex", "xuexi"):
        session.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
    expect(text).to_have_value(re.compile("xuexi$"))
    page.keyboard.press("Control+b")  # belongs to the input method as long as it composes
    assert len(saves) == before, "nothing is saved while an input method composes"
    session.send("Input.insertText", {"text": "学习"})
    expect(text).to_have_value(re.compile("工作。\n学习$"))
    is_saved(page)
    on_disk(site, lambda found: found.endswith("工作。\n学习\n"))
    shown = live_of(page).locator(".article-body p").last
    expect(shown).to_have_text("学习")
    expect(shown).to_be_in_viewport()
    page.keyboard.press("Control+z")
    expect(text).to_have_value(re.compile("工作。\n$"))
    page.keyboard.press("Control+y")
    expect(text).to_have_value(re.compile("学习$"))
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Control+b")
    expect(text).to_have_value(re.compile(r"\*\*学习\*\*$"))
    expect(live_of(page).locator(".article-body strong")).to_have_text("学习")
    page.keyboard.press("Control+Home")
    expect(live_of(page).locator(".article-body p").first).to_be_in_viewport()
    assert live_of(page).locator("newsgen-preview").count() == 0, "the preview's own bar"
    live_of(page).locator("header a, nav a").first.click()  # opens beside the desk
    expect(live_of(page).locator(".article-body strong")).to_have_text("学习")


def test_one_undo_spans_the_text_the_form_and_what_was_put_in(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    text = text_of(page)
    original = text.input_value()
    text.press("Control+End")
    page.keyboard.insert_text("末句。")  # at once: what is typed with a pause in it is two steps
    page.get_by_role("button", name="文章信息").click()
    page.get_by_label("作者").fill("李四")
    text.press("Control+Home")
    page.get_by_role("button", name="表格").click()
    page.get_by_role("dialog").get_by_label("几列").fill("2")
    page.get_by_role("dialog").get_by_role("button", name="插入").click()
    expect(text).to_have_value(re.compile(r"^第0段.*\n\n\| 表头1 \| 表头2 \|\n"))
    is_saved(page)
    assert "author: 李四\n" in on_disk(site, lambda found: "| 表头1 |" in found)
    page.keyboard.press("Control+z")
    expect(text).to_have_value(original + "末句。")
    page.keyboard.press("Control+z")
    expect(page.get_by_label("作者")).to_have_value("张三")
    expect(page.get_by_label("作者")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(text).to_have_value(original)
    on_disk(site, lambda found: "author: 张三\n" in found and body_of(found) == f"\n{original}\n")
    for _ in range(3):
        page.keyboard.press("Control+Shift+z")
    expect(text).to_have_value(re.compile(r"表头1.*末句。$", re.DOTALL))
    on_disk(site, lambda found: "author: 李四\n" in found and "表头1" in found)


def test_a_faulty_value_is_told_at_its_field_and_a_finding_leads_to_its_place(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    page.get_by_role("button", name="文章信息").click()
    page.get_by_label("日期").fill("去年")
    expect(page.locator("#field-date-fault")).to_contain_text("不是日期")
    expect(page.locator("p.saved")).to_contain_text("还没有保存")
    page.get_by_role("button", name="交稿").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("先改好标红的一项")
    dialog.get_by_role("button", name="知道了").click()
    expect(page.get_by_label("日期")).to_be_focused()
    page.get_by_label("日期").fill("2024-03-15")
    expect(page.locator("#field-date-fault")).to_be_hidden()
    is_saved(page)
    text = text_of(page)
    text.fill("学院召开会议，，部署工作。\n\n第二段。")
    finding = page.locator(".findings li").filter(has_text="重复")
    finding.get_by_role("button").first.click()
    expect(text).to_be_focused()
    chosen = page.evaluate(
        "() => { const t = document.querySelector('textarea.text'); return t.value.slice(t.selectionStart, t.selectionEnd); }"
    )
    assert chosen == "，，"
    finding.get_by_role("button", name="改成").click()
    expect(text).to_have_value("学院召开会议，部署工作。\n\n第二段。")
    expect(page.locator(".checked .found")).to_have_text("没有发现问题")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("学院召开会议，，部署工作。\n\n第二段。")


def test_two_windows_and_another_program_lose_nothing_of_each_other(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    first, second = editing(context, desk.url), editing(context, desk.url)
    text_of(first).press("Control+End")
    first.keyboard.type("甲写的。")
    expect(text_of(second)).to_have_value(re.compile("甲写的。$"))
    second.bring_to_front()
    text_of(second).press("Control+Home")
    second.keyboard.type("乙写的。")
    expect(text_of(first)).to_have_value(re.compile("^乙写的。.*甲写的。$", re.DOTALL))
    second.close()
    first.bring_to_front()
    is_saved(first)

    # Another program writes while a save is on its way: both are shown, nothing is overwritten.
    first.route("**/api/report?*", lambda route: route.abort() if route.request.method == "PUT" else route.fallback())
    text_of(first).press("Control+Home")
    first.keyboard.type("我改的第一句。")
    expect(first.locator("p.saved")).to_contain_text("还没有保存")
    ours = text_of(first).input_value()
    old = (site.root / PATH).read_text("utf-8")
    (site.root / PATH).write_text(old.replace("第30段", "别人改的第30段").replace("乙写的。", "丙写的。"), "utf-8")
    first.unroute("**/api/report?*")
    dialog = asked(first)
    expect(dialog).to_contain_text("这一篇刚刚在别处改过")
    assert violations(first) == []
    passages = dialog.get_by_role("group", name=re.compile("处$"))
    expect(passages).to_have_count(2)
    passages.first.get_by_label("现在文件里的").check()
    dialog.get_by_role("button", name="按上面选的保存").click()
    found = on_disk(site, lambda text: "丙写的。" in text and "别人改的第30段" in text and "甲写的" in text)
    assert "我改的第一句" not in found
    is_saved(first)
    first.keyboard.press("Control+z")
    expect(text_of(first)).to_have_value(ours)
    on_disk(site, lambda text: body_of(text) == f"\n{ours}\n")


def test_what_changes_elsewhere_is_taken_over_whole_and_nothing_old_is_sent(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    before = (site.root / PATH).read_text("utf-8")
    after = before.replace("author: 张三", "author: 李四").replace("第30段", "别人改的第30段")
    (site.root / PATH).write_text(after, "utf-8")
    expect(text_of(page)).to_have_value(re.compile("别人改的第30段"))
    page.get_by_role("button", name="文章信息").click()
    expect(page.get_by_label("作者")).to_have_value("李四")
    is_saved(page)
    text_of(page).press("Control+End")
    assert sent == []
    page.keyboard.type("末句。")
    found = on_disk(site, lambda text: text.endswith("末句。\n"))
    assert found == after.removesuffix("\n") + "末句。\n"


def test_what_changes_elsewhere_before_the_answer_to_a_save_comes_is_taken_over(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    held: list[tuple[Route, APIResponse]] = []

    def keep(route: Route) -> None:
        if route.request.method == "PUT" and not held:
            held.append((route, route.fetch()))
        else:
            route.fallback()

    page.route(REPORTS, keep)
    text_of(page).press("Control+End")
    with page.expect_response(VERSION):
        page.keyboard.insert_text("末句。")
    wait_for(page, lambda: len(held) == 1)
    with page.expect_response(VERSION):
        text = (site.root / PATH).read_text("utf-8")
        (site.root / PATH).write_text(text.replace("第30段", "别人改的第30段"), "utf-8")
    ((route, answer),) = held
    route.fulfill(response=answer)
    expect(text_of(page)).to_have_value(re.compile("别人改的第30段.*末句。$", re.DOTALL))
    is_saved(page)


VERSION = "**/api/report/version?*"
"""What a window asks after each change of the site."""


def test_a_merge_is_asked_for_once_and_keeps_what_arrives_meanwhile(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    held: list[Route] = []
    page.route("**/api/report?*", lambda route: route.abort() if route.request.method == "PUT" else route.fallback())
    page.route("**/api/compare", lambda route: route.abort())
    text_of(page).press("Control+Home")
    page.keyboard.type("我写的。")
    expect(page.locator("p.saved")).to_contain_text("还没有保存")
    before = (site.root / PATH).read_text("utf-8")
    (site.root / PATH).write_text(before.replace("第30段", "别人改的第30段").replace("第0段", "别人改的第0段"), "utf-8")
    page.unroute("**/api/report?*")
    choose = page.get_by_role("button", name="现在选")  # the two could not be compared: nothing is stuck
    expect(choose).to_be_visible()
    page.unroute("**/api/compare")
    page.route("**/api/compare", lambda route: route.fallback() if held else held.append(route))
    choose.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_for(page, lambda: len(held) == 1)
    text_of(page).press("Control+End")
    page.keyboard.type("比的时候写的。")
    held[0].continue_()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("group", name=re.compile("处$"))).to_have_count(3)
    page.evaluate(ARRIVES)
    dialog.get_by_role("button", name="按上面选的保存").click()
    is_saved(page)
    expect(dialog).to_have_count(0)
    found = body_of(on_disk(site, lambda text: "我写的。第0段" in text))
    assert "别人改的第30段" in found
    assert found.endswith("比的时候写的。\n")
    assert "![](1.jpg)\n" in found


ARRIVES = """() => {
  const text = document.querySelector("textarea.text");
  text.setRangeText("![](1.jpg)\\n\\n", text.value.indexOf("第10段"), text.value.indexOf("第10段"));
  text.dispatchEvent(new Event("input"));
}"""
"""A photo is put into the text, as by an upload that is done."""


def test_a_lost_answer_is_no_conflict_with_oneself(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url)

    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "PUT" and not lost:
            lost.append(route.request.url)
            route.fetch()
            route.abort()
        else:
            route.fallback()

    page.route("**/api/report?*", lose)
    text_of(page).press("Control+End")
    page.keyboard.type("甲乙丙")
    wait_for(
        page, lambda: (site.root / PATH).read_text("utf-8").endswith("段，学院召开会议，部署第59项学习工作。甲乙丙\n")
    )
    is_saved(page)
    assert page.get_by_role("dialog").count() == 0


def test_what_a_closed_window_had_not_saved_is_merged_with_the_newer_file(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    with cut_off(context):
        text_of(page).press("Control+Home")
        page.keyboard.type("还没存的。")
        is_kept(page, "还没存的。")
        other = entered(context, desk.url)
        assert other.evaluate(LEFT, PATH) == [], "its window lives"
        end_window(page)
    before = (site.root / PATH).read_text("utf-8")
    (site.root / PATH).write_text(before.replace("第30段", "别人改的第30段"), "utf-8")
    again = editing(context, desk.url)
    dialog = asked(again)
    expect(dialog).to_contain_text("没来得及保存")
    dialog.get_by_role("button", name="先放一放").click()
    expect(again.get_by_role("button", name="没存好的内容")).to_be_visible()
    again.close()
    again = editing(context, desk.url)
    again.get_by_role("button", name="没存好的内容").click()
    dialog = again.get_by_role("dialog")
    expect(dialog.get_by_role("group", name="第 2 处").get_by_label("文件里的")).to_be_checked()
    dialog.get_by_role("button", name="按上面选的保存").click()
    found = on_disk(site, lambda text: "还没存的。第0段" in text)
    assert "别人改的第30段" in found
    expect(again.get_by_role("button", name="没存好的内容")).to_have_count(0)
    assert other.evaluate(LEFT, PATH) == []


def test_a_window_that_is_slow_to_answer_keeps_what_it_has_not_saved(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url)
    with cut_off(context):
        text_of(page).press("Control+End")
        page.keyboard.insert_text("还没存的。")
        is_kept(page, "还没存的。")
        page.evaluate(ANSWERS_LATE)
        other = context.new_page()
        other.clock.install()
        other.goto(desk.url)
        other.evaluate(ASKS_WINDOWS, PATH)
        wait_until(other, "window.hasAsked === true")
        other.clock.fast_forward(10_000)
        wait_until(page, "window.late.length === 1")
        page.evaluate("window.late[0]()")
        assert other.evaluate("window.left") == []
        end_window(page)
    assert other.evaluate(LEFT, PATH) != []


ANSWERS_LATE = """() => {
  const { postMessage } = BroadcastChannel.prototype;
  window.late = [];
  BroadcastChannel.prototype.postMessage = function (message) {
    window.late.push(() => postMessage.call(this, message));
  };
}"""
ASKS_WINDOWS = """(path) => {
  const { postMessage } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.postMessage = function (message) {
    postMessage.call(this, message);
    window.hasAsked = true;
  };
  window.left = import("/.newsgen/desk/client/drafts.js").then(async ({ Drafts }) => {
    const { id } = await (await fetch("/.newsgen/desk/api/site")).json();
    return (await new Drafts(id, path).left()).map(({ body }) => body);
  });
}"""
LEFT = """async (path) => {
  const { Drafts } = await import("/.newsgen/desk/client/drafts.js");
  const { id } = await (await fetch("/.newsgen/desk/api/site")).json();
  return (await new Drafts(id, path).left()).map(({ body }) => body);
}"""
"""The texts that windows which are gone had not saved."""


def test_a_deleted_report_is_looked_at_and_brought_back_by_keyboard(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    path = "content/notices/b.md"
    report = desk.get("report", path=path)
    sent = {"base": report["version"], "body": "\n改过的通知。\n![图](b--1.jpg)\n", "fields": {"title": "放假通知"}}
    assert desk.call("PUT", "report", sent, path=path).status == 200
    (site.root / path).unlink()
    page = entered(context, desk.url)
    button = page.get_by_role("button", name="最近删除的")
    button.press("Enter")
    dialog = page.locator("dialog")
    expect(dialog.locator(".versions button")).to_contain_text("放假通知")
    expect(dialog.locator(".look")).to_contain_text("改过的通知。")
    expect(dialog.locator(".look")).to_contain_text("已经找不回来的：b--1.jpg")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.press("Enter")
    expect(dialog.locator(".look")).to_contain_text("改过的通知。")
    page.get_by_role("button", name="恢复这一篇").press("Enter")
    expect(dialog).to_contain_text("b--1.jpg 找不回来，请再放一次")
    page.keyboard.press("Enter")
    expect(text_of(page)).to_have_value("改过的通知。\n![图](b--1.jpg)")
    assert "改过的通知。" in (site.root / path).read_text("utf-8")


def test_the_link_to_the_content_leaves_the_report_open(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url)
    address = page.url
    page.get_by_role("link", name="跳到正文").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.evaluate("() => { location.hash = '#top'; }")
    expect(text_of(page)).to_be_visible()
    page.goto(address)
    expect(text_of(page)).to_have_value(re.compile("^第0段"))
    page.goto(address.partition("#")[0] + "#/edit/%E0%A4%A")
    expect(page.get_by_role("alert")).to_contain_text("没有这一篇")
    page.get_by_role("alert").get_by_role("link", name="回到列表").click()
    expect(page.get_by_role("row")).to_have_count(3)


def test_a_desk_that_is_killed_and_a_browser_that_crashes_lose_no_word(site: SiteTest, context: BrowserContext) -> None:
    site.article("meetings/a.md", "正文。\n", title="第一篇")
    process = ServerProcess("desk", site.root)
    process.start()
    try:
        page = editing(context, process.url)
        process.kill()
        text_of(page).press("Control+End")
        page.keyboard.type("停电时写的。")
        expect(page.locator("p.saved")).to_contain_text("连不上写稿台")
        process.start()
        is_saved(page)
        on_disk(site, lambda found: found.endswith("正文。停电时写的。\n"))
        expect(live_of(page).locator(".article-body")).to_contain_text("停电时写的。")
        process.kill()
        page.keyboard.type("还没存的。")
        expect(page.locator("p.saved")).to_contain_text("连不上写稿台")
        is_kept(page, "还没存的。")
        page.close()
        process.start()
        again = entered(context, process.url, route_to(PATH))
        dialog = asked(again)
        expect(dialog).to_contain_text("没来得及保存")
        expect(dialog).to_contain_text("正文。停电时写的。还没存的。")
        dialog.get_by_role("button", name="按上面选的保存").click()
        on_disk(site, lambda found: found.endswith("正文。停电时写的。还没存的。\n"))
        is_saved(again)
    finally:
        process.kill()


def test_tools_lists_and_versions_are_worked_by_keyboard(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url)
    expect(page.get_by_role("row")).to_have_count(3)
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("第二")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").last).to_contain_text("草稿")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="写新的一篇").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("标题")).to_be_focused()
    page.keyboard.type("学院召开学习会")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_label("网址里的名字")).to_have_value("xue-yuan-zhao-kai-xue-xi-hui")
    page.keyboard.press("Control+a")
    page.keyboard.type("xuexi")
    page.keyboard.press("Enter")
    text = text_of(page)
    expect(text).to_be_focused()
    page.keyboard.type("会议由书记主持。")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Shift+L")
    page.keyboard.type("第一点")
    page.keyboard.press("Enter")
    page.keyboard.type("第二点")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("完。")
    expect(text).to_have_value("会议由书记主持。\n- 第一点\n- 第二点\n完。")
    page.keyboard.press("Shift+Tab")  # the toolbar is one stop, its buttons are reached by arrows
    expect(page.get_by_role("button", name="粗体")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile("\n## 完。$"))
    expect(text).to_be_focused()
    page.keyboard.press("Tab")
    expect(text).not_to_be_focused()  # Tab never stays in the text
    is_saved(page)
    path = next((site.root / "content").glob("*/*-xuexi/index.md")).relative_to(site.root).as_posix()
    on_disk(site, lambda found: found.endswith("\n## 完。\n"), path)
    versions = page.get_by_role("button", name="以前的版本")
    versions.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_role("button", name=re.compile("修改之前")).focus()
    page.keyboard.press("Enter")
    expect(dialog.locator("ins").last).to_contain_text("完。")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(versions).to_be_focused()
    page.get_by_role("link", name="全部文章").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").nth(1)).to_contain_text("学院召开学习会")


def test_what_had_no_script_before_the_desk_went_follows_once_the_desk_is_back(
    site: SiteTest, context: BrowserContext
) -> None:
    site.article("meetings/a.md", "正文。\n", title="第一篇")
    process = ServerProcess("desk", site.root)
    process.start()
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.request.url)
        route.abort()

    context.route("**/.newsgen/client.js", lose)
    try:
        page = editing(context, process.url)
        wait_for(page, lambda: bool(lost))
        context.unroute("**/.newsgen/client.js")
        process.kill()
        text_of(page).press("Control+End")
        page.keyboard.insert_text("停电时写的。")
        process.start()
        expect(live_of(page).locator(".article-body")).to_contain_text("停电时写的。")
    finally:
        process.kill()


def test_a_name_that_comes_late_is_typed_over_by_who_has_selected_the_one_before(
    desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url, "new")
    held: list[Route] = []
    page.route("**/api/short-name?*", lambda route: held.append(route))
    page.get_by_label("标题").fill("学习会")
    name = page.get_by_label("网址里的名字")
    name.press("Control+a")
    wait_for(page, lambda: bool(held))
    held.pop().continue_()
    expect(name).to_have_value("xue-xi-hui")
    page.keyboard.type("xuexi")
    expect(name).to_have_value("xuexi")


@pytest.mark.parametrize("width", [768, 1280])
def test_everything_is_accessible_and_nothing_is_wider_than_the_screen(
    desk: Client, context: BrowserContext, width: int
) -> None:
    page = entered(context, desk.url)
    page.set_viewport_size({"width": width, "height": 1024})
    expect(page.get_by_role("row")).to_have_count(3)
    assert looks(page) == []
    page.get_by_role("searchbox").fill("没有这样的")
    expect(page.get_by_text("没有找到这样的文章")).to_be_visible()
    assert looks(page) == []
    page.get_by_role("link", name="写新的一篇").first.click()
    page.get_by_role("button", name="开始写").click()
    expect(page.locator("#new-title-fault")).to_be_visible()
    assert looks(page) == []
    page.goto(page.url.partition("#")[0] + f"#/{route_to(PATH)}")
    text_of(page).fill("学院召开会议，，部署工作。\n")
    expect(page.locator(".findings li").first).to_be_visible()
    assert looks(page) == []
    page.get_by_role("button", name="文章信息").click()
    page.get_by_text("少用的几项").click()
    page.get_by_label("日期").fill("去年")
    expect(page.locator("#field-date-fault")).to_be_visible()
    assert looks(page) == []
    page.get_by_role("button", name="网页", exact=True).click()
    page.get_by_role("button", name="电脑").click()
    expect(live_of(page).locator(".article-body")).to_be_visible()
    assert looks(page) == []


def looks(page: Page) -> list[str]:
    """What is wrong with a screen of the desk."""
    wide = page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    return [*violations(page), *(["wider than the screen"] if wide else [])]


def test_a_long_list_is_searched_and_filtered_and_follows_the_site(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    for number in range(120):
        site.article(f"meetings/r{number}.md", title=f"第{number}次例会", date="2024-02-01", author=f"作者{number % 7}")
    page = entered(context, desk.url)
    expect(page.get_by_role("status").filter(has_text="共 122 篇")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.first).to_contain_text("第二篇")
    page.get_by_role("button", name="下一页").click()
    expect(page.locator(".pager .place")).to_have_text("第 51–100 篇")
    page.get_by_role("searchbox").fill("作者3 第101")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("第101次例会")
    page.get_by_role("searchbox").fill("")
    page.get_by_label("栏目").select_option("notices")
    expect(rows).to_have_count(1)
    page.get_by_label("栏目").select_option("")
    page.get_by_label("支部").select_option("教工第一党支部")
    expect(rows).to_have_text(re.compile("第一篇"))
    page.get_by_label("支部").select_option("")
    page.get_by_label("状态").select_option("draft")
    expect(rows).to_have_count(1)
    site.article("meetings/new.md", title="刚写的一篇", date="2024-06-01", draft="是")
    expect(rows).to_have_count(2)
    rows.first.get_by_role("link").click()
    expect(text_of(page)).to_be_focused()
    page.get_by_role("link", name="全部文章").click()
    expect(page.get_by_label("状态")).to_have_value("draft")
    expect(rows).to_have_count(2)


def test_a_click_on_a_report_is_not_lost_while_the_list_is_renewed(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="第一篇").hover()
    page.mouse.down()
    site.article("meetings/new.md", title="刚写的一篇", date="2024-01-01")
    expect(rows).to_have_count(3)
    page.mouse.up()
    expect(text_of(page)).to_be_focused()


def test_a_report_that_is_written_before_the_list_hears_of_the_server_comes_into_the_list(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    context.add_init_script(f"{HELD_EVENTS} window.holds = true;")
    page = entered(context, desk.url)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    wait_until(page, "held.length > 0")
    site.article("meetings/new.md", title="刚写的一篇", date="2024-01-01")
    wait_until(page, "JSON.parse(held.at(-1).told).version > JSON.parse(held[0].told).version")
    page.evaluate("held.at(-1).tell()")
    expect(rows).to_have_count(3)


def test_a_program_that_was_updated_under_a_running_desk_is_told(desk: Client, context: BrowserContext) -> None:
    context.route("**/client/sign_off.js", lambda route: route.fulfill(status=404, body="{}"))
    page = entered(context, desk.url)
    page.get_by_role("link", name="第一篇").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("写稿台的程序更新过")
    expect(told).to_contain_text("关掉那个黑色（或白色）的窗口，再双击一次“写稿”")
    edges = told.evaluate(
        "(told) => [...told.querySelectorAll('.say, .buttons > :first-child')].map((part) => {"
        " const range = document.createRange(); range.selectNodeContents(part.matches('.say') ? part : part.parentElement);"
        " return Math.round(range.getBoundingClientRect().left); })"
    )
    assert edges[0] == edges[1]
