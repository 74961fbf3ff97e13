"""What an approval survives, and what makes it void; and that a signature proves nothing about another text."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsgen.content import media
from signed_site import PAGE, STAGES, A, SignedSite
from site_test import tree

Edit = Callable[[SignedSite], object]


def other_photo() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "#1414b4").save(target, "JPEG")
    return target.getvalue()


def reformatted(site: SignedSite) -> None:
    """Other keys, other order, quotes, a comment, a blank line, CRLF and a BOM."""
    text = (site.root / A).read_text("utf-8")
    head = text.split("---\n")[1].splitlines(keepends=True)
    title, date, attachments, *approvals = head
    assert title.startswith("title:")
    assert date.startswith("date:")
    assert attachments.startswith("attachments:")
    new = ["# 一行注释\n", *approvals, "附件: [f.pdf]\n", "\n", "时间: 2024年3月13日\n", '标题: "一篇报道"\n']
    data = text.replace("".join(head), "".join(new)).replace("---\n\n正文", "---\n\n\n\n正文").replace("\n", "\r\n")
    site.write(A, b"\xef\xbb\xbf" + data.encode())


def moved(site: SignedSite) -> None:
    for name in ("a.md", "p.jpg", "f.pdf"):
        (site.root / "content/meetings" / name).rename(site.root / "content/notices" / name)
    (site.root / "content/notices/a.md").rename(site.root / "content/notices/b.md")


@pytest.mark.parametrize(
    "edit",
    [
        reformatted,
        moved,
        lambda site: site.edit("title:", "tags: 党建、支部\npinned: 是\nviews_base: 5\ntitle:"),
        lambda site: site.edit("title:", "slug: other\naliases: old.html\nbranch: 第一支部\ntitle:"),
        lambda site: site.edit("title:", "审核: 王老师\ntitle:"),
        lambda site: site.edit("title:", "draft: 是\ntitle:").edit("draft: 是\n", ""),
        lambda site: site.write(A, (site.root / A).read_text("utf-8").encode("gb18030")),
    ],
    ids=["layout", "place", "tags", "address", "names", "draft", "encoding"],
)
def test_an_approval_survives(signed_site: SignedSite, edit: Edit) -> None:
    edit(signed_site)
    assert signed_site.state() == "approved"


@pytest.mark.parametrize(
    "edit",
    [
        lambda site: site.edit("正文第一句", "正文第二句"),
        lambda site: site.edit("第一句。", "第一句。 "),
        lambda site: site.edit("一篇报道", "两篇报道"),
        lambda site: site.edit("date: 2024-03-13", "date: 2024-03-14"),
        lambda site: site.edit("title:", "subtitle: 副题\ntitle:"),
        lambda site: site.edit("title:", "author: 王老师\ntitle:"),
        lambda site: site.edit("title:", "source: 党委\ntitle:"),
        lambda site: site.edit("title:", "kind: 通知\ntitle:"),
        lambda site: site.edit("title:", "summary: 没有审过的摘要\ntitle:"),
        lambda site: site.edit("title:", "redirect: https://example.com/\ntitle:"),
        lambda site: site.write("content/meetings/p.jpg", other_photo()),
        lambda site: site.write("content/meetings/f.pdf", b"%PDF-1.4 2"),
        lambda site: site.edit("attachments: f.pdf", "attachments: [{file: f.pdf, name: 另一个名字}]"),
        lambda site: site.edit("attachments: f.pdf\n", ""),
        lambda site: site.edit("p.jpg", "q.jpg").write("content/meetings/q.jpg", other_photo()),
    ],
    ids=[
        *("character", "blank", "title", "date", "subtitle", "author", "source", "kind", "summary", "redirect"),
        *("photo", "attachment", "attachment's name", "attachment removed", "other photo"),
    ],
)
def test_an_edit_voids_an_approval_and_readers_see_what_was_approved(signed_site: SignedSite, edit: Edit) -> None:
    before = tree(signed_site.built().out)
    edit(signed_site)
    assert signed_site.state() == "void"
    assert tree(signed_site.root / "public") == before


def test_whoever_takes_an_edit_back_has_what_was_approved(signed_site: SignedSite) -> None:
    assert signed_site.edit("第一句", "第二句").edit("第二句", "第一句").state() == "approved"


def test_what_was_never_approved_is_left_out_and_told(signed_site: SignedSite) -> None:
    signed_site.article("meetings/b.md", "秘密的新闻。\n", title="秘密", tags="党建").section("notices", "通知", "")
    signed_site.article("meetings/c.md", "见[那一篇](b.md)。\n", title="第三篇")
    signed_site.approved("content/meetings/c.md")
    built = signed_site.built()
    assert built.document["reviews"] == {"approved": 2, "waiting": 1, "void": 0}
    assert built.said("info") == ["review.waiting content/meetings/b.md:1"]
    assert [item.partition(" ")[0] for item in built.said("warning")] == ["link.unpublished"]
    assert not any("秘密".encode() in data for data in tree(built.out).values())


def test_a_build_says_who_must_sign_by_the_text_as_it_is_now(signed_site: SignedSite) -> None:
    """An edit of running text plans nothing anew, and makes a signature void all the same."""
    b, opening = "content/meetings/b.md", "很长的开头。" * 20
    signed_site.article("meetings/b.md", f"{opening}正文。\n", title="第二篇").approved(b, STAGES[:1])
    assert "等 终审（孙书记） 签字" in signed_site.built().document["diagnostics"][0]["message"]
    signed_site.edit("正文。", "正文！", b)
    assert "等 初审（张老师、李老师） 签字" in signed_site.built().document["diagnostics"][0]["message"]


def test_a_draft_waits_for_its_author_alone(signed_site: SignedSite) -> None:
    built = signed_site.article("meetings/b.md", title="第二篇", draft="是").built()
    assert built.document["reviews"] == {"approved": 1, "waiting": 0, "void": 0}
    assert built.said() == []


def test_whoever_asks_for_drafts_sees_what_waits(signed_site: SignedSite) -> None:
    built = signed_site.edit("第一句", "第二句").article("meetings/b.md").built("--drafts")
    assert "第二句" in built.text(PAGE)
    assert "meetings/2024/0313-b.html" in built.addresses()


def test_a_deleted_article_is_gone_without_approval(signed_site: SignedSite) -> None:
    assert PAGE not in signed_site.edit("第一句", "第二句").remove(A).built().addresses()


def test_a_link_of_the_approved_version_to_what_was_deleted_since_is_text(signed_site: SignedSite) -> None:
    """Nobody could correct it: the text on the site is as it was approved."""
    signed_site.article("meetings/b.md", "见[那一篇](a.md)。\n", title="第二篇")
    b = "content/meetings/b.md"
    signed_site.approved(b).edit("见[那一篇](a.md)。", "不见了。", b).remove(A)
    built = signed_site.built()
    assert [item.partition(" ")[0] for item in built.said("warning")] == ["link.broken"]
    assert "见<a>那一篇</a>。" in built.text("meetings/2024/0313-b.html")


def test_a_photo_that_is_exchanged_while_the_site_is_built_is_not_published(
    signed_site: SignedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The approval was judged by the bytes before."""
    look = media.collect_media

    def exchanged(*arguments: Any) -> Any:
        signed_site.write("content/meetings/p.jpg", other_photo())
        return look(*arguments)

    monkeypatch.setattr("newsgen.build.loader.collect_media", exchanged)
    assert signed_site.build().said("error") == ["file.changed content/meetings/p.jpg:1"]


def test_a_withdrawn_article_is_gone_without_approval_and_with_all_that_was_kept(signed_site: SignedSite) -> None:
    signed_site.edit("第一句", "第二句").edit("![会场](p.jpg)", "").built()
    assert signed_site.sign("withdraw", A, "--why", "作者请求")[0] == 0
    addresses = signed_site.built().addresses()
    assert PAGE not in addresses
    assert not any(address.startswith("media/") for address in addresses)


def test_articles_before_the_first_day_are_exempt_until_somebody_signs_one(signed_site: SignedSite) -> None:
    signed_site.asks("reviews: {since: 2024-03-14, stages: {初审: 张老师、李老师, 终审: 孙书记}}\n")
    built = signed_site.article("meetings/b.md").article("meetings/c.md", date="2024-03-14").built()
    assert "meetings/2024/0313-b.html" in built.addresses()
    assert "meetings/2024/0314-c.html" not in built.addresses()
    assert built.document["reviews"] == {"approved": 1, "waiting": 1, "void": 0}


def test_names_of_signers_are_printed_and_neither_times_nor_numbers(signed_site: SignedSite) -> None:
    page = signed_site.edit("版本:", "文号: OA-7, 意见: 同意发布, 版本:").built().text(PAGE)
    assert "审核：张老师、孙书记" in page
    assert "2024-05-01" not in page
    assert "OA-7" not in page
    assert "审核：王老师<" in signed_site.edit("title:", "审核: 王老师\ntitle:").built().text(PAGE)


def test_names_typed_by_hand_are_no_signatures(signed_site: SignedSite) -> None:
    typed = "初审 张老师、终审 孙书记"
    built = signed_site.article("meetings/b.md", 审核=typed).built()
    assert "meetings/2024/0313-b.html" not in built.addresses()


# ---------------------------------------------------------------- forged, reordered, copied


def test_signatures_in_another_order_do_not_count(signed_site: SignedSite) -> None:
    text = (signed_site.root / A).read_text("utf-8")
    first, last = (line for line in text.splitlines() if line.startswith("  - {"))
    signed_site.write(A, text.replace(f"{first}\n{last}", f"{last}\n{first}"))
    assert signed_site.state() == "waiting"


def test_a_signature_of_another_version_does_not_count(signed_site: SignedSite) -> None:
    digest = (signed_site.root / A).read_text("utf-8").split("版本: ")[1][:40]
    text = (signed_site.root / A).read_text("utf-8")
    signed_site.write(A, text.replace(f"版本: {digest}}}", f"版本: {digest[::-1]}}}", 1))
    assert signed_site.state() == "void"
    assert PAGE not in signed_site.built().addresses()


def test_a_version_that_nobody_ever_saw_is_not_shown(signed_site: SignedSite) -> None:
    digest = (signed_site.root / A).read_text("utf-8").split("版本: ")[1][:40]
    assert signed_site.edit(digest, digest[::-1]).build().said("error") == [f"approved.lost {A}:1"]


def test_a_signature_of_somebody_who_may_not_does_not_count(signed_site: SignedSite) -> None:
    assert signed_site.edit("姓名: 孙书记", "姓名: 张老师").state() == "waiting"


def test_signatures_copied_into_another_article_show_neither(signed_site: SignedSite) -> None:
    text = (signed_site.root / A).read_text("utf-8")
    signed_site.write("content/meetings/b.md", text.replace("第一句", "别的话").replace("一篇报道", "别的题目"))
    built = signed_site.built()
    assert "meetings/2024/0313-b.html" not in built.addresses()
    assert built.said("info") == ["review.copied content/meetings/b.md:1"]
    signed_site.edit("第一句", "又一句")
    assert "meetings/2024/0313-b.html" not in signed_site.built().addresses()


def test_an_altered_kept_version_is_never_shown(signed_site: SignedSite) -> None:
    kept = next(name for name in signed_site.kept() if name.endswith(".md"))
    signed_site.edit("第一句", "第二句").edit("第一句", "没有审过的话", f"approved/{kept}")
    assert signed_site.build().said("error") == [f"approved.altered approved/{kept}:1"]


@pytest.mark.parametrize("end", [".md", ".jpg", ".pdf"])
def test_a_kept_version_that_is_lost_is_an_error(signed_site: SignedSite, end: str) -> None:
    name = next(name for name in signed_site.kept() if name.endswith(end))
    signed_site.edit("第一句", "第二句").remove(f"approved/{name}")
    (said,) = signed_site.build().said("error")
    assert said.startswith("approved.lost")
    data = b"%PDF-1.4 3" if end == ".pdf" else other_photo()
    if end != ".md":
        signed_site.write(f"approved/{name}", data)
        assert signed_site.build().said("error") == [f"approved.altered approved/{name}:1"]


def test_a_kept_version_is_not_read_through_a_link(signed_site: SignedSite, tmp_path: Path) -> None:
    (signed_site.root / "approved").rename(tmp_path / "elsewhere")
    (signed_site.root / "approved").symlink_to(tmp_path / "elsewhere")
    assert signed_site.edit("第一句", "第二句").build().code == 1


# ---------------------------------------------------------------- revocation, rejection


def test_a_revoked_article_leaves_the_site_until_it_is_approved_again(signed_site: SignedSite) -> None:
    signed_site.built()
    assert signed_site.sign("revoke", A, "--by", "孙书记", "--why", "有误", "--now", "2024-05-02")[0] == 0
    assert signed_site.kept() == []
    assert PAGE not in signed_site.built().addresses()
    again = (("初审", "李老师"), ("终审", "孙书记"))
    for minute, (stage, name) in enumerate(again):
        code, _, said = signed_site.sign(
            "approve", A, "--stage", stage, "--by", name, "--now", f"2024-05-03 08:0{minute}"
        )
        assert code == 0, said
    assert "审核：李老师、孙书记" in signed_site.built().text(PAGE)


def test_a_revocation_while_an_edit_waits_takes_the_old_version_off(signed_site: SignedSite) -> None:
    signed_site.edit("第一句", "第二句")
    assert signed_site.sign("revoke", A, "--by", "张老师", "--why", "有误")[0] == 0
    assert PAGE not in signed_site.built().addresses()


def test_a_rejection_makes_the_signatures_of_the_new_text_void_and_leaves_the_old_one(signed_site: SignedSite) -> None:
    before = signed_site.built().text(PAGE)
    signed_site.edit("第一句", "第二句")
    assert signed_site.sign("approve", A, "--stage", "初审", "--by", "张老师")[0] == 0
    code, document, _ = signed_site.sign("reject", A, "--stage", "终审", "--by", "孙书记", "--why", "要补数据")
    assert (code, document["files"][0]["waits_for"]) == (0, "初审（张老师、李老师）")
    assert signed_site.built().text(PAGE) == before


def test_the_next_version_takes_the_place_of_the_old_one_and_only_it_is_kept(signed_site: SignedSite) -> None:
    old = signed_site.kept()
    signed_site.edit("第一句", "第二句").write("content/meetings/p.jpg", other_photo())
    for minute, (stage, name) in enumerate((("初审", "张老师"), ("终审", "孙书记"))):
        signed_site.sign("approve", A, "--stage", stage, "--by", name, "--now", f"2024-05-03 08:0{minute}")
    assert "第二句" in signed_site.built().text(PAGE)
    assert len(signed_site.kept()) == len(old) == 3
    assert len(set(signed_site.kept()) & set(old)) == 1, "the attachment is the same"


# ---------------------------------------------------------------- clones


def git(folder: Path, *words: str) -> str:
    own = ("-c", "user.name=n", "-c", "user.email=n@example.edu.cn", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *own, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def clone(site: SignedSite, folder: Path, *options: str) -> SignedSite:
    git(folder.parent, "clone", "-q", *options, f"file://{site.root}", str(folder))
    return SignedSite(folder, site._capsys)


def committed(site: SignedSite) -> SignedSite:
    site.write(".gitignore", "public/\n.newsgen/\n")
    git(site.root, "init", "-q", "-b", "main")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-qm", "1")
    return site


def test_a_clone_without_history_in_another_folder_gives_the_same_site(signed_site: SignedSite, tmp_path: Path) -> None:
    committed(signed_site).edit("第一句", "第二句").write("content/meetings/p.jpg", other_photo())
    git(signed_site.root, "commit", "-qam", "2")
    shallow = clone(signed_site, tmp_path / "another", "--depth", "1")
    assert tree(shallow.built().out) == tree(signed_site.built().out)
    assert "第一句" in shallow.built().text(PAGE)


def test_two_people_approve_in_two_clones_and_merge(signed_site: SignedSite, tmp_path: Path) -> None:
    signed_site.article("meetings/b.md", "第二篇。\n", title="第二篇").article(
        "meetings/c.md", "第三篇。\n", title="第三篇"
    )
    committed(signed_site)
    one, other = clone(signed_site, tmp_path / "one"), clone(signed_site, tmp_path / "other")
    b, c = "content/meetings/b.md", "content/meetings/c.md"
    one.approved(b)
    other.approved(c)
    for clones in (one, other):
        git(clones.root, "add", "-A")
        git(clones.root, "commit", "-qm", "signed")
    git(one.root, "pull", "-q", "--no-rebase", "--no-edit", str(other.root), "main")
    assert one.built().document["reviews"] == {"approved": 3, "waiting": 0, "void": 0}


def test_two_people_who_sign_the_same_stage_keep_both_lines(signed_site: SignedSite, tmp_path: Path) -> None:
    """Git cannot tell which comes first: whoever merges keeps both, and the first one counts."""
    signed_site.article("meetings/b.md", "第二篇。\n", title="第二篇")
    committed(signed_site)
    b, clones = "content/meetings/b.md", [clone(signed_site, tmp_path / name) for name in ("one", "other")]
    for number, (site, name) in enumerate(zip(clones, ("张老师", "李老师"), strict=True)):
        assert site.sign("approve", b, "--stage", "初审", "--by", name, "--now", f"2024-05-01 08:0{number}")[0] == 0
        git(site.root, "commit", "-qam", "signed")
    one, other = clones
    own = ("-c", "user.name=n", "-c", "user.email=n@example.edu.cn")
    pull = ["git", *own, "pull", "-q", "--no-rebase", str(other.root), "main"]
    assert subprocess.run(pull, cwd=one.root, capture_output=True, check=False).returncode
    lines = (one.root / b).read_text("utf-8").splitlines(keepends=True)
    one.write(b, "".join(line for line in lines if not line.startswith(("<<<<<<<", "=======", ">>>>>>>"))))
    code, document, said = one.sign("approve", b, "--stage", "终审", "--by", "孙书记", "--now", "2024-05-02")
    assert (code, document["files"][0]["state"]) == (0, "approved"), said


def test_both_clones_keep_the_same_bytes(signed_site: SignedSite, tmp_path: Path) -> None:
    signed_site.edit("第一句", "第二句")
    committed(signed_site)
    one, other = clone(signed_site, tmp_path / "one"), clone(signed_site, tmp_path / "other")
    other.edit("title: 一篇报道", '"title": "一篇报道"').edit("\n", "\r\n")
    for site, name in ((one, "张老师"), (other, "李老师")):
        for minute, (stage, who) in enumerate((("初审", name), ("终审", "孙书记"))):
            site.sign("approve", A, "--stage", stage, "--by", who, "--now", f"2024-05-03 08:0{minute}")
    assert tree(one.root / "approved") == tree(other.root / "approved") != {}
