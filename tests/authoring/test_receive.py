"""收稿: what is taken in, what is refused, and that nothing which was there is lost."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from newsgen.authoring import new_files, zip_files
from newsgen.authoring import receive as module
from newsgen.authoring.decisions import with_decision
from newsgen.authoring.hand_in import hand_in
from newsgen.authoring.history import keep, versions
from newsgen.authoring.history import read as version_bytes
from newsgen.authoring.receive import ReceivePlan, receive_plan, write
from newsgen.authoring.received_zip import plain_folder_name, read_received
from newsgen.cli import run
from newsgen.content.scan import is_hidden, scan
from newsgen.core.errors import ContentError, HostError, UsageError
from newsgen.core.model import SHANGHAI, Decision
from site_test import SITE_YAML, SiteTest, photo, tree

NOW = datetime(2024, 6, 1, 8, 0, tzinfo=SHANGHAI)
NAME = "2024-03-13-会议"
REPORT = f"content/meetings/{NAME}/index.md"
PHOTO = f"content/meetings/{NAME}/1.jpg"
TEXT = "---\ntitle: 工作会议\ndate: 2024-03-13\nauthor: 王芳\n---\n\n正文第一句。\n\n![会场](1.jpg)\n"
Files = Mapping[str, bytes | str]


@pytest.fixture
def keeper(site: SiteTest) -> SiteTest:
    """The site of the keeper, in which there is no such report yet."""
    return site


@pytest.fixture
def handed(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> Callable[..., bytes]:
    """The ZIP that a member makes of the report in a site of their own."""
    member = SiteTest(tmp_path_factory.mktemp("member"), capsys)
    member.write("site.yaml", SITE_YAML).section("meetings", "会议动态")

    def made(text: str = TEXT, **files: bytes) -> bytes:
        member.write(REPORT, text).write(PHOTO, photo())
        for name, data in files.items():
            member.write(PHOTO.replace("1.jpg", name.replace("_", ".")), data)
        return hand_in(member.root, REPORT, "王芳", NOW).data

    return made


def zipped(files: Files, change: Callable[[zipfile.ZipInfo], None] = lambda _: None) -> bytes:
    """A ZIP made by another program."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            change(entry)
            archive.writestr(entry, data)
    return target.getvalue()


def as_windows(files: Files) -> bytes:
    """The ZIP that Windows makes: names in GBK, with nothing that says so."""
    plain = {f"{number:0>{len(name.encode('gbk'))}}": (name, data) for number, (name, data) in enumerate(files.items())}
    data = zipped({marker: content for marker, (_, content) in plain.items()})
    for marker, (name, _) in plain.items():
        data = data.replace(marker.encode(), name.encode("gbk"))
    return data


def looked(site: SiteTest, data: bytes, *more: str | None) -> ReceivePlan:
    return receive_plan(site.root, read_received(data, "稿.zip"), *more)


def taken(site: SiteTest, data: bytes, *more: str | None) -> ReceivePlan:
    reception = looked(site, data, *more)
    assert write(site.root, reception, "王芳", NOW) == ()
    return reception


def content(site: SiteTest) -> dict[str, bytes]:
    return tree(site.root / "content")


# ---------------------------------------------------------------- what is taken in


def test_a_new_report_arrives_byte_by_byte_and_builds(keeper: SiteTest, handed: Callable[..., bytes]) -> None:
    reception = taken(keeper, handed(附件_pdf=b"%PDF-1.4"))
    assert (reception.path, reception.is_new, reception.remarks) == (REPORT, True, ())
    assert (keeper.root / REPORT).read_text("utf-8") == TEXT
    assert (keeper.root / PHOTO).read_bytes() == photo()
    assert sorted(os.listdir((keeper.root / REPORT).parent)) == ["1.jpg", "index.md", "附件.pdf"]
    assert any(
        "工作会议" in keeper.built().text(address) for address in keeper.built().addresses() if "0313" in address
    )


def test_the_same_again_changes_nothing(keeper: SiteTest, handed: Callable[..., bytes]) -> None:
    taken(keeper, handed())
    again = looked(keeper, handed())
    assert (again.is_same, again.is_edited, again.file_changes) == (True, False, ())


def test_a_second_version_shows_what_is_new_and_keeps_what_was_there(
    keeper: SiteTest, handed: Callable[..., bytes]
) -> None:
    taken(keeper, handed())
    other = b"\xff\xd8" + photo()[2:] + b"more"
    keeper.write(PHOTO.replace("1.jpg", "我的.jpg"), photo())
    second = handed(TEXT.replace("第一句", "第一句话"), **{"1_jpg": other, "2_jpg": photo()})
    reception = looked(keeper, second)
    assert not reception.is_edited
    assert [(item.before, item.now) for item in reception.text if not item.is_same] == [
        ("正文第一句。\n\n", "正文第一句话。\n\n")
    ]
    assert [(item.name, item.how) for item in reception.file_changes] == [
        ("1.jpg", "replaced"),
        ("2.jpg", "added"),
        ("我的.jpg", "stays"),
    ]
    assert write(keeper.root, reception, "王芳", NOW) == ()
    assert (keeper.root / PHOTO).read_bytes() == other
    assert (keeper.root / PHOTO.replace("1.jpg", "我的.jpg")).exists(), "nothing is deleted"
    kept = [version_bytes(keeper.root, REPORT, item.id).decode() for item in versions(keeper.root, REPORT)]
    assert TEXT in kept
    photos = [version_bytes(keeper.root, PHOTO, item.id) for item in versions(keeper.root, PHOTO)]
    assert photos == [photo()]


def test_a_report_that_was_edited_here_is_told_apart(keeper: SiteTest, handed: Callable[..., bytes]) -> None:
    taken(keeper, handed())
    keeper.write(REPORT, TEXT.replace("会场", "主会场"))
    assert looked(keeper, handed(TEXT.replace("第一句", "头一句"))).is_edited


def test_an_edit_at_the_desk_which_is_in_history_is_an_edit_all_the_same(
    keeper: SiteTest, handed: Callable[..., bytes]
) -> None:
    taken(keeper, handed())
    edited = TEXT.replace("会场", "主会场")
    keeper.write(REPORT, edited)
    keep(keeper.root, REPORT, edited.encode(), "李明", "edited", NOW)
    assert looked(keeper, handed(TEXT.replace("第一句", "头一句"))).is_edited


def test_what_changes_between_looking_and_writing_is_not_overwritten(
    keeper: SiteTest, handed: Callable[..., bytes]
) -> None:
    taken(keeper, handed())
    reception = looked(keeper, handed(TEXT.replace("第一句", "头一句")))
    keeper.write(REPORT, "别人刚刚写的")
    with pytest.raises(ContentError, match="刚刚被改过"):
        write(keeper.root, reception, "王芳", NOW)
    assert (keeper.root / REPORT).read_text("utf-8") == "别人刚刚写的"


def test_what_is_saved_while_a_report_is_written_is_not_overwritten(
    keeper: SiteTest, handed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(keeper, handed())
    reception = looked(keeper, handed(TEXT.replace("第一句", "第一句话"), **{"1_jpg": photo() + b"more"}))
    copy = shutil.copy2

    def saved_meanwhile(place: Path, old: Path) -> object:
        if place.name == "index.md":
            place.write_text(TEXT + "刚写的。\n", "utf-8")
        return copy(place, old)

    monkeypatch.setattr(shutil, "copy2", saved_meanwhile)
    with pytest.raises(ContentError, match="刚刚被改过，没有收"):
        write(keeper.root, reception, "王芳", NOW)
    assert (keeper.root / REPORT).read_text("utf-8") == TEXT + "刚写的。\n"
    assert (keeper.root / PHOTO).read_bytes() == photo(), "the photo that was there before has come back"


def test_what_cannot_be_kept_is_not_replaced(keeper: SiteTest, handed: Callable[..., bytes]) -> None:
    taken(keeper, handed())
    reception = looked(keeper, handed(TEXT.replace("第一句", "第一句话")))
    history = keeper.root / ".newsgen" / "history"
    shutil.rmtree(history)
    history.write_text("a file in its place", "utf-8")
    with pytest.raises(HostError, match="没有收，因为旧的版本留不下来"):
        write(keeper.root, reception, "王芳", NOW)
    assert (keeper.root / REPORT).read_text("utf-8") == TEXT


def test_a_disk_that_refuses_leaves_all_as_it_was(
    keeper: SiteTest, handed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(keeper, handed())
    reception = looked(keeper, handed(TEXT.replace("第一句", "头一句"), **{"0_jpg": photo(), "1_jpg": photo() + b"x"}))
    before, moves = content(keeper), []

    def refusing(source: Path, target: Path) -> None:
        if target.name == "index.md":
            raise OSError(28, "No space left on device")
        moves.append(target)
        os.replace(source, target)

    monkeypatch.setattr(module, "replace", refusing)
    with pytest.raises(HostError, match="原来的都没有动"):
        write(keeper.root, reception, "王芳", NOW)
    assert moves, "something had been moved before"
    assert content(keeper) == before


def test_a_new_report_that_cannot_be_written_leaves_no_folder(
    keeper: SiteTest, handed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    reception, before = looked(keeper, handed()), sorted(keeper.root.rglob("*"))

    def refusing(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(new_files, "replace", refusing)
    with pytest.raises(HostError):
        write(keeper.root, reception, "王芳", NOW)
    assert sorted((keeper.root / "content").rglob("*")) == [path for path in before if "content/" in path.as_posix()]


def test_what_a_killed_receive_left_is_no_content_and_goes_with_the_next(
    keeper: SiteTest, handed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    reception, folder = looked(keeper, handed()), (keeper.root / REPORT).parent.parent

    class Killed(BaseException):
        pass

    def killed(source: Path, target: Path) -> None:
        shutil.copytree(source.parent, folder / source.parent.name.replace(".", ".0", 1))
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(new_files, "replace", killed)
        write(keeper.root, reception, "王芳", NOW)
    (left,) = folder.glob(".*")
    assert left.match(".*.newsgen.tmp"), "as .gitignore has it"
    assert len(list(left.rglob("*.*"))) == 2
    assert not any(left.name in item.path for item in scan(keeper.root).found)
    os.utime(left, (0, 0))
    write(keeper.root, reception, "王芳", NOW)
    assert list(folder.glob(".*")) == []


@pytest.mark.parametrize("name", ["_稿", "~稿", "__~ 稿"])
def test_a_report_gets_no_folder_that_the_site_passes_over(keeper: SiteTest, name: str) -> None:
    reception = looked(keeper, zipped({f"{name}/index.md": TEXT}))
    assert reception.path == "content/meetings/稿/index.md"
    write(keeper.root, reception, "王芳", NOW)
    assert reception.path in {item.path for item in scan(keeper.root).found}
    assert not is_hidden(plain_folder_name(name))


def test_another_section_and_another_name_can_be_chosen(keeper: SiteTest, handed: Callable[..., bytes]) -> None:
    keeper.section("notices", "通知公告")
    assert taken(keeper, handed(), "通知公告").path == f"content/notices/{NAME}/index.md"
    assert taken(keeper, handed(), None, "另一篇").path == "content/meetings/另一篇/index.md"


def test_a_section_of_the_same_title_is_found_under_another_name(site: SiteTest, handed: Callable[..., bytes]) -> None:
    site.remove("content/meetings/_index.md").section("hydt", "会议动态").section("a", "另一个")
    assert looked(site, handed()).path == f"content/hydt/{NAME}/index.md"


def test_a_section_that_is_not_there_is_asked_for(site: SiteTest, handed: Callable[..., bytes]) -> None:
    site.remove("content/meetings/_index.md").section("notices", "通知公告")
    with pytest.raises(UsageError, match="没有这个栏目：meetings"):
        looked(site, handed())


def test_a_zip_made_by_hand_is_taken_with_a_word(keeper: SiteTest) -> None:
    reception = taken(keeper, zipped({f"{NAME}/index.md": TEXT, f"{NAME}/1.jpg": photo()}))
    assert reception.path == REPORT
    assert "不是用“交稿”做的" in reception.remarks[0]


def test_a_zip_that_windows_packed_again_has_its_chinese_names(keeper: SiteTest) -> None:
    text = TEXT.replace("1.jpg", "会场.jpg")
    reception = taken(keeper, as_windows({f"{NAME}/index.md": text, f"{NAME}\\会场.jpg": photo()}))
    assert (keeper.root / PHOTO.replace("1.jpg", "会场.jpg")).read_bytes() == photo()
    assert any("GBK" in remark for remark in reception.remarks)


def test_a_zip_within_a_folder_of_its_own_and_with_what_macos_adds_is_taken(keeper: SiteTest) -> None:
    made: Files = {
        f"稿/{NAME}/index.md": TEXT,
        f"稿/{NAME}/1.jpg": photo(),
        "__MACOSX/稿/._1.jpg": b"x",
        "稿/.DS_Store": b"x",
    }
    reception = taken(keeper, zipped(made))
    assert reception.path == REPORT
    assert any("2 个文件" in remark for remark in reception.remarks)


def test_files_without_a_folder_take_the_name_of_the_zip(keeper: SiteTest) -> None:
    given = read_received(zipped({"index.md": TEXT, "1.jpg": photo()}), "2024-03-13 会议.zip")
    assert receive_plan(keeper.root, given).path == "content/meetings/2024-03-13-会议/index.md"


def test_a_report_by_hand_meets_the_one_of_its_name_in_whatever_section_it_lies(keeper: SiteTest) -> None:
    keeper.section("notices", "通知公告").write(f"content/notices/{NAME}/index.md", TEXT)
    reception = looked(keeper, zipped({f"{NAME}/index.md": TEXT, f"{NAME}/1.jpg": photo()}))
    assert (reception.path, reception.is_edited) == (f"content/notices/{NAME}/index.md", True)


def test_what_was_changed_on_the_way_is_told(keeper: SiteTest, handed: Callable[..., bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(handed(**{"2_jpg": photo()}))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[f"{NAME}/index.md"] += "加了一句。\n".encode()
    del files[f"{NAME}/2.jpg"]
    files[f"{NAME}/3.jpg"] = photo()
    remarks = "\n".join(looked(keeper, zipped(files)).remarks)
    assert "index.md 交稿以后被改过" in remarks
    assert "交稿单上有 2.jpg，压缩包里没有" in remarks
    assert "3.jpg 是后来放进压缩包的" in remarks
    assert "1.jpg" not in remarks


def test_a_photo_that_was_forgotten_is_told(keeper: SiteTest) -> None:
    assert looked(keeper, zipped(GOOD)).remarks[-1] == "正文用到的 1.jpg 找不到，请对方补上"


def test_a_report_that_has_no_folder_here_gets_no_second_text(keeper: SiteTest, handed: Callable[..., bytes]) -> None:
    keeper.write(f"content/meetings/{NAME}.md", TEXT)
    with pytest.raises(UsageError, match="没有自己的文件夹"):
        looked(keeper, handed())
    reception = looked(keeper, zipped({f"{NAME}/index.md": TEXT.replace("![会场](1.jpg)", "会场")}))
    assert reception.path == f"content/meetings/{NAME}.md"


def test_signatures_that_come_along_are_told(keeper: SiteTest) -> None:
    decision = Decision("approve", "初审", "张老师", "2024-05-01 08:00", "a" * 40)
    signed = with_decision(REPORT, TEXT.encode(), decision)
    assert (
        "带着 1 条审签记录"
        in looked(keeper, zipped({f"{NAME}/index.md": signed, f"{NAME}/1.jpg": photo()})).remarks[-1]
    )


# ---------------------------------------------------------------- what is refused


def test_a_list_that_lies_leads_nowhere(keeper: SiteTest, handed: Callable[..., bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(handed())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    slip = f"{NAME}/_交稿/交稿单.json"
    for path in ("content/meetings/../../site.yaml.md", "/etc/x.md", "content/meetings/_index.md", "content/meetings/.x/index.md",
                 "content/meetings/~x/index.md", "content/meetings/_x.md",
                 "content/meetings/a\\b/index.md", "content/meetings/con/index.md", "templates/a.md", "content/meetings//index.md"):  # fmt: skip
        files[slip] = json.dumps({**json.loads(files[slip]), "path": path}).encode()
        assert looked(keeper, zipped(files)).path == REPORT, path
    for broken in (b"[" * 100_000, b"{}", b'{"format": NaN}', b"\xff"):
        files[slip] = broken
        assert any("不是用“交稿”做的" in remark for remark in looked(keeper, zipped(files)).remarks)


GOOD = {f"{NAME}/index.md": TEXT}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../x.jpg", "外面去"),
        (f"{NAME}/../../x.jpg", "外面去"),
        (f"{NAME}/..\\..\\x.jpg", "外面去"),
        ("/etc/x.jpg", "外面去"),
        ("C:\\x.jpg", "外面去"),
        ("c:x.jpg", "外面去"),
        ("\\\\server\\x.jpg", "外面去"),
        (f"{NAME}//x.jpg", "外面去"),
        (f"{NAME}/./x.jpg", "外面去"),
        (f"{NAME}/con.jpg", "用不了"),
        (f"{NAME}/COM1/x.jpg", "用不了"),
        (f"{NAME}/x.jpg::$DATA", "用不了"),
        (f"{NAME}/x.jpg.", "用不了"),
        (f"{NAME}/x.jpg ", "用不了"),
        (f"{NAME}/x\u202egpj.jpg", "用不了"),
        (f"{NAME}/x\n.jpg", "用不了"),
        (f"{NAME}/{'长' * 70}.jpg", "用不了"),
        (f"{NAME}/INDEX.md", "同一个文件"),
        (f"{NAME}/" + "a/" * 8 + "x.jpg", "一层套一层"),
        (f"{NAME}/x.exe", "不是能公开的文件"),
        (f"{NAME}/x.html", "不是能公开的文件"),
        (f"{NAME}/x.svg", "不是能公开的文件"),
        (f"{NAME}/_x/1.jpg", "不是能公开的文件"),
        (f"{NAME}/~x.jpg", "不是能公开的文件"),
        (f"{NAME}/x", "不是能公开的文件"),
        ("别处/x.jpg", "不在同一个文件夹"),
        ("别处/index.md", "有 2 篇"),
    ],
)
def test_a_name_that_is_dangerous_anywhere_refuses_the_whole(keeper: SiteTest, name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_received(zipped({**GOOD, name: photo()}), "稿.zip")


@pytest.mark.parametrize(
    "names", [("Á.jpg", "A\u0301.jpg"), ("a.jpg", "A.JPG"), ("照片/1.jpg", "照片"), ("Tu/1.jpg", "tu/2.jpg")]
)
def test_twins_are_refused(names: tuple[str, str]) -> None:
    files: Files = {**GOOD, **{f"{NAME}/{name}": photo() for name in names}}
    with pytest.raises(UsageError, match=r"同一个文件|又是文件"):
        read_received(zipped(files), "稿.zip")


def test_names_that_only_look_alike_are_two() -> None:
    files: Files = {**GOOD, f"{NAME}/图.jpg": photo(), f"{NAME}/圖.jpg": photo()}
    assert len(read_received(zipped(files), "稿.zip").files) == 2


def test_a_name_that_differs_by_case_from_one_that_is_there_is_refused(keeper: SiteTest) -> None:
    keeper.write(REPORT, TEXT).write(PHOTO, photo())
    with pytest.raises(UsageError, match="只有大小写不同"):
        looked(keeper, zipped({**GOOD, f"{NAME}/1.JPG": photo()}))


def test_links_and_devices_are_refused() -> None:
    for kind in (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO):

        def strange(entry: zipfile.ZipInfo, kind: int = kind) -> None:
            if entry.filename.endswith(".jpg"):
                entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16

        with pytest.raises(UsageError, match="不是普通的文件"):
            read_received(zipped({**GOOD, f"{NAME}/1.jpg": "/etc/passwd"}, strange), "稿.zip")


def test_a_folder_that_is_a_link_here_is_not_written_through(
    keeper: SiteTest, handed: Callable[..., bytes], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (keeper.root / REPORT).parent.parent.joinpath(NAME).symlink_to(outside, target_is_directory=True)
    with pytest.raises(HostError, match="快捷方式"):
        looked(keeper, handed())
    assert list(outside.iterdir()) == []


def test_a_report_that_is_a_link_within_content_is_received_where_it_leads(
    keeper: SiteTest, handed: Callable[..., bytes]
) -> None:
    taken(keeper, handed())
    folder = (keeper.root / REPORT).parent
    (folder / "index.md").rename(keeper.root / "content/meetings/a.md")
    (folder / "index.md").symlink_to("../a.md")
    taken(keeper, handed(TEXT.replace("第一句", "头一句")))
    assert (folder / "index.md").is_symlink()
    assert "头一句" in (keeper.root / "content/meetings/a.md").read_text("utf-8")


def test_a_program_under_the_name_of_a_photo_is_refused() -> None:
    for data in (
        b"MZ\x90",
        b"\x7fELF",
        b"#!/bin/sh",
        b"<!DOCTYPE html>",
        b"\n <svg onload=x>",
        b"<?xml version='1'?><svg/>",
    ):
        with pytest.raises(UsageError, match="却是程序或网页"):
            read_received(zipped({**GOOD, f"{NAME}/1.jpg": data}), "稿.zip")


def test_a_zip_with_a_password_is_refused() -> None:
    data = bytearray(zipped(GOOD))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UsageError, match="有密码"):
        read_received(bytes(data), "稿.zip")


def test_bombs_are_refused_before_they_fill_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_files, "MOST_BYTES", 1_000_000)
    bomb = zipped({**GOOD, f"{NAME}/1.jpg": bytes(900_000), f"{NAME}/2.jpg": bytes(900_000)})
    assert len(bomb) < 10_000
    with pytest.raises(UsageError, match="解压以后超过"):
        read_received(bomb, "稿.zip")


def test_a_list_of_files_without_end_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = zipped({**GOOD, **{f"{NAME}/{number}.jpg": b"" for number in range(501)}})
    with pytest.raises(UsageError, match="最多 500 个"):
        read_received(many, "稿.zip")
    monkeypatch.setattr(zip_files, "MOST_DIRECTORY", 10_000)
    with pytest.raises(UsageError, match="里面的文件太多了"):
        read_received(many, "稿.zip")


def test_methods_that_cannot_be_bounded_are_refused() -> None:
    def packed(entry: zipfile.ZipInfo) -> None:
        entry.compress_type = zipfile.ZIP_BZIP2

    with pytest.raises(UsageError, match="不常见的压缩方法"):
        read_received(zipped(GOOD, packed), "稿.zip")


def test_what_is_no_zip_or_broken_is_told_in_chinese() -> None:
    whole = zipped({**GOOD, f"{NAME}/1.jpg": os.urandom(5000)})
    broken = bytearray(whole)
    broken[whole.index(b"1.jpg") + 200] ^= 0xFF
    for data in (b"", b"PK", photo(), whole[:-30], whole[: len(whole) // 2], bytes(broken), b"PK\x05\x06" + bytes(17)):
        with pytest.raises(UsageError, match=r"没有收 稿\.zip"):
            read_received(data, "稿.zip")


def test_a_word_file_is_pointed_to_the_import() -> None:
    with pytest.raises(UsageError, match="Word 稿") as found:
        read_received(zipped({"稿/会议.docx": b"PK"}), "稿.zip")
    assert "import-word" in found.value.diagnostics[0].hint


def test_a_section_is_no_report() -> None:
    with pytest.raises(UsageError, match="是一个栏目"):
        read_received(zipped({"meetings/_index.md": "---\ntitle: 会议\n---\n"}), "稿.zip")


# ---------------------------------------------------------------- on the command line


@pytest.fixture
def receive(
    keeper: SiteTest, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, Any, str]]:
    """Runs `newsgen receive`; gives exit code, the JSON document if there is one, and what was said."""

    def run_receive(data: bytes, *options: str) -> tuple[int, Any, str]:
        file = tmp_path / "20240313-王芳-工作会议.zip"
        file.write_bytes(data)
        capsys.readouterr()
        code = run(["receive", str(file), "-C", str(keeper.root), *options])
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if "--json" in options else None, printed.out + printed.err

    return run_receive


def test_receive_writes_after_yes_and_shows_before(
    keeper: SiteTest, handed: Callable[..., bytes], receive: Callable[..., tuple[int, Any, str]]
) -> None:
    code, _, said = receive(handed(), "--dry-run")
    assert (code, (keeper.root / REPORT).exists()) == (0, False)
    assert "交稿：王芳，2024-06-01 08:00" in said
    assert "新加：1.jpg" in said
    code, _, said = receive(handed())
    assert (code, "没有人可以回答" in said, (keeper.root / REPORT).exists()) == (2, True, False)
    code, _, said = receive(handed(), "--yes")
    assert (code, "已收好" in said, (keeper.root / REPORT).exists()) == (0, True, True)


def test_receive_replaces_nothing_that_was_edited_here_unasked(
    keeper: SiteTest, handed: Callable[..., bytes], receive: Callable[..., tuple[int, Any, str]]
) -> None:
    receive(handed(), "--yes")
    keeper.write(REPORT, TEXT.replace("会场", "主会场"))
    for option in ("--yes", "--json"):
        code, document, said = receive(handed(TEXT.replace("第一句", "头一句")), option)
        assert code == 1
        assert "主会场" in (keeper.root / REPORT).read_text("utf-8")
        assert "--as" in said
        assert document is None or document["diagnostics"][0]["code"] == "receive.edited"
    code, _, _ = receive(handed(TEXT.replace("第一句", "头一句")), "--yes", "--as", "另一篇")
    assert (code, (keeper.root / "content/meetings/另一篇/index.md").exists()) == (0, True)


def test_receive_gives_one_json_document(
    keeper: SiteTest, handed: Callable[..., bytes], receive: Callable[..., tuple[int, Any, str]]
) -> None:
    code, document, _ = receive(handed(), "--json")
    assert code == 0
    assert {key: document[key] for key in ("path", "who", "new", "written")} == {
        "path": REPORT,
        "who": "王芳",
        "new": True,
        "written": True,
    }
    code, document, _ = receive(b"no zip", "--json")
    assert (code, document["diagnostics"][0]["code"]) == (2, "receive.zip")


def test_a_file_that_is_not_there_is_a_wrong_usage(keeper: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["receive", "nowhere.zip", "-C", str(keeper.root)]) == 2
    assert "打不开 nowhere.zip" in capsys.readouterr().err
