"""SARIF logs of `newsgen check` are what the schema of SARIF 2.1.0 wants, so that code hosts and editors take them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from newsgen.cli import run
from site_test import SiteTest

VALIDATOR = Path(__file__).parent / "sarif.js"
EVERYTHING = (
    "会议强调,要抓好落实 。\n\n身份证号：11010519491231002X，电话13912345678，见[www.gov.cn](https://www.gov.cn.example.com/)。\n\n"
    "![](没有.jpg)\n\n[见](没有.md)\n\n<script>x</script>\n\n<!-- 忽略: no.such-rule -->\n工作“落实。\n"
)


def log_of(site: SiteTest, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    run(["check", *words, "--format", "sarif", "-C", str(site.root), "--now", "2024-06-01T08:00"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def errors_in(log: dict[str, Any]) -> list[str]:
    """What the schema has against a log."""
    done = subprocess.run(["node", VALIDATOR], input=json.dumps(log), capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.long
def test_a_log_of_findings_of_every_kind_is_valid(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/会议 1.md", EVERYTHING).article("meetings/b.md", title="").write(
        "content/meetings/a.docx", "x"
    )
    log = log_of(site, capsys)
    results = log["runs"][0]["results"]
    assert {item["level"] for item in results} == {"error", "warning", "note"}
    assert {"files.unreadable", "check.unknown-rule", "punctuation.blank"} <= {item["ruleId"] for item in results}
    assert errors_in(log) == []


@pytest.mark.long
def test_a_log_without_findings_is_valid(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/a.md", author="张老师")
    log = log_of(site, capsys, "content/meetings/a.md")
    assert log["runs"][0]["results"] == []
    assert errors_in(log) == []


@pytest.mark.long
def test_the_validator_finds_what_is_wrong(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/a.md", EVERYTHING)
    log = log_of(site, capsys, "content/meetings/a.md")
    log["runs"][0]["results"][0]["level"] = "info"
    assert errors_in(log) == [
        ".runs[0].results[0].level: should be equal to one of the allowed values",
    ]
