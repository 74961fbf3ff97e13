"""A real Chromium for the tests and for `make screenshots`, and the page kinds that both look at."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect, sync_playwright

ROOT = Path(__file__).parents[1]
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
URL = "https://sm.example.edu.cn/dqgz/"
"""Where the sample site says that it lives."""

NOW = "2024-12-31T08:00"
"""The moment at which the sample site is looked at: everything in it is public that shall be."""

LIMIT = 30.0
"""Seconds after which what was to come is told to be lost."""

OFF = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,SpareRendererForSitePerProcess,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
"""Features of Chromium that are off: the lists below the address bar, which nobody sees in a headless window and which take a
third of its processor time; a process that waits with every page for another site, which no story goes to; and what Playwright
turns off, since its flag counts no more beside another."""

QUIET = [
    f"--disable-features={OFF}",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-auto-reload",
]
"""Chromium keeps to the page that it is shown. Its own page of a server that is gone would load itself again a second later,
which ends the navigation of a story that begins just then."""

PAGES = {
    "home": "index.html",
    "section": "meetings/index.html",
    "section-pictures": "branches/index.html",
    "section-nested": "organization/index.html",
    "article": "meetings/2024/0313-gongzuohuiyi.html",
    "article-photos": "branches/2024/1114-yinxing.html",
    "article-table": "union/2024/0426-yundonghui.html",
    "article-speech": "theory/2024/0701-dangke.html",
    "article-quotation": "theory/2024/0423-dushu.html",
    "notice": "notices/2024/1125-shuzhi-pingyi.html",
    "announcement": "organization/development/2024/1118-gongshi.html",
    "reprint": "theory/2024/0520-zhuanzai.html",
    "page": "about.html",
    "tags": "tags/index.html",
    "branches": "archive/index.html",
    "archive": "archive/2024/index.html",
    "not-found": "404.html",
}


HELD_EVENTS = """delete window.SharedWorker;
window.held = [];
window.EventSource = class extends EventSource {
    addEventListener(kind, hear, ...more) {
        super.addEventListener(kind, (event) => {
            if (kind === 'state' && window.holds) window.held.push({ told: event.data, tell: () => hear(event) });
            else hear(event);
        }, ...more);
    }
};"""
"""A script for pages: while `holds` is true, what the server tells of its versions waits in `held` until tell() is called."""


def executable() -> str:
    """The Chromium or Chrome of this machine. Raises FileNotFoundError, with what to do, where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise FileNotFoundError("no Chromium here: run scripts/need chromium chinese-fonts")


def answer_from(context: BrowserContext, site: Path, url: str) -> None:
    """Let the site's public address lead to the built folder: 404.html names everything by it."""

    def answer(route: Route) -> None:
        path = site / urlsplit(route.request.url.removeprefix(url)).path
        if path.is_file():
            route.fulfill(path=path)
        else:
            route.fulfill(status=404, body="")

    context.route(f"{url}**", answer)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser, whose pages are given LIMIT for whatever is expected of them; root needs --no-sandbox."""
    expect.set_options(timeout=LIMIT * 1000)
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=[*QUIET, *sandbox])
        try:
            yield browser
        finally:
            browser.close()


def wait_until(page: Page, expression: str) -> None:
    """Wait until an expression holds in the page.

    It is asked from outside: the preview's policy forbids the page to evaluate texts, as Page.wait_for_function makes it do.
    """
    end = time.monotonic() + LIMIT
    holds, trouble = False, None
    while not holds:
        assert time.monotonic() < end, f"never: {expression} ({trouble or 'the page answers'})"
        page.wait_for_timeout(20)
        try:
            holds, trouble = bool(page.evaluate(expression)), None
        except Error as error:  # the page is just being loaded anew
            trouble = error
