"""Photos and attachments of the desk: what comes in, what goes out, and what stays away."""

from __future__ import annotations

import errno
import io
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from select import select

import pytest
from PIL import Image

from desk_client import Client, desk_served
from hanging import without_hanging
from loop_clock import LoopClock
from newsgen.preview.desk import uploads
from newsgen.preview.desk.listed_files import listed_files
from newsgen.preview.protocol import TimedProtocol
from running import LIMIT, until
from site_test import SiteTest, photo, tree

PHOTOS = Path(__file__).parents[2] / "photos"
REPORT = "content/meetings/2024-03-13-a/index.md"
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    site.article("meetings/2024-03-13-a/index.md", "会议。\n")
    with desk_served(site.root) as running:
        yield running


def files(desk: Client, path: str = REPORT) -> set[str]:
    """The names that lie beside a report."""
    return {item.name for item in (desk.root / path).parent.iterdir()} - {Path(path).name}


def parts(desk: Client) -> list[Path]:
    """What is left of files that came in."""
    return [path for path in (desk.root / "content").rglob(".*") if path.is_file()]


def put(desk: Client, name: str, data: bytes, path: str = REPORT) -> dict[str, object]:
    answer = desk.call("PUT", "file", data, path=path, name=name)
    assert answer.status == 200, answer.json
    file: dict[str, object] = answer.json["file"]
    return file


def test_a_photo_comes_in_as_it_is_and_gets_a_thumbnail_upright(desk: Client) -> None:
    data = (PHOTOS / "phone-turned.jpg").read_bytes()
    file = put(desk, "与会人员合影.JPG", data)
    assert (file["kind"], file["caption"], file["width"], file["height"]) == ("photo", "与会人员合影", 800, 600)
    name = str(file["name"])
    assert name.isascii()
    assert (desk.root / REPORT).with_name(name).read_bytes() == data
    thumb = desk.call("GET", "file", path=REPORT, name=name, thumb="1")
    picture = Image.open(io.BytesIO(thumb.data))
    assert (thumb.headers["content-type"], picture.size) == ("image/jpeg", (360, 270))
    assert picture.convert("RGB").getpixel((5, 5)) == pytest.approx((254, 0, 0), abs=4)
    shown = desk.call("GET", "file", path=REPORT, name=name)
    assert (shown.data, shown.headers["content-disposition"].partition(";")[0]) == (data, "inline")
    assert parts(desk) == []


def test_a_photo_of_an_iphone_gets_a_thumbnail(desk: Client) -> None:
    name = str(put(desk, "IMG_1.HEIC", (PHOTOS / "iphone.heic").read_bytes())["name"])
    thumb = desk.call("GET", "file", path=REPORT, name=name, thumb="1")
    assert Image.open(io.BytesIO(thumb.data)).size == (360, 270)
    assert desk.call("GET", "file", path=REPORT, name=name).headers["content-disposition"].startswith("attachment")


def test_two_photos_of_one_name_do_not_meet(desk: Client) -> None:
    names = {str(put(desk, "1.jpg", photo())["name"]) for _ in range(3)}
    assert len(names) == 3
    assert files(desk) == names


def test_the_report_lists_its_files_and_where_they_show(desk: Client) -> None:
    mark, shown, other = (str(put(desk, name, photo())["name"]) for name in ("3.jpg", "a.jpg", "b.jpg"))
    sheet = str(put(desk, "sheet.pdf", b"%PDF-1.7\n")["name"])
    text = f"---\ntitle: 一\ndate: 2024-03-13\nattachments: {sheet}\n---\n\n![会\\[场](<{shown}>)\n\n【图3：合影】\n"
    (desk.root / REPORT).write_text(text, "utf-8")
    listed = {item["name"]: item for item in desk.call("GET", "report", path=REPORT).json["files"]}
    assert {name: (item["shown"], item["caption"]) for name, item in listed.items()} == {
        shown: (True, "会[场"),
        other: (False, ""),
        mark: (True, "合影"),
        sheet: (True, ""),
    }


@pytest.mark.parametrize(
    ("line", "captions"),
    [
        ("![a](1.jpg) ![b](" + " " * 20_000, ("a", "")),
        ("【图2" + " " * 20_000 + "合影】", ("", "合影")),
        ("![a](1.jpg)" + "【图1" * 20_000, ("a", "")),
        ("【 图 2 ， 会场 12 人 】", ("", "会场 12 人")),
    ],
    ids=["blanks", "mark", "marks", "padded mark"],
)
def test_captions_are_read_without_hanging_whatever_else_the_line_holds(
    site: SiteTest, line: str, captions: tuple[str, str]
) -> None:
    site.article("meetings/2024-03-13-a/index.md", f"{line}\n")
    for name in ("1.jpg", "2.jpg"):
        (site.root / REPORT).with_name(name).write_bytes(photo())
    with without_hanging():
        found = listed_files(site.root, REPORT, (site.root / REPORT).read_bytes())
    assert tuple(file.caption for file in found) == captions


@pytest.mark.parametrize(("encoding", "above"), [("gb18030", ""), ("utf-8", "第一行\u2028第二行\x0b第三行\n\n")])
def test_captions_are_read_in_every_encoding_and_below_every_line_end(
    site: SiteTest, encoding: str, above: str
) -> None:
    site.article("meetings/2024-03-13-a/index.md", f"{above}![会场](1.jpg)\n")
    (site.root / REPORT).with_name("1.jpg").write_bytes(photo())
    data = (site.root / REPORT).read_text("utf-8").encode(encoding)
    assert [file.caption for file in listed_files(site.root, REPORT, data)] == ["会场"]


def test_what_is_removed_lies_in_the_history_and_comes_back(desk: Client) -> None:
    name = str(put(desk, "a.jpg", photo())["name"])
    kept = desk.call("DELETE", "file", path=REPORT, name=name).json["id"]
    assert files(desk) == set()
    assert desk.call("GET", "file", path=REPORT, name=name).status == 404
    assert desk.call("DELETE", "file", path=REPORT, name=name).status == 404
    wanted = {"path": REPORT, "name": name, "id": kept}
    for wrong in ({"name": "../x.jpg"}, {"name": "b.jpg"}, {"id": "../x"}, {"path": "site.yaml"}):
        assert desk.call("POST", "file/restore", {**wanted, **wrong}).status in (404, 409, 422)
    assert desk.call("POST", "file/restore", wanted).json["file"]["name"] == name
    assert (desk.root / REPORT).with_name(name).read_bytes() == photo()
    assert desk.call("POST", "file/restore", wanted).status == 409
    assert files(desk) == {name}


def test_a_photo_of_a_report_without_a_folder_lies_beside_it_and_the_address_stays(site: SiteTest) -> None:
    site.article("meetings/2024-03-13-a.md", "会议。\n")
    path = "content/meetings/2024-03-13-a.md"
    with desk_served(site.root) as desk:
        name = str(put(desk, "b.jpg", photo(), path)["name"])
        assert name.startswith("2024-03-13-a-")
        assert [item["name"] for item in desk.call("GET", "files", path=path).json["files"]] == [name]
        site.article("meetings/2024-03-13-a.md", f"![b]({name})\n")
    built = site.built()
    assert "media/" in built.text("meetings/2024/0313-a.html")


# ---------------------------------------------------------------- what goes out runs nothing


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.pdf", "a.xml"])
def test_a_file_that_could_run_something_is_only_saved(desk: Client, name: str) -> None:
    (desk.root / REPORT).with_name(name).write_bytes(PAGE)
    headers = desk.call("GET", "file", path=REPORT, name=name).headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment")
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_photo_that_is_a_page_as_well_is_shown_as_a_photo(desk: Client) -> None:
    name = str(put(desk, "a.jpg", photo() + PAGE)["name"])
    headers = desk.call("GET", "file", path=REPORT, name=name).headers
    assert (headers["content-type"], headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in headers["content-security-policy"]


# ---------------------------------------------------------------- what does not come in


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file.kind"),
        ("图.jpg", PAGE, "file.kind"),
        ("网页.html", PAGE, "file.kind"),
        ("名单.docx", PAGE, "file.kind"),
        ("程序.exe", b"MZ\0\0", "file.kind"),
        ("空.jpg", b"", "file.empty"),
        ("坏.jpg", b"\xff\xd8\xff\xe0" + bytes(40), "image.damaged"),
    ],
)
def test_what_no_site_may_publish_does_not_come_in(desk: Client, name: str, data: bytes, code: str) -> None:
    answer = desk.call("PUT", "file", data, path=REPORT, name=name)
    assert (answer.status, answer.json["error"]) == (422, code)
    assert files(desk) == set()
    assert parts(desk) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../../outside.jpg",
        "..\\..\\outside.jpg",
        "/etc/outside.jpg",
        "C:\\outside.jpg",
        "a/b/outside.jpg",
        "outside.jpg\0.svg",
        "..%2f..%2foutside.jpg",
        "NUL.jpg",
        "con .jpg",
        "index.md.jpg",
        ".hidden.jpg",
        "a" * 5000 + ".jpg",
        "图" * 500 + ".jpg",
        "\u202egpj.exe.jpg",
        "a.jpg\n",
    ],
)
def test_a_name_leads_nowhere(desk: Client, name: str) -> None:
    before = {path for path in tree(desk.root) if not path.startswith("public/")}
    answer = desk.call("PUT", "file", photo(), path=REPORT, name=name)
    added = {path for path in tree(desk.root) if not path.startswith("public/")} - before
    if answer.status == 200:
        taken = answer.json["file"]["name"]
        assert added == {f"content/meetings/2024-03-13-a/{taken}"}
        assert taken.isascii()
        assert taken.isprintable()
        assert "/" not in taken
        assert taken[0] != "."
        assert len(taken) < 150
        assert taken.partition(".")[0].lower() not in ("nul", "con")
    else:
        assert (answer.status, added) == (422, set())
    assert not (desk.root.parent / "outside.jpg").exists()


@pytest.mark.parametrize(
    "path",
    [
        "content/../site.yaml",
        "site.yaml",
        "content/meetings/_index.md",
        "content/meetings/2024-03-13-a",
        "content/meetings/../../x.md",
        "/content/meetings/2024-03-13-a/index.md",
        "content/meetings/2024-03-13-a/index.md\0",
        "content\\meetings\\2024-03-13-a\\index.md",
        "content/meetings/none/index.md",
        "",
    ],
)
def test_only_a_report_has_files(desk: Client, path: str) -> None:
    before = {name for name in tree(desk.root) if not name.startswith("public/")}
    assert desk.call("PUT", "file", photo(), path=path, name="a.jpg").status == 404
    assert desk.call("GET", "file", path=path, name="_index.md").status == 404
    assert desk.call("DELETE", "file", path=path, name="_index.md").status == 404
    assert {name for name in tree(desk.root) if not name.startswith("public/")} == before


@pytest.mark.parametrize(
    "name",
    ["index.md", "../_index.md", "../../../site.yaml", "..%2f_index.md", ".newsgen", "", "a.jpg\0", "/etc/passwd"],
)
def test_only_files_of_the_report_go_out_or_away(desk: Client, name: str) -> None:
    assert desk.call("GET", "file", path=REPORT, name=name).status == 404
    assert desk.call("DELETE", "file", path=REPORT, name=name).status == 404
    assert (desk.root / REPORT).exists()
    assert (desk.root / "site.yaml").exists()


def test_nothing_is_written_or_read_through_a_link(desk: Client, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.md").write_bytes((desk.root / REPORT).read_bytes())
    (outside / "secret.jpg").write_bytes(photo())
    (desk.root / "content/meetings/linked").symlink_to(outside)
    (desk.root / REPORT).with_name("link.jpg").symlink_to(outside / "secret.jpg")
    path = "content/meetings/linked/index.md"
    assert desk.call("PUT", "file", photo(), path=path, name="a.jpg").status == 404
    assert desk.call("GET", "file", path=path, name="secret.jpg").status == 404
    assert desk.call("GET", "file", path=REPORT, name="link.jpg", thumb="1").status == 404
    assert desk.call("DELETE", "file", path=REPORT, name="link.jpg").status == 404
    assert {item.name for item in outside.iterdir()} == {"index.md", "secret.jpg"}


# ---------------------------------------------------------------- who may, and how much


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Cookie": None}, 401),
        ({"Cookie": "newsgen-desk=guess"}, 401),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "evil.example"}, 421),
    ],
)
def test_only_the_desks_own_page_writes(desk: Client, headers: dict[str, str | None], status: int) -> None:
    put(desk, "kept.jpg", photo())
    kept = files(desk)
    assert desk.call("PUT", "file", photo(), headers, path=REPORT, name="a.jpg").status == status
    assert desk.call("DELETE", "file", None, headers, path=REPORT, name=kept.copy().pop()).status == status
    assert desk.call("POST", "import", b"", headers, name="a.docx").status == status
    assert files(desk) == kept


def head(desk: Client, more: str) -> bytes:
    path = f"/.newsgen/desk/api/file?path={REPORT}&name=a.jpg"
    host = desk.origin.removeprefix("http://")
    return f"PUT {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {desk.cookie}\r\nOrigin: {desk.origin}\r\n{more}\r\n\r\n".encode()


def answered(connection: socket.socket) -> bytes:
    data = b""
    while piece := connection.recv(65536):
        data += piece
        if b"\r\n\r\n" in data:
            break
    return data


def test_what_says_that_it_has_two_gigabytes_is_refused_before_it_comes(desk: Client) -> None:
    with socket.create_connection(("127.0.0.1", desk.port), LIMIT) as connection:
        connection.sendall(head(desk, "Content-Length: 2147483648"))
        assert answered(connection).startswith(b"HTTP/1.1 413")
    assert files(desk) == set()
    assert parts(desk) == []


def test_a_body_without_end_is_cut_off(loop_clock: LoopClock, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OF_A_PICTURE", 3_000_000)
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    with socket.create_connection(("127.0.0.1", desk.port), LIMIT) as connection:
        connection.sendall(head(desk, "Transfer-Encoding: chunked"))
        sent = 0
        while sent < 3000 and not select([connection], [], [], 0)[0]:  # 196 MB
            connection.sendall(chunk)
            sent += 1
        assert answered(connection).startswith(b"HTTP/1.1 413")
        ended, end = False, time.monotonic() + LIMIT
        while not ended:  # it goes on sending, and is let go
            assert time.monotonic() < end
            loop_clock.move_on(TimedProtocol.asks_within)
            try:
                connection.sendall(chunk)
            except OSError:
                ended = True
    assert desk.call("GET", "files", path=REPORT).json == {"files": []}
    until(lambda: files(desk) == set())
    assert parts(desk) == []


def test_a_file_that_stops_half_way_leaves_nothing(loop_clock: LoopClock, desk: Client) -> None:
    with socket.create_connection(("127.0.0.1", desk.port), LIMIT) as connection:
        connection.sendall(head(desk, "Content-Length: 9000000") + bytes(2_000_000))
        loop_clock.ends(connection, TimedProtocol.asks_within)
    assert desk.call("GET", "files", path=REPORT).json == {"files": []}
    until(lambda: files(desk) == set())
    assert parts(desk) == []


def test_a_large_file_may_take_longer_than_a_request_as_long_as_it_goes_on(
    loop_clock: LoopClock, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, received = Queue[bytes](), TimedProtocol.data_received

    def noted(connection: TimedProtocol, data: bytes) -> None:
        received(connection, data)
        arrived.put(data)

    monkeypatch.setattr(TimedProtocol, "data_received", noted)
    monkeypatch.setattr(TimedProtocol, "least", 64)
    whole = photo() + bytes(64)
    with socket.create_connection(("127.0.0.1", desk.port), LIMIT) as connection:
        connection.sendall(head(desk, f"Content-Length: {len(whole)}"))
        assert arrived.get(timeout=LIMIT)
        for byte in range(0, 64 * 8, 64):
            connection.sendall(whole[byte : byte + 64])
            assert len(arrived.get(timeout=LIMIT)) == 64
            loop_clock.move_on(TimedProtocol.asks_within)
        connection.sendall(whole[64 * 8 :])
        assert answered(connection).startswith(b"HTTP/1.1 200")


def test_a_large_file_of_which_too_little_arrives_is_given_up(
    loop_clock: LoopClock, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TimedProtocol, "least", 65)
    with socket.create_connection(("127.0.0.1", desk.port), LIMIT) as connection:
        connection.sendall(head(desk, "Content-Length: 640") + bytes(64))
        loop_clock.ends(connection, TimedProtocol.asks_within)
    assert desk.call("GET", "files", path=REPORT).json == {"files": []}
    until(lambda: files(desk) == set())


def test_a_full_disk_is_told_and_nothing_half_written_stays(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    answer = desk.call("PUT", "file", photo(), path=REPORT, name="合影.jpg")
    assert (answer.status, answer.json["error"]) == (507, "desk.full")
    assert "没有放进来：" in answer.json["message"]
    assert answer.json["hint"]
    assert files(desk) == set()
    assert parts(desk) == []
