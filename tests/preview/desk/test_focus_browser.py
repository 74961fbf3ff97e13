"""Whatever goes from the page while it has the focus hands it on: who has no mouse goes on from there, not from the top of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from desk_browser import PATH, Keyboard, cut_off, editing, end_window, entered, is_kept, is_saved, is_unsaved, text_of
from desk_client import Client, desk_served
from newsgen.authoring.hand_in import hand_in
from newsgen.core.model import SHANGHAI
from site_test import SiteTest

pytestmark = pytest.mark.xdist_group("desk")

REPORT = "content/meetings/2024-03-13-b/index.md"


@pytest.fixture
def desk(site: SiteTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The desk of a site with a report of its own folder and one that is a file, published to a folder."""
    live = tmp_path_factory.mktemp("web") / "live"
    yaml = (site.root / "site.yaml").read_text("utf-8")
    site.write("site.yaml", f"{yaml}publish:\n  targets:\n    live: {{kind: folder, path: {live}, http: no}}\n")
    site.article("meetings/2024-03-13-b/index.md", "会议强调，，要抓好落实。\n", title="第一篇")
    site.article("meetings/a.md", "正文。\n", title="第二篇")
    with desk_served(site.root) as client:
        yield client


def test_files_that_come_and_go_below_the_text(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url, REPORT)
    keys = Keyboard(page)
    chooser = page.locator(".tray input[type=file]")
    chooser.set_input_files({"name": "坏.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    keys.use(page.locator(".note.wrong").get_by_role("button", name="知道了"))
    expect(text_of(page)).to_be_focused()

    held: list[Route] = []
    page.route("**/api/file?*", lambda route: held.append(route))
    chooser.set_input_files({"name": "甲.csv", "mimeType": "text/csv", "buffer": b"a,b\n"})
    keys.use(page.locator(".coming").get_by_role("button", name="取消"))
    expect(page.locator(".coming")).to_have_count(0)
    expect(text_of(page)).to_be_focused()
    page.unroute("**/api/file?*")

    chooser.set_input_files({"name": "乙.csv", "mimeType": "text/csv", "buffer": b"a,b\n"})
    keys.use(page.locator(".tab[data-name=matter]"), "Shift+Tab")
    keys.use(page.get_by_text("少用的几项"))
    keys.use(page.get_by_role("button", name="去掉附件 yi.csv"))
    expect(page.locator(".attached .none")).to_be_focused()


def test_findings_and_the_state_of_saving(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url, REPORT)
    keys = Keyboard(page)
    keys.go_to(page.locator(".findings").get_by_role("button", name=re.compile("重复|连着")).first)
    text = (site.root / REPORT).read_text("utf-8")
    (site.root / REPORT).write_text(text.replace("，，", "，"), "utf-8")
    expect(page.locator(".checked .found")).to_have_text("没有发现问题")
    expect(page.locator(".checked .found")).to_be_focused()

    keys.go_to(text_of(page), "Shift+Tab")
    with cut_off(context):
        keys.type("一")
        is_unsaved(page, "连不上写稿台")
        keys.go_to(page.get_by_role("button", name="复制正文"), "Shift+Tab")
    is_saved(page)
    expect(page.locator("p.saved")).to_be_focused()


def test_a_finding_keeps_the_focus_while_others_before_it_are_corrected(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    path = site.root / REPORT
    text = path.read_text("utf-8")
    path.write_text(f"{text}\n学习，，交流。\n\n学习和交流。。\n\n学习、、交流。\n", "utf-8")
    page = editing(context, desk.url, REPORT)
    findings = page.locator(".findings")
    expect(findings.get_by_role("button", name="改成")).to_have_count(4)
    keys = Keyboard(page)
    keys.go_to(findings.get_by_role("button", name="改成“。”"))
    path.write_text(path.read_text("utf-8").replace("，，", "，"), "utf-8")
    expect(findings.get_by_role("button", name="改成")).to_have_count(2)
    expect(findings.get_by_role("button", name="改成“。”")).to_be_focused()

    path.write_text(path.read_text("utf-8").replace("。。", "。"), "utf-8")
    expect(findings.get_by_role("button", name="改成")).to_have_count(1)
    expect(findings.locator(".go")).to_be_focused()  # the button before that which corrects it: nothing is passed over


def test_a_draft_that_is_decided_on(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url)
    with cut_off(context):
        text_of(page).press("Control+End")
        page.keyboard.type("没存的。")
        is_kept(page, "没存的。")
        end_window(page)
    again = editing(context, desk.url)
    keys = Keyboard(again)
    keys.use(again.locator(".notice").get_by_role("button", name="现在看"), "Shift+Tab")
    again.get_by_role("dialog").wait_for()
    keys.press("Escape")
    expect(text_of(again)).to_be_focused()
    keys.use(again.get_by_role("button", name="没存好的内容"), "Shift+Tab")
    keys.use(again.get_by_role("dialog").get_by_role("button", name="按上面选的保存"))
    expect(text_of(again)).to_have_value(re.compile("没存的。"))
    expect(text_of(again)).to_be_focused()


def test_buttons_that_are_off_while_something_runs(desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, "publish")
    keys = Keyboard(page)
    keys.use(page.get_by_role("button", name="看会有什么变化"))
    expect(page.get_by_text("看好了，还没有发布")).to_be_visible()
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_focused()

    keys.use(page.get_by_role("link", name="写新的一篇"), "Shift+Tab")
    expect(page.get_by_label("标题")).to_be_focused()
    keys.type("又一篇")
    begin = page.get_by_role("button", name="开始写")
    page.route("**/api/reports", lambda route: route.abort())
    keys.use(begin)
    expect(page.get_by_role("alert")).to_contain_text("连不上写稿台")
    expect(begin).to_be_focused()


def test_a_manuscript_that_is_not_taken(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, "receive")
    keys = Keyboard(page)
    handed = hand_in(site.root, PATH, "王芳", datetime(2024, 3, 14, tzinfo=SHANGHAI))
    page.get_by_label("压缩包").set_input_files(
        {"name": handed.name, "mimeType": "application/zip", "buffer": handed.data}
    )
    expect(page.get_by_role("heading", name="第二篇")).to_be_focused()
    keys.use(page.get_by_role("button", name="不收"))
    expect(page.get_by_role("button", name="选择压缩包")).to_be_focused()
