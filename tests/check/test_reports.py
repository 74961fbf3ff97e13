"""Whole reports of the usual kinds: clean ones raise no alarm, and what was planted in the others is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsgen.authoring.new import STARTER
from newsgen.check.article_check import findings_of
from newsgen.check.finding import Finding
from newsgen.check.lexicon import LEXICON
from newsgen.check.rules.registry import RULES
from newsgen.check.vocabulary import Vocabulary

REPORTS = Path(__file__).parent / "reports"
VOCABULARY = Vocabulary(LEXICON.parse("lexicon.yaml", (STARTER / "lexicon.yaml").read_bytes()))
PLANTED = {
    "meeting.md": [
        (2, "words.mistakes", "部暑"),
        (7, "facts.year", "2023"),
        (7, "facts.weekday", "四"),
        (7, "facts.date", "25：30"),
        (7, "punctuation.half-width", ","),
        (9, "phrases.near-miss", "习近平新时代中国特色社义思想"),
        (9, "phrases.near-miss", "铸牢中华民族共同体意思"),
        (9, "punctuation.unpaired", "“"),
        (9, "phrases.parts", "四个意识"),
        (9, "words.mistakes", "布署"),
        (9, "words.doubled", "的的"),
        (15, "numbering.gap", "四、"),
        (17, "words.particles", "的"),
        (17, "words.mistakes", "以经"),
        (17, "words.mistakes", "再接再励"),
        (17, "punctuation.blank", " "),
        (17, "facts.date", "４月３１日"),
        (17, "punctuation.full-width-letters", "４"),
        (17, "punctuation.full-width-letters", "３１"),
        (17, "punctuation.doubled", "。。"),
        (17, "punctuation.half-width", ":"),
        (17, "personal.mobile", "13912345678"),
        (17, "personal.identity", "11010519491231002X"),
        (19, "words.doubled", "进行进行"),
        (19, "words.mistakes", "一如继往"),
        (19, "punctuation.marks-between", "、"),
        (19, "punctuation.straight-quotes", '"三会一课"'),
        (19, "punctuation.document-number", "[2024]"),
        (19, "punctuation.ellipsis", "--"),
        (22, "facts.signature", "2024年3月25日"),
    ],
    "public-notice.md": [
        (8, "personal.birth", "2003年5月6日"),
        (8, "personal.identity", "11010519491231002X"),
        (8, "personal.number", "202012345678"),
        (8, "personal.home", "幸福路12号3单元401室"),
        (10, "personal.bank-card", "6222 0202 0011 2233 446"),
        (10, "personal.mail", "zhangsan@qq.com"),
        (16, "facts.sum", "31"),
        (18, "phrases.wrong", "入党积极份子"),
        (18, "words.mistakes", "截止"),
        (18, "phrases.parts", "两学一做"),
        (18, "punctuation.ellipsis", "一"),
    ],
}
"""Line, rule and words of each finding, in the order of the text."""


def found(path: Path) -> list[Finding]:
    return list(findings_of(f"content/{path.name}", path.read_bytes(), RULES, VOCABULARY))


@pytest.mark.parametrize("path", sorted((REPORTS / "clean").iterdir()), ids=lambda path: path.stem)
def test_a_clean_report_raises_no_alarm(path: Path) -> None:
    assert [(item.code, item.found) for item in found(path) if item.severity != "info"] == []


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_in_a_report_is_found_word_for_word_and_nothing_else(name: str) -> None:
    assert [(item.line, item.code, item.found) for item in found(REPORTS / "faulty" / name)] == PLANTED[name]
