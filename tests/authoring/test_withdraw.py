"""newsgen withdraw: what is taken off is gone everywhere, says nothing of why, and does not come back by itself."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from newsgen.cli import run
from newsgen.config import withdrawals
from newsgen.config.model import Ledger, Withdrawal
from newsgen.core.errors import ConfigError
from newsgen.pages.redirects import gone_rules
from site_test import NOW, SiteTest, photo, tree

ARTICLE = "content/meetings/2024-03-13-huiyi.md"
ADDRESS = "meetings/2024/0313-huiyi.html"
WHY = "当事人要求，电话里说的"


@pytest.fixture
def two(site: SiteTest) -> SiteTest:
    """A site with two reports; the first has a photo of its own and one that both show."""
    site.write("content/meetings/own.jpg", photo()).write("content/meetings/both.jpg", photo() + b"\0")
    body = "正文。\n\n![](own.jpg)\n\n![](both.jpg)\n"
    aliases = "[/info/1023/4567.htm, /info.jsp?id=1&x=2, old/a.html]"
    site.article("meetings/2024-03-13-huiyi.md", body, title="撤下的一篇", aliases=aliases, tags="独有的标签")
    link = "见[那一篇](2024-03-13-huiyi.md)。\n\n![](both.jpg)\n"
    return site.article("meetings/2024-03-14-bie.md", link, title="别的一篇", date="2024-03-14")


def withdraw(site: SiteTest, article: str = ARTICLE, why: str = WHY) -> int:
    return run(["withdraw", article, "--why", why, "-C", str(site.root), "--now", NOW])


def include_hidden(out: Path) -> bytes:
    """All names and bytes of a built site, one after another."""
    return b"\n".join(name.encode() + data for name, data in tree(out).items())


def test_a_withdrawn_article_is_nowhere_and_all_other_pages_are_as_if_it_were_a_draft(two: SiteTest) -> None:
    assert ADDRESS in two.built().addresses()
    assert withdraw(two) == 0
    after = two.built()
    rules = {"gone.nginx.conf", "gone.apache.conf"}
    told = include_hidden(after.out)
    assert "撤下的一篇".encode() not in told
    assert "独有的标签".encode() not in told
    assert "理由".encode() not in told
    assert WHY.encode() not in told
    assert "0313-huiyi" not in after.text("meetings/2024/0314-bie.html")
    assert rules <= after.addresses()
    with_it = tree(after.out)
    text = (two.root / ARTICLE).read_text("utf-8")
    two.write(ARTICLE, text.replace("---\n", "---\ndraft: 是\n", 1)).remove("withdrawn.yaml")
    assert tree(two.built().out) == {name: data for name, data in with_it.items() if name not in rules}


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("named", ["NFC", "NFD"])
def test_an_article_is_found_however_its_letters_are_composed(
    site: SiteTest, capsys: pytest.CaptureFixture[str], typed: Literal["NFC", "NFD"], named: Literal["NFC", "NFD"]
) -> None:
    path = unicodedata.normalize(named, "meetings/2024-03-13-cafe\u0301.md")
    asked = unicodedata.normalize(typed, f"content/{path}")
    site.article(path, date="三月")
    assert withdraw(site, asked) == 2
    assert "这个文件现在不能成为文章" in capsys.readouterr().err
    site.article(path)
    assert withdraw(site, asked) == 0


def test_its_file_may_be_deleted_and_links_to_it_stay_texts(two: SiteTest) -> None:
    withdraw(two)
    kept = tree(two.built().out)
    assert tree(two.remove(ARTICLE).built().out) == kept


def test_photos_that_nothing_else_shows_go_too(two: SiteTest) -> None:
    before = {name for name in two.built().addresses() if name.startswith("media/")}
    withdraw(two)
    after = {name for name in two.built().addresses() if name.startswith("media/")}
    assert {name[:10] for name in before - after} == {"media/own-"}
    assert after, "another article's photo stays"
    (entry,) = withdrawals.load(two.root).entries
    assert set(entry.files) == {name for name in before - after if name.count(".") == 1}, (
        "the largest file stands for all"
    )


def test_a_photo_that_a_section_s_introduction_shows_stays(two: SiteTest) -> None:
    two.write("content/meetings/_index.md", "---\ntitle: 会议动态\n---\n\n![](own.jpg)\n")
    withdraw(two)
    assert withdrawals.load(two.root).entries[0].files == ()


def test_the_ledger_says_what_when_and_why(two: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["withdraw", ARTICLE, "--why", WHY, "-C", str(two.root), "--now", NOW, "--json"])
    told = json.loads(capsys.readouterr().out)
    (entry,) = withdrawals.load(two.root).entries
    assert code == 0
    assert (entry.article, entry.title, entry.why) == (ARTICLE, "撤下的一篇", WHY)
    assert (entry.date, entry.when, entry.restored) == ("2024-03-13", "2024-06-01 08:00", None)
    assert entry.addresses == (ADDRESS, "/info/1023/4567.htm", "/info.jsp?id=1&x=2", "old/a.html")
    assert told == {**told, "article": ARTICLE, "addresses": list(entry.addresses), "files": list(entry.files)}


@pytest.mark.parametrize(
    "typed",
    [
        ARTICLE,
        "meetings/2024-03-13-huiyi.md",
        ADDRESS,
        f"https://sm.example.edu.cn/dqgz/{ADDRESS}?from=a#b",
        f"http://SM.example.edu.cn:80/dqgz/{ADDRESS}",
    ],
)
def test_an_article_is_named_by_its_file_or_where_it_is_read(two: SiteTest, typed: str) -> None:
    assert withdraw(two, typed) == 0
    assert withdrawals.load(two.root).articles == {ARTICLE}


def test_an_article_with_a_folder_of_its_own_is_named_by_the_folder(site: SiteTest) -> None:
    site.article("meetings/2024-03-13-huiyi/index.md")
    assert withdraw(site, "content/meetings/2024-03-13-huiyi/") == 0
    assert withdraw(site, "content/meetings/2024-03-13-huiyi/index.md") == 2


def test_what_is_not_there_or_withdrawn_already_or_without_a_reason_is_refused(
    two: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    assert withdraw(two, "content/meetings/2024-03-13-huiyo.md") == 2
    assert f"是不是想写 {ARTICLE}" in capsys.readouterr().err
    assert withdraw(two, why=" ") == 2
    assert "没有写撤下的理由" in capsys.readouterr().err
    assert not (two.root / "withdrawn.yaml").exists()
    withdraw(two)
    assert withdraw(two) == 2
    assert "已经撤下了" in capsys.readouterr().err
    assert len(withdrawals.load(two.root).entries) == 1


def test_a_file_that_is_no_article_now_is_told_from_one_that_is_not_there(
    site: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    assert withdraw(site.article("meetings/a.md", date="昨天"), "content/meetings/a.md") == 2
    assert "文件头有错误" in capsys.readouterr().err


def test_faults_of_other_articles_do_not_keep_one_on_the_site(two: SiteTest) -> None:
    two.article("meetings/broken.md", date="昨天")
    assert withdraw(two) == 0


def test_a_draft_or_an_expired_article_can_be_withdrawn(site: SiteTest) -> None:
    site.article("meetings/a.md", expires="2024-05-01").article("meetings/b.md", draft="是")
    assert withdraw(site, "content/meetings/a.md") == 0
    assert withdraw(site, "content/meetings/b.md") == 0
    assert "meetings/2024/0313-b.html" not in site.built("--drafts").addresses()


def test_a_later_entry_is_added_and_earlier_ones_stay_as_they_were_typed(two: SiteTest) -> None:
    withdraw(two)
    first = (two.root / "withdrawn.yaml").read_text("utf-8") + "# 王老师批准\n"
    two.write("withdrawn.yaml", first.rstrip("\n"))  # as some editors save it
    withdraw(two, "content/meetings/2024-03-14-bie.md", why='说 "不" 的人\n有: # 很多')
    assert (two.root / "withdrawn.yaml").read_text("utf-8").startswith(first)
    assert [entry.why for entry in withdrawals.load(two.root).entries] == [WHY, '说 "不" 的人 有: # 很多']


def test_a_renamed_file_or_a_reused_address_does_not_bring_it_back(two: SiteTest) -> None:
    withdraw(two)
    two.remove("content/meetings/2024-03-14-bie.md")  # whose link would be broken
    (two.root / ARTICLE).rename(two.root / "content/meetings/会议.md")
    assert "withdrawn.again content/meetings/会议.md:2" in two.build().said("error")
    two.remove("content/meetings/会议.md").article("meetings/2024-03-13-huiyi/index.md", title="换了标题")
    assert two.build().said("error") == ["address.clash content/meetings/2024-03-13-huiyi/index.md:2"]


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize(
    ("title", "date", "body"),
    [
        ("撤下的一篇", "2024-03-13", "别的话。\n"),
        ("撤下的　一篇", "2024-03-13", "别的话。\n"),
        (
            "换了标题",
            "2024-03-20",
            "这一篇 要撤下， 因为里面写错了几个人的名字，还写错了单位和日期，一共 五 处。\n",
        ),
        (
            "换了标题",
            "2024-03-20",
            "## 加了小标题\n\n  **这一篇**要撤下，因为里面写错了几个人的名字，还写错了单位和日期，<br>一共五处。\n",
        ),
    ],
)
def test_a_copy_under_another_name_is_refused_whether_or_not_the_first_file_is_still_there(
    two: SiteTest, capsys: pytest.CaptureFixture[str], title: str, date: str, body: str, is_gone: bool
) -> None:
    text = "这一篇要撤下，因为里面写错了几个人的名字，还写错了单位和日期，一共五处。\n"
    two.article("meetings/2024-03-13-huiyi.md", text, title="撤下的一篇").built()
    withdraw(two)
    if is_gone:
        two.remove(ARTICLE)
    two.article("meetings/会议 的冲突副本.md", body, title=title, date=date)
    built = two.build()
    assert built.said("error") == ["withdrawn.again content/meetings/会议 的冲突副本.md:2"]
    assert ARTICLE in built.stderr
    assert "restored:" in built.stderr
    two.write("withdrawn.yaml", (two.root / "withdrawn.yaml").read_text("utf-8") + "  restored: 2024-06-02\n")
    assert not any("withdrawn.again" in said for said in two.build().said())


@pytest.mark.parametrize(
    "title", ["“撤下的一篇”", "撤下的一篇。", "《撤下的 一篇》", "撤下的——一篇", "撤下的\u3000一篇！"]
)
def test_a_copy_is_known_whatever_signs_its_title_has(two: SiteTest, title: str) -> None:
    withdraw(two)
    two.article("meetings/other.md", "换了正文。\n", title=title)
    built = two.build()
    assert built.said("error") == ["withdrawn.again content/meetings/other.md:2"]
    assert f"撤下的 {ARTICLE} 标题、日期相同，不能再公开" in built.stderr
    assert "不是同一篇，改一下标题" in built.stderr


def test_titles_that_are_signs_alone_are_told_apart(two: SiteTest) -> None:
    two.article("meetings/dots.md", title="'……'")
    assert withdraw(two, "content/meetings/dots.md") == 0
    two.article("meetings/marks.md", title="'！！'", slug="marks")
    assert two.build().code == 0


def told_again(site: SiteTest) -> list[str]:
    """Where a build finds a file of a withdrawn article shown again."""
    return [told for told in site.built().said("warning") if told.startswith("withdrawn.file")]


PHOTO_AGAIN = {
    "by its name": "![图](own.jpg)\n",
    "as a link": "[图](own.jpg)\n",
    "by a copy": "![图](copy.jpg)\n",
    "in HTML": '<img src="own.jpg" alt="图">\n',
}


@pytest.mark.parametrize("body", PHOTO_AGAIN.values(), ids=PHOTO_AGAIN.keys())
def test_a_photo_of_a_withdrawn_article_that_another_shows_is_told(two: SiteTest, body: str) -> None:
    two.write("content/meetings/copy.jpg", (two.root / "content/meetings/own.jpg").read_bytes())
    withdraw(two)
    assert told_again(two) == []
    two.article("meetings/other.md", f"正文。\n\n{body}", title="另一篇")
    assert told_again(two) == ["withdrawn.file content/meetings/other.md:8"]


@pytest.mark.parametrize("key", ["cover", "attachments"])
def test_a_photo_of_a_withdrawn_article_is_told_in_front_matter_and_not_once_it_is_let_go(
    two: SiteTest, key: str
) -> None:
    withdraw(two)
    two.article("meetings/other.md", title="另一篇", **{key: "own.jpg"})
    assert told_again(two) == ["withdrawn.file content/meetings/other.md:4"]
    ledger = two.root / "withdrawn.yaml"
    text = ledger.read_text("utf-8")
    ledger.write_text(text[: text.index("  files:")], "utf-8")
    assert told_again(two) == []


def test_a_photo_that_others_showed_when_an_article_was_withdrawn_is_not_told(two: SiteTest) -> None:
    two.article("meetings/other.md", "![图](own.jpg)\n", title="另一篇")
    withdraw(two)
    assert told_again(two) == []


@pytest.mark.parametrize("target", ["nowhere.yaml", "elsewhere.yaml"])
def test_a_ledger_that_is_a_link_brings_nothing_back(
    two: SiteTest, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    before = tree(two.built().out)
    withdraw(two)
    (two.root / "withdrawn.yaml").rename(two.root / "elsewhere.yaml")
    (two.root / "withdrawn.yaml").symlink_to(target)
    refused = two.build()
    assert (refused.code, refused.said()) == (2, ["ledger withdrawn.yaml:1"])
    assert "快捷方式" in refused.stderr
    assert tree(refused.out) == before
    assert withdraw(two, "content/meetings/2024-03-13-huiyi.md") == 2
    assert (two.root / "withdrawn.yaml").is_symlink()


def test_what_many_articles_say_is_no_copy_and_an_edit_that_makes_one_is_noticed(two: SiteTest) -> None:
    short, long = "请见附件。\n", "这一段话有三十多个字，别的文章里不会一字不差地再有，所以它再出现就是副本。\n"
    two.article("meetings/2024-03-13-huiyi.md", short, title="撤下的一篇")
    two.article("meetings/c.md", short, title="另一篇", date="2024-05-01").article(
        "meetings/d.md", long, title="第三篇"
    )
    withdraw(two)
    withdraw(two, "content/meetings/d.md")
    assert "meetings/2024/0501-c.html" in two.built().addresses()
    two.built()
    two.article(
        "meetings/c.md", long, title="另一篇", date="2024-05-01"
    )  # a text alone: what was planned is remembered
    assert two.build().said("error") == ["withdrawn.again content/meetings/c.md:2"]


def test_a_restored_article_is_back_and_the_ledger_still_knows(two: SiteTest) -> None:
    before = tree(two.built().out)
    withdraw(two)
    two.built()
    text = (two.root / "withdrawn.yaml").read_text("utf-8")
    two.write("withdrawn.yaml", text + "  restored: 2024年6月2日\n")
    assert tree(two.built().out) == before
    assert len(withdrawals.load(two.root).entries) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("article: a\n", "应是一条一条的记录"),
        ("- 一\n", "这条记录应是"),
        ("- {article: a, when: 2024-06-01}\n", "缺少 why"),
        ("- {article: a, when: 昨天, why: b}\n", "昨天"),
        ("- {article: a, when: 2024-06-01, why: b, adresses: c}\n", "是不是想写 addresses"),
        ("- {article: a, when: 2024-06-01, why: b, files: ../../etc/passwd}\n", "不是网站里的网址"),
        ("- {article: a, when: 2024-06-01, why: b, title: [c]}\n", "应是一行文字"),
        ("- {article: a\n", ""),
    ],
)
def test_a_ledger_that_cannot_be_understood_stops_the_build(site: SiteTest, text: str, said: str) -> None:
    site.built()
    found = site.write("withdrawn.yaml", text).build()
    assert found.code == 2
    assert "withdrawn.yaml:1" in found.stderr
    assert said in found.stderr


def test_a_ledger_in_whose_place_a_folder_lies_is_told_as_that(site: SiteTest) -> None:
    (site.root / "withdrawn.yaml").mkdir()
    found = site.build()
    assert found.code == 2
    assert "withdrawn.yaml:1" in found.stderr
    assert "这里要是一个普通的文件：从仓库里取回来" in found.stderr


@pytest.mark.parametrize("data", [b"", b"\n", b"\xff\xfe\xff\x81", b"\0"])
def test_a_ledger_that_was_emptied_or_spoilt_brings_nothing_back(data: bytes) -> None:
    with pytest.raises(ConfigError, match="读不了 withdrawn"):
        withdrawals.parse(data)


def test_a_ledger_of_comments_is_empty() -> None:
    assert withdrawals.parse("# 撤下的文章\n".encode()) == Ledger()


def test_rules_know_every_way_in_which_a_browser_asks() -> None:
    files = gone_rules(["a/b.html", "old/", "/info.jsp?id=1&x=(2)", '会"$.html'], "https://a.example.edu.cn/dqgz/")
    patterns = [
        line.split('"')[1].removeprefix("~") for line in files["gone.nginx.conf"].splitlines() if line[:1] == '"'
    ]
    asked = {
        **dict.fromkeys(["/dqgz/a/b.html", "/dqgz/a/b.html?from=wx", "/dqgz/old/", "/dqgz/old/index.html"], True),
        **dict.fromkeys(["/info.jsp?id=1&x=(2)", "/dqgz/%E4%BC%9A%22$.html"], True),
        **dict.fromkeys(["/dqgz/a/bxhtml", "/dqgz/a/b.htmlx", "/x/dqgz/a/b.html", "/info.jsp", "/dqgz/old"], False),
    }
    for path, gone in asked.items():
        assert any(re.fullmatch(pattern, path) for pattern in patterns) is gone, path
    assert gone_rules([], "https://a.example.edu.cn/") == {}


def test_only_standing_entries_count() -> None:
    one = Withdrawal("a.md", "2024-06-01 08:00", "b", addresses=("a.html",), files=("media/a.jpg",))
    back = Withdrawal("b.md", "2024-06-01 08:00", "b", addresses=("b.html",), restored="2024-06-02 00:00")
    found = Ledger((one, back))
    assert found.articles == frozenset({"a.md"})
    assert found.addresses == ("a.html",)
    assert found.files == frozenset({"media/a.jpg"})
