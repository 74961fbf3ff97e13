"""Numbers in Chinese, read and written."""

from __future__ import annotations

import pytest

from newsgen.check.numerals import chinese_number, number_in_chinese


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_a_number_is_written_as_people_count_items(number: int, written: str) -> None:
    assert number_in_chinese(number) == written


def test_whatever_is_written_is_read_again() -> None:
    assert [chinese_number(number_in_chinese(number)) for number in range(1, 100)] == list(range(1, 100))
