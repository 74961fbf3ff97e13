"""content/markdown/emphasis.py: whatever asterisks and underscores are typed, each other character is on the page, in its place."""

from __future__ import annotations

import re
from collections import Counter

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanging import without_hanging
from newsgen.content import markdown
from newsgen.content.markdown.emphasis import pairs, unpaired
from newsgen.core.model import Markdown

MARKS = st.sampled_from(["*", "*", "**", "**", "***", "****", "_", "__", "___"])
WORDS = st.sampled_from(
    [*"会议强调学习贯彻精神，。“”（）：ab1 ", "《决定》", "[链*接](a_b.md)", " `a*b_c` ", "<b>粗</b>", "\\*", "&amp;"]
)
TEXTS = st.lists(st.one_of(MARKS, WORDS), min_size=1, max_size=24).map(lambda parts: f"会{''.join(parts)}文")


def shown(source: str) -> tuple[str, Counter[str]]:
    """(the text that a reader sees, how often each element stands in it)."""
    body, _ = markdown.convert(source, Markdown())
    html = "".join(chunk if isinstance(chunk, str) else ' href="x"' for chunk in body.chunks)
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return "".join(tree.itertext()), Counter(element.tag for element in tree.iter())


def typed(source: str) -> str:
    """What of a source is no mark of another kind than emphasis."""
    text = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", source.replace("\\*", "＊"))
    return re.sub(r"<.*?>|`", "", text).replace("&amp;", "&")


def without_marks(text: str) -> str:
    return re.sub(r"[*_＊\s]", "", text)


@pytest.mark.long
@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_no_visible_character_vanishes(source: str) -> None:
    text, elements = shown(source)
    assert without_marks(text) == without_marks(typed(source))
    seen, had = (len(re.findall(r"[*_＊]", each)) for each in (text, typed(source)))
    assert had - seen == 2 * elements["em"] + 4 * elements["strong"]


@settings(max_examples=600, deadline=None)
@given(st.text("*_会 a，。", max_size=30))
def test_pairs_are_nested_and_made_of_marks_of_one_kind(text: str) -> None:
    found = pairs(text)
    for pair in found:
        opening, closing = (text[index : index + pair.size] for index in (pair.start, pair.end))
        assert opening == closing == opening[0] * pair.size
        assert opening[0] in "*_"
        assert pair.start + pair.size < pair.end
    spans = sorted((pair.start, pair.end) for pair in found)
    assert all(not (a < c < b < d) for a, b in spans for c, d in spans)
    taken = [index for pair in found for start in (pair.start, pair.end) for index in range(start, start + pair.size)]
    assert len(taken) == len(set(taken))
    assert not any(index in taken for index in unpaired(text) if text[index : index + 2] == "**" and index + 1 in taken)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("会议强调*学习**贯彻*精神**，推动工作。", "会议强调<em>学习**贯彻</em>精神**，推动工作。"),
        ("要**加强*学习**和*落实。", "要<strong>加强*学习</strong>和*落实。"),
        ("***甲**乙*", "<em><strong>甲</strong>乙</em>"),
        ("***甲*乙**", "<strong><em>甲</em>乙</strong>"),
        ("**甲****乙**", "<strong>甲</strong><strong>乙</strong>"),
        ("甲*乙**丙*丁**戊*己*", "甲<em>乙**丙</em>丁**戊<em>己</em>"),
        ("**a[b*c](d.md)e*f**", "<strong>a<a>b*c</a>e*f</strong>"),
        ("__甲 _乙_ 丙__", "<strong>甲 <em>乙</em> 丙</strong>"),
        ("**见[甲](a.md)、`乙`和[丙](b.md)**的", "<strong>见<a>甲</a>、<code>乙</code>和<a>丙</a></strong>的"),
        ("**粗<br>体**的*斜*{.x}", '<strong>粗<br>体</strong>的<em class="x">斜</em>'),
        ("- **甲*乙*丙**\n  - *丁", None),
    ],
)
def test_overlapping_emphasis_keeps_what_was_typed(source: str, html: str | None) -> None:
    body, _ = markdown.convert(source, Markdown())
    made = re.sub(r"\s?\n", "", "".join(chunk for chunk in body.chunks if isinstance(chunk, str)))
    assert made == (
        f"<p>{html}</p>" if html else "<ul><li><strong>甲<em>乙</em>丙</strong><ul><li>*丁</li></ul></li></ul>"
    )


def test_marks_that_stay_on_the_page_are_told() -> None:
    _, told = markdown.convert("会议强调*学习**贯彻*精神**，推动工作。\n***甲**乙*", Markdown())
    assert [(item.code, item.line, item.column) for item in told] == [("markdown.unclosed-emphasis", 1, 15)]


@pytest.mark.long
@pytest.mark.parametrize("unit", ["*a ", "a* ", "*a", "**a", "**a *b", "_a ", "_a *b ", "*a_ ", "***a", "a**b*c"])
def test_the_time_grows_with_the_length(unit: str) -> None:
    with without_hanging():
        pairs(unit * 30_000)


@pytest.mark.parametrize(
    "typed",
    ["共**3人**次。", "**2024年**度，总结", "**《章程》是**的", "**甲（乙）丙**丁", "共**3人**，", "**前<text>后**的"],
)
def test_one_character_behind_a_number_or_a_bracket_is_no_name(typed: str) -> None:
    body, told = markdown.convert(typed, Markdown("chinese"))
    assert {item.code for item in told} <= {"markdown.html-removed"}
    assert "<strong>" in "".join(map(str, body.chunks))
    assert "*" not in body.text


@pytest.mark.parametrize(
    "typed",
    [
        "x**2+y**2=z**2",
        "设x**2，y**3",
        "欧阳*明、司马*光",
        "诸葛**、王*，请到场",
        "张**同学、李**同学",
        "张*老师、欧阳**教授",
        "张*三、李*四",
        "2**3，3**2",
    ],
)
@pytest.mark.parametrize("line", ["{}", "获奖名单\n{}", "见[通知](https://a.cn)：{}", "- {}"])
def test_what_stands_for_a_hidden_name_or_a_power_is_no_mark(typed: str, line: str) -> None:
    body, told = markdown.convert(line.format(typed), Markdown())
    assert told == ()
    assert typed in body.text


@pytest.mark.parametrize("typed", ["请**同学**们", "共配备VR**20**台", "**张**三", "获**欧阳**奖", "x和**2**"])
def test_what_only_looks_like_it_is_bold(typed: str) -> None:
    body, told = markdown.convert(typed, Markdown())
    assert told == ()
    assert "<strong>" in "".join(map(str, body.chunks))
