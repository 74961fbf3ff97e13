"""New reports of the desk: names that can be opened, and nothing half-written."""

from __future__ import annotations

import errno
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from newsgen.core.errors import HostError
from newsgen.core.model import SHANGHAI
from newsgen.preview.desk.new_report import NewReport, write_new
from newsgen.preview.desk.open_report import open_report
from site_test import SiteTest

NOW = datetime(2024, 6, 1, 8, tzinfo=SHANGHAI)


@pytest.mark.parametrize("name", ["_about", "~x", "con", "__~..", "关于我们", "index", "_INDEX"])
@pytest.mark.parametrize("kind", ["page", "news"])
def test_whatever_a_new_report_is_called_it_can_be_opened(site: SiteTest, name: str, kind: str) -> None:
    path = write_new(site.root, NewReport(kind, "meetings", "关于", name), NOW)
    assert open_report(site.root, path).fields["title"] == "关于"
    assert site.section("meetings", "会议动态").build().code == 0


def test_a_full_disk_leaves_nothing_in_the_way_of_another_try(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    new = NewReport("news", "meetings", "会议")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(HostError) as told:
            write_new(site.root, new, NOW)
    assert told.value.diagnostics[0].code == "desk.full"
    assert open_report(site.root, write_new(site.root, new, NOW))
