"""Two who write one report at once: nobody is interrupted, and no word is lost or doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from desk_browser import (
    PATH,
    asked,
    body_of,
    cut_off,
    editing,
    end_window,
    is_kept,
    is_saved,
    is_unsaved,
    on_disk,
    text_of,
    violations,
)
from desk_client import Client, desk_served
from site_test import SiteTest

pytestmark = pytest.mark.xdist_group("desk")

PARAGRAPHS = [f"第{number}段，学院召开会议。" for number in range(1, 41)]


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with one long report."""
    site.article("meetings/a.md", "\n\n".join(PARAGRAPHS) + "\n", title="第一篇")
    with desk_served(site.root) as client:
        yield client


def elsewhere(site: SiteTest, old: str, new: str) -> None:
    """Another program writes the file."""
    text = (site.root / PATH).read_text("utf-8")
    assert old in text
    (site.root / PATH).write_text(text.replace(old, new), "utf-8")


def collided(page: Page, site: SiteTest) -> None:
    """Both wrote at the end of the last paragraph: the bar asks."""
    with cut_off(page.context):
        text_of(page).press("Control+End")
        page.keyboard.type("乙")
        is_unsaved(page, "连不上写稿台")
        elsewhere(site, "第40段，学院召开会议。", "第40段，学院召开会议。甲")
    expect(page.locator(".notice")).to_contain_text("别处也改了这一篇")


def test_who_writes_goes_on_while_two_versions_wait_for_a_decision(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    collided(page, site)
    page.keyboard.type("乙乙乙")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(text_of(page)).to_be_focused()
    expect(text_of(page)).to_have_value(re.compile("会议。乙乙乙乙$"))
    is_kept(page, "会议。乙乙乙乙")
    is_unsaved(page, "在别处改过")
    assert page.locator(".notice[role=alert]").count() == 1
    assert violations(page) == []
    before = text_of(page).evaluate("(text) => [text.selectionStart, text.scrollTop]")
    asked(page).get_by_role("button", name="先放一放").click()
    expect(text_of(page)).to_be_focused()
    assert text_of(page).evaluate("(text) => [text.selectionStart, text.scrollTop]") == before
    page.keyboard.type("丙")
    dialog = asked(page)
    dialog.get_by_label("两段都要").check()
    dialog.get_by_role("button", name="按上面选的保存").click()
    is_saved(page)
    expect(page.locator(".notice")).to_have_count(0)
    assert on_disk(site, lambda text: "乙" in text).endswith("会议。乙乙乙乙丙\n第40段，学院召开会议。甲\n")


def test_a_file_that_changes_while_one_chooses_is_shown_as_it_is_then(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    collided(page, site)
    elsewhere(site, "会议。甲", "会议。甲甲")
    dialog = asked(page)
    expect(dialog.locator(".version.theirs .words")).to_have_text("第40段，学院召开会议。甲甲\n")
    dialog.get_by_label("两段都要").check()
    elsewhere(site, "会议。甲甲", "会议。甲甲甲")
    dialog.get_by_role("button", name="按上面选的保存").click()
    expect(dialog.get_by_role("alert")).to_contain_text("别处又改了这个文件")
    expect(dialog.locator(".version.theirs .words")).to_have_text("第40段，学院召开会议。甲甲甲\n")
    expect(dialog.get_by_label("两段都要")).to_be_checked()
    dialog.get_by_role("button", name="按上面选的保存").click()
    is_saved(page)
    expect(dialog).to_have_count(0)
    found = on_disk(site, lambda text: "乙" in text)
    assert found.endswith("第39段，学院召开会议。\n\n第40段，学院召开会议。乙\n第40段，学院召开会议。甲甲甲\n")


def test_changes_of_different_paragraphs_are_put_together_and_told(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    with cut_off(context):
        place = text_of(page).input_value().index("第20段，") + 5
        text_of(page).evaluate("(text, place) => text.setSelectionRange(place, place)", place)
        page.keyboard.type("我写的")
        is_unsaved(page, "连不上写稿台")
        old = (site.root / PATH).read_text("utf-8")
        new = old.replace("第3段", "别人的第3段").replace("第33段", "别人的第33段")
        (site.root / PATH).write_text(new, "utf-8")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("别处改了第 3、33 段，已经合在一起")
    is_saved(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.type("的话")
    on_disk(site, lambda text: body_of(text) == body_of(new).replace("第20段，", "第20段，我写的的话"))
    notice.get_by_role("button", name="看看").click()
    expect(page.get_by_role("dialog")).to_contain_text("以前的版本")
    page.keyboard.press("Escape")
    notice.get_by_role("button", name="知道了").click()
    expect(notice).to_have_count(0)


def test_what_a_closed_window_left_is_asked_about_without_taking_the_keyboard(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    with cut_off(context):
        text_of(page).press("Control+Home")
        page.keyboard.type("上次写的。")
        is_kept(page, "上次写的。")
        end_window(page)
    again = editing(context, desk.url)
    text_of(again).press("Control+End")
    again.keyboard.type("这次先写")
    expect(again.locator(".notice[role=alert]")).to_contain_text("上一次有些话没有存好")
    again.keyboard.type("一句。")
    expect(again.get_by_role("dialog")).to_have_count(0)
    is_saved(again)
    asked(again).get_by_role("button", name="按上面选的保存").click()
    found = body_of(on_disk(site, lambda text: "上次写的。" in text))
    assert found.startswith("\n上次写的。第1段")
    assert found.endswith("这次先写一句。\n")
