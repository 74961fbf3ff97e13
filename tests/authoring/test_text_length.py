"""How long a text is: what its readers see, and nothing of how it is written down."""

from __future__ import annotations

import pytest

from newsgen.authoring.text_length import text_length


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("学院召开会议，\n  部署　工作。\n", "学院召开会议，部署工作。"),
        ("## 一、学习\n\n- 第一条\n- 第二条\n\n1. 甲\n\n> 引用", "一、学习第一条第二条甲引用"),
        ("![会场](hui-chang-(1).jpg)\n\n![](<a b.jpg>)", "会场"),
        ('见[学校网站](https://www.example.edu.cn/a "标题")。', "见学校网站。"),
        ("| 部门 | 人数 |\n| --- | ---: |\n| 党办 | 3 |", "部门人数党办3"),
        ("**加粗**和<u>下划线</u><!-- 备注\n两行 -->，2\\*3", "加粗和下划线，2*3"),
        ("说明[^1]。\n\n---\n\n[^1]: 注释", "说明。注释"),
        ("（2024）5号，[方括号]，3-5人，a_b", "（2024）5号，方括号，3-5人，a_b"),
    ],
)
def test_a_text_is_as_long_as_what_its_readers_see(markdown: str, seen: str) -> None:
    assert text_length(markdown) == len("".join(seen.split()))
