"""fields.py: typed text to typed values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.core.model import SHANGHAI
from newsgen.core.scalars import (
    FieldError,
    list_items,
    parse_any_moment,
    parse_bool,
    parse_integer,
    parse_list,
    parse_moment,
    parse_url,
)


@pytest.mark.parametrize(
    "text",
    [
        "2024-3-13",
        "2024-03-13",
        "2024/03/13",
        "2024.3.13",
        "2024。3。13",
        "2024年3月13日",
        "2024 年 3 月 13 日",
        "2024年3月13号",
        "20240313",
        "２０２４－３－１３",
        "2024—03—13",
        "二〇二四年三月十三日",
        "二零二四年三月十三日",
        "2024年3月13日（星期三）",
        "2024-03-13 周三",
        " 2024-3-13\u3000",
    ],
)
def test_a_day_in_any_common_form_is_that_day(text: str) -> None:
    moment = parse_moment(text)
    assert (moment.iso, moment.to_the_minute) == ("2024-03-13T00:00:00+08:00", False)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("2024-3-13 9:30", "09:30"),
        ("2024-03-13 09:30:15", "09:30"),
        ("2024-3-13 9：30", "09:30"),
        ("2024-3-13 9时30分", "09:30"),
        ("2024年3月13日9点", "09:00"),
        ("2024年3月13日9点30", "09:30"),
        ("2024年3月13日9点半", "09:30"),
        ("2024-3-13 上午9:30", "09:30"),
        ("2024-3-13 下午3:30", "15:30"),
        ("2024-3-13 下午15:30", "15:30"),
        ("2024-3-13 晚上7点", "19:00"),
        ("2024-3-13 中午12:10", "12:10"),
        ("2024-3-13 凌晨12:10", "00:10"),
        ("2024-3-13 12:10 AM", "00:10"),
        ("2024-3-13 12:10 PM", "12:10"),
        ("2024-3-13 下午12:10", "12:10"),
        ("2024-3-13 中午2:59", "14:59"),
        ("2024-3-13 中午11:50", "11:50"),
        ("2024-3-13 傍晚11:59", "23:59"),
        ("2024-3-13 早上9点整", "09:00"),
        ("2024-3-13 23:59:59", "23:59"),
        ("2024-03-13T10:30+9", "09:30"),
        ("2024-03-13T10:30+0900", "09:30"),
        ("2024-03-13T09:30 UTC+8", "09:30"),
        ("2024-03-12T18:30-07:00", "09:30"),
        ("2024-3-13 3:30 PM", "15:30"),
        ("2024年三月十三日下午三点二十分", "15:20"),
        ("2024-03-13T09:30", "09:30"),
        ("2024-03-13T09:30:00+08:00", "09:30"),
        ("2024-03-13T01:30:00Z", "09:30"),
        ("2024-03-13T10:30:00.250+09:00", "09:30"),
        ("2024年3月13日（星期三）9:30", "09:30"),
    ],
)
def test_a_minute_in_any_common_form_is_that_minute_in_china(text: str, minute: str) -> None:
    moment = parse_moment(text)
    assert (moment.minute, moment.to_the_minute) == (f"2024-03-13 {minute}", True)


def test_another_offset_may_change_the_day() -> None:
    assert parse_moment("2024-03-13T20:00:00Z").minute == "2024-03-14 04:00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-13-1", "没有 13 月"),
        ("2024-0-1", "没有 0 月"),
        ("2023-2-29", "2023年2月只有28天"),
        ("2024-4-31", "2024年4月只有30天"),
        ("2024-3-0", "没有 0 日"),
        ("2024-3-13 24:00", "没有 24 点"),
        ("2024-3-13 9:75", "没有 75 分"),
        ("2024-3-13 9:30:75", "没有 75 秒"),
        ("2024-3-13 9:60:75", "没有 60 分"),
        ("2024-3-13 晚上12点", "哪一天"),
        ("2024-3-13 上午15:00", "矛盾"),
        ("2024-3-13 9:30 +15:00", "时区"),
        ("2024-3-13 9:30 +08:60", "时区"),
        ("2024-3-13 凌晨13点", "矛盾"),
        ("2024-3-13 下午0点", "哪一天"),
        ("3月13日", "缺少年份"),
        ("3-13", "缺少年份"),
        ("11月31日", "不存在，11月只有30天"),
        ("2-30", "不存在，2月只有29天"),
        ("2024年3月", "缺少哪一日"),
        ("2024-03", "缺少哪一日"),
        ("2024", "缺少月和日"),
        ("24-3-13", "四位"),
        ("24年3月13日", "四位"),
        ("240313", "四位"),
        ("3/13/2024", "最前面"),
        ("今天", "具体的日期"),
        ("昨天下午", "具体的日期"),
        ("1899-12-31", "1900"),
        ("2101-1-1", "2100"),
        ("2024-3-13 至 15", "至 15"),
        ("二〇二四年十十月三日", "不是日期"),
        ("202403130930", "不是日期"),
        ("待定", "不是日期"),
        ("", "要写日期"),
        ("一" * 100_000, "不是日期"),
    ],
)
def test_what_is_no_day_says_why_and_what_to_type(text: str, words: str) -> None:
    with pytest.raises(FieldError) as caught:
        parse_moment(text)
    assert words in caught.value.message
    assert caught.value.hint


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)))
def test_every_minute_is_read_back_from_its_own_form(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
    for text in (
        at.isoformat(),
        f"{at:%Y-%m-%d %H:%M}",
        f"{at.year}年{at.month}月{at.day}日 {at.hour}：{at.minute:02}",
    ):
        assert parse_moment(text).at == at
    assert parse_moment(text).at.utcoffset() == timedelta(hours=8)


USUAL = st.tuples(
    st.one_of(st.integers(1800, 2200).map(str), st.sampled_from(["２０２４", "24", "02024"])),
    st.sampled_from(["-", "年", "/"]),
    st.integers(0, 13).flatmap(lambda number: st.sampled_from([str(number), f"{number:02}"])),
    st.sampled_from(["-", "月", "."]),
    st.integers(0, 32).flatmap(lambda number: st.sampled_from([str(number), f"{number:02}"])),
    st.sampled_from(["", "日", "号", "日 ", "日上午"]),
    st.sampled_from(["", "", " 9:30", " 09:30", "09:30", " 24:00", " 9:60", " 9:5", " 9：30", "  9:30", " 9:30Z"]),
).map("".join)


def outcome(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except FieldError as problem:
        return problem.message, problem.hint


@given(USUAL)
def test_the_short_way_through_a_date_leads_to_the_same_place(text: str) -> None:
    assert outcome(parse_moment, text) == outcome(parse_any_moment, text)


@given(st.text("0123456789年月日-/:. 上下午点十三T+Z二〇", max_size=24))
def test_any_text_is_a_moment_or_a_problem(text: str) -> None:
    try:
        assert parse_moment(text).at.tzinfo is SHANGHAI
    except FieldError as problem:
        assert problem.message
        assert problem.hint


@pytest.mark.parametrize("text", ["yes", "YES", "true", "on", "y", "1", "是", "对", "√", "ｙｅｓ", " 是 "])
def test_yes_in_many_forms(text: str) -> None:
    assert parse_bool(text) is True


@pytest.mark.parametrize("text", ["no", "False", "off", "N", "0", "否", "不", "×", "ＮＯ"])
def test_no_in_many_forms(text: str) -> None:
    assert parse_bool(text) is False


@pytest.mark.parametrize("text", ["", "也许", "2", "是的吧"])
def test_neither_yes_nor_no_is_a_problem(text: str) -> None:
    with pytest.raises(FieldError, match="是"):
        parse_bool(text)


def test_all_common_separators_split_a_list() -> None:
    assert parse_list("党建，群团,支部、工会；团委; 学生会,, 党建") == (
        "党建",
        "群团",
        "支部",
        "工会",
        "团委",
        "学生会",
    )
    assert parse_list(" ， ") == ()


@given(st.text(" 　甲乙,，、;；\n"))
def test_a_list_is_its_items_without_repetitions(text: str) -> None:
    assert parse_list(text) == tuple(dict.fromkeys(item for _, item in list_items(text)))


def test_list_items_know_their_offset() -> None:
    assert list_items("a、 b") == ((0, "a"), (3, "b"))


@pytest.mark.parametrize(("text", "number"), [("128", 128), ("-3", -3), ("１２８", 128), ("1,234,567", 1234567)])
def test_whole_numbers(text: str, number: int) -> None:
    assert parse_integer(text) == number


@pytest.mark.parametrize("text", ["", "1.5", "12,34", "1234567890123", "十"])
def test_anything_else_is_no_whole_number(text: str) -> None:
    with pytest.raises(FieldError, match="整数"):
        parse_integer(text)


@pytest.mark.parametrize(
    "text", ["https://sm.example.edu.cn/info/1001/2.htm?a=1#b", "HTTP://a.cn:8080", "https://a.cn/%E9%80%9A"]
)
def test_web_addresses_are_taken_as_typed(text: str) -> None:
    assert parse_url(text) == text


def test_what_is_not_ascii_in_a_web_address_is_encoded() -> None:
    assert parse_url("https://中文.cn:81/通知?题=一#节") == (
        "https://xn--fiq228c.cn:81/%E9%80%9A%E7%9F%A5?%E9%A2%98=%E4%B8%80#%E8%8A%82"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "javascript:alert(1)",
        "//a.cn",
        "ftp://a.cn",
        "https://",
        "https:///a",
        "https://a.cn/x y",
        "https://a.cn/\x01",
        'https://a.cn/"x',
        "https://me@a.cn/",
        "https://a.cn:99999/",
        "https://[x/",
        "data:text/html,x",
        "https://a.cn:0/",
        "https://党..cn/",
        "https://a.cn/" + "x" * 2000,
    ],
)
def test_what_no_browser_should_follow_is_refused(text: str) -> None:
    with pytest.raises(FieldError):
        parse_url(text)


@pytest.mark.parametrize(
    "text", ["www.example.edu.cn/a", "https：//www.example.edu.cn/a", "https:/www.example.edu.cn/a"]
)
def test_a_nearly_right_address_is_shown_mended(text: str) -> None:
    with pytest.raises(FieldError) as caught:
        parse_url(text)
    assert caught.value.hint == "改成 https://www.example.edu.cn/a"
