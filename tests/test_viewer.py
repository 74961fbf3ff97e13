"""Photos of a page in a real Chromium: galleries in even rows, and the viewer that a click opens."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from browser import AXE, NOW, URL, answer_from
from newsgen.cli import run
from site_test import SITE_YAML

pytestmark = pytest.mark.xdist_group("viewer")

BODY = """\
开会。

![主会场](0.jpg)

![分会场](1.jpg)
![](2.jpg)
![全景](3.jpg)
![讨论](4.jpg)
![合影](5.jpg)

散会。
"""
SIZES = [(900, 600), (900, 675), (600, 900), (1200, 300), (900, 600), (900, 600)]
CURRENT = "() => document.querySelector('.viewer .viewer-text').textContent"
PLACES = """() => [...document.querySelectorAll('.photo-rows img')].map(image => image.getBoundingClientRect())
    .map(place => [Math.round(place.top), Math.round(place.height)])"""
HEIGHTS = """() => [...document.querySelectorAll('.photo-row')].map(
    row => [...row.querySelectorAll('img')].map(image => Math.round(image.getBoundingClientRect().height)))"""


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a photo and a gallery."""
    root = tmp_path_factory.mktemp("viewer")
    folder = root / "content" / "news"
    folder.mkdir(parents=True)
    (root / "site.yaml").write_text(SITE_YAML, "utf-8")
    (folder / "_index.md").write_text("---\ntitle: 新闻\n---\n", "utf-8")
    (folder / "a.md").write_text(f"---\ntitle: 开会\ndate: 2024-03-13\n---\n\n{BODY}", "utf-8")
    dice = random.Random(1)
    for number, size in enumerate(SIZES):
        target = io.BytesIO()
        Image.frombytes("RGB", (6, 4), dice.randbytes(72)).resize(size).save(target, "JPEG")
        (folder / f"{number}.jpg").write_bytes(target.getvalue())
    assert run(["build", "-C", str(root), "--now", NOW]) == 0
    return root / "public" / "news" / "2024" / "0313-a.html"


@pytest.fixture
def page(browser: Browser, article: Path) -> Iterator[Page]:
    """The page on a desktop."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    answer_from(context, article.parents[2], URL)
    opened = context.new_page()
    opened.goto(article.as_uri(), wait_until="load")
    yield opened
    context.close()


def test_the_pictures_of_a_row_are_equally_high_and_inside_the_text(page: Page) -> None:
    rows = page.evaluate(HEIGHTS)
    assert [len(row) for row in rows] == [2, 3] or [len(row) for row in rows] == [3, 2]
    assert all(max(row) - min(row) <= 1 for row in rows), rows
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 375


def test_on_a_phone_two_landscape_photos_make_a_row_and_a_panorama_has_its_own(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    rows: dict[int, list[int]] = {}
    for top, height in page.evaluate(PLACES):
        rows.setdefault(top, []).append(height)
    assert [len(row) for row in rows.values()] == [2, 1, 2]
    assert all(len(set(row)) == 1 for row in rows.values()), rows
    assert min(min(row) for row in rows.values() if len(row) == 2) >= 105


def test_the_keyboard_opens_turns_and_closes_the_viewer_and_comes_back_to_the_photo(page: Page) -> None:
    page.focus("a.enlarge >> nth=1")
    page.keyboard.press("Enter")
    assert page.evaluate(CURRENT) == "分会场"
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "关闭"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(CURRENT) == "主会场"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(CURRENT) == "合影"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(CURRENT) == "分会场"
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "() => document.activeElement === document.body || !!document.activeElement.closest('.viewer')"
        )
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)
    assert page.evaluate("() => document.activeElement === document.querySelectorAll('a.enlarge')[1]")


def test_the_buttons_turn_and_close_and_a_click_beside_the_photo_closes(page: Page) -> None:
    page.click("a.enlarge >> nth=0")
    page.click("button[aria-label='下一张']")
    assert page.evaluate(CURRENT) == "分会场"
    page.click("button[aria-label='上一张']")
    assert page.evaluate(CURRENT) == "主会场"
    page.click("button[aria-label='关闭']")
    expect(page.locator(".viewer")).to_have_count(0)
    page.click("a.enlarge >> nth=0")
    page.mouse.click(100, 450)
    expect(page.locator(".viewer")).to_have_count(0)


def test_a_swipe_turns(page: Page) -> None:
    page.click("a.enlarge >> nth=0")
    page.evaluate("""() => {
        const stage = document.querySelector('.viewer-stage');
        const touch = x => [new Touch({identifier: 1, target: stage, clientX: x, clientY: 300})];
        stage.dispatchEvent(new TouchEvent('touchstart', {touches: touch(300)}));
        stage.dispatchEvent(new TouchEvent('touchend', {changedTouches: touch(100)}));
    }""")
    assert page.evaluate(CURRENT) == "分会场"


def test_axe_finds_nothing_in_the_viewer(page: Page) -> None:
    page.click("a.enlarge >> nth=2")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    assert [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]] == []


def test_without_javascript_a_photo_leads_to_its_largest_file(browser: Browser, article: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(article.as_uri())
    page.click("a.enlarge >> nth=0")
    page.wait_for_url("**/media/*.jpg")
    context.close()
