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
