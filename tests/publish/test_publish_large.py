"""A large site: what travels for one edit is in proportion to the edit. Bytes are counted on the wire, not time.

`NEWSGEN_REPORTS=10000` takes more reports than `make test` has time for.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flaky_network import RULES, through_a_wire
from publish_helpers import FAR, Publishing, target_on
from servers import Sshd
from site_test import SITE_YAML, SiteTest

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("large")]

REPORTS = int(os.environ.get("NEWSGEN_REPORTS", "3000"))
TEXT = "管理学院党委召开工作会议，研究部署下一阶段工作。会议强调要落实责任，推进党建与业务融合。\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's folder, for all kinds of target one after another."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "content" / "meetings").mkdir(parents=True)
    return folder


@pytest.fixture
def large(root: Path, capsys: pytest.CaptureFixture[str]) -> SiteTest:
    site = SiteTest(root, capsys).write("site.yaml", SITE_YAML)
    if not (root / "content" / "meetings" / "_index.md").exists():
        site.section("meetings", "会议动态")
        for number in range(REPORTS):
            day = f"{2015 + number % 9}-{number // 9 % 12 + 1:02d}-{number // 108 % 28 + 1:02d}"
            site.article(f"meetings/{number}.md", TEXT * 3, title=f"第{number}次会议", date=day, summary="摘要")
    return site


def edit(published: Publishing, number: int) -> None:
    text = f"{TEXT * 3}{published.target.kind}改 {number}。\n"
    published.site.article("meetings/77.md", text, title="第77次会议", date="2020-09-01", summary="摘要")


BOUND = 150_000
"""Bytes, both ways together, with the ssh handshake and all that is read back."""


@pytest.mark.parametrize("kind", FAR)
def test_one_edit_among_thousands_travels_alone(
    large: SiteTest, servers: dict[str, Sshd], tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    server = servers[kind.removesuffix("-flat")]
    published = Publishing(large, target_on(server, kind, tmp_path), capsys)
    published.settings(RULES)
    # Over SFTP the first releases of a folder name every file that is linked; later an old one is used again.
    releases = 3 if kind == "sftp" else 1
    for number in range(releases):
        edit(published, number)
        published.published()
    edit(published, releases)
    with through_a_wire(published, server) as wire:
        done = published.published()
    assert done.document["changed"] == ["meetings/2020/0901-77.html"]
    assert wire.sent + wire.received < BOUND < sum(map(len, published.built().values())) / 100
    assert published.target.served() == published.built()
