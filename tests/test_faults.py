"""What members type, case by case: refused (invalid/), built with a remark (warned/), built in silence (right/).

A case is a folder: `site/` is laid over tests/base/, `message.txt` holds the exact words, `page.txt` names an output and
what must stand in it, a line each. `NEWSGEN_ACCEPT=1 pytest tests/test_faults.py` writes message.txt anew; read it aloud
before you commit it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from newsgen.cli import describe
from newsgen.core.model import Diagnostic
from site_test import Built, SiteTest, tree

HERE = Path(__file__).parent


def cases(kind: str) -> list[Path]:
    """The case folders of one kind."""
    return sorted(path.parent for path in (HERE / kind).glob("*/site"))


def name_of(case: Path) -> str:
    """The case's name in pytest's report."""
    return case.name


def laid_out(case: Path, project: SiteTest) -> SiteTest:
    """The case's site in the project's folder."""
    shutil.copytree(HERE / "base", project.root, dirs_exist_ok=True)
    shutil.copytree(case / "site", project.root, dirs_exist_ok=True)
    return project


def words(built: Built) -> str:
    """The diagnostics as people read them."""
    return "".join(describe(Diagnostic(**found)) + "\n" for found in built.document["diagnostics"])


def assert_said(case: Path, built: Built) -> None:
    """The diagnostics are those of message.txt, to the letter."""
    expected = case / "message.txt"
    if os.environ.get("NEWSGEN_ACCEPT"):
        expected.write_text(words(built), "utf-8")
    assert words(built) == expected.read_text("utf-8")


def assert_page(case: Path, built: Built) -> None:
    """The output named in page.txt holds every line below the first."""
    if (case / "page.txt").exists():
        address, *lines = (case / "page.txt").read_text("utf-8").splitlines()
        assert lines or case.name == "draft-is-left-out", "page.txt says what stands in the page"
        text = built.text(address)
        for line in lines:
            assert line in text


def test_there_are_cases_of_each_kind() -> None:
    assert [len(cases(kind)) > 20 for kind in ("invalid", "warned", "right")] == [True, True, True]


@pytest.mark.parametrize("case", cases("invalid"), ids=name_of)
def test_it_is_refused_with_these_words_and_the_old_site_stays(case: Path, site: SiteTest) -> None:
    site.article("meetings/2023-01-05-before.md").built()
    before = tree(site.root / "public")
    site.remove("content/meetings/2023-01-05-before.md")
    built = laid_out(case, site).build()
    assert built.code == (2 if case.name.startswith("config-") else 1), built.stderr
    assert "Traceback" not in built.stderr
    assert_said(case, built)
    assert tree(site.root / "public") == before


@pytest.mark.parametrize("case", cases("warned"), ids=name_of)
def test_it_is_built_with_this_remark(case: Path, project: SiteTest) -> None:
    built = laid_out(case, project).built()
    assert built.document["diagnostics"], "a case of warned/ says something"
    assert_said(case, built)
    assert_page(case, built)
    assert project.build("--strict").code == 1


@pytest.mark.parametrize("case", cases("right"), ids=name_of)
def test_it_is_built_in_silence(case: Path, project: SiteTest) -> None:
    built = laid_out(case, project).built("--strict")
    assert built.document["diagnostics"] == []
    assert_page(case, built)
