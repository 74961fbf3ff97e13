"""交稿 and 收稿 at the desk, from one site to another."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from desk_client import Client, desk_at_work, own_client
from newsgen.preview.desk.app import DESK
from site_test import SITE_YAML, SiteTest, photo

REPORT = "content/meetings/2024-03-13-会议/index.md"
TEXT = "---\ntitle: 工作会议\ndate: 2024-03-13\nauthor: 王芳\n---\n\n第一句。\n\n![会场](1.jpg)\n"


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> SiteTest:
    """The site of a member, with a report."""
    site = SiteTest(tmp_path_factory.mktemp("member"), capsys)
    site.write("site.yaml", SITE_YAML).section("meetings", "会议动态")
    return site.write(REPORT, TEXT).write(REPORT.replace("index.md", "1.jpg"), photo())


def zip_of(site: SiteTest) -> bytes:
    with desk_at_work(site.root) as server:
        client = own_client(server)
        made = client.call("POST", "hand-in", {"path": REPORT, "who": "王芳"}).json
        assert made["name"] == "20240313-王芳-工作会议.zip"
        found = client.ask("GET", DESK + made["url"])
        assert found.headers["content-type"] == "application/zip"
        assert found.headers["content-disposition"].startswith("attachment; ")
        assert len(found.data) == made["size"]
        return found.data


def arrived(client: Client, data: bytes) -> dict[str, object]:
    found = client.call("POST", "receive?name=a.zip", data)
    assert found.status == 200, found.text
    return dict(found.json)


def test_a_report_goes_from_a_member_to_the_keeper(member: SiteTest, site: SiteTest) -> None:
    data = zip_of(member)
    with desk_at_work(site.root) as server:
        client = own_client(server)
        found = arrived(client, data)
        assert (found["path"], found["is_new"], found["who"]) == (REPORT, True, "王芳")
        assert not (site.root / REPORT).exists(), "nothing is written before somebody decided"
        assert client.call("POST", "receive/confirm", {"id": found["id"]}).json["path"] == REPORT
        assert (site.root / REPORT).read_text("utf-8") == TEXT
        assert REPORT in [row["path"] for row in client.call("GET", "reports").json["reports"]]
        assert client.call("POST", "receive/confirm", {"id": found["id"]}).status == 404
        history = client.call("GET", f"history?path={quote(REPORT)}").json["versions"]
        assert history[0]["who"] == "王芳"


def test_what_was_edited_here_is_replaced_after_a_second_question_alone(member: SiteTest, site: SiteTest) -> None:
    site.write(REPORT, TEXT.replace("第一句", "这里的第一句"))
    with desk_at_work(site.root) as server:
        client = own_client(server)
        found = arrived(client, zip_of(member))
        assert found["is_edited"] is True
        refused = client.call("POST", "receive/confirm", {"id": found["id"]})
        assert (refused.status, refused.json["error"]) == (409, "edited")
        other = client.call("POST", "receive/confirm", {"id": found["id"], "name": "另一篇"})
        assert other.json["path"] == "content/meetings/另一篇/index.md"
        again = arrived(client, zip_of(member))
        assert client.call("POST", "receive/confirm", {"id": again["id"], "replaces": True}).status == 200
        assert (site.root / REPORT).read_text("utf-8") == TEXT


def test_what_changes_while_one_decides_is_shown_anew(member: SiteTest, site: SiteTest) -> None:
    data = zip_of(member)
    with desk_at_work(site.root) as server:
        client = own_client(server)
        found = arrived(client, data)
        site.write(REPORT, "别人刚刚写的")
        answer = client.call("POST", "receive/confirm", {"id": found["id"], "replaces": True})
        assert (answer.status, answer.json["error"]) == (409, "changed")
        assert answer.json["now"]["is_edited"] is True
        assert (site.root / REPORT).read_text("utf-8") == "别人刚刚写的"


@pytest.mark.parametrize("body", [{"id": "x", "section": "../.."}, {"id": "x"}, {"id": ""}])
def test_an_id_that_nobody_gave_is_none(site: SiteTest, body: dict[str, str]) -> None:
    with desk_at_work(site.root) as server:
        assert own_client(server).call("POST", "receive/confirm", body).status == 404


def test_a_section_or_name_that_leads_out_is_refused(member: SiteTest, site: SiteTest, tmp_path: Path) -> None:
    data = zip_of(member)
    before = sorted(tmp_path.rglob("*"))
    with desk_at_work(site.root) as server:
        client = own_client(server)
        for section, name in (
            ("../..", ""),
            ("/etc", ""),
            ("meetings/..", ""),
            ("", "../../../x"),
            ("", "..\\x"),
            ("", "a/b"),
            ("", ".x"),
            ("", "con"),
        ):
            found = arrived(client, data)
            answer = client.call("POST", "receive/confirm", {"id": found["id"], "section": section, "name": name})
            if answer.status == 200:
                assert answer.json["path"] in (
                    f"content/meetings/{plain}/index.md" for plain in ("x", "a-b", "shougao")
                )
            else:
                assert (answer.status, answer.json["error"]) in ((422, "new.section"), (409, "changed")), (
                    section,
                    name,
                )
    outside = [path for path in tmp_path.rglob("*") if path not in before and not path.is_relative_to(site.root)]
    assert outside == []


def test_what_the_preview_says_of_a_report_goes_along(member: SiteTest) -> None:
    member.remove(REPORT.replace("index.md", "1.jpg"))
    with desk_at_work(member.root) as server:
        made = own_client(server).call("POST", "hand-in", {"path": REPORT}).json
    assert [item["severity"] for item in made["findings"] if "1.jpg" in item["message"]] == ["error"]
    assert made["remarks"] == ["正文用到的 1.jpg 找不到，不在压缩包里"]


def test_what_is_no_zip_of_ours_is_told(site: SiteTest) -> None:
    with desk_at_work(site.root) as server:
        found = own_client(server).call("POST", "receive?name=a.zip", b"no zip")
        assert (found.status, found.json["error"]) == (422, "receive.zip")


def test_a_fault_in_the_settings_is_told_with_its_line(member: SiteTest, site: SiteTest) -> None:
    data = zip_of(member)
    with desk_at_work(site.root) as server:
        site.write("site.yaml", SITE_YAML + "publish:\n  targets:\n    live: {kind: folder, path: ../live}\n")
        found = own_client(server).call("POST", "receive?name=a.zip", data)
    line = SITE_YAML.count("\n") + 3
    assert found.json["message"] == f"site.yaml 第 {line} 行：网站不能放在 ../live"
