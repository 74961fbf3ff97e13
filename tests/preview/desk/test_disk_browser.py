"""Disks that fill, folders that turn read-only, drives that are pulled out, a desk that is gone: it is told at once, and no word is lost."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from desk_browser import PATH, asked, body_of, editing, is_kept, is_saved, is_unsaved, on_disk, text_of
from desk_client import desk_served
from disks import Drive, fill, mounted, read_only
from newsgen.core.platform import reason
from running import ServerProcess, until
from site_test import SITE_YAML, SiteTest, photo

pytestmark = pytest.mark.xdist_group("desk")

TOLD = "写的内容还在这个网页里，先不要关"


def written(site: SiteTest) -> SiteTest:
    """A site with one report."""
    return site.write("site.yaml", SITE_YAML).section("meetings", "会议动态").article("meetings/a.md", "正文。\n")


def typed(page: Page, words: str) -> None:
    """Type at the end of the text."""
    text_of(page).press("Control+End")
    page.keyboard.type(words)


def names_beside(site: SiteTest) -> list[str]:
    """The names of the files in the report's folder."""
    return sorted(path.name for path in (site.root / PATH).parent.iterdir())


def reloaded(page: Page, words: str) -> None:
    """Load the page anew while something is unsaved; what the browser kept is offered, and taken."""
    is_kept(page, words)
    page.reload()
    dialog = asked(page)
    expect(dialog).to_contain_text("没来得及保存")
    expect(dialog).to_contain_text(words)
    dialog.get_by_role("button", name="按上面选的保存").click()
    expect(text_of(page)).to_have_value(re.compile(f"{words}$"))


def test_a_full_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str], context: BrowserContext) -> None:
    with mounted(tmp_path / "disk", "4m") as is_small:
        if not is_small:
            assert reason(OSError(errno.ENOSPC, "")) == "磁盘满了"
            return
        site = written(SiteTest(tmp_path / "disk", capsys))
        with desk_served(site.root) as desk:
            page = editing(context, desk.url)
            filler = site.root / "占满"
            fill(filler)
            old = (site.root / PATH).read_bytes()
            typed(page, "满了以后写的。")
            is_unsaved(page, f"存不了 {PATH}：磁盘满了；{TOLD}")
            is_unsaved(page, "删去一些不用的文件，再接着写")
            page.locator(".tray input[type=file]").set_input_files(
                {"name": "会场.jpg", "mimeType": "image/jpeg", "buffer": photo()}
            )
            expect(page.locator(".note.wrong")).to_contain_text("磁盘满了")
            reloaded(page, "满了以后写的。")
            is_unsaved(page, "磁盘满了")
            assert (site.root / PATH).read_bytes() == old, "nothing is cut"
            until(lambda: names_beside(site) == ["_index.md", "a.md"])  # the next attempt may just be under way
            filler.unlink()
            is_saved(page)
            on_disk(site, lambda text: text.endswith("正文。满了以后写的。\n"))


def test_a_folder_in_which_nobody_can_write(site: SiteTest, context: BrowserContext) -> None:
    written(site)
    with desk_served(site.root) as desk:
        page = editing(context, desk.url)
        with read_only((site.root / PATH).parent):
            typed(page, "只读的时候写的。")
            is_unsaved(page, f"存不了 {PATH}：")
            is_unsaved(page, "只读")
            is_unsaved(page, TOLD)
            reloaded(page, "只读的时候写的。")
            is_unsaved(page, "只读")
        is_saved(page)
        on_disk(site, lambda text: text.endswith("正文。只读的时候写的。\n"))


@contextmanager
def plugged(files: Path, at: Path) -> Iterator[Drive]:
    """A drive that is plugged in, and out again at the end."""
    drive = Drive(files, at)
    yield drive
    drive.pull_out()


def test_a_drive_that_is_pulled_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], context: BrowserContext
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    written(SiteTest(files, capsys))
    site = SiteTest(tmp_path / "U盘", capsys)
    with plugged(files, site.root) as drive, desk_served(site.root) as desk:
        page = editing(context, desk.url)
        typed(page, "插着的时候写的。")
        is_saved(page)
        drive.pull_out()
        is_unsaved(page, f"连不上放网站的文件夹 {site.root}")  # before anything more is typed
        drive.plug_in()
        is_saved(page)

        drive.pull_out()
        typed(page, "拔掉以后写的。")
        is_unsaved(page, f"连不上放网站的文件夹 {site.root}")
        is_unsaved(page, "多半是 U 盘拔掉了")
        is_unsaved(page, "写的内容还在这个网页里，先不要关；接上以后，这里会自动保存")
        is_kept(page, "拔掉以后写的。")
        drive.plug_in()
        is_saved(page)
        on_disk(site, lambda text: text.endswith("正文。插着的时候写的。拔掉以后写的。\n"))

        drive.pull_out()
        typed(page, "再写的。")
        is_unsaved(page, "连不上放网站的文件夹")
        is_kept(page, "再写的。")
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("连不上放网站的文件夹")
        drive.plug_in()
        page.get_by_role("button", name="再试一次").click()
        dialog = asked(page)
        expect(dialog).to_contain_text("再写的。")
        dialog.get_by_role("button", name="按上面选的保存").click()
        on_disk(site, lambda text: body_of(text) == "\n正文。插着的时候写的。拔掉以后写的。再写的。\n")
        is_saved(page)


def test_what_was_said_of_a_folder_is_taken_back_though_no_notice_comes_of_its_return(
    site: SiteTest, context: BrowserContext
) -> None:
    written(site)
    gone = {"error": "desk.unreachable", "message": "连不上放网站的文件夹", "hint": ""}
    with desk_served(site.root) as desk:
        page = editing(context, desk.url)
        context.route("**/api/report/version?*", lambda route: route.fulfill(status=503, json=gone))
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        is_unsaved(page, "连不上放网站的文件夹")
        context.unroute("**/api/report/version?*")
        is_saved(page)


def test_one_report_that_is_deleted_is_told_as_that_alone(site: SiteTest, context: BrowserContext) -> None:
    written(site)
    with desk_served(site.root) as desk:
        page = editing(context, desk.url)
        (site.root / PATH).unlink()
        typed(page, "删掉以后写的。")
        is_unsaved(page, "这一篇的文件不在了")
        expect(page.locator("p.saved")).not_to_contain_text("U 盘")


def test_a_desk_that_is_gone(site: SiteTest, context: BrowserContext) -> None:
    written(site)
    process = ServerProcess("desk", site.root)
    process.start()
    try:
        page = editing(context, process.url)
        process.kill()
        typed(page, "没有人听的时候写的。")
        is_unsaved(page, "连不上写稿台")
        is_unsaved(page, "再双击一次“写稿”")
        is_kept(page, "没有人听的时候写的。")
        with suppress(Error):  # nobody answers
            page.reload()
        process.start()
        page.goto(process.url)
        page.get_by_role("row").nth(1).get_by_role("link").click()
        dialog = asked(page)
        expect(dialog).to_contain_text("没有人听的时候写的。")
        dialog.get_by_role("button", name="按上面选的保存").click()
        on_disk(site, lambda text: text.endswith("正文。没有人听的时候写的。\n"))
        is_saved(page)
    finally:
        process.kill()
