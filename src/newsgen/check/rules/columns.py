"""Personal numbers in tables, found by the heads of columns: the numbers in a column 学号 look like any others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.check.article_text import ArticleText, Passage

_HEADS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "personal.number",
        re.compile(r"学号|工号|教工号|职工号|学生证号|准考证号|考生号|考号"),
        re.compile(r"[A-Za-z]{0,2}\d{6,16}"),
    ),
    (
        "personal.birth",
        re.compile(r"出生(?:日期|年月日?|时间)|生日"),
        re.compile(r"(?:19|20)\d\d(?:[年./-]\d{1,2}[月./-]\d{1,2}日?|[01]\d[0-3]\d)"),
    ),
    ("personal.home", re.compile(r"(?:家庭|现居)?住址|家庭地址|户籍地址|居住地址?"), re.compile(r".*\d+\s*[号室栋].*")),
    ("personal.identity", re.compile(r"身份证(?:件)?号码?"), re.compile(r"[1-9]\d{16}[\dXx]|[1-9]\d{14}")),
)


def tables(article: ArticleText) -> Iterator[list[list[Passage]]]:
    """The tables of an article: rows of cells, the head first."""
    table: list[list[Passage]] = []
    for passage in article.body:
        if passage.role != "cell":
            continue
        if table and table[-1][0].line == passage.line:
            table[-1].append(passage)
            continue
        if table and passage.line - table[-1][0].line > 2:
            yield table
            table = []
        table.append([passage])
    if table:
        yield table


def cells_under(article: ArticleText, code: str) -> Iterator[Passage]:
    """The cells with numbers that the rule `code` is about, by the heads of their columns."""
    head, form = next((head, form) for name, head, form in _HEADS if name == code)
    if not head.search(article.text):
        return
    for table in tables(article):
        columns = [index for index, cell in enumerate(table[0]) if head.fullmatch(re.sub(r"\s", "", cell.text))]
        for row in table[1:]:
            for index in columns:
                cell = row[index] if len(row) == len(table[0]) else None
                if cell and form.fullmatch(cell.text.strip()) and cell.text in cell.raw:  # no asterisks in it
                    yield cell


COLUMN_CODES = frozenset(code for code, _, _ in _HEADS)
