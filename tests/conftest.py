"""The ladder of fixtures: an empty project, a site with one section, a built one."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_test import SITE_YAML, SiteTest


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SiteTest:
    """site.yaml and an empty content/."""
    (tmp_path / "site" / "content").mkdir(parents=True)
    return SiteTest(tmp_path / "site", capsys).write("site.yaml", SITE_YAML)


@pytest.fixture
def site(project: SiteTest) -> SiteTest:
    """A project with the section 会议动态."""
    return project.section("meetings", "会议动态")
