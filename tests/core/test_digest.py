"""core/digest.py: names of values and files, and of the libraries that make bytes of them."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

from newsgen.core.digest import (
    LIBRARIES,
    digest,
    digest_bytes,
    digest_document,
    digest_texts,
    digest_with_sets,
    fingerprint_with_body,
    library_versions,
)
from newsgen.core.model import Markdown

SETTINGS = Markdown()


def test_every_name_has_32_hexadecimal_digits_and_another_value_another_name() -> None:
    names = [
        digest("a", 1),
        digest("a1"),
        digest(("a", 1)),
        digest_texts(("a", "b")),
        digest_texts(("ab",)),
        fingerprint_with_body("a", "c"),
        digest_bytes(b"a"),
        digest_document(b"a", SETTINGS, is_section=False),
        digest_document(b"a", SETTINGS, is_section=True),
        digest_document(b"a", Markdown("standard"), is_section=False),
    ]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in names)


def test_a_set_has_one_name_in_whatever_order_it_was_filled() -> None:
    words = [f"词{number}" for number in range(100)]
    assert digest_with_sets(frozenset(words)) == digest_with_sets(frozenset(reversed(words)))


def test_versions_are_those_that_the_packages_themselves_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {name: importlib.metadata.version(name) for name in LIBRARIES}
    assert library_versions(LIBRARIES) == told
    monkeypatch.setattr("os.listdir", lambda _: [])  # as in a zip file
    assert library_versions(LIBRARIES) == told


def test_the_first_package_on_the_path_counts_in_any_spelling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a/Some.Name-1.0.dist-info", "b/some_name-2.0.dist-info", "b/other-3.0.dist-info", "a/other-4.0.egg"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "nowhere"), str(tmp_path / "a"), str(tmp_path / "b")])
    assert library_versions(("some-name", "other")) == {"some-name": "1.0", "other": "3.0"}
