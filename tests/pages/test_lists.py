"""pages/lists.py: the lists of tags, branches and years, and how many articles each holds."""

from __future__ import annotations

import re

import pytest

from site_test import SiteTest

TERM = re.compile(r'<a class="term" href="../([^"]*)">(\w+) <span class="term-count">(\d+)')
"""The address of a list, its name, and how many articles it says to hold."""


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("archive", {"2024年": 1, "2023年": 3, "2021年": 2}),
        ("tags", {"党课": 2, "志愿": 1}),
        ("branches", {"第一党支部": 5, "第二党支部": 1}),
    ],
)
def test_each_year_tag_and_branch_is_told_with_the_number_of_its_articles(
    site: SiteTest, kind: str, numbers: dict[str, int]
) -> None:
    for number, year in enumerate((2024, 2023, 2023, 2023, 2021, 2021)):
        keys = {"tags": "[党课, 志愿]"} if number == 3 else {"tags": "党课"} if number == 4 else {}
        branch = "第二党支部" if number == 0 else "第一党支部"
        site.article(f"meetings/{number}.md", title=f"第{number}篇", date=f"{year}-03-13", branch=branch, **keys)
    built = site.built()
    terms = TERM.findall(built.text(f"{kind}/index.html"))
    assert [(name, int(count)) for _, name, count in terms] == list(numbers.items())
    for address, _, count in terms:
        assert len(set(re.findall(r"第\d篇", built.text(address)))) == int(count)
