"""Attachments as entries: links to files in a text, and what they are saved as."""

from __future__ import annotations

import re

import pytest

from newsgen.content.markdown.pipeline import convert_full
from newsgen.core.model import Download, Markdown
from newsgen.pages.attachments import attachment_view
from newsgen.pages.body import body_html


def shown(source: str, size: int = 130_000) -> str:
    """The HTML of a text whose files are there."""
    body, _ = convert_full(source, Markdown())
    targets = tuple(file(reference.target, size) for reference in body.references)
    return str(body_html(body, targets, "../", "https://a.cn/"))


def file(name: str, size: int = 1) -> Download:
    return Download(f"content/a/{name}", "0" * 32, f"media/1a2b3c4d5e.{name.rpartition('.')[2]}", size)


def test_a_link_alone_in_its_paragraph_is_an_entry_with_type_once_and_size() -> None:
    html = shown("[评分标准](表.xlsx)\n")
    assert html == (
        '<p class="file-alone"><a class="file" href="../media/1a2b3c4d5e.xlsx" download="评分标准.xlsx">'
        '<span class="file-type file-xlsx" aria-hidden="true">XLSX</span>'
        '<span class="file-name">评分标准.xlsx</span> <span class="file-size">127 KB</span></a></p>'
    )


def test_a_link_inside_a_sentence_stays_one_and_saves_the_file_under_its_own_name() -> None:
    assert shown("请填[报名表](2024报名表.docx)。\n") == (
        '<p>请填<a href="../media/1a2b3c4d5e.docx" download="2024报名表.docx">报名表</a>。</p>'
    )


def test_what_browsers_play_is_not_saved() -> None:
    assert "download" not in shown("[录像](会议.mp4)\n")


def test_signs_in_a_name_stay_signs() -> None:
    html = shown('[甲<乙 & "丙"](a&b.docx)\n')
    assert 'download="甲&lt;乙 &amp; &quot;丙&quot;.docx"' in html
    assert not re.search(r"<乙|& ", html)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("表.docx", "表.docx"), ("表", "表.docx"), ("表.doc", "表.docx"), ("附件1.报名表", "附件1.报名表.docx")],
)
def test_a_name_gets_the_suffix_of_its_file(typed: str, name: str) -> None:
    assert attachment_view(typed, file("a.docx")).name == name
