"""A line of any length is checked in a time that grows with it: who pastes nonsense keeps nobody's desk waiting."""

from __future__ import annotations

import pytest

from hanging import without_hanging
from newsgen.check.article_check import findings_of
from newsgen.check.rules.registry import RULES
from newsgen.check.vocabulary import Vocabulary
from newsgen.config.site_yaml import checking, read
from site_test import SiteTest

LONG = 100_000
LINES = [
    "[",
    "![",
    "![a](",
    "[a](",
    "](",
    "](((",
    "`a``",
    "[^",
    "{:",
    "<a:",
    "<!--",
    "&a",
    "a@a-",
    "www.",
    "【",
    "“",
    "（",
    "1",
    "|a",
    "> ",
]


@pytest.mark.parametrize("piece", LINES)
def test_a_line_of_nothing_but_marks_is_checked(piece: str, site: SiteTest) -> None:
    text = f"---\ntitle: 题\ndate: 2024-03-13\n---\n\n{piece * (LONG // len(piece))}\n"
    vocabulary = Vocabulary.load(site.root, checking(read(site.root)))
    with without_hanging():
        findings_of("content/meetings/a.md", text.encode(), RULES, vocabulary)


def test_a_long_word_before_an_at_is_looked_at_once(site: SiteTest) -> None:
    text = f"---\ntitle: 题\ndate: 2024-03-13\n---\n\n{'a' * LONG}@\n"
    vocabulary = Vocabulary.load(site.root, checking(read(site.root)))
    with without_hanging():
        findings_of("content/meetings/a.md", text.encode(), RULES, vocabulary)
