"""core/date_hints.py and suggestions.py: what a hint tells to type is made of what the author wrote, and works."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsgen.content.document import parse
from newsgen.core.model import Diagnostic, Markdown
from newsgen.core.scalars import FieldError, parse_moment
from site_test import SiteTest


def diagnostics_of(matter: str, body: str = "正文。\n") -> tuple[Diagnostic, ...]:
    return parse(f"---\n{matter}---\n\n{body}".encode(), Markdown()).document.diagnostics


def hint_of(date: str) -> str:
    with pytest.raises(FieldError) as caught:
        parse_moment(date)
    return caught.value.hint


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("4月12日", "写成 ××××-04-12，×××× 是四位数字的年份"),
        ("四月十二日", "写成 ××××-04-12，×××× 是四位数字的年份"),
        ("4/12", "写成 ××××-04-12，×××× 是四位数字的年份"),
        ("24年4月12日", "写成 2024-04-12"),
        ("98-4-12", "写成 1998-04-12"),
        ("240412", "写成 2024-04-12"),
        ("13/4/2024", "写成 2024-04-13"),
        ("4/12/2024", "写成 2024-04-12（4月12日） 或 2024-12-04（12月4日）"),
        ("2024年4月", "写成 2024-04-××，×× 是两位数字的日"),
        ("2024-13-05", "是不是 2024-05-13？"),
        ("2024-13", "写成“年-月-日”，年份用四位数字；要写时间，后面空一格，再写“时:分”"),
        ("2024-45-01", "月份是 1 到 12：写成 2024-××-01"),
        ("2024-45-31", "月份是 1 到 12：写成 2024-××-31"),
        ("2024-45-32", "写成“年-月-日”，年份用四位数字；要写时间，后面空一格，再写“时:分”"),
        ("69-4-12", "写成 2069-04-12"),
        ("70-4-12", "写成 1970-04-12"),
        ("2024-02-30", "写 2024-02-01 到 2024-02-29 里的一天"),
        ("2024-04-12 上午15点", "请用 24 小时制，例如 2024-04-12 15:00"),
        ("2024-04-12 25:00", "写成 2024-04-12 加“时:分”；半夜 12 点写成第二天的 00:00"),
    ],
)
def test_a_hint_about_a_date_keeps_what_was_typed(typed: str, hint: str) -> None:
    assert hint_of(typed) == hint


@example("1/1/0000")
@example("0000-13-05")
@example("1/1/1000")
@given(
    st.from_regex(
        r"[0-9]{1,4}[-/.年][0-9]{1,2}([-/.月][0-9]{1,4}日?)?|[0-9]{6}|[0-9]{1,2}月[0-9]{1,2}日", fullmatch=True
    )
)
def test_a_date_that_a_hint_writes_out_is_a_date(typed: str) -> None:
    try:
        parse_moment(typed)
    except FieldError as problem:
        for written in re.findall(r"\d{4}-\d{2}-\d{2}", problem.hint):
            assert parse_moment(written).day == written


def test_no_hint_about_a_date_names_a_day_that_nobody_typed() -> None:
    for typed in ("昨天", "待定", "", "12", "2024"):
        assert not re.search(r"\d{4}-\d{2}-\d{2}", hint_of(typed))


@pytest.mark.parametrize(
    ("matter", "body", "hint"),
    [
        ("title: 甲\ndate: 4月12日\n", "（学院 2023年4月13日）\n", "写成 2023-04-12"),
        ("title: 甲\ndate: 2023-01-01\n置顶: 4月12日\n", "正文。\n", "写成 2023-04-12"),
        ("title: 甲\ndate: 4月12日\n", "2022年与2023年。\n", "写成 ××××-04-12，×××× 是四位数字的年份"),
        ("title: 甲\ndate: 2023-12-28\n下线: 1月5日\n", "正文。\n", "写成 2024-01-05"),
        ("title: 甲\n", "开会。\n\n学院\n2024年5月7日\n", "加上一行：date: 2024-05-07\n这是正文里写着的日期，请核对"),
        ("title: 甲\n", "2024年2月28日开会，到2024年2月30日。\n", "加上一行：date: 2024-02-28\n这是正文里写着的日期，请核对"),
        ("date: 2024-01-01\n", "关于开会的通知\n\n各支部：\n", "加上一行：title: 关于开会的通知\n这是正文的第一行；是标题的话，把它从正文里删去"),
        ("date: 2024-01-01\n", "会议召开。\n", "加上一行 title: ，冒号后面写文章的标题"),
        ("title:\ndate: 2024-01-01\n", "会议召开。\n", "在冒号后面写文章的标题"),
        ("title: 甲\ndate: 2024-01-01\n作者 张老师\n", "正文。\n", "改成：作者: 张老师"),
        ("title: 甲\ndate: 2024-01-01\nslug: 党日 Party Day\n", "正文。\n", "改成 slug: party-day"),
        ("title: 甲\ndate: 2024-01-01\n浏览基数: 约1,280次\n", "正文。\n", "只写数字：1280"),
    ],
)  # fmt: skip
def test_a_hint_takes_its_example_from_the_file(matter: str, body: str, hint: str) -> None:
    assert [said.hint for said in diagnostics_of(matter, body)] == [hint]


def test_a_public_notice_without_end_that_obeys_its_hint_is_up_for_its_days() -> None:
    matter = "title: 公示\n类型: 公示\ndate: 2024-05-06\n"
    (said,) = diagnostics_of(matter)
    added = re.match(r"加上一行：(.*)\n", said.hint)
    assert added is not None
    assert added[1] == "expires: 2024-05-11"
    assert diagnostics_of(f"{matter}{added[1]}\n") == ()


def test_a_public_notice_without_any_day_is_told_what_its_end_means() -> None:
    hints = [said.hint for said in diagnostics_of("title: 公示\n类型: 公示\n")]
    assert hints[1] == "加上一行 expires: ，写公示结束的第二天：到那天零点，这一篇自动从网站上消失"


def test_a_public_notice_with_an_empty_end_is_not_told_to_write_a_second_line() -> None:
    (said,) = diagnostics_of("title: 公示\n类型: 公示\ndate: 2024-05-06\nexpires:\n")
    assert said.hint.startswith("写成：expires: 2024-05-11\n")


@pytest.mark.parametrize(
    ("matter", "hint"),
    [
        ({"date": "2024-07-01"}, "到那天再公开，请加一行：publish_at: 2024-07-01"),
        ({"date": "2024-07-01", "定时发布": "2024-05-01"}, "到那天再公开，把定时发布改成：publish_at: 2024-07-01"),
    ],
)
def test_a_key_that_is_there_is_not_asked_for_a_second_time(site: SiteTest, matter: dict[str, str], hint: str) -> None:
    built = site.article("meetings/a.md", **matter).built()
    assert [said["hint"] for said in built.document["diagnostics"]] == [hint]


def test_an_empty_text_with_a_line_for_drafts_is_told_to_change_it(site: SiteTest) -> None:
    built = site.article("meetings/a.md", "", 草稿="否").built()
    assert [said["hint"] for said in built.document["diagnostics"]] == ["写上正文；还没写完就先改草稿这一行：draft: 是"]
