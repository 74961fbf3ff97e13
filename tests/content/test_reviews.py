"""reviews.py: 审核 takes names in every form that people write them, and what it asks for it accepts."""

from __future__ import annotations

import pytest

from newsgen.content.document import parse
from newsgen.core.model import Diagnostic, FrontMatter, Markdown, Moment, changed
from newsgen.pages.articles import period_of


def read(typed: str) -> tuple[FrontMatter | None, tuple[Diagnostic, ...]]:
    document = parse(f"---\ntitle: 甲\ndate: 2024-03-13\n{typed}\n---\n\n正文。\n".encode(), Markdown()).document
    assert not isinstance(document.matter, type(None)) or document.diagnostics
    return document.matter if isinstance(document.matter, FrontMatter) else None, document.diagnostics


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("审核: 某某", [(None, "某某")]),
        ("审核: 张 三", [(None, "张 三")]),
        ("审核: 某某、某甲", [(None, "某某"), (None, "某甲")]),
        ("审核: 初审 某某", [("初审", "某某")]),
        ("审核: 初审某某", [("初审", "某某")]),
        ("审核: 初审 某某、终审 某甲", [("初审", "某某"), ("终审", "某甲")]),
        ("审核: 初审：某某；终审：某甲", [("初审", "某某"), ("终审", "某甲")]),
        ("审核: 某某（一审）、某甲（终审）", [("一审", "某某"), ("终审", "某甲")]),
        ("审核: 一审某某 二审某甲 三审 某乙", [("一审", "某某"), ("二审", "某甲"), ("三审", "某乙")]),
        ("审核: 初审 张 三 2024-03-12 终审：李 四", [("初审", "张 三"), ("终审", "李 四")]),
        ("审核: 某 某（初审） 某甲（终审）", [("初审", "某 某"), ("终审", "某甲")]),
        ("审核: 初审/某某；终审/某甲", [("初审", "某某"), ("终审", "某甲")]),
        ("审核: 党委宣传部 某某", [(None, "党委宣传部 某某")]),
        ("审核: [初审 某某, 终审 某甲]", [("初审", "某某"), ("终审", "某甲")]),
        ("审核:\n  - 某某\n  - 终审 某甲 2024-03-13 09:30", [(None, "某某"), ("终审", "某甲")]),
        ("审核:\n  - 初审: 某某\n  - 终审: 某甲", [("初审", "某某"), ("终审", "某甲")]),
        ("审核:\n  初审: 某某\n  终审: 某甲", [("初审", "某某"), ("终审", "某甲")]),
        ("审核: 某某 2024-13-01", [(None, "某某 2024-13-01")]),
        (
            "审核:\n  - {环节: 初审, 姓名: '某某'}\n  - 环节: 终审\n    姓名: \"某甲\"",
            [("初审", "某某"), ("终审", "某甲")],
        ),
        ("审核: {' 初审 ': 某某}", [("初审", "某某")]),
        ("审核: {姓名: 某某}", [(None, "某某")]),
        ("审核: {院党委: 某某}", [("院党委", "某某")]),
        ("审核:\n  - {环节: 初审, 姓名: 某某, 时间: 2024-03-13}", [("初审", "某某")]),
    ],
)
def test_names_are_accepted_in_silence(typed: str, found: list[tuple[str | None, str]]) -> None:
    matter, diagnostics = read(typed)
    assert diagnostics == ()
    assert matter is not None
    assert [(review.stage, review.name) for review in matter.reviews] == found


@pytest.mark.parametrize(
    "typed", ["审核: 初审", "审核: {环节: 初审}", "审核:\n  初审:\n  终审: 某某", "审核: {环节: 初审, 性名: 某某}"]
)
def test_a_stage_without_a_name_is_told(typed: str) -> None:
    matter, diagnostics = read(typed)
    assert matter is None
    assert [said.code for said in diagnostics] == ["front-matter.reviews"]
    assert "姓名" in diagnostics[0].message + diagnostics[0].hint


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        ("2024-05-06 00:00", "2024-05-11 00:00", "2024年5月6日至5月10日"),
        ("2024-05-30 00:00", "2024-06-04 00:00", "2024年5月30日至6月3日"),
        ("2024-12-30 00:00", "2025-01-04 00:00", "2024年12月30日至2025年1月3日"),
        ("2024-05-06 09:00", "2024-05-10 17:30", "2024年5月6日至5月10日17:30"),
        ("2024-05-06 00:00", "2024-05-07 00:00", "2024年5月6日"),
    ],
)
def test_a_public_notice_tells_its_days(since: str, until: str, shown: str) -> None:
    matter = FrontMatter("公示", "announcement", date=Moment(since, True), expires=Moment(until, True))
    assert period_of(matter) == shown
    assert period_of(changed(matter, kind="notice")) is None
