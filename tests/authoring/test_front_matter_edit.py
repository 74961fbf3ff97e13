"""A key is set or removed in its own lines; everything else in the file keeps its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsgen.authoring.front_matter_edit import new_text, with_values
from newsgen.authoring.front_matter_values import RefusedValue, Typed, values_of
from newsgen.authoring.text_lines import body_of, edited
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


REPOSITORY = Path(__file__).parents[2]
TYPED = [
    path
    for folder in ("content", "tests/right", "tests/warned", "tests/invalid", "tests/golden")
    for path in sorted((REPOSITORY / folder).rglob("*.md"))
    if path.name != "_index.md"
]
"""Reports as committees type them: with every slip that newsgen knows."""


def test_in_reports_as_people_type_them_a_key_is_written_and_taken_back_to_the_byte() -> None:
    assert len(TYPED) > 200
    for path in TYPED:
        data = path.read_bytes()
        assert edited(data, body_of(data)[0]) == data, path
        assert with_values(path.name, data, values_of(data).values) == data, path
        if "unclosed" in path.as_posix():
            continue
        for key, value in (("title", "换一个标题: “新”的"), ("views_base", "12"), ("photographer", "张三、李四")):
            after = with_values(path.name, data, {key: value})
            assert values_of(after).values[key] == value, path
            assert body_of(after)[0] == body_of(data)[0], path
            others = {name: shown for name, shown in values_of(after).values.items() if name != key}
            assert others == {name: shown for name, shown in values_of(data).values.items() if name != key}, path
            if values_of(data).values and key not in values_of(data).values:
                assert with_values(path.name, after, {key: None}) in (data, _without_template(data, after)), path


def _without_template(data: bytes, after: bytes) -> bytes:
    """The file without the commented line, or the name without a value, that took the value up."""
    lines, left = data.splitlines(keepends=True), after.splitlines(keepends=True)
    start = next(index for index, line in enumerate(lines) if line != left[index])
    return b"".join(lines[:start] + lines[start + 1 :])


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("---\u2028标题: 会议\x0b时间: 2024-03-13\u2028---\n正文\u2028二\n", {"title": "新"}, "---\u2028标题: 新\x0b时间: 2024-03-13\u2028---\n正文\u2028二\n"),
        ("---\n标题: 会\u2028议\u2028时间: 2024-03-13\n---\n", {"title": "新"}, "---\n标题: 新\u2028时间: 2024-03-13\n---\n"),
        ("---\n标题: 会\u2028议\u2028时间: 2024-03-13\n---\n", {"date": "2024-03-14"}, "---\n标题: 会\u2028议\u2028时间: 2024-03-14\n---\n"),
        ("---\n标题: 会议\u2028时间: 2024-03-13\n---\n", {"author": "张三"}, "---\n标题: 会议\u2028作者: 张三\n时间: 2024-03-13\n---\n"),
        ("---\n标题: 会议\u2028时间: 2024-03-13\n---\n", {"title": None}, "---\n时间: 2024-03-13\n---\n"),
    ],
)  # fmt: skip
def test_soft_returns_of_word_in_front_matter_stay(before: str, values: dict[str, Typed], after: str) -> None:
    assert with_values("a.md", before.encode(), values).decode() == after


@pytest.mark.parametrize(
    ("before", "values", "after"),
    [
        ("title: 会议\ntitle: 会\n", {"title": None}, ""),
        ("title: 会议\ntitle: 会\n", {"title": "新"}, "title: 新\ntitle: 会\n"),
        ("summary: >-  \n  一\n  二\n\ntags: 党建\n", {"summary": "三"}, "summary: 三\n\ntags: 党建\n"),
        ("author:  # 谁写的\n", {"author": "张三"}, "author:  张三  # 谁写的\n"),
        ("author:\n", {"author": "~"}, 'author: "~"\n'),
        ("  标题：旧\n", {"title": "新"}, "  标题：新\n"),
        ("“标题”: 旧\n", {"title": "新"}, "“标题”: 新\n"),
        ("slug: a\nfoo: b\n", {"title": "新"}, "title: 新\nslug: a\nfoo: b\n"),
        ("标题: 一\nslug: a\n", {"draft": "是"}, "标题: 一\n草稿: 是\nslug: a\n"),
        ("title: 一\n#摘要：一句话\n", {"summary": "二"}, "title: 一\n摘要: 二\n"),
        ("title: 一\n", {"attachments": [("a.pdf", None)]}, "title: 一\nattachments: a.pdf\n"),
        ("title: 一\n", {"attachments": [("a、b.c、d", None)]}, "title: 一\nattachments:\n  - a、b.c、d\n"),
        ("date: 昨天\n", {"title": "一", "date": "昨天"}, "title: 一\ndate: 昨天\n"),
        ("date: 昨天\n", {"date": "2024-03-13"}, "date: 2024-03-13\n"),
        ("date: 2024-03-13 #备注\n", {"date": None}, ""),
        ("tags: [党建,\n  # 常用\n  学习]\n", {"tags": "新"}, "tags: 新\n  # 常用\n"),
        ("tags: [党建\n", {"tags": "学习"}, "tags: 学习\n"),
    ],
)
def test_each_way_of_typing_is_respected(before: str, values: dict[str, Typed], after: str) -> None:
    made = with_values("a.md", f"---\n{before}---\n正文\n".encode(), values).decode()
    assert made == f"---\n{after}---\n正文\n"


def test_no_form_writes_decisions() -> None:
    with pytest.raises(ContentError, match="审签"):
        with_values("a.md", HEAD.encode(), {"approvals": "张老师"})
