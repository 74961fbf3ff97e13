"""No address that runs something reaches a page, however it is hidden; a real browser, with no policy to help it, agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Dialog

from browser import chromium
from newsgen.content import markdown
from newsgen.content.markdown.sanitize import SCHEMES
from newsgen.core.model import Body, Markdown
from site_checks import executable
from site_test import SITE_YAML, SiteTest

INVISIBLE = r"""
    &#x200B; &ZeroWidthSpace; &#8203; &NegativeThinSpace; &#xFEFF; &#65279; &#x2028; &#x2029; &#x85; &#xAD; &shy; &zwnj; &#x200D;
    &lrm; &rlm; &#x202E; &#x2066; &#x2060; &NoBreak; &#xFFFE; &#xFFFF; &#xFDD0; &#x1FFFE; &#xD800; &#0; &#1; &#x0B; &#x1f; &#127;
    &#x9F; &Tab; &NewLine; &#9; &#10; &#13; &nbsp; &#x3000; &emsp; &amp;#x200B; \u200b \ufeff \u2028 \xad \u202e \u2060 \x7f
"""
"""Characters that browsers, we, or something in between may drop, typed and as themselves."""
HIDDEN = ["", *(text.encode().decode("unicode_escape") for text in INVISIBLE.split())]
ACTIVE = (
    "javascript:",
    "JavaScript:",
    "data:text/html,",
    "vbscript:",
    "livescript:",
    "javascript&colon;",
    "&#106;avascript:",
)
RUN = "window.ran=document.title='ran';alert(1)"
PLACES = (
    "[字]({})",
    "[字](<{}>)",
    '[字]({} "题")',
    "![图]({})",
    "字![图]({})字",
    "[![图]({0})]({0})",
    "[字][1]\n\n[1]: {}",
    "[1]\n\n[1]: <{}>",
    "![图][1]\n\n[1]: {}",
    "<{}>",
    "<{}//a.cn/%0a>",
    '<a href="{}">字</a>',
    "<a href={}>字</a>",
    '<a\nhref="{}">字</a>',
    '<a name="{0}" href="{0}" ping="{0}">字</a>',
    '<img src="{0}" srcset="{0} 2x" lowsrc="{0}" dynsrc="{0}" alt="">',
    '<video src="{0}" poster="{0}"><source src="{0}"><track src="{0}"></video>',
    '<blockquote cite="{0}">字</blockquote>',
    '<q cite="{0}">字</q><ins cite="{0}">字</ins><del cite="{0}">字</del>',
    '<table background="{0}"><tr><td background="{0}">字</td></tr></table>',
    '<svg><a xlink:href="{0}" href="{0}"><text>字</text></a><image href="{0}"/><use href="{0}"/></svg>',
    '<math><mtext href="{0}" xlink:href="{0}">字</mtext></math>',
    '<form action="{0}"><button formaction="{0}">字</button></form>',
    '<iframe src="{0}" srcdoc="{0}"></iframe><object data="{0}"></object><embed src="{0}">',
    '<base href="{0}"><link href="{0}"><meta http-equiv="refresh" content="0;url={0}">',
    "[字](a.md){{href={}}}",
    '[字](a.md){{: href="{}"}}',
    "**字**{{href={0} src={0} onclick={0}}}",
    "字[^1]\n\n[^1]: [注]({})",
    "字[^1]\n\n[^1]: 注\n\n    <a href='{}'>注</a>",
    "![<a href='{0}'>图</a>]({0})",
    "| 甲 |\n| --- |\n| [字]({}) |",
    "- > [字]({})",
    "## [题]({})",
    "一、[题]({})",
)

LOADING = 180_000
"""Milliseconds for a page of all disguises, while other tests keep the machine busy."""


class Judged:
    """What a browser would make of a text's HTML: its elements, and the addresses in them."""

    def __init__(self, body: Body) -> None:
        html = "".join(chunk if isinstance(chunk, str) else ' href="a.html"' for chunk in body.chunks)
        self.elements = list(html5lib.parseFragment(html, namespaceHTMLElements=False).iter())

    def faults(self) -> Iterator[str]:
        """Each thing that could run or is no address for a web page."""
        for element in self.elements:
            if element.tag in {
                "script",
                "style",
                "iframe",
                "object",
                "embed",
                "form",
                "base",
                "link",
                "meta",
                "svg",
                "math",
            }:
                yield f"<{element.tag}>"
            for name, value in element.attrib.items():
                if name.startswith("on") or name in {"style", "srcdoc", "srcset", "ping", "action", "formaction"}:
                    yield f"<{element.tag} {name}>"
                if name in {"href", "src", "poster", "cite", "background", "data", "xlink:href", "lowsrc", "dynsrc"}:
                    yield from (f"{name}={value!r}" for _ in range(not is_allowed(value)))


def is_allowed(address: str) -> bool:
    """Whether an address begins with an allowed scheme or none, also for those who see nothing that is invisible."""
    for bare in (address, re.sub(r"[\x00-\x20]", "", address), "".join(filter(str.isprintable, address)).strip()):
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", bare, re.IGNORECASE)
        if scheme and scheme[1].lower() not in SCHEMES:
            return False
    return True


def disguised(scheme: str, hidden: str, place: int) -> str:
    return scheme[:place] + hidden + scheme[place:] + RUN


def faults_of(source: str) -> list[str]:
    return [
        fault
        for setting in ("chinese", "standard")
        for fault in Judged(markdown.convert(source, Markdown(setting))[0]).faults()
    ]


@pytest.mark.long
@pytest.mark.parametrize("around", PLACES)
def test_no_disguise_makes_an_address_that_runs(around: str) -> None:
    addresses = [disguised("javascript:", hidden, place) for hidden in HIDDEN for place in (0, 4)]
    for address in [*addresses, *(disguised(scheme, "&#x200B;", 4) for scheme in ACTIVE)]:
        body, _ = markdown.convert(around.format(address), Markdown())
        assert list(Judged(body).faults()) == [], address


PIECES = st.one_of(
    st.sampled_from([*HIDDEN, *HIDDEN, *ACTIVE]),
    st.builds(
        lambda around, address: around.format(address),
        st.sampled_from(PLACES),
        st.builds(disguised, st.sampled_from(ACTIVE), st.sampled_from(HIDDEN), st.integers(0, 11)),
    ),
    st.sampled_from(
        [
            "\n",
            "\n\n",
            "> ",
            "- ",
            "    ",
            "**",
            "`",
            "<div>",
            "</div>",
            '"',
            "'",
            "<!--",
            "-->",
            "<b ",
            ">",
            "&",
            ";",
            "\\",
        ]
    ),
    st.sampled_from(
        ["会议", "[", "](", ")", "![", "<a href=", "<img src=", " onclick=alert(1) ", "java", "script:", ":", "{", "}"]
    ),
)


@pytest.mark.long
@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=12))
def test_no_document_with_hostile_pieces_has_an_address_that_runs(pieces: list[str]) -> None:
    assert faults_of("".join(pieces)) == []


@lru_cache(maxsize=1)
def hostile_page() -> str:
    """A body of all disguises in all places that a browser could follow."""
    cases = [
        around.format(disguised(scheme, hidden, place))
        for around in PLACES[:20]
        if "[1]" not in around
        for scheme, hidden, place in product(("javascript:", "data:text/html,"), HIDDEN, (0, 4))
    ]
    html = []
    for source in cases:
        body, _ = markdown.convert(source, Markdown())
        html += [chunk if isinstance(chunk, str) else _attribute(body, chunk) for chunk in body.chunks]
    return "".join(html)


def _attribute(body: Body, number: int) -> str:
    """An address of this site as it was typed, which the build would have refused or looked up."""
    reference = body.references[number]
    return f' {reference.attribute}="{reference.typed.replace("&", "&amp;").replace(chr(34), "&quot;")}"'


@pytest.mark.long
def test_a_browser_without_a_policy_runs_nothing_whatever_is_clicked() -> None:
    dialogs: list[str] = []

    def noted(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    with chromium() as browser:
        page = browser.new_page()
        page.on("dialog", noted)
        page.route(
            "**/*",
            lambda route: route.fulfill(
                body=hostile_page() if route.request.url.endswith("/p.html") else "", content_type="text/html"
            ),
        )
        page.goto("http://site.invalid/p.html", timeout=LOADING)
        clicked = page.evaluate(
            """() => {
                let links = [...document.querySelectorAll('a[href]')];
                for (const link of links) { link.target = ''; const go = link.protocol; if (!/^https?:$/.test(go)) link.click(); }
                for (const link of links) if (/^(javascript|data|vbscript):/.test(link.href)) throw link.outerHTML;
                return document.querySelectorAll('a').length;
            }"""
        )
        page.evaluate("() => new Promise(done => setTimeout(done))")
        assert clicked > 500
        assert dialogs == []
        assert page.evaluate("[window.ran, document.title]") == [None, ""]
        browser.close()


@pytest.mark.long
def test_the_browser_of_these_tests_would_run_them() -> None:
    """Without the sanitizer the same links do run."""
    with chromium() as browser:
        page = browser.new_page()
        page.set_content(f'<a href="&#1;java&#10;script:{RUN.replace("alert(1)", "void 0")}">字</a>')
        page.click("a")
        assert page.evaluate("window.ran") == "ran"


KEYS = {
    "original": "类型: 转载\n来源: 某报\noriginal: {}",
    "redirect": "redirect: {}",
    "cover": "cover: {}",
    "attachments": "attachments: [{}]",
    "attachments-mapping": "attachments: [{{file: {}, name: 表}}]",
}


@pytest.mark.parametrize("key", KEYS)
def test_front_matter_takes_no_address_that_runs(site: SiteTest, key: str) -> None:
    written = [f'"{scheme}"' for scheme in _yaml_disguises()]
    for number, value in enumerate(written):
        matter = f"title: 某文\ndate: 2024-03-13\n{KEYS[key].format(value)}"
        site.write(f"content/meetings/{number:03}.md", f"---\n{matter}\n---\n\n正文。\n")
    built = site.build()
    assert built.code == 1
    told = {place.split(" ")[1].split(":")[0] for place in built.said("error")}
    assert told == {f"content/meetings/{number:03}.md" for number in range(len(written))}


def test_site_yaml_takes_no_address_that_runs(site: SiteTest) -> None:
    for address in _yaml_disguises():
        built = site.write("site.yaml", f'{SITE_YAML}links:\n  - {{name: 某站, url: "{address}"}}\n').build()
        assert built.code == 2, address


def _yaml_disguises() -> list[str]:
    hidden = ("", "\\u200b", "\\ufeff", "\\u2028", "\\xad", "\\t", "\\n", "\\x01", "\\x85", "\\u3000")
    return [f"{mark}java{mark}script:alert(1)" for mark in hidden] + ["data:text/html,x", "vbscript:x"]


def test_a_site_made_of_disguises_holds_nothing_that_runs(site: SiteTest) -> None:
    hidden = ("&#x200B;", "&#xFEFF;", "&shy;", "&Tab;")
    sources = [place.format(disguised("javascript:", mark, 4)) for place in PLACES[:4] for mark in hidden]
    built = site.article("meetings/a.md", "\n\n".join(sources)).built()
    assert executable(built.out) == []
    assert built.said("warning").count("link.scheme content/meetings/a.md:8") == 1
