"""A member's day in a real Chromium: a double-click, a new report, text from Word, eight photos, a table from Excel, two
findings corrected, handed in. Everything is real but the hand on the mouse.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from browser import LIMIT, chromium
from newsgen.cli import run

pytestmark = [pytest.mark.xdist_group("desk"), pytest.mark.long]

CASES = Path(__file__).parents[2] / "paste_cases"
CASE = re.compile(r"(?P<title>[^\n]+)\n\.\n(?P<source>.*?)\n\.\n(?P<expected>.*?)\n?\.\n", re.DOTALL)
WORD, EXCEL = (
    "a report with its title, bold words, a raised figure and a signature",
    "cells with styles, a hidden row and a merged head",
)
PASTE = """(element, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "纯文字");
  element.focus();
  element.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
}"""


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that another process brings about."""
    end = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def clipboard(program: str, title: str) -> str:
    """The HTML that a program puts on the clipboard."""
    found = CASE.finditer((CASES / f"{program}.txt").read_text("utf-8"))
    return next(match["source"] for match in found if match["title"] == title)


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


def test_a_report_is_written_illustrated_checked_and_handed_in_without_a_terminal(tmp_path: Path) -> None:
    site = tmp_path / "党群 网站 & 1"
    assert run(["init", str(site)]) == 0
    with double_clicked(site, tmp_path / "address") as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
        context.set_default_timeout(LIMIT * 1000)
        expect.set_options(timeout=LIMIT * 1000)
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
    page.get_by_label("网址里的短名").fill("gongzuo-huiyi")
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
    text.evaluate(PASTE, clipboard("word", WORD))
    expect(text).to_have_value(re.compile("会议由\\*\\*党委书记\\*\\*主持"))
    text.press("Control+End")
    page.keyboard.type("\n大家认为，，要抓好落实。\n各支部要做好工作。。\n\n")
    text.evaluate(PASTE, clipboard("excel", EXCEL))
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
        page.locator(".findings").get_by_role("button", name=f"改成「{mark}」").first.click()
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
