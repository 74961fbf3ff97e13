"""`newsgen check`: what it finds where, what switches a rule off, and the forms of its answer."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from newsgen.cli import run
from site_test import SiteTest

WRONG = "会议强调,要抓好落实。\n"


@pytest.fixture
def check(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `newsgen check --json` and gives exit code and findings, but for those about the site as a whole."""

    def run_check(*words: str) -> tuple[int, list[dict[str, Any]]]:
        capsys.readouterr()
        code = run(["check", *words, "-C", str(site.root), "--json", "--now", "2024-06-01T08:00"])
        found = json.loads(capsys.readouterr().out)["findings"]
        return code, [item for item in found if not item["code"].startswith("site.")]

    return run_check


def git(root: Path, *words: str) -> None:
    """Run git in a repository of its own name and address."""
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.edu.cn")
    subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)


def codes(findings: list[dict[str, Any]]) -> list[str]:
    return [finding["code"] for finding in findings]


def test_a_finding_names_the_place_the_words_and_what_to_type_instead(site: SiteTest, check: Any) -> None:
    site.article("meetings/a.md", WRONG)
    code, (finding,) = check()
    assert code == 0
    assert finding == {
        "path": "content/meetings/a.md",
        "line": 6,
        "column": 5,
        "length": 1,
        "code": "punctuation.half-width",
        "severity": "warning",
        "message": "中文里的标点“,”是半角的",
        "hint": "改成“，”",
        "found": ",",
        "correction": "，",
    }


def test_a_warning_fails_a_strict_check_and_an_error_every_one(site: SiteTest, check: Any) -> None:
    site.article("meetings/a.md", WRONG)
    assert check("--strict")[0] == 1
    site.article("meetings/a.md", "身份证号：11010519491231002X\n")
    assert check()[0] == 1


def test_what_a_build_says_is_said_here_too(site: SiteTest, check: Any) -> None:
    site.article("meetings/a.md", "见[通知](b.md)。\n")
    code, findings = check()
    assert code == 1
    assert codes(findings) == ["link.broken"]


def test_named_files_are_looked_at_alone(site: SiteTest, check: Any) -> None:
    site.article("meetings/a.md", WRONG).article("meetings/b.md", WRONG, title="另一篇")
    assert [item["path"] for item in check("content/meetings/b.md")[1]] == ["content/meetings/b.md"]
    assert len(check("content/meetings")[1]) == 2


def test_a_file_outside_content_is_told(site: SiteTest, check: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "site.yaml", "-C", str(site.root)]) == 2
    assert "site.yaml 不在 content 里" in capsys.readouterr().err


def test_a_rule_is_switched_off_for_the_site_an_article_or_a_line(site: SiteTest, check: Any) -> None:
    site.article("meetings/a.md", WRONG, check="{忽略: [punctuation.half-width]}")
    assert check()[1] == []
    site.article("meetings/a.md", "会议强调,要落实。<!-- 忽略: punctuation.half-width -->\n\n会议指出,要学习。\n")
    assert [item["line"] for item in check()[1]] == [8]
    site.write(
        "site.yaml", (site.root / "site.yaml").read_text("utf-8") + "check:\n  rules:\n    punctuation.half-width: 关\n"
    )
    assert check()[1] == []


def test_site_yaml_makes_a_rule_severe_and_says_why_it_is_off(
    site: SiteTest, check: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = "check:\n  rules:\n    punctuation.half-width: 错误\n    words.doubled: {级别: 关, 理由: 口语多}\n"
    site.write("site.yaml", (site.root / "site.yaml").read_text("utf-8") + rules)
    site.article("meetings/a.md", "会议强调,要进行进行总结。\n")
    code, findings = check()
    assert (code, codes(findings)) == (1, ["punctuation.half-width"])
    assert run(["check", "--list", "-C", str(site.root)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("words.doubled"))
    assert line.endswith("关　重复的字词（site.yaml：口语多）")


@pytest.mark.parametrize("place", ["site.yaml", "front matter", "comment"])
def test_a_rule_that_does_not_exist_is_told_with_the_one_that_was_meant(site: SiteTest, check: Any, place: str) -> None:
    matter = {"check": "{忽略: [word.doubled]}"} if place == "front matter" else {}
    site.article("meetings/a.md", "正文。" + "<!-- 忽略: word.doubled -->" * (place == "comment") + "\n", **matter)
    if place == "site.yaml":
        site.write(
            "site.yaml", (site.root / "site.yaml").read_text("utf-8") + "check:\n  rules:\n    word.doubled: 关\n"
        )
    (finding,) = check()[1]
    assert finding["code"] == "check.unknown-rule"
    assert "words.doubled" in finding["hint"]


def test_what_has_not_changed_is_not_read_again(site: SiteTest, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.article("meetings/a.md", WRONG)
    first = check()
    read: list[str] = []

    def note(path: str, *_: object) -> tuple[()]:
        read.append(path)
        return ()

    monkeypatch.setattr("newsgen.check.file_check.findings_of", note)
    assert check() == first
    assert read == []


def test_a_word_in_the_lexicon_is_searched_in_files_that_were_checked_before(site: SiteTest, check: Any) -> None:
    site.article("meetings/a.md", "落实三会一科制度。\n")
    assert check()[1] == []
    site.write(
        "lexicon.yaml", "- phrase: 三会一课\n  wrong: [三会一科]\n  source: 《中国共产党支部工作条例（试行）》\n"
    )
    (finding,) = check()[1]
    assert (finding["code"], finding["found"]) == ("phrases.wrong", "三会一科")
    assert "支部工作条例" in finding["hint"]


def test_only_what_git_saw_change_is_checked(site: SiteTest, check: Any) -> None:
    site.article("meetings/a.md", WRONG)
    git(site.root, "init", "-q")
    git(site.root, "add", ".")
    git(site.root, "commit", "-qm", "first")
    site.article("meetings/b.md", WRONG, title="另一篇")
    assert [item["path"] for item in check("--since", "HEAD")[1]] == ["content/meetings/b.md"]


def test_many_files_are_checked_by_several_processes_with_the_same_result(
    site: SiteTest, check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        site.article(f"meetings/a{number}.md", WRONG, title=f"第{number}篇")
    alone = check("--jobs", "1")
    monkeypatch.setattr("newsgen.check.file_check.ENOUGH", 2)
    (site.root / ".newsgen/store.db").unlink()
    assert check("--jobs", "2") == alone


def test_a_code_host_is_told_in_its_own_form(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/a.md", WRONG)
    assert run(["check", "content/meetings/a.md", "--format", "github", "-C", str(site.root)]) == 0
    place = "file=content/meetings/a.md,line=6,col=5,endColumn=6,title=punctuation.half-width"
    assert capsys.readouterr().out == f"::warning {place}::中文里的标点“,”是半角的%0A改成“，”\n"


def test_sarif_names_rule_region_and_correction(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/a.md", WRONG)
    assert run(["check", "content/meetings/a.md", "--format", "sarif", "-C", str(site.root)]) == 0
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = log["results"]
    assert log["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "punctuation.half-width"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 6, "startColumn": 5, "endColumn": 6}
    change = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert (change["deletedRegion"], change["insertedContent"]) == (region, {"text": "，"})


def test_a_rule_explains_itself(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--explain", "facts.weekday"]) == 0
    printed = capsys.readouterr().out
    assert "日期和星期对不上" in printed
    assert "错：2024年3月13日（星期四）下午" in printed


def test_the_sample_site_is_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).parents[2]
    assert run(["check", "-C", str(root), "--strict", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []


def test_an_address_that_is_none_is_no_reason_to_stop(site: SiteTest, check: Any) -> None:
    site.article("meetings/a.md", f"见[通知](https://[某校]/)。{WRONG}")
    assert codes(check()[1]) == ["punctuation.half-width"]
