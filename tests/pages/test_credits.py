"""Who wrote, photographed and edited: above the text and below it."""

from __future__ import annotations

import re

from site_test import SITE_YAML, SiteTest

PAGE = "meetings/2024/0313-a.html"


def people(html: str) -> list[str]:
    """What the rows of people say, from the top of the page down."""
    return re.findall(r'<(?:span class="author"|li)>((?:作者|撰稿|摄影)：[^<]*)<', html)


def test_who_wrote_has_one_name_above_and_below_the_text(site: SiteTest) -> None:
    site.article("meetings/a.md", "正文。", author="王芳", photographer="张三")
    assert people(site.built().text(PAGE)) == ["作者：王芳", "作者：王芳", "摄影：张三"]


def test_a_site_may_call_who_wrote_otherwise_below_the_text(site: SiteTest) -> None:
    site.write("site.yaml", SITE_YAML + "credits: {author: 撰稿}\n")
    site.article("meetings/a.md", "正文。", author="王芳")
    assert people(site.built().text(PAGE)) == ["作者：王芳", "撰稿：王芳"]
