"""Golden trees: what the outputs that machines read look like, to the byte.

A case is golden/<feature>/{site,expected}: every file of expected/ equals the output of that name, and `addresses.txt`
lists all outputs (hashed names left out). `NEWSGEN_ACCEPT=1 pytest tests/test_golden.py` writes both anew: look at the
difference before you commit it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from site_test import SiteTest, tree

CASES = sorted(path for path in (Path(__file__).parent / "golden").iterdir())


def test_there_are_golden_sites() -> None:
    assert len(CASES) > 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_outputs_are_these(case: Path, project: SiteTest) -> None:
    shutil.copytree(case / "site", project.root, dirs_exist_ok=True)
    built = project.built()
    listing = case / "addresses.txt"
    addresses = "".join(f"{name}\n" for name in sorted(built.addresses()) if not name.startswith("assets/"))
    if os.environ.get("NEWSGEN_ACCEPT"):
        listing.write_text(addresses, "utf-8")
        for name in tree(case / "expected"):
            (case / "expected" / name).write_bytes((built.out / name).read_bytes())
    assert addresses == listing.read_text("utf-8")
    expected = tree(case / "expected")
    assert expected, "a case holds at least one expected file"
    for name, data in expected.items():
        assert (built.out / name).read_bytes().decode() == data.decode(), name
