"""Word's soft return and its like are line ends in a text; places are told as editors count lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_markdown import html_of

from newsgen.content import markdown
from newsgen.content.document import parse
from newsgen.content.markdown.pipeline import convert_full
from newsgen.core.model import Body, Markdown
from newsgen.core.text import SOFT_BREAK

FRONT = "---\ntitle: 题\ndate: 2024-03-13\n---\n"
BREAKS = "\x0b\x0c\x85\u2028\u2029"


def body_of(text: str) -> Body:
    body = parse((FRONT + text).encode(), Markdown()).body
    assert body is not None
    return body


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
def test_each_of_them_ends_a_paragraph_and_opens_a_heading(mark: str) -> None:
    body = body_of(f"一、学习{mark}支部书记领学。{mark}二、开展{mark}　　各支部讨论。\n")
    assert [heading.text for heading in body.headings] == ["一、学习", "二、开展"]
    assert html_of(body).count("<p>") == 2


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
def test_a_signature_behind_a_soft_return_is_found(mark: str) -> None:
    body = body_of(f"正文。{mark}管理学院党委{mark}2024年3月14日")
    assert html_of(body).split("\n") == [
        "<p>正文。</p>",
        '<p class="signoff">管理学院党委</p>',
        '<p class="signoff">2024年3月14日</p>',
    ]
    assert body_of(f"正文。{mark}（管理学院 2024年3月14日）").signature == "（管理学院 2024年3月14日）"


def test_places_are_those_that_an_editor_shows() -> None:
    source = "正文\n看[甲](a.md)\u2028再看[乙](b.md)\u2028　　__重__点\n下[丙](c.md)"
    body, diagnostics = markdown.convert(source, Markdown(), first_line=5)
    assert [(item.target, item.line, item.column) for item in body.references] == [
        ("a.md", 6, 6),
        ("b.md", 6, 18),
        ("c.md", 7, 6),
    ]
    assert [(item.line, item.column) for item in diagnostics] == [(6, 26)]


LINES = [
    "正文",
    "看*斜*",
    "- 甲",
    "> 引",
    "一、题",
    "[x](a.md)",
    "__重__点",
    "**没闭合",
    "　　段",
    "",
    "![图](a.jpg)",
    "| a | b |",
]


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from("\n\u2028")), max_size=8))
def test_but_for_places_a_soft_return_is_a_line_end(pieces: list[tuple[str, str]]) -> None:
    source = "".join(line + end for line, end in pieces)
    body, diagnostics = markdown.convert(source, Markdown())
    plain, others = markdown.convert(source.replace(SOFT_BREAK, "\n"), Markdown())
    assert (body.chunks, body.headings, body.ids, body.text) == (plain.chunks, plain.headings, plain.ids, plain.text)
    assert [(item.code, item.hint) for item in diagnostics] == [(item.code, item.hint) for item in others]
    assert (body, diagnostics) == convert_full(source, Markdown())
    lines = source.split("\n")
    places = [(item.line, item.column) for item in body.references]
    for line, column in places + [(item.line, item.column) for item in diagnostics]:
        assert 1 <= column <= len(lines[line - 1]) + 1
