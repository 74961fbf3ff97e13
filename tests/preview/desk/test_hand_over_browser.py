"""A report on its way in a real Chromium: handed in, taken in at the keeper's desk, signed, published to a folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from browser import LIMIT
from desk_browser import drop, route_to, violations, wait_for
from desk_client import PASSWORD, desk_at_work, with_passwords
from newsgen.authoring.hand_in import hand_in
from newsgen.preview.desk.access_token import kept_token
from newsgen.preview.desk.app import DESK
from newsgen.preview.desk.serve import Network
from newsgen.preview.serve import Served
from signed_site import POLICY
from site_test import SITE_YAML, SiteTest, photo

pytestmark = pytest.mark.xdist_group("desk")

REPORT = "content/meetings/2024-03-13-会议/index.md"
TEXT = "---\ntitle: 工作会议\ndate: 2024-03-13\nauthor: 王芳\n---\n\n第一句。\n\n![会场](1.jpg)\n"
NOW = datetime.fromisoformat("2024-03-14T09:30+08:00")
TARGET = "publish:\n  targets:\n    live: {{kind: folder, path: {}, http: no}}\n"


def opened(context: BrowserContext, server: Served, route: str) -> Page:
    """A tab at the desk of the person's own computer, at a route."""
    page = context.new_page()
    address = f"http://127.0.0.1:{server.port}{DESK}"
    page.goto(f"{address}?token={kept_token(server.preview.session.root)}")
    page.goto(f"{address}#/{route}")
    return page


def test_a_report_goes_from_the_member_to_the_readers(
    site: SiteTest,
    context: BrowserContext,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    member = SiteTest(tmp_path_factory.mktemp("member"), capsys)
    member.write("site.yaml", SITE_YAML).section("meetings", "会议动态")
    member.write(REPORT, TEXT).write(REPORT.replace("index.md", "1.jpg"), photo())
    route = route_to(REPORT)
    with desk_at_work(member.root) as server:
        page = opened(context, server, route)
        page.get_by_role("button", name="交稿").click()
        expect(page.get_by_role("dialog").get_by_label("谁交的稿")).to_have_value("王芳")
        assert violations(page) == []
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("20240313-王芳-工作会议.zip")
        assert violations(page) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="下载压缩包").click()
        handed = tmp_path / download.value.suggested_filename
        download.value.save_as(handed)
    assert handed.name == "20240313-王芳-工作会议.zip"

    live = tmp_path / "live"
    live.mkdir()
    site.write("site.yaml", SITE_YAML + POLICY + TARGET.format(live))
    with desk_at_work(site.root) as server:
        page = opened(context, server, "receive")
        page.get_by_label("压缩包").set_input_files(handed)
        expect(page.get_by_role("heading", name="工作会议")).to_be_focused()
        expect(page.locator(".received")).to_contain_text("这里还没有这一篇")
        assert violations(page) == []
        page.get_by_role("button", name="收下", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("工作会议")
        assert (site.root / REPORT).read_text("utf-8") == TEXT

        page.get_by_role("button", name="审签").click()
        page.get_by_role("dialog").get_by_role("button", name="退回").click()
        expect(page.get_by_role("dialog")).to_contain_text("选一个名字")
        page.get_by_role("dialog").get_by_label("谁签字").select_option("张老师")
        page.get_by_role("dialog").get_by_role("button", name="退回").click()
        expect(page.get_by_role("dialog")).to_contain_text("写清楚为什么")
        expect(page.get_by_role("dialog")).not_to_contain_text("选一个名字")
        page.get_by_role("dialog").get_by_label("意见").fill("请补上人数")
        page.get_by_role("dialog").get_by_role("button", name="退回").click()
        page.get_by_role("button", name="张老师退回了这一篇：请补上人数").click()
        expect(page.get_by_role("dialog")).to_contain_text("请补上人数")
        page.keyboard.press("Escape")

        decisions: list[Route] = []
        page.route("**/api/sign", lambda route: decisions.append(route))
        sign = page.get_by_role("button", name="审签", exact=True)
        for name, stage in (("张老师", "初审"), ("孙书记", "终审")):
            sign.click()
            dialog = page.get_by_role("dialog")
            dialog.get_by_label("谁签字").select_option(name)
            assert violations(page) == []
            dialog.get_by_role("button", name=f"{stage}同意").click()
            expect(dialog).to_be_hidden()
            expect(sign).to_be_disabled()  # until the decision has arrived: what stood before would be shown once more
            wait_for(page, lambda: bool(decisions))
            decisions.pop().continue_()
            expect(sign).to_be_enabled()
        expect(page.locator("#status")).to_have_text("已记下：同意")

        page.get_by_role("link", name="发布").click()
        real = page.get_by_role("button", name="发布", exact=True)
        expect(real).to_be_disabled()
        page.get_by_role("button", name="看会有什么变化").click()
        expect(page.locator(".publish .say")).to_have_text("看好了，还没有发布", timeout=4 * LIMIT * 1000)
        assert not list(live.iterdir())
        assert violations(page) == []
        real.click()
        page.get_by_role("dialog").get_by_role("button", name="发布").click()
        expect(page.locator(".publish .say")).to_have_text("发布好了", timeout=4 * LIMIT * 1000)
    assert any("第一句" in path.read_text("utf-8") for path in live.rglob("0313-*.html"))


def test_a_report_is_taken_in_where_the_keeper_wants_it(
    site: SiteTest, context: BrowserContext, tmp_path: Path
) -> None:
    site.section("study", "理论学习").write(REPORT, TEXT).write(REPORT.replace("index.md", "1.jpg"), photo())
    handed = tmp_path / "稿.zip"
    handed.write_bytes(hand_in(site.root, REPORT, "王芳", NOW, ()).data)
    with desk_at_work(site.root) as server:
        page = opened(context, server, "receive")
        drop(page.locator(".drop-place"), ("稿.zip", "application/zip", handed.read_bytes()))
        received = page.locator(".receive")
        expect(received).to_contain_text("和这里的一模一样")
        expect(received).to_contain_text("稿.zip：看好了，还没有收")
        expect(received).to_contain_text("收下以后在：会议动态 › 工作会议")
        expect(received).not_to_contain_text("index.md")
        expect(received.locator("pre")).to_be_visible()
        expect(received.locator("pre")).to_contain_text("第一句。")
        taking = received.get_by_role("button", name="收下")
        expect(taking).to_be_disabled()
        looks = "(button) => getComputedStyle(button).backgroundColor"
        assert taking.evaluate(looks) != page.get_by_role("button", name="选择压缩包").evaluate(looks)
        received.get_by_text("放到别的栏目，或收成另一篇").click()
        received.get_by_label("栏目").select_option("理论学习")
        expect(received).to_contain_text("收下以后在：理论学习 › 工作会议")
        assert violations(page) == []
        taking.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("工作会议")
    assert (site.root / REPORT.replace("meetings", "study")).read_text("utf-8") == TEXT


def test_a_writer_signs_in_and_sees_what_a_writer_may(site: SiteTest, context: BrowserContext, tmp_path: Path) -> None:
    site.write(REPORT, TEXT)
    with desk_at_work(site.root, Network(with_passwords(tmp_path, "王芳"))) as server:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.port}{DESK}")
        assert violations(page) == []
        expect(page.get_by_label("姓名")).to_be_focused()
        page.keyboard.type("王芳")
        page.keyboard.press("Tab")
        page.keyboard.type("wrong password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("姓名或密码不对")
        page.get_by_label("姓名").fill("王芳")
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="全部文章")).to_be_visible()
        assert page.get_by_role("link", name="收稿").count() == 0
        assert page.get_by_role("link", name="发布").count() == 0
        page.get_by_role("button", name="退出").click()
        expect(page.get_by_label("密码")).to_be_visible()


def answering(answer: dict[str, object]) -> Callable[[Route], None]:
    """What answers in the place of the desk."""
    return lambda route: route.fulfill(json=answer)


def test_what_is_said_of_a_run_is_what_readers_have(site: SiteTest, context: BrowserContext, tmp_path: Path) -> None:
    site.write("site.yaml", SITE_YAML + TARGET.format(tmp_path / "live"))
    run: dict[str, object] = {"targets": ["live"], "target": "live", "who": "", "lines": []}
    stays = {"diagnostics": [{"code": "live.answer"}, {"code": "publish.no-way-back"}]}
    said = {
        "没有发布成功，网站原样没动": {"state": "failed", "dry_run": False, "result": {"diagnostics": []}},
        "发布出了问题，新的一版留在网站上": {"state": "failed", "dry_run": False, "result": stays},
        "看好了，还没有发布": {"state": "done", "dry_run": True, "result": {"added": ["a.html"]}},
        "网站上已经是这一版": {"state": "done", "dry_run": True, "result": {"added": [], "published": False}},
    }
    with desk_at_work(site.root) as server:
        page = opened(context, server, "publish")
        for words, answer in said.items():
            page.route("**/api/publish", answering({**run, **answer}))
            page.reload()
            expect(page.locator(".publish .say")).to_have_text(words)
