"""cli/grouping.py: what repeats is told at three places and counted, errors stand last, and JSON has all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.cli import run
from newsgen.cli.grouping import grouped
from newsgen.core.model import Diagnostic, Severity
from site_test import NOW, SiteTest


def diagnostic(number: int, severity: Severity = "warning", code: str = "x", message: str = "同样的话") -> Diagnostic:
    return Diagnostic(code, severity, message, "", f"content/{number}.md", number)


SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
KINDS = [(severity, code, message) for severity in SEVERITIES for code in "xy" for message in "甲乙丙丁"]
found = st.sampled_from(KINDS).map(lambda kind: diagnostic(1, *kind))


@given(st.lists(found, max_size=20))
def test_every_diagnostic_is_shown_or_counted_and_every_kind_is_shown(diagnostics: list[Diagnostic]) -> None:
    groups = list(grouped(diagnostics))
    assert sorted(map(str, diagnostics)) == sorted(str(item) for group in groups for item in group.shown + group.others)
    assert all(1 <= len(group.shown) <= 3 and (len(group.shown) == 3 or not group.others) for group in groups)
    order = [group.shown[0].severity for group in groups]
    assert order == sorted(order, key=["info", "warning", "error"].index)


def test_three_of_a_kind_are_shown_and_different_wordings_first() -> None:
    told = ["没有「type」这一项"] * 5 + ["没有「layout」这一项"]
    (group,) = grouped(diagnostic(number, message=message) for number, message in enumerate(told, 1))
    assert [item.line for item in group.shown] == [1, 2, 6]
    assert [item.line for item in group.others] == [3, 4, 5]


def test_the_terminal_groups_and_json_has_all(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(20):
        site.article(f"meetings/{number}.md", title=f"第 {number} 篇", slug=f"s{number}", type="x")
    site.article("meetings/z.md", "![图](无.jpg)\n")
    words = ["build", "-C", str(site.root), "--now", NOW]
    capsys.readouterr()
    assert run(words) == 1
    told = capsys.readouterr().err
    assert told.count("没有「type」这一项") == 3
    assert "还有 17 处同类的提醒：content/meetings/" in told
    assert told.index("还有 17 处") < told.index("图片不存在") < told.index("1 处错误，20 处提醒")
    assert run([*words, "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["diagnostics"]) == 21
