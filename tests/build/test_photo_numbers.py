"""Marks such as `【图1】`: which photo of the report's folder stands in their place, and what is told where none does."""

from __future__ import annotations

import re

import pytest

from site_test import Built, SiteTest, photo

PAGE = "meetings/2024/0313-visit.html"


def with_photos(site: SiteTest, *names: str) -> SiteTest:
    """A report's folder with photos."""
    for name in names:
        site.write(f"content/meetings/visit/{name}", photo() + name.encode())
    return site


def shown(built: Built) -> list[str]:
    """The largest files of the photos on the page, without their digests."""
    return re.findall(r'<figure[^>]*><a[^>]* href="[^"]*media/([^"]*?)-?[0-9a-f]{10}\.', built.text(PAGE))


@pytest.mark.parametrize(
    "names",
    [("p1.jpg", "p2.jpg", "p10.jpg"), ("02-p2.jpg", "图1 a.jpg", "3.jpg"), ("IMG_9.jpg", "IMG_80.jpg", "IMG_700.jpg")],
)
def test_marks_stand_for_the_photos_by_number_or_order(site: SiteTest, names: tuple[str, ...]) -> None:
    with_photos(site, *names).article("meetings/visit/index.md", "【图2】\n\n【图1：会场】\n\n（图3）\n")
    built = site.built("--strict")
    page = built.text(PAGE)
    assert "<figcaption>会场</figcaption>" in page
    assert "【" not in page
    assert len(re.findall(r"<figure", page)) == 3


def test_the_order_of_names_is_that_of_their_numbers(site: SiteTest) -> None:
    with_photos(site, "p10.jpg", "p9.jpg").article("meetings/visit/index.md", "【图1】\n\n【图2】\n")
    assert shown(site.built("--strict")) == ["p9", "p10"]


def test_a_photo_that_the_text_names_is_not_counted(site: SiteTest) -> None:
    with_photos(site, "a.jpg", "b.jpg").article("meetings/visit/index.md", "![甲](a.jpg)\n\n【图1】\n")
    assert shown(site.built("--strict")) == ["a", "b"]


def test_a_number_in_a_name_counts_for_more_than_the_order(site: SiteTest) -> None:
    with_photos(site, "a.jpg", "1-b.jpg").article("meetings/visit/index.md", "【图1】\n")
    built = site.built()
    assert shown(built) == ["1-b"]
    assert "有 1 张照片没有文章用到" in built.stderr


def test_a_mark_without_a_photo_is_told_and_stays(site: SiteTest) -> None:
    with_photos(site, "1.jpg").article("meetings/visit/index.md", "【图1】\n\n【图2：合影】\n")
    built = site.built()
    assert "没有找到图2对应的照片" in built.stderr
    assert "叫 图2.jpg" in built.stderr
    assert "合影" in built.text(PAGE)


def test_beside_a_report_without_a_folder_of_its_own_no_photo_is_guessed(site: SiteTest) -> None:
    site.write("content/meetings/1.jpg", photo()).article("meetings/a.md", "（图1）\n")
    built = site.built()
    assert "没有找到图1对应的照片" in built.stderr
    assert "![图注](照片.jpg)" in built.stderr
    assert "图1" in built.text("meetings/2024/0313-a.html")


def test_a_photo_that_is_added_takes_the_place_of_its_mark(site: SiteTest) -> None:
    with_photos(site, "b.jpg").article("meetings/visit/index.md", "【图1】\n")
    assert shown(site.built()) == ["b"]
    with_photos(site, "a.jpg")
    assert shown(site.built()) == ["a"]
    built = site.built("--full")
    assert shown(built) == ["a"]
