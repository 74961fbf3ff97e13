"""Names of photos and attachments are readable, in ASCII, unlike each other, and bind to no other 【图N】 than before."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.authoring.file_names import LONGEST, LONGEST_SLUG, file_name, short_name
from newsgen.authoring.pinyin import syllable
from newsgen.content.photo_numbers import number_in
from newsgen.core.text import is_device, slug


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("IMG_20240313_101112.jpg", "IMG_20240313_101112.jpg"),
        ("微信图片_20240313101112.JPG", "weixin-20240313101112.jpg"),
        ("mmexport1710297072123.jpg", "mmexport1710297072123.jpg"),
        ("1.jpg", "1.jpg"),
        ("２.jpg", "2.jpg"),
        ("图1.jpg", "1.jpg"),
        ("图 2：会场.png", "2-hui-chang.png"),
        ("02-合影.jpeg", "02-he-ying.jpeg"),
        ("照片 (3).jpg", "3.jpg"),
        ("3月13日会场.jpg", "zhaopian-3-yue-13-ri-hui-chang.jpg"),
        ("5位同学.jpg", "zhaopian-5-wei-tong-xue.jpg"),
        ("con.jpg", "zhaopian-con.jpg"),
        ("COM¹.png", "zhaopian-COM1.png"),
        ("会场....jpg", "hui-chang.jpg"),
        ("\u202egpj.合影.jpg", "gpj-he-ying.jpg"),
        ("../../x/y\\z.jpg", "z.jpg"),
        ("....", "wenjian"),
        ("😀.jpg", "zhaopian.jpg"),
        ("Café.jpg", "Cafe.jpg"),
        ("_隐藏.jpg", "yin-cang.jpg"),
        ("报名 表 (2).docx", "bao-ming-biao-2.docx"),
        ("Screenshot 2024-03-13 at 10.11.12.png", "Screenshot-2024-03-13-at-10-11-12.png"),
        (
            "关于召开2024年学生党员发展大会暨第一议题学习会议的通知（最终版）.pdf",
            "guan-yu-zhao-kai-2024-nian-xue-sheng-dang-yuan-fa-zhan-da.pdf",
        ),
    ],
)
def test_a_name_stays_readable(given: str, name: str) -> None:
    assert file_name(given, []) == name


def test_of_two_names_alike_the_second_is_counted_and_says_no_number() -> None:
    taken: list[str] = []
    for name in (
        "1.jpg",
        "1.jpg",
        "1.png",
        "1.JPG",
        "图1.jpg",
        "2.jpg",
        "图3合影.jpg",
        "IMG.jpg",
        "img.jpg",
        "a.pdf",
        "A.pdf",
    ):
        taken.append(file_name(name, taken, f".{name.rpartition('.')[2].lower()}"))
    assert taken == [
        *("1.jpg", "zhaopian-1.jpg", "zhaopian-1-2.png", "zhaopian-1-3.jpg", "tu-1.jpg", "2.jpg", "tu-3-he-ying.jpg"),
        *("IMG.jpg", "img-2.jpg", "a.pdf", "A-2.pdf"),
    ]


def test_a_number_is_not_said_where_the_order_of_names_decides() -> None:
    assert file_name("1.jpg", ["IMG_0001.jpg", "IMG_0002.jpg"]) == "zhaopian-1.jpg"
    assert file_name("1.jpg", ["IMG_0001.jpg", "2.jpg"]) == "1.jpg"
    assert file_name("1.jpg", ["通知.pdf"]) == "1.jpg"
    assert file_name("1.pdf", ["IMG_0001.jpg"]) == "1.pdf"


NAMES = st.text(st.sampled_from("图1２3年月日位 -_.、()（）照片会场conCOMaA¹\u202e\u200b/\\~éß𠮷😀"), max_size=12)


@given(st.lists(st.tuples(NAMES, st.sampled_from([".jpg", ".png", ".pdf"])), max_size=8))
def test_any_name_is_fit_for_every_system_and_unlike_the_others(files: list[tuple[str, str]]) -> None:
    taken: list[str] = []
    for stem, suffix in files:
        name = file_name(stem + suffix, taken, suffix)
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*\.(jpg|png|pdf)", name)
        assert len(name) <= LONGEST + 15
        assert not is_device(name)
        assert name.casefold() not in map(str.casefold, taken)
        taken.append(name)
    numbers = [
        number for number in map(number_in, (name for name in taken if not name.endswith(".pdf"))) if number is not None
    ]
    assert len(numbers) == len(set(numbers))


@given(NAMES, st.sampled_from([[], ["1.jpg"], ["IMG_2.jpg"], ["图2.jpg", "a.png"]]))
def test_a_photo_says_its_own_number_or_none(stem: str, taken: list[str]) -> None:
    found = number_in(file_name(f"{stem}.jpg", taken, ".jpg"))
    assert found is None or found not in map(number_in, taken)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("我院召开学生党员大会", "wo-yuan-zhao-kai-xue-sheng-dang-yuan-da"),
        ("学习“AI+党建”", "xue-xi-ai-dang-jian"),
        ("2024", "baodao-2024"),
        ("Con", "baodao-con"),
        ("index", "baodao-index"),
        ("！！！", "baodao"),
    ],
)
def test_a_report_has_a_short_name_for_its_address(title: str, name: str) -> None:
    assert short_name(title) == name


@given(st.text(max_size=60))
def test_every_title_gives_a_slug(title: str) -> None:
    name = short_name(title)
    assert slug(name) == name
    assert len(name) <= LONGEST_SLUG + 7


def test_common_characters_are_read_as_in_a_dictionary() -> None:
    words = "旅游女生策略座谈会啊重要讲话学习教育虐"
    assert " ".join(map(syllable, words)) == (
        "lv you nv sheng ce lue zuo tan hui a zhong yao jiang hua xue xi jiao yu nue"
    )
    assert [syllable(letter) for letter in ("鑫", "a", "。", "😀", "\ud800", "")] == [""] * 6
