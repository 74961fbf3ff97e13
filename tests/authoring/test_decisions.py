"""A decision is one line more in front matter, and no other byte of the file is touched."""

from __future__ import annotations

import pytest

from newsgen.authoring.decisions import with_decision
from newsgen.content.document import parse
from newsgen.core.errors import ContentError
from newsgen.core.model import Decision, FrontMatter, Markdown, changed

ONE = Decision("approve", "初审", "张老师", "2024-05-01 08:00", "0" * 40)
TWO = Decision("reject", "终审", "孙书记", "2024-05-01 09:00", "f" * 40, "不行：数据, 要“核对”[1]", "OA-2024 # 7")
HEAD = '---\n# 注释\n标题:   "会议"   \ntags: [ a,b ]\n时间: 2024-03-13\n\n---\n\n正文。\n'
LINE = f"  - {{环节: 初审, 姓名: 张老师, 时间: 2024-05-01 08:00, 版本: {'0' * 40}}}"


def decisions(data: bytes) -> list[Decision]:
    matter = parse(data, Markdown()).document.matter
    assert isinstance(matter, FrontMatter)
    return [changed(item, line=1) for item in matter.approvals]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_one_line_is_added_and_nothing_else_is_touched(encoding: str, end: str) -> None:
    data = HEAD.replace("\n", end).encode(encoding)
    after = with_decision("a.md", data, ONE)
    added = f"审签:{end}{LINE}{end}".encode("gb18030" if encoding == "gb18030" else "utf-8")
    assert after.count(added) == 1
    assert after.replace(added, b"") == data
    assert decisions(with_decision("a.md", after, TWO)) == [ONE, TWO]


@pytest.mark.parametrize(
    "typed",
    [
        f"审签:\n{LINE}\n",
        f"approvals:\n{LINE}\n# 注释\n\ntags: 党建\n",
        f"审签:\n\n  # 第一个\n    {LINE.strip()}\n",
        f"审签: [{LINE.strip()[2:]}]\n",
        f"审签: [\n  {LINE.strip()[2:]}\n]\n摘要: 一句话\n",
        f"审签:\n  - 环节: 初审\n    姓名: 张老师\n    时间: 2024年5月1日 8:00\n    版本: {'0' * 40}\ntags: 党建\n",
    ],
    ids=["as written", "in between", "indented", "flow", "flow over lines", "block"],
)
def test_a_decision_stands_behind_those_that_are_there(typed: str) -> None:
    data = f"---\ntitle: 会议\ndate: 2024-03-13\n{typed}---\n\n正文。\n".encode()
    after = with_decision("a.md", data, TWO)
    assert decisions(after) == [ONE, TWO]
    start = next(index for index, pair in enumerate(zip(data, after, strict=False)) if pair[0] != pair[1])
    assert after.endswith(data[start:])


@pytest.mark.parametrize(
    "text",
    [
        "没有文件头。\n",
        "---\ntitle: 会议\n---\n",
        f"---\ntitle: 会议\ndate: 2024-03-13\n审签: {LINE.strip()[2:]}\n---\n\n正文。\n",
    ],
    ids=["no front matter", "faulty", "one item without a list"],
)
def test_what_is_unclear_is_refused(text: str) -> None:
    with pytest.raises(ContentError) as found:
        with_decision("a.md", text.encode(), ONE)
    assert found.value.diagnostics[0].code == "review.unclear"
