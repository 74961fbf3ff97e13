"""markup: nothing executable reaches the page, whatever is typed, and nothing typed makes it fail or hang."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanging import without_hanging
from newsgen.content import markdown
from newsgen.content.markdown.sanitize import SCHEMES
from newsgen.core.model import Body, Markdown

CHINESE, STANDARD = Markdown("chinese"), Markdown("standard")

ATTACKS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1);//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x:x onerror\n=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=javascript:alert(1)>",
    "<img src=`javascript:alert(1)`>",
    "<img src='x' style='background:url(javascript:alert(1))'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math href='javascript:alert(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:alert(1)//>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<table background=javascript:alert(1)><tr><td>x</td></tr></table>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<input autofocus onfocus=alert(1)>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<template><img src=x onerror=alert(1)></template>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jAvAsCrIpT:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61script&colon;alert(1)'>x</a>",
    "<a href='javascript&#58;alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='x' onclick='alert(1)'>x</a>",
    '<a href="x"onmouseover="alert(1)">x</a>',
    "<a ping='javascript:alert(1)' href=x>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    '[x](a.md "t" onmouseover="alert(1))',
    "[x](a.md'onmouseover='alert(1))",
    '[x](a.md "\\"onmouseover=alert(1)\\"")',
    "![x](javascript:alert(1))",
    '![x](x.jpg"onerror="alert(1))',
    '![" onerror="alert(1)](x.jpg)',
    "<javascript:alert(1)>",
    "<javascript://x%0Aalert(1)>",
    "**x**{onclick=alert(1)}",
    '## x {onclick="alert(1)" style="a"}',
    "![x](a.jpg){onerror=alert(1) src=javascript:alert(1)}",
    "[x](a.md){href=javascript:alert(1)}",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml <script>alert(1)</script>?>",
    "<!DOCTYPE x [<!ENTITY y '<script>alert(1)</script>'>]>",
    "<div\n\n onclick=alert(1)>x</div>",
    "<a title='`' href='`' onclick=`alert(1)`>x</a>",
    "\u2028<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#2;wzxhzdk:0&#3; &#0; &#x202e; &zwnj; [x](a%00b.md) [x](a%2e%2e%5cb.md)",
    "[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    '[^"onclick=alert(1)]\n\n[^"onclick=alert(1)]: x',
    "|<script>|b|\n|-|-|\n|alert(1)</script>|<img onerror=alert(1) src=x>|",
    "\x02wzxhzdk:0\x03<b onclick=alert(1)>\x02p.x\x03",
)


class Page(HTMLParser):
    """Reads HTML as a browser would, and notes what could run."""

    def __init__(self) -> None:
        super().__init__()
        self.dangers: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "svg",
            "math",
            "base",
            "link",
            "meta",
        }:
            self.dangers.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "formaction", "action", "srcset", "ping"}:
                self.dangers.append(f"{tag} {name}")
            if name in {"href", "src", "poster", "cite", "background"} and _scheme(value or "") not in {"", *SCHEMES}:
                self.dangers.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.append(value or "")


def _scheme(address: str) -> str:
    """The scheme as a browser finds it: it skips control characters and blanks."""
    match = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", address), re.IGNORECASE)
    return match[1].lower() if match else ""


def page_of(body: Body) -> Page:
    page = Page()
    page.feed("".join(chunk if isinstance(chunk, str) else " data-open" for chunk in body.chunks))
    page.close()
    return page


def check(source: str, kind: Literal["news", "notice"] = "news") -> None:
    """What must hold of any text."""
    lines = source.count("\n") + 1
    for setting in (CHINESE, STANDARD):
        body, diagnostics = markdown.convert(source, setting, kind)
        page = page_of(body)
        assert not page.dangers
        assert len(page.ids) == len(set(page.ids))
        assert body.ids == set(page.ids)
        assert {heading.id for heading in body.headings} <= body.ids
        assert [chunk for chunk in body.chunks if isinstance(chunk, int)] == list(range(len(body.references)))
        assert all(isinstance(chunk, int) == bool(index % 2) for index, chunk in enumerate(body.chunks))
        assert not any(_scheme(reference.target) for reference in body.references)
        assert all(1 <= item.line <= lines and item.column >= 1 and item.hint for item in diagnostics)
        assert all(1 <= item.line <= lines for item in body.references)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f]|klzzwxh", "".join(map(str, body.chunks)) + body.text)


@pytest.mark.long
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "around", ["{}", "正文{}正文", "- {}", "> {}", "**{}**", "<div>\n{}\n</div>", "| a | b |\n|-|-|\n| {} | x |"]
)
def test_no_attack_reaches_the_page(attack: str, around: str) -> None:
    check(around.format(attack))


def test_a_tag_that_is_never_closed_takes_nothing_with_it() -> None:
    for opening in (
        "<script>",
        "<title>",
        "<textarea>",
        "<plaintext>",
        '<p class="a',
        "<svg>",
        "<iframe src=x>",
    ):
        for source in (f"前\n{opening}\n后", f"前{opening}后", f"<div>\n{opening}\n</div>\n\n后", f"> {opening}\n\n后"):
            body, _ = markdown.convert(source, CHINESE)
            assert "后" in body.text, source


@pytest.mark.parametrize("opening", ["<!--", "<!-", "<!—", "<！--"])
def test_a_comment_that_is_never_closed_ends_with_its_line_and_is_told(opening: str) -> None:
    body, (told,) = markdown.convert(f"前{opening}批注\n中\n\n后", CHINESE)
    assert body.text == "前中后"
    assert (told.code, told.severity, told.line, told.column) == ("markdown.comment", "warning", 1, 2)


FOREIGN = """
    text list line set view path use int g filter image svg math mi mo mn ms mrow mtext circle rect ellipse polygon polyline
    defs symbol marker mask pattern stop desc metadata switch animate animatemotion cursor font glyph tspan tref textpath
    foreignobject clippath lineargradient feblend feimage mpath discard hatch mesh unknown solidcolor sum max min and or not
    in eq lt gt plus times power root vector matrix apply bind share sep semantics annotation maction merror mfrac msub string
    object html body head form center picture header main o:p st1:chsdate w:tbl integer T K V x-y select title plaintext
"""


@pytest.mark.long
@pytest.mark.parametrize("name", FOREIGN.split())
@pytest.mark.parametrize(
    "around",
    [
        "字段 ARRAY{}（整数数组）由各支部填写。",
        "- 前{}后",
        "| 甲{} | 乙 |\n|---|---|\n| 丙 | 丁 |",
        "## 前{}后",
        "**前{}后**的",
    ],
)
def test_a_tag_of_any_name_goes_alone(name: str, around: str) -> None:
    for written in (name, name.upper()):
        body, diagnostics = markdown.convert(f"{around.format(f'<{written}>')}\n\n再后", CHINESE)
        text = re.sub(r"<[^>]*>|&lt;|&gt;|\s", "", "".join(map(str, body.chunks))).replace(written, "")
        assert text == re.sub(r"[-#*|\s]", "", around.format("")) + "再后"
        assert [item.code for item in diagnostics] == ["markdown.html-removed"]


WORDS = """
    * ** *** _ __ ` `` ``` ~~~ [ ] ( ) ![ ]( < > </ /> <b> </b> <div> </div> <p <!-- --> & &amp; \\ | --- === # ## ＃ - + 1. 2.
    : ： ， 。 “ ” （ ） 一、 （一） 二等奖 会议 强调 a 1 5*6 [^1] [^1]: [a]: a.md {#x} {.y} {: .z} http:// www. javascript: data: C:\\
    ！ 2024年3月14日 （管理学院2024-03-14） ![图](图.jpg) |-|-| <script> <img/src= ' " =
"""
MARKS = st.sampled_from([*WORDS.split(), "\u3000", "\u00a0", "  "])
TEXTS = st.lists(
    st.one_of(MARKS, st.just("\n"), st.just("\n\n"), st.just(" "), st.just("    "), st.just("\n  ")), max_size=40
)


@pytest.mark.long
@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_mixture_of_marks_is_converted(parts: list[str]) -> None:
    check("".join(parts))


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=200))
def test_any_text_is_converted(text: str) -> None:
    source = re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", text)
    first, second = (markdown.convert(source, CHINESE, "notice") for _ in range(2))
    assert first == second
    assert not page_of(first[0]).dangers


@pytest.mark.long
@pytest.mark.parametrize(
    "source",
    [
        *(mark * 50_000 for mark in "[*>`<_(|#&!\\"),
        *(
            (mark + "\n") * 10_000
            for mark in ("[", "![", "*a", "<div>", "<!--", "<pre>", "- a", "> a", "| a", "```", "# a")
        ),
        "甲\\\n" * 50_000,
        "甲  \n" * 50_000,
        "甲\t乙\n" * 5_000,
        "| a | b |\n|---|---|\n" + "| 1 | 2 | 3 |\n\n" * 5_000,
        "一、甲\n二、乙\n\n" * 10_000,
        "- a\n\n  > b\n" * 3_000,
        "- a" + "\n" * 50_000 + "b",
        "> " * 5_000,
        "\n".join("  " * depth + "- a" for depth in range(300)),
        "会议强调" * 25_000,
        "[a](" * 900,
        "![a](b.jpg)" * 900,
        '<a b="' * 900,
        "<b c='" * 900,
        "**a" * 450,
        "*a **b" * 300,
        "`a" * 900,
        *(
            f"<div>{mark * 20_000}</div>"
            for mark in ("<b>", "</b>", "<int>", "<svg>", "<a name=x>", "<b><p>", "<div><b>", "<b '")
        ),
        *(f"<div>{mark * 20_000}</div>" for mark in ("<?", "<!a", "<![CDATA[")),
        "【】" * 25_000 + "(a",
        "| a |\n|-|\n|" + "\u3000" * 40_000 + "x|" + "\u3000" * 20_000 + "y",
        "见https：//a.cn/b。" * 5_000,
        "".join(f"[^{number}]" for number in range(400)) + "\n\n" + "".join(f"[^{n}]: x\n" for n in range(2_000)),
    ],
    ids=lambda source: f"{source[:12]!r} {len(source)}",
)
@pytest.mark.parametrize("setting", [CHINESE, STANDARD], ids=["chinese", "standard"])
def test_nothing_takes_long(source: str, setting: Markdown) -> None:
    with without_hanging():
        markdown.convert(source, setting)


def test_deep_nesting_is_told() -> None:
    body, (problem,) = markdown.convert("> " * 900 + "正文", CHINESE)
    assert (problem.code, problem.severity) == ("body.nesting", "error")
    assert body == Body(())


@pytest.mark.parametrize(
    "source",
    [
        "<div>\n" * 30_000,
        "<div>" * 30_000 + "</div>" * 30_000,
        "<section></b>\n" * 30_000,
        f"<div>{'<span>' * 30_000}{'</span>' * 30_000}</div>",
        "<table><tr><td>\n" * 10_000,
        "> <blockquote>\n" * 10_000,
        "- 甲\n\n" + "  <ul><li>\n" * 10_000,
        "<div><i></div>" + "<details><b>\n\n" * 10_000,
    ],
    ids=lambda source: f"{source[:12]!r} {len(source)}",
)
def test_html_that_nests_without_end_is_told_and_takes_no_time(source: str) -> None:
    with without_hanging():
        body, remarks = markdown.convert(f"正文。\n\n{source}", CHINESE, first_line=3)
    assert [(item.code, item.line) for item in remarks if item.severity == "error"] == [("body.nesting", 3)]
    assert body == Body(())


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 390 + "甲" + "</div>" * 390,
        "<p>甲\n" * 2_000,
        "<ul>\n" + "<li>甲\n" * 2_000 + "</ul>",
        "<table>" + "<tr><td>甲<td>乙\n" * 2_000 + "</table>",
        "<div>甲<br><img src='a.jpg' alt=''><hr></div>\n" * 2_000,
        "甲<b>乙\n\n" * 2_000,
        "<div><b>甲</div>\n\n" * 2_000,
        "<section><div>甲</section>\n\n" * 2_000,
        "</div></b>\n\n" * 2_000,
        "<details><summary>甲</summary>\n\n乙\n\n</details>\n\n" * 500,
    ],
    ids=lambda source: f"{source[:12]!r} {len(source)}",
)
def test_long_html_that_does_not_nest_is_none_that_nests(source: str) -> None:
    _, remarks = markdown.convert(source, CHINESE)
    assert [item.code for item in remarks if item.severity == "error"] == []


def test_too_many_marks_are_told_with_their_line() -> None:
    _, (problem,) = markdown.convert("正文\n" + "*" * 5_000, CHINESE, first_line=5)
    assert (problem.code, problem.severity, problem.line) == ("body.too-complex", "error", 6)


@pytest.mark.parametrize("around", ["{}", "> {}", "- 名单\n  {}", "<div>\n{}\n</div>"])
def test_a_pasted_table_may_be_as_long_as_it_is(around: str) -> None:
    row = '<tr><td style="color:#333">甲&nbsp;(一)</td><td class="a_b">乙 [二]</td></tr>'
    body, diagnostics = markdown.convert(f"正文\n\n{around.format(f'<table>{row * 600}</table>')}\n\n后文", CHINESE)
    html = "".join(map(str, body.chunks))
    assert html.count("<td") == 1_200
    assert "后文" in body.text
    assert {item.code for item in diagnostics} == {"markdown.html-removed"}


@pytest.mark.parametrize("unit", ["[", "![", "[a](", "[a](b", "``a`", "[[a]"])
def test_brackets_that_would_take_minutes_are_refused_with_a_place(unit: str) -> None:
    with without_hanging():
        line = unit * (900 // len(unit))
        body, (problem,) = markdown.convert("\n".join(["正文", *[line] * (1_000_000 // len(line))]), CHINESE)
    assert (body, problem.code, problem.severity, problem.line) == (Body(()), "body.too-complex", "error", 2)


def test_links_and_notes_by_the_hundred_are_no_trouble() -> None:
    line = "见[通知](a.md)、[公示](b.md)和【附件】（一）[注]，`代码`[^1]。"
    _, diagnostics = markdown.convert("\n".join([line] * 300) + "\n\n[^1]: 注", CHINESE)
    assert not [item for item in diagnostics if item.code == "body.too-complex"]


@pytest.mark.long
@pytest.mark.parametrize("names", [range(4_000), [1] * 4_000], ids=["each", "one"])
def test_thousands_of_footnotes_take_a_few_seconds(names: Sequence[int]) -> None:
    text = "\n".join(f"正文第[^{name}]段**粗**。" for name in names)
    with without_hanging():
        notes = "\n".join(f"[^{n}]: 注" for n in sorted(set(names))[::-1])
        body, diagnostics = markdown.convert(f"{text}\n\n{notes}", CHINESE)
    html = "".join(map(str, body.chunks))
    assert (html.count("footnote-ref"), html.count("footnote-backref"), diagnostics) == (4_000, 4_000, ())
    assert f">{len(set(names))}</a></sup>" in html
