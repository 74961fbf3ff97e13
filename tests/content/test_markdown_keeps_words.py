"""The block pass loses nothing: every word typed stands on the page, once and in its order, whatever kinds of line meet.

Texts are lines of all kinds in any order; each holds words that occur nowhere else. `NEWSGEN_EXAMPLES=100000` tries more.
"""

from __future__ import annotations

import html
import os
import re
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_markdown import html_of

from newsgen.content import markdown
from newsgen.core.model import ArticleKind, Body, Markdown

EXAMPLES = os.environ.get("NEWSGEN_EXAMPLES")
many = settings(max_examples=int(EXAMPLES or 1_000), derandomize=EXAMPLES is None, database=None, deadline=None)

LINES = r"""
_@　　_@  _@    _@        _@_：@_。@2024. _@3月_@_\@_  @**_**@*_@_*@\[_]@“_”，_！@_\t_@　　_\t_@\t_@_\t@_\t_\t_@&emsp;_@<b>_</b>@_ < _@_ & _
- _@  - _@    - _@-　_@+ _@* _@*_@-_@- > _@- 1. _@- [ ] _@-@- # _@- _\@1. _@   1. _@12. _@1.　_@1._@1、_@（1）_@- | _ | _ |@-\t_\t_@- - _
> _@  > _@　　> _@>_@>　　_@>@> - _@> > _@> ## _@> 一、_@> | _ | _ |@> |---|---|@> _\t_@>     _@> _  @> ```@> 1. > _
# _@## _@##_@＃ _@####@一、_@二、_@三、_@（一）_@（二）_@**一、_**@一、_。@二、_，_@十二、_@一、二等奖_
| _ | _ |@| --- | --- |@|_|_|_|@| _ |@_ | _@--- | ---@｜_｜_｜@｜---｜---｜@| —— | - |@| **_** | `_` |@| _ |  | _ |@|:---:|---|@| [_](a.md) | _ |@||@|
---@===@--@==@***@```@~~~@    ```@`_`@[_](b.md)@看[_](b.md)和_@{: .x}@_学院@2024年3月14日@（_ 2024年3月14日）@附件：_@编辑：_@尊敬的_：@<div>@</div>@<p>_</p>
"""
TEMPLATES = LINES.strip().replace(r"\t", "\t").replace("\n", "@").split("@")
GLUE = st.sampled_from(["\n", "\n", "\n", "\n\n", "\n　　", "\n  ", "\u2028"])
TEXTS = st.lists(st.tuples(st.sampled_from(TEMPLATES), GLUE), min_size=1, max_size=9)
SETTING = st.sampled_from([Markdown("chinese"), Markdown("chinese"), Markdown("standard")])
KIND: st.SearchStrategy[ArticleKind] = st.sampled_from(["news", "notice"])

WORD = re.compile(r"词\d+末")


def typed(pieces: list[tuple[str, str]]) -> str:
    """The text of the pieces, with a word of its own in each place for one."""
    numbers = count(1)
    source = "".join(line + glue for line, glue in pieces)
    return re.sub("_", lambda _: f"词{next(numbers)}末", source)


def visible(body: Body) -> str:
    """What readers see of the text."""
    return html.unescape(re.sub(r"<[^>]*>", "", html_of(body)))


@pytest.mark.long
@many
@given(TEXTS, SETTING, KIND)
def test_every_word_stands_on_the_page_in_its_order(
    pieces: list[tuple[str, str]], setting: Markdown, kind: ArticleKind
) -> None:
    source = typed(pieces)
    body, _ = markdown.convert(source, setting, kind)
    signed = WORD.findall(body.signature or "")
    assert WORD.findall(visible(body)) == [word for word in WORD.findall(source) if word not in signed]
