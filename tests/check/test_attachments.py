"""Attachments: personal numbers wherever people write them, and files that are meant to break the reader."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping

import pytest
from PIL import Image

from newsgen.check.attachments import text_of
from newsgen.check.rules.files import file_findings, photo_findings
from newsgen.cli import run
from site_test import SiteTest

IDENTITY = "11010519491231002X"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def packed(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def word(paragraph: str, part: str = "word/document.xml") -> bytes:
    """A .docx with one paragraph in one of its parts; Word splits text into runs as it likes."""
    runs = "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in (paragraph[:6], paragraph[6:]))
    return packed({part: f'<w:document xmlns:w="{W}"><w:body><w:p>{runs}</w:p></w:body></w:document>'})


def pdf(text: str) -> bytes:
    """A PDF of one page with one line of ASCII."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length " + str(len(stream)).encode() + b">>stream\n" + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(data))
        data += str(number).encode() + b" 0 obj" + item + b"endobj\n"
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start


def found(name: str, data: bytes) -> list[tuple[str, str]]:
    return [(item.code, item.message) for item in file_findings(f"content/a/{name}", data)]


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/comments.xml", "word/header1.xml", "word/footnotes.xml", "docProps/custom.xml"]
)
def test_every_part_of_a_word_file_is_read(part: str) -> None:
    ((code, message),) = found("名单.docx", word(f"身份证号{IDENTITY}", part))
    assert code == "personal.identity"
    assert "110105********002X" in message
    assert IDENTITY not in message


def test_deleted_text_of_tracked_changes_is_read() -> None:
    text = (
        f'<w:document xmlns:w="{W}"><w:p><w:del><w:r><w:delText>{IDENTITY}</w:delText></w:r></w:del></w:p></w:document>'
    )
    assert found("a.docx", packed({"word/document.xml": text}))[0][0] == "personal.identity"


@pytest.mark.parametrize(
    ("gone", "new"), [("del", "ins"), ("moveFrom", "moveTo"), ("del", "moveTo")], ids=["edited", "moved", "both"]
)
def test_both_versions_of_a_text_with_tracked_changes_are_read(gone: str, new: str) -> None:
    """A number of which only some digits were changed is whole in each version alone."""
    changes = "".join(
        f"<w:{kind}><w:r><w:{tag}>{digits}</w:{tag}></w:r></w:{kind}>"
        for kind, tag, digits in ((gone, "delText", "139"), (new, "t", "138"))
    )
    text = f'<w:document xmlns:w="{W}"><w:p><w:r><w:t>电话</w:t></w:r>{changes}<w:r><w:t>12345678</w:t></w:r></w:p></w:document>'
    ((code, message),) = found("a.docx", packed({"word/document.xml": text}))
    assert code == "personal.mobile"
    assert "138****5678" in message
    assert "139****5678" in message


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/pivotCache/pivotCacheRecords1.xml", '<pivotCacheRecords><r><s v="13912345678"/></r></pivotCacheRecords>'),
        ("xl/externalLinks/externalLink1.xml", "<externalLink><cell><v>13912345678</v></cell></externalLink>"),
        (
            "xl/threadedComments/threadedComment1.xml",
            "<x><threadedComment><text>13912345678</text></threadedComment></x>",
        ),
        ("xl/drawings/drawing1.xml", '<x><cNvPr descr="13912345678"/></x>'),
        ("ppt/commentAuthors.xml", "<x><p>13912345678</p></x>"),
        ("ppt/slideMasters/slideMaster1.xml", "<x><t>13912345678</t></x>"),
        ("word/diagrams/data1.xml", "<x><t>13912345678</t></x>"),
        ("word/_rels/document.xml.rels", '<Relationships><Relationship Target="tel:13912345678"/></Relationships>'),
        ("customXml/item1.xml", "<x>13912345678</x>"),
    ],
)
def test_what_office_keeps_out_of_sight_is_read(part: str, text: str) -> None:
    assert [code for code, _ in found("a.docx", packed({part: text}))] == ["personal.mobile"]


def test_hidden_sheets_and_numbers_in_cells_are_read() -> None:
    strings = f'<sst xmlns="{S}"><si><t>张某</t></si><si><t>{IDENTITY}</t></si></sst>'
    sheet = (
        f'<worksheet xmlns="{S}"><sheetData><row><c><v>13912345678</v></c><c><v>1</v></c></row></sheetData></worksheet>'
    )
    data = packed({"xl/sharedStrings.xml": strings, "xl/worksheets/sheet2.xml": sheet})
    assert [code for code, _ in found("表.xlsx", data)] == ["personal.identity", "personal.mobile"]
    assert "第 2 张工作表" in found("表.xlsx", data)[1][1]


def test_slides_and_their_notes_are_read() -> None:
    slide = '<p:sld xmlns:a="a" xmlns:p="p"><a:p><a:r><a:t>电话13912345678</a:t></a:r></a:p></p:sld>'
    assert found("a.pptx", packed({"ppt/notesSlides/notesSlide1.xml": slide}))[0][0] == "personal.mobile"


def test_a_pdf_is_read_page_by_page() -> None:
    ((code, message),) = found("a.pdf", pdf(f"ID {IDENTITY}"))
    assert code == "personal.identity"
    assert "第 1 页" in message


def test_the_properties_of_a_pdf_are_read() -> None:
    data = (
        pdf("x")
        .replace(b"trailer<<", b"trailer<</Info 6 0 R")
        .replace(b"xref\n", b"6 0 obj<</Title(13912345678)>>endobj\nxref\n")
    )
    assert found("a.pdf", data) == [("personal.mobile", "附件里有手机号（文档属性：139****5678），会公开在网上")]


def test_the_notes_and_fields_of_a_pdf_are_read() -> None:
    note = b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(13912345678)>>"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[0 0 9 9]/V(13812345678)>>"
    data = pdf("x").replace(b"/MediaBox", b"/Annots[" + note + field + b"]/MediaBox")
    ((code, message),) = found("a.pdf", data)
    assert code == "personal.mobile"
    assert "第 1 页的批注：139****5678" in message
    assert "138****5678" in message


def test_what_was_read_before_the_end_of_a_broken_archive_is_told() -> None:
    data = packed({"a.txt": "手机13912345678", "b.docx": b"PK\x03\x04 broken"})
    assert [code for code, _ in found("a.zip", data)] == ["files.unreadable", "personal.mobile"]


def test_a_table_that_is_embedded_in_a_word_file_is_read() -> None:
    sheet = packed({"xl/worksheets/sheet1.xml": f"<worksheet><row><c><v>{IDENTITY}</v></c></row></worksheet>"})
    assert [code for code, _ in found("a.docx", packed({"word/embeddings/b.xlsx": sheet}))] == ["personal.identity"]


def test_a_zip_of_files_is_read_with_names_that_windows_wrote() -> None:
    data = packed({"名单.docx".encode("gb18030").decode("cp437"): word(IDENTITY), "b.txt": "手机13912345678"})
    assert [code for code, _ in found("材料.zip", data)] == ["personal.identity", "personal.mobile"]


def test_a_thousand_numbers_are_one_finding() -> None:
    rows = "".join(f"<row><c><v>1391234{number:04}</v></c></row>" for number in range(1000))
    ((code, message),) = found("表.xlsx", packed({"xl/worksheets/sheet1.xml": f"<worksheet>{rows}</worksheet>"}))
    assert code == "personal.mobile"
    assert "等 1000 处" in message


def test_masked_numbers_and_office_telephones_are_no_finding() -> None:
    assert found("a.docx", word("身份证号110105********002X，电话010-62781234")) == []


def test_a_number_in_a_file_name_is_found_in_any_file() -> None:
    (finding,) = file_findings("content/a/张某13912345678.jpg", None)
    assert (finding.code, finding.severity) == ("files.name", "warning")


def test_macros_are_told() -> None:
    assert ("files.macros", "附件里有宏，收到的人不敢打开") in found("a.docm", packed({"word/vbaProject.bin": b"x"}))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(100), "有密码，或者是旧格式"),
        ("a.docx", b"PK\x03\x04 broken", "打不开，可能已经损坏"),
        ("a.pdf", b"%PDF-1.4 broken", "打不开，可能已经损坏"),
        ("a.docx", packed({"word/document.xml": "<w>"}), "打不开，可能已经损坏"),
        ("a.docx", packed({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "XML 里有实体定义"),
        ("a.docx", packed({"word/document.xml": b"<x>" + b"a" * 70_000_000 + b"</x>"}), "解压以后太大了"),
        ("a.docx", packed({"word/document.xml": b"<x>" + b"a" * 6_000_000 + b"</x>"}), "里面的文字超过"),
        ("a.zip", packed({f"{number}.txt": "" for number in range(5_001)}), "太多了"),
    ],
    ids=["password", "no zip", "no pdf", "no xml", "entities", "bomb", "too much text", "too many files"],
)
def test_what_cannot_be_read_is_told_with_the_reason(name: str, data: bytes, message: str) -> None:
    assert message in text_of(name, data).problem
    ((code, said),) = found(name, data)
    assert code == "files.unreadable"
    assert message in said


def test_the_archives_in_an_archive_share_what_may_be_read() -> None:
    part = packed({"word/document.xml": b"<x><!--" + b"a" * 40_000_000 + b"--></x>"})
    assert found("a.docx", part) == []
    assert found("a.zip", packed({"a.docx": part, "b.docx": part}))[0][1] == "附件没有检查：解压以后太大了，没有检查"


def test_archives_in_archives_end() -> None:
    data = packed({"a.txt": "甲"})
    for _ in range(4):
        data = packed({"a.zip": data})
    assert text_of("a.zip", data).problem == "压缩包套了太多层"


def exif(**fields: object) -> bytes:
    """A JPEG with these fields of Exif: artist, description, comment (as Windows writes it), latitude."""
    image = Image.new("RGB", (8, 8))
    found = image.getexif()
    for tag, name in ((0x013B, "artist"), (0x010E, "description")):
        if name in fields:
            found[tag] = fields[name]
    if "note" in fields:
        found.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + str(fields["note"]).encode("utf-16-be")
    if "comment" in fields:
        found[0x9C9C] = str(fields["comment"]).encode("utf-16-le")
    if "latitude" in fields:
        found.get_ifd(0x8825).update({1: "N", 2: fields["latitude"], 3: "E", 4: (116.0, 1.0, 2.0)})
    target = io.BytesIO()
    image.save(target, "JPEG", exif=found)
    return target.getvalue()


XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description exif:GPSLatitude="39,54N"><dc:creator><rdf:Seq>'
    "<rdf:li>张某</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x20iTXtXML:com.adobe.xmp\0\0\0\0\0" + XMP.encode() + b"\0\0\0\0"
IPTC = b"\xff\xd8\xff\xed\0\x30Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0c\x1c\x02\x50\0\x04" + "张某".encode("gb18030")


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (exif(latitude=(39.0, 54.0, 1.0)), ["拍摄地点"]),
        (exif(artist="张某".encode("gb18030")), ["姓名（张某）"]),
        (exif(description="Zhang 13912345678"), ["手机号（139****5678）"]),
        (exif(comment="电话13912345678", artist="Zhang"), ["姓名（Zhang）", "手机号（139****5678）"]),
        (exif(note="电话13912345678"), ["手机号（139****5678）"]),
        (PNG, ["拍摄地点", "姓名（张某）"]),
        (IPTC, ["姓名（张某）"]),
    ],
)
def test_what_a_photo_says_of_people_and_places_is_told(data: bytes, parts: list[str]) -> None:
    (finding,) = photo_findings("content/a/b.jpg", data)
    assert (finding.code, finding.severity) == ("pictures.metadata", "info")
    assert finding.message == f"照片里记着{'、'.join(parts)}"


@pytest.mark.parametrize("data", [exif(), exif(latitude=(39.0, 54.0, 1.0))[:60], b"", b"\xff\xd8" + bytes(99)])
def test_a_photo_that_says_nothing_or_is_broken_is_no_finding(data: bytes) -> None:
    assert list(photo_findings("content/a/b.jpg", data)) == []


def test_photos_of_a_telephone_are_looked_at_beside_the_texts(
    site: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    site.article("meetings/a.md", "![会场](会场.jpg)\n", author="张老师")
    site.write("content/meetings/会场.jpg", exif(latitude=(39.0, 54.0, 1.0)))
    run(["check", "-C", str(site.root), "--json", "--now", "2024-03-14T08:00"])
    assert [(item["path"], item["code"]) for item in json.loads(capsys.readouterr().out)["findings"]] == [
        ("content/meetings/会场.jpg", "pictures.metadata")
    ]
