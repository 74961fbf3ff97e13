"""An article that is at another address than in the site as it was built last is told, unless somebody saw to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgen.cli import run
from site_test import SITE_YAML, SiteTest

OLD = "meetings/2024/0313-a.html"


def vanished(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    run(["check", "-C", str(site.root), "--now", "2024-06-01T08:00", "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [item["message"] for item in found if item["code"] == "site.vanished-address"]


def test_a_file_with_another_name_needs_its_old_address(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/a.md").built()
    assert vanished(site, capsys) == []
    (site.root / "content/meetings/a.md").unlink()
    site.article("meetings/b.md")
    assert vanished(site, capsys) == [f"上次生成的网站里有 {OLD}，现在没有了，别处的链接会打不开"]
    site.article("meetings/b.md", aliases=OLD)
    assert vanished(site, capsys) == []


def test_what_was_taken_down_or_is_over_is_not_missed(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/a.md").article("meetings/b.md", title="另一篇").built()
    site.article("meetings/a.md", draft="是")
    assert run(["withdraw", "content/meetings/b.md", "--why", "写错了", "-C", str(site.root)]) == 0
    assert vanished(site, capsys) == []


def test_a_site_that_was_never_built_has_lost_nothing(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    site.article("meetings/a.md").write("public/a.html", "somebody else's")
    assert vanished(site, capsys) == []


def test_what_readers_have_online_counts_before_what_was_built_since(
    site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A build forgets an address; the release that is online still has it, until the next one."""
    target = f"publish:\n  targets:\n    web: {{kind: folder, http: 否, path: {tmp_path / 'web'}}}\n"
    site.write("site.yaml", SITE_YAML + target).article("meetings/a.md")
    publish = ["publish", "-C", str(site.root), "--now", "2024-06-01T08:00", "--json"]
    assert run(publish) == 0
    (site.root / "content/meetings/a.md").unlink()
    site.article("meetings/b.md").built()
    assert vanished(site, capsys) == [f"线上的网站里有 {OLD}，现在没有了，别处的链接会打不开"]
    assert run([*publish, "--max-delete", "100%"]) == 0
    assert vanished(site, capsys) == []
