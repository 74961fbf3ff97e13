"""The sample site of this repository, built once: valid, whole, and with nothing in it that could run."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsgen.cli import run
from site_checks import broken_links, executable, feed_problems, inline_styles, nu_errors, sitemap_problems

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("html")]

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of this repository's own site."""
    out = tmp_path_factory.mktemp("sample") / "public"
    assert run(["build", "-C", str(ROOT), "-o", str(out), "--now", "2024-06-01T08:00"]) == 0
    return out


@pytest.fixture(scope="module")
def address() -> str:
    """`url` of site.yaml."""
    lines = (ROOT / "site.yaml").read_text("utf-8").splitlines()
    return next(line.split()[1] for line in lines if line.startswith("url:"))


def test_every_page_is_valid_html(sample: Path) -> None:
    assert nu_errors(sample) == []


def test_every_link_image_and_anchor_is_there(sample: Path, address: str) -> None:
    assert broken_links(sample, address) == []


def test_nothing_could_run_but_our_own_scripts(sample: Path) -> None:
    assert executable(sample) == []


def test_a_strict_content_security_policy_is_possible(sample: Path) -> None:
    assert inline_styles(sample) == []


def test_every_feed_is_sound(sample: Path) -> None:
    feeds = sorted(sample.rglob("feed.xml"))
    assert len(feeds) > 1
    assert {feed.relative_to(sample).as_posix(): faults for feed in feeds if (faults := feed_problems(feed))} == {}


def test_every_sitemap_follows_the_schema(sample: Path) -> None:
    maps = sorted(sample.rglob("sitemap*.xml"))
    assert sample / "sitemap.xml" in maps
    assert {path.name: faults for path in maps if (faults := sitemap_problems(path))} == {}
