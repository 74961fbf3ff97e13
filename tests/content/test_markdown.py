"""markup: Markdown -> Body. The cases are texts in tests/markdown/*.txt; a new one needs no Python.

A case is a title, the Markdown, and what comes out, each followed by a line with a dot alone. In the result a reference stands
as `[src photo.jpg 3:9]` where its attribute goes; below the HTML come `@ signature` and `! line:column code | hint`.
A title may end in (standard) for Markdown's paragraphs, or in (notice) for a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsgen.content import markdown
from newsgen.content.markdown.headings import value
from newsgen.core.model import Body, Markdown, Reference

CASES = Path(__file__).parents[1] / "markdown_cases"
CASE = re.compile(r"(?P<title>[^\n]+)\n\.\n(?P<source>.*?)\n\.\n(?P<expected>.*?)\n?\.\n", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One case of one file."""

    file: str
    title: str
    source: str
    expected: str


def cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.txt")):
        for match in CASE.finditer(path.read_text("utf-8")):
            yield Case(path.stem, match["title"].strip(), match["source"], match["expected"])


def shown(case: Case) -> str:
    """The result of a case in the form of the files."""
    settings = Markdown("standard" if "(standard)" in case.title else "chinese")
    body, diagnostics = markdown.convert(case.source, settings, "notice" if "(notice)" in case.title else "news")
    lines = [html_of(body)]
    lines += [f"@ {body.signature}"] if body.signature else []
    lines += [f"! {item.line}:{item.column} {item.code} | {item.hint}" for item in diagnostics]
    return "\n".join(lines)


def html_of(body: Body) -> str:
    return "".join(
        chunk if isinstance(chunk, str) else f" [{place_of(body.references[chunk])}]" for chunk in body.chunks
    )


def place_of(reference: Reference) -> str:
    fragment = f"#{reference.fragment}" if reference.fragment else ""
    return f"{reference.attribute} {reference.target}{fragment} {reference.line}:{reference.column}"


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: f"{case.file}: {case.title}")
def test_markdown_becomes_the_html_that_is_written_down(case: Case) -> None:
    assert shown(case) == case.expected


MARCH_13 = """
　　3月13日下午，管理学院党委召开各支部组织委员、宣传委员工作会议。会议由学院党委副书记任海松主持。
![个人照](个人照.jpg)
&nbsp; 任海松从**“八个要求”**出发，作了部署。
一、统一党建引领思想，发挥党员信仰力量
　　要把学习放在第一位。
    要把责任落到每一个支部。
二、落实“第一议题”制度，拓展日常党建内容
　　各支部要落实制度。
![全景照](全景照.jpg)
　　　　　　　　　　　　（管理学院 2024年3月14日）
"""


def test_the_march_13_report_comes_out_as_its_author_meant_it() -> None:
    body, diagnostics = markdown.convert(MARCH_13, Markdown(), first_line=8)
    assert diagnostics == ()
    assert [(heading.level, heading.text) for heading in body.headings] == [
        (2, "一、统一党建引领思想，发挥党员信仰力量"),
        (2, "二、落实“第一议题”制度，拓展日常党建内容"),
    ]
    assert [(reference.target, reference.line) for reference in body.references] == [
        ("个人照.jpg", 10),
        ("全景照.jpg", 17),
    ]
    assert body.signature == "（管理学院 2024年3月14日）"
    html = html_of(body)
    assert html.count("<p>") == 5
    assert html.count("<figure>") == 2
    assert re.findall("<figcaption>(.*?)</figcaption>", html) == ["个人照", "全景照"]
    assert "<strong>“八个要求”</strong>出发" in html


def test_the_text_holds_paragraphs_lists_and_quotes_alone() -> None:
    source = "## 小标题\n会议**强调**：\n- 甲\n- A b\n\n> 引用\n\n![说明](a.jpg)\n| 表 | 格 |\n|---|---|\n| 1 | 2 |\n结束[^1]。\n管理学院\n2024年3月14日\n\n[^1]: 注"
    body, _ = markdown.convert(source, Markdown())
    assert body.text == "会议强调：甲 A b 引用结束。"


def test_an_empty_text_has_an_empty_body() -> None:
    assert markdown.convert("\n\n", Markdown()) == (Body(("",)), ())


def test_the_same_text_twice_gives_equal_bodies_whatever_came_between() -> None:
    first = markdown.convert("正文[^1] [a][b]\n\n[^1]: 注\n[b]: c.md", Markdown())
    markdown.convert("别的[^1] [a][b]", Markdown())
    assert markdown.convert("正文[^1] [a][b]\n\n[^1]: 注\n[b]: c.md", Markdown()) == first


@pytest.mark.parametrize(("numeral", "number"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("九十九", 99)])
def test_chinese_numerals_have_their_value(numeral: str, number: int) -> None:
    assert value(numeral) == number
