"""content/document.py: what the site knows of a text without its HTML."""

from __future__ import annotations

import pytest

from newsgen.content.document import parse
from newsgen.core.model import LEAD, BodySummary, Markdown


def summary_of(text: str) -> BodySummary:
    """The summary of an article's text."""
    summary = parse(f"---\ntitle: 甲\ndate: 2024-03-13\n---\n\n{text}\n".encode(), Markdown()).document.body_summary
    assert summary is not None
    return summary


@pytest.mark.parametrize(
    ("text", "is_empty"),
    [("", True), ("<!-- 批注 -->", True), ("文", False), ("![](a.jpg)", False), ("（管理学院 2024年3月14日）", False)],
)
def test_a_body_is_empty_where_nothing_was_written(text: str, is_empty: bool) -> None:
    assert summary_of(text).is_empty is is_empty


def test_the_lead_has_one_character_more_than_a_summary() -> None:
    assert summary_of("长" * 200).lead == "长" * LEAD == "长" * 101
