"""Answers that are late or do not come, and news in an order that nobody thinks of: the desk shows what is true in the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import APIResponse, BrowserContext, ElementHandle, FilePayload, Page, Route, expect

from desk_browser import (
    PATH,
    REPORTS,
    body_of,
    card,
    cut_off,
    drop,
    editing,
    entered,
    is_saved,
    is_unsaved,
    live_of,
    on_disk,
    route_to,
    text_of,
    tray,
    wait_for,
)
from desk_client import Client, desk_served
from newsgen.authoring.hand_in import hand_in
from site_test import SiteTest, photo

pytestmark = pytest.mark.xdist_group("desk")

FOLDER = "content/meetings/c/index.md"
NOW = datetime.fromisoformat("2024-03-14T09:30+08:00")


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with three reports, the last of them in a folder of its own."""
    site.section("notices", "通知公告")
    site.article("meetings/a.md", "第一段。\n\n第二段。\n\n第三段。\n", title="第一篇", author="张三")
    site.article("notices/b.md", "另一篇的正文。\n", title="第二篇", date="2024-03-14", draft="是")
    site.article("meetings/c/index.md", title="第三篇", date="2024-03-12", author="张三")
    with desk_served(site.root) as client:
        yield client


def open_first(page: Page) -> None:
    """Leave the view for the list, and open the first report."""
    page.get_by_role("link", name="全部文章").click()
    page.get_by_role("link", name="第一篇").click()
    expect(text_of(page)).to_be_focused()


class LateAnswer:
    """The answer to the first request of its kind, as the desk gave it then; the page has it when it comes()."""

    def __init__(self, page: Page, pattern: str, method: str = "GET") -> None:
        self._page, self._method = page, method
        self._held: list[tuple[Route, APIResponse]] = []
        page.route(pattern, self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method != self._method or self._held:
            route.fallback()
        else:
            self._held.append((route, route.fetch()))

    def is_given(self) -> None:
        """Wait until the desk has answered."""
        wait_for(self._page, lambda: bool(self._held))

    def comes(self) -> None:
        """Give the answer to the page, which does with it what it does."""
        route, answer = self._held[0]
        with self._page.expect_response(lambda response: response.request == route.request) as got:
            route.fulfill(response=answer)
        got.value.finished()
        self._page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done)))")


def lose(page: Page, pattern: str, method: str = "GET") -> list[str]:
    """Lose the first request of its kind; gives the addresses of those that were asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method == method:
            asked.append(route.request.url)
        if route.request.method == method and len(asked) == 1:
            route.abort()
        else:
            route.fallback()

    page.route(pattern, answer)
    return asked


# ---------------------------------------------------------------- the list


def test_the_list_is_asked_for_again_where_one_answer_did_not_come(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    lose(page, "**/api/reports")
    site.article("meetings/new.md", title="刚写的一篇", date="2024-01-01")
    expect(rows).to_have_count(4)
    expect(page.locator("#status")).to_have_text("")


def test_a_list_that_comes_late_takes_the_place_of_no_newer_one(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    late = LateAnswer(page, "**/api/reports")
    site.article("meetings/new.md", title="刚写的一篇", date="2024-01-01")
    late.is_given()
    site.article("meetings/newer.md", title="再写的一篇", date="2024-01-02")
    expect(rows).to_have_count(5)
    late.comes()
    assert rows.count() == 5


def test_a_list_that_was_left_says_nothing_any_more(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url)
    expect(page.locator("tbody tr")).to_have_count(3)
    held: list[Route] = []
    page.route("**/api/reports", lambda route: held.append(route))
    site.article("meetings/new.md", title="刚写的一篇", date="2024-01-01")
    wait_for(page, lambda: bool(held))
    page.get_by_role("link", name="第一篇").click()
    expect(text_of(page)).to_be_focused()
    with page.expect_event("requestfailed"):
        held[0].abort()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.locator("#status").text_content() == ""


# ---------------------------------------------------------------- the editor


def test_a_report_that_comes_after_one_went_on_changes_nothing_of_the_next(
    desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url)
    late = LateAnswer(page, REPORTS)
    page.get_by_role("link", name="第一篇").click()
    late.is_given()
    page.go_back()
    page.get_by_role("link", name="第二篇").click()
    expect(page.locator(".checked .found")).to_have_text("没有发现问题")  # the last that is said of the report
    expect(page).to_have_title("第二篇 - 写稿台")
    late.comes()
    assert page.title() == "第二篇 - 写稿台"


def test_one_is_asked_once_whether_to_leave_however_often_one_goes_on(desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, "new")
    page.get_by_role("link", name="全部文章").click()
    page.get_by_role("link", name="第一篇").click()
    expect(text_of(page)).to_be_focused()
    with cut_off(context):
        text_of(page).press("Control+End")
        page.keyboard.type("后写的。")
        is_unsaved(page, "连不上写稿台")
        page.go_back()
        stays = page.get_by_role("dialog").get_by_role("button", name="留在这里")
        expect(stays).to_be_visible()
        page.go_back()
        stays.click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    is_saved(page)
    expect(page).to_have_url(re.compile("#/edit/"))


def test_what_was_read_before_a_save_takes_no_word_of_it_away(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    late = LateAnswer(page, REPORTS)
    site.write(PATH, (site.root / PATH).read_text("utf-8").replace("第一段。", "第一段，别处改的。"))
    late.is_given()
    text_of(page).press("Control+End")
    page.keyboard.type("后写的。")
    is_saved(page)
    on_disk(site, lambda text: "后写的。" in text and "别处改的。" in text)
    page.evaluate(WRITTEN)
    late.comes()
    assert [text for text in page.evaluate("written") if "后写的。" not in text] == []
    expect(text_of(page)).to_have_value(re.compile("^第一段，别处改的。.*后写的。$", re.DOTALL))


WRITTEN = """() => {
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  window.written = [];
  Object.defineProperty(document.querySelector("#text"), "value", { get, set(text) { written.push(text); set.call(this, text); } });
}"""
"""Notes each text that the desk puts into the field."""


def test_a_report_is_looked_at_again_where_the_answer_did_not_come(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    asked: list[Route] = []

    def lose_it(route: Route) -> None:
        asked.append(route)
        route.abort()

    page.route("**/api/report/version?*", lose_it)
    site.write(PATH, (site.root / PATH).read_text("utf-8").replace("第一段。", "第一段，别处改的。"))
    expect(live_of(page).get_by_text("别处改的")).to_be_visible()
    wait_for(page, lambda: bool(asked))
    page.unroute("**/api/report/version?*", lose_it)
    expect(text_of(page)).to_have_value(re.compile("^第一段，别处改的。"))


def test_two_versions_are_compared_again_where_the_first_comparison_did_not_come(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url)
    lose(page, "**/api/compare", "POST")
    with cut_off(context):
        text_of(page).press("Control+End")
        page.keyboard.type("后写的。")
        is_unsaved(page, "连不上写稿台")
        site.write(PATH, (site.root / PATH).read_text("utf-8").replace("第一段。", "第一段，别处改的。"))
    expect(page.locator(".notice")).to_contain_text("别处也改了这一篇")
    is_saved(page)
    assert body_of(on_disk(site, lambda text: "后写的。" in text)).startswith("\n第一段，别处改的。")
    expect(page.locator(".notice")).not_to_contain_text("别处也改了这一篇")


def test_findings_are_asked_for_again_where_the_answer_did_not_come(desk: Client, context: BrowserContext) -> None:
    page = context.new_page()
    lose(page, "**/api/findings?*")
    page.goto(desk.url)
    page.goto(page.url.partition("#")[0] + f"#/{route_to(PATH)}")
    expect(text_of(page)).to_be_focused()
    expect(page.locator(".checked .found")).not_to_have_text("正在检查…")


def test_a_section_is_asked_for_again_where_the_answer_did_not_come(desk: Client, context: BrowserContext) -> None:
    page = context.new_page()
    lose(page, "**/api/section?*")
    page.goto(desk.url)
    page.goto(page.url.partition("#")[0] + f"#/{route_to('content/notices/b.md')}")
    page.get_by_role("button", name="文章信息").click()
    expect(page.get_by_label("栏目")).to_be_enabled()
    expect(page.get_by_label("栏目")).to_have_value("notices")


def test_a_section_into_which_a_report_could_not_be_moved_is_not_shown(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url, "content/notices/b.md")
    page.get_by_role("button", name="文章信息").click()
    section = page.get_by_label("栏目")
    expect(section).to_have_value("notices")
    page.route("**/api/section**", lambda route: route.abort())
    section.select_option("meetings")
    page.get_by_role("dialog").get_by_role("button", name="知道了").click()
    expect(section).to_have_value("notices")


def test_a_page_whose_loading_broke_off_is_loaded_again(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url)
    lost: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.resource_type == "document" and not lost:
            lost.append(route)
            route.abort()
        else:
            route.fallback()

    context.route("**/meetings/**", answer)
    text_of(page).press("Control+End")
    page.keyboard.insert_text("\n\n| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁 |")  # what a script may have a hand in
    wait_for(page, lambda: bool(lost))
    expect(live_of(page).get_by_text("丁")).to_be_visible()


def test_a_page_that_another_fault_kept_back_is_shown_once_that_is_mended(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url)
    site.article("meetings/bad.md", title="有错的一篇", date="2024-14-13")
    site.article("meetings/new.md", title="刚写的一篇", date="2024-01-01")
    page.get_by_role("link", name="刚写的一篇").click()
    expect(page.locator(".live .note")).to_contain_text("别的文件里有错")
    expect(page.locator(".checked .found")).not_to_have_text("正在检查…")
    site.article("meetings/bad.md", title="有错的一篇")
    expect(live_of(page).locator(".article-body")).to_be_visible()
    expect(page.locator(".live .note")).to_be_hidden()


# ---------------------------------------------------------------- the tray


def test_an_answer_to_a_save_takes_no_photo_from_the_tray(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url, FOLDER)
    late = LateAnswer(page, REPORTS, "PUT")
    page.get_by_role("button", name="文章信息").click()
    page.get_by_label("作者").fill("李四")
    late.is_given()
    kept = with_photo(page)
    late.comes()
    is_saved(page)
    assert kept.evaluate("(card) => card.isConnected")


def test_versions_that_become_one_take_no_photo_from_the_tray(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = editing(context, desk.url, FOLDER)
    late = LateAnswer(page, "**/api/compare", "POST")
    with cut_off(context):
        text_of(page).press("Control+End")
        page.keyboard.type("后写的。")
        is_unsaved(page, "连不上写稿台")
        site.write(FOLDER, (site.root / FOLDER).read_text("utf-8").replace("第三篇", "改名的一篇"))
    late.is_given()
    kept = with_photo(page)
    late.comes()
    is_saved(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("改名的一篇")
    assert kept.evaluate("(card) => card.isConnected")


def with_photo(page: Page) -> ElementHandle:
    """The card of a photo that has come into the tray."""
    drop(tray(page), ("jia.jpg", "image/jpeg", photo()))
    expect(card(page, "jia.jpg")).to_be_visible()
    return card(page, "jia.jpg").element_handle()


def test_a_photo_that_came_though_nobody_said_so_is_in_the_tray(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url, FOLDER)

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "PUT":
            route.fetch()
            route.abort()
        else:
            route.fallback()

    page.route("**/api/file?*", lose_the_answer)
    drop(tray(page), ("jia.jpg", "image/jpeg", photo()))
    expect(page.get_by_role("alert")).to_contain_text("连不上写稿台")
    expect(card(page, "jia.jpg")).to_be_visible()


def test_a_list_of_files_that_comes_late_takes_no_photo_from_the_tray(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url, FOLDER)
    late = LateAnswer(page, "**/api/files?*")
    page.get_by_role("button", name="文章信息").click()
    page.get_by_label("作者").fill("李四")
    late.is_given()
    kept = with_photo(page)
    late.comes()
    assert kept.evaluate("(card) => card.isConnected")


# ---------------------------------------------------------------- what comes in


def manuscript(name: str) -> FilePayload:
    """A manuscript, as a person chooses it."""
    page = f"<html><body><h1>{name}</h1><p>学院召开会议。</p></body></html>"
    return FilePayload(name=f"{name}.html", mimeType="text/html", buffer=page.encode())


def test_of_two_manuscripts_the_one_chosen_last_is_shown(desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, "import")
    chooser = page.locator(".drop-place input:not([webkitdirectory])")
    late = LateAnswer(page, "**/api/import?*", "POST")
    chooser.set_input_files(manuscript("先选的一篇"))
    late.is_given()
    chooser.set_input_files(manuscript("后选的一篇"))
    title = page.get_by_label("标题")
    expect(title).to_have_value("后选的一篇")
    title.fill("改好的标题")
    late.comes()
    assert title.input_value() == "改好的标题"


def handed_in(site: SiteTest, path: str) -> FilePayload:
    """A ZIP with a report, as a person chooses it."""
    data = hand_in(site.root, path, "王芳", NOW, ()).data
    return FilePayload(name=path.replace("/", "-") + ".zip", mimeType="application/zip", buffer=data)


def test_of_two_reports_to_be_taken_in_the_one_chosen_last_is_shown(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url, "receive")
    late = LateAnswer(page, "**/api/receive?*", "POST")
    page.get_by_label("压缩包").set_input_files(handed_in(site, PATH))
    late.is_given()
    page.get_by_label("压缩包").set_input_files(handed_in(site, FOLDER))
    expect(page.get_by_role("heading", name="第三篇")).to_be_focused()
    late.comes()
    assert page.get_by_role("heading", level=2).text_content() == "第三篇"
    expect(page.locator("#status")).to_contain_text("index.md.zip：看好了")


def test_a_report_that_was_looked_at_after_one_went_on_is_not_told_there(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url, "receive")
    late = LateAnswer(page, "**/api/receive?*", "POST")
    page.get_by_label("压缩包").set_input_files(handed_in(site, FOLDER))
    late.is_given()
    page.get_by_role("link", name="全部文章").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    late.comes()
    assert page.locator("#status").text_content() == ""


def test_who_went_on_while_a_report_was_taken_in_stays_there(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url, "receive")
    given = handed_in(site, FOLDER)
    (site.root / FOLDER).unlink()
    page.get_by_label("压缩包").set_input_files(given)
    late = LateAnswer(page, "**/api/receive/confirm", "POST")
    page.get_by_role("button", name="收下", exact=True).click()
    late.is_given()
    open_first(page)
    late.comes()
    expect(page.locator("#status")).to_contain_text("收好了")
    expect(page).to_have_title("第一篇 - 写稿台")


def test_who_went_on_while_a_new_report_was_made_stays_there(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url, "new")
    page.get_by_label("标题").fill("新的一篇")
    late = LateAnswer(page, "**/api/reports", "POST")
    page.get_by_role("button", name="开始写").click()
    late.is_given()
    open_first(page)
    late.comes()
    assert "#/edit/content%2Fmeetings%2Fa.md" in page.url


def test_who_went_on_while_a_manuscript_became_a_report_stays_there(desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, "import")
    page.locator(".drop-place input:not([webkitdirectory])").set_input_files(manuscript("一篇稿子"))
    page.get_by_label("日期").fill("2024-03-13")
    late = LateAnswer(page, "**/api/import/confirm", "POST")
    page.get_by_role("button", name="写成文章").click()
    late.is_given()
    open_first(page)
    late.comes()
    assert "#/edit/content%2Fmeetings%2Fa.md" in page.url


# ---------------------------------------------------------------- what goes out


def test_a_look_at_what_would_be_published_is_followed_though_its_beginning_was_not_answered(
    desk: Client, context: BrowserContext
) -> None:
    idle = {"targets": ["live"], "state": "idle", "dry_run": True, "target": "", "lines": [], "result": None}
    done = {
        **idle,
        "state": "done",
        "target": "live",
        "result": {"added": ["index.html"], "changed": [], "deleted": []},
    }
    begun: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            begun.append(route)
            route.abort()
        else:
            route.fulfill(json=done if begun else idle)

    page = context.new_page()
    page.route("**/api/publish", answer)
    page.goto(desk.url)
    page.goto(page.url.partition("#")[0] + "#/publish")
    page.get_by_role("button", name="看会有什么变化").click()
    page.get_by_role("dialog").get_by_role("button", name="知道了").click()
    expect(page.locator(".publish .say")).to_have_text("看好了，还没有发布")


def test_a_zip_that_could_not_be_made_is_not_said_to_be_under_way(desk: Client, context: BrowserContext) -> None:
    page = editing(context, desk.url)
    lose(page, "**/api/hand-in", "POST")
    page.get_by_role("button", name="交稿").click()
    page.get_by_role("dialog").get_by_role("button", name="做压缩包").click()
    expect(page.get_by_role("dialog")).to_contain_text("连不上写稿台")
    expect(page.locator("#status")).to_have_text("")


def test_versions_that_could_not_be_sent_are_not_said_to_be_under_way(desk: Client, context: BrowserContext) -> None:
    def in_git(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "has_git": True})

    context.route("**/api/site", in_git)
    page = editing(context, desk.url)
    lose(page, "**/api/git/submit", "POST")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("dialog")).to_contain_text("连不上写稿台")
    expect(page.locator("#status")).to_have_text("")
