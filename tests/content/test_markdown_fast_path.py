"""content/markdown/fast_path/: whatever is typed, the fast path gives what the full pipeline gives, to the byte.

The texts are generated: reports as members type them, with and without all that Markdown knows and Word leaves behind;
arbitrary text over a small nasty alphabet; and our own cases, articles and guides with pieces put in. The same few hundred
each time; `NEWSGEN_EXAMPLES=200000 pytest tests/content/test_markdown_fast_path.py` tries that many other ones of each sort.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from test_markdown import cases

import examples as st
from examples import given
from newsgen.content import markdown
from newsgen.content.markdown import checks, lint
from newsgen.content.markdown.extensions import to_html
from newsgen.content.markdown.fast_path.classify import classify
from newsgen.content.markdown.fast_path.whole import simple_body
from newsgen.content.markdown.pipeline import convert_full
from newsgen.core.model import ArticleKind, Markdown

ROOT = Path(__file__).parents[2]
CHINESE, STANDARD = Markdown("chinese"), Markdown("standard")
KINDS: tuple[ArticleKind, ...] = ("news", "notice", "announcement", "reprint", "page")

EXAMPLES = os.environ.get("NEWSGEN_EXAMPLES")
MANY = 400


def check(source: str, setting: Markdown = CHINESE, kind: ArticleKind = "news", first_line: int = 1) -> None:
    """What this file proves."""
    assert markdown.convert(source, setting, kind, first_line) == convert_full(source, setting, kind, first_line)


# ---------------------------------------------------------------- texts

LINES = (
    """
　　3月13日下午，管理学院党委召开会议。@一、统一思想@二、“双线双发”@（一）提高认识@(二)加强学习@## 小标题@# a@### 三级 a@###### 深
![图](图.jpg)@![会议现场](../p/a.jpg)@![a.jpg](a.jpg)@![IMG_1234](b.jpg)@![图片1](c.jpg)@![](d/e-f.png)
　　落实**“八个要求”**的@**注意：**正文@**一、加粗标题**@**甲**乙**丙** 丁@（管理学院 2024年3月14日）@管理学院@管理学院党委@2024年3月14日
各党支部：@编辑：张三@（管理学院 2024-03-14）。@**（管理学院 2024年3月14日）**@联系人：李四@![章](章.png)@附件：名单.doc@同志们：@（此件公开发布）@院党〔2024〕5号@2.回执.docx@（张三 供稿）
见https://a.cn/b。@！【图注】（图.jpg）@＊＊重点＊＊@＞ 引用@[《公报》](@https://a.cn/b.html)@![第一行@第二行](图.jpg)@**见 https://a.cn** 和 **b**@[教育部]()@! [图](a.jpg)@欢迎！ [图](a.jpg)@【通知】（附件.pdf）
正文 a b@English text here@3.14万元@    四格缩进@63%~68%@“引号”开头@1.无空格@1、顿号@（1）括号@①说明@12. x@2024. x@网址：http://a.cn/b
""".strip()
    .replace("\n", "@")
    .split("@")
)
"""What most reports are made of."""

ROWS = (
    """
- 甲@- 乙 b@* 丙@+ 丁@1. 甲@2. 乙@12. 丙@07. 丁@- **粗**：字@　　1. 缩进@　　- 缩进@  - 两格@- 一、甲@- 2024年@- -5@- 1. 嵌@- > 引@-@1.@*甲
> 引用@> 引用二@>紧@　　> 缩进引@  > 两格引@> **粗**字@> 1. 列@> 一、题@>@| a | b |@|---|---|@|---|---|@| --- | :--- |@|:---:|---:|@| 1 | 2 |
｜ a ｜ b ｜@｜---|---｜@| —— | - |@| 1 | 2 | 3 |@甲\t1@　　乙\t2@\t甲\t@丙\t3\t4@| [a|b](c.md) | 2 |
| 甲 |  |@| 甲   | 3 |@| 1 | 2 |@||@| a |@|-|@| a | b | c |@|---|---|---|@　　| a | b |@| **粗** | b |@a | b@--- | ---@正文@　　正文@  两格@一、标题@## 题
![图](a.jpg)@3月1日@（管理学院 2024年3月14日）@管理学院@2024年3月14日@看[链](a.md)@[^1]: 注@正文[^1]@编辑：张三@各党支部：@---@: a@@@@
""".strip()
    .replace("\n", "@")
    .split("@")
)
"""What tables, lists and quotations are made of, and what may stand around them."""

NOTES = (
    """
正[^1]@正[^1]文。@甲[^1]乙[^2]@甲[^2] 乙@再 [^1] a@a[^3]b@[^1]: 注@[^2]: 另 b@[^3]: 三@[^12]: x@文[^12]@[^1]：注@[^1]:注@[^注]: 注@正[^注]
[^1]文@![^1]@正![^1]@正[^1](a.md)@正[^1]（a.md）@正[^1] （说明）@[^1]: **粗**@[^1]: 1. 列@[^1]: 注[^2]@[^01]: 零@零[^01]@一、题[^1]@## 题[^1]
- 甲[^1]@> 甲[^1]@  缩进@    缩进@　　正文@正文@（管理学院 2024年3月14日）@2024年3月14日@各党支部[^1]：@**粗**[^1]@///Footnotes Go Here///@正[^1]: x@甲[^1][^2]
""".strip()
    .replace("\n", "@")
    .split("@")
)
"""Footnotes, and what looks like them."""

LINKS = (
    """
看[这里](a.md)。@[全文](https://a.cn/b/c_d.htm)@见（[附件](../p/名单.pdf)）@[甲](a.md)和[乙](b.md)@看[一](a.md)再[一](a.md)@[甲](a.md)[乙](b.md)@![图](a.md)@正文
！[图](a.jpg)@![x](a.jpg)[y](b.md)@[甲](www.a.cn)@[甲](//a.cn)@[ 甲 ](a.md)@[](a.md)@[http://a.cn](http://a.cn/b)@见http://a.cn/[x](b.md)@　　正文
[x](a.md){.c}@[x](a.md)[^1]@- [x](a.md)@- 甲@> [x](a.md)@[1](a.md). x@一、[链](a.md)@[甲](a b.md)@[甲](a.md "题")@[a](b.md): x@[a]: b.md@[a]@[甲](http://a.cn)（说明）@[甲](http://a.cn/?a=1)@## [甲](a.md)
[甲](HTTP://A.cn/b)@[甲](https:a)@[甲](https://)@[甲](http:///a)@（管理学院[x](a.md) 2024年3月14日）@编辑：[张三](a.md)@各党支部[甲](a.md)：@**[甲](a.md)**@[**甲**](a.md)@[甲（乙）](a.md)@[甲](a(b).md)@[甲][乙](a.md)
[甲]（a.md）@[甲] (a.md)@[甲](a.md@a.md)@[甲[乙](a.md)]@[甲](./a/)@[甲](-)@[甲](_a_.md)_@[x](a.md) x@[x](a.md)  @| [x](a.md) | b |@|---|---|@3月[x](a.md)@（一）[甲](a.md)@2024. [x](a.md)@@@@
""".strip()
    .replace("\n", "@")
    .split("@")
)
"""Links, and what looks like them."""

BLOCKS = (
    r"""
| a | b |\n|---|---|\n| 1 | **2** |@| 项目 | 数 |\n| :--- | ---: |\n| 甲（次） | 3 |@| 只有一行 |@a | b@- 甲\n- 乙@1. 甲\n2. 乙@3. 甲@  - 缩进
> 引用@> 引用\n继续@> 甲\n>\n> 乙@> ## 引中标题@- # 表中标题@正文[^1]。@再[^1]和[^注]@[^1]: 说明@[^1]: 说明\n    第二段@[^注]: 另[^1]
[字](a.md)和[字](b.md)@看[乙]@[乙]: b.md@[1]: http://a.cn/@*斜*体@_下_划@a_b_c@`代码`@```\n代码\n```@<b>粗</b>@<div>\n块\n</div>@a < b@A&B
&nbsp; 空@正文{.x}@{: .x}@---@***@===@- [ ] 任务@#党建#活动@#无空格@＃ 全角@~~删~~@==亮==@**没闭合@** 空 **@![图](图 1.jpg)@![图](a%20b.jpg)
[![a](s.jpg)](l.jpg)@a![图](图.jpg)b@<http://a.cn>@*甲@-乙@+ 丙@[TOC]@[a](C:\a)@![a](http://a.cn/a.jpg)@![a](www.a.cn/a.jpg)@（一）**强调**
二、[链](a.md)@## 题 **粗** {#i}@**一、粗 {.x}**@**http://a.cn**
""".strip()
    .replace("\n", "@")
    .replace("\\n", "\n")
    .split("@")
)
"""What Markdown knows, and what looks like it."""

HTML = (
    r"""
<div class="box">\n<p>甲乙</p>\n</div>@<div>甲</div>@<div align="center">甲\n乙</div>@<center>图一</center>@<p style="text-indent:2em">　　甲，<font color=red>乙</font>。</p>@<p>甲<br>乙<br/>丙</p>@<DIV>甲</DIV>
<div>@</div>@<p>@</p>@<b>@</b>@<u>甲</u>@<td>甲</td>@<li>甲@</li>@<ul>@</ul>@<table><tr><td>1</td><td><b>2</b></td></tr></table>@<table>@<tr>@</table>@</tr>@<hr>@<hr/>@<br>@<p>甲<div>乙</div>丙</p>@<p></p>
<p><b>甲<p>乙</p></b></p>@<b><div>甲</div></b>@<div><b>甲</div></b>@<ol start="３"><li>甲</li>\n<li>乙</li></ol>@<details>甲</details>@<details><summary>甲</summary>乙</details>@<blockquote>甲</blockquote>
<div id="甲">乙</div>@<h2>甲</h2>@<div><a href="a.md">甲</a></div>@<div><img src="a.jpg"></div>@<div>https://a.cn/b</div>@<div class="footnote">甲</div>@<p class="signoff">甲</p>@<pre>甲@</pre>@<!-- 甲 -->@<div><!-- 甲@-->@<?php ?>
<div>a < b</div>@<div>甲 &lt; &amp; &nbsp;x & y</div>@<div\nclass="a">@<div class='a "b"'>甲</div>@<script>甲</script>@<svg><p>甲</p></svg>@<o:p>甲</o:p>@<div/>@<section title="甲">@</section>@  <div>甲</div>@　　<div>甲</div>
甲@　　乙@- 甲@> 甲@1. 甲@    甲@一、题@## 题@| a | b |@|---|---|@![图](a.jpg)@[^1]: 注@正[^1]@（管理学院 2024年3月14日）@各党支部：@正  @`a@{: .x}@`@---@https://a.cn@[甲](a.md)@<dl><dt>甲</dt><dd>乙</dd></dl>@甲*乙丙丁*@@@@
""".strip()
    .replace("\n", "@")
    .replace("\\n", "\n")
    .split("@")
)
"""Raw HTML, whole and broken, and what may stand around it."""

WORDS = r"""
会议 a 1 12. １． . 。 ， ： : “ ” （ ） ( ) 、 一、 （一） ！ ! ? % ~ ~~ - -- + * ** *** _ __ # ## ＃ ｜ | > < [ ] [^1] ]( ![ http://
www. @ {.x} {: .x} = == === ` ``` & &nbsp; \ ' / ; $ ^ · — … 《 ① ٣ 😀 é İ ² \\ é́ zz id= <h2
"""
SPACES = " |  |\u3000|\u00a0|\t|\n|\n\n|\n\u3000\u3000|\n    | \n|  \n|\\\n|\r|\x0b|\x1c|\x02|\x03|\u2028|\u200b|\ufeff|\ue000|\ue001"
PIECES = [*WORDS.split(), *SPACES.split("|")]
"""What may come between, typed or pasted."""


def sources() -> Iterator[str]:
    """Our cases, and our articles and guides twelve lines at a time."""
    yield from (case.source for case in cases())
    for path in sorted([*ROOT.glob("content/**/*.md"), *ROOT.glob("docs/**/*.md")]):
        lines = path.read_text("utf-8").split("\n")
        yield from ("\n".join(lines[start : start + 12]) for start in range(0, len(lines), 12))


INLINE_WORDS = r"""
*斜体字* **粗体字** **粗** *a* _下_ __下划__ a_b_c 3*4 张*三 张** 李*（男） `代码` `a<b` `x*y` `` [链](a.md) [链](a.md#节) [**粗**](b.md) ![图](a.jpg) [2024] [注]
[甲](https://www.a.cn/b?x=1&y=2) [乙](https://a.cn/c) [丙](https://b.cn/c%20d#e) [^1] [^2] & &amp; &lt; &nbsp; &times; A&B <5 -> => a=b ==亮== ~ <b> </b> <u>划</u> <br>
<sub>2</sub> \* \_ \[ \. \! # #党建# ^ https://www.a.cn/b/c.htm http://b.com.cn https://a.cn/x_y 。 ， ： （ ） “ ” 、 ！ ! 会议强调 落实 3月 2024年 abc x1 *** ** * _ [ ] ( )
`[链](a.md)` `<b>` `**粗**` `~~删~~` `==亮==` `https://a.cn/b` `图.jpg` `[[甲]]` `[x]` *不少于3次* *于3次* 3* *三3次 3*人3次*
（a.md） (a.md) 】 【图】 ＊＊ ＞ @ a@b.cn // {.x} {注} | ｜ x**2 2**3 138****5678 同学 欧阳*明 [x]( TOC 甲乙丙丁 **“八个要求”** *“引”* 🙂 http:///a http://localhost/a
"""
INLINE = [*INLINE_WORDS.split(), " < ", " ", "\u3000", " x ", "[x] ", "` x `"]
"""Inline marks, and what looks like them."""
OPENERS = """
@@@@　　@- @1. @1.@2. @> @> @>@    - @  - @   - @    1. @        - @## @### @一、@二、@（一）@[^1]: @[^2]: @* @+ @　　- @  > @- [x] @  @    @#@-@*@**@&emsp;@_@=@`
""".strip("\n").split("@")
"""What a line may begin with."""
TABLE = ["| 甲 | 乙 |", "| :--- | ---: |"]

GLUE = st.sampled_from(["\n", "\n", "\n", "\n\n", "\n\u3000\u3000"])
REPORTS = st.lists(st.tuples(st.sampled_from(LINES), GLUE), most=10)
MIXTURES = st.lists(st.tuples(st.sampled_from([*LINES, *LINKS, *BLOCKS]), GLUE), most=8)
FEW = (
    st.lists(st.sampled_from(ROWS), least=1, most=4)
    | st.lists(st.sampled_from(NOTES), least=2, most=6)
    | st.lists(st.sampled_from(LINKS), least=2, most=6)
    | st.lists(st.sampled_from(HTML), least=1, most=4)
)
GROUPS = FEW.flatmap(lambda few: st.lists(st.sampled_from([*few, ""]), most=9)).map("\n".join)
MARKED = st.tuples(st.sampled_from(OPENERS), st.lists(st.sampled_from(INLINE), least=1, most=6)).map(
    lambda parts: parts[0] + "".join(parts[1])
)
TABLES = st.lists(st.tuples(st.sampled_from(INLINE), st.sampled_from(INLINE)), most=3).map(
    lambda rows: "\n".join([*TABLE, *(f"| {left} | {right} |" for left, right in rows)])
)
MARKED_TEXTS = st.lists(MARKED, least=1, most=3).flatmap(
    lambda few: st.lists(st.sampled_from([*few, *few, "", *LINES]) | TABLES, least=1, most=6).map("\n".join)
)
ELEMENTS = """
div p b u span center font table tr td ul li blockquote section details em code dl dt caption ruby rt h2 a pre o:p
"""
TYPED = [
    "甲乙",
    "a b",
    "\n",
    "x\n乙",
    "，",
    "&amp;",
    "&nbsp;",
    "**粗**",
    "[^1]",
    "一、题",
    "- a",
    "`x`",
    "　甲",
    "&lt;b&gt;",
    "<br>",
    "<hr>",
]
ATTRIBUTES = ["", "", "", ' class="a"', " class=b", " align=center", ' title="甲 <"', " START=2", ' id="a"']
ENDS = st.sampled_from(["</{}>"] * 30 + ["", "</b>", "</{}", "</p>"])


def _elements(depth: int) -> st.Source[str]:
    """Typed text, or an element with more inside; most are whole."""
    inner = st.lists(_elements(depth - 1), most=3).map("".join) if depth else st.sampled_from(TYPED)
    glue = st.sampled_from(["", "", "\n"])
    parts = st.tuples(st.sampled_from(ELEMENTS.split()), st.sampled_from(ATTRIBUTES), glue, inner, glue, ENDS)
    element = parts.map(lambda found: f"<{found[0]}{found[1]}>{''.join(found[2:5])}{found[5].format(found[0])}")
    return st.one_of(element, element, st.sampled_from(TYPED))


RAW_HTML = st.lists(st.one_of(*map(_elements, range(4)), st.sampled_from([*LINES, *ROWS, ""])), least=1, most=6).map(
    "\n".join
)
NASTY = st.text("会a1 .。，：“(（、一二#*!-+~[]^\u3000\n\n'\"|>", most=30)
EDITS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 2), st.sampled_from([*PIECES, ""])), most=3)
SETTING = st.sampled_from([CHINESE, CHINESE, STANDARD])
KIND = st.sampled_from(KINDS)


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with pieces put in the place of a few characters."""
    for place, length, piece in edits:
        start = place % (len(text) + 1)
        text = text[:start] + piece + text[start + length :]
    return text


def joined(lines: list[tuple[str, str]]) -> str:
    return "".join(line + glue for line, glue in lines)


@pytest.mark.long
@given(REPORTS, EDITS, SETTING, KIND, count=MANY)
def test_reports_come_out_the_same(
    lines: list[tuple[str, str]], edits: list[tuple[int, int, str]], setting: Markdown, kind: ArticleKind
) -> None:
    check(joined(lines), setting, kind, 8)
    check(edited(joined(lines), edits), setting, kind)


@pytest.mark.long
@given(MIXTURES, EDITS, SETTING, KIND, count=MANY)
def test_reports_with_any_block_come_out_the_same(
    lines: list[tuple[str, str]], edits: list[tuple[int, int, str]], setting: Markdown, kind: ArticleKind
) -> None:
    check(joined(lines), setting, kind, 8)
    check(edited(joined(lines), edits), setting, kind)


@pytest.mark.long
@given(MIXTURES, SETTING, count=MANY)
def test_a_check_of_plain_words_sees_every_line(lines: list[tuple[str, str]], setting: Markdown) -> None:
    def word(text: str) -> Iterator[checks.LineFinding]:
        yield from (
            checks.LineFinding("markdown.word", match.start(), "有“甲”", "") for match in re.finditer("甲", text)
        )

    row = checks.Check("甲", word)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "CHECKS", (*checks.CHECKS, row))
        patch.setattr(lint, "CHECKS", (*lint.CHECKS, row))
        check(joined(lines), setting)


@pytest.mark.long
@given(GROUPS, EDITS, SETTING, KIND, count=MANY)
def test_tables_lists_quotations_footnotes_and_links_come_out_the_same(
    source: str, edits: list[tuple[int, int, str]], setting: Markdown, kind: ArticleKind
) -> None:
    check(source, setting, kind)
    check(edited(source, edits), setting, kind)


@pytest.mark.long
@given(RAW_HTML, SETTING, KIND, count=2 * MANY)
def test_raw_html_comes_out_the_same(source: str, setting: Markdown, kind: ArticleKind) -> None:
    check(source, setting, kind)


@pytest.mark.parametrize(
    "source", ['正\n\n<div class="box">\n<p>甲</p>\n</div>\n再', '<p align="center">甲<font>乙</font></p>']
)
def test_whole_raw_html_takes_the_short_way(source: str) -> None:
    assert understood(source)


@pytest.mark.long
@given(MARKED_TEXTS, SETTING, KIND, count=MANY)
def test_texts_with_inline_marks_come_out_the_same(source: str, setting: Markdown, kind: ArticleKind) -> None:
    check(source, setting, kind)


@pytest.mark.long
@given(MARKED_TEXTS, count=MANY)
def test_addresses_of_the_own_site_come_out_the_same(source: str) -> None:
    check(source, Markdown("chinese", url="https://a.cn/"))


@pytest.mark.long
@given(NASTY, SETTING, KIND, count=MANY)
def test_nasty_text_comes_out_the_same(source: str, setting: Markdown, kind: ArticleKind) -> None:
    check(source, setting, kind)


@pytest.mark.long
@given(st.lists(st.sampled_from([*PIECES, *LINES]), most=25), SETTING, KIND, count=MANY)
def test_mixtures_of_pieces_come_out_the_same(pieces: list[str], setting: Markdown, kind: ArticleKind) -> None:
    check("".join(pieces), setting, kind)


@pytest.mark.long
@given(st.sampled_from(list(sources())), EDITS, REPORTS, SETTING, KIND, count=MANY)
def test_our_own_texts_come_out_the_same(
    source: str, edits: list[tuple[int, int, str]], lines: list[tuple[str, str]], setting: Markdown, kind: ArticleKind
) -> None:
    check(edited(f"{joined(lines)}\n{source}", edits), setting, kind)
    check(edited(f"{source}\n{joined(lines)}", edits), setting, kind)


# ---------------------------------------------------------------- traps

TRAPS = [
    "**一、加粗 **",
    "**\xa0一、加粗\u3000**",
    "**一、甲 ~~乙~~**",
    "**一、甲 #乙 **\n__二、丙 & __",
    "+ 丁\n\n\x0b 丁",
    "1.&nbsp;甲",
    "12.&nbsp;",
    "> 1.&nbsp;甲",
    "- 1.&nbsp;甲",
    "[^1]: 1.&nbsp;甲\n\n正[^1]",
    "见https://a.cnİ。",
    "见https://a.cn:８０/b",
    "见httpſ://a.cn/b",
    "~~~\n看_a_\n\n\n看_b_\n~~~",
    "正\n```\n看_a_\n\n\n看_b_\n```",
    "~5%",
    "甲\n乙",
    "甲  乙",
    "- *甲*\n\n  乙\n丙\n\n丁",
    "- *甲*\n\n　　乙\n丙",
    "~~~",
    "**见http://a.cn/**",
    "**甲****乙**",
    "甲** 乙**",
    "**甲 **乙",
    "甲~~乙~~丙",
    "文\n正[^1]\n\n[^1]: 注\n    （管理学院 2024年3月14日）",
    "![图](//a.cn/b.jpg)",
    "![图](www.a.cn/b.jpg)",
    '![甲"乙](c.jpg)',
    "- 甲\n\n  乙\n丙",
    "- 甲\n\n- 乙",
    "1. 甲\n\n2. 乙\n正",
    "看*斜*{#一-标题}\n一、标题",
    "正\n{: .x}",
    "正\n![&lt;p&gt;](a.jpg)字\n正",
    "///Footnotes Go Here///\n正[^1]\n\n[^1]: 注\n\n再",
    "正[^1]\n\n[^1]: 注\n\n///Footnotes Go Here///",
    "正[^1]再[^1]\n\n[^1]: 注",
    "正[^2]再[^1]\n\n[^1]: 注\n[^2]: 另",
    "正[^1]\n\n[^1]: 注\n\n    又",
    "正[^1]\n\n[^1]: 注\n[^1]: 另",
    "正[^1]a[^2] b\n\n[^1]: 注\n[^2]: 另\n（管理学院 2024年3月14日）",
    "正\n（管理\x02学院 2024年3月14日）",
    "正\x02文\n看_a_\x03\n![图](a\x03.jpg)",
    "+ 1. 嵌",
    "１. 项",
    "2024. x",
    "12. - x",
    "各党支部：\n正\n（管理学院 2024年3月14日）",
    "正![^1]\n\n[^1]: 注",
    "正[^1](a.md)\n\n[^1]: 注",
    "正[^1]\n\n[^1]: 1. 列",
    "一、题[^1]\n\n[^1]: 注",
    "（一）**强**调",
    "正\n管理学院\n2024年3月14日",
    "| a | b |\n|---|---|\n\n| 1 | 2 |",
    '<p id="一-标题">看</p>\n一、标题',
    "<p>管院〔2024〕1号\n各位老师：\\\n党</p>\n\n各位同学：\n\n正",
    "<p>管院〔2024〕1号\n&emsp;**各位老师：**\n党</p>\n\n各位同学：\n\n正",
    "<b>粗\n\n正\n\n<div>\n\n再",
    "&#57345;\n看_a_\n正",
    "&nbsp;&nbsp;看\n正",
    "- 看\n&emsp;&emsp;正&lt;\n再",
    "|a|\n|-|\n|b|",
    "| a | b |\n| *c* | d |\n|---|---|\n| 1 | 2 |",
    "各党支部：\n看*斜*",
    "- 甲\n\n（管理学院 2024年3月14日）\n编辑：张三",
    "正\n\n（管理学院 2024年3月14日）\n编辑：张三",
    "- 甲\n（管理学院 2024年3月14日）\n编辑：张三",
    "> *甲*\n\n> 乙\n\n> 丙",
    "- *甲*\n\n正\n\n- 乙\n\n- *丙*",
    "看*斜*  \n下一行",
    "看*斜*  \n一、标题\n再",
    "看*斜*  \n![图](a.jpg)\n再",
    "看*斜*  \n　　再",
    "文\n- ~~~\n  看_a_\n\n\n  看_b_\n  ~~~\n\n正",
    "文\n- `a`\n  ```\n  看_a_\n\n\n  看_b_\n\n正",
    "正`看_a_\n再`\n`",
    "正\n- # 题\n一、标题",
    "正\n> ## 题*一*\n\n一、标题",
    "- 甲\n  - 乙\n一、标题\n再",
    "看*斜*\\\n下一行",
    "行  \n看*斜*",
    "![图](a.jpg)\n看![图](a.jpg)\n![图](a.jpg)",
    "看![图](a.jpg)\n![图](a.jpg)\n[^1]\n\n[^1]: ![图](a.jpg)",
    "# 甲\n看_a_\n### 甲\n（一）甲\n## Top",
    "正\ue001",
    "\ue001\n看*斜*\n正",
    "1. 甲\n一、标题",
    "1. 甲\n**一、标题**",
    "1. 甲\n  正",
    "> 甲\n正",
    "> 甲\n\u3000\u3000正",
    "- 甲\n\t乙",
    "| a | b |\n|---|---|\n| 1 | 2 |\n看|*斜*",
    "[a]: b.md\n看[a]\n正",
    "[*]: b.md\n正*文",
    "A &amp; B\n正\u200b",
    "看*斜*&amp;\n一、甲&lt;",
    "正\n" + "[" * 1001,
    "正\n" + "a_" * 1001,
    "正\n" + "> " * 900 + "看_a_",
    "* **",
    "- 甲\n- --\n- 乙",
    "- 甲\n---\n乙\n***",
    "1. ![图](a.jpg)\n\n1. ![图](a.jpg)",
    "看[甲](http://?a)和[甲](http://localhost/a)",
    "看[甲](https://1.2.3.4.5/a)，[甲](https://xn--a/)",
    "看[甲](http:///a)",
    "见https://www.a.cn/b.htm\\*==亮==",
    "*[&nbsp;](a.md)甲",
    "甲[乙 ](a.md) 丙",
    "*[<b> </b>](a.md)甲",
    "甲[<u>乙</u>](a.md)",
]
"""Where a line is more than it seems, or means something to another."""


@pytest.mark.parametrize("kind", ["news", "notice"])
@pytest.mark.parametrize("setting", [CHINESE, STANDARD], ids=["chinese", "standard"])
@pytest.mark.parametrize("source", TRAPS, ids=lambda source: ascii(source)[:60])
def test_traps_come_out_the_same(source: str, setting: Markdown, kind: ArticleKind) -> None:
    check(source, setting, kind)


NEIGHBOURS = [
    "正文",
    "　　正文",
    "  缩进",
    "一、标题",
    "## 题",
    "![图](a.jpg)",
    "- 甲",
    "2. 甲",
    "> 引",
    "| a | b |",
    "|---|---|",
    "看*斜*",
    "- *斜*",
    "> *斜*",
    "[^1]: 注",
    "正[^1]",
    "看[链](a.md)",
    "[链](http://a.cn/b)",
    "行尾  ",
    "3月",
    "",
]


@pytest.mark.long
def test_any_three_lines_that_are_neighbours_come_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    known = cache(
        lambda text, stash: to_html(text, list(stash))
    )  # most lines go to Python-Markdown in both ways, and in many texts
    monkeypatch.setattr("newsgen.content.markdown.pipeline.to_html", lambda text, stash: known(text, tuple(stash)))
    for lines in product(NEIGHBOURS, repeat=4 if EXAMPLES else 3):
        check("\n".join(lines))


# ---------------------------------------------------------------- characters

PLACES = "x{}y@{}@{}x@x{}@x {} y@{}. x@{}1. x@1{}. x@一、{}x@**{}**x@x**{}**{}@{}**x**@# {}@# x{}@![{}](a.jpg)@![x {}](a.jpg)@[{}](a.md)@[x{}y](a.md)@{}[x](a.md)@[x](a.md){}@- {}@1. {}x@> {}@| {} | x{} |\n| - | - |\n| {}x | |"


def understood(source: str) -> bool:
    return simple_body(classify(source, "news", 1), CHINESE) is not None


@pytest.mark.long
@pytest.mark.parametrize("place", [place.replace("{}", "{0}") for place in PLACES.split("@")])
def test_every_character_comes_out_the_same_wherever_it_stands(place: str) -> None:
    every = range(0x20, 0x323B0) if EXAMPLES else [*range(0x20, 0x600), *range(0x2000, 0x3100), *range(0xFF00, 0x10000)]
    characters = [chr(code) for code in every if not 0xD800 <= code < 0xE000]
    lines = [line for line in map(place.format, characters) if understood(line)]
    assert len(lines) > 1000
    for start in range(0, len(lines), 200):
        source = "\n\n正\n\n".join(lines[start : start + 200])
        assert understood(source)
        check(source)


# ---------------------------------------------------------------- the fast path is taken

REPORT = """
　　3月13日下午，管理学院党委召开各支部组织委员、宣传委员工作会议。会议由学院党委副书记任海松主持。

![会议现场](../photos/p1.jpg)

一、统一党建引领思想，发挥党员信仰力量
　　任海松从**“八个要求”**出发，作了部署。要把学习放在第一位。
## 下一步
　　各支部要落实制度，63%~68%的党员参加（共3.5万元）。
（管理学院 2024年3月14日）
"""


@pytest.fixture
def long_ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that Python-Markdown is given."""
    given: list[str] = []

    def noted(text: str, stash: list[str]) -> str:
        given.append(text)
        return to_html(text, stash)

    monkeypatch.setattr("newsgen.content.markdown.pipeline.to_html", noted)
    return given


def test_a_plain_report_needs_no_python_markdown(long_ways: list[str]) -> None:
    body, diagnostics = markdown.convert(REPORT, CHINESE, first_line=8)
    assert not long_ways
    assert diagnostics == ()
    assert [heading.text for heading in body.headings] == ["一、统一党建引领思想，发挥党员信仰力量", "下一步"]
    assert body.signature == "（管理学院 2024年3月14日）"
    assert [(item.target, item.line, item.column) for item in body.references] == [("../photos/p1.jpg", 11, 9)]


@pytest.mark.parametrize(
    "line",
    [
        "看[这里](a.md#b)和[那里](https://www.a.cn/?a=1&b=2)",
        "写成`[标题](https://a.cn/b_c.htm)`，*每月不少于3次*",
        "*斜体字*和**“粗”**的`代码 a_b`",
        "A & B，满意率>95%，投诉 <3 件，a_b_c，院党[2024]5号，3*4",
        "> 引用\n>\n> 第二段，**粗**",
        "- 甲\n    - 乙\n    - 丙\n- 丁",
        "1. 甲\n   - 乙\n     - 丙",
        "- 甲\n\n- 乙",
        "| 甲 | 乙 |\n| --- | --- |\n| **一** | [二](a.md) |",
        "水 H<sub>2</sub>O，<u>划线</u><br>换行",
        "#党建#",
        "行\\*尾&nbsp;",
        "见https://www.moe.gov.cn/a.html。",
        "## 题**一**",
        "一、题*一二三*",
    ],
)
def test_what_reports_hold_takes_the_short_way(line: str, long_ways: list[str]) -> None:
    source = f"{REPORT}\n{line}\n\n下一行\n　　再下一行"
    assert understood(source)
    markdown.convert(source, CHINESE)
    assert not long_ways
    check(source)


@pytest.mark.parametrize("line", ["<div>", "```", "~~~", "正文{.x}", "空&#160;", "[1]: a.md", "<b>粗"])
def test_what_may_reach_far_takes_the_long_way(line: str, long_ways: list[str]) -> None:
    check(f"{REPORT}\n{line}\n\n下一行")
    assert len(long_ways) == 2


def test_nothing_is_said_of_a_plain_report() -> None:
    assert understood(REPORT)
    assert convert_full(REPORT, CHINESE)[1] == ()


@pytest.mark.parametrize("line", ["写成`[标题](https://a.cn/b_c.htm)`", "*每月不少于3次*", "**粗**`x`和[链](a.md)"])
def test_no_check_looks_at_what_is_beyond_doubt(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert convert_full(line, CHINESE)[1] == ()
    monkeypatch.delattr("newsgen.content.markdown.diagnostics.diagnostics_of_lines")
    assert markdown.convert(line, CHINESE)[1] == ()


def test_a_simple_report_does_not_even_import_python_markdown() -> None:
    """Nor does one of which the checks may have something to say."""
    looked_at = "\n每组3*4人，*重*和a_b_c，院党[2024]5号，见https://a.cn/b。\n"
    lines = (
        "import sys",
        "from newsgen.content import markdown",
        f"body, _ = markdown.convert({REPORT + looked_at!r}, markdown.Markdown())",
        "assert len(body.headings) == 2",
        "assert 'newsgen.content.markdown.lint' in sys.modules",
        "print(*sorted({'markdown', 'nh3', 'newsgen.content.markdown.pipeline'} & sys.modules.keys()))",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


SPECIAL = """
| 项目 | 数 |
| :--- | ---: |
| 甲（次） |  |

1. 第一，**重点**
2. 第二
（一）讨论
> 引用的话

再就是[^1]：
- 甲
　　完

[^1]: 说明
"""


def test_a_plain_table_list_quotation_or_footnote_takes_the_short_way(long_ways: list[str]) -> None:
    body, diagnostics = markdown.convert(SPECIAL, CHINESE)
    assert not long_ways
    assert diagnostics == ()
    html = "".join(map(str, body.chunks))
    assert (html.count("<ol>"), html.count("<ul>"), html.count("<li>")) == (2, 1, 3)
    assert (html.count("<table>"), html.count("<td"), html.count("<blockquote>"), html.count("<sup")) == (1, 2, 1, 1)
    assert body.text == "第一，重点第二引用的话再就是：甲完"
    check(SPECIAL)


def test_a_line_with_links_takes_the_short_way(long_ways: list[str]) -> None:
    source = "　　详情见[会议通知](../notices/a.md)和[学校官网](https://www.example.edu.cn/dj/1.htm?a=1)。"
    body, diagnostics = markdown.convert(source, CHINESE)
    assert not long_ways
    assert diagnostics == ()
    assert body.chunks == (
        "<p>详情见<a",
        0,
        '>会议通知</a>和<a href="https://www.example.edu.cn/dj/1.htm?a=1">学校官网</a>。</p>',
    )
    assert [(item.target, item.line, item.column) for item in body.references] == [("../notices/a.md", 1, 13)]
    check(source)
