"""Parts of a Word file: which belongs to which, by whatever name it goes."""

from __future__ import annotations

import io
import zipfile

import pytest

from newsgen.authoring.importers.markdown_writer import write
from newsgen.authoring.importers.word_document import read_word
from word_files import drawing, item, numbering, paragraph, word_file

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def markdown(data: bytes) -> str:
    document = read_word(data, "稿.docx")
    return write(document, document.blocks, {name: name for name in document.pictures})


def relations(*rows: tuple[str, str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"'
        f' TargetMode="{"External" if "://" in target else "Internal"}"/>'
        for name, kind, target in rows
    )
    return f'<Relationships xmlns="{_PACKAGE}">{inside}</Relationships>'


def renamed(data: bytes, names: dict[str, str], more: dict[str, str]) -> bytes:
    """A Word file some of whose parts have other names, and more parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as other:
        for name in archive.namelist():
            if name not in more:
                other.writestr(names.get(name, name), archive.read(name))
        for name, text in more.items():
            other.writestr(name, text)
    return target.getvalue()


def test_parts_are_found_by_their_relations_whatever_they_are_called() -> None:
    data = renamed(
        word_file(item("总则"), {"numbering.xml": numbering(("chineseCounting", "第%1章　"))}),
        {"word/document.xml": "word/main7.xml", "word/numbering.xml": "word/numbering2.xml"},
        {
            "_rels/.rels": relations(("rId1", "officeDocument", "word/main7.xml")),
            "word/_rels/main7.xml.rels": relations(("rId1", "numbering", "numbering2.xml")),
        },
    )
    assert markdown(data) == "第一章　总则\n"


def test_a_link_in_a_footnote_leads_where_the_note_says() -> None:
    link = '<w:hyperlink r:id="rId1"><w:r><w:t>文件</w:t></w:r></w:hyperlink>'
    data = word_file(
        paragraph("会议", '<w:r><w:footnoteReference w:id="2"/></w:r>', link),
        {
            "footnotes.xml": f'<w:footnotes NAMES><w:footnote w:id="2">{paragraph(link)}</w:footnote></w:footnotes>',
            "_rels/footnotes.xml.rels": relations(("rId1", "hyperlink", "https://note.example.edu.cn/")),
        },
        links=f'<Relationship Id="rId1" Type="{_OFFICE}/hyperlink" Target="https://text.example.edu.cn/" TargetMode="External"/>',
    )
    assert markdown(data) == (
        "会议[^1][文件](https://text.example.edu.cn/)\n\n[^1]: [文件](https://note.example.edu.cn/)\n"
    )


def test_the_mark_that_an_author_chose_for_a_footnote_stands_once() -> None:
    call = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
    notes = f'<w:footnotes NAMES><w:footnote w:id="2">{paragraph("见文件。")}</w:footnote></w:footnotes>'
    assert markdown(word_file(paragraph("会议", call), {"footnotes.xml": notes})) == "会议[^1]\n\n[^1]: 见文件。\n"


def test_a_picture_in_a_header_is_told() -> None:
    header = f"<w:hdr NAMES>{paragraph(drawing('rId1'))}</w:hdr>"
    page_number = f"<w:ftr NAMES>{paragraph('- 1 -')}</w:ftr>"
    document = read_word(word_file(paragraph("会议"), {"header1.xml": header, "footer1.xml": page_number}), "稿.docx")
    assert document.remarks == ("页眉和页脚 1 处：没有带进来",)


@pytest.mark.parametrize("name", ["word\\document.xml", "/word/document.xml"])
def test_parts_are_found_however_a_program_writes_their_paths(name: str) -> None:
    assert markdown(renamed(word_file(paragraph("会议")), {"word/document.xml": name}, {})) == "会议\n"
