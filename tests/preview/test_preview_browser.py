"""The preview in a real Chromium: what a member sees while writing. Nothing sleeps; the browser is waited for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect

from browser import AXE, HELD_EVENTS, LIMIT, NOW, ROOT, wait_until
from newsgen.cli import run
from newsgen.preview.serve import BindAddress, Served
from newsgen.preview.session import Session
from preview_helpers import served
from running import ServerProcess
from site_test import SiteTest, photo
from sleeper import Sleeper

pytestmark = pytest.mark.xdist_group("preview")

ARTICLE = "meetings/2024/0313-a.html"
OTHER = "meetings/2024/0313-b.html"
PARAGRAPHS = "\n".join(f"第{number}段，学院召开会议，部署学习工作。" for number in range(60))
STRONG_THEME = """
* { color: red !important; font: 60px/3 serif !important; margin: 40px !important; display: block !important; }
* { letter-spacing: 9px !important; text-indent: 50px !important; text-transform: uppercase !important; }
newsgen-preview { background: red; }
"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of its own: no memory of other stories."""
    made = browser.new_context(viewport={"width": 1280, "height": 720})
    made.set_default_timeout(LIMIT * 1000)
    yield made
    made.close()


@pytest.fixture
def two(site: SiteTest) -> SiteTest:
    """A site with two articles, the first of them long."""
    site.article("meetings/a.md", PARAGRAPHS, title="第一篇")
    return site.article("meetings/b.md", "另一篇的正文。\n", title="第二篇")


@pytest.fixture
def preview(two: SiteTest) -> Iterator[Served]:
    """The preview of that site, running."""
    with served(two.root, BindAddress(port=0)) as running:
        yield running


@pytest.fixture
def restarted(two: SiteTest) -> Iterator[ServerProcess]:
    """The preview of that site as a process, which ends and starts again at its port."""
    made = ServerProcess("serve", two.root)
    made.start()
    yield made
    made.stop()


def opened(context: BrowserContext, preview: Served | ServerProcess, address: str = ARTICLE) -> Page:
    """A page that has found the server, and knows what it was made from."""
    if isinstance(preview, Served):  # a version that comes while the page learns what it was made from loads it anew
        preview.preview.submit(Session.look).result()
    page = context.new_page()
    with page.expect_response(
        lambda answer: answer.url.endswith(address) and answer.request.resource_type == "fetch"
    ) as asked:
        page.goto((preview.url if isinstance(preview, ServerProcess) else preview.address) + address)
    asked.value.finished()
    expect(page.locator("newsgen-preview .bar")).to_be_visible()
    page.evaluate("window.isTheSame = true")
    return page


def is_the_same(page: Page) -> bool:
    """Whether the page has not been loaded anew since it was opened."""
    return bool(page.evaluate("window.isTheSame === true"))


def body_of(page: Page) -> str:
    """The page itself, as the browser has it."""
    return str(page.evaluate("document.head.innerHTML + document.body.outerHTML"))


# ---------------------------------------------------------------- live reload


def test_a_saved_word_is_on_screen_and_the_page_stays(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    two.article("meetings/a.md", PARAGRAPHS.replace("第7段", "第七段"), title="第一篇")
    expect(page.get_by_text("第七段")).to_be_visible()
    assert is_the_same(page)


BODIES = [
    "第一段。\n第二段，**重点**和[链接](b.md)。\n\n一、小标题\n第三段。\n",
    "第一段。\n新的一段。\n第二段，**重点**和[链接](b.md)。\n\n一、小标题\n第三段。\n",
    "新的一段。\n第二段，重点和链接。\n\n一、大标题\n第三段。\n第四段。\n",
    "- 一项\n- 两项\n\n第四段。\n",
    "- 一项\n- 改了的一项\n- 第三项\n\n第四段。\n\n> 引文\n",
    "| 甲 | 乙 |\n|-|-|\n| 1 | 2 |\n",
    "| 甲 | 乙 |\n|-|-|\n| 1 | 三 |\n| 4 | 5 |\n",
    "![说明](照片.jpg)\n\n正文[^1]。\n\n[^1]: 脚注。\n",
    "![另一个说明](照片.jpg)\n\n正文。\n\n（管理学院 2024年3月14日）\n",
    "",
]


def test_a_page_that_was_mended_many_times_is_the_page_that_the_server_has(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    two.write("content/meetings/照片.jpg", photo())
    page = opened(context, preview)
    for number, body in enumerate([*BODIES, *reversed(BODIES), *BODIES[::3]]):
        title = f"第{number}版" if number % 3 else "第一篇"
        two.article("meetings/a.md", f"{body}\n第{number}稿。\n", title=title)
        expect(page.get_by_text(f"第{number}稿。")).to_be_visible()
        page.wait_for_load_state()
        fresh = context.new_page()
        fresh.goto(preview.address + ARTICLE)
        expect(fresh.locator("newsgen-preview .bar")).to_be_visible()
        assert without_order(body_of(page)) == without_order(body_of(fresh)), body
        fresh.close()


def without_order(page: str) -> tuple[list[str], str]:
    """Head and body; the order of tags in a head says nothing."""
    head, body = page.split("<body", 1)
    return sorted(re.split(r"\n|(?=<)", head)), body


def test_a_paragraph_more_a_heading_a_list_or_a_line_of_a_table_moves_nothing(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    table = "| 甲 | 乙 |\n|-|-|\n| 1 | 2 |\n"
    two.article("meetings/a.md", f"开头。\n\n{table}", title="第一篇")
    page = opened(context, preview)
    page.set_viewport_size({"width": 375, "height": 720})
    bodies = [
        f"开头。\n\n{table}| 3 | 新的一行 |\n",
        f"开头。\n\n一、新的小标题\n第二段。\n\n{table}",
        f"- 新的一项\n- 两项\n\n开头。\n\n{table}\n（管理学院 2024年3月14日）\n",
    ]
    for body, word in zip(bodies, ("新的一行", "新的小标题", "新的一项"), strict=True):
        two.article("meetings/a.md", body, title="第一篇")
        expect(page.get_by_text(word)).to_be_visible()
        assert is_the_same(page), word
    expect(page.locator(".table-scroll")).not_to_have_attribute("tabindex", "0")
    two.article("meetings/a.md", bodies[2].replace("| 2 |", f"| {'x' * 900} |"), title="第一篇")
    expect(page.locator(".table-scroll")).to_have_attribute("tabindex", "0")  # the theme has measured it again
    assert is_the_same(page)


def test_scripts_of_the_theme_run_again_where_they_may_have_a_hand_in_it(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    two.article("meetings/a.md", f"| 甲 | 乙 |\n|-|-|\n| {'字' * 900} | {'x' * 900} |\n", title="第一篇")
    page.set_viewport_size({"width": 375, "height": 720})
    expect(page.locator(".table-scroll")).to_have_attribute("tabindex", "0")
    assert not is_the_same(page)


def test_a_changed_script_loads_the_page_anew(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    two.write("theme/site.js", "document.documentElement.dataset.script = 'new';")
    wait_until(page, "document.documentElement.dataset.script === 'new'")
    assert not is_the_same(page)


def test_a_style_sheet_is_replaced_without_navigation(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    page.evaluate("scrollTo(0, 900)")
    colors = (ROOT / "theme" / "colors.css").read_text("utf-8")
    two.write("theme/colors.css", colors + ":root { --paper: rgb(1, 2, 3); }")
    wait_until(page, "getComputedStyle(document.documentElement).getPropertyValue('--paper') === 'rgb(1, 2, 3)'")
    wait_until(page, "document.querySelectorAll('link[href*=colors]').length === 1")
    assert is_the_same(page)
    assert page.evaluate("scrollY") == 900


def test_the_last_of_several_style_sheets_is_the_one_that_stays(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    colors = (ROOT / "theme" / "colors.css").read_text("utf-8")
    with page.expect_request("**/colors.*.css"):
        page.route("**/colors.*.css", lambda route: None, times=1)  # the first never comes
        two.write("theme/colors.css", colors + ":root { --paper: rgb(1, 2, 3); }")
    two.write("theme/colors.css", colors + ":root { --paper: rgb(4, 5, 6); }")
    wait_until(page, "getComputedStyle(document.documentElement).getPropertyValue('--paper') === 'rgb(4, 5, 6)'")
    wait_until(page, "document.querySelectorAll('link[href*=colors]').length === 1")
    assert is_the_same(page)


def test_a_style_sheet_whose_connection_broke_is_asked_for_again(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    colors = (ROOT / "theme" / "colors.css").read_text("utf-8")
    page.route("**/colors.*.css", lambda route: route.abort(), times=2)  # the sheet, and the question what became of it
    two.write("theme/colors.css", colors + ":root { --paper: rgb(1, 2, 3); }")
    wait_until(page, "getComputedStyle(document.documentElement).getPropertyValue('--paper') === 'rgb(1, 2, 3)'")
    wait_until(page, "document.querySelectorAll('link[href*=colors]').length === 1")
    assert is_the_same(page)


def test_a_style_sheet_that_the_server_has_not_is_asked_for_no_more(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    colors = (ROOT / "theme" / "colors.css").read_text("utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "colors." in request.url else None)
    page.route("**/colors.*.css", lambda route: route.fulfill(status=404))
    two.write("theme/colors.css", colors + ":root { --paper: rgb(1, 2, 3); }")
    wait_until(page, "getComputedStyle(document.documentElement).getPropertyValue('--paper') === ''")
    assert len(asked) == 2


def test_a_style_sheet_whose_name_never_changes_is_replaced_too(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    plain = (two.root / "site.yaml").read_text("utf-8")
    for settings, look in ((f"{plain}greyscale: [2020-01-01 ~ 2099-12-31]\n", "grayscale(1)"), (plain, "none")):
        two.write("site.yaml", settings)
        wait_until(page, f"getComputedStyle(document.documentElement).filter === '{look}'")
    assert is_the_same(page)


def test_the_place_where_one_reads_is_kept(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    page.evaluate("scrollTo(0, 1000)")
    two.article("meetings/a.md", PARAGRAPHS.replace("第50段", "第五十段"), title="第一篇")
    expect(page.get_by_text("第五十段")).to_be_attached()
    assert page.evaluate("scrollY") == 1000
    two.article("meetings/a.md", PARAGRAPHS + "\n\n| 甲 |\n|-|\n| 表格 |\n", title="第一篇")
    expect(page.get_by_text("表格")).to_be_attached()
    assert not is_the_same(page)
    wait_until(page, "scrollY === 1000")


def test_a_page_that_comes_to_be_opens_by_itself(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview, "meetings/2024/0313-c.html")
    expect(page.get_by_text("刚写的一篇")).to_have_count(0)
    two.article("meetings/c.md", title="刚写的一篇")
    expect(page.locator("h1")).to_have_text("刚写的一篇")


# ---------------------------------------------------------------- the page just edited


def test_the_page_just_edited_opens_by_itself(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    two.article("meetings/b.md", "改过的正文。\n", title="第二篇")
    page.wait_for_url(preview.address + OTHER)
    expect(page.get_by_text("改过的正文。")).to_be_visible()


def test_nothing_opens_when_that_is_switched_off_and_the_choice_is_kept(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    page.get_by_role("switch", name="自动打开").click()
    page.reload()
    expect(page.get_by_role("switch", name="自动打开")).to_have_attribute("aria-checked", "false")
    page = opened(context, preview, "meetings/index.html")
    two.article("meetings/b.md", "改过的正文。\n", title="改过的标题")
    expect(page.get_by_text("改过的标题").first).to_be_visible()
    assert page.url == preview.address + "meetings/index.html"


def test_of_several_tabs_the_one_looked_at_last_opens_what_was_edited(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    home = opened(context, preview, "index.html")
    listing = opened(context, preview, "meetings/index.html")
    home.bring_to_front()
    home.evaluate("window.dispatchEvent(new Event('focus'))")
    two.article("meetings/b.md", "改过的正文。\n", title="改过的标题")
    home.wait_for_url(preview.address + OTHER)
    expect(listing.get_by_text("改过的标题").first).to_be_visible()
    assert listing.url == preview.address + "meetings/index.html"


def test_no_tab_is_taken_away_when_another_shows_what_was_edited(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    article = opened(context, preview)
    listing = opened(context, preview, "meetings/index.html")
    two.article("meetings/a.md", "改过的正文。\n", title="改过的标题")
    expect(article.get_by_text("改过的正文。")).to_be_visible()
    expect(listing.get_by_text("改过的标题").first).to_be_visible()
    assert listing.url == preview.address + "meetings/index.html"


# ---------------------------------------------------------------- tabs, sleep, restarts


def test_eight_tabs_are_all_alive(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    pages = [opened(context, preview) for _ in range(8)]
    two.article("meetings/a.md", "改过的正文。\n", title="第一篇")
    for page in pages:
        expect(page.get_by_text("改过的正文。")).to_be_attached()


def test_a_browser_without_shared_workers_is_served_as_well(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    context.add_init_script("delete window.SharedWorker")
    page = opened(context, preview)
    two.article("meetings/a.md", "改过的正文。\n", title="第一篇")
    expect(page.get_by_text("改过的正文。")).to_be_visible()
    two.article("meetings/b.md", "又改过的正文。\n", title="第二篇")
    page.wait_for_url(preview.address + OTHER)


@pytest.mark.parametrize("worker", ["", "delete window.SharedWorker"], ids=["worker", "no-worker"])
def test_a_server_that_starts_again_is_found_and_what_was_missed_is_shown(
    two: SiteTest, context: BrowserContext, restarted: ServerProcess, worker: str
) -> None:
    context.add_init_script(worker)
    page = opened(context, restarted)
    restarted.stop()
    expect(page.locator("newsgen-preview [role=status]")).to_contain_text("预览停了")
    two.article("meetings/a.md", "其间改过的正文。\n", title="第一篇")
    restarted.start()
    expect(page.get_by_text("其间改过的正文。")).to_be_visible()
    expect(page.locator("newsgen-preview [role=status]")).not_to_contain_text("预览停了")
    two.article("meetings/a.md", "后来改过的正文。\n", title="第一篇")
    expect(page.get_by_text("后来改过的正文。")).to_be_visible()


def test_a_style_sheet_that_changed_while_the_server_was_away_is_replaced(
    two: SiteTest, context: BrowserContext, restarted: ServerProcess
) -> None:
    page = opened(context, restarted)
    restarted.stop()
    two.write("site.yaml", (two.root / "site.yaml").read_text("utf-8") + "greyscale: [2020-01-01 ~ 2099-12-31]\n")
    restarted.start()
    wait_until(page, "getComputedStyle(document.documentElement).filter === 'grayscale(1)'")
    assert is_the_same(page)


def test_a_server_whose_page_came_before_its_news_is_followed_like_any_other(
    two: SiteTest, context: BrowserContext, restarted: ServerProcess
) -> None:
    context.add_init_script(HELD_EVENTS)
    page = opened(context, restarted)
    for number in (1, 2):
        two.article("meetings/a.md", f"第{number}次改过。\n", title="第一篇")
        expect(page.get_by_text(f"第{number}次改过。")).to_be_visible()
    page.route(f"**/{ARTICLE}", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        two.article("meetings/a.md", "第3次改过。\n", title="第一篇")
    restarted.stop()
    page.evaluate("holds = true")
    restarted.start()
    page.unroute(f"**/{ARTICLE}")
    expect(page.get_by_text("第3次改过。")).to_be_visible()
    wait_until(page, "held.length > 0")
    page.evaluate("holds = false, held.forEach(({ tell }) => tell())")
    two.write("site.yaml", (two.root / "site.yaml").read_text("utf-8") + "greyscale: [2020-01-01 ~ 2099-12-31]\n")
    wait_until(page, "getComputedStyle(document.documentElement).filter === 'grayscale(1)'")
    two.article("meetings/b.md", "改过的正文。\n", title="第二篇")
    page.wait_for_url(f"**/{OTHER}")


COUNTING = """delete window.SharedWorker;
window.EventSource = class extends EventSource {
    constructor(address) { super(address); this.addEventListener('state', () => { window.told = (window.told || 0) + 1; }); }
};"""


def test_a_page_that_was_fetched_before_its_version_was_told_of_gets_the_style_sheets_of_that_version(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    context.add_init_script(HELD_EVENTS)
    page = opened(context, preview)
    page.evaluate("holds = true")
    two.article("meetings/a.md", "改过的正文。\n", title="第一篇")
    wait_until(page, "held.length > 0")
    two.write("site.yaml", (two.root / "site.yaml").read_text("utf-8") + "greyscale: [2020-01-01 ~ 2099-12-31]\n")
    wait_until(page, "held.some(({ told }) => told.includes('greyscale.css'))")
    page.evaluate("held.shift().tell()")
    expect(page.get_by_text("改过的正文。")).to_be_visible()
    page.evaluate("held.forEach(({ tell }) => tell())")
    wait_until(page, "getComputedStyle(document.documentElement).filter === 'grayscale(1)'")
    assert is_the_same(page)


def test_what_is_saved_while_a_page_is_on_its_way_is_not_lost(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    context.add_init_script(COUNTING)
    context.clock.install(time=0)
    context.clock.pause_at(1000)  # however long the first answer takes, it is not too late
    page = opened(context, preview)
    told = page.evaluate("told")
    with page.expect_request(f"**/{ARTICLE}"):
        page.route(f"**/{ARTICLE}", lambda route: held.append((route, route.fetch())), times=1)
        held: list[tuple[Route, APIResponse]] = []
        two.article("meetings/a.md", "改过的正文。\n", title="第一篇")
    wait_until(page, f"told > {told}")
    two.article("meetings/a.md", "再改的正文。\n", title="第一篇")
    wait_until(page, f"told > {told} + 1")
    for route, answer in held:
        route.fulfill(response=answer)
    expect(page.get_by_text("再改的正文。")).to_be_visible()
    assert is_the_same(page)


def test_a_page_whose_first_question_has_no_answer_asks_again_and_stays(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.resource_type == "fetch" and not lost:
            lost.append(route.request.url)
            route.abort()
        else:
            route.fallback()

    context.route(f"**/{ARTICLE}", lose)
    page = opened(context, preview)
    two.article("meetings/a.md", "改过的正文。\n", title="第一篇")
    expect(page.get_by_text("改过的正文。")).to_be_visible()
    assert is_the_same(page)


def test_a_worker_whose_script_did_not_come_is_begun_again(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 2:  # after that of the page
            route.abort()
        else:
            route.fallback()

    context.route("**/.newsgen/client.js", lose)
    page = opened(context, preview)
    two.article("meetings/a.md", "改过的正文。\n", title="第一篇")
    expect(page.get_by_text("改过的正文。")).to_be_visible()
    assert len(asked) == 3


def test_an_answer_that_never_comes_is_asked_for_again(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    page.route(f"**/{ARTICLE}", lambda route: None, times=1)
    two.article("meetings/a.md", "改过的正文。\n", title="第一篇")
    expect(page.get_by_text("改过的正文。")).to_be_visible()


@pytest.mark.parametrize("worker", ["", "delete window.SharedWorker"], ids=["worker", "no-worker"])
def test_a_page_that_is_looked_at_again_shows_what_it_missed(
    two: SiteTest, context: BrowserContext, preview: Served, worker: str
) -> None:
    context.add_init_script(worker)
    with Sleeper(preview.address) as way:
        page = context.new_page()
        with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
            page.goto(way.url + ARTICLE)
        way.sleep()
        two.article("meetings/a.md", "其间改过的正文。\n", title="第一篇")
        looked = "window.dispatchEvent(new Event('online')), document.body.innerText.includes('其间改过')"
        wait_until(page, looked)
        page.close()


def test_a_machine_that_slept_is_noticed_by_its_clock(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    context.add_init_script("delete window.SharedWorker")  # whose clock nobody can move
    with Sleeper(preview.address) as way:
        page = context.new_page()
        page.clock.install()
        with page.expect_response(lambda answer: answer.request.resource_type == "fetch"):
            page.goto(way.url + ARTICLE)
        way.sleep()
        two.article("meetings/a.md", "其间改过的正文。\n", title="第一篇")
        page.clock.fast_forward("01:00:00")
        expect(page.get_by_text("其间改过的正文。")).to_be_visible()
        page.close()


# ---------------------------------------------------------------- faults


def test_the_bar_follows_a_comment_that_switches_a_rule_off_and_the_lexicon(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    two.article("meetings/a.md", "会议强调,要落实三会一科。\n", title="第一篇")
    page = opened(context, preview)
    bar = page.locator("newsgen-preview .bar")
    expect(bar).to_contain_text("1 条提醒")
    two.article("meetings/a.md", "会议强调,要落实三会一科。<!-- 忽略: punctuation.half-width -->\n", title="第一篇")
    expect(bar).to_contain_text("没有提醒")
    two.article("meetings/a.md", "会议强调,要落实三会一科。\n", title="第一篇")
    expect(bar).to_contain_text("1 条提醒")
    two.write("lexicon.yaml", "- phrase: 三会一课\n  wrong: [三会一科]\n")
    expect(bar).to_contain_text("2 条提醒")
    assert is_the_same(page)


def test_a_fault_is_told_over_the_last_good_page_until_it_is_mended(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    faults = page.get_by_role("dialog")
    two.article("meetings/a.md", "新的正文。\n", title="第一篇", date="2024-13-13")
    expect(faults).to_be_visible()
    for words in ("没有 13 月", "content/meetings/a.md", "第 3 行", "date: 2024-13-13", "写成 2024-××-13"):
        expect(faults).to_contain_text(words)
    expect(faults.locator("mark")).to_have_text("2024-13-13")
    expect(page.get_by_text("第7段")).to_be_attached()
    two.article("meetings/a.md", "新的正文。\n", title="第一篇")
    expect(faults).to_be_hidden()
    expect(page.get_by_text("新的正文。")).to_be_visible()
    assert is_the_same(page)


def test_a_fault_is_there_for_a_page_that_is_opened_later(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    two.write("content/meetings/a.md", "---\ntitle: [\n")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(opened(context, preview, "index.html").get_by_role("dialog")).to_be_visible()


def test_a_faulty_template_and_a_faulty_site_yaml_are_told_and_mended(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    faults = page.get_by_role("dialog")
    right = (two.root / "site.yaml").read_text("utf-8")
    for path, wrong in (("templates/article.html", "{% if %}"), ("site.yaml", right.replace("title:", "titel:"))):
        before = (two.root / path).read_bytes() if (two.root / path).exists() else None
        two.write(path, wrong)
        expect(faults).to_contain_text(path)
        if before is None:
            two.remove(path)
        else:
            two.write(path, before)
        expect(faults).to_be_hidden()
        expect(page.get_by_text("第7段")).to_be_attached()


def test_what_members_type_is_shown_and_never_run(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    typed = "<img src=x onerror=window.isTheSame=false>"
    two.article("meetings/a.md", title="第一篇", date=typed)
    expect(page.get_by_role("dialog")).to_contain_text(typed)
    assert is_the_same(page)


def test_faults_are_put_aside_and_come_back_with_the_next(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    page = opened(context, preview)
    faults = page.get_by_role("dialog")
    two.article("meetings/a.md", title="第一篇", date="2024-13-13")
    expect(faults).to_be_visible()
    page.keyboard.press("Escape")
    expect(faults).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="1 处要改")).to_be_visible()
    expect(faults).to_be_hidden()
    page.get_by_role("button", name="1 处要改").click()
    expect(faults).to_be_visible()
    page.get_by_role("button", name="先看网页").click()
    expect(page.get_by_role("button", name="1 处要改")).to_be_focused()
    two.article("meetings/a.md", title="第一篇", date="2024-14-13")
    expect(faults).to_contain_text("没有 14 月")
    expect(faults).to_be_visible()
    page.keyboard.press("Escape")
    expect(faults).to_be_hidden()
    two.article("meetings/a.md", title="第一篇")
    expect(page.get_by_role("button", name="没有提醒")).to_be_visible()
    two.article("meetings/a.md", title="第一篇", date="2024-14-13")
    expect(faults).to_be_visible()


# ---------------------------------------------------------------- ribbons and bar


@pytest.mark.parametrize(
    ("key", "value", "head", "why"),
    [
        ("draft", "是", "草稿", "第 4 行"),
        ("publish_at", "2099-01-04 08:00", "定时发布", "2099-01-04 08:00"),
        ("expires", "2024-05-01", "已下线", "2024-05-01"),
    ],
)
def test_a_ribbon_says_why_readers_do_not_see_the_page(
    two: SiteTest, context: BrowserContext, preview: Served, key: str, value: str, head: str, why: str
) -> None:
    page = opened(context, preview)
    ribbons = page.locator("newsgen-preview .ribbons li")
    expect(ribbons).to_have_count(0)
    two.article("meetings/a.md", title="第一篇", **{key: value})
    expect(ribbons).to_contain_text(head)
    expect(ribbons).to_contain_text(why)
    two.article("meetings/a.md", title="第一篇")
    expect(ribbons).to_have_count(0)


def test_the_bar_tells_what_the_page_is_made_of(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    two.write("content/meetings/照片.jpg", photo())
    page = opened(context, preview)
    bar = page.locator("newsgen-preview .bar")
    two.article("meetings/a.md", "十个字的正文，一共有。\n\n![全景](照片.jpg)\n", title="第一篇", 作者们="张三")
    for words in ("content/meetings/a.md", "11 字", "1 张照片", "1 条提醒"):
        expect(bar).to_contain_text(words)
    bar.get_by_role("button", name="1 条提醒").click()
    diagnostics = page.locator("newsgen-preview .remarks")
    expect(diagnostics).to_contain_text("作者们: 张三")
    expect(bar.get_by_role("button", name="1 条提醒")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(diagnostics).to_be_hidden()


def test_a_remark_names_its_file_where_that_is_not_the_pages_own(
    two: SiteTest, context: BrowserContext, preview: Served
) -> None:
    two.article("meetings/a.md", "==高亮==\n", title="第一篇").write("content/meetings/c.markdown", "正文。\n")
    page = opened(context, preview)
    page.get_by_role("button", name="1 条提醒").click()
    where = page.locator("newsgen-preview .remarks .where")
    expect(where).to_have_text("第 6 行")
    page = opened(context, preview, "meetings/index.html")
    page.get_by_role("button", name="1 条提醒").click()
    expect(page.locator("newsgen-preview .remarks .where")).to_have_text("content/meetings/c.markdown")


def test_a_page_that_nobody_writes_says_so(context: BrowserContext, preview: Served) -> None:
    bar = opened(context, preview, "tags/index.html").locator("newsgen-preview .bar")
    expect(bar).to_contain_text("自动汇成")
    expect(bar.locator(".numbers")).to_be_hidden()


def test_the_bar_folds_and_stays_folded(context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    page.get_by_role("button", name="收起预览栏").press("Enter")
    expect(page.get_by_role("button", name="展开预览栏")).to_be_focused()
    page.reload()
    expect(page.get_by_role("button", name="展开预览栏")).to_be_visible()
    expect(page.locator("newsgen-preview .bar")).to_be_hidden()
    page.get_by_role("button", name="展开预览栏").press("Enter")
    expect(page.get_by_role("button", name="收起预览栏")).to_be_focused()


# ---------------------------------------------------------------- a good guest on the page


MOVED = "getComputedStyle(document.querySelector('newsgen-preview').shadowRoot.querySelector('.frame')).position === 'fixed'"


def violations(page: Page) -> list[str]:
    """What axe-core finds, in the shadow tree too; in a body, since axe knows no colours outside of one."""
    page.evaluate(AXE.read_text("utf-8"))
    page.evaluate("document.body.append(document.querySelector('newsgen-preview'))")
    wait_until(page, MOVED)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations', 'incomplete']})")
    unsure = [rule for rule in found["incomplete"] if "newsgen-preview" in str(rule) and rule["id"] != "color-contrast"]
    contrast = [node for rule in found["incomplete"] if rule["id"] == "color-contrast" for node in rule["nodes"]]
    dim = [node["html"] for node in contrast if "newsgen-preview" in str(node["target"]) and "short" not in str(node)]
    page.evaluate("document.documentElement.append(document.querySelector('newsgen-preview'))")
    wait_until(page, MOVED)
    faults = [*found["violations"], *unsure]
    return [*dim, *(f"{rule['id']}: {node['html'][:120]}" for rule in faults for node in rule["nodes"])]


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_everything_is_accessible_and_inside_the_screen(
    two: SiteTest, context: BrowserContext, preview: Served, width: int
) -> None:
    page = opened(context, preview)
    page.set_viewport_size({"width": width, "height": 720})
    page.emulate_media(reduced_motion="reduce")  # nobody can tell colours that are on their way
    two.article("meetings/a.md", title="第一篇", draft="是", publish_at="2099-01-04", 作者们="张三")
    expect(page.locator("newsgen-preview .ribbons li")).to_have_count(2)
    page.get_by_role("button", name="1 条提醒").click()
    assert inside(page) == []
    assert violations(page) == []
    two.article("meetings/a.md", title="第一篇", date="2024-13-13" * 30)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert inside(page) == []
    assert violations(page) == []


def inside(page: Page) -> list[str]:
    """The parts of the preview that the screen does not hold, or that are too small for a finger."""
    found: list[str] = page.evaluate(
        """() => {
            const parts = [...document.querySelector('newsgen-preview').shadowRoot.querySelectorAll('.frame *')];
            const seen = parts.filter((part) => part.checkVisibility());
            const boxes = seen.map((part) => [part, part.getBoundingClientRect()]);
            const out = boxes.filter(([part, box]) => box.width > 1 && !part.closest('.list, .remarks, .source')
                && (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1));
            const small = boxes.filter(([part, box]) => part.matches('button:enabled') && (box.width < 24 || box.height < 24));
            const wide = document.documentElement.scrollWidth > innerWidth ? [document.documentElement] : [];
            return [...out.map(([part]) => part), ...small.map(([part]) => part), ...wide].map((part) => part.outerHTML.slice(0, 120));
        }"""
    )
    return found


def test_nobody_sees_the_preview_on_paper(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    two.article("meetings/a.md", title="第一篇", date="2024-13-13")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('newsgen-preview').offsetHeight") == 0
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_theme_does_not_reach_the_preview(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    look = """() => {
        const bar = document.querySelector('newsgen-preview').shadowRoot.querySelector('.bar');
        const style = getComputedStyle(bar.querySelector('.status'));
        return [bar.getBoundingClientRect().height, style.color, style.fontSize, style.fontFamily, style.margin,
            style.letterSpacing, style.textIndent, style.textTransform];
    }"""
    page = opened(context, preview)
    before = page.evaluate(look)
    two.write("theme/colors.css", STRONG_THEME)
    wait_until(page, "getComputedStyle(document.body).fontSize === '60px'")
    assert page.evaluate(look) == before


def test_the_preview_does_not_reach_the_page(context: BrowserContext, preview: Served) -> None:
    looks = """() => [...document.body.querySelectorAll('*')].map((element) => {
        const box = element.getBoundingClientRect();
        return [element.tagName, box.left, box.top, box.width, box.height, getComputedStyle(element).font].join();
    })"""
    page = opened(context, preview)
    seen = page.evaluate(looks)
    assert page.locator("#newsgen-preview, script[src*=client]").count() == 0
    page.route("**/.newsgen/**", lambda route: route.abort())
    page.goto(preview.address + ARTICLE)
    page.evaluate("document.querySelectorAll('#newsgen-preview, script[src*=client]').forEach((one) => one.remove())")
    assert page.evaluate(looks) == seen


def test_the_page_ends_above_the_bar(context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    wait_until(page, "parseFloat(document.querySelector('newsgen-preview').style.height) > 0")  # its room is measured
    page.evaluate("scrollTo(0, 1e6)")
    ends = page.locator(".site-footer").evaluate("(footer) => footer.getBoundingClientRect().bottom")
    begins = page.locator("newsgen-preview .bar").evaluate("(bar) => bar.getBoundingClientRect().top")
    assert ends < begins + 1


def test_nothing_moves_for_those_who_want_it_still(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    page = opened(context, preview)
    running = (
        "document.getAnimations().concat(document.querySelector('newsgen-preview').shadowRoot.getAnimations()).length"
    )
    page.emulate_media(reduced_motion="reduce")
    two.article("meetings/a.md", "改过的正文。\n", title="第一篇")
    expect(page.get_by_text("改过的正文。")).to_be_visible()
    assert page.evaluate(running) == 0
    two.article("meetings/a.md", title="第一篇", date="2024-13-13")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(running) == 0


def test_a_heading_may_be_called_as_the_preview_is(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    two.article("meetings/a.md", "## newsgen preview\n\n正文。\n", title="第一篇")
    page = opened(context, preview)
    expect(page.locator("h2#newsgen-preview")).to_be_visible()
    two.article("meetings/a.md", "## newsgen preview\n\n改过的正文。\n", title="第一篇")
    expect(page.get_by_text("改过的正文。")).to_be_visible()
    assert is_the_same(page)


def test_nothing_goes_wrong_in_the_console(two: SiteTest, context: BrowserContext, preview: Served) -> None:
    said: list[str] = []
    page = opened(context, preview)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    for number, body in enumerate(BODIES[:7]):
        two.article("meetings/a.md", f"{body}\n第{number}稿。\n", title="第一篇")
        expect(page.get_by_text(f"第{number}稿。")).to_be_visible()
    assert said == []


def test_none_of_it_is_in_a_built_site(tmp_path: Path) -> None:
    assert run(["build", "-C", str(ROOT), "-o", str(tmp_path / "public"), "--drafts", "--now", NOW]) == 0
    files = [path for path in (tmp_path / "public").rglob("*") if path.is_file() and path.name != ".newsgen.json"]
    assert len(files) > 100
    for path in files:
        data = path.read_bytes()
        assert b"newsgen-preview" not in data, path
        assert b"/.newsgen/" not in data, path
        assert path.name not in ("client.js", "client.css")
