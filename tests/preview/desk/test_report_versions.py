"""The version of an open report: what every window asks for after each change of the site."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk_client import Client, desk_served
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import UsageError
from newsgen.core.files import read_file
from newsgen.preview.desk.report_versions import ReportVersions
from site_test import SiteTest

A = "content/meetings/a.md"


class Work:
    """What is listed and read: entries of folders, and bytes of files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folders = self.read = 0
        scandir, listdir = os.scandir, os.listdir

        def counted_scan(*place: Any) -> Any:
            self.folders += 1
            return scandir(*place)

        def counted_list(*place: Any) -> Any:
            self.folders += 1
            return listdir(*place)

        def counted_read(file: Path, most: int) -> bytes:
            data = read_file(file, most)
            self.read += len(data)
            return data

        monkeypatch.setattr(os, "scandir", counted_scan)
        monkeypatch.setattr(os, "listdir", counted_list)
        monkeypatch.setattr("newsgen.preview.desk.open_report.read_file", counted_read)


@pytest.fixture
def large(site: SiteTest) -> SiteTest:
    """A site with many reports in one folder."""
    for number in range(50):
        site.article(f"meetings/{number}.md")
    return site.article("meetings/a.md", "正文。\n")


def test_to_ask_again_costs_one_files_bytes_however_many_reports_lie_beside_it(
    large: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = ReportVersions(large.root)
    versions.of(A)
    large.article("meetings/a.md", "正文，改过了。\n")
    work, data = Work(monkeypatch), (large.root / A).read_bytes()
    assert versions.of(A) == digest_bytes(data)
    assert (work.folders, work.read) == (0, len(data))


@pytest.fixture
def desk(large: SiteTest) -> Iterator[Client]:
    with desk_served(large.root) as client:
        yield client


def test_the_version_is_that_of_the_report_and_follows_what_others_write(large: SiteTest, desk: Client) -> None:
    for _ in range(2):
        assert desk.get("report/version", path=A)["version"] == desk.get("report", path=A)["version"]
    large.article("meetings/a.md", "别的程序写的。\n")
    assert desk.get("report/version", path=A)["version"] == digest_bytes((large.root / A).read_bytes())
    (large.root / A).unlink()
    found = desk.call("GET", "report/version", None, None, path=A)
    assert (found.status, found.json["message"]) == (404, "这一篇的文件不在了")
    large.article("meetings/a.md")
    assert desk.call("GET", "report/version", None, None, path=A).status == 200


def test_what_takes_the_place_of_a_report_that_was_asked_for_before_is_judged_anew(
    large: SiteTest, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("秘密", "utf-8")
    versions = ReportVersions(large.root)
    versions.of(A)
    (large.root / A).unlink()
    (large.root / A).symlink_to(tmp_path / "secret.md")
    with pytest.raises(UsageError, match="快捷方式"):
        versions.of(A)
    (large.root / A).unlink()
    large.article("meetings/a.md")
    versions.of(A)
    (large.root / "content/meetings").rename(tmp_path / "elsewhere")
    (large.root / "content/meetings").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="快捷方式"):
        versions.of(A)


def test_what_is_remembered_has_a_limit(large: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgen.preview.desk.report_versions.MOST_KNOWN", 10)
    versions = ReportVersions(large.root)
    for number in range(50):
        versions.of(f"content/meetings/{number}.md")
    assert len(versions._known) <= 10
