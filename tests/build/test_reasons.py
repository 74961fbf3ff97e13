"""`newsgen why` names the input that changed; `--verify` finds what should not be; an edit of text needs no plan."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newsgen.build import planning
from newsgen.build.cache.plan import Dependencies
from newsgen.build.reasons import Change, Reason, reason_for, summed_up
from newsgen.cli import run
from newsgen.core.digest import fingerprint_with_body
from newsgen.core.model import BODY_PART, Output, Part, PartInputs
from sample_values import ATTACHED
from site_test import SITE_YAML, SiteTest, photo


def why(site: SiteTest, output: str) -> dict[str, Any]:
    """What `newsgen why --json` says."""
    site._capsys.readouterr()
    assert run(["why", output, "-C", str(site.root), "--json"]) == 0
    found: dict[str, Any] = json.loads(site._capsys.readouterr().out)
    return found


def changes(site: SiteTest, output: str) -> set[tuple[str, str, str]]:
    """Part, input and kind of every change."""
    return {(change["part"], change["input"], change["change"]) for change in why(site, output)["changes"]}


@pytest.fixture
def three(site: SiteTest) -> SiteTest:
    """Three reports in a row, built."""
    site.write("content/meetings/p.jpg", photo())
    for number, name in enumerate("abc", 1):
        site.article(f"meetings/{name}.md", f"正文{name}。\n", title=f"标题{name}", date=f"2024-03-{number:02}")
    site.built()
    return site


B = "meetings/2024/0302-b.html"


def test_the_first_build_renders_what_is_new(three: SiteTest) -> None:
    assert why(three, B) == {"output": B, "rendered": True, "cause": "new", "changes": []}


def test_an_edited_text_is_named(three: SiteTest) -> None:
    three.article("meetings/b.md", "别的正文。\n", title="标题b", date="2024-03-02").built()
    assert changes(three, B) == {("body", "content/meetings/b.md", "changed")}
    assert why(three, "meetings/2024/0303-c.html")["rendered"] is False


def test_an_edited_text_is_named_also_where_the_address_of_the_site_is_another(three: SiteTest) -> None:
    three.write("site.yaml", SITE_YAML.replace("https://", "https://new."))
    three.article("meetings/b.md", "别的正文。\n", title="标题b", date="2024-03-02").built()
    assert ("body", "content/meetings/b.md", "changed") in changes(three, B)


def test_an_edited_title_is_named_on_the_pages_that_show_it(three: SiteTest) -> None:
    three.article("meetings/b.md", "正文b。\n", title="新标题", date="2024-03-02").built()
    assert ("article", "content/meetings/b.md", "changed") in changes(three, B)
    assert changes(three, "meetings/2024/0303-c.html") == {("older", "content/meetings/b.md", "changed")}
    assert changes(three, "meetings/2024/0301-a.html") == {("newer", "content/meetings/b.md", "changed")}
    assert ("cards", "content/meetings/b.md", "changed") in changes(three, "meetings/index.html")


def test_a_new_and_a_deleted_article_are_named(three: SiteTest) -> None:
    three.article("meetings/d.md", title="标题d", date="2024-03-04").remove("content/meetings/a.md").built()
    found = changes(three, "meetings/index.html")
    assert {("cards", "content/meetings/d.md", "added"), ("cards", "content/meetings/a.md", "removed")} <= found


def test_the_setting_by_which_names_are_taken_out_of_attachments_is_named(three: SiteTest) -> None:
    three.write("content/meetings/f.pdf", ATTACHED[0]).article("meetings/b.md", date="2024-03-02", attachments="f.pdf")
    three.built()
    three.write("site.yaml", f"{SITE_YAML}attachments:\n  clean: yes\n").built()
    assert ("article", "site.yaml", "added") in changes(three, B)


def test_templates_settings_and_sections_are_named(three: SiteTest) -> None:
    three.write("templates/partials/footer.html", "<footer></footer>").built()
    assert changes(three, B) == {("template", "templates/partials/footer.html", "changed")}
    three.write("site.yaml", (three.root / "site.yaml").read_text("utf-8").replace("管理学院", "法学院")).built()
    assert ("frame", "site.yaml", "changed") in changes(three, B)
    three.section("meetings", "会议").built()
    assert ("column", "content/meetings/_index.md", "changed") in changes(three, B)


def test_hands_on_the_output_and_full_builds_are_told(three: SiteTest) -> None:
    (three.root / "public" / B).write_text("altered", "utf-8")
    assert three.built().document["rendered"] == 1
    assert why(three, B)["cause"] == "altered"
    three.built("--full")
    assert why(three, f"public/{B}")["cause"] == "asked"
    assert why(three, "meetings/")["output"] == "meetings/index.html"


def test_what_is_not_there_is_told_with_a_guess(three: SiteTest) -> None:
    assert run(["why", "meetings/2024/0302-bb.html", "-C", str(three.root)]) == 2
    assert f"是不是想写 {B} ？" in three._capsys.readouterr().err


def test_in_words(three: SiteTest) -> None:
    three.article("meetings/b.md", "别的正文。\n", title="标题b", date="2024-03-02").built()
    assert run(["why", B, "-C", str(three.root)]) == 0
    expected = f"{B}：上次重新生成了，因为：\n  正文：content/meetings/b.md 变了\n"
    assert three._capsys.readouterr().out == expected


# ---------------------------------------------------------------- one output

SOURCE = "content/a.md"
BEFORE = Dependencies(
    "base",
    (("frame", "1", ()), ("article", "1", ((SOURCE, "1"), ("content/a.jpg", "1"))), (BODY_PART, "", ((SOURCE, ""),))),
    None,
)


def output(
    text: str = "old", frame: str = "1", article: PartInputs = ((SOURCE, "1"), ("content/a.jpg", "1"))
) -> Output:
    """A page as it is planned now."""
    parts = (
        Part("frame", frame, None),
        Part("article", "1" if article == BEFORE.parts[1][2] else "2", None, article),
        Part(BODY_PART, text, None, ((SOURCE, text),)),
    )
    return Output("a.html", "article", parts, "new base", "new fingerprint")


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        (output(), ()),
        (output(text="new"), (Change(BODY_PART, SOURCE, "changed"),)),
        (output(frame="2"), (Change("frame", "frame", "changed"),)),
        (output(article=((SOURCE, "2"), ("content/a.jpg", "1"))), (Change("article", SOURCE, "changed"),)),
        (output(article=((SOURCE, "1"),)), (Change("article", "content/a.jpg", "removed"),)),
        (
            output("new", "1", ((SOURCE, "1"), ("content/a.jpg", "1"), ("content/b.jpg", "1"))),
            (Change("article", "content/b.jpg", "added"), Change(BODY_PART, SOURCE, "changed")),
        ),
    ],
)
def test_only_what_is_not_what_it_was_is_a_reason(now: Output, changes: tuple[Change, ...]) -> None:
    expected = Reason("changed", changes) if changes else Reason("builder")
    assert reason_for(now, fingerprint_with_body("base", "old"), BEFORE, "old") == expected


def test_a_text_that_is_back_to_what_it_was_is_no_reason() -> None:
    """A build in between was refused: what is remembered of the text is that of the refused one."""
    assert reason_for(output(text="old", frame="2"), fingerprint_with_body("base", "old"), BEFORE, "refused") == Reason(
        "changed", (Change("frame", "frame", "changed"),)
    )


def test_no_reason_is_made_up_where_what_was_is_not_known() -> None:
    assert reason_for(output(), fingerprint_with_body("base", "other"), BEFORE, "old") == Reason("forgotten")
    assert reason_for(output(), fingerprint_with_body("base", "old"), None, "old") == Reason("forgotten")
    feed = Output("feed.xml", "feed", (), "new base", "new base")
    assert reason_for(feed, "base", Dependencies("base", (), None), "") == Reason("builder")
    assert reason_for(feed, "other", Dependencies("base", (), None), "") == Reason("forgotten")


def test_a_reason_that_all_outputs_share_is_told_once() -> None:
    asked, new = Reason("asked"), Reason("new")
    assert summed_up({"a": asked, "b": asked}, 2).usual == asked
    assert summed_up({"a": asked, "b": asked}, 3).of("c") is None
    assert summed_up({"a": asked, "b": new}, 2).of("b") == new


# ---------------------------------------------------------------- --verify


def test_verify_finds_nothing_where_all_is_right(three: SiteTest) -> None:
    assert three.built("--verify", "100%").document["rendered"] == 0


def test_verify_finds_a_page_that_the_manifest_wrongly_vouches_for(three: SiteTest) -> None:
    page, manifest = three.root / "public" / B, three.root / "public" / ".newsgen.json"
    wrong = page.read_bytes().replace("正文b".encode(), "正文x".encode())
    stored = json.loads(manifest.read_bytes())
    page.write_bytes(wrong)
    from newsgen.core.digest import digest_bytes

    stored["outputs"][B][1] = digest_bytes(wrong)
    manifest.write_text(json.dumps(stored), "utf-8")
    assert three.built().document["rendered"] == 0, "a build without --verify believes it"
    built = three.build("--verify", "100%")
    assert built.code == 1
    assert built.said("error") == [f"verify.output public/{B}:1"]
    assert "这是 newsgen 的错：请告诉维护网站的人；删去 .newsgen 文件夹" in built.stderr
    assert page.read_bytes() == wrong, "nothing was replaced"


@pytest.mark.parametrize("share", ["0%", "101%", "2", "x%", ""])
def test_a_share_that_is_none_is_refused(three: SiteTest, share: str) -> None:
    assert three.build("--verify", share).code == 2


# ---------------------------------------------------------------- plans


def test_an_edit_of_running_text_needs_no_plan(three: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("planned")

    three.article("meetings/long.md", "开头。\n\n" + "一段很长的话。" * 40 + "\n", date="2023-01-01").built()
    monkeypatch.setattr(planning, "plan_site", refused)
    three.article("meetings/long.md", "开头。\n\n" + "一段很长的话。" * 41 + "\n", date="2023-01-01")
    built = three.built()
    assert (built.document["rendered"], built.document["written"]) == (1, 1)
    assert three.built().document["rendered"] == 0


def test_the_beginning_of_a_text_shows_where_summaries_do(three: SiteTest) -> None:
    three.article("meetings/c.md", "新的开头。\n", title="标题c", date="2024-03-03")
    assert "新的开头" in three.built().text("feed.xml")


def test_a_remark_moves_with_its_line(three: SiteTest) -> None:
    three.article("meetings/draft.md", draft="是").article(
        "meetings/l.md", "一。\n\n见[草稿](draft.md)。\n", title="有链接"
    )
    assert three.built().said("warning") == ["link.unpublished content/meetings/l.md:8"]
    three.article("meetings/l.md", "一。\n\n二。\n\n见[草稿](draft.md)。\n", title="有链接")
    assert three.built().said("warning") == ["link.unpublished content/meetings/l.md:10"]
    assert three.built().said("warning") == ["link.unpublished content/meetings/l.md:10"]
