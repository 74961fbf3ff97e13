"""The clipboard at the desk: Markdown comes back, pictures become files, and nothing of it is run."""

from __future__ import annotations

import base64
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk_client import Client, desk_served
from newsgen.core.errors import UsageError
from newsgen.preview.desk import pasting
from running import Answer
from site_test import SiteTest, photo

REPORT = "content/meetings/2024-03-13-a/index.md"
SCREENSHOT = (Path(__file__).parents[2] / "photos" / "screenshot.png").read_bytes()


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    site.article("meetings/2024-03-13-a/index.md", "会议。\n")
    with desk_served(site.root) as running:
        yield running


def pasted(desk: Client, html: str, text: str = "", path: str = REPORT) -> Answer:
    return desk.call("POST", "paste", {"html": html, "text": text}, path=path)


def picture(data: bytes, kind: str = "png") -> str:
    return f'<img src="data:image/{kind};base64,{base64.b64encode(data).decode()}">'


def files(desk: Client) -> dict[str, bytes]:
    return {item.name: item.read_bytes() for item in (desk.root / REPORT).parent.iterdir() if item.name != "index.md"}


def test_rich_text_comes_back_as_markdown(desk: Client) -> None:
    html = (
        "<h2>一</h2><p>甲<b>乙</b></p><table><tr><td>姓名</td><td>人数</td></tr><tr><td>王</td><td>3</td></tr></table>"
    )
    found = pasted(desk, html, "一\n甲乙").json
    assert "**乙**" in found["markdown"]
    assert "| 王 | 3 |" in found["markdown"]
    assert found["files"] == []


def test_rows_of_a_sheet_become_a_table(desk: Client) -> None:
    assert pasted(desk, "", "姓名\t人数\n王\t3\n").json["markdown"].splitlines()[-1] == "| 王 | 3 |"


def test_pictures_of_a_clipboard_become_files_of_the_report(desk: Client) -> None:
    found = pasted(desk, f"<p>甲</p>{picture(SCREENSHOT)}<p>乙</p>{picture(photo(), 'jpeg')}").json
    names = [file["name"] for file in found["files"]]
    assert files(desk) == dict(zip(names, (SCREENSHOT, photo()), strict=True))
    assert [f"]({name})" in found["markdown"] for name in names] == [True, True]
    again = pasted(desk, picture(SCREENSHOT)).json
    assert again["files"][0]["name"] not in names
    listed = desk.call("GET", "files", path=REPORT).json["files"]
    assert {file["name"] for file in listed} == set(files(desk))


def test_a_picture_that_cannot_be_kept_leaves_no_hole_in_the_text(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise UsageError("照片没有放进来：不是照片")

    monkeypatch.setattr(pasting, "add_file", refused)
    found = pasted(desk, f"<p>甲</p>{picture(SCREENSHOT)}").json
    assert found["markdown"].strip() == "甲"
    assert "照片没有放进来：不是照片" in found["remarks"]
    assert files(desk) == {}


def test_a_full_disk_is_told_as_an_error_and_none_of_the_pictures_stays(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, left = os.fsync, [1]

    def full(descriptor: int) -> None:
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left.pop()
        synced(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    answer = pasted(desk, f"<p>甲</p>{picture(SCREENSHOT)}<p>乙</p>{picture(photo(), 'jpeg')}")
    assert (answer.status, answer.json["error"]) == (507, "desk.full")
    assert not left, "one of them was written"
    assert files(desk) == {}


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p>甲</p>",
        "<p onclick=alert(1)>甲</p><img src=x onerror=alert(1)>",
        '<p>甲</p><img src="data:image/svg+xml,<svg onload=alert(1)>">',
        '<p>甲</p><img src="file:///etc/passwd"><img src="http://127.0.0.1:1/x.png">',
        '<p>甲</p><a href="javascript:alert(1)"></a><iframe src="javascript:alert(1)"></iframe>',
        '<p>甲</p><img src="data:image/png;base64,AAAA"><img src="data:text/html;base64,PHNjcmlwdD4=">',
    ],
)
def test_nothing_that_could_run_is_carried(desk: Client, html: str) -> None:
    found = pasted(desk, html).json
    assert "甲" in found["markdown"]
    assert not any(
        sign in found["markdown"] for sign in ("<script", "onerror", "onclick", "javascript:", "data:", "file:")
    )
    assert files(desk) == {}


@pytest.mark.parametrize("path", ["content/../site.yaml", "content/meetings/_index.md", "../x.md", ""])
def test_one_pastes_into_reports_alone(desk: Client, path: str) -> None:
    assert pasted(desk, picture(SCREENSHOT), path=path).status == 404
    assert files(desk) == {}


def test_a_clipboard_without_end_is_refused(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasting, "MOST_BYTES", 1000)
    assert pasted(desk, "甲" * 1000).status == 413


def test_strangers_cannot_paste(desk: Client) -> None:
    body = {"html": picture(SCREENSHOT), "text": ""}
    assert desk.call("POST", "paste", body, {"Origin": "https://evil.example"}, path=REPORT).status == 403
    assert desk.call("POST", "paste", body, {"Cookie": None}, path=REPORT).status == 401
    assert desk.call("POST", "paste", b"{}", {"Content-Type": "text/plain"}, path=REPORT).status == 415
    assert files(desk) == {}
