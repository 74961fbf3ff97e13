"""Nothing with an identity or bank card number goes online, unless somebody says why it may."""

from __future__ import annotations

import pytest
from test_attachments import word

from newsgen.cli import run
from site_test import SITE_YAML, SiteTest

IDENTITY = "11010519491231002X"


def test_a_strict_build_refuses_an_identity_number_and_leaves_the_old_site(site: SiteTest) -> None:
    before = site.article("meetings/a.md").built().text("meetings/index.html")
    refused = site.article("meetings/b.md", f"身份证号{IDENTITY}\n", title="另一篇").build("--strict")
    assert refused.code == 1
    assert refused.said() == ["personal.identity content/meetings/b.md:6"]
    assert (refused.out / "meetings/index.html").read_text("utf-8") == before


def test_a_number_in_an_attachment_is_refused(site: SiteTest) -> None:
    site.article("meetings/a.md", "见[名单](名单.docx)。\n").write("content/meetings/名单.docx", word(IDENTITY))
    assert site.build("--strict").said() == ["personal.identity content/meetings/名单.docx:1"]


def test_masked_numbers_and_telephones_pass(site: SiteTest) -> None:
    site.article("meetings/a.md", "身份证号110105********002X，手机13912345678\n").built("--strict")


def test_what_readers_do_not_see_bars_nothing(site: SiteTest) -> None:
    site.article("meetings/a.md", f"身份证号{IDENTITY}\n", draft="是").article("meetings/b.md", title="另一篇").built(
        "--strict"
    )
    site.write("content/meetings/名单.docx", word(IDENTITY)).built("--strict")


def test_an_article_passes_where_site_yaml_says_why_and_not_by_its_own_word(
    site: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"身份证号{IDENTITY} <!-- 忽略: personal.identity -->\n"
    site.article("meetings/a.md", text, check="{忽略: [personal.identity]}")
    assert site.build("--strict").said() == ["personal.identity content/meetings/a.md:7"]
    allowed = "check:\n  exceptions:\n    content/meetings/a.md: {忽略: [personal.identity], 理由: 本人同意}\n"
    site.write("site.yaml", SITE_YAML + allowed).built("--strict")
    site.article("meetings/b.md", text, title="另一篇")
    assert site.build("--strict").said() == ["personal.identity content/meetings/b.md:6"]
    capsys.readouterr()
    run(["check", "--list", "-C", str(site.root)])
    assert "content/meetings/a.md 不查 personal.identity（site.yaml：本人同意）" in capsys.readouterr().out


def test_an_exception_without_a_reason_is_refused(site: SiteTest) -> None:
    site.article("meetings/a.md")
    site.write("site.yaml", SITE_YAML + "check:\n  exceptions:\n    content/meetings/a.md: {忽略: [facts.count]}\n")
    (told,) = site.build().document["diagnostics"]
    assert told["message"] == "content/meetings/a.md 要写明忽略哪些规则、为什么"


def test_an_article_that_is_taken_down_bars_nothing(site: SiteTest) -> None:
    site.article("meetings/a.md", f"身份证号{IDENTITY}\n").article("meetings/b.md", title="另一篇")
    assert run(["withdraw", "content/meetings/a.md", "--why", "有身份证号", "-C", str(site.root)]) == 0
    site.built("--strict")


def test_nothing_is_published(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    target = site.root.parent / "www"
    publishing = f"publish:\n  targets:\n    live: {{kind: folder, path: {target}}}\n"
    site.write("site.yaml", SITE_YAML + publishing).article("meetings/a.md", f"身份证号{IDENTITY}\n")
    assert run(["publish", "-C", str(site.root), "--now", "2024-06-01T08:00"]) == 1
    assert "这里有身份证号，会公开在网上" in capsys.readouterr().err
    assert not target.exists()
