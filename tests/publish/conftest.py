"""What stories of publishing start from: a server for each kind of target, and publishers who soon count as dead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsgen.publish import lock
from publish_helpers import KINDS, Beginnings, Publishing, target_among
from servers import Sshd, both_servers, ground
from site_test import SiteTest


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, Sshd]]:
    """An sshd with a shell and one with SFTP alone; every target has a folder of its own there."""
    with ground() as place, both_servers(place) as both:
        yield both


@pytest.fixture(params=KINDS)
def publishing(
    request: pytest.FixtureRequest,
    servers: dict[str, Sshd],
    site: SiteTest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Publishing:
    """A site with an article that was never published, and a target of each kind."""
    site.article("meetings/a.md", title="第一篇")
    return Publishing(site, target_among(servers, request.param, tmp_path), capsys)


@pytest.fixture(scope="session")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    """What stories begin with, made once."""
    return Beginnings(tmp_path_factory.mktemp("beginnings"))


@pytest.fixture
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent publisher counts as dead after half a second, and one that lives has beaten five times by then."""
    monkeypatch.setattr(lock, "HEARTBEAT", 0.1)
    monkeypatch.setattr(lock, "LEASE", 0.5)
