"""交稿: what the ZIP of a report holds, under which name, and that its bytes say nothing of the machine."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime

import pytest

from newsgen import __version__
from newsgen.authoring import hand_in as module
from newsgen.authoring.hand_in import HandIn, hand_in
from newsgen.core.errors import UsageError
from newsgen.core.model import SHANGHAI
from site_test import SiteTest, photo

NOW = datetime(2024, 6, 1, 8, 0, tzinfo=SHANGHAI)
REPORT = "content/meetings/2024-03-13-会议/index.md"
BODY = "正文第一句。\n\n![会场](1.jpg)\n"


def with_report(site: SiteTest, body: str = BODY, **matter: str) -> SiteTest:
    keys = {"title": "工作会议", "author": "王芳", **matter}
    return site.article(REPORT.removeprefix("content/"), body, **keys).write(
        REPORT.replace("index.md", "1.jpg"), photo()
    )


def handed(site: SiteTest, path: str = REPORT) -> HandIn:
    return hand_in(site.root, path, "王芳", NOW)


def files(given: HandIn) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(given.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def listed(given: HandIn) -> dict[str, object]:
    found: dict[str, object] = json.loads(files(given)["2024-03-13-会议/_交稿/交稿单.json"])
    return found


def test_a_report_becomes_one_zip_with_its_folder_and_what_the_check_says(site: SiteTest) -> None:
    given = handed(with_report(site).write(REPORT.replace("index.md", "未用到.pdf"), b"%PDF-1.4"))
    assert given.name == "20240313-王芳-工作会议.zip"
    assert set(files(given)) == {
        "2024-03-13-会议/index.md",
        "2024-03-13-会议/1.jpg",
        "2024-03-13-会议/未用到.pdf",
        "2024-03-13-会议/_交稿/交稿单.json",
        "2024-03-13-会议/_交稿/检查结果.html",
        "2024-03-13-会议/_交稿/检查结果.json",
    }
    assert files(given)["2024-03-13-会议/index.md"] == (site.root / REPORT).read_bytes()


def test_the_list_says_who_when_by_which_newsgen_and_the_digest_of_each_file(site: SiteTest) -> None:
    found = listed(handed(with_report(site)))
    assert {key: found[key] for key in ("who", "when", "newsgen", "section", "section_title", "path", "title")} == {
        "who": "王芳",
        "when": "2024-06-01T08:00+08:00",
        "newsgen": __version__,
        "section": "meetings",
        "section_title": "会议动态",
        "path": REPORT,
        "title": "工作会议",
    }
    data = photo()
    entry = {"name": "1.jpg", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert entry in list(found["files"])  # type: ignore[call-overload]  # a list of dictionaries


def test_the_same_report_gives_the_same_bytes(site: SiteTest) -> None:
    first = handed(with_report(site))
    with_report(site)  # written anew: other times, the same contents
    assert handed(site).data == first.data


def test_what_the_check_says_goes_along_for_people_and_for_programs(site: SiteTest) -> None:
    given = handed(with_report(site, "电话：13812345678，<b>联系</b>我们。\n"))
    page = files(given)["2024-03-13-会议/_交稿/检查结果.html"].decode()
    document = json.loads(files(given)["2024-03-13-会议/_交稿/检查结果.json"])
    assert [item.code for item in given.findings] == [item["code"] for item in document["findings"]]
    assert any(code.startswith("personal.") for code in (item.code for item in given.findings))
    assert given.findings[0].message.split("<")[0] in page
    assert (listed(given)["errors"], listed(given)["warnings"]) != (0, 0)


def test_the_page_of_findings_runs_nothing_that_an_author_typed(site: SiteTest) -> None:
    given = handed(with_report(site, title='"<script>alert(1)</script>"'))
    page = files(given)["2024-03-13-会议/_交稿/检查结果.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_report_without_a_folder_takes_along_the_files_that_it_names_and_no_others(site: SiteTest) -> None:
    site.write("content/meetings/p.jpg", photo()).write("content/meetings/别人的.jpg", photo())
    site.article("meetings/a.md", "![图](p.jpg)\n")
    assert {name for name in files(handed(site, "content/meetings/a.md")) if "_交稿" not in name} == {
        "a/a.md",
        "a/p.jpg",
    }


def test_a_file_that_lies_elsewhere_is_carried_apart_and_told(site: SiteTest) -> None:
    site.write("content/meetings/校徽.png", photo())
    given = handed(with_report(site, "![校徽](/meetings/校徽.png)\n"))
    assert "2024-03-13-会议/_交稿/别处的文件/content/meetings/校徽.png" in files(given)
    assert "校徽.png 不在这一篇的文件夹里" in given.remarks[0]


def test_a_photo_that_is_not_there_is_told(site: SiteTest) -> None:
    body = "![a](1.jpg)\n\n![b](2.jpg)\n\n![c](https://x.example/3.jpg)\n\n【图1】\n\n[网页](4.html)\n"
    assert handed(with_report(site, body, attachments="表.docx")).remarks == (
        "正文用到的 2.jpg 找不到，不在压缩包里",
        "正文用到的 表.docx 找不到，不在压缩包里",
    )


def test_a_file_that_may_not_be_published_is_left_out_and_told(site: SiteTest) -> None:
    given = handed(with_report(site).write(REPORT.replace("index.md", "原稿.exe"), b"MZ"))
    assert not any("原稿" in name for name in files(given))
    assert "原稿.exe" in given.remarks[0]


def test_names_that_a_mail_or_a_disk_would_not_take_are_made_plain(site: SiteTest) -> None:
    given = handed(with_report(site, title='"关于召开/2024年: 会议*的?通知"', author="王芳、李明"))
    assert given.name == "20240313-王芳等-关于召开-2024年-会议-的-通知.zip"
    assert len(handed(with_report(site, title="长" * 300)).name.encode()) <= 190


def test_a_report_with_errors_can_be_handed_in_and_says_so(site: SiteTest) -> None:
    given = handed(with_report(site, date="没有的日子"))
    assert given.name == "20240601-王芳-2024-03-13-会议.zip"
    assert listed(given)["errors"] == 1


@pytest.mark.parametrize(
    "path", ["content/meetings/_index.md", "content/meetings/1.jpg", "site.yaml", "content/../site.yaml", "/etc/passwd"]
)
def test_nothing_but_a_report_is_handed_in(site: SiteTest, path: str) -> None:
    with pytest.raises(UsageError, match="没有这一篇"):
        handed(with_report(site), path)


def test_what_no_one_could_send_is_told_before_it_is_read(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10_000_300)
    with pytest.raises(UsageError, match=r"1\.jpg 有 .*压缩包放不下"):
        handed(with_report(site))
