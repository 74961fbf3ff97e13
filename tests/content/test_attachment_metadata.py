"""Attachments without the names of those who wrote them: every other byte as it was, signed files untouched."""

from __future__ import annotations

import io
import os
import sys
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from newsgen.content.attachment_metadata import NotCleaned, cleaned
from newsgen.content.attachment_metadata.edits import Edit, edited
from newsgen.content.attachment_metadata.xml_names import contents
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError
from newsgen.core.model import Download
from newsgen.render.renderer import attachment_bytes
from site_test import SITE_YAML, Built, SiteTest, tree

CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="c" xmlns:dc="d">'
    "<dc:title>报名表</dc:title><dc:creator>张某</dc:creator><cp:lastModifiedBy><![CDATA[李某]]></cp:lastModifiedBy>"
    "<cp:revision>3</cp:revision></cp:coreProperties>"
)
APP = '<Properties xmlns="a"><Pages>2</Pages><Manager>王某</Manager><Company>某单位</Company></Properties>'
CUSTOM = '<Properties xmlns="c" xmlns:vt="v"><property name="作者" pid="2"><vt:lpwstr>张某</vt:lpwstr></property></Properties>'
BODY = "<w:document xmlns:w='w'><w:t>正文</w:t></w:document>" * 50
NAMES = ("张某", "李某", "王某", "某单位")


def office(parts: Mapping[str, str], streamed: bool = False) -> bytes:
    """An office file of these parts; `streamed`: sizes follow the content, as programs write that do not know them before."""
    target = io.BytesIO()
    with zipfile.ZipFile(_OneWay(target) if streamed else target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
        archive.comment = b"made by a program"
    return target.getvalue()


class _OneWay(io.RawIOBase):
    """A stream in which one cannot go back."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes alone
        return self._target.write(data)


FORM = {
    "[Content_Types].xml": "<Types/>",
    "docProps/core.xml": CORE,
    "word/document.xml": BODY,
    "docProps/app.xml": APP,
    "docProps/custom.xml": CUSTOM,
    "word/media/a.bin": "0123456789" * 99,
}


def clean(data: bytes, suffix: str = ".docx") -> bytes:
    return b"".join(cleaned(data, suffix))


def records(data: bytes) -> dict[str, bytes]:
    """The packed bytes of each part, its local record included."""
    found = sorted(zipfile.ZipFile(io.BytesIO(data)).infolist(), key=lambda item: item.header_offset)
    stops = [*(item.header_offset for item in found[1:]), data.rfind(b"PK\x01\x02")]
    return {item.filename: data[item.header_offset : stop] for item, stop in zip(found[:-1], stops, strict=False)}


@pytest.mark.parametrize("streamed", [False, True])
def test_names_are_taken_out_of_the_properties_and_all_else_is_as_it_was(streamed: bool) -> None:
    before = office(FORM, streamed)
    after = clean(before)
    archive = zipfile.ZipFile(io.BytesIO(after))
    assert archive.testzip() is None
    assert not archive.getinfo("docProps/core.xml").flag_bits & 8, "nothing follows the content"
    assert archive.namelist() == list(FORM)
    assert archive.comment == b"made by a program"
    texts = {name: archive.read(name).decode() for name in FORM}
    assert not [name for name in NAMES if any(name in text for text in texts.values())]
    assert "<dc:title>报名表</dc:title><dc:creator></dc:creator>" in texts["docProps/core.xml"]
    assert "<cp:revision>3</cp:revision>" in texts["docProps/core.xml"]
    assert texts["docProps/app.xml"] == APP.replace("王某", "").replace("某单位", "")
    assert texts["docProps/custom.xml"] == '<Properties xmlns="c" xmlns:vt="v"></Properties>'
    same = [name for name in FORM if not name.startswith("docProps/")][:-1]
    assert {name: records(after)[name] for name in same} == {name: records(before)[name] for name in same}
    assert clean(after) == after


def test_an_office_file_without_names_is_the_same_to_the_byte() -> None:
    data = office({"word/document.xml": BODY, "docProps/core.xml": "<c><creator/><title>张某</title></c>"})
    assert clean(data) == data


@pytest.mark.parametrize("name", ["docprops/Core.xml", "/docProps/core.xml", "docProps\\core.xml", "package/a.psmdcp"])
def test_the_properties_are_known_under_every_name_that_programs_give_them(name: str) -> None:
    data = zipfile.ZipFile(io.BytesIO(clean(office({name: CORE}))))
    assert "张某" not in data.read(data.infolist()[0]).decode()


def test_names_in_utf_16_are_found() -> None:
    xml = CORE.replace("UTF-8", "UTF-16").encode("utf-16")
    text = b"".join(edited(xml, [Edit(*span, b"") for span in contents(xml)])).decode("utf-16")
    assert text == CORE.replace("UTF-8", "UTF-16").replace("张某", "").replace("<![CDATA[李某]]>", "")


def bomb() -> bytes:
    return office({"docProps/core.xml": "<a>" + " " * 50_000_000 + "</a>"})


def overlapping() -> bytes:
    """Two entries that are the same bytes, as in bombs that pack one part a thousand times."""
    data = office({"docProps/core.xml": CORE, "docProps/corf.xml": CORE})
    second = data.rfind(b"PK\x01\x02")
    return data[: second + 42] + bytes(4) + data[second + 46 :]


@pytest.mark.parametrize(
    "data",
    [
        bomb(),
        overlapping(),
        office({f"docProps/core{number}.xml": "<a>" + " " * 900_000 + "</a>" for number in range(5)}),
        b"",
        b"PK\x05\x06",
        office(FORM)[:-30],
        office(FORM) + b"more",
        b"more" + office(FORM),
        office({"docProps/core.xml": "<a>"}),
        office({"docProps/core.xml": '<!DOCTYPE a [<!ENTITY b "张某">]><a><creator>&b;</creator></a>'}),
        office({"docProps/core.xml": '<a creator="张某"/>'}),
    ],
    ids=["bomb", "overlapping", "many", "empty", "end", "cut", "behind", "before", "broken", "entity", "attribute"],
)
def test_an_office_file_of_an_unusual_form_is_left_alone(data: bytes) -> None:
    with pytest.raises(NotCleaned, match="unclear"):
        cleaned(data, ".docx")


def test_every_cut_and_every_changed_byte_of_a_directory_gives_a_file_or_a_refusal() -> None:
    data = office(FORM)
    broken = [data[:stop] for stop in range(0, len(data), 7)]
    broken += [data[:place] + b"\xff" + data[place + 1 :] for place in range(data.find(b"PK\x01\x02"), len(data))]
    refused = 0
    for item in broken:
        try:
            clean(item)
        except NotCleaned:
            refused += 1
    assert refused > len(broken) / 4


# ---------------------------------------------------------------- PDF

XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="x" xmlns:dc="d" xmlns:rdf="r">'
    "<rdf:RDF><rdf:Description><dc:title>报名表</dc:title><dc:creator><rdf:Seq><rdf:li>张某</rdf:li></rdf:Seq></dc:creator>"
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
INFO = b"<</Title(a \\) b)/Author (Zhang \\(Office\\) (x))/Creator<FEFF5F20>/#41uthor(Li)/Company()>>"


def pdf(info: bytes = INFO, metadata: bytes = XMP.encode(), filter_: bytes = b"", more: bytes = b"") -> bytes:
    """A PDF of one page with its document information and metadata."""
    stream = b"BT /F1 12 Tf 72 720 Td (Hello) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        info,
        b"<</Type/Metadata/Subtype/XML%b/Length %d>>stream\n%b\nendstream" % (filter_, len(metadata), metadata),
        more or b"null",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%b\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 9\n0000000000 65535 f \n"
    return data + head + table + b"trailer<</Size 9/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)


def opened(data: bytes) -> tuple[dict[str, str], str]:
    """The properties and the text of a PDF, as another program reads them."""
    document = pdfium.PdfDocument(data)
    try:
        return document.get_metadata_dict(skip_empty=True), document[0].get_textpage().get_text_range()
    finally:
        document.close()


def test_names_are_blanked_in_a_pdf_and_no_byte_moves() -> None:
    before = pdf()
    after = clean(before, ".pdf")
    assert opened(before)[0]["Author"]
    assert opened(after) == ({"Title": "a ) b"}, "Hello")
    assert len(after) == len(before)
    assert not [name for name in (b"Zhang", b"5F20", b"Li)", "张某".encode()) if name in after]
    changed = {place for place in range(len(before)) if before[place] != after[place]}
    information = before.find(b"6 0 obj"), before.find(b"7 0 obj")
    creator = before.find(b"<dc:creator>"), before.find(b"</dc:creator>")
    assert all(any(start < place < end for start, end in (information, creator)) for place in changed)
    assert clean(after, ".pdf") == after


def test_names_in_earlier_versions_of_a_pdf_are_blanked() -> None:
    first = pdf()
    later = b"\n6 0 obj<</Author(Wang)>>endobj\nxref\n6 1\n%010d 00000 n \n" % (len(first) + 1)
    trailer = b"trailer<</Size 9/Root 1 0 R/Info 6 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF"
    data = first + later + trailer % (first.rfind(b"xref\n0 9"), len(first) + later.find(b"xref"))
    assert opened(data)[0] == {"Author": "Wang"}
    after = clean(data, ".pdf")
    assert opened(after)[0] == {}
    assert b"Zhang" not in after


def test_a_pdf_without_names_is_the_same_to_the_byte() -> None:
    data = pdf(b"<</Title(x)/Author()>>", b"<a/>")
    assert clean(data, ".pdf") == data
    packed = pdf(b"<</Title(x)>>", zlib.compress(b"<a/>"), b"/Filter/FlateDecode")
    assert clean(packed, ".pdf") == packed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\ntrailer<</Info 9 0 R>>",
        b"%PDF-1.7\ntrailer<</Info<</Author(x)>>>>",
        pdf(b"<</Author 8 0 R>>", more=b"(Zhang)"),
        pdf(b"<</Author(Zhang"),
        pdf(b"<<" + b"%" * 10_000 + b"/Author(x)>>"),
        pdf(b"%" * 30_000),
        pdf() + b"6 0 obj" * 1_000,
        pdf(metadata=zlib.compress(XMP.encode()), filter_=b"/Filter/FlateDecode"),
        pdf(metadata=b"broken", filter_=b"/Filter/FlateDecode"),
        pdf(metadata=zlib.compress(bytes(50_000_000)), filter_=b"/Filter/FlateDecode"),
        pdf(metadata=b"<a>"),
    ],
    ids=[
        "empty",
        "packed",
        "direct",
        "elsewhere",
        "open",
        "comment",
        "no end",
        "versions",
        "packed xmp",
        "broken",
        "bomb",
        "broken xmp",
    ],
)
def test_a_pdf_in_which_names_cannot_be_found_is_left_alone(data: bytes) -> None:
    with pytest.raises(NotCleaned, match="unclear"):
        cleaned(data, ".pdf")


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (office({**FORM, "_xmlsignatures/sig1.xml": "<Signature/>"}), ".docx"),
        (office({**FORM, "package/services/digital-signature/origin.psdsor": ""}), ".docx"),
        (pdf(more=b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"), ".pdf"),
        (pdf(more=b"<</Type /Sig>>"), ".pdf"),
    ],
)
def test_a_signed_file_is_left_alone(data: bytes, suffix: str) -> None:
    with pytest.raises(NotCleaned, match="signed"):
        cleaned(data, suffix)


# ---------------------------------------------------------------- on the site


def attached(site: SiteTest, data: bytes, setting: str = "yes", name: str = "form.docx") -> Built:
    """A build with an attachment, and an article without."""
    site.write("site.yaml", f"{SITE_YAML}attachments:\n  clean: {setting}\n").write(f"content/meetings/{name}", data)
    site.article("meetings/a.md", "见附件。\n", attachments=name).article(
        "meetings/b.md", "没有附件。\n", title="另一篇"
    )
    return site.built()


def published(built: Built) -> tuple[str, bytes]:
    """Address and bytes of the one attachment."""
    (address,) = [address for address in built.addresses() if address.startswith("media/")]
    return address, (built.out / address).read_bytes()


def test_an_attachment_is_published_without_names_at_the_address_of_its_bytes(site: SiteTest) -> None:
    before = office(FORM)
    as_it_is = published(attached(site, before, "no"))
    assert as_it_is[1] == before
    built = attached(site, before)
    address, data = published(built)
    assert data == clean(before)
    assert address != as_it_is[0]
    assert digest_bytes(data) in built.text(".newsgen.json")
    assert address in built.text("meetings/2024/0313-a.html")
    assert not built.said("warning")
    assert site.built("--verify", "100%").document["rendered"] == 0


def test_a_file_that_changed_since_it_was_looked_at_is_not_published(site: SiteTest) -> None:
    site.write("content/meetings/f.docx", office(FORM))
    with pytest.raises(ContentError) as caught:
        list(
            attachment_bytes(
                Download("content/meetings/f.docx", "0" * 32, "media/f.docx", 9, True, "1" * 32), site.root
            )
        )
    assert [item.code for item in caught.value.diagnostics] == ["file.changed"]


OPENED: list[str] = []
"""The paths of the files that this process opened, as far as a test looks: a hook stays for good."""


def opened_by_a_build(site: SiteTest) -> tuple[Built, set[str]]:
    """A build, and the names of the files of content/ that were opened for it."""
    OPENED.clear()
    built = site.built()
    return built, {Path(path).name for path in OPENED if Path(path).is_relative_to(site.root / "content")}


@pytest.fixture(scope="module")
def audited() -> None:
    """Let OPENED grow."""

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            OPENED.append(os.fsdecode(arguments[0]))

    sys.addaudithook(note)


@pytest.mark.usefixtures("audited")
def test_the_setting_renders_what_it_changes_and_nothing_else(site: SiteTest) -> None:
    """The attachment lies there untouched all the while, so that its stamp answers for its bytes, but not for the setting."""
    first = attached(site, office(FORM), "no")
    trees = {"no": tree(first.out)}
    site.at_rest().built()
    for setting in ("yes", "no", "yes"):
        site.write("site.yaml", f"{SITE_YAML}attachments:\n  clean: {setting}\n")
        built, names = opened_by_a_build(site)
        assert (built.document["rendered"], names) == (2, {"form.docx"})
        assert tree(built.out) == trees.setdefault(setting, tree(built.out))
    assert trees["no"] != trees["yes"]
    site.write("site.yaml", f"{SITE_YAML.replace('党群', '党建')}attachments:\n  clean: yes\n")
    built, names = opened_by_a_build(site)
    assert built.document["rendered"] > 2
    assert names == set(), "what was found under this setting is still known"


def test_a_file_that_keeps_its_names_is_published_as_it_is_and_told(site: SiteTest) -> None:
    data = office({**FORM, "_xmlsignatures/sig1.xml": "<Signature/>"})
    built = attached(site, data)
    assert published(built)[1] == data
    assert built.said("warning") == ["attachment.names content/meetings/form.docx:1"]
    assert "form.docx 有电子签名" in built.stderr
    assert "去掉这些信息以后再签名" in built.stderr
    assert site.built().said("warning") == ["attachment.names content/meetings/form.docx:1"]
    assert not attached(site, data, "no").said("warning")
    packed = attached(site, b"%PDF-1.7\ntrailer<</Info 9 0 R>>", name="form.pdf")
    assert "form.pdf 的格式特别" in packed.stderr
