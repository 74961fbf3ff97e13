"""docs/checking.md tells of every rule what the registry and the labelled sentences say."""

from __future__ import annotations

import os
from pathlib import Path

from test_sentences import TEXT_RULES, measured

from newsgen.check.rule_reference import rule_reference
from newsgen.check.rules.registry import RULES

PAGE = Path(__file__).parents[2] / "docs/checking.md"


def test_the_page_on_the_rules_is_what_the_registry_and_the_sentences_say() -> None:
    text = rule_reference({rule.code: measured(rule.code) for rule in TEXT_RULES})
    if "NEWSGEN_ACCEPT" in os.environ:
        PAGE.write_text(text, "utf-8")
    assert PAGE.read_text("utf-8") == text
    assert all(f"`{rule.code}`" in text for rule in RULES)
