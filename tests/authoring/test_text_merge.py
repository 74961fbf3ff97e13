"""Two versions of a text become one where their changes do not collide, and no line of either is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.authoring.text_merge import merged, parts

TEXTS = st.lists(st.sampled_from(["一\n", "二\n", "三\n", "\n", "四 \n", "五"]), max_size=8).map("".join)


@given(TEXTS, TEXTS, TEXTS)
def test_put_together_the_parts_are_each_version(base: str, mine: str, theirs: str) -> None:
    found = parts(base, mine, theirs)
    assert "".join(part.base for part in found) == base
    assert "".join(part.mine for part in found) == mine
    assert "".join(part.theirs for part in found) == theirs


@given(TEXTS, TEXTS, TEXTS)
def test_a_line_that_one_of_them_wrote_is_in_the_result_or_in_a_conflict(base: str, mine: str, theirs: str) -> None:
    whole = "".join(part.mine + part.theirs if part.text is None else part.text for part in parts(base, mine, theirs))
    for version in (mine, theirs):
        for line in set(version.split("\n")) - set(base.split("\n")):
            assert whole.count(line) >= version.count(line)


@given(TEXTS, TEXTS)
def test_what_one_alone_changed_or_both_alike_is_the_result(base: str, other: str) -> None:
    assert merged(base, other, base) == other
    assert merged(base, base, other) == other
    assert merged(base, other, other) == other


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_is_who(base: str, mine: str, theirs: str) -> None:
    assert merged(base, mine, theirs) == merged(base, theirs, mine)


@pytest.mark.parametrize(
    ("mine", "theirs", "result"),
    [
        ("一改\n\n二\n\n三\n", "一\n\n二\n\n三改\n", "一改\n\n二\n\n三改\n"),
        ("一\n\n二\n\n三\n\n四\n", "零\n\n一\n\n二\n\n三\n", "零\n\n一\n\n二\n\n三\n\n四\n"),
        ("一\n\n三\n", "一\n\n二\n\n三改\n", None),
        ("一\n\n二\n\n三\n甲\n", "一\n\n二\n\n三\n乙\n", None),
        ("一\n\n二改\n\n三\n", "一\n\n二\n\n三\n", "一\n\n二改\n\n三\n"),
        ("一\r\n\r\n二\r\n\r\n三\r\n", "一\n\n二\n\n三改\n", "一\n\n二\n\n三改\n"),
    ],
)
def test_changes_of_different_paragraphs_are_joined_and_others_collide(
    mine: str, theirs: str, result: str | None
) -> None:
    assert merged("一\n\n二\n\n三\n", mine, theirs) == result


def test_a_conflict_shows_all_three_versions_of_its_place() -> None:
    found = parts("头\n\n二\n\n尾\n", "头\n\n甲\n\n尾\n", "头\n\n乙\n\n尾\n")
    assert [(part.kind, part.base, part.mine, part.theirs) for part in found] == [
        ("same", "头\n\n", "头\n\n", "头\n\n"),
        ("conflict", "二\n", "甲\n", "乙\n"),
        ("same", "\n尾\n", "\n尾\n", "\n尾\n"),
    ]
