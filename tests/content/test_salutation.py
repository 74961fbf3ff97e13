"""Who is addressed at the beginning of a text, and which lines only look like it."""

from __future__ import annotations

import pytest

from newsgen.content.markdown.preprocess.lines import read_lines
from newsgen.content.markdown.salutation import salutation

ADDRESSEES = """
各党支部：|各党支部、各班级：|各位老师、同学：|全体党员：|院属各单位：|各学院党委，校直属各单位：|管理学院党委：|全校师生：|各二级学院：|机关各部门：|校党委：
学校党委组织部：|党委办公室：|2024级本科生：|张三同志：|王老师：|各有关单位：|广大师生：|各学院、部、处、中心：|各部处：|各单位（部门）：|**各党支部：**|教务处：
各党支部（含教工支部）:|各系、各教研室：|全院教职工：|学院各部门：|各年级各班：|如皋市人民政府：|各位考生：|各县（市、区）教育局：|研究生会：|全体2023级学生：
"""
LABELS = """
前言：|更新：|问题：|背景：|先说结论：|编者按：|摘要：|会议内容：|报名方式：|主办单位：|参会人员：|承办部门：|参赛对象：|负责人：|主持人：|出处：|好处：|工作要求：|有关要求：
各项要求：|例会：|第一组：|注：|附件：|一、总体要求：|请各支部、各班级：|经研究，现将名单公示如下：|结论：|步骤：|参考资料：|更新日志：|温馨提示：|我们：|关于我们：|获奖学生：
各支部汇报人员：|特此通知：|主讲嘉宾：|先进单位：|小组成员：|参与单位：|领导：|带队老师：|支持单位：|- 各党支部：|> 各党支部：|各党支部
"""
GREETINGS = "尊敬的各位来宾：|各位代表：|同志们：|老师们，同学们：|亲爱的2024级新同学：|尊敬的王总：|女士们、先生们：|各位家长："
NO_GREETINGS = "各党支部：|我们：|他们：|人们：|各位同学要做到：|前言：|各项工作：|管理学院："


def words(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


@pytest.mark.parametrize("line", words(ADDRESSEES))
def test_a_notice_addresses_bodies_and_people(line: str) -> None:
    assert salutation(read_lines(f"{line}\n正文。", 1), "notice") == 1


@pytest.mark.parametrize("line", words(LABELS))
def test_labels_and_sentences_address_nobody(line: str) -> None:
    assert salutation(read_lines(f"{line}\n正文。", 1), "notice") is None


@pytest.mark.parametrize("line", words(GREETINGS))
def test_a_greeting_addresses_in_any_text(line: str) -> None:
    assert salutation(read_lines(f"讲话\n\n{line}\n正文。", 1), "news") == 3


@pytest.mark.parametrize("line", words(NO_GREETINGS))
def test_what_is_no_greeting_is_text_in_a_report(line: str) -> None:
    assert salutation(read_lines(f"{line}\n正文。", 1), "news") is None


@pytest.mark.parametrize("number", ["院党〔2024〕5号", "管院发[2024]12号", "党办（2024）第3号", "院党【2024】 5 号"])
def test_the_number_of_a_document_may_stand_above(number: str) -> None:
    assert salutation(read_lines(f"{number}\n\n各党支部：", 1), "notice") == 3


@pytest.mark.parametrize(
    "above",
    [
        "关于报名的通知",
        "院党〔2024〕5号\n\n中共管理学院委员会\u3000关于做好2024年“两优一先”评选工作的通知",
        "**关于放假的通知**",
        "关于成立支部的批复",
    ],
)
def test_the_title_of_a_notice_may_stand_above(above: str) -> None:
    lines = read_lines(f"{above}\n\n各党支部：\n正文。", 1)
    assert salutation(lines, "notice") == len(lines) - 1


@pytest.mark.parametrize("above", ["现将有关事项通知", "会议召开。", "请各支部做好准备，另行通知", "正文"])
def test_a_text_above_is_no_title(above: str) -> None:
    assert salutation(read_lines(f"{above}\n各党支部：", 1), "notice") is None


def test_a_greeting_further_down_is_text() -> None:
    assert salutation(read_lines("一\n二\n三\n四\n同志们：", 1), "news") is None
    assert salutation(read_lines("正文在前。\n同志们：", 1), "news") is None
