"""What changed since an approval, beside the page of the preview, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Route, expect

from browser import chromium, wait_until
from newsgen.preview.app import changes_of
from newsgen.preview.serve import BindAddress, Served
from preview_helpers import served
from running import LIMIT
from signed_site import PAGE, SignedSite

pytestmark = pytest.mark.xdist_group("preview")


@pytest.fixture
def server(signed_site: SignedSite) -> Iterator[Served]:
    """The preview of a site with an approved article that was edited since."""
    signed_site.edit("正文第一句。", "正文第<二>句。")
    with served(signed_site.root, BindAddress("127.0.0.1", 0)) as running:
        assert running.preview.wait(lambda version: PAGE in version.outputs, LIMIT)
        yield running


def test_a_reviewer_sees_beside_the_page_what_changed_since_the_approval(
    server: Served, signed_site: SignedSite
) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{server.address}{PAGE}")
        page.get_by_role("button", name="看改了哪里").click()
        panel = page.get_by_role("complementary", name="审过以后的改动")
        expect(panel.locator("del").last).to_have_text("一")
        expect(panel.locator("ins").last).to_have_text("<二>")
        expect(page.locator("article").first).to_be_visible()
        signed_site.edit("正文第<二>句。", "正文第三句。")
        expect(panel.locator("ins").last).to_have_text("三")
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(page.get_by_role("button", name="看改了哪里")).to_be_visible()


def test_changes_that_come_late_take_the_place_of_no_newer_ones(server: Served, signed_site: SignedSite) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        held: list[tuple[Route, APIResponse]] = []
        page.route("**/.newsgen/changes/**", lambda route: held.append((route, route.fetch())), times=1)
        page.goto(f"{server.address}{PAGE}")
        page.get_by_role("button", name="看改了哪里").click()
        wait_until(page, "true")  # what the browser asks is heard while it is asked something
        panel = page.get_by_role("complementary", name="审过以后的改动")
        signed_site.edit("正文第<二>句。", "正文第三句。")
        expect(panel.locator("ins").last).to_have_text("三")
        (route, answer), *_ = held
        with page.expect_response(lambda response: response.request == route.request) as late:
            route.fulfill(response=answer)
        late.value.finished()
        page.evaluate("() => new Promise((done) => setTimeout(done))")
        assert panel.locator("ins").last.text_content() == "三"


def test_where_nothing_was_approved_the_preview_says_so(server: Served, signed_site: SignedSite) -> None:
    signed_site.article("meetings/b.md", title="<b>")
    assert server.preview.wait(lambda version: "meetings/2024/0313-b.html" in version.outputs, LIMIT)

    def told(path: str) -> str:
        return server.preview.submit(lambda session: changes_of(session, path)).result()

    assert "还没有审完过" in told("meetings/2024/0313-b.html")
    assert told("index.html") == told("meiyou.html") == "<p>这一页不是一篇文章。</p>"
