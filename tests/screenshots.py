"""`make screenshots`: every page kind at several widths, zoomed, printed and grey, and the pictures of the README and the guides.

python tests/screenshots.py FOLDER
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, expect

from browser import NOW, PAGES, ROOT, URL, answer_from, chromium
from desk_client import desk_served
from newsgen.cli import run
from newsgen.preview.serve import BindAddress
from preview_helpers import served
from running import LIMIT

FORMS: dict[str, dict[str, Any]] = {
    "0320": {"viewport": {"width": 320, "height": 700}},
    "0375": {"viewport": {"width": 375, "height": 800}, "device_scale_factor": 2},
    "0768": {"viewport": {"width": 768, "height": 1000}},
    "1280": {"viewport": {"width": 1280, "height": 900}},
    "zoom": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},  # 1280 pixels at 200 %
    "print": {"viewport": {"width": 794, "height": 1123}},  # A4 at 96 dpi
    "grey": {"viewport": {"width": 1280, "height": 900}},
    "plain": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
}
POLICY = "\nreviews:\n  stages:\n    初审: 张老师\n    终审: 孙书记\n"
REPORT = "content/meetings/2024-03-13-gongzuohuiyi/index.md"
ALL_PHOTOS = """async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
}"""
TEXT = """12月27日，学生第一党支部召开组织生活会，全体党员参加，支部书记主持会议.

一、学习精神

支部书记领学了有关精神，大家结合实际谈了体会。

二、开展批评与自我批评

与会党员逐一发言，**认真开展批评与自我批评**，共提出意见建议12条。
"""
README = {
    "home": ("home", "1280", 1280, 1500),
    "list": ("section", "1280", 1280, 1100),
    "article": ("article", "1280", 1280, 1300),
    "phone": ("article", "0375", 750, 1600),
}


def taken(browser: Browser, site: Path, form: str) -> Iterator[tuple[str, bytes]]:
    """Name of the page kind and PNG, for one form."""
    context = browser.new_context(**FORMS[form])
    answer_from(context, site, URL)
    for name, address in PAGES.items():
        page = context.new_page()
        if form == "print":
            page.emulate_media(media="print")
        page.goto((site / address).as_uri(), wait_until="load")
        page.evaluate(ALL_PHOTOS)
        yield name, page.screenshot(full_page=True)
        page.close()
    context.close()


def built(folder: Path, grey: bool) -> Path:
    """The sample site, on an ordinary or on a grey day."""
    out = folder / ("grey" if grey else "site")
    if run(["build", "-C", str(ROOT), "-o", str(out), "--now", NOW]):
        raise SystemExit("the sample site does not build")
    if grey:
        sheet = (ROOT / "theme" / "greyscale.css").read_bytes()
        (out / "assets" / "greyscale.css").write_bytes(sheet)
    return out


def signed_off(browser: Browser, folder: Path) -> Iterator[tuple[str, bytes]]:
    """What reviewers see of the March report, edited since it was approved: the preview, and the form."""
    site, form = folder / "signed", folder / "form.html"
    for name in ("content", "templates", "theme"):
        shutil.copytree(ROOT / name, site / name)
    (site / "site.yaml").write_text((ROOT / "site.yaml").read_text("utf-8") + POLICY, "utf-8")
    for stage, person in (("初审", "张老师"), ("终审", "孙书记")):
        _run("approve", REPORT, "--stage", stage, "--by", person, "-C", str(site), "--now", NOW)
    report = site / REPORT
    report.write_text(report.read_text("utf-8").replace("3月13日下午", "3月13日下午三点", 1), "utf-8")
    with served(site, BindAddress("127.0.0.1", 0)) as server:
        assert server.preview.wait(lambda version: PAGES["article"] in version.outputs, LIMIT)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{server.address}{PAGES['article']}")
        page.get_by_role("button", name="看改了哪里").click()
        page.locator("newsgen-preview ins").last.wait_for()
        yield "review", page.screenshot()
    _run("approve", REPORT, "--stage", "初审", "--by", "张老师", "-C", str(site), "--now", NOW)
    _run("form", REPORT, "-o", str(form), "-C", str(site))
    page = browser.new_page(viewport={"width": 794, "height": 1123})
    page.goto(form.as_uri())
    yield "form", page.screenshot()


def writing(browser: Browser, folder: Path) -> Iterator[tuple[str, bytes]]:
    """A member's first report at the desk: the list, the form, the text beside its page with photos and a finding."""
    site = folder / "desk"
    for name in ("content", "templates", "theme"):
        shutil.copytree(ROOT / name, site / name)
    shutil.copy(ROOT / "site.yaml", site)
    with desk_served(site) as client:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(client.url)
        page.get_by_role("link", name="写新的一篇").last.wait_for()
        page.get_by_role("table").wait_for()
        yield "desk-list", page.screenshot()
        page.get_by_role("link", name="写新的一篇").last.click()
        page.get_by_label("栏目").select_option(label="会议动态")
        page.get_by_label("日期").fill("2024-12-27")
        page.get_by_label("标题").fill("学生第一党支部召开组织生活会")
        expect(page.locator("#new-name")).to_have_value(re.compile("zhao-kai-zu$"))
        yield "desk-new", page.screenshot()
        page.get_by_role("button", name="开始写").click()
        text = page.get_by_label("正文", exact=True).and_(page.locator("textarea"))
        text.fill(TEXT)
        page.get_by_text("已保存", exact=True).wait_for()
        page.get_by_role("button", name="网页", exact=True).click()
        page.frame_locator("iframe[name=newsgen-desk]").get_by_text("开展批评与自我批评").first.wait_for()
        page.get_by_label("检查").get_by_text("是半角的").wait_for()
        yield "desk-text", page.screenshot()
        page.get_by_role("button", name="照片", exact=True).click()
        page.locator(".tray input[type=file]").set_input_files(sorted((ROOT / "content").rglob("*.jpg"))[:3])
        page.locator(".tray img").nth(2).wait_for()
        page.get_by_role("button", name="全部放进正文").click()
        page.get_by_text("已保存", exact=True).wait_for()
        page.evaluate(ALL_PHOTOS)
        page.mouse.move(0, 0)  # off the button that has come under it
        yield "desk-photos", page.screenshot()
        page.get_by_role("button", name="交稿").click()
        page.get_by_label("谁交的稿").fill("李老师")
        page.get_by_role("button", name="做压缩包").click()
        page.get_by_role("link", name="下载压缩包").wait_for()
        yield "desk-hand-in", page.screenshot()


def _run(*words: str) -> None:
    if run(words):
        raise SystemExit(f"newsgen {words[0]} fails on the sample site")


def main(folder: Path) -> None:
    """Take all pictures into `folder`, and those of the README and the guides into docs/images/."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        for name, data in signed_off(browser, Path(scratch)):
            _keep(data, ROOT / "docs" / "images" / f"{name}.png", (1280, 1123))
        for name, data in writing(browser, Path(scratch)):
            _keep(data, ROOT / "docs" / "images" / f"{name}.png", (1280, 800))
        for form in FORMS:
            site = built(Path(scratch), form == "grey") if form in ("0320", "grey") else Path(scratch) / "site"
            for name, data in taken(browser, site, form):
                (folder / f"{name}-{form}.png").write_bytes(data)
                for target, (page, wanted, width, height) in README.items():
                    if (page, wanted) == (name, form):
                        _keep(data, ROOT / "docs" / "images" / f"{target}.png", (width, height))


def _keep(data: bytes, target: Path, size: tuple[int, int]) -> None:
    """The upper part of a picture, small enough for a repository."""
    target.parent.mkdir(exist_ok=True)
    with Image.open(io.BytesIO(data)) as picture:
        part = picture.convert("RGB").crop((0, 0, min(size[0], picture.width), min(size[1], picture.height)))
        part.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
