"""content/: what is found, what is left alone, and files that no editor should have written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest

from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.content.load import parse_changed
from newsgen.content.scan import scan
from newsgen.core.model import Markdown
from newsgen.core.variants import name_of_picture
from site_test import Built, SiteTest, photo

Form = Literal["NFC", "NFD"]
HEAD = "---\ntitle: 党委会议\ndate: 2024-03-13\n---\n\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HEAD.encode("utf-16"), "file.encoding"),
        (HEAD.encode("utf-16-le"), "file.encoding"),
        (b"PK\x03\x04\x14\x00\x06\x00", "file.binary"),
        (b"%PDF-1.7\n\xff\x00", "file.binary"),
        (HEAD.encode() + b"a\x00b", "file.binary"),
        (b"", "file.empty"),
        (b"\n \n", "file.empty"),
        (HEAD.encode() + "长".encode() * 200_000, "file.long-line"),
        (HEAD.encode() + "长。\n".encode() * 700_000, "file.too-large"),
        (HEAD.encode() + b"x" * 5_000_000, "file.too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_text_is_told_and_not_read_as_one(site: SiteTest, data: bytes, code: str) -> None:
    built = site.write("content/meetings/a.md", data).build()
    assert built.code == 1
    assert built.said("error") == [f"{code} content/meetings/a.md:{built.document['diagnostics'][0]['line']}"]


@pytest.mark.long
@pytest.mark.parametrize(
    "body", ["[" * 60_000, "*" * 60_000, ">" * 60_000, "<" * 60_000, "`" * 60_001, "![](" * 20_000, "- " * 40_000]
)
def test_a_text_made_to_be_slow_ends_in_seconds(site: SiteTest, body: str) -> None:
    site.write("content/meetings/a.md", HEAD + body)
    command = [sys.executable, "-m", "newsgen", "build", "-C", str(site.root)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr


def test_a_ring_of_folders_is_told(site: SiteTest) -> None:
    (site.root / "content" / "meetings" / "again").symlink_to(site.root / "content")
    built = site.build()
    assert built.code == 1
    assert built.said() == ["content.loop content/meetings/again:1"]


def test_a_link_out_of_the_site_is_not_followed(site: SiteTest, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(HEAD + "机密", "utf-8")
    (site.root / "content" / "meetings" / "a.md").symlink_to(tmp_path / "secret.md")
    built = site.build()
    assert built.said() == ["content.outside content/meetings/a.md:1"]


def test_a_link_inside_the_site_is_followed(site: SiteTest) -> None:
    site.article("meetings/2024-03-13-a.md").section("notices", "通知公告")
    (site.root / "content" / "notices" / "2024-03-13-a.md").symlink_to(
        site.root / "content" / "meetings" / "2024-03-13-a.md"
    )
    assert "notices/2024/0313-a.html" in site.built().addresses()


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to read everything, where the tests have it."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_without_permission_is_told() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        (folder / "content" / "meetings").mkdir(parents=True)
        folder.chmod(0o755)
        (folder / "content" / "meetings" / "a.md").write_text(HEAD, "utf-8")
        (folder / "content" / "meetings" / "a.md").chmod(0)
        with as_nobody():
            library = DocumentCache(folder, Markdown(), Store(folder, "none"))
            found = parse_changed(folder, scan(folder), {}, Markdown(), partial(map, library.read))
    assert [(item.code, item.path) for item in found.diagnostics] == [("file.unreadable", "content/meetings/a.md")]


def test_editors_leftovers_and_hidden_files_are_no_content(site: SiteTest) -> None:
    for name in [".a.md.swp", "~$report.docx", "_draft.md", ".git/x.md", "a.md.tmp", "4913", "_old/b.md"]:
        site.write(f"content/meetings/{name}", "no front matter")
    assert site.built().document["diagnostics"] == []


def test_names_from_macos_and_windows_are_the_same_file(site: SiteTest) -> None:
    site.write("content/meetings/cafe\u0301.md", HEAD.replace("date", "slug: a\ndate") + "正文。\n")
    site.article("meetings/b.md", "见[文](caf\u00e9.md)。\n")
    assert site.built().document["diagnostics"] == []


def media(built: Built) -> set[str]:
    """The published photos, whatever their widths, and other files."""
    return {name_of_picture(name) for name in built.addresses() if name.startswith("media/")}


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("named", ["NFC", "NFD"])
def test_photos_and_attachments_named_by_macos_are_published(site: SiteTest, named: Form, typed: Form) -> None:
    photos = [f"{folder}{stem}.jpg" for folder in ("", "プログラム/") for stem in ("café", "が", "한국")]
    for number, name in enumerate([*photos, "ページ.pdf"]):
        site.write(f"content/meetings/{normalize(named, name)}", photo() + b"%d" % number)
    body = "".join(f"![会场]({normalize(typed, name)})\n\n" for name in photos)
    site.article("meetings/a.md", body, attachments=normalize(typed, "ページ.pdf"), cover=normalize(typed, photos[0]))
    built = site.built("--strict")
    assert len(media(built)) == len(photos) + 1


def test_a_photo_is_found_in_that_of_two_folders_of_one_name_which_holds_it(site: SiteTest) -> None:
    forms: tuple[tuple[Form, str], ...] = (("NFC", "一.jpg"), ("NFD", "二.jpg"))
    for form, name in forms:
        site.write(f"content/meetings/{normalize(form, 'が')}/{name}", photo() + name.encode())
    site.article("meetings/a.md", "![会场](が/一.jpg)\n\n![会场](が/二.jpg)\n")
    assert len(media(site.built("--strict"))) == 2


def test_no_content_folder_is_told(site: SiteTest) -> None:
    shutil.rmtree(site.root / "content")
    assert site.build().said() == ["content.missing content:1"]
