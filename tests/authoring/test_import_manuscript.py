"""`newsgen import-word`: from what a member hands in to a report that builds."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsgen.authoring.importers.html_document import paragraphs_of
from newsgen.authoring.importers.import_manuscript import make_report, manuscript_of_file
from newsgen.authoring.importers.report_parts import recognise_parts
from newsgen.authoring.importers.word_document import read_word
from newsgen.cli import run as newsgen
from newsgen.content.photo_numbers import number_in
from site_test import SiteTest
from word_files import cell, centred, drawing, paragraph, picture, run, table, word_file

BOLD = "<w:b/>"
REPORT = word_file(
    centred(run("学院党委召开工作会议，", BOLD))
    + centred(run("部署新学期重点工作", BOLD))
    + centred("——宣传委员工作会议侧记")
    + centred("发布时间：2024-03-13　作者：张三　来源：管理学院")
    + paragraph("3月13日，学院党委召开会议。")
    + paragraph(drawing("image1.jpg"))
    + centred("图1：会议现场")
    + table(cell("部门") + cell("人数"), cell("党办") + cell("3"))
    + paragraph("管理学院", properties='<w:jc w:val="right"/>')
    + paragraph("2024年3月14日", properties='<w:jc w:val="right"/>')
    + paragraph("文：张三　图：李四　审核：王五"),
    media={"image1.jpg": picture()},
)
Import = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def import_word(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> Import:
    """Runs `newsgen import-word --json` and gives exit code and answer."""

    def run_import(source: Path, *options: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = newsgen(["import-word", str(source), *options, "-C", str(site.root), "--json"])
        answer = json.loads(capsys.readouterr().out)
        return code, answer["reports"][0] if "reports" in answer else answer

    return run_import


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_word_file_becomes_a_report_that_builds(site: SiteTest, import_word: Import, tmp_path: Path) -> None:
    code, report = import_word(written(tmp_path / "稿件.docx", REPORT))
    assert code == 0
    assert report["path"] == "content/meetings/2024-03-13-学院党委召开工作会议，部署新学期重点工作/index.md"
    assert (site.root / report["path"]).read_text("utf-8") == (
        "---\n"
        "title: 学院党委召开工作会议，部署新学期重点工作\n"
        "subtitle: 宣传委员工作会议侧记\n"
        "date: 2024-03-13\n"
        "author: 张三\n"
        "source: 管理学院\n"
        "photographer: 李四\n"
        "审核: 王五\n"
        "---\n\n"
        "3月13日，学院党委召开会议。\n\n"
        "![会议现场](hui-yi-xian-chang.jpg)\n\n"
        "| 部门 | 人数 |\n| --- | --- |\n| 党办 | 3 |\n\n"
        "管理学院\n\n2024年3月14日\n"
    )
    assert (report["pictures"], report["tables"], report["missing"]) == ([1, 1], [1, 1], [])
    built = site.built()
    (address,) = [path for path in built.addresses() if path.startswith("meetings/2024/0313-")]
    assert "会议现场" in built.text(address)
    assert "审核：王五" in built.text(address)


def test_the_number_of_a_photo_is_no_lost_word(import_word: Import, tmp_path: Path) -> None:
    body = centred("学院召开会议") + paragraph("会议开始。") + paragraph(drawing("a.jpg")) + centred("图1：会议现场")
    _, report = import_word(written(tmp_path / "稿.docx", word_file(body, media={"a.jpg": picture()})))
    assert report["characters"] == [14, 14]
    assert report["missing"] == []


def test_an_official_document_is_a_notice_of_its_issuer(site: SiteTest, import_word: Import, tmp_path: Path) -> None:
    right = '<w:jc w:val="right"/>'
    body = (
        centred("中共某学院委员会文件")
        + centred("院党发〔2024〕3号")
        + centred(run("关于开展主题党日活动的", BOLD))
        + centred(run("通　知", BOLD))
        + paragraph("各党支部：")
        + paragraph("现将有关事项通知如下。")
        + paragraph("附件：1.报名表")
        + paragraph("　　　2.评分标准")
        + paragraph("中共某学院委员会", properties=right)
        + paragraph("2024年3月13日", properties=right)
    )
    code, report = import_word(written(tmp_path / "通知.docx", word_file(body)))
    shown = [report[name] for name in ("title", "source", "kind", "addressee", "date")]
    assert (code, shown) == (0, ["关于开展主题党日活动的通知", "中共某学院委员会", "通知", "各党支部", "2024-03-13"])
    assert not any("作者" in remark for remark in report["remarks"])
    built = site.built()
    (address,) = [path for path in built.addresses() if path.startswith("meetings/2024/0313-")]
    page = built.text(address)
    assert '<p class="salutation">各党支部：</p>' in page
    assert "院党发〔2024〕3号" in page
    assert '<p class="signoff">中共某学院委员会</p>' in page


def test_a_form_above_the_title_stays_above_the_text(import_word: Import, tmp_path: Path) -> None:
    form = table(cell("拟稿人") + cell("张三"), cell("审核人") + cell("李四"))
    _, report = import_word(
        written(tmp_path / "稿.docx", word_file(form + centred("学院开展活动") + paragraph("开始。")))
    )
    assert (report["title"], report["missing"]) == ("学院开展活动", [])


PAGE = """<html><head><meta charset="gb2312"></head><body><p align=center><b>学院召开会议</b></p>
<p align=center>发布时间：2024-03-13　作者：张三</p><p>会议<u>开始</u>。</p><p><img src="%s/image001.jpg"></p><p align=center>会议现场</p></body></html>"""


def test_a_saved_page_becomes_a_report_with_the_pictures_in_its_folder(
    site: SiteTest, import_word: Import, tmp_path: Path
) -> None:
    written(tmp_path / "稿.files" / "image001.jpg", picture())
    written(tmp_path / "稿.files" / "filelist.xml", b"<xml/>")
    source = written(tmp_path / "稿.htm", (PAGE % "稿.files").encode("gb18030"))
    code, report = import_word(source)
    assert (code, report["author"], report["files"]) == (0, "张三", ["hui-yi-xian-chang.jpg", "index.md"])
    text = (site.root / report["path"]).read_text("utf-8")
    assert text.endswith("---\n\n会议<u>开始</u>。\n\n![会议现场](hui-yi-xian-chang.jpg)\n")


def test_a_folder_may_hold_a_page_in_place_of_a_word_file(import_word: Import, tmp_path: Path) -> None:
    folder = tmp_path / "20240313+会议"
    written(folder / "稿_files" / "image001.jpg", picture())
    written(folder / "稿_files" / "unused.png", picture("blue", "PNG"))
    written(folder / "稿.html", (PAGE % "稿_files").encode("gb18030"))
    written(folder / "附件 名单.xlsx", b"PK\x03\x04")
    code, report = import_word(folder)
    assert (code, report["files"]) == (0, ["hui-yi-xian-chang.jpg", "index.md", "附件-名单.xlsx"])


def test_a_folder_as_members_hand_it_in_is_taken_whole(site: SiteTest, import_word: Import, tmp_path: Path) -> None:
    folder = tmp_path / "20240313+支部主题党日"
    text = word_file(
        centred("某支部开展主题党日活动") + paragraph("活动开始。") + paragraph("【图1】") + paragraph("活动结束。")
    )
    written(folder / "稿件.docx", text)
    written(folder / "~$稿件.docx", b"lock")
    written(folder / "照片" / "图1.jpg", picture())
    written(folder / "附件 名单.xlsx", b"PK\x03\x04")
    code, report = import_word(folder)
    assert code == 0
    assert report["path"] == "content/meetings/2024-03-13-支部主题党日/index.md"
    assert report["files"] == ["index.md", "图1.jpg", "附件-名单.xlsx"]
    text_written = (site.root / report["path"]).read_text("utf-8")
    assert "attachments:\n  - 附件-名单.xlsx\n" in text_written
    assert "【图1】\n" in text_written


def test_a_zip_that_windows_packed_has_its_chinese_names(site: SiteTest, import_word: Import, tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in (("活动/稿.docx", REPORT), ("活动/合影.jpg", picture("blue"))):
            entry = zipfile.ZipInfo(name.encode("gbk").decode("cp437"))
            archive.writestr(entry, data)
    data = target.getvalue()
    code, report = import_word(written(tmp_path / "20240601+参观.zip", _without_utf8_flags(data)))
    assert code == 0
    assert report["files"] == ["hui-yi-xian-chang.jpg", "index.md", "合影.jpg"]
    assert report["path"].startswith("content/meetings/2024-03-13-参观/")
    assert any("放在了文末" in remark for remark in report["remarks"])
    assert (site.root / report["path"]).read_text("utf-8").endswith("![合影](合影.jpg)\n")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_zip_is_told_in_chinese(import_word: Import, tmp_path: Path, method: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("a.docx", REPORT)
    whole = target.getvalue()
    for place in range(36, 80, 2):
        damaged = whole[:place] + bytes(byte ^ 0xFF for byte in whole[place : place + 8]) + whole[place + 8 :]
        code, report = import_word(written(tmp_path / "稿.zip", damaged))
        assert code == 2
        assert "打不开" in report["diagnostics"][0]["message"]


def test_a_zip_with_too_many_files_is_refused_before_they_are_counted(import_word: Import, tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(15_000):
            archive.writestr(f"{number:0100}", b"")
    code, report = import_word(written(tmp_path / "稿.zip", target.getvalue()))
    assert code == 2
    assert "里面的文件太多了" in report["diagnostics"][0]["message"]


def _without_utf8_flags(data: bytes) -> bytes:
    """The ZIP as Windows writes it: names in GBK bytes, and no word about their encoding."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {entry.filename.encode("utf-8"): entry.filename.encode("cp437") for entry in archive.infolist()}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as other:
        for number, entry in enumerate(archive.infolist()):
            other.writestr(str(number) * len(entry.filename.encode("cp437")), archive.read(entry))
    raw = target.getvalue()
    for number, name in enumerate(names.values()):
        raw = raw.replace(str(number).encode() * len(name), name)
    return raw


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


def test_no_companion_takes_the_place_of_the_text_or_of_another_file(
    site: SiteTest, import_word: Import, tmp_path: Path
) -> None:
    names = [
        "index.md",
        "INDEX.md",
        "hui-yi-xian-chang.jpg",
        "照片/1.jpg",
        "会场/1.JPG",
        "NUL.jpg",
        "???.jpg",
        "图" * 90 + ".jpg",
        "../../x.jpg",
    ]
    packed = zipped([("稿件.docx", REPORT), *((name, picture()) for name in names)])
    code, report = import_word(written(tmp_path / "20240313+会议.zip", packed))
    assert code == 0
    kept = [
        "1-2.JPG",
        "1.jpg",
        "index.md",
        "wen-NUL.jpg",
        "hui-yi-xian-chang-2.jpg",
        "hui-yi-xian-chang.jpg",
        "wen-.jpg",
        "图" * 60 + ".jpg",
    ]
    assert report["files"] == sorted(kept)
    assert (site.root / report["path"]).read_text("utf-8").startswith("---\n")
    assert sum("没有带进来" in remark for remark in report["remarks"]) == 2
    folder = (site.root / report["path"]).parent
    assert sorted(path.name for path in folder.iterdir()) == sorted(kept)
    assert not list(tmp_path.parent.glob("**/x.jpg"))


def test_programs_and_pages_beside_a_word_file_are_told_and_left_out(import_word: Import, tmp_path: Path) -> None:
    packed = zipped([("稿件.docx", REPORT), ("看我.exe", b"MZ"), ("图.svg", b"<svg/>"), ("", b"-"), ("/", b"-")])
    code, report = import_word(written(tmp_path / "会议.zip", packed))
    assert (code, report["files"]) == (0, ["hui-yi-xian-chang.jpg", "index.md"])
    assert [remark.partition(" ")[0] for remark in report["remarks"]] == ["看我.exe", "图.svg"]


def test_a_program_under_an_honest_name_is_left_out_and_no_name_misleads(import_word: Import, tmp_path: Path) -> None:
    harm = [
        ("a.pdf", b"MZ\x90"),
        ("b.jpg", b"<html><script>"),
        ("附件.doc", b"#!/bin/sh"),
        ("d.txt", b"\xef\xbb\xbf<script>"),
    ]
    packed = zipped([("稿件.docx", REPORT), *harm, ("\u202efdp.pdf", b"%PDF-1.7"), ("e.txt", "MZ 是两个字母".encode())])
    code, report = import_word(written(tmp_path / "会议.zip", packed))
    assert (code, report["files"]) == (0, ["e.txt", "fdp.pdf", "hui-yi-xian-chang.jpg", "index.md"])
    assert [remark.partition(" ")[0] for remark in report["remarks"]] == [name for name, _ in harm]


def test_a_report_that_is_there_already_is_left_alone(import_word: Import, tmp_path: Path) -> None:
    source = written(tmp_path / "稿.docx", REPORT)
    assert import_word(source)[0] == 0
    code, answer = import_word(source)
    assert code == 2
    assert "这个文件夹已经有了" in answer["diagnostics"][0]["message"]


def test_what_was_not_recognised_can_be_typed(import_word: Import, tmp_path: Path) -> None:
    source = written(
        tmp_path / "稿.docx", word_file(paragraph("第一段话，不是标题，而是正文。") + paragraph("第二段。"))
    )
    _, report = import_word(source, "--dry-run")
    assert (report["title"], report["date"], report["written"]) == ("稿", "", False)
    assert [remark.partition("：")[0] for remark in report["remarks"]] == ["没有认出日期", "没有认出作者"]
    _, report = import_word(source, "--title", "支部会议", "--date", "2024年3月1日", "--author", "张三")
    assert report["path"] == "content/meetings/2024-03-01-支部会议/index.md"


def test_a_picture_that_no_page_can_show_is_told(import_word: Import, tmp_path: Path) -> None:
    data = word_file(
        centred("会议") + paragraph("正文。") + paragraph(drawing("a.emf")), media={"a.emf": b"\x01\x00\x00\x00EMF"}
    )
    _, report = import_word(written(tmp_path / "稿.docx", data))
    assert report["pictures"] == [1, 0]
    assert any(remark.startswith("图片 a.emf 带不进来") for remark in report["remarks"])


def test_another_word_file_that_is_called_an_attachment_is_one(import_word: Import, tmp_path: Path) -> None:
    written(tmp_path / "20240313+会议" / "稿.docx", REPORT)
    written(tmp_path / "20240313+会议" / "附件1：名单.docx", REPORT)
    code, report = import_word(tmp_path / "20240313+会议")
    assert code == 0
    assert report["files"] == ["hui-yi-xian-chang.jpg", "index.md", "附件1：名单.docx"]


@pytest.mark.parametrize(
    ("files", "told"), [({"a.docx": REPORT, "b.docx": REPORT}, "a.docx、b.docx"), ({"a.jpg": b"x"}, "一个也没有")]
)
def test_a_folder_holds_one_word_file(files: dict[str, bytes], told: str, import_word: Import, tmp_path: Path) -> None:
    for name, data in files.items():
        written(tmp_path / "稿" / name, data)
    code, answer = import_word(tmp_path / "稿")
    assert code == 2
    assert told in answer["diagnostics"][0]["message"]


def test_old_word_files_need_libreoffice_or_a_new_copy(
    import_word: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    code, answer = import_word(written(tmp_path / "稿.doc", b"\xd0\xcf\x11\xe0"))
    assert code == 2
    assert "LibreOffice" in answer["diagnostics"][0]["hint"]


@pytest.mark.parametrize(
    "data",
    [
        REPORT,
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><body><h1>会议</h1><p>作者：张三</p><p>正文。</p></body></html>".encode(),
        '\ufeff<?xml version="1.0"?>\n<!DOCTYPE html><html><body><h1>会议</h1><p>作者：张三</p><p>正文。</p></body></html>'.encode(),
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        + "<h1>会议</h1><p>作者：张三</p><p>正文。</p>".encode(),
    ],
    ids=["docx", "html", "xhtml", "mht"],
)
@pytest.mark.parametrize("name", ["稿.doc", "稿.wps", "稿.docx"])
def test_a_file_is_read_as_what_it_holds_whatever_its_name(
    data: bytes, name: str, import_word: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    code, report = import_word(written(tmp_path / name, data))
    assert (code, report["author"]) == (0, "张三")


def test_nobody_is_asked_where_nobody_can_answer(
    site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written(tmp_path / "稿.docx", REPORT)
    assert newsgen(["import-word", str(source), "-C", str(site.root)]) == 2
    assert "--yes" in capsys.readouterr().err
    assert newsgen(["import-word", str(source), "-C", str(site.root), "--yes"]) == 0
    assert "已写好" in capsys.readouterr().out


def test_an_old_word_file_is_converted_where_libreoffice_is_installed(
    import_word: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for LibreOffice: it writes text.docx where the real one does, if it is called as the real one is."""
    (tmp_path / "real.docx").write_bytes(REPORT)
    script = written(tmp_path / "bin" / "soffice", b"")
    script.write_text(
        "#!/bin/sh\n"
        'case "$1 $2 $3 $4 $5 $7" in "-env:UserInstallation=file://"*" --headless --convert-to docx --outdir "*text.doc) ;; *) exit 1 ;; esac\n'
        f'cp "{tmp_path}/real.docx" "$6/text.docx"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    code, report = import_word(written(tmp_path / "稿.doc", b"\xd0\xcf\x11\xe0"))
    assert (code, report["author"]) == (0, "张三")


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (["某支部开展活动", "正文一句。"], {"title": "某支部开展活动"}),
        (["某支部开展活动", "（作者：张三）", "正文一句。"], {"author": "张三"}),
        (["某支部开展活动", "2024年3月13日", "正文一句。"], {"date": "2024-03-13"}),
        (
            ["某支部开展活动", "2024-03-13 09:30　来源：管理学院　作者：张三", "正文一句。"],
            {"date": "2024-03-13", "source": "管理学院", "author": "张三"},
        ),
        (["某支部开展活动", "正文一句。", "（文/图：张三）"], {"author": "张三", "photographer": "张三"}),
        (["某支部开展活动", "正文一句。", "供稿：管理学院党委"], {"source": "管理学院党委"}),
        (["某支部开展活动", "正文一句。", "供稿：张三"], {"author": "张三"}),
        (
            ["某支部开展活动", "正文一句。", "文：张三、李四 图：王五 责编：赵六"],
            {"author": "张三、李四", "editor": "赵六"},
        ),
        (
            ["某支部开展活动", "正文一句。", "（文/张三 图/李四 初审/王五 复审/赵六 终审/钱七）"],
            {"author": "张三", "photographer": "李四", "reviews": "王五、赵六、钱七"},
        ),
        (
            ["某支部开展活动", "正文一句。", "撰稿：张三 一审：李四 二审：王五"],
            {"author": "张三", "reviews": "李四、王五"},
        ),
        (["某支部开展活动", "正文一句。", "编辑：李四　责编：王五"], {"editor": "李四、王五"}),
        (
            ["某支部开展活动", "来源：管理学院", "正文一句。", "供稿单位：党委宣传部"],
            {"source": "党委宣传部、管理学院"},
        ),
        (["某支部开展活动", "正文一句。", "【文/张三】"], {"author": "张三"}),
        (["某支部开展活动", "正文一句。", "文图｜张三"], {"author": "张三", "photographer": "张三"}),
        (["某支部开展活动", "正文一句。", "图/文 张三"], {"author": "张三", "photographer": "张三"}),
        (
            ["某支部开展活动", "正文一句。", "撰稿 张三 李四　摄影 王五"],
            {"author": "张三、李四", "photographer": "王五"},
        ),
        (["某支部开展活动", "正文一句。", "编辑／张三　审稿人：李四"], {"editor": "张三", "reviews": "李四"}),
        (["某支部开展活动", "正文一句。", "一审一校：张三 二审二校：李四"], {"reviews": "张三、李四"}),
        (
            ["某支部开展活动", "正文一句。", "供稿部门：管理学院 拍摄：张三"],
            {"source": "管理学院", "photographer": "张三"},
        ),
        (["某支部开展活动", "正文一句。", "编辑 部门要认真做好校对工作。"], {"editor": ""}),
        (["某支部开展活动", "正文一句。", "文：张三 技术支持：李四"], {"author": ""}),
        (["某支部开展活动", "正文一句。", "（管理学院 2024年3月14日）"], {"date": "2024-03-14"}),
        (["某支部开展活动", "时间：3月13日下午在报告厅举行了会议。", "正文。"], {"date": "", "author": ""}),
    ],
)
def test_the_parts_of_a_report_are_recognised(lines: list[str], parts: dict[str, str]) -> None:
    found = recognise_parts(read_word(word_file("".join(map(paragraph, lines))), "稿").blocks, "稿")
    named = "".join((found.title, found.author, found.photographer, found.editor, found.source, found.reviews))
    for name in re.findall("张三|李四|王五|赵六|钱七|管理学院|党委宣传部", "".join(lines)):
        assert name in named + "".join(item.text for item in paragraphs_of(found.blocks))
    assert {name: getattr(found, name) for name in parts} == parts


def test_the_footnote_of_a_title_follows_the_first_sentence(site: SiteTest) -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = {
        "footnotes.xml": f'<w:footnotes NAMES><w:footnote w:id="2">{paragraph("本文是讲话稿。")}</w:footnote></w:footnotes>'
    }
    body = centred("在大会上的讲话", note) + paragraph("同志们：") + paragraph("大家好。")
    report = make_report(site.root, manuscript_of_file("20240313+讲话.docx", word_file(body, notes)), None, {})
    text = report.files["index.md"].decode()
    assert text.endswith("同志们：\n\n大家好。[^1]\n\n[^1]: 本文是讲话稿。\n")
    assert report.missing == ()
    assert any(remark.startswith("标题上的脚注（1 处）") for remark in report.remarks)


def test_names_of_several_credits_count_as_arrived(site: SiteTest) -> None:
    text = "".join(map(paragraph, ["某支部开展活动", "正文一句。", "编辑：李四　责编：王五"]))
    report = make_report(site.root, manuscript_of_file("稿.docx", word_file(text)), None, {})
    assert report.counts.characters == (19, 15)  # 编辑 and 责编 are the key of the front matter


def test_a_manuscript_without_a_text_is_told(site: SiteTest) -> None:
    report = make_report(site.root, manuscript_of_file("稿.docx", word_file(centred("某支部开展活动"))), None, {})
    assert report.remarks[0].startswith("没有正文：")


def test_pictures_are_called_by_their_captions_and_no_name_says_a_number(import_word: Import, tmp_path: Path) -> None:
    pictures = [(name, picture(colour)) for name, colour in (("a.jpg", "red"), ("b.jpg", "blue"), ("c.jpg", "green"))]
    text = paragraph("正文。")
    for (name, _), caption in zip(pictures, ("图1：3月13日会场", "图2：3月13日会场", ""), strict=True):
        text += paragraph(drawing(name)) + (centred(caption) if caption else "")
    code, report = import_word(written(tmp_path / "稿.docx", word_file(text, media=dict(pictures))))
    names = sorted(set(report["files"]) - {"index.md"})
    assert (code, len(names), names[0]) == (0, 3, "wen-c.jpg")
    assert all("hui-chang" in name and number_in(name) is None for name in names[1:])


def test_a_word_file_that_a_browser_saved_as_zip_is_read(site: SiteTest) -> None:
    report = make_report(site.root, manuscript_of_file("20240313+会议.zip", REPORT), None, {})
    assert (report.parts.title, report.remarks) == ("学院党委召开工作会议，部署新学期重点工作", ())


def test_photos_without_a_place_are_in_the_order_of_their_names(site: SiteTest) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("稿.docx", word_file(paragraph("3月13日，学院召开会议。")))
        for name in ("p10.jpg", "p9.jpg", "会场.jpg", "合影.jpg", "p1.jpg"):
            archive.writestr(name, picture())
    report = make_report(site.root, manuscript_of_file("20240313+会议.zip", target.getvalue()), None, {})
    shown = re.findall(r"\]\((.*?)\)", report.files["index.md"].decode())
    assert shown == ["p1.jpg", "p9.jpg", "p10.jpg", "合影.jpg", "会场.jpg"]


def test_a_file_that_is_not_there_is_named_and_nothing_is_made(site: SiteTest, import_word: Import) -> None:
    before = sorted(site.root.rglob("*"))
    code, answer = import_word(site.root.parent / "没有.docx", "--yes")
    (found,) = answer["diagnostics"]
    assert (code, found["code"]) == (2, "word.missing")
    assert found["message"] == f"打不开 {site.root.parent / '没有.docx'}：找不到这个文件或文件夹"
    assert found["hint"] == "检查文件名；在 Word 里打开着的，先关掉"
    assert sorted(site.root.rglob("*")) == before
