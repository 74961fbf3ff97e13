"""The page of the desk when its scripts do not come: it says so, and what to do, without a script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from desk_browser import entered, violations, wait_for
from desk_client import desk_served
from site_test import SiteTest

pytestmark = pytest.mark.xdist_group("desk")


def gone(route: Route) -> None:
    route.fulfill(status=404, content_type="text/plain", body="gone")


def cut(route: Route) -> None:
    route.abort()


def no_script(route: Route) -> None:
    route.fulfill(status=200, content_type="text/javascript", body="const = a newer language;")


def tells(page: Page) -> None:
    """Expect the page to say what happened and what to do."""
    told = page.get_by_role("main")
    expect(told).to_contain_text("写稿台的网页没有打开")
    expect(told.get_by_text("写稿台的网页没有打开")).to_be_visible()
    expect(told.get_by_text("按 F5")).to_be_visible()
    expect(told).to_contain_text("再双击一次“写稿”")


@pytest.mark.parametrize(
    ("module", "answer"), [("app.js", gone), ("app.js", no_script), ("api.js", cut), ("zip.js", gone)]
)
def test_a_page_whose_scripts_do_not_come_says_what_to_do(
    site: SiteTest, context: BrowserContext, module: str, answer: Callable[[Route], None]
) -> None:
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    with desk_served(site.root) as desk:
        context.route(f"**/client/{module}", answer)
        page = entered(context, desk.url)
        tells(page)
        assert violations(page) == []
        assert not [line for line in said if "Content Security Policy" in line]
        context.unroute(f"**/client/{module}")
        page.reload()
        expect(page.get_by_role("heading", name="全部文章")).to_be_visible()
        expect(page.get_by_text("写稿台的网页没有打开")).to_have_count(0)


def test_a_page_whose_style_sheet_does_not_come_either_says_it_as_well(site: SiteTest, context: BrowserContext) -> None:
    with desk_served(site.root) as desk:
        context.route(re.compile(r"/client/.*\.(?:js|css)$"), cut)
        tells(entered(context, desk.url))


def test_a_page_whose_scripts_have_come_says_what_else_is_wrong_alone(site: SiteTest, context: BrowserContext) -> None:
    with desk_served(site.root) as desk:
        waiting: list[Route] = []
        context.route("**/api/site", lambda route: waiting.append(route))
        page = entered(context, desk.url)
        expect(page.locator(".late")).to_have_count(0)  # while a slow desk is waited for
        wait_for(page, lambda: bool(waiting))
        waiting[0].abort()
        expect(page.get_by_role("alert")).to_contain_text("连不上写稿台")
