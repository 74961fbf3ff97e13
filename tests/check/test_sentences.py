"""Labelled sentences: each rule finds what is wrong, and nothing in what is right."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from newsgen.check.article_check import findings_of
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule
from newsgen.check.rule_reference import Accuracy
from newsgen.check.rules.registry import BY_CODE, RULES
from newsgen.check.vocabulary import Vocabulary
from newsgen.config.check_section import CheckSettings

SENTENCES = Path(__file__).parent / "sentences"
DATE = "2024-03-14"
TITLED = "（标题）"
"""What stands before the text of a sentence that is a title."""
FRONT = "---\ntitle: {title}\ndate: {date}\nkind: {kind}\n---\n\n{text}\n"
VOCABULARY = Vocabulary.load(SENTENCES, CheckSettings())
ENOUGH = 0.95
"""The precision that a rule needs to warn; one below it informs."""


class Sentence(NamedTuple):
    """A line of a fixture: `is_wrong` is its label."""

    code: str
    is_wrong: bool
    text: str

    @property
    def data(self) -> bytes:
        """The sentence as an article."""
        text = self.text.removeprefix("[公示] ")
        kind = "公示\nexpires: 2024-05-06" if text != self.text else "新闻"
        return _article(kind, text.replace("⏎", "\n"))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What all rules find in it."""
        return findings_of("content/a.md", self.data, RULES, VOCABULARY)

    @property
    def codes(self) -> set[str]:
        """The rules that speak of it."""
        return {finding.code for finding in self.findings}


def _article(kind: str, text: str) -> bytes:
    """An article with a text, or with a title where it is one."""
    title, text = (text.removeprefix(TITLED), "正文。") if text.startswith(TITLED) else ("甲", text)
    return FRONT.format(title=title, date=DATE, kind=kind, text=text).encode()


def sentences(code: str) -> Iterator[Sentence]:
    """The labelled sentences of a rule."""
    for line in (SENTENCES / f"{code}.txt").read_text("utf-8").splitlines():
        label, _, text = line.partition(" ")
        assert label in ("错", "对"), line
        yield Sentence(code, label == "错", text)


def measured(code: str) -> Accuracy:
    """How a rule judges its sentences."""
    found = Counter[tuple[bool, bool]]((item.is_wrong, code in item.codes) for item in sentences(code))
    right, missed, false = found[True, True], found[True, False], found[False, True]
    return Accuracy(right / max(1, right + false), right / (right + missed), found.total())


TEXT_RULES = [rule for rule in RULES if rule.find]
ALL = [sentence for rule in TEXT_RULES for sentence in sentences(rule.code)]


def test_there_are_six_hundred_sentences_and_each_rule_has_some_of_both_kinds() -> None:
    assert len(ALL) >= 600
    for rule in TEXT_RULES:
        assert {sentence.is_wrong for sentence in sentences(rule.code)} == {True, False}, rule.code


@pytest.mark.parametrize("code", [rule.code for rule in TEXT_RULES])
def test_a_rule_that_warns_is_right_in_95_of_100_cases(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = measured(code)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{code}: precision {found.precision:.0%}, recall {found.recall:.0%}, {found.sentences} sentences"
        )
    assert found.precision >= ENOUGH or BY_CODE[code].severity == "info"
    assert found.recall >= 0.6


def test_right_sentences_raise_no_alarm_of_any_rule() -> None:
    """What other rules say of a sentence that is right by its own rule: it may be wrong by theirs, as numbers of people are."""
    alarms = [(item.text, code) for item in ALL if not item.is_wrong for code in sorted(item.codes)]
    serious = [(text, code) for text, code in alarms if BY_CODE[code].severity != "info"]
    assert serious == []


@pytest.mark.parametrize("code", [rule.code for rule in TEXT_RULES])
def test_whatever_a_rule_finds_has_words_that_an_author_is_shown(code: str) -> None:
    found = [finding for item in sentences(code) if item.is_wrong for finding in item.findings]
    assert [finding for finding in found if not finding.found] == []


@pytest.mark.parametrize("rule", TEXT_RULES, ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_are_what_they_say(rule: Rule) -> None:
    kind = (
        "公示\nexpires: 2024-05-06"
        if rule.code in ("personal.birth", "personal.home", "pictures.only-a-picture")
        else "新闻"
    )
    for text, is_wrong in ((rule.wrong, True), (rule.right, False)):
        plain = text.removeprefix(f"（文章的时间是 {DATE}）").removeprefix("（文章的标题是“甲”）")
        data = _article(kind, plain)
        assert (rule.code in {item.code for item in findings_of("content/a.md", data, RULES, VOCABULARY)}) is is_wrong
