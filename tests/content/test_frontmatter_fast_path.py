"""fast_path.py: the fast path through plain front matter gives what the full reader gives, for any text.

NEWSGEN_EXAMPLES=1000000 pytest tests/content/test_frontmatter_fast_path.py looks longer.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random

import pytest

import examples as st
from examples import Source, given
from newsgen.content import frontmatter
from newsgen.content.frontmatter import read_article, read_section
from newsgen.content.frontmatter.block import read_block
from newsgen.content.frontmatter.fast_path import PlainBlock, parse_fast
from newsgen.content.frontmatter.keys import ARTICLE, ARTICLE_KEYS, SECTION, SECTION_KEYS

MANY = 5000
TESTS = Path(__file__).parents[1]
FILES = sorted([*(TESTS.parent / "content").rglob("*.md"), *TESTS.glob("[irw]*/**/*.md")])
REPORT = """---
title: 管理学院党委召开“落实基层主体责任，推进党建业务融合”会议
date: 2024-03-13
# 供稿
author: 张三、李四
source: "管理学院: 党委"
tags: [党建, 群团 , 支部]

branch:
cover: 图/全景照.jpg
pinned: 是
---
　　正文。
"""


def plain_block(text: str) -> PlainBlock:
    block = parse_fast(text, ARTICLE)
    assert block is not None
    return block


def assert_same(text: str) -> None:
    """The fast path gives up, or reads what the full reader reads: values and types, places, order, body."""
    for keys in (ARTICLE, SECTION):
        block = parse_fast(text, keys)
        assert block is None or repr(block) == repr(read_block(text, keys, "")), text


# ---------------------------------------------------------------- what is read without the full reader


def test_a_report_as_members_type_it_goes_the_short_way() -> None:
    block = plain_block(REPORT)
    assert block.body == "　　正文。\n"
    assert block.first_body_line == 13
    assert block.values["author"] == ("张三", "李四")
    assert block.values["source"] == "管理学院: 党委"
    assert block.values["tags"] == ("党建", "群团", "支部")
    assert list(block.lines.items()) == [
        ("title", 2), ("date", 3), ("author", 5), ("source", 6), ("tags", 7), ("branch", 9), ("cover", 10), ("pinned", 11)
    ]  # fmt: skip
    assert_same(REPORT)


def test_nearly_every_file_of_the_sample_site_goes_the_short_way() -> None:
    texts = [path.read_text("utf-8") for path in FILES if TESTS not in path.parents]
    plain = [text for text in texts if parse_fast(text, ARTICLE) or parse_fast(text, SECTION)]
    assert len(plain) > 0.9 * len(texts)


@pytest.mark.parametrize(
    "line",
    [
        "title：x", "title：", "titles", "title:x", " title: x", "title : x", "title:  x", "title:\tx", "TITLE: x", "titel: x", "title", "- x",
        "title: x ", "title: A: B", "title: A:", "title: a #b", "title: #a", "title: [通知] 开会", 'title: "a"b"',
        'title: "a\\b"', "title: 'It''s'", 'title: " "', "title: ~", "title: null", "title: 前　后", "title: a\xa0b",
        "title: a\n  b", "title: |\n  a", "date: 2023-2-29", "date: 今天", "draft: 也许", "slug: 党", "cover: '图.jpg'",
        "tags: [a, ]", "tags: []", "tags: [a, -b]", "tags: [a,, b]", 'tags: ["a", b]', "tags: [a: b]", "tags: [a]b",
        "tags:\n- a", "attachments: [a.pdf]", "aliases: https://a.cn/b", "reviews: 初审", "cover: \"图\\a.jpg\"", "date: 2024-3-13\n时间: 2024-3-13",
    ],
)  # fmt: skip
def test_whatever_may_need_a_word_is_left_to_the_whole_chain(line: str) -> None:
    text = f"---\nsubtitle: x\n{line}\nsource: y\n---\n"
    assert parse_fast(text, ARTICLE) is None


@pytest.mark.parametrize(
    "text", ["", "---", "---\n---\n", "---\ntitle: x", "---\ntitle: x\n---", "----\ntitle: x\n---\n"]
)
def test_a_block_with_other_delimiters_is_left_to_the_whole_chain(text: str) -> None:
    assert parse_fast(text, ARTICLE) is None


# ---------------------------------------------------------------- the two ways meet

SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t　\xa0\x85\u2028\ufeff、：甲"


@pytest.mark.long
@pytest.mark.parametrize("form", ["{}", "[{}]", "[丙, {}]", '"{}"', "'{}'"])
@pytest.mark.parametrize("name", ["title", "tags"])
def test_any_two_signs_before_within_and_after_a_word_are_read_the_same_both_ways(name: str, form: str) -> None:
    for first, second in product(SIGNS, SIGNS):
        for value in (f"{first}{second}乙", f"甲{first}{second}乙", f"甲{first}{second}"):
            assert_same(f"---\n{name}: {form.format(value)}\n---\n")


WORDS = st.sampled_from(
    [
        "党建", "管理学院党委", "“第一议题”", "《条例》", "学习", "A", "PPT", "20", "张三", "、", "，", "：", "；", "—", "·", "…",
        " ", "2024-03-13", "照片.jpg", "a.pdf", "/info/1.htm", "，", "〔2024〕1号", "é", "𠮷",
    ]
)  # fmt: skip
HOSTILE = st.sampled_from(
    [
        ": ", ":", " #", "#", '"', "'", "[", "]", "{", "}", ",", "&", "*", "!", "|", ">", "%", "@", "`", "?", "-", "- ",
        "~", "null", "\\", "\t", "　", "\xa0", "\ufeff", "\r", "\x00", "\x85", "\u2028", "\u200b", "\n", "\n  ", "\n- ",
        "---", "...", "=", "<<", "\ud800", "😀", "::", "//", "١٢", "２０２４－３－１３", "yes", "off", "0x1F", "1e3", "9:30",
    ]
)  # fmt: skip
VALUES = st.one_of(
    st.lists(WORDS, least=1, most=4).map("".join),
    st.lists(WORDS, least=1, most=4).map("".join),
    st.lists(st.one_of(WORDS, WORDS, HOSTILE), most=5).map("".join),
    st.lists(st.one_of(WORDS, HOSTILE), most=3).map(lambda items: f"[{', '.join(items)}]"),
    st.lists(st.one_of(WORDS, HOSTILE), most=3).map(lambda items: f'"{"".join(items)}"'),
    st.lists(st.one_of(WORDS, HOSTILE), most=3).map(lambda items: f"'{''.join(items)}'"),
    st.lists(st.character, most=4).map("".join),
    st.sampled_from(
        ["", "~", "null", "x" * 1100, "是", "否", "no", "2024-3-13", "2024年3月13日 9:30", "0010", "通知", "128"]
    ),
)
MOMENTS = st.sampled_from(["2024-03-13", "2024年3月13日", "2024-3-13 9:30", "20240313"])
FITTING: dict[str, Source[str]] = {
    **dict.fromkeys(("date", "updated", "expires", "publish_at", "pinned"), MOMENTS),
    **dict.fromkeys(("draft", "menu"), st.sampled_from(["是", "no", "off", "1"])),
    "kind": st.sampled_from(["新闻", "page", "转载", "公示", "图文"]),
    **dict.fromkeys(
        ("slug", "cover", "attachments"), st.sampled_from(["a-b", "12", "a.pdf、b.pdf", "图/照片.jpg", "图\\照片.jpg"])
    ),
    "reviews": st.sampled_from(
        ["张三", "初审 张三、终审 李四", "初审：张三；李四（终审）", "初审", "张三 2024-03-13 9:30"]
    ),
    **dict.fromkeys(("weight", "views_base"), st.sampled_from(["10", "0010", "1,234"])),
    **dict.fromkeys(("original", "redirect"), st.sampled_from(["https://a.cn/1.htm", "https://中文.cn"])),
    "aliases": st.sampled_from(
        ["/info/1023/4567.htm", "/a.htm, b/c.html", "https://a.cn/1.htm", "./a//b.html", "con.html"]
    ),
}
TEXTS = st.one_of(
    st.lists(WORDS, least=1, most=4).map("".join),
    st.sampled_from(
        ["管理学院：会议", "党建、群团，党建", "[甲, 乙]", "[ 甲 ,乙丙 , ]", "'A: B'", '"a #b"', "标" * 121]
    ),
)
ODD = st.one_of(
    st.tuples(
        st.sampled_from(["", "", " ", "\t", "　", "- ", '"', "“"]),
        st.sampled_from([*ARTICLE, *SECTION, "foo", "Title", "标題", "附件2", "一" * 21, "---"]),
        st.sampled_from([": ", ":", "：", " : ", ":  ", ":\t", ":　", ": |\n  ", "", ":\n  - "]),
        VALUES,
    ).map("".join),
    st.sampled_from(
        ["", "", "# 说明", "#", "#title: x", " ", "  # x", "---", "...", "--", "- a", "  b", "author:", "tags:"]
    ),
)


ODD_LINES = st.one_of(st.lists(ODD, most=0), st.lists(ODD, most=2))


@Source
def block(chance: Random) -> str:
    """A file with known keys, fitting values for most of them, and at times a line or two that are odd."""
    table = chance.choice([ARTICLE_KEYS, ARTICLE_KEYS, SECTION_KEYS])
    lines = []
    for key in chance.sample(table, chance.randint(0, min(7, len(table)))):
        name = chance.choice([key.name, *key.aliases])
        lines.append(f"{name}: {(FITTING.get(key.name, TEXTS) if chance.randint(0, 9) else VALUES).draw(chance)}")
    for odd in ODD_LINES.draw(chance):
        lines.insert(chance.randint(0, len(lines)), odd)
    return "".join(
        (
            chance.choice(["---\n"] * 20 + ["--- \n", "----\n", "\n---\n", "\ufeff---\n", "---", ""]),
            "\n".join(lines),
            chance.choice(["\n---\n"] * 20 + ["\n---", "\n--- \n", "\n...\n", "\n—\n", "\n\n---\n", ""]),
            chance.choice(["", "正文\n", "\n　　正文\n\n---\n尾", "title: x\n"]),
        )
    )


@pytest.mark.long
@given(block, count=MANY)
def test_any_block_is_read_the_same_both_ways(text: str) -> None:
    assert_same(text)


@pytest.mark.long
@given(st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 300), HOSTILE, st.integers(0, 2)), most=3), count=MANY)
def test_any_slip_in_a_real_file_is_read_the_same_both_ways(path: Path, slips: list[tuple[int, str, int]]) -> None:
    text = path.read_bytes().decode("utf-8", "replace")[:1200]
    for at, slip, lost in slips:
        text = text[:at] + slip + text[at + lost :]
    assert_same(text)


@pytest.mark.long
@given(
    st.lists(st.one_of(WORDS, HOSTILE), least=1, most=6).map("".join),
    st.sampled_from(["title", "tags", "封面"]),
    count=MANY,
)
def test_any_value_is_read_the_same_both_ways(value: str, name: str) -> None:
    assert_same(f"---\n{name}: {value}\nsource: x\n---\n")


@pytest.mark.long
@given(block, count=200)
def test_what_comes_after_the_block_cannot_tell_the_two_ways_apart(text: str) -> None:
    short = [read_article(text), read_section(text)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontmatter, "parse_fast", lambda text, keys: None)
        assert repr(short) == repr([read_article(text), read_section(text)])
