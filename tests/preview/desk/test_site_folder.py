"""The folder of the site is gone as a whole: whatever one does, that is what is told, and nothing is written in its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_client import Client, desk_at_work, desk_served, with_passwords
from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.preview.desk.serve import Network
from newsgen.preview.desk.site_folder import is_out_of_reach
from newsgen.preview.session import Session
from site_test import SiteTest, photo

A = "content/meetings/2024-03-13-a/index.md"


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    site.article("meetings/2024-03-13-a/index.md")
    with desk_served(site.root) as client:
        yield client


@pytest.mark.parametrize("leaves_an_empty_folder", [True, False])
def test_whatever_one_does_the_whole_folder_is_told_and_then_all_goes_on(
    desk: Client, tmp_path: Path, leaves_an_empty_folder: bool
) -> None:
    opened = desk.get("report", path=A)
    made = desk.call("POST", "hand-in", {"path": A}).json["url"].partition("id=")[2]
    zipped = desk.call("GET", "hand-in", id=made).data
    edit = {"base": opened["version"], "body": f"{opened['body']}接着写的。\n"}
    home = desk.root.rename(tmp_path / "pulled out")
    if leaves_an_empty_folder:
        desk.root.mkdir()
    for method, endpoint, body, query in [
        ("PUT", "report", edit, {"path": A}),
        ("GET", "report", None, {"path": A}),
        ("GET", "report/version", None, {"path": A}),
        ("GET", "findings", None, {"path": A}),
        ("GET", "files", None, {"path": A}),
        ("PUT", "file", photo(), {"path": A, "name": "p.jpg"}),
        ("POST", "paste", {"text": "贴的"}, {"path": A}),
        ("GET", "history", None, {"path": A}),
        ("GET", "standing", None, {"path": A}),
        ("POST", "hand-in", {"path": A}, {}),
        ("POST", "receive", zipped, {"name": "a.zip"}),
        ("POST", "reports", {"kind": "news", "section": "meetings", "title": "新的"}, {}),
        ("POST", "section", {"path": A, "section": "meetings"}, {}),
    ]:
        found = desk.call(method, endpoint, body, None, **query)
        assert (found.status, found.json["error"]) == (503, "desk.unreachable"), (endpoint, found.text)
        assert found.json["message"] == f"连不上放网站的文件夹 {desk.root}"
        assert "先不要关；接上以后，这里会自动保存" in found.json["hint"]
    if leaves_an_empty_folder:
        assert list(desk.root.iterdir()) == [], "nothing is written where the drive is plugged in"
        desk.root.rmdir()
    assert not desk.root.exists()
    home.rename(desk.root)
    assert desk.call("PUT", "report", edit, None, path=A).status == 200
    assert (desk.root / A).read_text("utf-8").endswith("接着写的。\n")


@pytest.mark.parametrize("leaves_an_empty_folder", [True, False])
def test_a_preview_that_looks_meanwhile_makes_nothing_in_its_place(
    site: SiteTest, tmp_path: Path, leaves_an_empty_folder: bool
) -> None:
    site.article("meetings/2024-03-13-a/index.md")
    session = Session(site.root, lambda: datetime(2024, 6, 1, tzinfo=UTC))
    session.look()
    home = site.root.rename(tmp_path / "pulled out")
    if leaves_an_empty_folder:
        site.root.mkdir()
    assert session.look().shown_diagnostics[0].code == "config.missing"
    session.save()
    assert (list(site.root.iterdir()) if leaves_an_empty_folder else site.root.exists()) in ([], False)
    if leaves_an_empty_folder:
        site.root.rmdir()
    home.rename(site.root)
    assert session.look().shown_diagnostics == ()
    session.close()


def test_the_clock_of_a_site_that_is_gone_is_not_looked_for_in_a_new_folder(tmp_path: Path) -> None:
    BuildState(tmp_path / "gone", Store.disabled())
    BuildState(tmp_path / "gone", Store(tmp_path / "gone", ""))
    assert not (tmp_path / "gone").exists()
    BuildState(tmp_path, Store(tmp_path, "", tmp_path / "elsewhere" / "cache"))
    assert (tmp_path / "elsewhere" / "cache").is_dir()


def test_a_report_that_is_gone_alone_and_a_wrong_request_are_told_as_what_they_are(desk: Client) -> None:
    (desk.root / A).unlink()
    found = desk.call("GET", "report", None, None, path=A)
    assert (found.status, found.json["error"], found.json["message"]) == (404, "desk.missing", "这一篇的文件不在了")
    assert desk.call("PUT", "report", {"body": 1}, None, path=A).status == 400


def test_who_is_at_another_computer_is_told_whom_to_ask_and_no_path(site: SiteTest, tmp_path: Path) -> None:
    site.article("meetings/2024-03-13-a/index.md")
    with desk_at_work(site.root, Network(with_passwords(tmp_path, "王芳"))) as server:
        client = Client(server.port)
        client.sign_in("王芳")
        home = site.root.rename(tmp_path / "pulled out")
        found = client.call("GET", "report", None, None, path=A).json
        home.rename(site.root)
    assert (found["error"], found["message"]) == ("desk.unreachable", "连不上放网站的文件夹")
    assert "请告诉管网站的人" in found["hint"]


def test_a_folder_that_does_not_answer_is_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(_: Path) -> bool:
        raise OSError(116, "Stale file handle")

    (tmp_path / "content").mkdir()
    assert not is_out_of_reach(tmp_path)
    monkeypatch.setattr(Path, "exists", stale)
    assert is_out_of_reach(tmp_path)
