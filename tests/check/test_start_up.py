"""A build that checks nothing loads nothing of what checks need."""

from __future__ import annotations

import subprocess
import sys

from site_test import SiteTest


def loaded(site: SiteTest, *words: str) -> set[str]:
    """What a command imported, of all that only checks need."""
    names = {"ahocorasick_rs", "pypdfium2", "newsgen.check.article_text", "newsgen.check.rules.registry"}
    program = (
        "import sys\n"
        "from newsgen.cli import run\n"
        f"run({[*words, '-C', str(site.root), '--now', '2024-06-01T08:00']!r})\n"
        f"print('loaded', *sorted({names!r} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_a_build_imports_no_rule_and_no_library_of_theirs(site: SiteTest) -> None:
    site.article("meetings/a.md")
    assert loaded(site, "build") == set()


def test_a_check_of_texts_needs_no_reader_of_pdfs(site: SiteTest) -> None:
    site.article("meetings/a.md")
    assert loaded(site, "check") == {"ahocorasick_rs", "newsgen.check.article_text", "newsgen.check.rules.registry"}
