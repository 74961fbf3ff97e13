"""Of a list that is typed one item a line, the lines of the items that stay keep their bytes, and so do comments."""

from __future__ import annotations

import pytest

from newsgen.authoring.front_matter_edit import with_values
from newsgen.authoring.front_matter_values import Typed, values_of

HEAD = """\
---
title: 会议
tags:   # 备注
  # 常用
  -  党建   # 每篇都有

  # 活动
  - 主题党日、学习
  - "第一议题"
附件:
    - 通知.pdf  # 盖章
    - 文件: 报名.docx
      名称: 报名表
    - {文件: a.pdf, 名称: 甲}
旧地址:
- /info/1.htm
- 'a.html'
---
正文
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("values", "old", "new"),
    [
        ({"tags": "党建、主题党日、学习、第一议题、新"}, '"第一议题"\n', '"第一议题"\n  - 新\n'),
        ({"tags": "党建、主题党日、学习"}, '  - "第一议题"\n', ""),
        ({"tags": "党建、[新]、主题党日、学习、第一议题"}, "都有\n", '都有\n  - "[新]"\n'),
        ({"tags": "新、主题党日、学习、第一议题"}, "  -  党建   # 每篇都有\n", "  - 新\n"),
        ({"tags": "主题党日、学习、第一议题"}, "  -  党建   # 每篇都有\n", ""),
        ({"tags": "党建、主题党日、第一议题"}, "主题党日、学习\n", "主题党日\n"),
        (
            {"attachments": [("通知.pdf", None), ("报名.docx", "表: 一"), ("a.pdf", "甲")]},
            "    - 文件: 报名.docx\n      名称: 报名表\n",
            '    - 文件: 报名.docx\n      名称: "表: 一"\n',
        ),
        (
            {"attachments": [("通知.pdf", None), ("报名.docx", "报名表"), ("a.pdf", "甲"), ("c d.pdf", None)]},
            "名称: 甲}\n",
            "名称: 甲}\n    - c d.pdf\n",
        ),
        ({"attachments": [("a.pdf", "甲"), ("通知.pdf", None), ("报名.docx", "报名表")]}, "", ""),
        ({"aliases": "/info/1.htm、b.html"}, "- 'a.html'\n", "- b.html\n"),
        ({"aliases": "a.html"}, "- /info/1.htm\n", ""),
    ],
)
def test_the_lines_of_items_that_stay_keep_their_bytes(values: dict[str, Typed], old: str, new: str, end: str) -> None:
    head = HEAD.replace("title", "标题").replace("tags", "标签")
    expected = head.replace(old, new) if old else _moved(head)
    after = with_values("a.md", head.replace("\n", end).encode(), values)
    assert after == expected.replace("\n", end).encode()
    for key, value in values.items():
        shown = values_of(after).values[key]
        assert shown == (value if isinstance(value, str) else tuple(value or ()))


def _moved(head: str) -> str:
    """The head with its last attachment as the first."""
    line = "    - {文件: a.pdf, 名称: 甲}\n"
    return head.replace(line, "").replace("    - 通知.pdf", line + "    - 通知.pdf")


@pytest.mark.parametrize(
    ("typed", "value", "written"),
    [
        ("tags: [党建, 学习]\n", "党建、新", "tags: 党建、新\n"),
        ("tags: [党建,\n  学习]\n", "党建、新", "tags: 党建、新\n"),
        ("tags:\n  - [党建, 学习]\n  - 三\n", "党建、新", "tags: 党建、新\n"),
        ("tags: 党建\n  学习\n", "新", "tags: 新\n"),
        ("summary: >\n  第一行\n  第二行\n\ntags: 党建\n", "党建", None),
    ],
)
def test_any_other_list_is_written_on_one_line(typed: str, value: str, written: str | None) -> None:
    before = f"---\ntitle: 会议\n{typed}---\n"
    after = with_values("a.md", before.encode(), {"tags": value}).decode()
    assert after == f"---\ntitle: 会议\n{typed if written is None else written}---\n"
