"""What is on record: the changes since an approval, the form to print, the register."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from newsgen.authoring.importers.blocks import Cell, Paragraph, Table
from newsgen.authoring.importers.word_document import read_word
from newsgen.cli import run
from signed_site import PAGE, POLICY, A, SignedSite


def said(site: SignedSite, *words: str) -> tuple[int, str]:
    site._capsys.readouterr()
    code = run([*words, "-C", str(site.root)])
    printed = site._capsys.readouterr()
    return code, printed.out + printed.err


def test_a_diff_shows_what_changed_by_sentence(signed_site: SignedSite, tmp_path: Path) -> None:
    assert said(signed_site, "diff", A) == (0, f"{A} 和审过的那一版一样。\n")
    signed_site.edit("正文第一句。", "正文第二句。又一句。").edit("一篇报道", "两篇报道")
    signed_site.write("content/meetings/f.pdf", b"%PDF-1.4 2")
    code, text = said(signed_site, "diff", A, "--html", str(tmp_path / "diff.html"))
    assert code == 0
    assert "标题：［删：一篇报道］［加：两篇报道］" in text
    assert "换了：f.pdf" in text
    assert "正文第 1 行：正文第［加：二句。又］一句。" in text
    page = (tmp_path / "diff.html").read_text("utf-8")
    assert "<ins>" in page
    assert "<del>一篇报道</del>" in page


def test_a_diff_in_json_names_the_lines(signed_site: SignedSite) -> None:
    code, document, _ = signed_site.edit("第一句。", "第一句。再一句。").sign("diff", A)
    assert code == 0
    (change,) = document["body"]
    assert (change["line"], "再一句。" in change["now"], "再一句。" in change["before"]) == (1, True, False)
    assert document["fields"] == document["files"] == []


def test_what_was_never_approved_has_no_diff(signed_site: SignedSite) -> None:
    signed_site.article("meetings/b.md", title="第二篇")
    code, text = said(signed_site, "diff", "content/meetings/b.md")
    assert code == 2
    assert "还没有审完过" in text


def test_a_form_holds_text_photo_signatures_and_lines_to_sign(signed_site: SignedSite, tmp_path: Path) -> None:
    signed_site.edit("正文第一句", "<script>alert(1)</script>正文第二句")
    signed_site.sign("approve", A, "--stage", "初审", "--by", "李老师", "--oa", "OA-7", "--note", "<好>")
    form = tmp_path / "form.html"
    assert said(signed_site, "form", A, "-o", str(form))[0] == 0
    text = form.read_text("utf-8")
    assert "<td>李老师</td>" in text
    assert "OA-7" in text
    assert "&lt;好&gt;" in text
    assert "<th>终审</th><td></td>" in text
    assert "data:image/jpeg;base64," in text
    assert "正文第二句" in text
    assert "<script" not in text
    assert "附件：f.pdf" in text


def test_a_form_for_word_holds_the_same(signed_site: SignedSite, tmp_path: Path) -> None:
    signed_site.edit("正文第一句", "**正文**第二句")
    signed_site.sign("approve", A, "--stage", "初审", "--by", "李老师", "--oa", "OA-7")
    form = tmp_path / "form.docx"
    assert said(signed_site, "form", A, "--docx", "-o", str(form))[0] == 0
    document = read_word(form.read_bytes(), "form.docx")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    head, stages = [[[_words(cell) for cell in row] for row in table.rows] for table in tables]
    assert ["标题", "一篇报道"] in head
    assert stages[0] == ["环节", "签字", "时间", "意见", "OA 编号"]
    assert stages[1][:2] == ["初审", "李老师"]
    assert stages[2] == ["终审", "", "", "", ""]
    lines = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert any("正文第二句" in line for line in lines)
    assert "附件：f.pdf" in lines
    (photo,) = document.pictures.values()
    with Image.open(io.BytesIO(photo)) as picture:
        assert picture.format == "JPEG"


def test_a_form_for_word_names_a_picture_that_cannot_be_printed(signed_site: SignedSite, tmp_path: Path) -> None:
    moving, frames = io.BytesIO(), [Image.new("RGB", (60, 40), color) for color in ("red", "blue")]
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    signed_site.write("content/meetings/p.gif", moving.getvalue()).edit("p.jpg", "p.gif")
    form = tmp_path / "form.docx"
    assert said(signed_site, "form", A, "--docx", "-o", str(form))[0] == 0
    document = read_word(form.read_bytes(), "form.docx")
    assert "［图片：p.gif］" in [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert not document.pictures


def _words(cell: Cell) -> str:
    return "".join(paragraph.text for paragraph in cell.paragraphs)


@pytest.fixture
def register(signed_site: SignedSite, tmp_path: Path) -> SignedSite:
    """A site with an approved article online, one that waits, and one that was withdrawn."""
    target = f"publish:\n  targets:\n    live: {{kind: folder, path: {tmp_path}/www, http: no}}\n"
    signed_site.asks(POLICY + target)
    signed_site.article("meetings/b.md", title="=第二篇", date="2024-03-14")
    signed_site.article("meetings/c.md", title="第三篇", date="2024-03-15").approved("content/meetings/c.md")
    assert signed_site.sign("publish", "--now", "2024-06-01")[0] == 0
    assert signed_site.sign("withdraw", "content/meetings/c.md", "--why", "作者请求")[0] == 0
    return signed_site


def test_the_register_lists_who_signed_what_and_since_when_it_is_online(register: SignedSite) -> None:
    code, document, _ = register.sign("ledger", "--target", "live")
    assert code == 0
    first, second, third = document["articles"]
    assert (first["path"], first["address"], first["state"]) == (A, PAGE, "approved")
    assert [(item["stage"], item["name"]) for item in first["signatures"]] == [("初审", "张老师"), ("终审", "孙书记")]
    assert first["release"]
    assert first["since"]
    assert (second["state"], second["release"]) == ("waiting", None)
    assert (third["state"], bool(third["withdrawn"])) == ("withdrawn", True)


def test_the_register_of_some_days_is_a_table_without_formulas(register: SignedSite, tmp_path: Path) -> None:
    days = ("--from", "2024-03-14", "--to", "2024-03-14")
    out = tmp_path / "ledger.csv"
    assert said(register, "ledger", *days, "-o", str(out))[0] == 0
    head, row = csv.reader(io.StringIO(out.read_text("utf-8-sig")))
    assert (head[1], row[1]) == ("标题", "'=第二篇")
    assert said(register, "ledger", "--format", "html", "-o", str(out))[0] == 0
    assert out.read_text("utf-8").count("<tr>") == 4


def test_the_register_is_a_spreadsheet_too(register: SignedSite, tmp_path: Path) -> None:
    assert said(register, "ledger", "--format", "xlsx")[0] == 2
    out = tmp_path / "登记.xlsx"
    assert said(register, "ledger", "--format", "xlsx", "-o", str(out))[0] == 0
    with zipfile.ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<t xml:space="preserve">=第二篇</t>' in sheet
    assert sheet.count("<row ") == 4


def test_a_site_that_asks_for_nothing_has_no_register(signed_site: SignedSite) -> None:
    assert said(signed_site.asks(""), "ledger")[0] == 2
    assert said(signed_site, "approve", A, "--stage", "初审", "--by", "张老师")[0] == 2
