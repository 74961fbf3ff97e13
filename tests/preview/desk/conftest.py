"""The Chromium of the desk's stories; and passwords that are soon hashed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from browser import LIMIT


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window of its own: no memory of other stories."""
    made = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    made.set_default_timeout(LIMIT * 1000)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cheap scrypt: what a guess costs is for the stories marked `real_hashes`."""
    if "real_hashes" not in request.keywords:
        monkeypatch.setattr("newsgen.preview.desk.passwords._N", 2**10)
