"""What members paste never becomes something that runs, wherever they paste it."""

from __future__ import annotations

import json

import pytest

from site_checks import broken_links, executable, feed_problems, nu_errors
from site_test import SITE_YAML, SiteTest

PASTED = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "</title></script><script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<img src=https://e.cn/x.png onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<a href="javascript:alert(1)">一</a>',
    "[一](JaVaScRiPt:alert(1))",
    "<details open ontoggle=alert(1)>",
    "<style>@import 'javascript:alert(1)'</style>",
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    "<noscript><p title='</noscript><img src=https://e.cn/x.png onerror=alert(1)>'>",
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "]]> & <b>粗</b>",
    "正文{: onclick=alert(1)}",
]
TEXTS = (
    "title",
    "subtitle",
    "short_title",
    "author",
    "source",
    "summary",
    "signature",
    "tags",
    "branch",
    "photographer",
)


@pytest.fixture
def hostile(project: SiteTest) -> SiteTest:
    """Every text of a site is one that was made to run."""
    quoted = [json.dumps(text, ensure_ascii=False) for text in PASTED]
    project.write("site.yaml", SITE_YAML.replace("党群工作", quoted[1]).replace("管理学院", quoted[2]))
    project.section("meetings", quoted[1], f"description: {quoted[4]}\nkeywords: {quoted[0]}\n")
    for number, text in enumerate(quoted):
        matter = {key: f"[{text}]" if key in ("tags", "branch") else text for key in TEXTS}
        body = f"{PASTED[number]}\n\n一段{PASTED[number]}\n"
        project.article(f"meetings/{number:02}.md", body, **{**matter, "slug": f"s{number}"})
    return project


def test_nothing_that_was_pasted_runs_and_every_page_stays_valid(hostile: SiteTest) -> None:
    out = hostile.built().out
    assert executable(out) == []
    assert broken_links(out, "https://sm.example.edu.cn/dqgz/") == []
    assert nu_errors(out) == []
    assert [faults for feed in out.rglob("feed.xml") if (faults := feed_problems(feed))] == []


def test_templates_see_text_and_never_run_it(hostile: SiteTest) -> None:
    assert "{{ 7 * 7 }}" in hostile.built().text("meetings/2024/0313-s12.html")
