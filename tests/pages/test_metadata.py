"""pages/metadata.py: what the head of a page tells search engines, WeChat and those who examine a college's website."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from site_test import SITE_YAML, SiteTest, photo

URL = "https://sm.example.edu.cn/dqgz/"
PAGE = "meetings/2024/0313-a.html"
SECTION = "description: 支部的会议\nkeywords: [会议, 党课]\n"
TITLE = "甲“乙”"


@pytest.fixture
def told(site: SiteTest) -> SiteTest:
    """A report of which all is known."""
    site.write("site.yaml", f"{SITE_YAML}site_id_code: 1234567890\n").section("meetings", "会议动态", SECTION)
    site.write("content/meetings/p.jpg", photo())
    keys = {"author": "[张三, 李四]", "source": "党委办公室", "tags": "[甲, 乙]", "summary": "一句话。"}
    return site.article("meetings/a.md", "![会场](p.jpg)\n\n正文。\n", title=TITLE, date="2024-03-13 09:30", **keys)


def metas(page: str, attribute: str) -> dict[str, str]:
    """The <meta> tags of a page."""
    found = re.findall(rf'<meta {attribute}="([^"]*)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in found}


def graph(page: str) -> dict[str, dict[str, Any]]:
    """What a page holds as JSON-LD, by type."""
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {found["@type"]: found for found in map(json.loads, scripts)}


def test_an_article_bears_the_tags_of_the_guideline_for_government_websites(told: SiteTest) -> None:
    found = metas(told.built().text(PAGE), "name")
    assert re.fullmatch(rf"{URL}media/p-[0-9a-f]+\.jpg", found.pop("Image"))
    assert {name: text for name, text in found.items() if name[0].isupper()} == {
        "SiteName": "党群工作 - 管理学院",
        "SiteDomain": "sm.example.edu.cn",
        "SiteIDCode": "1234567890",
        "ColumnName": "会议动态",
        "ColumnDescription": "支部的会议",
        "ColumnKeywords": "会议,党课",
        "ColumnType": "党群工作",
        "ArticleTitle": TITLE,
        "PubDate": "2024-03-13 09:30",
        "ContentSource": "党委办公室",
        "Keywords": "甲,乙",
        "Author": "张三、李四",
        "Description": "一句话。",
        "Url": f"{URL}{PAGE}",
    }


def test_what_is_not_known_has_no_tag(site: SiteTest) -> None:
    found = metas(site.article("meetings/a.md").built().text(PAGE), "name")
    assert {name for name in found if name[0].isupper()} == {
        *("SiteName", "SiteDomain", "ColumnName", "ColumnType"),
        *("ArticleTitle", "PubDate", "ContentSource", "Description", "Url"),
    }


def test_a_card_in_wechat_shows_title_summary_and_photo(told: SiteTest) -> None:
    found = metas(told.built().text(PAGE), "property")
    assert found.pop("og:image").startswith(f"{URL}media/p-")
    assert found == {
        "og:type": "article",
        "og:title": TITLE,
        "og:description": "一句话。",
        "og:url": f"{URL}{PAGE}",
        "og:site_name": "党群工作 - 管理学院",
        "og:locale": "zh_CN",
        "og:image:width": "1200",
        "og:image:height": "630",
        "article:published_time": "2024-03-13T09:30:00+08:00",
        "article:modified_time": "2024-03-13T09:30:00+08:00",
    }


def test_a_list_is_no_article(told: SiteTest) -> None:
    page = told.built().text("meetings/index.html")
    assert metas(page, "property")["og:type"] == "website"
    assert not metas(page, "property").keys() & {"article:published_time", "og:image"}
    assert graph(page).keys() == {"BreadcrumbList"}


def test_search_engines_are_told_who_wrote_what_and_when(told: SiteTest) -> None:
    found = graph(told.built().text(PAGE))["NewsArticle"]
    (image,) = found.pop("image")
    assert image.startswith(f"{URL}media/p-")
    assert found == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": TITLE,
        "datePublished": "2024-03-13T09:30:00+08:00",
        "dateModified": "2024-03-13T09:30:00+08:00",
        "author": [{"@type": "Person", "name": "张三"}, {"@type": "Person", "name": "李四"}],
        "publisher": {"@type": "Organization", "name": "管理学院", "url": "https://sm.example.edu.cn/"},
        "description": "一句话。",
        "mainEntityOfPage": f"{URL}{PAGE}",
        "inLanguage": "zh-CN",
    }


def test_an_article_without_an_author_is_the_organization_s(site: SiteTest) -> None:
    found = graph(site.article("meetings/a.md").built().text(PAGE))["NewsArticle"]
    assert found["author"] == [found["publisher"]]


def test_the_way_to_an_article_is_told_step_by_step(told: SiteTest) -> None:
    found = graph(told.built().text(PAGE))["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in found] == [
        (1, "管理学院", "https://sm.example.edu.cn/"),
        (2, "党群工作", URL),
        (3, "会议动态", f"{URL}meetings/"),
    ]
