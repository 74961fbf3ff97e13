"""A key is set or removed in its own lines; everything else in the file keeps its bytes."""

from __future__ import annotations

import pytest

from newsgen.authoring.front_matter_edit import new_text, with_values
from newsgen.authoring.front_matter_values import RefusedValue, Typed, values_of
from newsgen.core.errors import ContentError

HEAD = """\
---
# 供稿前请看说明
title: 会议
时间：2024-03-13 # 以通知为准
tags:
  - 党建
  # 下面是活动
  - 主题党日
# source: 供稿单位
附件:
  - 通知.pdf
  - 文件: 报名.docx
    名称: 报名表
审核:
  - 姓名: 张老师
---

正文 \u3000
第二行
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("values", "old", "new"),
    [
        ({"title": "第一议题"}, "title: 会议\n", "title: 第一议题\n"),
        ({"title": "[通知] 开会"}, "title: 会议\n", 'title: "[通知] 开会"\n'),
        ({"title": '“第一议题”: "学习" 会\'s'}, "title: 会议\n", "title: '“第一议题”: \"学习\" 会''s'\n"),
        ({"date": "2024年3月14日 9:30"}, "2024-03-13 #", "2024年3月14日 9:30 #"),
        ({"date": None}, "时间：2024-03-13 # 以通知为准\n", "时间： # 以通知为准\n"),
        ({"source": "宣传部"}, "# source: 供稿单位\n", "source: 宣传部\n"),
        ({"author": "张三、李四"}, "title: 会议\n", "title: 会议\n作者: 张三、李四\n"),
        ({"slug": "a-b"}, "# source: 供稿单位\n", "# source: 供稿单位\nslug: a-b\n"),
        ({"attachments": None}, "附件:\n  - 通知.pdf\n  - 文件: 报名.docx\n    名称: 报名表\n", ""),
    ],
)
def test_one_key_is_written_and_no_other_byte(
    values: dict[str, Typed], old: str, new: str, encoding: str, end: str
) -> None:
    if "slug" in values:
        old, new = "  - 主题党日\n", "  - 主题党日\nslug: a-b\n"
    assert HEAD.count(old) == 1
    before, after = (text.replace("\n", end).encode(encoding) for text in (HEAD, HEAD.replace(old, new)))
    assert with_values("a.md", before, values) == after


def test_a_form_shows_values_as_they_were_typed() -> None:
    found = values_of(HEAD.encode())
    assert found.values == {
        "title": "会议",
        "date": "2024-03-13",
        "tags": "党建、主题党日",
        "attachments": (("通知.pdf", None), ("报名.docx", "报名表")),
    }
    assert list(found.locked) == ["reviews"]
    assert with_values("a.md", HEAD.encode(), found.values) == HEAD.encode()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"date": "昨天"}, "过几天就不对了"),
        ({"slug": "中文"}, "只能有英文字母"),
        ({"kind": "新文"}, "没有「新文」这一类"),
        ({"draft": "也许"}, "看不出是“是”还是“否”"),
    ],
)
def test_a_value_that_a_key_does_not_take_is_told_at_its_field(values: dict[str, Typed], message: str) -> None:
    with pytest.raises(RefusedValue) as caught:
        with_values("a.md", HEAD.encode(), values)
    assert caught.value.key in values
    assert message in caught.value.message
    assert caught.value.hint


def test_what_a_form_cannot_show_is_not_written_over() -> None:
    with pytest.raises(ContentError, match="分成了几小项"):
        with_values("a.md", HEAD.encode(), {"reviews": "李老师"})


def test_a_report_without_front_matter_gets_one_and_one_without_an_end_is_left_alone() -> None:
    assert (
        with_values("a.md", "正文\r\n".encode(), {"title": "会议"}) == "---\r\ntitle: 会议\r\n---\r\n正文\r\n".encode()
    )
    with pytest.raises(ContentError, match="没有结束"):
        with_values("a.md", "---\ntitle: 会议\n正文。\n".encode(), {"date": "2024-03-13"})


def test_a_new_report_has_what_was_typed_and_the_other_keys_as_comments() -> None:
    text = new_text("notice", {"title": "停电: 通知", "date": "2024-03-13", "source": "后勤处"}, "正文。")
    assert text == (
        '---\ntitle: "停电: 通知"\nkind: 通知\ndate: 2024-03-13\nauthor:\n# 需要时去掉下面行首的 #，填在冒号后面\n'
        "source: 后勤处\n# photographer: 摄影\n# tags: 标签一、标签二\n# branch: 支部名称\n# draft: 是\n---\n\n正文。\n"
    )
