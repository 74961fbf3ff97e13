"""What a check says of an article stands in the bar of its page."""

from __future__ import annotations

from newsgen.preview.loop import china_time
from newsgen.preview.session import Session
from signed_site import A, SignedSite
from site_test import SITE_YAML, SiteTest

PAGE = "meetings/2024/0313-a.html"


def codes_of(session: Session) -> list[tuple[str, str]]:
    return [(item.code, item.severity) for item in session.facts(PAGE).diagnostics]


def test_what_a_check_says_of_a_text_is_in_its_page_as_it_is_saved(site: SiteTest) -> None:
    site.article("meetings/a.md", "会议强调,要落实。身份证号11010519491231002X，电话010-62781234\n")
    session = Session(site.root, china_time)
    session.look()
    assert codes_of(session) == [("punctuation.half-width", "warning"), ("personal.identity", "warning")]
    site.article("meetings/a.md", "会议强调，要落实。\n")
    session.look()
    assert codes_of(session) == []
    session.close()


def test_the_bar_follows_the_lexicon_and_the_rules_of_site_yaml(site: SiteTest) -> None:
    site.article("meetings/a.md", "会议强调,要落实三会一科。\n")
    session = Session(site.root, china_time)
    session.look()
    site.write("lexicon.yaml", "- phrase: 三会一课\n  wrong: [三会一科]\n")
    assert codes_of(session) == [("punctuation.half-width", "warning"), ("phrases.wrong", "warning")]
    site.write("lexicon.yaml", "- wrong: [三会一科]\n")
    assert codes_of(session) == [("punctuation.half-width", "warning"), ("phrases.wrong", "warning")]
    site.write("site.yaml", SITE_YAML + "check:\n  rules:\n    punctuation.half-width: 关\n").write("lexicon.yaml", "")
    assert codes_of(session) == []
    session.close()


def test_a_page_says_who_must_sign_next(signed_site: SignedSite) -> None:
    def ribbon() -> list[str]:
        session.look()
        return [item.text for item in session.facts(PAGE).ribbons]

    session = Session(signed_site.root, china_time)
    assert ribbon() == []
    signed_site.edit("第一句", "第二句")
    assert ribbon() == ["改动待审：读者看到的还是审过的那一版。等 初审（张老师、李老师） 签字。"]
    assert "第二句" in session.rendered(PAGE).data.decode()
    assert signed_site.sign("approve", A, "--stage", "初审", "--by", "李老师")[0] == 0
    assert ribbon() == ["改动待审：读者看到的还是审过的那一版。等 终审（孙书记） 签字。已签：初审 李老师。"]
    signed_site.sign("revoke", A, "--by", "孙书记", "--why", "有误")
    assert ribbon() == ["待审：读者看不到这一篇。等 终审（孙书记） 签字。已签：初审 李老师。"]
    session.close()


def test_the_bar_is_made_anew_where_only_what_switches_a_rule_off_changes(site: SiteTest) -> None:
    """Browsers ask again for pages of a new version alone."""
    site.article("meetings/a.md", "会议强调,要落实。\n")
    session = Session(site.root, china_time)
    number = session.look().number
    path = site.root / "content/meetings/a.md"
    for text, wanted in (
        ("会议强调,要落实。<!-- 忽略: punctuation.half-width -->\n", []),
        ("会议强调,要落实。\n", [("punctuation.half-width", "warning")]),
    ):
        site.article("meetings/a.md", text)
        version = session.look(frozenset([str(path)]))
        assert (version.number > number, codes_of(session)) == (True, wanted)
        number = version.number
    site.article("meetings/a.md", "会议强调,要落实。\n", check="{忽略: [punctuation.half-width]}")
    assert (session.look().number > number, codes_of(session)) == (True, [])
    number = session.version.number
    for name, text in (
        ("lexicon.yaml", "- phrase: 要点\n  wrong: [要落]\n"),
        ("people.yaml", "- {name: 张三, post: 书记}\n"),
    ):
        site.write(name, text)
        assert session.look().number > number
        number = session.version.number
    site.write("site.yaml", SITE_YAML + "check:\n  rules:\n    phrases.wrong: 关\n")
    assert session.look().number > number
    assert session.look().number == number + 1
    session.close()
