"""A member's day at the desk in a real Firefox and in a real WebKit, the engine of Safari."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_client import Client, desk_served
from other_browsers import Window, firefox, webkit
from running import until
from site_test import SiteTest

pytestmark = [pytest.mark.xdist_group("other-browsers"), pytest.mark.long]

PHOTOS = Path(__file__).parents[2] / "photos"
FOLDER = "content/meetings/2024-03-13-a"
REPORT = f"{FOLDER}/index.md"
TEXT = "第一段。\n\n第二段。\n"
FIELD = "//textarea[@id='text']"
SAVED = "document.querySelector('p.saved')?.dataset.words === '已保存'"
LIVE = "document.querySelector('.live iframe').contentDocument.querySelector(arguments[0])?.textContent"

FETCH_ZIP = """
  const isWhole = (data) => data.startsWith("PK") && data.includes("phone-turned.jpg");
  fetch(arguments[0]).then((answer) => answer.text()).then((data) => { window.isWhole = isWhole(data); });
"""
COPY = """
  const copied = document.createElement("p"), bold = document.createElement("b");
  bold.append("三条");
  copied.append("会上提了", bold, "要求");
  document.querySelector("main").prepend(copied);
  document.activeElement.blur();
  getSelection().selectAllChildren(copied);
"""
CUT_OFF = """
  const { fetch } = window;
  window.isCut = true;
  window.fetch = (address, how) => (isCut && how?.method === "PUT" ? Promise.reject(TypeError("cut")) : fetch(address, how));
"""
CHOSEN = "document.querySelector('#text').value.slice(...['Start', 'End'].map((end) => document.querySelector('#text')[`selection${end}`]))"


@pytest.fixture(scope="module", params=[firefox, webkit], ids=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest) -> Iterator[Window]:
    """One browser for all stories."""
    with request.param() as opened:
        yield opened


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with two reports."""
    site.section("notices", "通知公告")
    site.article("meetings/2024-03-13-a/index.md", TEXT, title="第一篇", author="张三")
    site.article("notices/b.md", "另一篇的正文。\n", title="第二篇", date="2024-03-14", draft="是")
    with desk_served(site.root) as client:
        yield client


@pytest.fixture
def window(engine: Window, desk: Client) -> Iterator[Window]:
    """A browser that has signed in and shows the list; no story makes a page complain."""
    engine.goto(desk.url)
    engine.faults()
    yield engine
    assert engine.faults() == []


def editing(window: Window) -> Window:
    """The browser with the report open and its page beside it."""
    window.click("//a[.='第一篇']")
    window.wait("document.activeElement.id === 'text'")
    window.wait(LIVE, ".article-body")
    return window


def text_is(window: Window, text: str) -> None:
    window.wait("document.querySelector('#text').value === arguments[0]", text)


def live_shows(window: Window, selector: str, text: str) -> None:
    window.wait(f"{LIVE}?.trim() === arguments[1]", selector, text)


def body_on_disk(site: SiteTest) -> str:
    return (site.root / REPORT).read_text("utf-8").rpartition("---\n")[2]


def caret(window: Window, start: int, end: int) -> None:
    window.run("const t = document.querySelector('#text'); t.focus(); t.setSelectionRange(...arguments)", start, end)


def test_a_report_is_found_written_and_undone(window: Window, site: SiteTest) -> None:
    window.click("//input[@id='list-words']")
    window.type("第二")
    window.wait("document.querySelectorAll('.reports tbody tr').length === 1")
    window.press("CONTROL", "a")
    window.press("BACKSPACE")
    window.wait("document.querySelectorAll('.reports tbody tr').length === 2")
    editing(window)
    window.press("CONTROL", "END")
    window.press("ENTER")
    window.type("学院开会。")
    text_is(window, "第一段。\n\n第二段。\n学院开会。")
    window.wait(SAVED)
    until(lambda: body_on_disk(site) == "\n第一段。\n\n第二段。\n学院开会。\n")
    live_shows(window, ".article-body p:last-of-type", "学院开会。")

    window.press("SHIFT", "HOME")
    window.press("CONTROL", "b")
    text_is(window, "第一段。\n\n第二段。\n**学院开会。**")
    live_shows(window, ".article-body strong", "学院开会。")
    window.press("CONTROL", "z")
    text_is(window, "第一段。\n\n第二段。\n学院开会。")
    caret(window, 0, 2)
    window.click("//button[.='粗体']")
    text_is(window, "**第一**段。\n\n第二段。\n学院开会。")
    window.click("//button[.='撤销']")
    text_is(window, "第一段。\n\n第二段。\n学院开会。")
    window.press("CONTROL", "y")
    text_is(window, "**第一**段。\n\n第二段。\n学院开会。")
    window.wait(SAVED)
    until(lambda: body_on_disk(site) == "\n**第一**段。\n\n第二段。\n学院开会。\n")


def test_the_undo_of_the_browsers_menu_is_that_of_the_desk(window: Window) -> None:
    editing(window)
    window.press("CONTROL", "END")
    window.type("末")  # one character: with a pause between two of them, they are two steps
    text_is(window, "第一段。\n\n第二段。末")
    window.undo()
    text_is(window, "第一段。\n\n第二段。")
    window.click("//button[.='重做']")
    text_is(window, "第一段。\n\n第二段。末")


def test_an_input_method_composes_and_one_undo_takes_it_back(window: Window, site: SiteTest) -> None:
    editing(window)
    window.press("CONTROL", "END")
    window.compose("学")
    window.wait("document.querySelector('#text').value.length > arguments[0]", len("第一段。\n\n第二段。"))
    window.wait("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))")
    assert window.run("return document.querySelector('.bar button').disabled"), (
        "what is composed is no step of the undo"
    )
    assert window.run(f"return {SAVED}")
    window.commit("学")
    text_is(window, "第一段。\n\n第二段。学")
    window.wait(SAVED)
    until(lambda: body_on_disk(site) == "\n第一段。\n\n第二段。学\n")
    window.press("CONTROL", "z")
    text_is(window, "第一段。\n\n第二段。")


def test_a_finding_stands_at_its_line_and_is_corrected(window: Window, site: SiteTest) -> None:
    editing(window)
    window.press("CONTROL", "END")
    window.type("会议开始，，")
    window.click("//li[contains(., '重复')]/button[contains(., '正文第 3 行')]")
    window.wait(f"{CHOSEN} === '，，'")
    window.click("//li[contains(., '重复')]//button[contains(., '改成')]")
    text_is(window, "第一段。\n\n第二段。会议开始，")


def test_what_is_copied_with_its_format_comes_as_markdown(window: Window, site: SiteTest) -> None:
    editing(window)
    window.run(COPY)
    window.press("CONTROL", "c")
    caret(window, 4, 4)
    window.press("CONTROL", "v")
    text_is(window, "第一段。会上提了**三条**要求\n\n第二段。")
    window.type("。")
    window.wait(SAVED)
    until(lambda: body_on_disk(site) == "\n第一段。会上提了**三条**要求。\n\n第二段。\n")


def test_a_photo_is_taken_in_and_the_report_is_handed_in(window: Window, site: SiteTest) -> None:
    editing(window)
    window.click("//button[@data-name='tray']")
    window.choose("//section[@class='tray']//input[@type='file']", PHOTOS / "phone-turned.jpg")
    window.wait("document.querySelector('.photo .thumb img')?.naturalWidth")
    caret(window, 3, 3)
    window.click("//button[@aria-label='phone-turned.jpg 放进正文']")
    text_is(window, "第一段。\n\n![](phone-turned.jpg)\n\n第二段。")
    window.wait(SAVED)
    assert (site.root / FOLDER / "phone-turned.jpg").stat().st_size > 0
    window.click("//button[@data-name='live']")
    window.wait("document.querySelector('.live iframe').contentDocument.querySelector('figure img')?.naturalWidth")

    window.click("//button[.='交稿']")
    window.click("//dialog//button[.='做压缩包']")
    link = window.element("//dialog//a[.='下载压缩包']")
    assert window.run("return arguments[0].download", link).endswith(".zip")
    window.run(FETCH_ZIP, window.run("return arguments[0].href", link))
    window.wait("window.isWhole")
    window.press("ESCAPE")
    window.wait("!document.querySelector('dialog')")


def test_a_new_report_begins_with_its_form(window: Window, site: SiteTest) -> None:
    window.click("//a[.='写新的一篇' and contains(@class, 'main')]")
    window.click("//input[@id='new-title']")
    window.type("主题党日")
    window.wait("document.querySelector('#new-name').value === 'zhu-ti-dang-ri'")
    window.click("//button[.='开始写']")
    window.wait("document.activeElement.id === 'text'")
    window.click("//button[@data-name='matter']")
    window.click("//input[@id='field-author']")
    window.type("李四")
    window.wait(SAVED)
    until(lambda: any("author: 李四\n" in file.read_text("utf-8") for file in (site.root / "content").rglob("*.md")))


def test_what_changed_on_the_disk_meanwhile_is_shown_beside_ones_own(window: Window, site: SiteTest) -> None:
    editing(window)
    window.run(CUT_OFF)
    window.press("CONTROL", "HOME")
    window.type("我写的。")
    window.wait("document.querySelector('p.saved').textContent.includes('还没有保存')")
    file = site.root / REPORT
    file.write_text(file.read_text("utf-8").replace("第一段", "别人的第一段"), "utf-8")
    window.run("window.isCut = false")
    window.click("//*[contains(@class, 'notice')]//button[.='现在选']")
    window.click("//dialog//label[contains(., '现在文件里的')]//input")
    window.click("//dialog//button[.='按上面选的保存']")
    text_is(window, "别人的第一段。\n\n第二段。")
    window.wait(SAVED)
    window.press("CONTROL", "z")
    text_is(window, "我写的。第一段。\n\n第二段。")
    until(lambda: body_on_disk(site) == "\n我写的。第一段。\n\n第二段。\n")


def test_a_dialog_that_is_closed_leaves_the_caret_where_it_was(window: Window) -> None:
    editing(window)
    caret(window, 3, 3)
    window.click("//button[.='表格']")
    window.click("//dialog//button[.='取消']")
    window.wait("document.activeElement.id === 'text'")
    window.type("又")
    text_is(window, "第一段又。\n\n第二段。")
