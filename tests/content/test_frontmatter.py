"""frontmatter.py (with blocks, entries, mending, keys and values): what authors type on top of a report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanging import without_hanging
from newsgen.content.frontmatter import read_article, read_section
from newsgen.content.frontmatter.block import FrontMatterBlock, split
from newsgen.content.frontmatter.keys import ARTICLE_KEYS, SECTION_KEYS
from newsgen.core.model import AttachmentEntry, Diagnostic, FrontMatter, Located, Review, SectionMatter
from newsgen.core.yaml.nodes import Mapping, Scalar, YamlError, plain
from newsgen.core.yaml.parser import parse

DATE = "date: 2024-03-13"


def article(block: str) -> tuple[FrontMatter | None, tuple[Diagnostic, ...]]:
    matter, _, _, diagnostics = read_article(f"---\n{block}\n---\n正文\n")
    return matter, diagnostics


def right(block: str) -> FrontMatter:
    matter, diagnostics = article(block)
    assert matter is not None
    assert diagnostics == ()
    return matter


def warned(block: str) -> tuple[FrontMatter, Diagnostic]:
    matter, (diagnostic,) = article(block)
    assert matter is not None
    assert diagnostic.severity == "warning"
    return matter, diagnostic


def refused(block: str) -> Diagnostic:
    matter, diagnostics = article(block)
    (error,) = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    assert matter is None
    assert error.hint
    return error


def place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    return diagnostic.code, diagnostic.line, diagnostic.column


# ---------------------------------------------------------------- the block and the body


def test_block_and_body_with_the_line_at_which_the_body_starts() -> None:
    matter, body, line, diagnostics = read_article(f"---\ntitle: 党委会\n{DATE}\n---\n第一段\n---\n第二段\n")
    assert matter == FrontMatter("党委会", date=right("title: x\n" + DATE).date, lines=(("title", 2), ("date", 3)))
    assert (body, line, diagnostics) == ("第一段\n---\n第二段\n", 5, ())


@pytest.mark.parametrize("text", ["\n\n---\ntitle: x\n---\nb", "---  \ntitle: x\n---\t\nb", "---\ntitle: x\n...\nb"])
def test_blank_lines_before_and_spaces_after_delimiters_are_silent(text: str) -> None:
    block = split(text, "")
    assert isinstance(block, FrontMatterBlock)
    assert (block.lines, block.body, block.diagnostics) == (("title: x",), "b", ())
    assert text.split("\n")[block.first_line - 1] == "title: x"
    assert text.split("\n")[block.first_body_line - 1] == "b"


@pytest.mark.parametrize("dashes", ["----", "--", "———", "——", "－－－", "—-", "–--", " ---"])
def test_what_input_methods_make_of_hyphens_is_taken_with_a_warning(dashes: str) -> None:
    matter, body, line, (diagnostic,) = read_article(f"{dashes}\ntitle: x\n{DATE}\n---\nb")
    assert matter is not None
    assert (body, line) == ("b", 5)
    assert (diagnostic.code, diagnostic.severity, diagnostic.line, diagnostic.hint) == (
        "front-matter.delimiter", "warning", 1, "改成：---"
    )  # fmt: skip


def test_one_hyphen_is_no_delimiter() -> None:
    assert place(read_article(f"-\ntitle: x\n{DATE}\n---\nb")[3][0]) == ("front-matter.missing", 1, 1)
    matter, body, _, remarks = read_article(f"---\ntitle: x\ntags:\n-\n- 甲\n{DATE}\n---\nb")
    assert matter is not None
    assert (matter.tags, body, remarks) == (("甲",), "b", ())


def test_an_odd_closing_line_is_warned_of_at_its_line() -> None:
    matter, body, _, (diagnostic,) = read_article(f"---\ntitle: x\n{DATE}\n－－－\nb")
    assert matter is not None
    assert body == "b"
    assert place(diagnostic) == ("front-matter.delimiter", 4, 1)


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        ("# 党日活动\n\n2024年3月9日召开。", "党日活动", "2024-03-09"),
        ("正文。", "文章标题", "年-月-日"),
        ("+++\ntitle = 'x'\n+++", "文章标题", "年-月-日"),
        ("```\n---\n", "文章标题", "年-月-日"),
    ],
)
def test_no_front_matter_is_an_error_whose_hint_shows_it(text: str, title: str, date: str) -> None:
    matter, body, line, (error,) = read_article(text)
    assert (matter, body, line) == (None, text, 1)
    assert place(error) == ("front-matter.missing", 1, 1)
    assert f"---\ntitle: {title}\ndate: {date}\n---" in error.hint


def test_a_missing_opening_line_is_asked_for_above_the_first_key() -> None:
    error = read_article("\n标题：x\n时间：2024-3-13\n---\n正文")[3][0]
    assert place(error) == ("front-matter.missing", 2, 1)
    assert error.hint == "在「标题：x」上面加一行：---"


def test_keys_without_any_delimiter_are_asked_to_stand_between_two() -> None:
    error = read_article("标题：党日活动\n时间：2024-3-13\n\n正文。")[3][0]
    assert error.message == "标题、时间等信息要放在两行 --- 中间"
    assert error.hint.startswith("在这几行的上面和下面各加一行 ---，")
    assert "title: 文章标题\ndate: 年-月-日\n" in error.hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: x\ndate: 2024-3-1\n\n正文第一段。\n\n第二段。\n", 3),
        ("---\ntitle: x\ndate: 2024-3-1\n\n正文第一段。\n\n---\n\n第二段。\n", 3),
        ("---\ntitle: x\ndate: 2024-3-1\n正文第一段。\n", 3),
        ("---\ntitle: x\ntags:\n- a\n- b\n\n正文。\n", 5),
        ("\n---\ntitle: x\n", 3),
        ("---", 1),
    ],
)
def test_an_unclosed_block_says_after_which_line_it_ends(text: str, line: int) -> None:
    matter, body, _, (error,) = read_article(text)
    assert (matter, body) == (None, "")
    assert place(error) == ("front-matter.unclosed", line, 1)
    assert f"在第 {line} 行" in error.hint


# ---------------------------------------------------------------- the table of keys


def test_every_key_of_the_table_is_a_field() -> None:
    names = FrontMatter.__annotations__.keys() - {"lines", "pinned_until"}
    assert {key.name for key in ARTICLE_KEYS} == names
    section = SectionMatter.__annotations__.keys() - {"list_kind"} | {"kind"}
    assert {key.name for key in SECTION_KEYS} == section


def test_no_name_stands_for_two_keys() -> None:
    for table in (ARTICLE_KEYS, SECTION_KEYS):
        names = [name for key in table for name in (key.name, *key.aliases)]
        assert len(names) == len(set(names))


def test_chinese_names_and_values_are_taken_silently() -> None:
    matter = right(
        "标题: 党委会\n副题: 之一\n短标题: 会\n类型: 转载\n原文链接: https://a.cn/1.htm\n作者: 张三、李四\n来源: 新华社\n"
        "时间: 2024年3月13日 9：30\n更新: 20240314\n摄影: 王五\n编辑: [赵六, 钱七]\n摘要: 摘要。\n标签: 党建，群团\n支部: 一支部\n"
        "封面: 图/全景照.jpg\n置顶: 是\n草稿: 否\n定时发布: 2024-3-14 8:00\n下线: 2024-4-1\nslug: party-day\n"
        "旧地址: /info/1023/4567.htm\n外链: https://b.cn\n附件: 名单.xlsx\n落款: 管理学院\n浏览基数: 0010"
    )
    assert (matter.title, matter.subtitle, matter.short_title, matter.kind) == ("党委会", "之一", "会", "reprint")
    assert (matter.original, matter.author, matter.source) == ("https://a.cn/1.htm", ("张三", "李四"), "新华社")
    assert matter.date is not None
    assert matter.updated is not None
    assert (matter.date.minute, matter.updated.day) == ("2024-03-13 09:30", "2024-03-14")
    assert (matter.photographer, matter.editor) == (("王五",), ("赵六", "钱七"))
    assert (matter.summary, matter.tags, matter.branch) == ("摘要。", ("党建", "群团"), ("一支部",))
    assert (matter.cover, matter.slug) == (Located("图/全景照.jpg", 16, 5), Located("party-day", 21, 7))
    assert (matter.pinned, matter.pinned_until, matter.draft) == (True, None, False)
    assert matter.publish_at is not None
    assert matter.expires is not None
    assert (matter.publish_at.minute, matter.expires.minute) == ("2024-03-14 08:00", "2024-04-01 00:00")
    assert matter.aliases == (Located("/info/1023/4567.htm", 22, 6),)
    assert (matter.redirect, matter.signature, matter.views_base) == ("https://b.cn", "管理学院", 10)
    assert matter.attachments == (AttachmentEntry(Located("名单.xlsx", 24, 5), None),)
    assert matter.line("作者") == 1
    assert matter.line("author") == 7


@pytest.mark.parametrize(
    "name", ["Short-Title", "SHORT_TITLE", "short title", '"short_title"', "ｓｈｏｒｔ＿ｔｉｔｌｅ"]
)
def test_english_keys_in_any_case_and_width(name: str) -> None:
    assert right(f"title: x\n{name}: y\n{DATE}").short_title == "y"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("titel", "title"), ("浏览", "浏览基数"), ("標籤", "标签"), ("作着", "作者"), ("tag", "tags")],
)
def test_an_unknown_key_is_a_warning_with_did_you_mean(name: str, meant: str) -> None:
    _, diagnostic = warned(f"title: x\n{DATE}\n{name}: ")
    assert place(diagnostic) == ("front-matter.unknown-key", 4, 1)
    assert name in diagnostic.message
    assert f"「{meant}」" in diagnostic.hint


def test_an_unknown_key_takes_its_lines_along_but_no_known_key() -> None:
    matter, diagnostic = warned(f"title: x\nfoo:\n  - [\n  bar: 1\n{DATE}")
    assert (matter.title, diagnostic.line) == ("x", 3)
    found, diagnostics = article(f"foo: 1\n title: x\n{DATE}")
    assert found is not None
    assert [diagnostic.code for diagnostic in diagnostics] == ["front-matter.unknown-key", "front-matter.space"]


def test_a_key_that_stands_twice_is_an_error_also_by_another_name() -> None:
    error = refused("title: x\n时间: 2024-3-13\n日期: 2024-3-14")
    assert place(error) == ("front-matter.duplicate-key", 4, 1)
    assert "第 3 行" in error.message
    assert "时间" in error.message


@pytest.mark.parametrize("line", ["cover:", "cover: ''", "cover: ~", "cover: # 以后再加", "tags: []", "tags: ，"])
def test_an_empty_value_is_an_absent_one(line: str) -> None:
    matter = right(f"title: x\n{DATE}\n{line}")
    assert (matter.cover, matter.tags) == (None, ())


def test_comments_and_blank_lines_are_no_entries() -> None:
    assert right(f"# 说明\n\ntitle: x\n\n# 再说明\n{DATE}\n\n").title == "x"


# ---------------------------------------------------------------- tolerance: accepted, with the corrected line


@pytest.mark.parametrize(
    ("line", "title", "corrected", "code"),
    [
        ("title：x", "x", "title: x", "colon"),
        ("标题：管理学院：会议", "管理学院：会议", "标题: 管理学院：会议", "colon"),
        ("标题:x", "x", "标题: x", "colon"),
        ("\u3000标题：x", "x", "标题: x", "space"),
        ("  title: x", "x", "title: x", "space"),
        ("title:\u3000x", "x", "title: x", "space"),
        ("title\xa0: x", "x", "title: x", "space"),
        ("title:\tx", "x", "title: x", "tab"),
        ("“标题”: x", "x", "标题: x", "quotes"),
        ("title: [通知] 开会", "[通知] 开会", 'title: "[通知] 开会"', "quotes"),
        ("title: [通知]", "[通知]", 'title: "[通知]"', "quotes"),
        ("title: {a: b} c", "{a: b} c", 'title: "{a: b} c"', "quotes"),
        ("title: A: B", "A: B", 'title: "A: B"', "quotes"),
        ("title: 通知:", "通知:", 'title: "通知:"', "quotes"),
        ("title: @全体党员", "@全体党员", 'title: "@全体党员"', "quotes"),
        ('title: "第一议题"学习会', '"第一议题"学习会', "title: '\"第一议题\"学习会'", "quotes"),
        ("title: 'a'b", "'a'b", "title: \"'a'b\"", "quotes"),
        ('title: "只有前一半', "只有前一半", 'title: "只有前一半"', "quotes"),
        ('title: "D:\\图片"', "D:\\图片", "title: 'D:\\图片'", "quotes"),
        ("title: #1 教学楼", "#1 教学楼", 'title: "#1 教学楼"', "quotes"),
        ("title: 走访 #1 教学楼", "走访 #1 教学楼", 'title: "走访 #1 教学楼"', "quotes"),
        ("title: 走访 # 备注", "走访 # 备注", 'title: "走访 # 备注"', "quotes"),
        ("title: %5", "%5", 'title: "%5"', "quotes"),
        ("title: `x`", "`x`", 'title: "`x`"', "quotes"),
        ("title: &x 标题", "&x 标题", 'title: "&x 标题"', "quotes"),
        ("title: *重要* 通知", "*重要* 通知", 'title: "*重要* 通知"', "quotes"),
        ("title: !重要", "!重要", 'title: "!重要"', "quotes"),
        ("title: ? x", "? x", 'title: "? x"', "quotes"),
        ("title: - x", "- x", 'title: "- x"', "quotes"),
        ("title: | 学院", "| 学院", 'title: "| 学院"', "quotes"),
        ("title: > 学院", "> 学院", 'title: "> 学院"', "quotes"),
        ("\u3000标题：[通知] 开会", "[通知] 开会", '标题: "[通知] 开会"', "space"),
    ],
)
def test_a_line_whose_meaning_is_beyond_doubt_is_taken(line: str, title: str, corrected: str, code: str) -> None:
    matter, diagnostic = warned(f"{line}\n{DATE}")
    assert matter.title == title
    assert (diagnostic.code, diagnostic.line, diagnostic.hint) == (f"front-matter.{code}", 2, f"改成：{corrected}")
    assert right(f"{corrected}\n{DATE}").title == title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: “第一议题”：学习", "“第一议题”：学习"),
        ("title: 【通知】开会", "【通知】开会"),
        ("title: C#与a#b", "C#与a#b"),
        ("title: 比例5:3", "比例5:3"),
        ("title: -x", "-x"),
        ("title: 0010", "0010"),
        ("title: 9:30", "9:30"),
        ("title: 2024", "2024"),
        ("title: null值", "null值"),
        ("title: 'It''s'", "It's"),
        ("title: a  ", "a"),
        ("title: 前\u3000后", "前\u3000后"),
        ("title: 党委召开\n  支部会议", "党委召开支部会议"),
        ("title: >-\n  党委\n  PPT", "党委 PPT"),
        ("title: |\n  时间：下午\n  date: 明天", "时间：下午 date: 明天"),
    ],
)
def test_titles_that_need_no_remark(line: str, title: str) -> None:
    assert right(f"{line}\n{DATE}").title == title


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("[党建，群团]", ("党建", "群团")),
        ("党建、群团；团委", ("党建", "群团", "团委")),
        ("\n- 党建\n- 群团", ("党建", "群团")),
        ("\n  - 党建，群团\n  - 党建", ("党建", "群团")),
        ("[\n  党建,\n  群团\n]", ("党建", "群团")),
        ("党建 # 备注", ("党建",)),
    ],
)
def test_lists_in_every_form_are_silent(typed: str, tags: tuple[str, ...]) -> None:
    assert right(f"title: x\ntags: {typed}\n{DATE}").tags == tags


def test_each_odd_line_of_a_list_is_warned_of_at_its_line() -> None:
    matter, diagnostics = article(f"title: x\ntags:\n- 甲\n-乙\n- [丙] 丁\n- #戊\n- a: b\n{DATE}")
    assert matter is not None
    assert matter.tags == ("甲", "乙", "[丙] 丁", "#戊", "a: b")
    assert [(diagnostic.line, diagnostic.hint) for diagnostic in diagnostics] == [
        (5, "改成：- 乙"), (6, '改成：- "[丙] 丁"'), (7, '改成：- "#戊"'), (8, '改成：- "a: b"')
    ]  # fmt: skip


def test_a_list_may_go_on_in_the_next_line_and_hold_comments() -> None:
    assert right(f"title: x\ntags: 甲、乙、\n  丙、丁\n{DATE}").tags == ("甲", "乙", "丙", "丁")
    assert right(f"title: x\ntags:\n  - 甲\n  # 注\n  - 乙\n{DATE}").tags == ("甲", "乙")
    assert right(f"title: x\ntags: [甲,\n  ·乙]\n{DATE}").tags == ("甲", "·乙")


def test_a_quoted_title_may_go_on_in_the_next_line() -> None:
    for quote in "\"'":
        assert right(f"title: {quote}第一行\n第二行{quote}\n{DATE}").title == "第一行 第二行"


def test_a_line_with_a_hyphen_and_a_colon_below_a_key_is_its_text() -> None:
    matter, remark = warned(f"title: x\n{DATE}\nsummary:\n-时间: 下午三点")
    assert matter.summary == "-时间: 下午三点"
    assert remark.message == "「summary」这一行：分成了几行，请写成一行"


def test_a_soft_return_in_one_value_leaves_the_lines_of_the_others_alone() -> None:
    matter = right(f"title: 上半\u2028下半\ntags:\n  - 甲\n  - 乙\nsummary: 一句\n  两句\n{DATE}\u2028draft: 否")
    assert (matter.title, matter.tags, matter.summary, matter.draft) == ("上半下半", ("甲", "乙"), "一句两句", False)
    assert matter.date is not None


def test_a_blank_line_of_spaces_makes_no_value_of_several_lines() -> None:
    assert warned(f"title: 甲: 乙\n   \n{DATE}")[1].code == "front-matter.quotes"


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("“标题”: x", "quotes", "名称不用加引号"),
        ("标题\u3000: x", "space", "冒号旁边有全角空格或特殊空格"),
        ("标题:\xa0x", "space", "冒号旁边有全角空格或特殊空格"),
        ("标题:\tx", "tab", "冒号后面是制表符（Tab），要用空格"),
        ("标题：x", "colon", "冒号要用英文的“:”，后面空一格"),
        ("标题:x", "colon", "冒号后面要空一格"),
        (" 标题: x", "space", "前面多了空格"),
    ],
)
def test_what_is_odd_about_a_name_is_told_with_the_line_as_it_should_be(line: str, code: str, words: str) -> None:
    matter, remark = warned(f"{line}\n{DATE}")
    assert matter.title == "x"
    assert (remark.code, remark.message) == (f"front-matter.{code}", f"「标题」这一行：{words}")
    assert remark.hint == "改成：标题: x"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("新闻", "news"), ("通知", "notice"), ("公示", "announcement"), ("转载", "reprint"), ("单页", "page")),
        *(("页面", "page"), ("news", "news"), ("notice", "notice"), ("announcement", "announcement")),
        *(("reprint", "reprint"), ("page", "page")),
    ],
)
def test_the_kind_of_a_report_in_chinese_and_english(typed: str, meant: str) -> None:
    more = "expires: 2024-4-1\nsource: 新华社\noriginal: https://a.cn\nslug: x"
    assert right(f"title: x\n{DATE}\nkind: {typed}\n{more}").kind == meant


@pytest.mark.parametrize("name", ["附件:", "审核:", "摘要: |"])
def test_in_a_block_that_is_indented_as_a_whole_each_key_stands_for_itself(name: str) -> None:
    matter, remarks = article(f" 标题: x\n {name}\n 时间: 2024-03-13")
    assert matter is not None
    assert matter.date == right(f"title: x\n{DATE}").date
    assert [place(said) for said in remarks] == [("front-matter.space", line, 2) for line in (2, 3, 4)]


def test_the_column_of_a_value_is_counted_past_all_that_stands_before_it() -> None:
    for line, column in (("slug: 党", 7), ("slug : 党", 8), ("slug :  党", 9), ("slug：党", 6), ("slug:党", 6)):
        _, remarks = article(f"title: x\n{DATE}\n{line}")
        assert [(said.line, said.column) for said in remarks if said.code == "front-matter.slug"] == [(4, column)]


def test_brackets_that_do_not_close_are_closed() -> None:
    matter, diagnostic = warned(f"title: x\ntags: [党建, 群团\n{DATE}")
    assert matter.tags == ("党建", "群团")
    assert diagnostic.hint == "改成：tags: 党建, 群团"


@pytest.mark.parametrize("author", ["[张三] 李四", "@张三", "张三: 李四", "#张三", '"张三" 李四'])
def test_names_never_fail_on_punctuation(author: str) -> None:
    assert warned(f"title: x\nauthor: {author}\n{DATE}")[0].author == (author,)


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("block", "code", "line"),
    [
        (DATE, "title", 1),
        (f"title:\n{DATE}", "title", 2),
        (f"title: # 标题\n{DATE}", "title", 2),
        (f"title:\n  - a\n  - b\n{DATE}", "title", 3),
        (f"title:\n  a: b\n{DATE}", "title", 3),
        ("title: x", "date", 3),
        ("title: x\ndate:", "date", 3),
        ("title: x\ndate: 2023-2-29", "date", 3),
        ("title: x\ndate: 今天", "date", 3),
        (f"title: x\n{DATE}\nkind: 公示", "expires", 5),
        (f"title: x\n{DATE}\nkind: 转载\nsource: 新华社", "original", 6),
        (f"title: x\n{DATE}\nkind: 转载\noriginal: https://a.cn", "source", 6),
        (f"title: x\n{DATE}\nkind: 通告", "kind", 4),
        (f"title: x\n{DATE}\npublish_at: 2024-3-15\nexpires: 2024-3-15", "expires", 5),
        (f"title: x\n{DATE}\npinned: 一直", "pinned", 4),
        (f"title: x\n{DATE}\ndraft: 也许", "draft", 4),
        (f"title: x\n{DATE}\nviews_base: -1", "views_base", 4),
        (f"title: x\n{DATE}\nviews_base: 很多", "views_base", 4),
        (f"title: x\n{DATE}\nredirect: javascript:alert(1)", "redirect", 4),
        (f"title: x\n{DATE}\noriginal: x", "original", 4),
        (f"title: x\n第二行文字\n{DATE}", "line", 3),
        (f"title: x\n{DATE}\ntags: *a", "yaml", 4),
        (f"title: x\n{DATE}\ntags: &a [x, *a]", "yaml", 4),
        (f"title: x\n{DATE}\nreviews: !!python/object:os.system x", "yaml", 4),
        (f"title: x\n{DATE}\ntags: {'[' * 60}{']' * 60}", "yaml", 4),
        (f"title: x\n{DATE}\ntags: 甲\n  - 乙", "yaml", 4),
        (f"title: x\n{DATE}\nslug: a\n  b: c", "slug", 4),
        (f"title: x\n{DATE}\ntags:\n  甲: 乙", "tags", 5),
        (f"title: x\n{DATE}\naliases:\n  甲: /a.htm", "aliases", 5),
        (f"title: x\n{DATE}\naliases: https://[x", "aliases", 4),
        (f"title: x\n{DATE}\nattachments:\n  - name: 名单", "attachments", 5),
        (f"title: x\n{DATE}\nattachments:\n  - [a.pdf, b.pdf]", "attachments", 5),
        (f"title: x\n{DATE}\nattachments:\n  - file: a\n    size: 3", "attachments", 6),
        (f"title: x\n{DATE}\nreviews: 初审", "reviews", 4),
        (f"title: x\n{DATE}\nreviews:\n  - 环节: 初审", "reviews", 5),
        (f"title: x\n{DATE}\nreviews:\n  - 环节: 初审\n    姓名: 甲\n    时间: 昨天", "reviews", 7),
        (f"title: x\n{DATE}\nreviews:\n  - 环节: 初审\n    姓名: 甲\n    姓名: 乙", "reviews", 7),
    ],
)
def test_what_cannot_be_meant_is_an_error_at_its_line(block: str, code: str, line: int) -> None:
    error = refused(block)
    assert (error.code, error.line) == (f"front-matter.{code}", line)


@pytest.mark.parametrize("slug", ["党日", "a b", ".a", "a.", "a..b", "../a", "a/b", "index", "a.html", "a" * 81])
def test_slugs_that_are_no_file_names_are_refused(slug: str) -> None:
    assert place(refused(f"title: x\n{DATE}\nslug: {slug}")) == ("front-matter.slug", 4, 7)


@pytest.mark.parametrize(
    ("slug", "message", "hint"),
    [
        ("a.", "网址名「a.」不能以点开头或结尾，也不能有两个连着的点", "改成 slug: a"),
        ("党日" + "ab-" * 40, None, "改成 slug: " + "ab-" * 19 + "ab"),
        ("2024年", None, "只用英文字母、数字和减号；或者删掉这一行，网址就从文件名来"),
        (
            "con",
            "网址名不能是 con：Windows 上不能有这个名字的文件",
            "只用英文字母、数字和减号；或者删掉这一行，网址就从文件名来",
        ),
        ("Party-Day.HTML", "网址名后面不用写 .html，会自动加上", "改成 slug: party-day"),
    ],
)
def test_a_slug_that_is_refused_is_told_with_one_that_works(slug: str, message: str | None, hint: str) -> None:
    error = refused(f"title: x\n{DATE}\nslug: {slug}")
    assert error.hint == hint
    assert message in (None, error.message)


def test_a_pin_that_is_neither_yes_nor_a_day_is_told_what_to_write() -> None:
    error = refused(f"title: x\n{DATE}\npinned: 永远")
    assert error.message == "「永远」看不懂"
    assert error.hint.startswith("写 是 或 否，或者置顶的最后一天：")


def test_a_line_that_is_no_entry_is_corrected_only_where_it_begins_with_a_key() -> None:
    assert refused(f"title: x\n作者 张三\n{DATE}").hint == "改成：作者: 张三"
    assert refused(f"title: x\n作家 张三\n{DATE}").hint.startswith("写成“名称: 值”")
    assert refused(f"title: x\n作者\n{DATE}").hint.startswith("写成“名称: 值”")


def test_a_standing_page_needs_no_date_but_a_slug_that_is_no_list_page() -> None:
    matter = right("title: 机构设置\nkind: page\nslug: about")
    assert (matter.kind, matter.date) == ("page", None)
    assert place(refused("title: 机构设置\nkind: page\nslug: 12")) == ("front-matter.slug", 4, 7)
    assert right(f"title: x\nslug: 12\n{DATE}").slug == Located("12", 3, 7)


@pytest.mark.parametrize("alias", ["/info/1023/4567.htm", "/a.jsp?urltype=x&id=1", "hyjl/old.html", "old/", "a/b.htm"])
def test_old_addresses_below_the_site_or_on_the_server(alias: str) -> None:
    assert right(f"title: x\n{DATE}\naliases: {alias}").aliases == (Located(alias, 4, 10),)


@pytest.mark.parametrize(
    "alias",
    [
        "../a.html",
        "a/../b.html",
        "a/%2e%2e/b.html",
        "con.html",
        "old/aux/a.html",
        "old/NUL.htm",
        ".git/a.html",
        "a/.b/c.html",
        "a./b.html",
        "/%2F/a",
        "/a%5cb",
        "/a/../b",
        "/a/..",
        "//b.cn/",
        "/",
        "/%2e%2e/a",
        "a.pdf",
        "党/",
        "/a$b",
        "/a;b",
    ],
)
def test_old_addresses_that_leave_the_site_or_break_rules_are_refused(alias: str) -> None:
    _, diagnostics = article(f"title: x\n{DATE}\naliases: {alias}")
    assert (diagnostics[0].code, diagnostics[0].severity, diagnostics[0].line) == ("front-matter.aliases", "error", 4)


@pytest.mark.parametrize(
    ("alias", "hint"),
    [
        ("old/con.html", "Windows 上不能有叫 con.html 的文件；旧网站在服务器的根上，就从 / 写起：/old/con.html"),
        ("con.jsp?id=1", "Windows 上不能有叫 con.jsp 的文件；旧网站在服务器的根上，就从 / 写起：/con.jsp"),
        ("info", "是原网站的路径，就从 / 写起；是本站里的网页，末尾写 .html 或 /。改成：info.html"),
        ("a.jsp?id=1", "是原网站的路径，就从 / 写起；是本站里的网页，末尾写 .html 或 /。改成：/a.jsp?id=1"),
        ("a$b", "从浏览器地址栏复制旧网页的地址，去掉域名，从 / 写起；本站里的旧地址写成“文件夹/名称.html”"),
        ("/a$b", "从浏览器地址栏复制旧网页的地址，去掉域名，从 / 写起；本站里的旧地址写成“文件夹/名称.html”"),
    ],
)
def test_an_old_address_that_is_refused_is_told_with_what_to_type(alias: str, hint: str) -> None:
    assert refused(f"title: x\n{DATE}\naliases: {alias}").hint == hint


def test_a_whole_old_address_stands_for_its_path() -> None:
    matter, diagnostic = warned(f"title: x\n{DATE}\naliases: https://sm.a.cn/info/1.htm?b=2")
    assert matter.aliases == (Located("/info/1.htm?b=2", 4, 10),)
    assert place(diagnostic) == ("front-matter.aliases", 4, 10)
    assert diagnostic.hint == "改成：/info/1.htm?b=2"
    assert warned(f"title: x\n{DATE}\naliases: http://sm.a.cn/info/1.htm")[1].hint == "改成：/info/1.htm"


def test_all_faults_are_reported_at_once() -> None:
    _, diagnostics = article("title: [a] b\ndate: 2024-13-1\nslug: 党\ndraft: 也许\nfoo: 1")
    assert [(diagnostic.code.partition(".")[2], diagnostic.line) for diagnostic in diagnostics] == [
        ("quotes", 2), ("unknown-key", 6), ("date", 3), ("slug", 4), ("draft", 5)
    ]  # fmt: skip


def test_remarks_that_do_not_stop_anything() -> None:
    assert warned(f"title: {'长' * 121}\n{DATE}")[1].code == "front-matter.title"
    assert right(f"title: {'长' * 120}\n{DATE}").title == "长" * 120


# ---------------------------------------------------------------- pinned, attachments, reviews


def test_a_last_pinned_day_is_included() -> None:
    matter = right(f"title: x\n{DATE}\npinned: 2024-3-31")
    assert matter.pinned is True
    assert matter.pinned_until is not None
    assert matter.pinned_until.iso == "2024-04-01T00:00:00+08:00"
    minute = right(f"title: x\n{DATE}\npinned: 2024-3-31 12:00").pinned_until
    assert minute is not None
    assert minute.iso == "2024-03-31T12:00:00+08:00"


def test_attachments_in_one_line_may_hold_commas_in_their_names() -> None:
    found = right(f"title: x\n{DATE}\n附件: 名单、回执.xlsx，b.pdf").attachments
    assert found == (
        AttachmentEntry(Located("名单、回执.xlsx", 4, 5), None),
        AttachmentEntry(Located("b.pdf", 4, 16), None),
    )


def test_attachments_with_names_in_chinese_keys() -> None:
    block = f"title: x\n{DATE}\n附件:\n  - 文件: a.pdf\n    名称: 名单\n  - {{file: b.pdf}}\n  - 附件2：表.docx"
    assert right(block).attachments == (
        AttachmentEntry(Located("a.pdf", 5, 9), "名单"),
        AttachmentEntry(Located("b.pdf", 7, 12), None),
        AttachmentEntry(Located("附件2：表.docx", 8, 5), None),
    )


def test_one_attachment_with_a_name_needs_no_list() -> None:
    found = right(f"title: x\n{DATE}\n附件: {{文件: a.pdf, 名称: 名单}}").attachments
    assert [(entry.file.text, entry.name) for entry in found] == [("a.pdf", "名单")]


def test_reviews_are_text_as_typed() -> None:
    block = f"title: x\n{DATE}\n审核:\n  - {{环节: 初审, 姓名: 甲, 时间: 2024-3-13 9:30, OA: 0010, 摘要值: 1e3}}\n  - stage: 终审\n    name: 乙"
    assert right(block).reviews == (
        Review("初审", "甲", "2024-3-13 9:30", "0010", "1e3"),
        Review("终审", "乙", None, None, None),
    )


def test_full_width_colons_within_reviews_are_mended_line_by_line() -> None:
    matter, diagnostics = article(f"title: x\n{DATE}\n审核:\n\t- 环节：初审\n\t  姓名:@甲")
    assert matter is not None
    assert matter.reviews == (Review("初审", "@甲", None, None, None),)
    assert [(diagnostic.line, diagnostic.hint) for diagnostic in diagnostics] == [
        (5, "改成：  - 环节: 初审"), (6, '改成：    姓名: "@甲"')
    ]  # fmt: skip


# ---------------------------------------------------------------- _index.md


def test_a_section_file_in_english_and_chinese() -> None:
    text = "---\n标题: 会议动态\n权重: 10\n简介: 各类会议\n关键词: 党委、会议\n菜单: 否\n类型: 图文\n---\n介绍\n"
    matter, body, line, diagnostics = read_section(text)
    assert matter == SectionMatter("会议动态", 10, "各类会议", ("党委", "会议"), False, "thumbnails")
    assert (body, line, diagnostics) == ("介绍\n", 9, ())
    assert read_section("---\ntitle: x\n---\n")[0] == SectionMatter("x")


def test_a_section_is_told_of_its_own_keys_alone() -> None:
    (remark,) = read_section("---\ntitle: x\n公示期: 5 天\n---\n")[3]
    assert remark.hint == "可以写：标题、排序、简介、关键词、菜单、类型"


def test_section_faults() -> None:
    assert place(read_section("---\nweight: 1\n---\n")[3][0]) == ("front-matter.title", 1, 1)
    assert place(read_section("---\ntitle: x\nweight: 高\n---\n")[3][0]) == ("front-matter.weight", 3, 9)
    matter, _, _, (diagnostic,) = read_section("---\ntitle: x\nwieght: 1\n---\n")
    assert matter is not None
    assert "「weight」" in diagnostic.hint
    assert "date" not in read_section("正文")[3][0].hint


# ---------------------------------------------------------------- for any text at all

LINES = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "\u3000", "\t", "- ", "  - "]),
        st.sampled_from(
            [name for key in ARTICLE_KEYS for name in (key.name, *key.aliases)] + ["环节", "file", "x", "---"]
        ),
        st.sampled_from([": ", "：", ":", " : ", ":\t", "", ":\n", ":\n  - ", ": |\n  "]),
        st.text(st.sampled_from("[]{}'\"#&*!|>%@`:：,，-?\\ \t\u3000\n党a1.年月日0"), max_size=12),
    ).map("".join),
    max_size=8,
)


@given(st.text())
def test_any_text_is_read_without_a_traceback(text: str) -> None:
    for read in (read_article, read_section):
        matter, _, line, diagnostics = read(text)
        assert (matter is None) == any(diagnostic.severity == "error" for diagnostic in diagnostics)
        assert line >= 1


@given(LINES)
def test_any_block_is_read_and_every_remark_has_its_place_and_remedy(lines: list[str]) -> None:
    text = "---\n" + "\n".join(lines) + "\n---\n正文"
    matter, body, line, diagnostics = read_article(text)
    assert (matter is None) == any(diagnostic.severity == "error" for diagnostic in diagnostics)
    assert body == "" or text.split("\n", line - 1)[-1] == body
    for diagnostic in diagnostics:
        assert 1 <= diagnostic.line <= text.count("\n") + 1
        assert diagnostic.column >= 1
        assert diagnostic.hint


@given(st.text(min_size=1).filter(lambda text: text == text.strip() != ""))
def test_what_is_taken_as_plain_is_what_yaml_reads(text: str) -> None:
    if plain(text):
        root = parse(f"k: {text}")
        assert isinstance(root, Mapping)
        assert root.entries[0][1] == Scalar(text, 1, 4)


@given(
    st.text(st.sampled_from("[]{}'\"#&*!|>%@`:：,，-?\\ 党a1"), min_size=1).filter(lambda text: text == text.strip())
)
def test_a_title_never_fails_and_loses_nothing_in_silence(text: str) -> None:
    matter, diagnostics = article(f"title: {text}\n{DATE}")
    if matter is None:
        assert diagnostics[-1].code == "front-matter.title"
        assert text[0] in "#|>'\"~"
    elif not diagnostics:
        assert matter.title == text or text[0] in "'\""


def test_a_huge_block_is_read_in_linear_time() -> None:
    with without_hanging():
        for line in ("title: [", "a" + " " * 90_000, "标" * 90_000 + "：x", "date: " + "一" * 90_000):
            read_article("---\n" + f"{line}\n" * 20 + "甲\n" * 5_000 + "---\n")


def test_a_yaml_problem_never_leaves_the_reader() -> None:
    with pytest.raises(YamlError):
        parse("a: [")
    assert refused(f"title: x\n{DATE}\nreviews: [").code == "front-matter.yaml"


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("2024-05-06 至 2024-05-12", "下线: 2024-05-13"),
        ("2024年5月6日—2024年5月31日", "下线: 2024-06-01"),
        ("5 天", "下线: 最后一天的后一天"),
        ("2024-02-30", "下线: 最后一天的后一天"),
        ("9999-12-31", "下线: 最后一天的后一天"),
    ],
)
def test_the_days_of_a_notice_are_told_how_they_are_written(typed: str, instead: str) -> None:
    _, (diagnostic,) = article(f"title: 甲\n{DATE}\n公示期: {typed}")
    assert diagnostic.code == "front-matter.unknown-key"
    assert diagnostic.hint.endswith(f"写成：{instead}")


def test_reviewers_are_also_called_so_and_an_answer_is_no_name() -> None:
    matter = right(f"title: 甲\n{DATE}\n审核人: 张三")
    assert [review.name for review in matter.reviews] == ["张三"]
    for typed in ("是", "已审核", "终审 通过", "[张三, 是]"):
        refused, (diagnostic,) = article(f"title: 甲\n{DATE}\n审核: {typed}")
        assert refused is None
        assert diagnostic.message.startswith("审核后面写的是审核人的姓名")
