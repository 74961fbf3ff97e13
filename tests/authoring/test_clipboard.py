"""The clipboard as Markdown. The cases are texts in tests/paste_cases/*.txt; a new one needs no Python.

A case is a title, the HTML, and the Markdown that comes out, each followed by a line with a dot alone. Lines of the source that
begin with `= ` are the plain text of the same clipboard; below the Markdown stand its pictures (`@ name bytes`) and what is told
(`! …`). A title may end in (text) for a clipboard without HTML, or in (file) for a page that was saved.
`NEWSGEN_ACCEPT=1` writes what comes out.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgen.authoring.importers.blocks import Block, Cell, ImportedDocument, Mark, Paragraph, Run, Table
from newsgen.authoring.importers.clipboard import pasted
from newsgen.authoring.importers.html_document import read_page
from newsgen.authoring.importers.html_file import read_html, read_mhtml
from newsgen.authoring.importers.markdown_text import plain, visible
from newsgen.authoring.importers.markdown_writer import write
from newsgen.check.article_check import findings_of
from newsgen.check.rules.registry import RULES
from newsgen.content.markdown import convert
from newsgen.content.markdown.sanitize import words
from newsgen.core.errors import UsageError
from newsgen.core.model import Markdown
from word_files import picture

CASES = Path(__file__).parents[1] / "paste_cases"
CASE = re.compile(r"(?P<title>[^\n]+)\n\.\n(?P<source>.*?)\n\.\n(?P<expected>.*?)\n?\.\n", re.DOTALL)
EXAMPLES = os.environ.get("NEWSGEN_EXAMPLES")
some = settings(max_examples=int(EXAMPLES or 150), derandomize=EXAMPLES is None, database=None, deadline=None)


@dataclass(frozen=True)
class PasteCase:
    """One case of one file."""

    file: str
    title: str
    source: str
    expected: str

    def shown(self) -> str:
        """What comes out, in the form of the files."""
        if self.title.endswith("(file)"):
            document = read_html(self.source.encode(), "页面.html")
            markdown = write(document, document.blocks, {name: f"{name}.png" for name in document.pictures}).strip("\n")
            return "\n".join([markdown, *(f"! {remark}" for remark in document.remarks)])
        found = pasted(*self._clipboard())
        pictures = [f"@ {name} {len(data)}" for name, data in found.pictures.items()]
        return "\n".join([found.markdown, *pictures, *(f"! {remark}" for remark in found.remarks)])

    def _clipboard(self) -> tuple[str, str]:
        if self.title.endswith("(text)"):
            return "", self.source
        lines = self.source.split("\n")
        text = "\n".join([line[2:] for line in lines if line.startswith("= ")])
        return "\n".join([line for line in lines if not line.startswith("= ")]), text

    @property
    def markdown(self) -> str:
        """The Markdown that is expected."""
        return "\n".join([line for line in self.expected.split("\n") if not re.match(r"[!@] ", line)])

    @property
    def is_html(self) -> bool:
        """Whether it is HTML that is converted, and not plain text."""
        return not self.title.endswith(("(text)", "(file)")) and "\n= " not in self.source


def cases() -> Iterator[PasteCase]:
    for path in sorted(CASES.glob("*.txt")):
        for match in CASE.finditer(path.read_text("utf-8")):
            yield PasteCase(path.stem, match["title"].strip(), match["source"], match["expected"])


ALL = list(cases())
by_title = pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.file}: {case.title}")


@by_title
def test_what_is_pasted_becomes_this_markdown(case: PasteCase) -> None:
    if os.environ.get("NEWSGEN_ACCEPT"):
        path = CASES / f"{case.file}.txt"
        text = path.read_text("utf-8")
        before = f"{case.title}\n.\n{case.source}\n.\n"
        path.write_text(text.replace(f"{before}{case.expected}", f"{before}{case.shown()}", 1), "utf-8")
    else:
        assert case.shown() == case.expected


def test_no_case_is_passed_over() -> None:
    lines = sum(path.read_text("utf-8").splitlines().count(".") for path in CASES.glob("*.txt"))
    assert lines == 3 * len(ALL)
    assert len(ALL) >= 30


OF_THE_WORDS = {"link.full-width", "image.no-file"}
"""What is said of words that stood in the source, and of photos that have no file here."""


@by_title
def test_nothing_is_said_of_the_markdown(case: PasteCase) -> None:
    _, diagnostics = convert(case.markdown, Markdown())
    assert [item.code for item in diagnostics if item.code not in OF_THE_WORDS] == []
    article = f"---\ntitle: 会议\ndate: 2024-03-13\n---\n\n{case.markdown}\n".encode()
    codes = {finding.code for finding in findings_of("content/a.md", article, RULES)}
    assert not {code for code in codes if code.startswith("links.")}


LOSES = ("合并", "隐藏", "看不见", "批注", "目录", "删除线", "注音", "脚注")
"""Remarks of what readers do not see any more, or twice."""


@by_title
def test_readers_see_the_words_of_the_source(case: PasteCase) -> None:
    if not case.is_html or any(what in case.expected for what in LOSES):
        assert case.markdown
        return
    source = case.source[case.source.index("<") :]
    body, _ = convert(case.markdown, Markdown())
    shown, expected = letters(visible(body)), letters(words_of(source))
    if "[^1]:" in case.markdown:  # marks of notes are links in both, but not the same letters
        shown, expected = re.sub(r"\d|i", "", shown), re.sub(r"\d|i", "", expected)
    assert shown.replace("图1", "") == expected.replace("图1", "")


def letters(text: str) -> str:
    """Letters and figures alone; those that lists count and fonts of signs draw are left out."""
    text = re.sub(r"(?m)^\s*(?:\d{1,3}\.|[a-zI]\.\s|[一二]、)", "", text)
    return "".join(re.findall(r"[^\W_]", text))


def words_of(html: str) -> str:
    """The text that a browser shows, by a parser of another house."""
    pieces: list[str] = []

    def walk(node: Any) -> None:
        if node.nodeType == node.TEXT_NODE:
            pieces.append(node.data)
        elif node.nodeType == node.ELEMENT_NODE and _is_shown(node):
            if node.tagName == "input" and node.getAttribute("type") in ("", "text"):
                pieces.append(node.getAttribute("value"))
            pieces.append(
                node.getAttribute("alt").removeprefix("文本框:") if "文本框:" in node.getAttribute("alt") else ""
            )
            for child in node.childNodes:
                walk(child)
            pieces.append("\n" if node.tagName in ("p", "li", "td", "div", "h1", "h2") else "")
        elif node.nodeType == node.DOCUMENT_NODE:
            for child in node.childNodes:
                walk(child)

    walk(html5lib.parse(html, treebuilder="dom", namespaceHTMLElements=False))
    return "".join(pieces)


UNSHOWN = {"head", "style", "script", "title", "textarea", "select", "noscript", "template", "iframe", "svg"}


def _is_shown(node: Any) -> bool:
    style = (node.getAttribute("style") + node.getAttribute("face")).replace(" ", "").lower()
    return node.tagName not in UNSHOWN and "wingdings" not in style and "symbol" not in style


# ---------------------------------------------------------------- any blocks, any HTML

SIGNS = list("会议强调a1 .，。（）“”*_`[]<>#&|~=^!\\:/{}-+—、一①\u3000\t")
STARTS = [
    "",
    "",
    "",
    "# ",
    "#",
    "- ",
    "1. ",
    "1.",
    "2. ",
    "> ",
    "    ",
    "| ",
    "---",
    "===",
    "***",
    "[^1]: ",
    "[注]: ",
    "+",
    "* ",
    "一、",
    "（一）",
]
WORDS = st.builds(str.__add__, st.sampled_from(STARTS), st.text(st.sampled_from(SIGNS), min_size=1, max_size=12))
MARKS: list[Mark] = ["bold", "italic", "underline", "struck", "super"]
LINKS = st.sampled_from(["", "", "", "https://www.example.edu.cn/a_b(1).htm?x=1&y=*2*"])
RUN = st.builds(Run, WORDS, st.frozensets(st.sampled_from(MARKS), max_size=2), LINKS)
RUNS = st.lists(RUN, min_size=1, max_size=3).map(tuple)
PARAGRAPH = st.one_of(
    st.builds(Paragraph, RUNS),
    st.builds(Paragraph, RUNS, level=st.integers(1, 4)),
    st.builds(Paragraph, RUNS, bullet=st.just(True), depth=st.integers(0, 2)),
    st.builds(
        Paragraph, RUNS, number=st.sampled_from(["1. ", "2. ", "3. ", "一、", "（1）", "a. "]), depth=st.integers(0, 2)
    ),
    st.builds(Paragraph, RUNS, quoted=st.just(True)),
)
CELL = st.builds(Cell, st.lists(st.builds(Paragraph, RUNS), max_size=2).map(tuple), span=st.integers(1, 2))
ROW = st.lists(CELL, min_size=2, max_size=3).map(tuple)
TABLE = st.builds(Table, st.lists(ROW, min_size=1, max_size=3).map(tuple))
BLOCKS: st.SearchStrategy[list[Block]] = st.lists(
    st.one_of(PARAGRAPH, PARAGRAPH, PARAGRAPH, TABLE), min_size=1, max_size=5
)


def words_in(blocks: Sequence[Block]) -> str:
    """The words of blocks as readers shall see them, without blanks."""
    pieces = []
    for block in blocks:
        rows = [(Cell((block,)),)] if isinstance(block, Paragraph) else block.rows
        pieces += [paragraph.text for row in rows for cell in row for paragraph in cell.paragraphs]
    return plain("".join(pieces))


@pytest.mark.long
@some
@given(BLOCKS)
def test_any_blocks_are_read_with_their_words_and_nothing_is_said(blocks: list[Block]) -> None:
    text = write(ImportedDocument(), blocks, {})
    body, diagnostics = convert(text, Markdown())
    assert plain(visible(body)) == words_in(blocks), text
    assert [item for item in diagnostics if item.code not in OF_THE_WORDS] == [], text


TAGS = sorted(
    words(
        "p div b i span font a ul ol li table tr td th h2 blockquote pre section center br hr u s sup em dl dt dd strong caption"
    )
)


@pytest.mark.long
@some
@given(
    st.lists(
        st.tuples(st.sampled_from(TAGS), st.sampled_from(["<{}>", "</{}>", "<{} style='x:y'>", "<{}/>"])), max_size=30
    )
)
def test_no_word_is_lost_however_tags_stand(pieces: list[tuple[str, str]]) -> None:
    html = "".join(f"{form.format(tag)}词{index}末" for index, (tag, form) in enumerate(pieces))
    found = pasted(html, "")
    body, _ = convert(found.markdown, Markdown())
    expected = sorted(re.findall(r"词\d+末", html))
    assert sorted(set(re.findall(r"词\d+末", visible(body)))) == expected, found.markdown


@pytest.mark.long
def test_spoilt_clipboards_are_read_all_the_same() -> None:
    random = Random(20)
    sources = [case.source for case in ALL if case.is_html and not case.source.startswith("Version:")]
    for _ in range(int(EXAMPLES or 300)):
        html = random.choice(sources)
        for _ in range(random.randint(1, 6)):
            start = random.randrange(len(html))
            end = start + random.choice((0, 1, 1, 2, 40))
            html = (
                html[:start]
                + random.choice(("", "<", ">", '"', "<!--", "<![", "</", "&", "<p>", "]]>", "'", "<b"))
                + html[end:]
            )
        found = pasted(html, "")
        body, _ = convert(found.markdown, Markdown())
        document = read_page(html, "稿")
        if not (document.notes or document.pictures or "合并的单元格" in "".join(document.remarks)):
            assert plain(visible(body)) == words_in(document.blocks), found.markdown


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<!--", "<![if x]>", "<a href='x", "<", "&amp", "<p", "</p>", "<script>", "<style>a{", "<!", "<?", "<!-- -", "<title>", "<p>a</b>"],
)  # fmt: skip
def test_thousands_of_one_piece_are_read(piece: str) -> None:
    """Python's own parser takes a time that grows with the square for some, and nesting would end in a RecursionError."""
    assert pasted(piece * 3_000 + "<p>末了</p>", "").markdown.count("末了") <= 1


# ---------------------------------------------------------------- files, and what is around them


def test_a_page_says_its_encoding_or_is_known_by_it() -> None:
    page = '<meta http-equiv=Content-Type content="text/html; charset={}"><p>党支部</p>'
    for data in (
        page.format("utf-8").encode(),
        page.format("gb2312").encode("gb18030"),
        page.format("unicode").encode("utf-16"),
        page.format("big5").replace("党支部", "黨支部").encode("big5"),
        b"\xef\xbb\xbf" + page.format("gb2312").encode(),
        "<p>党支部</p>".encode("gbk"),
    ):
        (paragraph,) = [block for block in read_html(data, "稿.html").blocks if isinstance(block, Paragraph)]
        assert paragraph.text in ("党支部", "黨支部")


def test_a_page_brings_the_pictures_in_its_folder() -> None:
    html = '<p>会议</p><img src="稿.files/image%20001.png"><img src="稿.files/none.png">'.encode()
    document = read_html(html, "稿.html", {"image 001.png": picture()})
    assert list(document.pictures.values()) == [picture()]
    assert document.remarks == ("网址不完整的图片（1 处）没有带进来。请在网页上另存下来，再点“照片”添加",)


MHTML = (
    "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B\n"
    "Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: quoted-printable\nContent-Location: file:///C:/a.htm\n\n"
    "<p>=B5=B3=D6=A7=B2=BF</p><img src=3D'a.files/1.jpg'><img src=3D'cid:x@y'>\n--B\n"
    "Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\nContent-Location: file:///C:/a.files/1.jpg\n\n{}\n--B\n"
    "Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\nContent-ID: <x@y>\n\n{}\n--B--\n"
)


def test_a_page_in_one_file_brings_its_pictures() -> None:
    pictures = picture(), picture("blue")
    data = MHTML.format(*(b64encode(item).decode() for item in pictures)).encode()
    document = read_mhtml(data, "稿.mht")
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["党支部", ""]
    assert tuple(document.pictures.values()) == pictures


def test_a_file_in_one_part_without_a_page_is_refused_with_what_to_do() -> None:
    with pytest.raises(UsageError) as refused:
        read_mhtml(b"no page at all", "稿.mht")
    assert "没有网页" in refused.value.diagnostics[0].message


def test_who_pastes_names_the_pictures() -> None:
    source = f'<img src="data:image/jpeg;base64,{b64encode(picture()).decode()}" alt="合影">'
    found = pasted(source + source, "", lambda number, suffix: f"zhaopian-{number + 7}{suffix}")
    assert found.markdown == "![合影](zhaopian-7.jpg)\n![合影](zhaopian-7.jpg)"
    assert found.pictures == {"zhaopian-7.jpg": picture()}


def test_a_picture_that_no_page_can_show_is_told() -> None:
    found = pasted('<p>甲<img src="data:image/x-emf;base64,AQAAAA=="></p>', "")
    assert (found.markdown, found.pictures) == ("甲", {})
    assert found.remarks[0].startswith("图片 图1 带不进来")


def test_a_spoilt_picture_is_told() -> None:
    found = pasted(f'<p>甲</p><img src="data:image/png;base64,{"A" * 201}">', "")
    assert (found.markdown, found.pictures) == ("甲", {})
    assert found.remarks == ("读不出的图片（1 处）没有带进来。请另存成图片文件，再添加",)


def test_what_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgen.authoring.importers.html_document.LONGEST", 20)
    with pytest.raises(UsageError) as refused:
        pasted("<p>" + "长" * 20 + "</p>", "")
    assert "分几次" in refused.value.diagnostics[0].hint


@pytest.mark.parametrize(
    ("lines", "cell"),
    [
        (("*", "1* 1"), r"\*<br>1\* 1"),
        (("**", "甲** 乙"), r"\*\*<br>甲\*\* 乙"),
        (("_甲", "乙_"), r"\_甲<br>乙\_"),
        (("5*6", "7*8"), "5*6<br>7*8"),
        (("第一", "第二"), "第一<br>第二"),
    ],
)
def test_signs_of_one_line_of_a_cell_do_not_pair_with_those_of_another(lines: tuple[str, ...], cell: str) -> None:
    table = Table(((Cell(), Cell(tuple(Paragraph((Run(line),)) for line in lines))),))
    assert write(ImportedDocument(), [table], {}) == f"|  | {cell} |\n| --- | --- |\n"


LINK = "https://www.example.edu.cn/a.htm"


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        ((Run("|["), Run("甲")), r"| \|[ | 甲 |"),
        ((Run("|[", link=LINK), Run("甲")), rf"| [\|\[]({LINK}) | 甲 |"),
        ((Run("一\\|"), Run("甲")), r"| 一\\\| | 甲 |"),
        ((Run("**"), Run("甲", frozenset(("bold",)))), r"| \*\* | **甲** |"),
        ((Run("_甲"), Run("1_甲")), r"| &#95;甲 | 1&#95;甲 |"),
        ((Run("_甲"), Run("乙_")), r"| \_甲 | 乙\_ |"),
        ((Run("5*6"), Run("7*8")), r"| 5*6 | 7*8 |"),
        ((Run("甲[", link=LINK), Run("](乙)")), rf"| [甲\[]({LINK}) | \](乙) |"),
    ],
)
def test_signs_of_a_cell_neither_end_it_nor_pair_with_those_of_another(cells: tuple[Run, ...], row: str) -> None:
    blocks = [Table((tuple(Cell((Paragraph((run,)),)) for run in cells),))]
    text = write(ImportedDocument(), blocks, {})
    assert text.splitlines()[0] == row
    body, diagnostics = convert(text, Markdown())
    assert (plain(visible(body)), diagnostics) == (words_in(blocks), ())


def test_a_list_in_a_quotation_ends_with_it() -> None:
    blocks = [
        Paragraph((Run("2. 甲"),), quoted=True),
        Paragraph((Run("乙"),), number="1. ", depth=1),
        Paragraph((Run("丙"),), number="3. "),
    ]
    assert write(ImportedDocument(), blocks, {}) == "> 2. 甲\n\n1. 乙\n\n3\\. 丙\n"
