"""The section of a report at the desk: the one that is offered first, and a draft that is moved into another."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import BrowserContext, expect

from desk_browser import entered, is_saved, on_disk, route_to
from desk_client import Client, desk_at_work, desk_served, own_client
from newsgen.build.output.released import save_released
from newsgen.core.platform import rename
from newsgen.preview.desk.app import DeskApp
from newsgen.preview.desk.moving import KNOWN
from running import LIMIT, Answer, until
from site_test import SiteTest, photo, tree

pytestmark = pytest.mark.xdist_group("desk")

HOME = "content/meetings/2024-03-13-huiyi"
PATH = f"{HOME}/index.md"
MOVED = "content/notices/2024-03-13-huiyi/index.md"


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with a draft."""
    with_draft(site)
    with desk_served(site.root) as client:
        yield client


def with_draft(site: SiteTest) -> None:
    """A draft in a folder of its own, and a photo in it."""
    site.section("notices", "通知公告").section("party", "党建要闻")
    site.article(PATH.removeprefix("content/"), "正文。\n\n![会场](hc.jpg)\n", title="会议", draft="是")
    site.write(f"{HOME}/hc.jpg", photo())


def content(site: SiteTest) -> set[str]:
    return {path for path in tree(site.root) if path.startswith("content/")}


def test_a_notice_is_offered_the_section_where_notices_stand_else_the_one_that_is_called_so(
    site: SiteTest, desk: Client
) -> None:
    assert desk.get("site")["usual_sections"] == {"notice": "notices"}
    for number in range(2):
        site.article(f"party/{number}.md", title=f"第{number}号", kind="通知")
    site.article("notices/n.md", title="停电", kind="通知")
    with desk_served(site.root) as other:
        assert other.get("site")["usual_sections"] == {"notice": "party"}


def test_a_person_who_chose_a_section_keeps_it_when_the_kind_changes(desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, "new")
    section = page.get_by_label("栏目")
    first = section.input_value()
    assert first != "notices"
    page.get_by_label("通知", exact=True).check()
    expect(section).to_have_value("notices")
    page.get_by_label("新闻、报道").check()
    expect(section).to_have_value(first)
    section.select_option("party")
    page.get_by_label("通知", exact=True).check()
    expect(section).to_have_value("party")


def test_a_draft_goes_into_another_section_with_its_photos_and_its_history(site: SiteTest, desk: Client) -> None:
    report = desk.get("report", path=PATH)
    desk.call("PUT", "report", {"base": report["version"], "body": "改过。\n"}, path=PATH)
    site.write(f"{HOME}/old.jpg", photo())
    removed = desk.call("DELETE", "file", path=PATH, name="old.jpg")
    assert removed.status == 200
    before = desk.get("history", path=PATH)["versions"]
    assert desk.get("section", path=PATH) == {"section": "meetings", "reason": ""}
    answer = desk.call("POST", "section", {"path": PATH, "section": "notices"})
    assert (answer.status, answer.json) == (200, {"path": MOVED})
    assert not (site.root / HOME).exists()
    assert desk.get("history", path=MOVED)["versions"] == before
    assert desk.get("deleted") == {"reports": []}
    back = desk.call("POST", "file/restore", {"path": MOVED, "name": "old.jpg", "id": removed.json["id"]})
    assert back.status == 200
    found = desk.get("report", path=MOVED)
    assert (found["section"], {file["name"] for file in found["files"]}) == ("notices", {"hc.jpg", "old.jpg"})


def test_a_draft_beside_others_takes_the_photos_that_are_named_after_it(site: SiteTest, desk: Client) -> None:
    site.article("meetings/tongzhi.md", title="放假", draft="是")
    site.article("meetings/other.md", title="别的")
    site.write("content/meetings/tongzhi--1.jpg", photo())
    answer = desk.call("POST", "section", {"path": "content/meetings/tongzhi.md", "section": "notices"})
    assert answer.json == {"path": "content/notices/tongzhi.md"}
    assert {"content/notices/tongzhi.md", "content/notices/tongzhi--1.jpg", "content/meetings/other.md"} <= content(
        site
    )


@pytest.mark.parametrize("taken", ["2024-03-13-huiyi/index.md", "2024-03-13-huiyi.md", "2024-03-13-HUIYI/index.md"])
def test_a_name_that_is_taken_there_is_not_written_over(site: SiteTest, desk: Client, taken: str) -> None:
    site.article(f"notices/{taken}", title="别的一篇")
    before = content(site)
    answer = desk.call("POST", "section", {"path": PATH, "section": "notices"})
    assert (answer.status, answer.json["error"]) == (409, "new.exists")
    assert content(site) == before


def test_a_link_and_a_section_that_is_not_there_are_refused(site: SiteTest, desk: Client) -> None:
    assert desk.call("POST", "section", {"path": PATH, "section": "../.."}).json["error"] == "new.section"
    (site.root / "content/meetings/link").symlink_to(site.root / HOME, target_is_directory=True)
    answer = desk.call("POST", "section", {"path": "content/meetings/link/index.md", "section": "notices"})
    assert answer.json["error"] == "move.link"
    assert (site.root / PATH).exists()


@pytest.mark.parametrize("known", ["online", "released", "built", "signed"])
def test_a_report_that_readers_may_know_stays_where_it_is(site: SiteTest, desk: Client, known: str) -> None:
    page = desk.get("report", path=PATH)["page"]
    if known == "released":
        save_released(site.root, "main", [page])
    elif known == "built":
        site.write(f"public/{page}", "")
    else:
        more = {"online": {"draft": "否"}, "signed": {"draft": "是", "approvals": "\n  - 王五 同意"}}[known]
        site.article(PATH.removeprefix("content/"), title="会议", **more)
    before = content(site)
    if known != "signed":
        assert desk.get("section", path=PATH)["reason"] == KNOWN
    answer = desk.call("POST", "section", {"path": PATH, "section": "notices"})
    assert (answer.status, answer.json["error"]) == (422, "move.known")
    assert content(site) == before


def test_a_draft_that_goes_online_at_this_moment_stays_where_it_is(site: SiteTest) -> None:
    with_draft(site)
    written, answers = Event(), list[Answer]()

    def goes_online() -> None:
        written.wait(LIMIT)
        site.article(PATH.removeprefix("content/"), title="会议")

    with desk_at_work(site.root) as server:
        desk, application = own_client(server), server._site
        assert isinstance(application, DeskApp)
        application.writer.submit(goes_online)
        asked = {"path": PATH, "section": "notices"}
        move = Thread(target=lambda: answers.append(desk.call("POST", "section", asked)))
        move.start()
        until(lambda: application.writer._work_queue.qsize() > 0)
        written.set()
        move.join()
    assert [answer.json.get("error") for answer in answers] == ["move.known"]
    assert (site.root / PATH).exists()


def test_what_the_disk_refuses_in_the_middle_leaves_all_as_it_was(
    site: SiteTest, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.article("meetings/t.md", title="放假", draft="是")
    site.write("content/meetings/t--1.jpg", photo())
    before = content(site)

    def full(source: Path, target: Path) -> None:
        if source.name == "t.md":
            raise OSError(errno.EACCES, "denied")
        rename(source, target)

    monkeypatch.setattr("newsgen.authoring.move.rename", full)
    answer = desk.call("POST", "section", {"path": "content/meetings/t.md", "section": "notices"})
    assert answer.json["error"] == "desk.disk"
    assert content(site) == before


def test_a_member_moves_a_draft_in_its_form_and_goes_on_writing(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    page = entered(context, desk.url, route_to(PATH))
    page.get_by_role("button", name="文章信息").click()
    section = page.get_by_label("栏目")
    expect(section).to_be_enabled()
    page.locator("#text").fill("刚写的一句。")
    section.select_option("notices")
    expect(page.locator("#status")).to_have_text("已经移到“通知公告”")
    expect(page.locator(".place")).to_have_text("通知公告")
    expect(page.locator("#text")).to_have_value("刚写的一句。")
    page.locator("#text").fill("刚写的一句。又一句。")
    is_saved(page)
    assert "又一句" in (site.root / MOVED).read_text("utf-8")
    assert not (site.root / HOME).exists()


def test_a_published_report_shows_why_its_section_is_fixed(
    site: SiteTest, desk: Client, context: BrowserContext
) -> None:
    site.article("meetings/online.md", title="在线的一篇")
    with desk_served(site.root) as client:
        page = entered(context, client.url, route_to("content/meetings/online.md"))
        page.get_by_role("button", name="文章信息").click()
        expect(page.get_by_text(KNOWN)).to_be_visible()
        expect(page.get_by_label("栏目")).to_be_disabled()


def test_words_alone_ask_nothing_about_the_section(site: SiteTest, desk: Client, context: BrowserContext) -> None:
    page = entered(context, desk.url, route_to(PATH))
    expect(page.get_by_label("栏目")).to_be_enabled()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("?")[0].rpartition("/")[2]))
    page.locator("#text").fill("刚写的一句。")
    on_disk(site, lambda text: "刚写的一句。" in text, PATH)
    page.locator("#text").fill("又一句。")
    on_disk(site, lambda text: "又一句。" in text, PATH)
    is_saved(page)
    assert asked.count("report") >= 2
    assert "section" not in asked
