"""build/output/manifest.py: which names are written, which paths are believed, and what must go before anything is moved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgen.build.output.manifest import (
    MANIFEST,
    STAGING,
    Journal,
    ManifestEntry,
    folders_of,
    is_portable,
    read_manifest,
    read_with_digest,
    write_manifest,
)
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import UsageError


@pytest.mark.parametrize(
    "name", ["a.html", "0313-a.html", "_a", "a b.pdf", "党建.pdf", "a" * 255, "党" * 85, "a-", ".htaccess"]
)
def test_a_name_that_every_system_can_have_is_written(name: str) -> None:
    assert is_portable(name)


@pytest.mark.parametrize(
    "name",
    ["", ".", "a.", "a ", "党.", "a/b", "a\\b", "a:b", "党?", "a*", 'a"', "a<", "a|", "a\x07", "党\u202e", "con", "Nul.html",
     "a" * 256, "党" * 86],
)  # fmt: skip
def test_no_other_name_is(name: str) -> None:
    assert not is_portable(name)


def test_a_path_lies_in_folders_the_innermost_first() -> None:
    assert list(folders_of("a/b/c.html")) == ["a/b", "a"]
    assert list(folders_of("c.html")) == []


@pytest.mark.parametrize(
    ("moves", "deletes", "first"),
    [
        (["a.html"], ["b.html"], []),
        (["a.html"], ["A.html"], ["A.html"]),  # the case of a name changes
        (["a/b.html"], ["a"], ["a"]),  # a file becomes a folder
        (["A/b.html"], ["a"], ["a"]),
        (["a"], ["a/b.html", "c.html"], ["a/b.html"]),  # a folder becomes a file
        (["a"], ["A/x/b.html"], ["A/x/b.html"]),
        (["a/b.html"], ["a/c.html"], []),
        (["a.html"], [], []),
    ],
)
def test_what_is_in_the_way_goes_before_anything_is_moved(
    moves: list[str], deletes: list[str], first: list[str]
) -> None:
    assert list(Journal("new-0", tuple(moves), tuple(deletes), {}).blocking_paths()) == first


def test_a_manifest_is_read_as_it_was_written_with_the_name_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / STAGING).mkdir()
    written = {"b.html": ManifestEntry("1", "2"), "a/党.pdf": ManifestEntry("3", "4")}
    digest = write_manifest(tmp_path, written)
    assert digest == digest_bytes((tmp_path / MANIFEST).read_bytes())
    assert read_with_digest(tmp_path, "public") == (written, digest)
    assert list(json.loads((tmp_path / MANIFEST).read_bytes())["outputs"]) == ["a/党.pdf", "b.html"]
    assert read_with_digest(tmp_path / "new", "public") == ({}, "")


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../a",
        "a/../../b",
        "a\\b",
        "c:a",
        "a\x07",
        "",
        ".",
        ".newsgen.json",
        ".newsgen-staging/lock",
        "a/..",
    ],
)
def test_a_path_that_leads_out_of_the_folder_or_to_our_own_files_is_not_believed(tmp_path: Path, path: str) -> None:
    stored = {"format": 1, "outputs": {"index.html": ["1", "2"], path: ["1", "2"]}}
    (tmp_path / MANIFEST).write_text(json.dumps(stored), "utf-8")
    with pytest.raises(UsageError, match="里面有不能用的文件名"):
        read_manifest(tmp_path, "public")


def test_a_manifest_of_another_format_is_told(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"format": 2, "outputs": {}}', "utf-8")
    with pytest.raises(UsageError, match="清单坏了"):
        read_manifest(tmp_path, "public")
