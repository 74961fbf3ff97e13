"""What is nearly a link or a photo is told, and what is told to type instead works."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content import markdown
from newsgen.content.markdown.preprocess.lines import FILLER
from newsgen.core.model import Body, Markdown

CHINESE, STANDARD = Markdown("chinese"), Markdown("standard")
_RIGHT = re.compile(r"(?:写成|写在一行里)：(.*)")


def html(body: Body) -> str:
    return "".join(chunk if isinstance(chunk, str) else ' href=""' for chunk in body.chunks)


@pytest.mark.parametrize(
    ("typed", "element"),
    [
        ("![图注] (图.jpg)", "<img"),
        ("![图注]  （图.jpg）", "<img"),
        ("![图注](图.jpg", "<img"),
        ("见![图注](photos/图 1.jpg", "<img"),
        ("！【图注】（图.jpg）", "<img"),
        ("!【图注】(图.jpg)", "<img"),
        ("! [图注](图.jpg)", "<img"),
        ("【图注】（图.jpg）", "<img"),
        ("！[图注](图.png)", "<img"),
        ("![图]一](图.jpg)", "<img"),
        ("![[图.jpg]]", "<img"),
        ("![[图.jpg|图注]]", "<img"),
        ("![[图.jpg|300]]", "<img"),
        ("![图【1】注] (图.jpg)", "<img"),
        ("见https：//a.cn/b。", "<a"),
        ("![图注\n第二行](图.jpg)", "<img"),
        ("![图注](\n图.jpg)", "<img"),
        ("[乙] (b.md)", "<a"),
        ("[乙]\n(b.md)", "<a"),
        ("[乙](b.md", "<a"),
        ("见［乙］（b.md#小结）", "<a"),
        ("【乙】(https://a.cn/b)", "<a"),
        ("[《公报》](\nhttps://a.cn/b.html)", "<a"),
        ("[《公\n报》](https://a.cn/b.html)", "<a"),
        ("[乙](https：//a.cn/b）", "<a"),
        ("[[b.md]]", "<a"),
        ("[](https://a.cn/b)", "<a"),
        ("见[ ](b.md)。", "<a"),
        ("＊＊重点＊＊", "<strong"),
        ("**重点＊＊", "<strong"),
        ("＞ 引用", "<blockquote"),
        ("＞引用", "<blockquote"),
    ],
)
def test_what_is_told_to_type_instead_works(typed: str, element: str) -> None:
    body, told = markdown.convert(typed, CHINESE)
    assert (
        element not in html(body) or "http" in typed or typed.startswith("! ") or "[ ]" in typed
    )  # these are links as they are
    (hint,) = [match[1] for item in told if item.severity == "warning" and (match := _RIGHT.search(item.hint))]
    body, told = markdown.convert(hint, CHINESE)
    assert element in html(body)
    assert told == () or [item.code for item in told] == ["image.external"]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("~~https://a.cn/b~~", "<del>https://a.cn/b</del>"),
        ("先看 `k`，~~见 [乙](https://a.cn/c) 和 `x`~~", "<del>见 [乙](https://a.cn/c) 和 `x`</del>"),
        ("==用`a`和`b`==", "<mark>用`a`和`b`</mark>"),
        ("** 见 https://a.cn/b。 **", "**见 https://a.cn/b。**"),
        ("＊＊https://a.cn/b＊＊", "**https://a.cn/b**"),
        ("汉__用`a`字__汉", "**用`a`字**"),
        ("![图`x`](图.jpg", "![图`x`](图.jpg)"),
        ("[《公`x`\n报》`y`](https://a.cn/b.html)", "[《公`x`报》`y`](https://a.cn/b.html)"),
        ("- [ ] 用`a`写", "- ☐ 用`a`写"),
    ],
)
def test_code_and_addresses_are_repeated_in_what_is_told(typed: str, right: str) -> None:
    (told,) = [item for item in markdown.convert(typed, CHINESE)[1] if item.severity == "warning"]
    match = _RIGHT.search(told.hint)
    assert match is not None
    assert match[1].partition("，或者")[0] == right
    assert FILLER not in told.message


@pytest.mark.parametrize(
    "address",
    [
        "http:/e.com",
        "https:e.com/a",
        "https:// e.com",
        "HTTPS:///e.com",
        "https:\\\\e.com",
        "https://www。e。com",
        "https://e．com/a",
        "https://e.com /a",
        "https://www. e.com/a",
    ],
)
def test_an_address_without_just_two_slashes_is_told_with_the_right_one(address: str) -> None:
    forms = (f"见[甲]({address})。", f'见<a href="{address}">甲</a>。', f"见<{address}>。")
    for typed in forms if " " not in address else forms[:2]:
        (told,) = markdown.convert(typed, CHINESE)[1]
        assert (told.code, told.severity) == ("link.broken", "error")
        match = _RIGHT.search(told.hint)
        assert match is not None
        assert markdown.convert(f"见[甲]({match[1]})。", CHINESE)[1] == ()
    assert [item.code for item in markdown.convert("见[甲](//)。", CHINESE)[1]] == ["link.empty"]


@pytest.mark.parametrize(
    "typed",
    [
        "欢迎！[点这里](a.md)",
        "看[注]（见下文），【通知】（见附件）",
        "[注] (见下文)",
        "正文[^1] (https://a.cn)\n\n[^1]: 注",
        "`![图注] (图.jpg)` 和 `＊＊重点＊＊`",
        "\\[乙] (b.md)",
        "![图\\]一](图.jpg)",
        "![图【一](图.jpg)，![一】](图.jpg)",
        "5＊6＝30，3 ＞ 2",
        "[甲](a.md)\n(https://a.cn/b)",
    ],
)
def test_what_is_right_or_mere_text_is_not_told(typed: str) -> None:
    assert markdown.convert(typed, CHINESE)[1] == ()


@pytest.mark.parametrize("between", [",", ";", "，", "、", " "])
def test_addresses_one_after_the_other_are_links_of_their_own(between: str) -> None:
    first, second = "https://a.cn/b,c", "https://a.cn/d"
    body, told = markdown.convert(f"见{first}{between}{second}。", CHINESE)
    assert told == ()
    assert re.findall(r'<a href="([^"]*)">', html(body)) == [first, second]


@pytest.mark.parametrize("typed", ['<img alt="甲">', "<img>", '<img alt="甲"/>', "<img data-src=a.jpg>"])
def test_a_picture_that_names_no_file_is_told_as_one_with_an_empty_name_is(typed: str) -> None:
    assert [item.code for item in markdown.convert(f"见{typed}。", CHINESE)[1] if item.severity == "error"] == [
        "image.empty"
    ]


def test_under_markdown_s_rule_a_link_may_go_on_in_the_next_line() -> None:
    body, told = markdown.convert("见[公报\n全文](b.md)。", STANDARD)
    assert told == ()
    assert html(body) == '<p>见<a href="">公报全文</a>。</p>'


URL = st.from_regex(r"\Ahttps?://[a-z]{1,5}\.cn(/[a-zA-Z0-9_.()~*'!-]{0,12}){0,2}(\?[a-z]=[0-9]&[a-z]=%[0-9A-F]{2})?\Z")
AROUND = st.text(st.sampled_from("，。（）、见“”甲乙 (),.;:!?"), max_size=4)


@given(URL, AROUND, AROUND, st.sampled_from([CHINESE, STANDARD]))
def test_an_address_in_the_text_loses_and_gains_no_character(url: str, before: str, after: str, how: Markdown) -> None:
    typed = f"甲{before}{url}{after}乙".replace("*", "")
    body, _ = markdown.convert(typed, how)
    assert re.sub(r"\s", "", body.text) == re.sub(r"\s", "", typed)
    shown = html(body)
    assert shown.count("<a") == 1
    address = re.search(r'<a href="([^"]*)">([^<]*)</a>', shown)
    assert address is not None
    assert address[1] == address[2]
    assert address[1][-1] not in ".,;:!?"
    assert address[1].isascii()
