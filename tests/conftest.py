"""The ladder of fixtures: an empty project, a site with one section, a built one; and what makes stories of many builds quick."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from newsgen.core.defaults import defaults
from signed_site import SignedSite
from site_test import SITE_YAML, SiteTest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from loop_clock import LoopClock

# The same examples every time, so that a run says something about a change; NEWSGEN_RANDOM=1 looks for new ones.
# How fast the machine is decides no test.
_PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, database=None, **_PATIENT)
settings.register_profile("random", **_PATIENT)
settings.load_profile("random" if "NEWSGEN_RANDOM" in os.environ else "steady")


FIRST = ("test_publish_large.py", "test_incremental.py")
"""Files with tests that take minutes: no process shall be alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: item.path.name not in FIRST)


def pytest_collection() -> None:
    """Look through no garbage while thousands of tests are found, which all stay: that takes a quarter of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay to the end: no collection of garbage looks through them again."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SiteTest:
    """site.yaml and an empty content/."""
    (tmp_path / "site" / "content").mkdir(parents=True)
    return SiteTest(tmp_path / "site", capsys).write("site.yaml", SITE_YAML)


@pytest.fixture
def site(project: SiteTest) -> SiteTest:
    """A project with the section 会议动态."""
    return project.section("meetings", "会议动态")


@pytest.fixture
def signed_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SignedSite:
    """An approved article with a photo and an attachment."""
    site = SignedSite(tmp_path / "site", capsys)
    site.section("meetings", "会议动态").section("notices", "通知公告")
    return site.asks().with_article().approved()


@pytest.fixture
def small_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, feeds, sitemaps and lots so short that a few articles fill them; workers for the smallest site."""
    monkeypatch.setattr("newsgen.core.urls.LIST_SIZE", 2)
    monkeypatch.setattr("newsgen.pages.feeds.FEED_LENGTH", 3)
    monkeypatch.setattr("newsgen.pages.feeds.SITEMAP_LENGTH", 3)
    monkeypatch.setattr("newsgen.build.cache.state.LOT", 3)
    monkeypatch.setattr("newsgen.build.workers.ENOUGH", 1)
    monkeypatch.setattr("newsgen.build.workers.BATCH", 2)


TELLING = {
    "partials/page.html": "{{ site }}\n{{ page }}\n{{ root }}\n{{ site.asset('style.css') }}\n",
    **{f"{name}.html": "{% include 'partials/page.html' %}{{ list }}" for name in ("section", "tag", "archive")},
    **{f"{name}.html": "{% include 'partials/page.html' %}{{ article }}" for name in ("article", "page")},
    "home.html": "{% include 'partials/page.html' %}{{ home }}",
    "404.html": "{% include 'partials/page.html' %}",
    "feed.xml": "{{ feed }}",
    "sitemap.xml": "{{ sitemap }}",
}


@pytest.fixture(scope="session")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of TELLING."""
    folder = tmp_path_factory.mktemp("defaults")
    for name, text in TELLING.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def verbose_templates(monkeypatch: pytest.MonkeyPatch, telling: Path) -> None:
    """Default templates that show the whole view, so that nothing can change unseen; and that are quick to compile."""
    from newsgen.render import theme  # brings Jinja2 with it

    folders, compiled = {"templates": telling, "theme": defaults("theme")}, telling.with_name("telling.bin")
    monkeypatch.setattr("newsgen.render.theme.defaults", folders.__getitem__)
    monkeypatch.setattr("newsgen.render.precompiled.PLACE", compiled)  # else they would take the place of the real ones
    if not compiled.exists():
        theme.compile_defaults()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all stories of a file: while it runs, no other event loop can."""
    from browser import chromium  # takes a quarter of a second, which most tests do not need

    with chromium() as found:
        yield found


@pytest.fixture
def loop_clock(monkeypatch: pytest.MonkeyPatch) -> LoopClock:
    """The clock of the server that begins after it."""
    from loop_clock import LoopClock  # brings the server with it

    clock = LoopClock()
    monkeypatch.setattr("newsgen.preview.serve.new_event_loop", clock.new_event_loop)
    return clock
