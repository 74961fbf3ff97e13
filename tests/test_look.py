"""The look, in a real Chromium: every page kind is accessible, keeps inside the screen, and does not jump."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from browser import AXE, NOW, PAGES, ROOT, URL, answer_from
from newsgen.cli import run
from site_test import SITE_YAML

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("look")]

SHIFTS_WHILE_READING = """async () => {
    let sum = 0;
    new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
        .observe({type: 'layout-shift', buffered: true});
    for (const image of document.images) image.loading = 'eager';
    for (let y = 0; y < document.body.scrollHeight; y += 400) {
        scrollTo(0, y);
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
    const begun = [...document.images].filter(image => image.getBoundingClientRect().width && image.currentSrc);
    await Promise.all(begun.map(image => image.complete || new Promise(done => { image.onload = image.onerror = done; })));
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return sum;
}"""
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-scroll, .slides, pre, [class*=slide], nav'))
    .map(e => e.tagName + '.' + e.className).slice(0, 5)"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's own site, built."""
    out = tmp_path_factory.mktemp("look") / "public"
    assert run(["build", "-C", str(ROOT), "-o", str(out), "--now", NOW]) == 0
    return out


@pytest.fixture(scope="module")
def extreme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that no designer had in mind: 40 sections, endless titles, rare characters, no photos but a tall one."""
    root = tmp_path_factory.mktemp("extreme")
    (root / "content").mkdir()
    (root / "site.yaml").write_text(
        SITE_YAML.replace("管理学院", "马克思主义学院（人文与社会科学高等研究院）"), "utf-8"
    )
    for number in range(40):
        folder = root / "content" / f"s{number:02}"
        folder.mkdir()
        (folder / "_index.md").write_text(f"---\ntitle: 第{number}个名称相当长的栏目\n---\n", "utf-8")
    title = "关于进一步学习贯彻落实党的创新理论推动学院各项事业高质量发展的若干重要举措和具体工作安排的通知" * 2
    body = f"{'Pneumonoultramicroscopicsilicovolcanoconiosis' * 4}\n\n| 一 | 二 | 三 | 四 | 五 | 六 |\n|-|-|-|-|-|-|\n| {'很长的格子' * 9} | 2 | 3 | 4 | 5 | {'x' * 60} |\n\n![高](tall.jpg)\n"
    target = io.BytesIO()
    Image.new("RGB", (300, 4000), "#999").save(target, "JPEG")
    (root / "content" / "s00" / "tall.jpg").write_bytes(target.getvalue())
    for number, name in enumerate(["𬱖䶮㛃·买买提·阿卜杜热合曼", "龘𠮷", "a"]):
        matter = (
            f"title: {title}{number}\ndate: 2024-03-1{number}\nauthor: {name}\nslug: a{number}\ntags: {title[:40]}\n"
        )
        (root / "content" / "s00" / f"a{number}.md").write_text(f"---\n{matter}---\n\n{body}", "utf-8")
    assert run(["build", "-C", str(root), "--now", NOW]) == 0
    return root / "public"


class Windows:
    """Windows that go from page to page of a site, one for each width, with scripts or without.

    A new window for each page takes twice as long. It is for stories that begin with an empty browser: of how a page comes
    to stand, and of what it keeps.
    """

    def __init__(self, browser: Browser, site: Path) -> None:
        self._browser, self._site = browser, site
        self._pages: dict[tuple[int, bool], Page] = {}

    def shown(self, address: str, width: int, scripts: bool = True) -> Page:
        """A page of the site at a width, loaded to the end."""
        if (width, scripts) not in self._pages:
            context = self._browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
            answer_from(context, self._site, URL)
            self._pages[width, scripts] = context.new_page()
        page = self._pages[width, scripts]
        page.set_viewport_size({"width": width, "height": 900})  # a story may have changed it
        page.goto((self._site / address).as_uri(), wait_until="load")
        return page


@pytest.fixture(scope="module")
def windows(browser: Browser, sample: Path) -> Windows:
    """Windows on the sample site."""
    return Windows(browser, sample)


@pytest.fixture(scope="module")
def extreme_windows(browser: Browser, extreme: Path) -> Windows:
    """Windows on the extreme site."""
    return Windows(browser, extreme)


def opened(browser: Browser, path: Path, width: int, **options: Any) -> Page:
    """A page at a width, loaded to the end."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    answer_from(context, next(folder for folder in path.parents if (folder / ".newsgen.json").exists()), URL)
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="load")
    return page


def violations(page: Page) -> list[str]:
    """What axe-core finds: rule and element."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing(windows: Windows, address: str, width: int) -> None:
    assert violations(windows.shown(address, width)) == []


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_nothing_is_wider_than_the_screen(windows: Windows, address: str) -> None:
    page = windows.shown(address, 1280)
    for width in (320, 375, 640, 768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, (width, page.evaluate(TOO_WIDE))


@pytest.mark.parametrize("address", ["index.html", "s00/index.html", "s00/2024/0310-a0.html", "tags/index.html"])
def test_an_extreme_site_keeps_inside_the_screen_and_is_accessible(extreme_windows: Windows, address: str) -> None:
    for width in (320, 768, 1280):
        page = extreme_windows.shown(address, width)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, (width, page.evaluate(TOO_WIDE))
        assert violations(page) == []


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_nothing_jumps_while_loading_and_scrolling(browser: Browser, sample: Path, address: str) -> None:
    """A machine that is out of breath may paint too early once; what a page does wrong it does on every loading."""
    for width in (375, 1280):
        assert any(shifts(browser, sample / address, width) < 0.001 for _ in range(3)), width


def shifts(browser: Browser, path: Path, width: int) -> float:
    """How much of a page jumps while it is loaded and read to its end (the browser's layout shift, summed up)."""
    page = opened(browser, path, width)
    found = float(page.evaluate(SHIFTS_WHILE_READING))
    page.context.close()
    return found


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_asks_for_nothing_but_the_sites_own_files(browser: Browser, sample: Path, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((sample / address).as_uri(), wait_until="load")
    page.close()
    own = (sample.as_uri(), "data:", "https://sm.example.edu.cn/dqgz/" if address == "404.html" else sample.as_uri())
    assert asked
    assert [url for url in asked if not url.startswith(own)] == []


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_every_word_is_there_without_javascript(windows: Windows, address: str) -> None:
    words = [windows.shown(address, 1280, scripts).locator("main").inner_text() for scripts in (True, False)]
    missing = set(words[0].split()) - set(words[1].split())
    assert {word for word in missing if len(word) > 4} == set()


def test_letters_grow_and_the_choice_is_kept(browser: Browser, sample: Path) -> None:
    page = opened(browser, sample / PAGES["article"], 1280)
    size = "() => parseFloat(getComputedStyle(document.querySelector('.article-body p')).fontSize)"
    before = page.evaluate(size)
    page.click("[data-size=large]")
    assert page.evaluate(size) > before
    page.reload()
    assert page.evaluate(size) > before
    page.context.close()


def test_the_keyboard_reaches_the_text_first(browser: Browser, sample: Path) -> None:
    page = opened(browser, sample / PAGES["article"], 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("() => document.activeElement.getBoundingClientRect().top") >= 0
    page.context.close()


def test_the_theme_stays_small(sample: Path) -> None:
    sheets = {path.name: path.stat().st_size for path in (sample / "assets").glob("*.css")}
    scripts = {path.name: path.stat().st_size for path in (sample / "assets").glob("*.js")}
    assert sum(sheets.values()) < 38_000
    assert sum(scripts.values()) < 10_000
