"""A character typed for another of the same sound or shape within a set word."""

from __future__ import annotations

import pytest

from newsgen.check.article_check import findings_of
from newsgen.check.finding import Finding
from newsgen.check.rules.confusions import confusions
from newsgen.check.rules.registry import RULES


def mistakes(text: str) -> list[Finding]:
    data = f"---\ntitle: 甲\ndate: 2024-03-14\n---\n\n{text}\n".encode()
    return [finding for finding in findings_of("content/a.md", data, RULES) if finding.code == "words.mistakes"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("牢纪使命", "牢记使命"), ("唱所欲言", "畅所欲言"), ("真抓食干", "真抓实干"), ("革命裂士", "革命烈士")],
)
def test_a_wrong_form_of_a_set_word_is_told_with_the_word_that_is_meant(typed: str, meant: str) -> None:
    (found,) = mistakes(f"会议提出，{typed}。")
    assert (found.found, found.hint) == (typed, f"改成：{meant}")


def test_no_set_word_is_taken_for_a_wrong_form_of_another() -> None:
    assert mistakes("、".join(sorted({meant for _, meant in confusions()}))) == []
