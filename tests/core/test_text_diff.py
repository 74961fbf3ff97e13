"""What changed between two versions of a text, as an editor marks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanging import without_hanging
from newsgen.core.text_diff import Piece, TextChange, changes, opcodes


def marked(found: tuple[TextChange, ...]) -> str:
    """The changes in one line: `[-gone-]`, `[+come+]`."""
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for change in found for piece in change.pieces)


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        ("会议在京举行。大家发言。", "会议在京举行。大家发言。", "会议在京举行。大家发言。"),
        ("会议3月13日举行。大家发言。", "会议3月14日举行。大家发言。", "会议3月1[-3-][+4+]日举行。大家发言。"),
        (
            "第一句。第三句。",
            "第一句。第二句说了很多别的事情。第三句。",
            "第一句。[+第二句说了很多别的事情。+]第三句。",
        ),
        ("第一句。多余的一句。第三句。", "第一句。第三句。", "第一句。[-多余的一句。-]第三句。"),
        ("天气晴朗。", "组织生活会按时召开。", "[-天气晴朗。-][+组织生活会按时召开。+]"),
        ("他说：“好。”大家鼓掌。", "他说：“好。”大家起立鼓掌。", "他说：“好。”大家[+起立+]鼓掌。"),
        ("", "新的一段。\n", "[+新的一段。\n+]"),
    ],
)
def test_a_change_is_marked_where_it_is(before: str, now: str, shown: str) -> None:
    assert marked(changes(before, now)) == shown


def test_a_change_names_its_line_in_the_text_now() -> None:
    found = changes("一。\n\n二。\n\n三。\n", "一。\n\n新。\n\n二。\n\n三三三。\n")
    assert [(change.line, change.is_same) for change in found] == [(1, True), (3, False), (5, True), (7, False)]


def test_long_passages_are_exchanged_as_a_whole() -> None:
    before, now = "甲乙" * 2_000, "甲乙" * 1_999 + "丙丁"
    assert changes(before, now) == (TextChange((Piece("removed", before), Piece("added", now)), 1),)


TEXTS = st.lists(st.sampled_from(["会议", "强调", "要", "。", "；", "！”", "\n", "\n\n", "a", "13日"])).map("".join)


@given(TEXTS, TEXTS)
def test_the_changes_hold_both_versions(before: str, now: str) -> None:
    found = changes(before, now)
    assert "".join(change.before for change in found) == before
    assert "".join(change.now for change in found) == now
    assert all(change.is_same for change in found) == (before == now)


@pytest.mark.parametrize("between", ["\n", "是。\n", "是。\n\n不是。\n\n\n"])
def test_a_text_replaced_as_a_whole_is_compared_without_hanging(between: str) -> None:
    old, new = ("".join(f"{word}{number}。\n{between}" for number in range(4_000)) for word in "旧新")
    with without_hanging():
        found = changes(old, new)
    assert "".join(change.before for change in found) == old
    assert "".join(change.now for change in found) == new
    assert found[0].before.startswith("旧0。")


def test_a_long_sentence_replaced_as_a_whole_is_compared_without_hanging() -> None:
    old, new = ("".join(f"{chr(first + number)}，" for number in range(740)) for first in (0x4E00, 0x5E00))
    with without_hanging():
        found = changes(old, new)
    assert [(change.before, change.now) for change in found] == [(old, new)]


def test_lines_that_occur_often_stay_between_lines_that_stay() -> None:
    old = [line for number in range(1_000) for line in (f"{number}", "")]
    new = [*old[:500], "新", *old[500:1_500], *old[1_502:]]
    assert [code for code in opcodes(old, new) if code[0] != "equal"] == [
        ("insert", 500, 500, 500, 501),
        ("delete", 1_499, 1_501, 1_500, 1_500),
    ]
