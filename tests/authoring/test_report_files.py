"""Photos and attachments come into a report's own folder whole, under a name of their kind, and nowhere else."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from newsgen.authoring import report_files
from newsgen.authoring.history import read, versions
from newsgen.authoring.report_files import add_file, list_files, receiving, remove_file, restore_file
from newsgen.core.errors import HostError, UsageError
from newsgen.core.model import SHANGHAI

NOW = datetime(2024, 3, 13, 9, 30, tzinfo=SHANGHAI)
REPORT = "content/meetings/会议/index.md"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "red").save(target, kind)
    return target.getvalue()


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return target.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "content" / "meetings" / "会议"
    place.mkdir(parents=True)
    (place / "index.md").write_text("---\ntitle: 会议\n---\n", "utf-8")
    return place


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_photo_keeps_its_bytes_and_is_described(tmp_path: Path, folder: Path) -> None:
    data = picture()
    added = add_file(tmp_path, REPORT, "图1.JPG", (data[:10], data[10:]))
    assert (added.file.name, added.file.kind, added.file.size) == ("1.jpg", "photo", len(data))
    assert (added.file.width, added.file.height, added.remarks) == (40, 30, ())
    assert (folder / "1.jpg").read_bytes() == data
    assert list_files(tmp_path, REPORT) == (added.file,)
    assert names(folder) == ["1.jpg", "index.md"]


OFFICE = ("[Content_Types].xml",)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("given", "data", "name"),
    [
        ("a.png", picture(), "a.jpg"),
        ("a.jpg", picture("PNG"), "a.png"),
        ("a.jpeg", picture("GIF"), "a.gif"),
        ("a", picture("WEBP"), "a.webp"),
        ("a.jpg", picture("BMP"), "a.bmp"),
        ("a.tiff", picture("TIFF"), "a.tif"),
        ("a.jpg", picture("AVIF"), "a.avif"),
        ("a.doc", b"%PDF-1.7\n", "a.pdf"),
        ("a.doc", archive(*OFFICE, "word/document.xml"), "a.docx"),
        ("a.docx", archive(*OFFICE, "xl/workbook.xml"), "a.xlsx"),
        ("a.ppt", archive(*OFFICE, "ppt/presentation.xml"), "a.pptx"),
        ("a.zip", archive("OFD.xml"), "a.ofd"),
        ("a.epub", archive("mimetype", "META-INF/container.xml"), "a.epub"),
        ("a.docx", archive("a.txt"), "a.zip"),
        ("a.wps", OLE + "WordDocument".encode("utf-16-le") + b"\0\0", "a.wps"),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le") + b"\0\0", "a.doc"),
        ("a.et", OLE + "Workbook".encode("utf-16-le") + b"\0\0", "a.et"),
        ("a.dps", OLE + "PowerPoint Document".encode("utf-16-le") + b"\0\0", "a.dps"),
        ("a.txt", "通知".encode(), "a.txt"),
        ("a.csv", "姓名,学号\n".encode("gb18030"), "a.csv"),
        ("a.rtf", b"{\\rtf1}", "a.rtf"),
        ("a.mp4", b"\0\0\0\x18ftypisom", "a.mp4"),
        ("a.m4v", b"\0\0\0\x18ftypM4V ", "a.m4v"),
        ("a.mp4", b"\0\0\0\x18ftypqt  ", "a.mov"),
        ("a.m4a", b"\0\0\0\x18ftypM4A ", "a.m4a"),
        ("a.webm", b"\x1a\x45\xdf\xa3\x42\x82\x84webm", "a.webm"),
        ("a.ogg", b"OggS" + bytes(24) + b"\x80theora", "a.ogv"),
        ("a.ogg", b"OggS" + bytes(24) + b"vorbis", "a.ogg"),
        ("a.wav", b"RIFF\0\0\0\0WAVE", "a.wav"),
        ("a.mp3", b"\xff\xfb\x90\0", "a.mp3"),
    ],
)
def test_the_suffix_is_that_of_the_bytes(tmp_path: Path, folder: Path, given: str, data: bytes, name: str) -> None:
    assert add_file(tmp_path, REPORT, given, [data]).file.name == name
    assert (folder / name).read_bytes() == data


def test_a_wrong_suffix_is_told(tmp_path: Path, folder: Path) -> None:
    (remark,) = add_file(tmp_path, REPORT, "会场.png", [picture()]).remarks
    assert "它其实是 .jpg 文件" in remark
    assert "hui-chang.jpg" in remark
    assert "会场.png" in remark
    assert names(folder) == ["hui-chang.jpg", "index.md"]


@pytest.mark.parametrize(
    ("given", "data", "words"),
    [
        ("a.jpg", b"", "空的"),
        ("a.exe", b"MZ\x90\0", "不能放"),
        ("a.html", b"<!doctype html>", "不能放"),
        ("a.txt", b"\n <HTML><script>", "不能放"),
        ("a.svg", b"<svg xmlns=''/>", "不能放"),
        ("a.md", "正文".encode(), "不能放"),
        ("a.txt", b"a\0b", "不能放"),
        ("a.docx", archive(*OFFICE, "word/document.xml", "word/vbaProject.bin"), "不能放"),
        ("a.docx", b"PK\x03\x04", "不能放"),
        ("a.msi", OLE, "不能放"),
        ("a.avi", b"RIFF\0\0\0\0AVI ", "不能放"),
        ("a.mkv", b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", "不能放"),
        ("a.jpg", picture()[:200], "损坏"),
        ("a.jpg", b"\xff\xd8\xff" + bytes(100), "损坏"),
    ],
)
def test_what_cannot_be_published_is_refused_and_leaves_no_trace(
    tmp_path: Path, folder: Path, given: str, data: bytes, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        add_file(tmp_path, REPORT, given, [data])
    assert caught.value.diagnostics[0].hint
    assert names(folder) == ["index.md"]


def test_a_transfer_that_breaks_off_leaves_no_trace(tmp_path: Path, folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield picture()
        raise ConnectionError

    with pytest.raises(ConnectionError):
        add_file(tmp_path, REPORT, "a.jpg", broken())
    assert names(folder) == ["index.md"]


def test_size_and_number_of_files_are_limited(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_files, "MOST_OF_A_PICTURE", 100)
    with pytest.raises(UsageError, match="照片太大"):
        add_file(tmp_path, REPORT, "a.jpg", [picture()])
    monkeypatch.setattr(report_files, "MOST_BYTES", 1000)
    with pytest.raises(UsageError, match="文件太大"):
        add_file(tmp_path, REPORT, "a.pdf", [b"%PDF-", bytes(1000)])
    monkeypatch.setattr(report_files, "MOST_FILES", 1)
    add_file(tmp_path, REPORT, "a.pdf", [b"%PDF-"])
    with pytest.raises(UsageError, match="已经有 1 个文件"):
        add_file(tmp_path, REPORT, "b.pdf", [b"%PDF-"])
    assert names(folder) == ["a.pdf", "index.md"]


def test_two_files_of_one_name_that_come_at_once_are_both_kept(tmp_path: Path, folder: Path) -> None:
    with receiving(tmp_path, REPORT, "1.jpg") as first, receiving(tmp_path, REPORT, "1.jpg") as second:
        first.write(picture(size=(10, 10)))
        second.write(picture(size=(20, 20)))
        assert first.finish().file.name == "1.jpg"
        assert second.finish().file.name == "zhaopian-1.jpg"
    assert [file.width for file in list_files(tmp_path, REPORT)] == [10, 20]


@pytest.mark.parametrize(
    "report", ["content/a.md", "content/index.md", "../x/index.md", "content/../../x/index.md", "site/a/index.md"]
)
def test_only_the_folder_of_a_report_takes_files(tmp_path: Path, folder: Path, report: str) -> None:
    with pytest.raises(UsageError, match=r"这里不能放照片和附件|找不到这篇文章"):
        add_file(tmp_path, report, "a.jpg", [picture()])


def test_nothing_is_written_through_a_link_or_where_no_report_is(tmp_path: Path, folder: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.md").write_text("", "utf-8")
    (folder.parent / "link").symlink_to(outside, target_is_directory=True)
    (folder.parent / "empty").mkdir()
    with pytest.raises(UsageError, match="快捷方式"):
        add_file(tmp_path, "content/meetings/link/index.md", "a.jpg", [picture()])
    with pytest.raises(UsageError, match="找不到这篇文章"):
        add_file(tmp_path, "content/meetings/empty/index.md", "a.jpg", [picture()])
    assert names(outside) == ["index.md"]


def test_links_within_content_lead_to_a_report_and_to_its_photos(tmp_path: Path, folder: Path) -> None:
    add_file(tmp_path, REPORT, "1.jpg", [picture()])
    (folder.parent / "link").symlink_to(folder.name, target_is_directory=True)
    other = folder.parent / "other"
    other.mkdir()
    (other / "index.md").symlink_to(f"../{folder.name}/index.md")
    (other / "1.jpg").symlink_to(f"../{folder.name}/1.jpg")
    (other / "2.jpg").symlink_to(tmp_path / "2.jpg")
    (tmp_path / "2.jpg").write_bytes(picture())
    assert [file.name for file in list_files(tmp_path, "content/meetings/link/index.md")] == ["1.jpg"]
    (listed,) = list_files(tmp_path, "content/meetings/other/index.md")
    assert (listed.name, listed.width) == ("1.jpg", list_files(tmp_path, REPORT)[0].width)
    assert add_file(tmp_path, "content/meetings/link/index.md", "3.jpg", [picture()]).file.name == "3.jpg"
    assert names(folder) == ["1.jpg", "3.jpg", "index.md"]
    version = remove_file(tmp_path, "content/meetings/other/index.md", "1.jpg", "", NOW)
    assert names(folder) == ["1.jpg", "3.jpg", "index.md"], "the photo of the other report stays"
    restore_file(tmp_path, "content/meetings/other/index.md", "1.jpg", version)
    assert (other / "1.jpg").read_bytes() == picture()


def test_a_name_that_is_taken_by_what_is_no_file_is_left_alone(tmp_path: Path, folder: Path) -> None:
    (folder / "1.jpg").mkdir()
    assert add_file(tmp_path, REPORT, "1.jpg", [picture()]).file.name == "zhaopian-1.jpg"
    assert names(folder) == ["1.jpg", "index.md", "zhaopian-1.jpg"]


def test_a_removed_photo_lies_in_the_history(tmp_path: Path, folder: Path) -> None:
    data = picture()
    name = add_file(tmp_path, REPORT, "合影.jpg", [data]).file.name
    version = remove_file(tmp_path, REPORT, name, "小王", NOW)
    assert names(folder) == ["index.md"]
    path = f"content/meetings/会议/{name}"
    assert read(tmp_path, path, version) == data
    assert [(found.who, found.reason) for found in versions(tmp_path, path)] == [("小王", "removed")]


@pytest.mark.parametrize("name", ["index.md", "../index.md", "b.jpg", ".x", ""])
def test_only_photos_and_attachments_of_the_folder_are_removed(tmp_path: Path, folder: Path, name: str) -> None:
    with pytest.raises(UsageError, match="文件夹里没有"):
        remove_file(tmp_path, REPORT, name, "", NOW)


def test_a_photo_that_cannot_be_kept_stays(tmp_path: Path, folder: Path) -> None:
    add_file(tmp_path, REPORT, "合影.jpg", [picture()])
    (tmp_path / ".newsgen").write_text("", "utf-8")
    with pytest.raises(HostError, match="没有移走"):
        remove_file(tmp_path, REPORT, "he-ying.jpg", "", NOW)
    assert names(folder) == ["he-ying.jpg", "index.md"]


def test_a_report_without_a_folder_has_its_files_beside_it(tmp_path: Path, folder: Path) -> None:
    for name in ("2024-03-13-工作会议.md", "2024-03-13-工作.md"):
        (folder.parent / name).write_text("---\ntitle: 一\n---\n", "utf-8")
    (folder.parent / "别人的.jpg").write_bytes(picture())
    meeting, work = "content/meetings/2024-03-13-工作会议.md", "content/meetings/2024-03-13-工作.md"
    added = [add_file(tmp_path, meeting, "合影.jpg", (picture(),)).file.name for _ in range(2)]
    assert added == ["2024-03-13-gong-zuo-hui-yi--he-ying.jpg", "2024-03-13-gong-zuo-hui-yi--he-ying-2.jpg"]
    assert [file.name for file in list_files(tmp_path, meeting)] == sorted(added)
    assert list_files(tmp_path, work) == ()
    with pytest.raises(UsageError):
        remove_file(tmp_path, work, added[0], "", NOW)
    remove_file(tmp_path, meeting, added[0], "", NOW)
    assert [file.name for file in list_files(tmp_path, meeting)] == added[1:]


def test_hidden_files_and_texts_are_no_files_of_a_report(tmp_path: Path, folder: Path) -> None:
    for name in (".hidden.jpg", "_draft.jpg", "~1.jpg", "b.MD", "c.jpg.tmp"):
        (folder / name).write_bytes(picture())
    assert list_files(tmp_path, REPORT) == ()


def test_what_a_killed_desk_has_left_goes_a_day_later(tmp_path: Path, folder: Path) -> None:
    old, new = folder / ".aa.newsgen.tmp", folder / ".bb.newsgen.tmp"
    for left in (old, new):
        left.write_bytes(b"x")
    os.utime(old, (0, 0))
    add_file(tmp_path, REPORT, "1.jpg", (picture(),))
    assert names(folder) == [".bb.newsgen.tmp", "1.jpg", "index.md"]


def test_a_full_disk_is_told_by_its_own_code(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HostError) as refused:
        add_file(tmp_path, REPORT, "1.jpg", (picture(),))
    assert refused.value.diagnostics[0].code == "desk.full"
    assert names(folder) == ["index.md"]
