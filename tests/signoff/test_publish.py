"""Publishing: what is approved goes online, its digest on record, and no way leads back to what was revoked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgen.build.all_articles import load_all_articles
from newsgen.check.output import BarredArticles, inspected
from newsgen.config.model import Ledger
from newsgen.config.site_yaml import load
from newsgen.core.model import changed
from oracle import START
from signed_site import PAGE, POLICY, A, SignedSite


@pytest.fixture
def www(signed_site: SignedSite, tmp_path: Path) -> Path:
    """The folder of a server to which the site was published."""
    folder = tmp_path / "www"
    signed_site.asks(f"{POLICY}publish:\n  targets:\n    live: {{kind: folder, path: {folder}, http: no}}\n")
    assert publish(signed_site) == 0
    return folder


def publish(site: SignedSite, *words: str) -> int:
    return site.sign("publish", "--now", "2024-06-01", "--max-delete", "100%", *words)[0]


def records(www: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_bytes()) for path in sorted((www / ".newsgen/records").glob("*.json"))]


def test_the_record_of_a_release_lists_what_was_approved(signed_site: SignedSite, www: Path) -> None:
    digest = (signed_site.root / A).read_text("utf-8").split("版本: ")[1][:40]
    assert records(www)[-1]["approvals"] == {PAGE: digest}
    assert publish(signed_site.edit("第一句", "第二句").article("meetings/b.md", title="第二篇")) == 0
    assert records(www)[-1]["approvals"] == {PAGE: digest}
    assert "第一句" in (www / "current" / PAGE).read_text("utf-8")
    assert not (www / "current/meetings/2024/0313-b.html").exists()


def test_no_rollback_leads_to_an_article_whose_approval_was_revoked(signed_site: SignedSite, www: Path) -> None:
    first = str(records(www)[0]["id"])
    assert signed_site.sign("revoke", A, "--by", "孙书记", "--why", "有误")[0] == 0
    assert publish(signed_site) == 0
    assert not (www / "current" / PAGE).exists()
    code, document, said = signed_site.sign("rollback", first)
    assert code == 1, said
    assert [item["code"] for item in document["diagnostics"]] == ["rollback.revoked"]
    assert not (www / "current" / PAGE).exists()


def test_whoever_approves_it_again_may_go_back(signed_site: SignedSite, www: Path) -> None:
    assert signed_site.sign("revoke", A, "--by", "孙书记", "--why", "有误", "--now", "2024-05-02")[0] == 0
    assert publish(signed_site) == 0
    for minute, (stage, name) in enumerate((("初审", "张老师"), ("终审", "孙书记"))):
        signed_site.sign("approve", A, "--stage", stage, "--by", name, "--now", f"2024-05-03 08:0{minute}")
    assert signed_site.sign("rollback", str(records(www)[0]["id"]))[0] == 0


def test_a_built_site_with_an_unapproved_article_is_refused_with_who_must_sign(signed_site: SignedSite) -> None:
    """As if it had been built by other rules: the check of the built files trusts nobody."""
    signed_site.article("meetings/b.md", title="第二篇")
    config = changed(load(signed_site.root), ledger=Ledger())
    out = signed_site.built("--drafts").out
    articles = load_all_articles(signed_site.root, config, START)
    barred = BarredArticles(articles.hidden, config.ledger, articles.unapproved)
    (found,) = [item for item in inspected(out, "public", config.url, barred) if item.severity == "error"]
    assert found.code == "inspect.unapproved"
    assert "content/meetings/b.md：等 初审（张老师、李老师） 签字" in found.message


def test_a_withdrawal_names_the_photos_of_the_text_and_of_the_version_that_readers_see(
    signed_site: SignedSite,
) -> None:
    signed_site.write("content/meetings/q.pdf", b"%PDF-1.4 q").edit("![会场](p.jpg)", "[新的](q.pdf)")
    code, document, said = signed_site.sign("withdraw", A, "--why", "作者请求")
    assert code == 0, said
    assert {name.rpartition(".")[2] for name in document["files"]} == {"jpg", "pdf"}
    assert len(document["files"]) == 3
