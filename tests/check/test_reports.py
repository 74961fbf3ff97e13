"""Whole reports of the usual kinds: clean ones raise no alarm, and what was planted in the others is found."""

from __future__ import annotations

from collections import Counter
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
    "meeting.md": {
        "facts.date": 2,
        "facts.signature": 1,
        "facts.weekday": 1,
        "facts.year": 1,
        "numbering.gap": 1,
        "personal.identity": 1,
        "personal.mobile": 1,
        "phrases.near-miss": 2,
        "phrases.parts": 1,
        "punctuation.blank": 1,
        "punctuation.document-number": 1,
        "punctuation.doubled": 1,
        "punctuation.ellipsis": 1,
        "punctuation.full-width-letters": 2,
        "punctuation.half-width": 2,
        "punctuation.marks-between": 1,
        "punctuation.straight-quotes": 1,
        "punctuation.unpaired": 1,
        "words.doubled": 2,
        "words.mistakes": 5,
        "words.particles": 1,
    },
    "public-notice.md": {
        "facts.sum": 1,
        "personal.bank-card": 1,
        "personal.birth": 1,
        "personal.home": 1,
        "personal.identity": 1,
        "personal.mail": 1,
        "personal.number": 1,
        "phrases.parts": 1,
        "phrases.wrong": 1,
        "punctuation.ellipsis": 1,
        "words.mistakes": 1,
    },
}


def found(path: Path) -> list[Finding]:
    return list(findings_of(f"content/{path.name}", path.read_bytes(), RULES, VOCABULARY))


@pytest.mark.parametrize("path", sorted((REPORTS / "clean").iterdir()), ids=lambda path: path.stem)
def test_a_clean_report_raises_no_alarm(path: Path) -> None:
    assert [(item.code, item.found) for item in found(path) if item.severity != "info"] == []


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_in_a_report_is_found_and_nothing_else(name: str) -> None:
    assert Counter(item.code for item in found(REPORTS / "faulty" / name)) == PLANTED[name]
