"""Photos, the clipboard and manuscripts at the desk in a real Chromium. Nothing sleeps; the browser is waited for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Route, expect

from browser import wait_until
from desk_browser import Given, card, caret, clipboard, drop, has_text, paste, route_to, tray, violations, wait_for
from desk_client import Client, desk_at_work, desk_served, own_client
from newsgen.content.photo_numbers import numbered
from newsgen.core.model import Reference
from newsgen.preview.serve import BindAddress
from servers import free_port
from site_test import SiteTest, photo
from word_files import centred, paragraph, picture, run, word_file

pytestmark = [pytest.mark.xdist_group("desk-tray"), pytest.mark.long]

PHOTOS = Path(__file__).parents[2] / "photos"
REPORT = "content/meetings/2024-03-13-a/index.md"
TEXT = "第一段。\n第二段。\n第三段。\n"
LIMIT = 30_000


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    site.article("meetings/2024-03-13-a/index.md", TEXT)
    with desk_served(site.root) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    made.set_default_timeout(LIMIT)
    yield made
    made.close()


@pytest.fixture
def page(desk: Client, context: BrowserContext) -> Page:
    """The editor of the report."""
    opened = context.new_page()
    opened.goto(desk.url)
    opened.goto(f"{desk.url.partition('?')[0]}#/{route_to(REPORT)}")
    expect(opened.locator("#text")).to_be_focused()
    expect(opened.locator(".tab .count")).to_be_attached()
    return opened


def jpeg(name: str, file: str = "phone-turned.jpg") -> Given:
    return name, "image/jpeg", (PHOTOS / file).read_bytes()


def text_of(page: Page) -> str:
    return page.locator("#text").input_value()


def is_shown(picture: Locator) -> None:
    """Wait until a picture is there, with pixels."""

    def has_pixels() -> bool:
        with suppress(Error):  # another picture has just taken its place
            return bool(picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0)
        return False

    wait_for(picture.page, has_pixels)


def saved(page: Page) -> None:
    expect(page.locator(".saved").first).to_have_text("已保存")


# ---------------------------------------------------------------- photos


def test_photos_dropped_on_the_text_stand_below_their_paragraph_and_on_the_page(page: Page, desk: Client) -> None:
    drop(page.locator("#text"), jpeg("与会人员合影.JPG"), ("IMG_1.HEIC", "", (PHOTOS / "iphone.heic").read_bytes()))
    placed = "![与会人员合影](yu-hui-ren-yuan-he-ying.jpg)\n\n![](IMG_1.heic)"
    expect(page.locator("#text")).to_have_value(re.compile(re.escape(placed)))
    assert text_of(page).replace("\n", "").replace(placed.replace("\n", ""), "") == "第一段。第二段。第三段。"
    saved(page)
    shown = page.frame_locator(".live iframe").locator("figure img")
    expect(shown).to_have_count(2)
    is_shown(shown.first)
    tray(page)
    for name in ("yu-hui-ren-yuan-he-ying.jpg", "IMG_1.heic"):
        is_shown(card(page, name).locator("img"))
    page.locator("#text").click()
    page.keyboard.press("Control+z")
    has_text(page, TEXT.rstrip("\n"))
    expect(card(page, "IMG_1.heic")).to_contain_text("还没有放进正文")
    page.keyboard.press("Control+y")
    expect(card(page, "IMG_1.heic")).to_contain_text("第 2 张")


def test_a_caption_is_written_into_the_text_and_read_from_it(page: Page, desk: Client) -> None:
    drop(page.locator("#text"), jpeg("1.jpg"))
    tray(page)
    field = page.get_by_label("1.jpg 的图注")
    expect(field).to_be_enabled()
    field.fill("会场[东侧]")
    field.press("Enter")
    expect(page.locator("#text")).to_have_value(re.compile(r"!\[会场\\\[东侧\\\]\]\(1\.jpg\)"))
    saved(page)
    listed = desk.call("GET", "files", path=REPORT).json["files"]
    assert [(file["name"], file["caption"]) for file in listed] == [("1.jpg", "会场[东侧]")]
    page.locator("#text").fill("一段。\n\n【图1：西侧】\n")
    expect(field).to_have_value("西侧")
    field.fill("")
    field.press("Enter")
    has_text(page, "一段。\n\n【图1】\n")
    page.locator("#text").click()
    page.keyboard.press("Control+z")
    expect(field).to_have_value("西侧")


def test_a_caption_is_typed_before_its_photo_is_in_the_text(page: Page) -> None:
    for count, name in enumerate("cba", 1):
        drop(tray(page), jpeg(f"{name}.jpg"))
        expect(page.locator(".photo")).to_have_count(count)
    for name, words in (("c", "会场[东侧]"), ("a", "西侧"), ("b", "合影")):
        page.get_by_label(f"{name}.jpg 的图注").fill(words)
        page.keyboard.press("Tab")
    saved(page)
    has_text(page, TEXT.rstrip("\n"))
    page.reload()
    expect(tray(page).get_by_label("a.jpg 的图注")).to_have_value("西侧")
    assert names(page) == ["c.jpg", "b.jpg", "a.jpg"]  # as they came
    page.get_by_label("c.jpg 的图注").fill("会场")
    page.get_by_role("button", name="c.jpg 放进正文").click()
    expect(page.locator("#text")).to_have_value(re.compile(re.escape("![会场](c.jpg)")))
    page.locator("#text").fill("一段。\n\n【图1】")
    has_text(page, "一段。\n\n【图1：西侧】")
    page.locator("#text").press("Control+z")
    page.locator("#text").press("Control+z")
    expect(page.get_by_label("a.jpg 的图注")).to_have_value("西侧")
    page.locator("#text").press("Control+y")
    page.locator("#text").press("Control+y")
    has_text(page, "一段。\n\n【图1：西侧】")
    page.get_by_role("button", name="全部放进正文").click()
    has_text(page, "一段。\n\n【图1：西侧】\n\n![会场](c.jpg)\n\n![合影](b.jpg)\n")


def test_where_a_browser_keeps_nothing_captions_are_typed_all_the_same(page: Page) -> None:
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }; }")
    drop(tray(page), jpeg("a.jpg"))
    page.get_by_label("a.jpg 的图注").fill("西侧")
    page.get_by_role("button", name="a.jpg 放进正文").click()
    expect(page.locator("#text")).to_have_value(re.compile(re.escape("![西侧](a.jpg)")))


def three_placed(page: Page) -> None:
    drop(tray(page), *(jpeg(f"{name}.jpg") for name in "abc"))
    expect(page.locator(".photo")).to_have_count(3)
    page.locator("#text").fill("一段。\n\n![甲](a.jpg)\n\n二段。\n\n![乙](b.jpg)\n![丙](c.jpg)\n")
    expect(page.locator(".photo .name").first).to_have_text("a.jpg")
    expect(page.get_by_label("c.jpg 的图注")).to_have_value("丙")


def names(page: Page) -> list[str]:
    return page.locator(".photo .name").all_text_contents()


def test_photos_change_places_and_the_words_stay(page: Page) -> None:
    three_placed(page)
    page.get_by_role("button", name="c.jpg 前移").click()
    has_text(page, "一段。\n\n![甲](a.jpg)\n\n二段。\n\n![丙](c.jpg)\n![乙](b.jpg)\n")
    expect(page.get_by_role("button", name="c.jpg 前移")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    has_text(page, "一段。\n\n![丙](c.jpg)\n\n![甲](a.jpg)\n\n二段。\n\n![乙](b.jpg)\n")
    assert names(page) == ["c.jpg", "a.jpg", "b.jpg"]
    expect(page.locator("#status")).to_have_text("c.jpg 现在在“甲”的前面，第 1 张，共 3 张")
    card(page, "b.jpg").locator(".thumb").drag_to(card(page, "c.jpg"))
    has_text(page, "一段。\n\n![乙](b.jpg)\n\n![丙](c.jpg)\n\n![甲](a.jpg)\n\n二段。\n")
    page.locator("#text").focus()
    for _ in range(3):
        page.keyboard.press("Control+z")
    has_text(page, "一段。\n\n![甲](a.jpg)\n\n二段。\n\n![乙](b.jpg)\n![丙](c.jpg)\n")


def test_a_photo_moves_alone_from_one_part_of_the_text_to_another(page: Page) -> None:
    three_placed(page)
    text = "## 一\n\n一段。\n\n![甲](a.jpg)\n\n## 二\n\n二段。\n\n![乙](b.jpg)"
    page.locator("#text").fill(text)
    page.get_by_role("button", name="b.jpg 前移").click()
    has_text(page, "## 一\n\n一段。\n\n![乙](b.jpg)\n\n![甲](a.jpg)\n\n## 二\n\n二段。")
    page.get_by_role("button", name="b.jpg 后移").click()
    has_text(page, "## 一\n\n一段。\n\n![甲](a.jpg)\n\n![乙](b.jpg)\n\n## 二\n\n二段。")
    expect(page.locator("#status")).to_have_text("b.jpg 现在在“甲”的后面，第 2 张，共 2 张")
    page.locator("#text").fill("句一![甲](a.jpg)句二\n\n![乙](b.jpg)\n")
    page.get_by_role("button", name="b.jpg 前移").click()
    has_text(page, "句一![乙](b.jpg) ![甲](a.jpg)句二\n")


def test_a_photo_dragged_to_a_paragraph_moves_there_with_its_caption(page: Page) -> None:
    three_placed(page)
    text = "一段。\n\n二段。\n\n三段。\n\n![甲](a.jpg)\n\n![乙](b.jpg)\n"
    page.locator("#text").fill(text)
    card(page, "b.jpg").locator(".thumb").drag_to(page.locator("#text"), target_position={"x": 50, "y": 34})
    has_text(page, "一段。\n\n![乙](b.jpg)\n\n二段。\n\n三段。\n\n![甲](a.jpg)\n")
    expect(page.locator("#status")).to_have_text("b.jpg 现在是第 1 张，共 2 张")
    page.locator("#text").press("Control+z")
    has_text(page, text)
    expect(page.locator("#status")).to_have_text("撤销了一步")
    card(page, "a.jpg").locator(".thumb").drag_to(page.locator("#text"), target_position={"x": 50, "y": 100})
    has_text(page, "一段。\n\n二段。\n\n![甲](a.jpg)\n\n三段。\n\n![乙](b.jpg)\n")
    page.locator("#text").fill("一段。\n\n![甲](a.jpg)\n\n二段。\n")
    card(page, "a.jpg").locator(".thumb").drag_to(page.locator("#text"), target_position={"x": 50, "y": 166})
    has_text(page, "一段。\n\n二段。\n\n![甲](a.jpg)\n")
    page.locator("#text").fill("一段。\n\n![甲](a.jpg)\n\n二段。\n")
    card(page, "a.jpg").locator(".thumb").drag_to(page.locator("#text"), target_position={"x": 50, "y": 100})
    expect(page.locator("#status")).to_have_text("a.jpg 现在是第 1 张，共 1 张")
    has_text(page, "一段。\n\n![甲](a.jpg)\n\n二段。\n")


def test_a_photo_dragged_onto_another_is_put_before_it_where_the_text_has_that_one(page: Page) -> None:
    drop(tray(page), jpeg("a.jpg"), jpeg("b.jpg"), jpeg("c.jpg"))
    expect(page.locator(".photo img")).to_have_count(3)
    page.locator("#text").fill("一段。\n\n![甲](a.jpg)\n")
    page.get_by_label("b.jpg 的图注").fill("乙")
    card(page, "b.jpg").locator(".thumb").drag_to(card(page, "a.jpg"))
    has_text(page, "一段。\n\n![乙](b.jpg)\n\n![甲](a.jpg)\n")
    expect(page.locator("#status")).to_have_text("b.jpg 现在是第 1 张，共 2 张")
    card(page, "a.jpg").locator(".thumb").drag_to(card(page, "c.jpg"))
    expect(page.locator("#status")).to_have_text("要换位置，拖到有“第几张”的照片上，或者拖到正文里")
    has_text(page, "一段。\n\n![乙](b.jpg)\n\n![甲](a.jpg)\n")


def test_photos_come_in_the_order_of_their_names_however_they_are_handed_over(page: Page) -> None:
    drop(tray(page), jpeg("p10.jpg"), jpeg("p2.jpg"), jpeg("p1.jpg"))
    expect(page.locator(".photo img")).to_have_count(3)
    page.get_by_role("button", name="全部放进正文").click()
    has_text(page, TEXT.rstrip("\n") + "\n\n![](p1.jpg)\n\n![](p2.jpg)\n\n![](p10.jpg)\n")


def test_the_dialog_of_photos_shows_the_one_that_is_chosen(page: Page) -> None:
    drop(tray(page), jpeg("a.jpg"), jpeg("b.jpg"))
    expect(page.locator(".photo")).to_have_count(2)
    page.get_by_role("button", name="插照片", exact=True).click()
    dialog = page.get_by_role("dialog")
    is_shown(dialog.locator("img"))
    dialog.get_by_label("照片").select_option("b.jpg")
    expect(dialog.locator("img")).to_have_attribute("src", re.compile(r"name=b\.jpg"))
    is_shown(dialog.locator("img"))


def test_removing_asks_and_takes_the_line_along(page: Page, desk: Client) -> None:
    three_placed(page)
    page.get_by_role("button", name="删除 a.jpg").click()
    page.get_by_role("button", name="不删").click()
    assert (desk.root / REPORT).with_name("a.jpg").exists()
    page.get_by_role("button", name="删除 a.jpg").click()
    expect(page.locator("dialog")).to_contain_text("正文里用到它的 1 处也会去掉")
    page.keyboard.press("Enter")
    has_text(page, "一段。\n\n二段。\n\n![乙](b.jpg)\n![丙](c.jpg)\n")
    expect(page.locator(".photo")).to_have_count(2)
    assert not (desk.root / REPORT).with_name("a.jpg").exists()
    page.get_by_role("button", name="恢复").click()
    expect(page.locator(".photo")).to_have_count(3)
    has_text(page, "一段。\n\n![甲](a.jpg)\n\n二段。\n\n![乙](b.jpg)\n![丙](c.jpg)\n")


def test_a_photo_removed_long_ago_is_seen_and_brought_back_by_keyboard(page: Page, desk: Client) -> None:
    drop(tray(page), jpeg("a.jpg"), jpeg("b.jpg"))
    expect(page.locator(".photo")).to_have_count(2)
    desk.call("DELETE", "file", path=REPORT, name="b.jpg")
    page.reload()
    tray(page).get_by_role("button", name="删掉的照片").press("Enter")
    expect(page.locator("dialog .versions button")).to_contain_text("b.jpg")
    is_shown(page.locator("dialog img"))
    assert violations(page) == []
    page.keyboard.press("Tab")
    page.get_by_role("button", name="恢复", exact=True).press("Enter")
    expect(page.locator(".photo")).to_have_count(2)
    expect(page.get_by_role("button", name="b.jpg 放进正文")).to_be_focused()
    assert (desk.root / REPORT).with_name("b.jpg").exists()
    tray(page).get_by_role("button", name="删掉的照片").click()
    expect(page.locator("dialog")).to_contain_text("没有。")


def test_a_thumbnail_that_did_not_come_is_asked_for_again(page: Page) -> None:
    asked: list[str] = []

    def refused_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=503, json={"error": "desk.busy", "message": "缩略图太多", "hint": ""})
        else:
            route.continue_()

    page.route("**/api/file?*thumb=1*", refused_once)
    drop(tray(page), jpeg("1.jpg"))
    expect(card(page, "1.jpg").locator("img")).to_have_attribute("src", re.compile("again"))
    is_shown(card(page, "1.jpg").locator("img"))
    expect(card(page, "1.jpg").locator(".thumb")).not_to_have_class(re.compile("broken"))


COUNTS_MISSES = """
window.misses = 0;
addEventListener("error", () => { window.misses += 1; }, true);
"""
"""Whatever the page does when a picture did not come, it has done when it is asked for this number."""


def test_thumbnails_come_once_the_desk_is_back(site: SiteTest, context: BrowserContext) -> None:
    site.article("meetings/2024-03-13-a/index.md", TEXT)
    said = "(thumb) => getComputedStyle(thumb, '::after').content"
    place = BindAddress(port=free_port())
    with desk_at_work(site.root, place=place) as server:
        url = own_client(server).url
        opened = context.new_page()
        opened.clock.install()
        opened.add_init_script(COUNTS_MISSES)
        asked: list[Route] = []
        opened.route("**/api/file?*thumb=1*", lambda route: asked.append(route))
        opened.goto(url)
        opened.goto(f"{url.partition('?')[0]}#/{route_to(REPORT)}")
        drop(tray(opened), jpeg("1.jpg"))
        thumb = card(opened, "1.jpg").locator(".thumb")
        for count, pause in enumerate((2, 8, 30, 0), 1):  # seconds
            wait_for(opened, lambda: bool(asked))
            asked.pop().abort()
            wait_until(opened, f"window.misses === {count}")
            expect(thumb).to_have_attribute("data-said", "正在取这张照片…" if pause else "这张照片打不开")
            opened.clock.fast_forward((pause + 1) * 1000)
    expect(thumb).to_have_attribute("data-said", "写稿台没有应答，接上以后再显示")
    assert "没有应答" in thumb.evaluate(said)
    opened.unroute("**/api/file?*thumb=1*")
    with desk_at_work(site.root, place=place):
        expect(thumb).not_to_have_class(re.compile("broken"))
        is_shown(thumb.locator("img"))
        opened.close()


def test_a_file_that_is_gone_is_told_and_the_tray_shows_what_is_there(page: Page, desk: Client) -> None:
    drop(tray(page), jpeg("1.jpg"), jpeg("2.jpg"))
    expect(page.locator(".photo")).to_have_count(2)
    (desk.root / REPORT).with_name("1.jpg").rename((desk.root / REPORT).with_name("会场.jpg"))
    page.get_by_role("button", name="删除 1.jpg").click()
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("清单重新读过了")
    expect(page.locator(".photo")).to_have_count(2)
    expect(card(page, "会场.jpg")).to_be_visible()


def test_a_photo_of_the_tray_is_put_into_the_text_by_button_and_by_dragging(page: Page) -> None:
    drop(tray(page), jpeg("a.jpg"), jpeg("b.jpg"))
    expect(page.locator(".photo")).to_have_count(2)
    has_text(page, TEXT.rstrip("\n"))
    page.locator("#text").evaluate("(field) => field.setSelectionRange(2, 2)")
    page.get_by_role("button", name="a.jpg 放进正文").click()
    has_text(page, "第一段。\n\n![](a.jpg)\n\n第二段。\n第三段。")
    card(page, "b.jpg").locator(".thumb").drag_to(page.locator("#text"), target_position={"x": 60, "y": 34})
    expect(page.locator("#text")).to_have_value(re.compile(r"第一段。\n\n!\[\]\(b\.jpg\)\n\n!\[\]\(a\.jpg\)"))


def test_all_photos_at_once_stand_below_the_text_and_above_its_signature(page: Page) -> None:
    page.locator("#text").fill("第一段。\n（管理学院 2024年3月14日）\n")
    page.locator("#text").press("Control+Home")
    drop(tray(page), jpeg("甲.jpg"), jpeg("乙.jpg"))
    page.get_by_role("button", name="全部放进正文").click()
    photos = "![甲](jia.jpg)\n\n![乙](yi.jpg)"
    has_text(page, f"第一段。\n\n{photos}\n\n（管理学院 2024年3月14日）\n")


def test_attachments_are_listed_in_front_matter(page: Page, desk: Client) -> None:
    drop(tray(page), ("报名表.csv", "text/csv", b"a,b\n1,2\n"))
    expect(page.get_by_role("button", name="不列为附件")).to_be_visible()
    page.locator(".tray").get_by_label("bao-ming-biao.csv 显示的名称").fill("报名表")
    page.keyboard.press("Tab")
    saved(page)
    expect(page.locator(".saved").first).to_have_text("已保存")
    fields = desk.call("GET", "report", path=REPORT).json["fields"]
    assert fields["attachments"] == [{"file": "bao-ming-biao.csv", "name": "报名表"}]
    page.get_by_role("button", name="不列为附件").click()
    expect(page.get_by_role("button", name="列为附件")).to_be_visible()


def test_what_cannot_come_in_is_told_and_the_others_come(page: Page, desk: Client) -> None:
    drop(tray(page), ("坏.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"), jpeg("a.jpg"))
    expect(page.locator(".note.wrong")).to_contain_text("坏.svg")
    expect(page.locator(".photo")).to_have_count(1)
    drop(tray(page), *(jpeg(f"{number}.jpg") for number in range(21)))
    expect(page.locator(".note.wrong").last).to_contain_text("一次最多放 20 个文件")
    expect(page.locator(".photo")).to_have_count(1)


def test_marks_stand_for_the_same_photos_as_on_the_page(page: Page) -> None:
    cases = [
        (["1.jpg", "图2 会场.jpg", "3月13日.jpg", "IMG_10.jpg"], []),
        (["b.jpg", "IMG_10.jpg", "IMG_2.jpg", "a.png"], ["b.jpg"]),
        (["02.jpg", "2-a.jpg", "附图3.heic", "照片（4）.jpg", "10 b.jpg"], []),
        (["20240313.jpg", "1年.jpg", "插图 7：甲.jpg", "1.png", "1.jpg"], ["1.jpg"]),
    ]
    for photos, typed in cases:
        found = page.evaluate(
            "([photos, typed]) => import('/.newsgen/desk/client/photo_text.js')"
            ".then(({ numbered }) => numbered(photos, new Set(typed)))",
            [photos, typed],
        )
        references = [Reference("img", "src", name, "", 1, 1, name) for name in typed]
        references += [Reference("img", "src", f"【图{number}】", "", 1, 1, "") for number in range(1, 30)]
        expected = numbered("content/a/index.md", references, {"content/a": photos})
        assert {
            f"【图{number}】": f"content/a/{name}" for number, name in found.items() if int(number) < 30
        } == expected


# ---------------------------------------------------------------- the clipboard

RICH = (
    "<meta charset='utf-8'><p>甲<b>乙</b></p><table><tr><td colspan=2>人</td></tr><tr><td>王</td><td>3</td></tr></table>"
    "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
)


def test_rich_text_is_pasted_as_markdown_in_one_step(page: Page) -> None:
    page.locator("#text").fill("前后")
    caret(page, 1)
    paste(page, RICH, "甲乙\n人\n王\t3")
    expect(page.locator("#text")).to_have_value(
        re.compile(r"^前\n\n甲\*\*乙\*\*\n\n\| 人 \|.*\n\| 王 \| 3 \|\n\n后$", re.DOTALL)
    )
    expect(page.locator(".pasted")).to_contain_text("合并的单元格（1 处）")
    expect(page.locator("#status")).to_be_empty()  # what is below the text is not said once more above it
    expect(page.locator("#spoken")).to_contain_text("合并的单元格（1 处）")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x], [onerror]").count() == 0
    page.keyboard.press("Control+z")
    has_text(page, "前后")


@pytest.mark.parametrize(
    ("program", "title"),
    [
        ("word", "a report with its title, bold words, a raised figure and a signature"),
        ("excel", "cells with styles, a hidden row and a merged head"),
        ("wps", "paragraphs with faces and spans around every word"),
        ("wechat", "sections in sections, with pictures that load late"),
    ],
)
def test_the_clipboards_of_programs_arrive_as_their_markdown(page: Page, program: str, title: str) -> None:
    html, markdown = clipboard(program, title)
    page.locator("#text").fill("")
    paste(page, html, "纯文字")
    has_text(page, markdown)
    page.locator("#text").focus()
    page.keyboard.press("Control+z")
    has_text(page, "")


def test_the_plain_text_can_be_taken_instead(page: Page) -> None:
    page.locator("#text").fill("前\n\n后")
    caret(page, 2)
    paste(page, RICH, "甲乙")
    page.get_by_role("button", name="只要纯文字").click()
    has_text(page, "前\n\n甲乙\n\n后")
    page.keyboard.press("Control+z")
    expect(page.locator("#text")).to_have_value(re.compile(r"甲\*\*乙\*\*"))


def test_what_is_typed_and_pasted_meanwhile_stays_in_order(page: Page) -> None:
    page.locator("#text").fill("")
    held: list[Route] = []
    page.route("**/api/paste*", lambda route: held.append(route))
    caret(page, 0)
    paste(page, "<p>一<b>甲</b></p>", "一甲")
    paste(page, "<p>二<b>乙</b></p>", "二乙")
    paste(page, "", "三")
    page.keyboard.type("四")
    has_text(page, "四")
    for _ in range(2):
        wait_for(page, lambda: bool(held))
        held.pop().continue_()
    has_text(page, "一**甲**二**乙**三四")
    page.keyboard.type("五")
    has_text(page, "一**甲**二**乙**三四五")


def test_a_paste_waits_until_an_input_method_is_done(page: Page) -> None:
    page.locator("#text").fill("前")
    caret(page, 1)
    page.locator("#text").evaluate(
        "(field) => field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))"
    )
    with page.expect_response("**/api/paste*"):
        paste(page, "<p>一<b>甲</b></p>", "一甲")
    page.wait_for_timeout(100)
    has_text(page, "前")
    page.locator("#text").evaluate(
        "(field) => field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))"
    )
    has_text(page, "前一**甲**")


def test_a_screenshot_is_pasted_where_the_caret_stands(page: Page, desk: Client) -> None:
    caret(page, 2)
    paste(page, "", "", ("image.png", "image/png", (PHOTOS / "screenshot.png").read_bytes()))
    has_text(page, "第一段。\n\n![](jie-tu.png)\n\n第二段。\n第三段。")
    assert (desk.root / REPORT).with_name("jie-tu.png").exists()


def test_pictures_within_rich_text_come_into_the_tray(page: Page) -> None:
    caret(page, 0)
    data = base64.b64encode(photo()).decode()
    paste(page, f"<p>甲</p><p><img src='data:image/jpeg;base64,{data}'></p><p>乙</p>", "甲\n乙")
    tray(page)
    expect(page.locator(".photo")).to_have_count(1)
    is_shown(page.locator(".photo img"))
    expect(page.locator(".photo")).to_contain_text("第 1 张")


def test_plain_text_is_left_to_the_browser(page: Page) -> None:
    handled = page.locator("#text").evaluate(
        """(field) => {
          const data = new DataTransfer();
          data.setData("text/plain", "甲");
          return !field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
        }"""
    )
    assert handled is False


def test_where_the_desk_does_not_answer_the_words_come_all_the_same(page: Page) -> None:
    page.locator("#text").fill("")
    page.route("**/api/paste*", lambda route: route.abort())
    paste(page, "<p>一<b>甲</b></p>", "一甲")
    has_text(page, "一甲")
    expect(page.locator(".pasted.wrong")).to_contain_text("先按纯文字粘贴了")


# ---------------------------------------------------------------- leaving

ASKS = """(() => {
  const leaving = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(leaving);
  return leaving.defaultPrevented;
})()"""
TYPES = """([field, words]) => {
  field.focus();
  field.value = words;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  return %s;
}"""


def test_a_paste_under_way_is_not_left_without_a_word(page: Page) -> None:
    saved(page)
    assert page.evaluate(ASKS) is False
    held: list[Route] = []
    page.route("**/api/paste*", lambda route: held.append(route))
    paste(page, "<p>一<b>甲</b></p>", "一甲")
    assert page.evaluate(ASKS) is True
    page.locator("#places a").first.click()
    expect(page.locator("dialog")).to_contain_text("还有粘贴的内容没有放好")
    page.get_by_role("button", name="留在这里").click()
    wait_for(page, lambda: bool(held))
    held.pop().continue_()
    expect(page.locator("#text")).to_have_value(re.compile(r"一\*\*甲\*\*"))


def test_who_leaves_all_the_same_gets_nothing_afterwards(page: Page, desk: Client) -> None:
    held: list[Route] = []
    page.route("**/api/paste*", lambda route: held.append(route))
    paste(page, "<p>一<b>甲</b></p>", "一甲")
    page.locator("#places a").first.click()
    page.get_by_role("button", name="离开").click()
    expect(page.get_by_role("heading", name="全部文章")).to_be_visible()
    writes: list[str] = []
    page.on("request", lambda request: writes.append(request.url) if request.method == "PUT" else None)
    wait_for(page, lambda: bool(held))
    with page.expect_response("**/api/paste*"):
        held.pop().continue_()
    page.locator(".reports a").first.click()
    expect(page.locator("#text")).to_have_value(TEXT.rstrip("\n"))
    assert writes == []
    assert (desk.root / REPORT).read_text("utf-8").endswith(TEXT)


def test_words_that_are_being_typed_in_the_tray_are_not_left_without_a_word(page: Page, desk: Client) -> None:
    drop(tray(page), jpeg("a.jpg"), ("章程.pdf", "application/pdf", b"%PDF-1.4 x"))
    page.get_by_role("button", name="a.jpg 放进正文").click()
    for label, words in (("a.jpg 的图注", "会场全景"), ("zhang-cheng.pdf 显示的名称", "学院章程")):
        saved(page)
        field = tray(page).get_by_label(label)
        assert field.evaluate(f"(field, words) => ({TYPES % ASKS})([field, words])", words) is True
    expect(page.locator("#text")).to_have_value(re.compile("会场全景"))
    saved(page)
    assert page.evaluate(ASKS) is False
    text = (desk.root / REPORT).read_text("utf-8")
    assert "![会场全景](a.jpg)" in text
    assert "学院章程" in text


# ---------------------------------------------------------------- manuscripts

MANUSCRIPT = word_file(
    centred(run("学院党委召开工作会议", "<w:b/>"))
    + centred("发布时间：2024-03-13　作者：张三　来源：管理学院")
    + paragraph("3月13日，学院党委召开会议。")
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_a_word_file_dropped_on_the_list_becomes_a_report(page: Page, desk: Client) -> None:
    page.goto(f"{desk.url.partition('?')[0]}#/")
    expect(page.locator(".reports")).to_be_visible()
    drop(page.locator("main"), ("稿件.docx", WORD, MANUSCRIPT))
    expect(page.get_by_label("标题")).to_have_value("学院党委召开工作会议")
    expect(page.get_by_label("作者")).to_have_value("张三")
    page.get_by_label("作者").fill("王芳")
    expect(page.locator(".told")).to_have_text("正文都带进来了：15 字。")
    page.get_by_role("button", name="写成文章（草稿）").click()
    expect(page.locator("#text")).to_have_value(re.compile("3月13日，学院党委召开会议。"))
    expect(page.locator("#status")).to_have_text("已经变成草稿。看一遍，改好了就交稿")
    page.locator("#text").press_sequentially("又")
    expect(page.locator("#status")).to_have_text("")
    expect(page.locator(".state").first).to_have_text("草稿")


def test_a_folder_is_taken_whole(page: Page, desk: Client, tmp_path: Path) -> None:
    folder = tmp_path / "20240313+工作会议"
    (folder / "照片").mkdir(parents=True)
    (folder / "稿件.docx").write_bytes(MANUSCRIPT)
    (folder / "照片" / "会场.jpg").write_bytes(picture())
    page.goto(f"{desk.url.partition('?')[0]}#/import")
    page.locator("input[webkitdirectory]").set_input_files(folder)
    expect(page.locator(".told")).to_contain_text("会场.jpg")
    page.get_by_role("button", name="写成文章（草稿）").click()
    expect(page.locator("#text")).to_have_value(re.compile(r"!\[会场\]\(会场\.jpg\)"))


def test_a_word_file_dropped_on_a_report_is_asked_about(page: Page, desk: Client) -> None:
    drop(tray(page), ("稿件.docx", WORD, MANUSCRIPT))
    page.get_by_role("button", name="作新文章").click()
    expect(page.get_by_label("标题")).to_have_value("学院党委召开工作会议")
    page.get_by_role("button", name="不要了").click()
    expect(page.locator(".reports")).to_be_visible()


def test_what_is_no_manuscript_is_told(page: Page, desk: Client) -> None:
    page.goto(f"{desk.url.partition('?')[0]}#/import")
    drop(page.locator("main"), ("稿件.docx", WORD, b"MZ"))
    expect(page.locator(".note.wrong")).to_contain_text("稿件.docx")


# ---------------------------------------------------------------- for everybody


@pytest.mark.parametrize("width", [1280, 1024, 800])
def test_the_tray_and_the_import_keep_the_rules_of_accessibility(page: Page, desk: Client, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    if width < 1024:
        page.locator(".tab[data-name=write]").click()
    drop(page.locator("#text"), jpeg("合影.jpg"))
    expect(page.locator("#text")).to_have_value(re.compile("he-ying"))
    drop(tray(page), jpeg("b.jpg"), ("表.csv", "text/csv", b"a,b\n"), ("坏.svg", "", b"<svg/>"))
    expect(page.locator(".photo")).to_have_count(2)
    expect(page.locator(".attachment")).to_have_count(1)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"{desk.url.partition('?')[0]}#/import")
    drop(page.locator("main"), ("稿件.docx", WORD, MANUSCRIPT))
    expect(page.get_by_label("标题")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
