"""Addresses: stable, ASCII, relative."""

from __future__ import annotations

import pytest

from newsgen.core.urls import (
    absolute,
    article_slug,
    ascii_slug,
    at,
    base_of,
    list_addresses,
    page_at,
    root_of,
    term_prefix,
)


@pytest.mark.parametrize(
    ("stem", "slug"),
    [
        ("2024-03-13-gongzuo", "gongzuo"),
        ("20240313-gongzuo", "gongzuo"),
        ("20240313+gongzuo", "gongzuo"),
        ("2024.3.13_gongzuo", "gongzuo"),
        ("gongzuo-2024", "gongzuo-2024"),
        ("v1.2_final", "v1.2_final"),
        ("2024-3-13-gongzuo", "gongzuo"),
        ("2024-0313-gongzuo", "gongzuo"),
        ("2024-2-29-info", "info"),
        ("2023-2-29-info", "2023-2-29-info"),
        ("20240431-info", "20240431-info"),
        ("19991231_info", "info"),
        ("2024-03-1-info", "info"),
        ("info-103245", "info-103245"),
        ("info-103246", "info-103246"),
        ("103245-info", "103245-info"),
        ("240313-info", "240313-info"),
        ("20241345-info", "20241345-info"),
        ("20230229-info", "20230229-info"),
        ("12345678-info", "12345678-info"),
        ("2024-13-01-info", "2024-13-01-info"),
        ("20240313a", "20240313a"),
        ("info-20240313", "info-20240313"),
        ("info-2024-03-13-a", "info-2024-03-13-a"),
    ],
)
def test_only_a_date_in_front_is_not_part_of_the_slug(stem: str, slug: str) -> None:
    assert article_slug(stem, f"content/x/{stem}.md") == slug


def test_a_chinese_name_becomes_a_hash_of_the_path_and_not_of_the_title() -> None:
    first = article_slug("20240313+党委会议", "content/x/20240313+党委会议.md")
    assert len(first) == 8
    assert first.isascii()
    assert first != article_slug("20240313+党委会议", "content/y/20240313+党委会议.md")


def test_a_name_that_is_only_a_date_becomes_a_hash() -> None:
    assert len(article_slug("2024-03-13", "content/x/2024-03-13.md")) == 8


def test_front_matter_decides_over_the_file_name() -> None:
    assert article_slug("2024-03-13-a", "content/x/2024-03-13-a.md", "b") == "b"


def test_names_that_differ_get_different_hashes() -> None:
    assert ascii_slug("党建", "党建") != ascii_slug("群团", "群团")
    assert term_prefix("tags", "AI 党课") != term_prefix("tags", "党课")


def test_links_lead_up_to_the_root_and_down_again() -> None:
    assert at("index.html", root_of("meetings/2024/0313-a.html")) == "../../index.html"
    assert at("index.html", root_of("index.html")) == "index.html"


@pytest.mark.parametrize("address", ["https://x.cn/", "//x.cn/", "/info/1.htm", "#top", "mailto:a@x.cn"])
def test_what_is_complete_in_itself_is_left_alone(address: str) -> None:
    assert at(address, "../../") == address


def test_absolute_addresses_name_folders_and_escape_what_is_not_ascii() -> None:
    site = "https://x.cn/dqgz/"
    assert absolute(site, "index.html") == site
    assert absolute(site, "meetings/index.html") == "https://x.cn/dqgz/meetings/"
    assert absolute(site, "a.html#落实") == "https://x.cn/dqgz/a.html#%E8%90%BD%E5%AE%9E"
    assert absolute(site, "https://y.cn/") == "https://y.cn/"
    assert absolute(site, "meetings/2024/0313-index.html") == "https://x.cn/dqgz/meetings/2024/0313-index.html"


def test_a_name_that_windows_keeps_for_a_device_becomes_a_hash() -> None:
    assert len(ascii_slug("con", "content/con.md")) == 8


@pytest.mark.parametrize(("items", "pages"), [(0, 1), (1, 1), (20, 1), (39, 1), (40, 2), (59, 2), (60, 3)])
def test_the_newest_page_of_a_list_has_20_to_39_items(items: int, pages: int) -> None:
    assert (
        list(list_addresses("meetings/", items))
        == ["meetings/index.html", "meetings/1.html", "meetings/2.html"][:pages]
    )


def test_a_folder_is_read_at_its_index_page() -> None:
    assert [page_at(path) for path in ("", "old/", "old.html", "old")] == [
        "index.html",
        "old/index.html",
        "old.html",
        "old",
    ]


def test_the_path_of_a_site_is_decoded_and_never_empty() -> None:
    assert [base_of(url) for url in ("https://x.cn/dqgz/", "https://x.cn", "https://x.cn/%E5%85%9A/")] == [
        "/dqgz/",
        "/",
        "/党/",
    ]
