"""审签 at the desk: a decision is entered on what was shown, by who may; the list says what waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_client import Client, desk_at_work, own_client, with_passwords
from newsgen.authoring.decisions import decisions_in
from newsgen.core.model import Decision
from newsgen.preview.desk.serve import Network
from newsgen.preview.desk.standings import KnownStandings
from newsgen.preview.serve import Served
from preview_helpers import previewed
from signed_site import A, SignedSite

PEOPLE = "- {name: 张老师, post: 宣传委员, role: 审稿}\n- {name: 孙书记, post: 书记, role: keeper}\n"


@pytest.fixture
def signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SignedSite:
    """A site with a section."""
    site = SignedSite(tmp_path / "site", capsys)
    site.section("meetings", "会议动态")
    return site


@pytest.fixture
def server(signed: SignedSite) -> Iterator[Served]:
    """The desk of a person at their own computer, in whose site reports are signed."""
    signed.asks().with_article()
    with desk_at_work(signed.root) as running:
        yield running


def decision(client: Client, verdict: str = "approve", **more: str) -> dict[str, str]:
    found = client.call("GET", f"standing?path={A}").json
    return {"path": A, "verdict": verdict, "digest": found["digest"], "stage": found["next"], **more}


def state_in_list(client: Client) -> str:
    rows = client.call("GET", "reports").json["reports"]
    return str(next(row["state"] for row in rows if row["path"] == A))


def test_a_report_waits_until_all_have_signed(server: Served) -> None:
    client = own_client(server)
    found = client.call("GET", f"standing?path={A}").json
    assert (found["needs"], found["state"], found["next"]) == (True, "waiting", "初审")
    assert [stage["people"] for stage in found["stages"]] == [["张老师", "李老师"], ["孙书记"]]
    assert state_in_list(client) == "waiting"
    after = client.call("POST", "sign", decision(client, name="张老师")).json
    assert (after["next"], after["stages"][0]["by"]) == ("终审", "张老师")
    assert client.call("POST", "sign", decision(client, name="孙书记")).json["state"] == "approved"
    assert state_in_list(client) == "online"


def test_an_edit_waits_again_and_the_difference_is_shown(server: Served, signed: SignedSite) -> None:
    client = own_client(server)
    for name in ("张老师", "孙书记"):
        client.call("POST", "sign", decision(client, name=name))
    opened = client.call("GET", f"report?path={A}").json
    body = opened["body"].replace("第一句", "第一句话")
    client.call("PUT", f"report?path={A}", {"base": opened["version"], "body": body})
    assert client.call("GET", f"standing?path={A}").json["state"] == "void"
    assert state_in_list(client) == "waiting"
    found = client.call("GET", f"standing/changes?path={A}").json
    assert [piece for item in found["body"] for piece in item["pieces"] if piece[0] == "added"] == [["added", "话"]]
    assert (found["fields"], found["files"]) == ([], [])


def test_a_rejection_needs_a_reason_and_shows_it(server: Served) -> None:
    client = own_client(server)
    assert client.call("POST", "sign", decision(client, "reject", name="张老师")).json["error"] == "note"
    after = client.call("POST", "sign", decision(client, "reject", name="张老师", note="照片看不清")).json
    assert (after["rejected"]["name"], after["rejected"]["note"]) == ("张老师", "照片看不清")


def test_who_opens_a_report_that_was_sent_back_reads_why_until_it_is_signed(server: Served) -> None:
    client = own_client(server)

    def told() -> list[str]:
        found = client.call("GET", f"findings?path={A}").json["findings"]
        return [item["message"] for item in found if item["code"] == "review.rejected"]

    assert told() == []
    client.call("POST", "sign", decision(client, "reject", name="张老师", note="照片看不清"))
    assert told() == ["张老师退回了这一篇：照片看不清"]
    opened = client.call("GET", f"report?path={A}").json
    body = opened["body"].replace("第一句", "第一句话")
    client.call("PUT", f"report?path={A}", {"base": opened["version"], "body": body})
    assert told() == ["张老师退回了这一篇：照片看不清"]
    client.call("POST", "sign", decision(client, name="张老师"))
    assert told() == []


def test_nobody_signs_what_they_have_not_seen(server: Served, signed: SignedSite) -> None:
    client = own_client(server)
    seen = decision(client, name="张老师")
    signed.edit("第一句", "另一句")
    found = client.call("POST", "sign", seen)
    assert (found.status, found.json["error"]) == (409, "changed")
    assert "审签" not in (signed.root / A).read_text("utf-8")


def test_who_may_not_sign_is_told_who_may(server: Served) -> None:
    client = own_client(server)
    found = client.call("POST", "sign", decision(client, name="王芳"))
    assert (found.status, found.json["error"]) == (422, "review.person")
    assert "张老师、李老师" in found.json["hint"]
    assert client.call("POST", "sign", decision(client)).json["error"] == "name"


def test_with_passwords_a_reviewer_signs_in_their_own_name(signed: SignedSite, tmp_path: Path) -> None:
    signed.asks().with_article().write("people.yaml", PEOPLE)
    with desk_at_work(signed.root, Network(with_passwords(tmp_path, "张老师", "孙书记", "李老师"))) as server:
        reviewer, chair, writer = Client(server.port), Client(server.port), Client(server.port)
        reviewer.sign_in("张老师")
        chair.sign_in("孙书记")
        writer.sign_in("李老师")
        assert writer.call("POST", "sign", decision(writer)).status == 403, "the policy names him, people.yaml does not"
        forged = reviewer.call("POST", "sign", decision(reviewer, name="李老师")).json
        assert forged["stages"][0]["by"] == "张老师"
        assert reviewer.call("POST", "sign", decision(reviewer, name="孙书记")).json["error"] == "review.person"
        assert chair.call("POST", "sign", decision(chair)).json["state"] == "approved"


def test_where_nothing_is_signed_nothing_waits(server: Served, signed: SignedSite) -> None:
    client = own_client(server)
    signed.asks("").article("meetings/c.md")
    client.call("POST", "reports", {"kind": "news", "section": "meetings", "title": "看一眼"})
    assert client.call("GET", f"standing?path={A}").json == {"needs": False}


def test_the_list_looks_at_no_file_twice(signed: SignedSite) -> None:
    signed.asks().with_article()
    known = KnownStandings()
    with previewed(signed.root) as preview:
        first = preview.submit(known.of).result()
        assert preview.submit(known.of).result() is first
        assert preview.submit(lambda session: known.of_report(session, A)).result() == first[A]
        assert preview.submit(lambda session: known.of_report(session, "content/none.md")).result() is None


def test_a_version_that_is_brought_back_brings_no_decision_with_it(server: Served, signed: SignedSite) -> None:
    client = own_client(server)
    for name in ("张老师", "孙书记"):
        client.call("POST", "sign", decision(client, name=name))
    report = client.call("GET", f"report?path={A}").json
    letter = {"path": A, "base": report["version"], "body": report["body"] + "字\n"}
    letter["base"] = client.call("PUT", f"report?path={A}", letter).json["version"]
    assert client.call("PUT", f"report?path={A}", {**letter, "body": report["body"]}).status == 200
    assert client.call("POST", "sign", decision(client, "revoke", name="孙书记", note="有误")).status == 200
    revoked = decisions_in((signed.root / A).read_bytes())
    for version in client.call("GET", f"history?path={A}").json["versions"]:
        base = client.call("GET", f"report?path={A}").json["version"]
        asked = {"path": A, "id": version["id"], "base": base}
        assert client.call("POST", "history/restore", asked).status == 200
        assert decisions_in((signed.root / A).read_bytes()) == revoked
        assert client.call("GET", f"standing?path={A}").json["has_live"] is False


def test_decisions_that_are_typed_above_a_text_without_front_matter_are_refused(
    server: Served, signed: SignedSite
) -> None:
    client = own_client(server)
    client.call("POST", "sign", decision(client, name="张老师"))
    typed = (signed.root / A).read_text("utf-8")
    signed.write(A, "正文。\n")
    report = client.call("GET", f"report?path={A}").json
    answer = client.call("PUT", f"report?path={A}", {"path": A, "base": report["version"], "body": typed})
    assert (answer.status, answer.json["error"]) == (422, "review.typed")
    assert (signed.root / A).read_text("utf-8") == "正文。\n"
    assert (
        client.call(
            "PUT", f"report?path={A}", {"path": A, "base": report["version"], "body": typed.replace("审签", "备注")}
        ).status
        == 200
    )


def signed_and_revoked(client: Client, signed: SignedSite) -> tuple[Decision, ...]:
    """An approval that was revoked after an edit to and fro had put it into the history; gives all decisions."""
    for name in ("张老师", "孙书记"):
        client.call("POST", "sign", decision(client, name=name))
    report = client.get("report", path=A)
    for body in (report["body"] + "字\n", report["body"]):
        base = client.get("report", path=A)["version"]
        assert client.call("PUT", "report", {"base": base, "body": body}, path=A).status == 200
    assert client.call("POST", "sign", decision(client, "revoke", name="孙书记", note="有误")).status == 200
    return decisions_in((signed.root / A).read_bytes())


def title(client: Client, text: str) -> int:
    base = client.get("report", path=A)["version"]
    return client.call("PUT", "report", {"base": base, "fields": {"title": text}}, path=A).status


def test_a_fault_in_the_text_hides_no_decision_from_who_brings_a_version_back(
    server: Served, signed: SignedSite
) -> None:
    client = own_client(server)
    for name in ("张老师", "孙书记"):
        client.call("POST", "sign", decision(client, name=name))
    assert (title(client, ""), title(client, "一篇报道")) == (200, 200)
    assert client.call("POST", "sign", decision(client, "revoke", name="孙书记", note="有误")).status == 200
    revoked = decisions_in((signed.root / A).read_bytes())
    assert [item.verdict for item in revoked] == ["approve", "approve", "revoke"]
    for version in client.get("history", path=A)["versions"]:
        assert title(client, "") == 200
        asked = {"path": A, "id": version["id"], "base": client.get("report", path=A)["version"]}
        assert client.call("POST", "history/restore", asked).status in (200, 422)
        assert title(client, "一篇报道") == 200
        assert decisions_in((signed.root / A).read_bytes()) == revoked
        assert client.get("standing", path=A)["has_live"] is False


def test_no_text_comes_back_as_a_file_beside_the_report(server: Served, signed: SignedSite) -> None:
    client = own_client(server)
    signed_and_revoked(client, signed)
    before = sorted((signed.root / "content").rglob("*"))
    for version in client.get("history", path=A)["versions"]:
        for name in ("a.md", "a.MD", "../meetings/a.md"):
            asked = {"path": A, "name": name, "id": version["id"]}
            assert client.call("POST", "file/restore", asked).status == 422
    folder = "content/meetings/b/index.md"
    signed.article("meetings/b/index.md", "另一篇。\n")
    opened = client.get("report", path=folder)
    client.call("PUT", "report", {"base": opened["version"], "body": "改过。\n"}, path=folder)
    for version in client.get("history", path=folder)["versions"]:
        asked = {"path": folder, "name": "index.md", "id": version["id"]}
        assert client.call("POST", "file/restore", asked).json["error"] == "file.missing"
    assert sorted((signed.root / "content").rglob("*.md")) == sorted(
        [*(path for path in before if path.suffix == ".md"), signed.root / folder]
    )


def test_a_deleted_report_comes_back_unsigned(server: Served, signed: SignedSite) -> None:
    client = own_client(server)
    signed_and_revoked(client, signed)
    kept = client.get("history", path=A)["versions"]
    for version in kept:
        (signed.root / A).unlink()
        answer = client.call("POST", "deleted/restore", {"path": A, "id": version["id"]})
        assert (answer.status, answer.json["was_signed"]) == (200, True)
        assert decisions_in((signed.root / A).read_bytes()) == ()
        assert client.get("standing", path=A)["state"] == "waiting"


def test_what_is_nearly_a_decision_is_not_typed_into_a_text_either(server: Served, signed: SignedSite) -> None:
    client = own_client(server)
    signed.write(A, "没有文件头。\n")
    base = client.get("report", path=A)["version"]
    for typed in ("审签: 快好了", "审签:\n  - {环节: 初审, 姓名: 张老师}", "审签: [", "approvals: x"):
        body = f"---\ntitle: 题\ndate: 2024-03-13\n{typed}\n---\n\n正文。\n"
        answer = client.call("PUT", "report", {"base": base, "body": body}, path=A)
        assert (answer.status, answer.json["error"]) == (422, "review.typed"), typed
