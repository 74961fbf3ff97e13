"""One desk for a site, however many starts there are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk_client import desk_at_work
from newsgen.core.errors import HostError
from newsgen.preview.desk.single_instance import RunningDesk, announced, last_port, one_desk, running
from newsgen.preview.serve import Served
from site_test import SiteTest

LIMIT = 120


def found(root: Path) -> RunningDesk | None:
    """The desk that another start finds."""
    with one_desk(root) as desk:
        return desk


@contextmanager
def told(root: Path, server: Served) -> Iterator[RunningDesk]:
    """A desk that other starts find."""
    desk = RunningDesk(
        f"{server.address}.newsgen/desk/", "127.0.0.1", server.port, os.getpid(), server.preview.session.instance
    )
    with announced(root, desk):
        yield desk


def test_a_second_start_waits_until_the_first_answers(site: SiteTest) -> None:
    with ThreadPoolExecutor() as pool, one_desk(site.root) as other:
        assert other is None
        second = pool.submit(found, site.root)
        with desk_at_work(site.root) as server, told(site.root, server) as desk:
            assert second.result(LIMIT) == desk


def test_a_desk_that_has_ended_is_not_found(site: SiteTest) -> None:
    with desk_at_work(site.root) as server, told(site.root, server):
        left = (site.root / ".newsgen" / "desk.json").read_bytes()
    (site.root / ".newsgen" / "desk.json").write_bytes(left)  # as one that was killed leaves it
    assert found(site.root) is None


def test_a_folder_that_cannot_be_written_is_told(site: SiteTest) -> None:
    (site.root / ".newsgen").write_text("a file", "utf-8")
    with pytest.raises(HostError, match=r"写不了 \.newsgen/desk\.lock"), one_desk(site.root):
        pass


def test_the_next_desk_has_the_port_of_the_last_one(site: SiteTest) -> None:
    assert last_port(site.root) == 8000
    with desk_at_work(site.root) as server, told(site.root, server):
        pass
    assert last_port(site.root) == server.port
    (site.root / ".newsgen" / "desk-port").write_text("nonsense", "utf-8")
    assert last_port(site.root) == 8000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "file:///etc/passwd"),
        ("address", "http://192.0.2.7:{port}/.newsgen/desk/"),
        ("address", "http://127.0.0.1:{port}/elsewhere/"),
        ("address", "http://127.0.0.1:{port}/.newsgen/desk/?token=guessed"),
        ("address", "http://127.0.0.1:1/.newsgen/desk/"),
        ("host", "192.0.2.7"),
    ],
)
def test_a_file_that_came_with_a_site_leads_nowhere(site: SiteTest, field: str, value: str) -> None:
    with desk_at_work(site.root) as server, told(site.root, server):
        path = site.root / ".newsgen" / "desk.json"
        assert found(site.root)
        written = json.loads(path.read_text("utf-8")) | {field: value.format(port=server.port)}
        path.write_text(json.dumps(written), "utf-8")
        assert running(site.root) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_that_others_can_read_is_not_ours(site: SiteTest) -> None:
    with desk_at_work(site.root) as server, told(site.root, server):
        (site.root / ".newsgen" / "desk.json").chmod(0o644)
        assert running(site.root) is None
