"""What one build remembers of files for the next: a stamp answers for bytes only where it can be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsgen.build.cache.state import BuildState
from newsgen.build.cache.store import Store
from newsgen.content.scan import ScannedFile
from newsgen.core.model import Download
from newsgen.core.stamps import UNTRUSTED, read_stamp
from site_test import SiteTest

PATH = "content/meetings/f.docx"
FILE = Download(PATH, "0" * 32, "media/f.docx", 1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path, "one", tmp_path / "site/.newsgen")


def scanned(site: SiteTest) -> ScannedFile:
    """The attachment as a scan finds it now."""
    stamp = read_stamp(site.root / PATH)
    assert stamp is not None
    return ScannedFile(PATH, PATH, stamp)


def test_an_attachment_at_rest_is_known_by_its_stamp(site: SiteTest, store: Store) -> None:
    found = scanned(site.write(PATH, b"a").at_rest())
    state = BuildState(site.root, store)
    state.save_media({PATH: FILE}, {PATH: found}, {})
    assert state.media() == {PATH: (found.stamp, FILE)}


def test_an_attachment_written_since_the_clock_was_read_is_looked_at_again(site: SiteTest, store: Store) -> None:
    state = BuildState(site.write(PATH, b"a").at_rest().root, store)
    found = scanned(site.write(PATH, b"b"))
    state.save_media({PATH: FILE}, {PATH: found}, {})
    assert state.media() == {PATH: (UNTRUSTED, FILE)}
