"""Manuscripts that are dropped on the desk: shown, confirmed, written; and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_client import Answer, Client, desk_served
from newsgen.authoring.importers.word_import import HandedIn
from newsgen.core.errors import UsageError
from newsgen.preview.desk import imports, pending_imports
from newsgen.preview.desk.pending_imports import PATIENCE, PendingImports
from site_test import SiteTest, tree
from word_files import cell, centred, drawing, paragraph, picture, run, table, word_file

REPORT = word_file(
    centred(run("学院党委召开工作会议", "<w:b/>"))
    + centred("发布时间：2024-03-13　作者：张三　来源：管理学院")
    + paragraph("3月13日，学院党委召开会议。")
    + paragraph(drawing("image1.jpg"))
    + centred("图1：会议现场")
    + table(cell("部门") + cell("人数"), cell("党办") + cell("3"))
    + paragraph("文：张三　图：李四　审核：王五"),
    media={"image1.jpg": picture()},
)
OFFERED = {"section": "meetings", "title": "学院党委召开工作会议", "date": "2024-03-13", "author": "张三"}


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    site.section("notices", "通知公告")
    with desk_served(site.root) as running:
        yield running


def zipped(*files: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


def read(desk: Client, data: bytes, name: str = "稿件.docx") -> Answer:
    return desk.call("POST", "import", data, name=name)


def confirm(desk: Client, identifier: str, **parts: str) -> Answer:
    return desk.call("POST", "import/confirm", {"id": identifier, **OFFERED, **parts})


def content(desk: Client) -> set[str]:
    return {path for path in tree(desk.root) if path.startswith("content/")}


def test_what_was_recognised_is_shown_before_anything_is_written(desk: Client) -> None:
    before = content(desk)
    found = read(desk, REPORT).json
    assert found["parts"] == {
        "title": "学院党委召开工作会议",
        "subtitle": "",
        "date": "2024-03-13",
        "author": "张三",
        "source": "管理学院",
        "photographer": "李四",
        "editor": "",
        "reviews": "王五",
        "kind": "",
    }
    assert (found["counts"]["pictures"], found["counts"]["tables"]) == ([1, 1], [1, 1])
    assert found["counts"]["characters"] == len("3月13日，学院党委召开会议。会议现场部门人数党办3")
    assert (found["missing"], found["files"]) == ([], ["hui-yi-xian-chang.jpg"])
    assert found["text"].startswith("3月13日，")
    assert "| 党办 | 3 |" in found["text"]
    assert content(desk) == before


def test_what_was_confirmed_is_written_as_a_draft_and_can_be_opened(desk: Client) -> None:
    found = read(desk, REPORT).json
    answer = confirm(desk, found["id"], section="notices", title="改过的标题", author="王芳")
    assert answer.status == 200
    report = desk.call("GET", "report", path=answer.json["path"]).json
    assert (report["fields"]["title"], report["fields"]["author"]) == ("改过的标题", "王芳")
    assert (report["section"], report["state"]) == ("notices", "draft")
    assert [(file["name"], file["shown"]) for file in report["files"]] == [("hui-yi-xian-chang.jpg", True)]
    assert confirm(desk, found["id"]).status == 404


def test_a_folder_with_photos_is_taken_whole(desk: Client) -> None:
    packed = zipped(
        ("20240313+工作会议/稿件.docx", REPORT),
        ("20240313+工作会议/照片/会场.jpg", picture("blue")),
        ("20240313+工作会议/附件 名单.xlsx", b"PK\x03\x04"),
    )
    found = read(desk, packed, "20240313+工作会议.zip").json
    assert found["files"] == ["hui-yi-xian-chang.jpg", "会场.jpg", "附件-名单.xlsx"]
    path = confirm(desk, found["id"]).json["path"]
    assert {Path(name).name for name in content(desk) if name.startswith(path.rpartition("/")[0])} == {
        "index.md",
        *found["files"],
    }


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"date": ""}, "date"),
        ({"date": "昨天"}, "date"),
        ({"date": "2024-13-40"}, "date"),
        ({"kind": "page"}, "kind"),
    ],
)
def test_a_faulty_field_is_told_at_the_field_and_nothing_is_lost(
    desk: Client, parts: dict[str, str], field: str
) -> None:
    found = read(desk, REPORT).json
    before = content(desk)
    answer = confirm(desk, found["id"], **parts)
    assert (answer.status, answer.json["error"], answer.json["field"]) == (422, "field", field)
    assert content(desk) == before
    assert confirm(desk, found["id"]).status == 200


def test_a_report_that_is_there_is_left_alone_and_another_title_helps(desk: Client) -> None:
    first = confirm(desk, read(desk, REPORT).json["id"]).json["path"]
    data = (desk.root / first).read_bytes()
    second = read(desk, REPORT).json["id"]
    answer = confirm(desk, second)
    assert (answer.status, answer.json["error"]) == (409, "new.exists")
    assert (desk.root / first).read_bytes() == data
    assert confirm(desk, second, title="另一个标题").status == 200


def test_a_notice_says_whom_it_addresses_and_becomes_one(desk: Client) -> None:
    notice = word_file(
        centred(run("关于召开会议的通知", "<w:b/>"))
        + paragraph("各党支部：")
        + paragraph("定于3月20日召开会议，请准时参加。")
        + paragraph("管理学院党委", properties='<w:jc w:val="right"/>')
        + paragraph("2024年3月13日", properties='<w:jc w:val="right"/>')
    )
    found = read(desk, notice, "通知.docx").json
    assert (found["parts"]["kind"], found["addressee"]) == ("通知", "各党支部")
    answer = confirm(desk, found["id"], title="关于召开会议的通知", author="", kind="通知")
    assert desk.call("GET", "report", path=answer.json["path"]).json["kind"] == "notice"


@pytest.mark.parametrize("text", ['"]\nkind: page\nx: "', "---\n", "标题: #1 '甲' \"乙\"", "\u2028甲\0乙", "甲\\"])
def test_what_is_typed_stays_one_value(desk: Client, text: str) -> None:
    answer = confirm(desk, read(desk, REPORT).json["id"], author=text, source=text)
    report = desk.call("GET", "report", path=answer.json["path"]).json
    assert report["kind"] == "news"
    assert report["fields"]["title"] == OFFERED["title"]
    assert set(report["fields"]) == {"title", "date", "author", "source", "draft"}


@pytest.mark.parametrize(
    ("section", "status"), [("../../outside", 422), ("nowhere", 422), ("", 422), ("/etc", 422), ("meetings/../..", 422)]
)
def test_a_report_is_written_into_sections_alone(desk: Client, section: str, status: int) -> None:
    before = content(desk)
    assert confirm(desk, read(desk, REPORT).json["id"], section=section).status == status
    assert content(desk) == before


@pytest.mark.parametrize(
    "title", ["../../../outside", "/etc/outside", "..", "C:\\outside", "NUL", "a" * 3000, "图" * 900]
)
def test_a_title_leads_nowhere(desk: Client, title: str) -> None:
    before = {str(path) for path in desk.root.parent.rglob("*outside*")}
    answer = confirm(desk, read(desk, REPORT).json["id"], title=title)
    assert answer.status == 200
    assert answer.json["path"].startswith("content/meetings/")
    assert (desk.root / answer.json["path"]).is_file()
    added = {str(path) for path in desk.root.parent.rglob("*outside*")} - before
    assert all(path.startswith(str(desk.root / "content" / "meetings")) for path in added)


# ---------------------------------------------------------------- what is refused


def bomb() -> bytes:
    """A ZIP of one megabyte that holds a gigabyte."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("a.bin", "w", force_zip64=True) as file,
    ):
        for _ in range(64):
            file.write(bytes(16_000_000))
    return target.getvalue()


def test_a_zip_leads_nowhere(desk: Client) -> None:
    link = zipfile.ZipInfo("link.jpg")
    link.external_attr = 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("稿件.docx", REPORT)
        archive.writestr(link, "/etc/passwd")
        for name in (
            "../../outside.jpg",
            "/etc/outside.jpg",
            "C:\\outside.jpg",
            "..\\outside.jpg",
            "index.md",
            ".htaccess",
        ):
            archive.writestr(zipfile.ZipInfo(name), picture())
    found = read(desk, target.getvalue(), "会议.zip").json
    path = confirm(desk, found["id"]).json["path"]
    folder = (desk.root / path).parent
    assert [item for item in folder.iterdir() if item.is_symlink()] == []
    assert {item.name for item in folder.iterdir()} <= {
        "index.md",
        "hui-yi-xian-chang.jpg",
        "link.jpg",
        "outside.jpg",
        "outside-2.jpg",
    }
    assert (folder / "index.md").read_bytes().startswith(b"---")
    assert not any("outside" in item.name for item in desk.root.parent.iterdir())


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("稿件.docx", b"", "word.broken"),
        ("稿件.docx", b"MZ", "word.broken"),
        ("稿件.docx", zipped(("a.txt", b"x")), "word.broken"),
        ("稿件.docx", REPORT[:-300], "word.broken"),
        ("稿件.zip", zipped(("a.txt", b"x")), "word.several"),
        ("稿件.zip", zipped(("a.docx", REPORT), ("b.docx", REPORT)), "word.several"),
        ("照片.jpg", picture(), "word.broken"),
        ("..", REPORT, "file.name"),
    ],
)
def test_what_is_no_manuscript_is_told(desk: Client, name: str, data: bytes, code: str) -> None:
    answer = read(desk, data, name)
    assert (answer.status, answer.json["error"], bool(answer.json["hint"])) == (422, code, True)


def test_a_bomb_is_refused(desk: Client) -> None:
    answer = read(desk, bomb(), "会议.zip")
    assert (answer.status, answer.json["error"]) == (422, "word.broken")


def test_an_archive_of_too_many_files_is_refused(desk: Client) -> None:
    packed = zipped(*((f"{number}.jpg", b"x") for number in range(600)))
    assert (read(desk, packed, "a.zip").status, read(desk, packed, "a.zip").json["error"]) == (422, "word.several")


def test_what_is_too_large_is_refused(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_BYTES", 1000)
    assert read(desk, REPORT).status == 413


def test_a_word_file_with_entities_is_refused(desk: Client) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    assert read(desk, target.getvalue()).json["error"] == "word.broken"


# ---------------------------------------------------------------- what waits


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def given(size: int) -> HandedIn:
    return HandedIn("a", bytes(size), "a.docx", ".docx", {})


def test_what_nobody_confirms_is_forgotten() -> None:
    clock = Clock()
    pending = PendingImports(clock)
    name = pending.add(given(1))
    clock.now += PATIENCE - 1
    assert pending.get(name).name == "a"
    clock.now += 2
    with pytest.raises(UsageError, match="不记得"):
        pending.get(name)


def test_the_oldest_goes_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_imports, "MOST_TOGETHER", 100)
    pending = PendingImports()
    first, second, third = (pending.add(given(45)) for _ in range(3))
    with pytest.raises(UsageError):
        pending.get(first)
    assert pending.get(second) == pending.get(third)
    pending.drop(second)
    with pytest.raises(UsageError):
        pending.get(second)


def test_what_belongs_to_a_page_takes_room_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_imports, "MOST_TOGETHER", 100)
    pending = PendingImports()
    page = HandedIn("a", b"", "a.html", ".html", {}, {"photo.jpg": bytes(60)})
    first, second = pending.add(page), pending.add(page)
    with pytest.raises(UsageError):
        pending.get(first)
    assert pending.get(second) is page


def test_an_identifier_cannot_be_guessed(desk: Client) -> None:
    found = read(desk, REPORT).json
    assert len(found["id"]) >= 16
    assert confirm(desk, "guess").status == 404
    assert desk.call("DELETE", "import", id="guess").status == 200
    assert desk.call("DELETE", "import", id=found["id"]).status == 200
    assert confirm(desk, found["id"]).status == 404
