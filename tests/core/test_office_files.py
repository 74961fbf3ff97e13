"""Office files are read back: by newsgen's reader of Word files, and as the XML that spreadsheets hold."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest

from newsgen.authoring.importers.blocks import Paragraph, Table
from newsgen.authoring.importers.word_document import read_word
from newsgen.core.office_files import WordLine, WordPhoto, WordTable, _column, spreadsheet, word_document
from word_files import picture

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_a_word_document_holds_its_lines_tables_and_photos_in_order() -> None:
    photo = WordPhoto(picture(), ".jpg", 640, 480)
    parts: list[WordLine | WordPhoto | WordTable] = [
        WordLine("审批单", "center", 20, bold=True),
        WordTable((("环节", "签字"), ("初审", "")), (30, 60)),
        photo,
        WordLine("<正文> & \x01字"),
    ]
    data = word_document(parts)
    document = read_word(data, "单.docx")
    title, table, figure, text = document.blocks
    assert isinstance(title, Paragraph) and (title.text, title.align, title.is_bold) == ("审批单", "center", True)  # noqa: PT018
    assert isinstance(table, Table)
    assert [[cell.paragraphs[0].text if cell.paragraphs else "" for cell in row] for row in table.rows] == [
        ["环节", "签字"],
        ["初审", ""],
    ]
    assert isinstance(figure, Paragraph) and [document.pictures[item.name] for item in figure.pictures] == [photo.data]  # noqa: PT018
    assert isinstance(text, Paragraph) and text.text == "<正文> & 字"  # noqa: PT018
    assert word_document(parts) == data


def test_a_spreadsheet_holds_its_cells_as_text() -> None:
    rows = [("标题", "网址"), ("=1+1", 'a&b"<c>')]
    with zipfile.ZipFile(io.BytesIO(spreadsheet("登记", rows))) as archive:
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
    cells = {cell.get("r"): (cell.get("t"), cell.find(f"{SHEET}is/{SHEET}t")) for cell in sheet.iter(f"{SHEET}c")}
    texts = {name: text.text for name, (_, text) in cells.items() if text is not None}
    assert texts == {"A1": "标题", "B1": "网址", "A2": "=1+1", "B2": 'a&b"<c>'}
    assert {kind for kind, _ in cells.values()} == {"inlineStr"}


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_letters(index: int, letters: str) -> None:
    assert _column(index) == letters
