"""A member's day in a real Chromium: a double-click, a new report, text from Word, eight photos, a table from Excel, two
findings corrected, handed in. Everything is real but the hand on the mouse; and the same day again without a mouse.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from browser import LIMIT
from desk_browser import Keyboard, clipboard, copied_elsewhere, is_saved, paste, text_of, violations
from desk_client import desk_served
from newsgen.cli import run
from running import until

pytestmark = [pytest.mark.xdist_group("desk"), pytest.mark.long]

WORD, EXCEL = (
    "a report with its title, bold words, a raised figure and a signature",
    "cells with styles, a hidden row and a merged head",
)


def camera_photo(number: int) -> FilePayload:
    """A photo as a phone names it, no two alike."""
    target = io.BytesIO()
    Image.effect_noise((1600, 1200), 20 + number).convert("RGB").save(target, "JPEG", quality=90)
    return {"name": f"IMG_20240313_10{number:02d}00.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


@contextmanager
def double_clicked(folder: Path, opened: Path) -> Iterator[str]:
    """The starter of a site, double-clicked; gives the address that it opens in the browser."""
    program = opened.with_name("browser")
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}.part" && mv "{opened}.part" "{opened}"\n', "utf-8")
    program.chmod(0o755)
    (folder / ".newsgen").mkdir(exist_ok=True)
    (folder / ".newsgen" / "python").write_text(sys.executable, "utf-8")  # as `newsgen init` notes it
    environment = {**os.environ, "BROWSER": f"{program} %s"}
    process = subprocess.Popen(
        ["sh", str(folder / "写稿.sh")],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until(opened.exists)
        yield opened.read_text("utf-8")
    finally:
        os.killpg(process.pid, signal.SIGHUP)  # the window is closed
        process.wait(LIMIT)
        until(lambda: not (folder / ".newsgen" / "desk.json").exists())  # the desk has ended by itself


def test_a_report_is_written_illustrated_checked_and_handed_in_without_a_terminal(
    tmp_path: Path, context: BrowserContext
) -> None:
    site = tmp_path / "党群 网站 & 1"
    assert run(["init", str(site)]) == 0
    with double_clicked(site, tmp_path / "address") as address:
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("row")).to_have_count(2)
        folder = _begun(page, site)
        _pasted(page)
        _illustrated(page, folder)
        _corrected(page)
        handed = _handed_in(page, tmp_path)
    text = (folder / "index.md").read_text("utf-8")
    assert "draft" not in text.partition("---\n\n")[0].replace("# draft", "")
    with ZipFile(handed) as archive:
        names = archive.namelist()
        assert any(archive.read(name) == text.encode() for name in names if name.endswith("index.md"))
        assert sum(name.endswith(".jpg") for name in names) == 8
    assert run(["check", "-C", str(site), str(folder / "index.md")]) == 0
    _is_published(site, folder)


def _begun(page: Page, site: Path) -> Path:
    """A new report; gives its folder."""
    page.get_by_role("link", name="写新的一篇").last.click()
    page.get_by_label("标题").fill("管理学院党委召开工作会议")
    page.get_by_label("日期").fill("2024年3月13日")
    page.get_by_label("网址里的名字").fill("gongzuo-huiyi")
    page.get_by_role("button", name="开始写").click()
    expect(page.locator("textarea.text")).to_be_focused()
    (folder,) = (site / "content").glob("*/2024-03-13-gongzuo-huiyi")
    page.get_by_role("button", name="文章信息", exact=True).click()
    page.get_by_label("作者", exact=True).fill("王芳")
    page.get_by_label("草稿").uncheck()
    return folder


def _pasted(page: Page) -> None:
    """The text from Word in place of what a new report begins with, a slip of one's own, and a table from Excel."""
    text = page.locator("textarea.text")
    text.press("Control+a")
    paste(page, clipboard("word", WORD)[0], "纯文字")
    expect(text).to_have_value(re.compile("会议由\\*\\*党委书记\\*\\*主持"))
    text.press("Control+End")
    page.keyboard.type("\n大家认为，，要抓好落实。\n各支部要做好工作。。\n\n")
    paste(page, clipboard("excel", EXCEL)[0], "纯文字")
    expect(text).to_have_value(re.compile(r"\| 张三 \| 007 \| 12.50% \|"))


def _illustrated(page: Page, folder: Path) -> None:
    """Eight photos, chosen at once; one gets a caption."""
    photos = list(map(camera_photo, range(8)))
    page.locator(".tab[data-name=tray]").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="添加照片或附件").click()
    chooser.value.set_files(photos)
    expect(page.locator(".tray .photo img")).to_have_count(8)
    until(lambda: len(list(folder.glob("*.jpg"))) == 8)
    page.get_by_role("button", name="全部放进正文").click()
    page.locator(".tray .photo").first.get_by_role("textbox").fill("会议现场")
    expect(page.locator("textarea.text")).to_have_value(re.compile(r"!\[会议现场\]\(IMG_"))


def _corrected(page: Page) -> None:
    """The findings that have one correction, each with one click."""
    for mark in "，。":
        corrects = page.locator(".findings").get_by_role("button", name=f"改成“{mark}”")
        corrects.first.click()
        expect(corrects).to_have_count(0)  # the list is another one now: a click on the one before would be lost
    expect(page.locator("textarea.text")).not_to_have_value(re.compile("，，|。。"))
    expect(page.locator("p.saved")).to_have_text("已保存")


def _handed_in(page: Page, folder: Path) -> Path:
    """The ZIP of 交稿."""
    page.get_by_role("button", name="交稿").click()
    page.get_by_role("dialog").get_by_role("button", name="做压缩包").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载压缩包").click()
    handed = folder / download.value.suggested_filename
    download.value.save_as(handed)
    assert handed.name == "20240313-王芳-管理学院党委召开工作会议.zip"
    return handed


def _is_published(site: Path, folder: Path) -> None:
    """The report is a page of the site, with its photos and its table."""
    assert run(["build", "-C", str(site)]) == 0
    (page,) = (site / "public").rglob("0313-gongzuo-huiyi.html")
    html = page.read_text("utf-8")
    assert html.count("<figure") == 8
    assert "<td>007</td>" in html
    assert json.loads(html.partition('type="application/ld+json">')[2].partition("</script>")[0])


def test_the_whole_day_is_done_by_keyboard_alone(tmp_path: Path, context: BrowserContext) -> None:
    site = tmp_path / "党群 网站 & 1"
    assert run(["init", str(site)]) == 0
    with desk_served(site) as desk:
        page = context.new_page()
        keys = Keyboard(page)
        page.goto(desk.url)
        folder = _begun_by_keys(page, keys, site)
        _pasted_by_keys(page, keys)
        _illustrated_by_keys(page, keys, folder)
        _corrected_by_keys(page, keys)
        handed = _handed_in_by_keys(page, keys, tmp_path)
        _looked_back_by_keys(page, keys)
        assert keys.pointers == 0
    photos = {path.name: path.read_bytes() for path in folder.glob("*.jpg")}
    assert len(photos) == 8
    text = (folder / "index.md").read_text("utf-8")
    assert "author: 王芳\n" in text
    assert _order(text) == [f"第{number}张" for number in (3, 1, 2, 4, 5, 6, 8, 7)]
    assert text.index("第3张") < text.index("管理学院党委\n") < text.index("| 张三 |") < text.index("第1张")
    with ZipFile(handed) as archive:
        found = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert found.items() >= {**photos, "index.md": text.encode()}.items()
    assert run(["check", "-C", str(site), str(folder / "index.md")]) == 0
    _is_published(site, folder)


def _order(text: str) -> list[str]:
    """The captions of the photos in a text, in its order."""
    return re.findall(r"!\[(.*?)\]\(IMG_", text)


def _begun_by_keys(page: Page, keys: Keyboard, site: Path) -> Path:
    """A new report; gives its folder."""
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert violations(page) == []
    keys.type("没有这样的一篇")
    keys.use(page.get_by_role("button", name="看全部文章"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.use(page.get_by_role("link", name="写新的一篇").last, "Shift+Tab")
    expect(page.get_by_label("标题")).to_be_focused()
    assert violations(page) == []
    keys.go_to(page.get_by_label("栏目"), "Shift+Tab")
    keys.press("End")
    expect(page.get_by_label("栏目").locator("option:checked")).to_have_text("会议动态")
    keys.go_to(page.get_by_label("标题"))
    keys.type("管理学院党委召开工作会议")
    keys.go_to(page.get_by_label("日期"))
    keys.retype("2024年3月13日")
    keys.go_to(page.get_by_label("网址里的名字"))
    keys.retype("gongzuo-huiyi")
    keys.press("Enter")
    expect(text_of(page)).to_be_focused()
    (folder,) = (site / "content" / "meetings").glob("2024-03-13-gongzuo-huiyi")
    keys.go_to(page.get_by_label("作者", exact=True))
    keys.type("王芳")
    keys.go_to(page.get_by_label("草稿"))
    keys.press("Space")
    expect(page.get_by_label("草稿")).not_to_be_checked()
    is_saved(page)
    assert violations(page) == []
    keys.go_to(text_of(page), "Shift+Tab")
    return folder


def _pasted_by_keys(page: Page, keys: Keyboard) -> None:
    """The text from Word, a slip of one's own, and a table from Excel, each by Ctrl+V."""
    text = text_of(page)
    copied_elsewhere(page.context, clipboard("word", WORD)[0], "纯文字")
    keys.press("Control+a", "Control+v")
    expect(text).to_have_value(
        re.compile("^## 学院党委召开工作会议\n\n.*会议由\\*\\*党委书记\\*\\*主持.*\n\n管理学院党委$", re.DOTALL)
    )
    keys.press("Control+End")
    keys.type("\n大家认为，，要抓好落实。\n各支部要做好工作。。\n\n")
    copied_elsewhere(page.context, clipboard("excel", EXCEL)[0], "纯文字")
    keys.press("Control+v")
    expect(text).to_have_value(re.compile(r"。。\n\n\| .*\| 张三 \| 007 \| 12.50% \|", re.DOTALL))
    keys.use(page.locator(".pasted").get_by_role("button", name="知道了"))
    expect(text).to_be_focused()


def _illustrated_by_keys(page: Page, keys: Keyboard, folder: Path) -> None:
    """Eight photos: one below the second paragraph, the others below the text; captions, and two of them in another order."""
    keys.press("Control+Home", *["ArrowDown"] * 2)
    keys.use(page.locator(".tab[data-name=tray]"), "Shift+Tab")
    keys.go_to(page.get_by_role("button", name="添加照片或附件"))
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(list(map(camera_photo, range(8))))
    photos = page.locator(".tray .photo")
    expect(photos.locator("img")).to_have_count(8)
    assert violations(page) == []
    keys.use(page.get_by_role("button", name="IMG_20240313_100200.jpg 放进正文"))
    expect(page.get_by_label("IMG_20240313_100200.jpg 的图注")).to_be_focused()
    keys.type("第3张")
    keys.use(page.get_by_role("button", name="全部放进正文"), "Shift+Tab")
    for number in (1, 2, 4, 5, 6, 7, 8):
        keys.go_to(page.get_by_label(f"IMG_20240313_10{number - 1:02d}00.jpg 的图注"))
        keys.type(f"第{number}张")
    keys.go_to(page.get_by_role("button", name="IMG_20240313_100700.jpg 前移"))
    keys.press("Alt+ArrowUp")
    expect(page.locator("#status")).to_have_text("IMG_20240313_100700.jpg 现在在“第7张”的前面，第 7 张，共 8 张")
    expect(page.get_by_role("button", name="IMG_20240313_100700.jpg 前移")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#status")).to_have_text("IMG_20240313_100700.jpg 现在在“第6张”的前面，第 6 张，共 8 张")
    keys.use(page.get_by_role("button", name="IMG_20240313_100700.jpg 后移"))
    expect(photos.nth(6)).to_contain_text("IMG_20240313_100700.jpg")
    until(lambda: _order((folder / "index.md").read_text("utf-8"))[-2:] == ["第8张", "第7张"])
    assert violations(page) == []


def _corrected_by_keys(page: Page, keys: Keyboard) -> None:
    """The findings that have one correction; after each, one is in the text at its place."""
    findings = page.locator(".findings")
    for mark in "，。":
        keys.use(findings.get_by_role("button", name=f"改成“{mark}”").first, "Shift+Tab" if mark == "，" else "Tab")
        expect(text_of(page)).to_be_focused()
        expect(text_of(page)).not_to_have_value(re.compile(mark * 2))
    is_saved(page)
    expect(findings.get_by_role("button", name="改成")).to_have_count(0)


def _handed_in_by_keys(page: Page, keys: Keyboard, folder: Path) -> Path:
    """The ZIP of 交稿."""
    hand_in = page.get_by_role("button", name="交稿")
    keys.use(hand_in, "Shift+Tab")
    expect(page.get_by_label("谁交的稿")).to_be_focused()
    assert violations(page) == []
    keys.press("Enter")
    link = page.get_by_role("link", name="下载压缩包")
    expect(link).to_be_visible()
    assert violations(page) == []
    keys.go_to(link)
    with page.expect_download() as download:
        keys.press("Enter")
    handed = folder / download.value.suggested_filename
    download.value.save_as(handed)
    keys.press("Escape")
    expect(hand_in).to_be_focused()
    return handed


def _looked_back_by_keys(page: Page, keys: Keyboard) -> None:
    """The versions before, the way back to the list, and the report found again."""
    versions = page.get_by_role("button", name="以前的版本")
    keys.use(versions, "Shift+Tab")
    dialog = page.get_by_role("dialog")
    keys.use(dialog.get_by_role("button", name=re.compile("修改之前")).last)
    expect(dialog.locator("ins").last).to_be_visible()
    assert violations(page) == []
    keys.press("Escape")
    expect(versions).to_be_focused()
    keys.use(page.get_by_role("link", name="全部文章"), "Shift+Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type("王芳 工作会议")
    expect(page.get_by_role("row")).to_have_count(2)
    keys.use(page.get_by_role("link", name="管理学院党委召开工作会议"))
    expect(text_of(page)).to_be_focused()
