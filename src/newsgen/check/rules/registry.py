"""The registry of rules, by which `check`, the preview, the desk and the inspection report judge articles."""

from __future__ import annotations

from newsgen.check.rule import Rule
from newsgen.check.rules import (
    facts,
    files,
    links,
    numbering,
    personal_data,
    phrases,
    pictures,
    punctuation,
    repeats,
    reviews,
    site,
    titles,
    words,
)

RULES: tuple[Rule, ...] = (
    *punctuation.RULES,
    *numbering.RULES,
    *words.RULES,
    *phrases.RULES,
    *facts.RULES,
    *titles.RULES,
    *repeats.RULES,
    *personal_data.RULES,
    *pictures.RULES,
    *files.RULES,
    *links.RULES,
    *site.RULES,
    *reviews.RULES,
)
BY_CODE = {rule.code: rule for rule in RULES}
