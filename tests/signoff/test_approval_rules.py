"""What `newsgen check` says of sign-off."""

from __future__ import annotations

import pytest

from signed_site import POLICY, A, SignedSite


def codes(site: SignedSite, *files: str) -> list[str]:
    _, document, _ = site.sign("check", *files)
    return [item["code"] for item in document["findings"] if item["code"].startswith("review.")]


def test_an_approved_article_is_in_order(signed_site: SignedSite) -> None:
    assert codes(signed_site) == codes(signed_site, A) == []


def test_what_is_unsigned_void_or_copied_is_told(signed_site: SignedSite) -> None:
    text = (signed_site.root / A).read_text("utf-8")
    signed_site.write("content/meetings/copy.md", text.replace("第一句", "别的话").replace("一篇", "别的"))
    signed_site.article("meetings/b.md", title="第二篇")
    assert codes(signed_site) == ["review.waiting", "review.copied"]
    signed_site.remove("content/meetings/copy.md").edit("第一句", "第二句")
    assert codes(signed_site) == ["review.void", "review.waiting"]
    assert codes(signed_site, A) == ["review.void"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("姓名: 孙书记", "姓名: 王老师", "review.person"),
        ("环节: 终审", "环节: 四审", "review.stage"),
        ("2024-05-01 08:01", "2024-04-01 08:01", "review.order"),
    ],
)
def test_a_signature_that_does_not_count_is_told_with_its_line(
    signed_site: SignedSite, old: str, new: str, code: str
) -> None:
    signed_site.edit(old, new)
    _, document, _ = signed_site.sign("check")
    (found,) = [item for item in document["findings"] if item["code"] == code]
    assert (found["path"], found["line"], found["severity"]) == (A, 7, "error")


def test_an_author_who_signs_is_told_unless_that_is_allowed(signed_site: SignedSite) -> None:
    signed_site.article("meetings/b.md", title="第二篇", author="张老师")
    b = "content/meetings/b.md"
    code, _, said = signed_site.sign("approve", b, "--stage", "初审", "--by", "张老师")
    assert code == 1
    assert "张老师 是这一篇的作者" in said
    signed_site.asks(f"{POLICY}  author: 是\n").approved(b).asks()
    assert codes(signed_site) == ["review.waiting", "review.author", "review.order"]


def test_one_person_for_two_stages_is_told_where_two_are_asked_for(signed_site: SignedSite) -> None:
    signed_site.asks("reviews: {people: 2, stages: {初审: 张老师、孙书记, 终审: 孙书记}}\n")
    signed_site.article("meetings/b.md", title="第二篇")
    b = "content/meetings/b.md"
    assert signed_site.sign("approve", b, "--stage", "初审", "--by", "孙书记")[0] == 0
    code, _, said = signed_site.sign("approve", b, "--stage", "终审", "--by", "孙书记")
    assert code == 1
    assert "至少要有 2 个不同的人签字" in said


def test_a_person_who_has_left_may_have_signed_before(signed_site: SignedSite) -> None:
    line = "reviews: {{stages: {{初审: 张老师、李老师, 终审: [{{name: 孙书记, until: {}}}, 周书记]}}}}\n"
    assert codes(signed_site.asks(line.format("2024-05-01"))) == []
    assert codes(signed_site.asks(line.format("2024-04-30"))) == ["review.waiting", "review.person"]
