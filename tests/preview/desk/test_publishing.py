"""发布 at the keeper's desk: the dry run, the real one into a folder, one at a time, and its end with the desk."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk_client import Client, desk_at_work, own_client
from newsgen.preview.desk import publish_process as module
from newsgen.preview.desk.publish_process import PublishRuns
from newsgen.preview.serve import Served
from running import LIMIT
from site_test import SITE_YAML, SiteTest

TARGET = "publish:\n  targets:\n    live: {{kind: folder, path: {}, http: no}}\n"


@pytest.fixture
def server(site: SiteTest) -> Iterator[Served]:
    """The desk of a keeper whose site has a target."""
    live = site.root.parent / "live"
    live.mkdir()
    site.write("site.yaml", SITE_YAML + TARGET.format(live)).article("meetings/a.md")
    with desk_at_work(site.root) as running:
        yield running


def ended(client: Client) -> dict[str, Any]:
    """The state of the run under way, once it has ended."""
    end = time.monotonic() + 4 * LIMIT
    while (found := client.call("GET", "publish").json)["state"] == "running":
        assert time.monotonic() < end, found
    return dict(found)


def test_a_dry_run_changes_nothing_and_the_real_one_publishes(server: Served, site: SiteTest) -> None:
    client, live = own_client(server), site.root.parent / "live"
    assert client.call("GET", "site").json["has_targets"] is True
    found = client.call("GET", "publish").json
    assert (found["state"], found["targets"]) == ("idle", ["live"])
    assert client.call("POST", "publish", {"dry_run": True}).json["state"] == "running"
    tried = ended(client)
    assert (tried["state"], tried["result"]["dry_run"], tried["result"]["published"]) == ("done", True, False), tried
    assert "meetings/2024/0313-a.html" in tried["result"]["added"]
    assert list(live.iterdir()) == []
    client.call("POST", "publish", {"dry_run": False, "target": "live"})
    done = ended(client)
    assert (done["state"], done["result"]["published"]) == ("done", True), done
    assert list(live.rglob("0313-a.html"))


def test_a_site_with_an_error_is_not_published_and_says_why(server: Served, site: SiteTest) -> None:
    client = own_client(server)
    site.article("meetings/b.md", date="没有的日子")
    client.call("POST", "publish", {"dry_run": False})
    found = ended(client)
    assert found["state"] == "failed"
    assert any("content/meetings/b.md" in line for line in found["lines"])


def test_one_at_a_time_and_only_targets_of_the_site(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    client = own_client(server)
    monkeypatch.setattr(module, "_COMMAND", (sys.executable, "-c", "import signal; signal.pause()"))
    assert client.call("POST", "publish", {"dry_run": True}).status == 200
    busy = client.call("POST", "publish", {"dry_run": True})
    assert (busy.status, busy.json["error"]) == (409, "busy")
    for name in ("--again", "别的", "../x"):
        assert client.call("POST", "publish", {"dry_run": True, "target": name}).status == 422


def test_the_end_of_the_desk_ends_a_run(site: SiteTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mark = tmp_path / "ended"
    code = (
        "import signal, sys, time, pathlib\n"
        "def over(*_): pathlib.Path(sys.argv[1]).touch(); sys.exit(2)\n"
        "signal.signal(signal.SIGINT, over); print('ready', file=sys.stderr, flush=True); signal.pause()\n"
    )
    monkeypatch.setattr(module, "_COMMAND", (sys.executable, "-c", code, str(mark)))
    publish_runs = PublishRuns(site.root)
    assert publish_runs.start("", dry_run=True, who="任海松")
    end = time.monotonic() + LIMIT
    while "ready" not in publish_runs.run.lines:
        assert time.monotonic() < end
    publish_runs.stop()
    assert mark.exists(), "it was asked to end, not killed"
    assert publish_runs.run.state == "failed"


def test_the_window_that_is_closed_ends_no_run_by_itself(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its signal goes to all that the terminal holds together; the desk interrupts the run, and waits for it."""
    code = "import os, sys; print(os.getsid(0), os.getpgid(0), file=sys.stderr)"
    monkeypatch.setattr(module, "_COMMAND", (sys.executable, "-c", code))
    publish_runs = PublishRuns(site.root)
    assert publish_runs.start("", dry_run=True, who="任海松")
    end = time.monotonic() + LIMIT
    while publish_runs.run.state == "running" or not publish_runs.run.lines:
        assert time.monotonic() < end
    session, group = map(int, publish_runs.run.lines[0].split())
    assert session == group
    assert group != os.getpgid(0)


def test_no_module_of_the_sites_folder_is_run(server: Served, site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.root / "newsgen.py").write_text("import pathlib; pathlib.Path('pwned').touch()\n")
    (site.root / "json.py").write_text("import pathlib; pathlib.Path('pwned').touch()\n")
    monkeypatch.chdir(site.root)
    client = own_client(server)
    client.call("POST", "publish", {"dry_run": True})
    assert ended(client)["state"] == "done"
    assert not (site.root / "pwned").exists()
