"""What was deleted is found again at the desk: reports with their text, photos as long as the history has them."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest

from desk_client import Client, desk_served
from newsgen.authoring.history import keep
from newsgen.core.model import SHANGHAI
from running import until
from site_test import SiteTest, photo

PATH = "content/meetings/a/index.md"
NOW = datetime(2024, 3, 13, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with one report that has two photos."""
    site.article("meetings/a/index.md", "会议。\n\n![会场](1.jpg)\n\n![合影](2.jpg)\n", title="第一篇")
    for name in ("1.jpg", "2.jpg"):
        (site.root / PATH).with_name(name).write_bytes(photo())
    with desk_served(site.root) as client:
        yield client


def edited(desk: Client, path: str = PATH) -> None:
    report = desk.get("report", path=path)
    body = report["body"].replace("会议。", "会议召开。")
    assert desk.call("PUT", "report", {"base": report["version"], "body": body}, path=path).status == 200


def gone(site: SiteTest, desk: Client) -> dict[str, str]:
    """Delete the report outside the desk; gives what the list says of it."""
    edited(desk)
    shutil.rmtree((site.root / PATH).parent)
    (found,) = desk.get("deleted")["reports"]
    return dict(found)


def test_a_deleted_report_is_listed_looked_at_and_brought_back(site: SiteTest, desk: Client) -> None:
    edited(desk)
    assert desk.call("DELETE", "file", path=PATH, name="2.jpg").status == 200
    assert desk.get("deleted")["reports"] == []
    written = (site.root / PATH).read_bytes()
    found = gone(site, desk)
    assert (found["path"], found["title"], found["who"] != "") == (PATH, "第一篇", True)
    looked = desk.get("deleted/version", path=PATH, id=found["id"])
    assert looked["body"].startswith("\n会议召开。")
    assert (looked["photos"], looked["missing"]) == (["2.jpg"], ["1.jpg"])
    answer = desk.call("POST", "deleted/restore", {"path": PATH, "id": found["id"]})
    assert (answer.status, answer.json["photos"], answer.json["missing"]) == (200, ["2.jpg"], ["1.jpg"])
    assert (site.root / PATH).read_bytes() == written
    assert (site.root / PATH).with_name("2.jpg").read_bytes() == photo()
    assert desk.get("deleted")["reports"] == []
    assert PATH in [report["path"] for report in desk.get("reports")["reports"]]


def test_a_report_that_was_moved_is_not_deleted(site: SiteTest, desk: Client) -> None:
    edited(desk)
    (site.root / PATH).parent.rename((site.root / PATH).parent.with_name("b"))
    assert desk.get("deleted")["reports"] == []


LONG = "3月13日，学院党委召开会议。会议传达学习了上级精神，研究了本学期的重点工作，要求各支部抓好落实。"


def moved(site: SiteTest, to: str, path: str = PATH) -> str:
    """Move the folder of a report outside the desk; gives its new path."""
    target = site.root / "content" / to
    target.parent.mkdir(parents=True, exist_ok=True)
    (site.root / path).parent.rename(target)
    return f"content/{to}/index.md"


def deleted(desk: Client) -> list[str]:
    return [item["path"] for item in desk.get("deleted")["reports"]]


@pytest.mark.parametrize("to", ["notices/a", "meetings/b"])
def test_a_report_that_was_moved_and_then_edited_at_the_desk_is_not_deleted(
    site: SiteTest, desk: Client, to: str
) -> None:
    site.section("notices", "通知公告")
    edited(desk)
    new = moved(site, to)
    report = desk.get("report", path=new)
    body = "整篇重新写过，没有一句是原来的。\n"
    assert desk.call("PUT", "report", {"base": report["version"], "body": body}, path=new).status == 200
    assert deleted(desk) == []


@pytest.mark.parametrize("to", ["notices/a", "meetings/b"])
def test_a_report_that_was_moved_and_then_edited_by_another_program_is_not_deleted(
    site: SiteTest, desk: Client, to: str
) -> None:
    site.section("notices", "通知公告")
    site.article("meetings/a/index.md", LONG, title="第一篇")
    edited(desk)
    new = moved(site, to)
    site.write(new, (site.root / new).read_text("utf-8").replace("上级精神", "有关文件精神") + "\n另外加了一句。\n")
    until(lambda: deleted(desk) == [])  # the list knows its title as soon as the preview does


def test_a_report_is_deleted_though_another_one_was_made_of_its_copy(site: SiteTest, desk: Client) -> None:
    site.article("meetings/a/index.md", LONG, title="第一篇")
    edited(desk)
    shutil.copytree((site.root / PATH).parent, site.root / "content/meetings/c")
    copy = "content/meetings/c/index.md"
    report = desk.get("report", path=copy)
    fields = {"title": "第二篇", "date": "2024-05-01"}
    assert desk.call("PUT", "report", {"base": report["version"], "fields": fields}, path=copy).status == 200
    shutil.rmtree((site.root / PATH).parent)
    assert deleted(desk) == [PATH]


def test_a_report_is_deleted_though_one_of_the_same_name_stands_elsewhere(site: SiteTest, desk: Client) -> None:
    site.section("notices", "通知公告")
    site.article("meetings/a/index.md", LONG, title="第一篇")
    site.article("notices/a/index.md", f"{LONG}大家要按时参加。", title="第一篇")
    twin = "content/notices/a/index.md"
    opened = desk.get("report", path=twin)
    desk.call("PUT", "report", {"base": opened["version"], "body": f"{opened['body']}请假。\n"}, path=twin)
    edited(desk)
    shutil.rmtree((site.root / PATH).parent)
    assert deleted(desk) == [PATH], "both were there at once"


def test_a_report_is_deleted_though_somebody_wrote_another_one_of_its_name_since(site: SiteTest, desk: Client) -> None:
    site.section("notices", "通知公告")
    site.article("meetings/a/index.md", LONG, title="第一篇")
    edited(desk)
    shutil.rmtree((site.root / PATH).parent)
    site.article("notices/a/index.md", "5月1日放假，请各支部安排好值班，离校的同学注意安全。", title="放假通知")
    assert deleted(desk) == [PATH]


def test_nothing_that_is_there_is_written_over(site: SiteTest, desk: Client) -> None:
    found = gone(site, desk)
    site.article("meetings/a/index.md", "新的。\n")
    before = (site.root / PATH).read_bytes()
    answer = desk.call("POST", "deleted/restore", {"path": PATH, "id": found["id"]})
    assert (answer.status, answer.json["error"]) == (409, "new.exists")
    assert (site.root / PATH).read_bytes() == before


@pytest.mark.parametrize(
    "path",
    [
        "site.md",
        "content/../x.md",
        "content/meetings/_index.md",
        "content/.x/a.md",
        "content/_x/a.md",
        "content/out/a.md",
    ],
)
def test_a_history_that_lies_brings_nothing_to_other_places(site: SiteTest, desk: Client, path: str) -> None:
    (site.root / "content/out").symlink_to(site.root.parent)
    kept = keep(site.root, path, b"---\ntitle: x\n---\n", "", "edited", NOW).id
    before = sorted(site.root.parent.rglob("*.md"))
    assert desk.call("POST", "deleted/restore", {"path": path, "id": kept}).status == 404
    assert sorted(site.root.parent.rglob("*.md")) == before
    listed = [item["path"] for item in desk.get("deleted")["reports"]]
    assert listed == ([path] if path == "content/out/a.md" else [])


def test_a_section_that_is_gone_is_told(site: SiteTest, desk: Client) -> None:
    found = gone(site, desk)
    shutil.rmtree(site.root / "content/meetings")
    answer = desk.call("POST", "deleted/restore", {"path": PATH, "id": found["id"]})
    assert (answer.status, answer.json["error"]) == (422, "new.section")
    assert not (site.root / "content/meetings").exists()
    assert desk.get("deleted/version", path=PATH, id=found["id"])["body"]


def test_a_full_disk_is_told_and_leaves_nothing(site: SiteTest, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = gone(site, desk)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    answer = desk.call("POST", "deleted/restore", {"path": PATH, "id": found["id"]})
    assert (answer.status, answer.json["error"]) == (507, "desk.full")
    assert not (site.root / PATH).parent.exists()


def test_photos_that_were_removed_are_listed_seen_and_brought_back(site: SiteTest, desk: Client) -> None:
    other = "content/meetings/b.md"
    site.article("meetings/b.md", "另一篇。\n")
    assert desk.get("files/removed", path=PATH)["files"] == []
    desk.call("DELETE", "file", path=PATH, name="1.jpg")
    (found,) = desk.get("files/removed", path=PATH)["files"]
    assert (found["name"], found["kind"], found["size"]) == ("1.jpg", "photo", len(photo()))
    assert desk.get("files/removed", path=other)["files"] == []
    seen = desk.call("GET", "file/removed", path=PATH, name="1.jpg", id=found["id"])
    assert seen.data.startswith(b"\xff\xd8\xff")
    assert desk.call("GET", "file/removed", path=other, name="1.jpg", id=found["id"]).status == 404
    asked = {"path": PATH, "name": "1.jpg", "id": found["id"]}
    assert desk.call("POST", "file/restore", asked).json["file"]["name"] == "1.jpg"
    assert desk.get("files/removed", path=PATH)["files"] == []


def test_a_removed_photo_whose_name_is_taken_comes_back_under_another(site: SiteTest, desk: Client) -> None:
    desk.call("DELETE", "file", path=PATH, name="1.jpg")
    (found,) = desk.get("files/removed", path=PATH)["files"]
    (site.root / PATH).with_name("1.jpg").write_bytes(photo() + b"another")
    asked = {"path": PATH, "name": "1.jpg", "id": found["id"]}
    name = desk.call("POST", "file/restore", asked).json["file"]["name"]
    assert name not in ("1.jpg", "2.jpg")
    assert (site.root / PATH).with_name(name).read_bytes() == photo()
    assert (site.root / PATH).with_name("1.jpg").read_bytes() == photo() + b"another"
