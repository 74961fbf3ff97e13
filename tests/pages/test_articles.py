"""pages/articles.py: the page of one article."""

from __future__ import annotations

import re

import pytest

from site_test import SiteTest

PAGE = "meetings/2024/0313-a.html"


@pytest.mark.parametrize(
    ("keys", "body", "shown"),
    [
        ({"signature": "管理学院党委"}, "正文。\n", ["管理学院党委"]),
        ({"signature": "管理学院党委"}, "正文。\n\n院团委\n2024年3月13日\n", ["管理学院党委"]),
        ({}, "正文。\n", []),
    ],
)
def test_a_signature_that_is_typed_as_a_key_stands_below_the_text(
    site: SiteTest, keys: dict[str, str], body: str, shown: list[str]
) -> None:
    page = site.article("meetings/a.md", body, **keys).built().text(PAGE)
    assert re.findall(r'<p class="signature">([^<]*)</p>', page) == shown
