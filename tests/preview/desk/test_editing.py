"""The desk's API for writing: reports listed, opened, saved, compared and brought back, over real sockets."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_client import Client, desk_served
from site_test import SiteTest, photo

PATH = "content/meetings/a.md"
TEXT = "\n第一段。\n\n第二段。\n"


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    """The desk of a site with one report."""
    site.article("meetings/a.md", TEXT.lstrip("\n"), title="第一篇", author="张三", branch="教工第一党支部")
    with desk_served(site.root) as client:
        yield client


def test_a_saved_text_lies_on_the_disk_and_on_the_page(site: SiteTest, desk: Client) -> None:
    report = desk.get("report", path=PATH)
    assert report["body"] == TEXT
    answer = desk.call("PUT", "report", {"base": report["version"], "body": "\n新的一段。\n"}, path=PATH)
    assert answer.status == 200
    assert (site.root / PATH).read_text("utf-8").endswith("branch: 教工第一党支部\n---\n\n新的一段。\n")
    assert desk.get("report/version", path=PATH)["version"] == answer.json["version"]
    assert "新的一段。" in desk.ask("GET", f"/{report['page']}").data.decode()


def test_a_text_typed_into_an_older_version_is_not_saved_over_a_newer_one(site: SiteTest, desk: Client) -> None:
    report = desk.get("report", path=PATH)
    site.article("meetings/a.md", "别人写的。\n", title="第一篇")
    before = (site.root / PATH).read_bytes()
    answer = desk.call("PUT", "report", {"base": report["version"], "body": "\n我写的。\n"}, path=PATH)
    assert (answer.status, answer.json["error"]) == (409, "changed")
    assert answer.json["theirs"]["body"] == "\n别人写的。\n"
    assert (site.root / PATH).read_bytes() == before


TOO_LONG = {"body": "\n我写的。\n" * 200_000}


@pytest.mark.parametrize("edit", [TOO_LONG, {"body": "\n我写的。\n", "fields": {"date": "去年"}}])
def test_a_conflict_is_told_first_also_where_the_edit_could_not_be_saved(
    site: SiteTest, desk: Client, edit: dict[str, object]
) -> None:
    report = desk.get("report", path=PATH)
    assert desk.call("PUT", "report", {"base": report["version"], **TOO_LONG}, path=PATH).status == 422
    site.article("meetings/a.md", "别人写的。\n", title="第一篇")
    answer = desk.call("PUT", "report", {"base": report["version"], **edit}, path=PATH)
    assert (answer.status, answer.json["error"]) == (409, "changed")
    assert answer.json["theirs"]["body"] == "\n别人写的。\n"


def test_what_another_window_wrote_as_well_is_no_conflict(site: SiteTest, desk: Client) -> None:
    report = desk.get("report", path=PATH)
    site.article("meetings/a.md", "同样的话。\n", title="第一篇", author="张三", branch="教工第一党支部")
    sent = {"base": report["version"], "body": "\n同样的话。\n", "fields": {"date": "去年"}}
    answer = desk.call("PUT", "report", sent, path=PATH)
    assert (answer.status, set(answer.json["refused"])) == (422, {"date"})
    assert answer.json["saved"]["version"] == desk.get("report/version", path=PATH)["version"]


def test_two_versions_are_compared_passage_by_passage(desk: Client) -> None:
    base, mine = "第一段。\n第二段。\n第三段。\n", "第一段，我改。\n第二段。\n第三段。\n"
    theirs = "第一段。\n第二段。\n第三段，别人改。\n"
    parts = desk.call("POST", "compare", {"base": base, "mine": mine, "theirs": theirs}).json["parts"]
    assert [part["kind"] for part in parts] == ["mine", "same", "theirs"]
    assert "".join(part["mine"] for part in parts) == mine
    assert "".join(part["theirs"] for part in parts) == theirs


def test_a_value_that_a_field_cannot_have_is_told_with_the_field_and_holds_up_nothing_else(
    site: SiteTest, desk: Client
) -> None:
    report = desk.get("report", path=PATH)
    sent = {"base": report["version"], "body": "\n改过。\n", "fields": {"date": "去年", "author": "李四"}}
    answer = desk.call("PUT", "report", sent, path=PATH)
    assert (answer.status, set(answer.json["refused"])) == (422, {"date"})
    text = (site.root / PATH).read_text("utf-8")
    assert "date: 2024-03-13\nauthor: 李四\n" in text
    assert "改过。" in text


def test_every_refused_field_is_named_and_the_text_is_saved(site: SiteTest, desk: Client) -> None:
    site.write("content/meetings/c.md", "---\ntitle: 会议\ndate: 2024-03-13\n---\n正文。\n")
    path = "content/meetings/c.md"
    report = desk.get("report", path=path)
    fields = {
        "date": "去年",
        "expires": "哪天",
        "colour": "红",
        "author": "李四",
        "attachments": [{"file": "名单.xlsx", "name": None}],
    }
    answer = desk.call("PUT", "report", {"base": report["version"], "body": "改过。\n", "fields": fields}, path=path)
    assert answer.status == 422
    assert set(answer.json["refused"]) == {"date", "expires", "colour"}
    assert "不是日期" in answer.json["refused"]["date"]["message"]
    assert set(answer.json["saved"]["fields"]) >= {"author", "attachments"}
    assert (site.root / path).read_text("utf-8").endswith("\n---\n改过。\n")


def test_a_field_without_a_clear_place_holds_up_nothing_else(site: SiteTest, desk: Client) -> None:
    path = "content/meetings/c.md"
    site.write(path, "---\ntitle: 会议\n正文。\n")
    report = desk.get("report", path=path)
    sent = {"base": report["version"], "body": report["body"] + "第二段。\n", "fields": {"author": "李四"}}
    answer = desk.call("PUT", "report", sent, path=path)
    assert (answer.status, set(answer.json["refused"])) == (422, {"author"})
    assert (site.root / path).read_text("utf-8").endswith("正文。\n第二段。\n")


def test_findings_name_the_field_or_the_line(site: SiteTest, desk: Client) -> None:
    report = desk.get("report", path=PATH)
    body = "\n第一段。\n\n参加的有12人，，都到了。\n"
    desk.call(
        "PUT", "report", {"base": report["version"], "body": body, "fields": {"title": "会议，，召开"}}, path=PATH
    )
    answer = desk.get("findings", path=PATH)
    lines = (site.root / PATH).read_text("utf-8").split("\n")
    found = {(item["field"], item["found"]) for item in answer["findings"]}
    assert ("title", "，，") in found or ("title", "，") in found
    assert any(item["field"] == "" and lines[item["line"] - 1].startswith("参加") for item in answer["findings"])
    assert (answer["state"], answer["page"]) == ("online", "meetings/2024/0313-a.html")


def test_an_earlier_version_is_listed_compared_and_brought_back(site: SiteTest, desk: Client) -> None:
    report = desk.get("report", path=PATH)
    sent = {"base": report["version"], "body": "\n第一段，改过。\n\n第二段。\n", "fields": {"author": "李四"}}
    saved = desk.call("PUT", "report", sent, path=PATH).json
    versions = desk.get("history", path=PATH)["versions"]
    assert [version["reason"] for version in versions] == ["修改", "修改之前"]
    old = desk.get("history/version", path=PATH, id=versions[1]["id"])
    assert old["body"] == TEXT
    assert old["fields"] == [{"key": "author", "then": "张三", "now": "李四"}]
    pieces = [piece for change in old["changes"] for piece in change["pieces"]]
    assert ["added", "，改过"] in pieces
    asked = {"path": PATH, "id": versions[1]["id"], "base": saved["version"]}
    assert desk.call("POST", "history/restore", asked).status == 200
    again = desk.get("report", path=PATH)
    assert (again["body"], again["version"]) == (TEXT, report["version"])
    assert desk.call("POST", "history/restore", asked).json["error"] == "changed"
    assert desk.get("history", path=PATH)["versions"][0]["characters"] == 8


def test_what_was_saved_in_the_minute_of_a_restore_or_by_another_window_is_found_again(desk: Client) -> None:
    def saved(base: str, words: str, window: str) -> str:
        sent = {"base": base, "body": words, "window": window}
        return str(desk.call("PUT", "report", sent, path=PATH).json["version"])

    first = saved(str(desk.get("report", path=PATH)["version"]), "\n一。\n", "甲")
    second = saved(first, "\n二二。\n", "乙")
    oldest = desk.get("history", path=PATH)["versions"][-1]["id"]
    asked = {"path": PATH, "id": oldest, "base": second}
    assert desk.call("POST", "history/restore", asked).status == 200
    found = [version["characters"] for version in desk.get("history", path=PATH)["versions"]]
    assert found == [8, 3, 2, 8]


def test_nothing_is_brought_back_over_a_text_that_could_not_be_kept(
    site: SiteTest, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = desk.get("report", path=PATH)
    saved = desk.call("PUT", "report", {"base": report["version"], "body": "\n一。\n"}, path=PATH).json["version"]
    oldest = desk.get("history", path=PATH)["versions"][-1]["id"]
    outside = (site.root / PATH).read_bytes() + "\n别的程序写的。\n".encode()
    (site.root / PATH).write_bytes(outside)
    base = desk.get("report/version", path=PATH)["version"]
    assert base != saved

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = desk.call("POST", "history/restore", {"path": PATH, "id": oldest, "base": base})
    assert (answer.status, answer.json["error"]) == (507, "desk.full")
    assert "没有恢复" in answer.json["message"]
    assert (site.root / PATH).read_bytes() == outside


def test_a_report_that_is_a_link_stays_one(site: SiteTest, desk: Client) -> None:
    link = site.root / "content/meetings/b.md"
    link.symlink_to("a.md")
    base, before = desk.get("report/version", path="content/meetings/b.md")["version"], (site.root / PATH).read_bytes()
    answer = desk.call("PUT", "report", {"base": base, "body": "\n改过。\n"}, path="content/meetings/b.md")
    assert answer.status == 200
    assert link.is_symlink()
    assert (site.root / PATH).read_text("utf-8").endswith("---\n\n改过。\n")
    oldest = desk.get("history", path="content/meetings/b.md")["versions"][-1]["id"]
    asked = {"path": "content/meetings/b.md", "id": oldest, "base": answer.json["version"]}
    assert desk.call("POST", "history/restore", asked).status == 200
    assert link.is_symlink()
    assert (site.root / PATH).read_bytes() == before


def test_a_report_is_opened_through_a_link_within_content_and_refused_with_the_reason_outside(
    site: SiteTest, desk: Client, tmp_path: Path
) -> None:
    site.article("meetings/c/index.md", "会议。\n")
    (site.root / "content/meetings/c/1.jpg").write_bytes(photo())
    (site.root / "content/meetings/d").symlink_to("c")
    (site.root / "content/meetings/b.md").symlink_to("a.md")
    assert [file["name"] for file in desk.get("report", path="content/meetings/d/index.md")["files"]] == ["1.jpg"]
    assert desk.get("report", path="content/meetings/b.md")["body"] == TEXT
    outside = tmp_path / "outside.md"
    outside.write_bytes((site.root / PATH).read_bytes())
    (site.root / "content/meetings/e.md").symlink_to(outside)
    for method, endpoint, body in (
        ("GET", "report", None),
        ("PUT", "report", {"base": "x", "body": "y"}),
        ("GET", "files", None),
    ):
        answer = desk.call(method, endpoint, body, path="content/meetings/e.md")
        assert answer.status == 404
        assert "content 文件夹之外的快捷方式" in answer.json["message"]
        assert "复制到这里" in answer.json["hint"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no UTF-8")
def test_a_report_beside_a_file_whose_name_is_no_utf8_can_be_opened(site: SiteTest, desk: Client) -> None:
    site.article("meetings/c/index.md", "会议。\n")
    folder = site.root / "content/meetings/c"
    for name in (b"\xd5\xd5\xc6\xac.jpg", b"1.jpg"):
        (folder / os.fsdecode(name)).write_bytes(photo())
    assert [file["name"] for file in desk.get("report", path="content/meetings/c/index.md")["files"]] == ["1.jpg"]


def test_a_new_report_is_an_empty_draft_in_a_folder_of_its_own(site: SiteTest, desk: Client) -> None:
    asked = {"kind": "notice", "section": "meetings", "title": "关于开会的通知", "name": "kaihui", "date": "2024-05-06"}
    answer = desk.call("POST", "reports", asked)
    path = answer.json["path"]
    assert path == "content/meetings/2024-05-06-kaihui/index.md"
    report = desk.get("report", path=path)
    assert (report["body"].strip(), report["state"]) == ("", "draft")
    assert report["page"] == "meetings/2024/0506-kaihui.html"
    assert desk.call("POST", "reports", asked).json["error"] == "new.exists"
    rows = {row["path"]: row for row in desk.get("reports")["reports"]}
    assert (rows[path]["kind"], rows[path]["state"]) == ("notice", "draft")
