"""What the preview puts into a page, and what it knows of it: pure functions."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from newsgen.core.model import SHANGHAI, Diagnostic, FrontMatter, Moment
from newsgen.preview.inject import embedded, inject
from newsgen.preview.page_info import PageInfo, Ribbon, ShownDiagnostic, count_characters, ribbons

NOW = datetime(2024, 6, 1, 8, tzinfo=SHANGHAI)
BEFORE, AFTER = (Moment.of(datetime(2024, month, 1, 9, 30, tzinfo=SHANGHAI), True) for month in (5, 7))
FACTS = PageInfo("a1b2", 12, "meetings/2024/0313-a.html")


def facts_in(page: bytes) -> dict[str, object]:
    """The facts as a browser reads them."""
    found = re.search(r'<script type="application/json" id="newsgen-preview">(.*?)</script>', page.decode())
    assert found
    loaded: dict[str, object] = json.loads(found[1])
    return loaded


def without(page: bytes) -> bytes:
    """The page without what was injected."""
    return re.sub(rb'<script type="application/json" id="newsgen-preview">.*?</script><script .*?></script>', b"", page)


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html>\n<html><body>\n<p>会议</p>\n</body>\n</html>\n".encode(),
        "<BODY><p>大写</BODY></HTML>".encode(),
        "<body>&lt;/body> 与 <!-- </body> --> 会议</body >\n".encode(),
        "没有结尾的网页".encode(),
        "<p>会议</p>".encode("gb18030"),
        b"",
    ],
)
def test_nothing_else_on_the_page_changes(page: bytes) -> None:
    injected = inject(page, FACTS)
    assert injected != page
    assert without(injected) == page


def test_the_script_stands_just_before_the_end_of_the_body() -> None:
    injected = inject(b"<body><!-- </body> --><p>x</p></body></html>", FACTS)
    assert injected.startswith(b"<body><!-- </body> --><p>x</p><script ")
    assert injected.endswith(b'<script src="/.newsgen/client.js" defer></script></body></html>')


def test_the_browser_reads_the_facts_that_the_server_wrote() -> None:
    said = Diagnostic("link.broken", "warning", "链接的文件不存在：b.md", "是不是 c.md ？", "content/a.md", 6, 10)
    ribbon = Ribbon("draft", "草稿：读者看不到这一篇。")
    facts = PageInfo(
        "a1b2", 12, "a.html", "content/a.md", 2518, 2, (ribbon,), (ShownDiagnostic.of(said, "见[上文](b.md)"),)
    )
    assert facts_in(inject(b"", facts)) == {
        "instance": "a1b2",
        "version": 12,
        "path": "a.html",
        "source": "content/a.md",
        "characters": 2518,
        "photos": 2,
        "ribbons": [{"reason": "draft", "text": "草稿：读者看不到这一篇。", "has_changes": False}],
        "diagnostics": [
            {
                "path": "content/a.md",
                "line": 6,
                "column": 10,
                "code": "link.broken",
                "severity": "warning",
                "message": "链接的文件不存在：b.md",
                "hint": "是不是 c.md ？",
                "text": "见[上文](b.md)",
            }
        ],
    }


@pytest.mark.parametrize(
    "typed", ["</script><script>alert(1)</script>", "<!-- <script>", "]]>", "\u2028", "\udc80", "&lt;"]
)
def test_what_members_type_stays_data(typed: str) -> None:
    injected = inject(b"", PageInfo("a1b2", 1, "a.html", typed))
    assert injected.count(b"<script") == 2
    assert b"<!--" not in injected
    assert facts_in(injected)["source"] == typed
    assert embedded(typed).isascii()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("3月13日，学院召开会议。", 12),
        ("“八个要求”", 6),
        ("2024年 增长63.5%", 6),
        ("用 newsgen serve 预览", 5),
        (" \u3000\n", 0),
    ],
)
def test_characters_are_counted_as_word_counts_them(text: str, count: int) -> None:
    assert count_characters(text) == count


def test_a_public_article_has_no_ribbon() -> None:
    assert ribbons(FrontMatter("会议", publish_at=BEFORE, expires=AFTER), NOW) == ()


@pytest.mark.parametrize(
    ("matter", "reason", "said"),
    [
        (FrontMatter("会议", draft=True, lines=(("draft", 4),)), "draft", ("草稿：", "第 4 行")),
        (
            FrontMatter("会议", publish_at=AFTER, lines=(("publish_at", 5),)),
            "scheduled",
            ("2024-07-01 09:30", "第 5 行"),
        ),
        (FrontMatter("会议", expires=BEFORE, lines=(("expires", 6),)), "expired", ("2024-05-01 09:30", "第 6 行")),
    ],
)
def test_a_ribbon_says_why_readers_do_not_see_the_article(
    matter: FrontMatter, reason: str, said: tuple[str, ...]
) -> None:
    (ribbon,) = ribbons(matter, NOW)
    assert ribbon.reason == reason
    assert all(words in ribbon.text for words in said), ribbon.text


def test_the_minute_that_a_time_names_belongs_to_what_comes_after() -> None:
    minute = Moment.of(NOW, True)
    assert ribbons(FrontMatter("会议", publish_at=minute), NOW) == ()
    assert [ribbon.reason for ribbon in ribbons(FrontMatter("会议", expires=minute), NOW)] == ["expired"]


@pytest.mark.parametrize(
    ("matter", "said"),
    [
        (
            FrontMatter("会议", draft=True, lines=(("draft", 4),)),
            ["草稿：读者看不到这一篇。写好以后，删去文件第 4 行，下次发布时就会公开。"],
        ),
        (
            FrontMatter("会议", draft=True, publish_at=AFTER, lines=(("draft", 4), ("publish_at", 5))),
            [
                "草稿：读者看不到这一篇。写好以后，删去文件第 4 行，就会按下面的时间公开。",
                "定时发布：读者要到 2024-07-01 09:30 才看得到这一篇。时间写在文件第 5 行。",
            ],
        ),
        (
            FrontMatter("会议", draft=True, publish_at=BEFORE, expires=BEFORE, lines=(("draft", 4), ("expires", 6))),
            [
                "草稿：读者看不到这一篇。写好以后，删去文件第 4 行，再改下面的时间。",
                "已下线：下线时间 2024-05-01 09:30 已经过了，读者看不到这一篇。要公开，改晚或删去文件第 6 行。",
            ],
        ),
    ],
)
def test_two_ribbons_do_not_contradict_each_other(matter: FrontMatter, said: list[str]) -> None:
    assert [ribbon.text for ribbon in ribbons(matter, NOW)] == said


def test_a_day_is_shown_as_a_day() -> None:
    day = Moment.of(datetime(2024, 7, 1, tzinfo=SHANGHAI), False)
    (ribbon,) = ribbons(FrontMatter("会议", publish_at=day), NOW)
    assert "2024-07-01 才" in ribbon.text
