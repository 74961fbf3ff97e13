"""`newsgen approve`, `reject` and `revoke`: what is refused, in which words, and that nothing is written then."""

from __future__ import annotations

import pytest

from signed_site import A, SignedSite
from site_test import SiteTest, tree

FIRST, LAST = ("--stage", "初审", "--by", "张老师"), ("--stage", "终审", "--by", "孙书记")


@pytest.fixture
def unsigned(site: SiteTest, capsys: pytest.CaptureFixture[str]) -> SignedSite:
    """An article that waits for both stages."""
    return SignedSite(site.root, capsys).asks().with_article()


def refusal(site: SignedSite, command: str, *words: str, now: str = "2024-05-02 08:00", code: int = 1) -> str:
    """What a command says that must change nothing."""
    before, reason = tree(site.root), () if command == "approve" else ("--why", "有误")
    found, _, said = site.sign(command, A, *words, *reason, "--now", now)
    assert (found, tree(site.root)) == (code, before), said
    return said


def test_a_stage_before_the_one_that_is_due_names_that_one_and_its_people(unsigned: SignedSite) -> None:
    said = refusal(unsigned, "approve", *LAST)
    assert "不能签 终审：前面的 初审 还没有签" in said
    assert "按次序来，先要 初审（张老师、李老师） 签字" in said


def test_whose_signature_an_edit_made_void_is_named_to_the_next_one(unsigned: SignedSite) -> None:
    unsigned.approved(stages=(("初审", "张老师"),)).edit("第一句", "第二句")
    said = refusal(unsigned, "approve", *LAST)
    assert "不能签 终审：张老师 2024-05-01 08:00 签的 初审 作废了，因为签字以后文章又改过" in said


def test_a_stage_is_not_signed_twice(unsigned: SignedSite) -> None:
    unsigned.approved(stages=(("初审", "张老师"),))
    said = refusal(unsigned, "approve", "--stage", "初审", "--by", "李老师")
    assert "初审 已经由 张老师 在 2024-05-01 08:00 签过了" in said
    assert "接下来：终审（孙书记）" in said


def test_a_clock_that_is_behind_the_last_signature_is_told(unsigned: SignedSite) -> None:
    unsigned.approved(stages=(("初审", "张老师"),))
    said = refusal(unsigned, "approve", *LAST, now="2024-04-30 08:00")
    assert "时间 2024-04-30 08:00 早于上一环的签字 2024-05-01 08:00" in said


def test_a_stage_that_is_mistyped_is_told_with_those_that_there_are(unsigned: SignedSite) -> None:
    said = refusal(unsigned, "approve", "--stage", "初申", "--by", "张老师", code=2)
    assert "没有「初申」这个环节" in said
    assert "是不是「初审」？这一篇要过的环节：初审、终审" in said


@pytest.mark.parametrize("command", ["approve", "reject"])
def test_what_is_approved_is_signed_no_more_and_given_back_no_more(signed_site: SignedSite, command: str) -> None:
    said = refusal(signed_site, command, *LAST)
    assert "这一篇已经审完了" in said
    assert "要收回，运行 newsgen revoke" in said


@pytest.mark.parametrize("command", ["approve", "reject", "revoke"])
def test_whoever_is_not_on_the_list_hears_who_is(unsigned: SignedSite, command: str) -> None:
    stage = () if command == "revoke" else LAST[:2]
    said = refusal(unsigned, command, *stage, "--by", "王老师")
    assert ("王老师 不能签终审这一环" if stage else "王老师 不能签这一篇") in said
    assert ("可以签的人：孙书记；" if stage else "可以签的人：张老师、李老师、孙书记；") in said


def test_a_key_of_somebody_without_one_in_the_list_is_told(unsigned: SignedSite) -> None:
    said = refusal(unsigned, "approve", *FIRST, "--key", "key", code=2)
    assert "people.yaml 里没有 张老师 的公钥" in said
