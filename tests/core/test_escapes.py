"""core/escapes.py: no escape brings a character into a text that no page may hold, in whatever file it stands."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.config import withdrawals
from newsgen.config.site_yaml import parse_config
from newsgen.content.document import parse
from newsgen.core.errors import ConfigError
from newsgen.core.escapes import all_without_forbidden, with_slashes
from newsgen.core.model import Markdown
from newsgen.core.text import is_clean
from site_test import SITE_YAML, SiteTest

ESCAPES = (
    r"\x10", r"\0", r"\a", r"\b", r"\e", r"\v", r"\f", r"\r", r"\N", r"\L", r"\P", r"\x7f", r"\x9f", r"\ud800", r"\uDFFF",
    r"\uFDD0", r"\uFFFE", r"\U0001FFFE", r"\U00110000", r"\u202E", r"\u2066", r"\uFEFF",
)  # fmt: skip
PLAIN = ("甲", "乙。", "a", "1", " ", "、", r"\n", r"\t", r"\\", r"\"", r"\_", r"\u4e00", ".jpg", "/")
KEYS = (
    "title", "subtitle", "short_title", "source", "author", "photographer", "editor", "summary", "tags", "branch", "cover",
    "aliases", "attachments", "signature", "slug", "original", "redirect", "reviews", "kind", "pinned",
)  # fmt: skip


def texts(value: object) -> Iterator[str]:
    """Every text within a frozen value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from texts(item)
    elif hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name))


typed = st.lists(st.sampled_from(ESCAPES + PLAIN), max_size=8).map("".join)
shapes = st.sampled_from(
    ['"{}"', '["甲", "{}"]', '\n  - "{}"\n  - 乙', '\n  - {{文件: "{}", 名称: "{}"}}', '"甲\n  {}"', ">-\n  {}"]
)


@given(st.lists(st.tuples(st.sampled_from(KEYS), shapes, typed), max_size=4, unique_by=lambda entry: entry[0]))
def test_no_forbidden_character_gets_into_front_matter(entries: list[tuple[str, str, str]]) -> None:
    lines = "".join(f"{key}: {shape.format(*[text] * 2)}\n" for key, shape, text in entries)
    document, _ = parse(f"---\ndate: 2024-03-13\n{lines}---\n正文。\n".encode(), Markdown())
    assert all(map(is_clean, texts(document.matter)))
    assert all(map(is_clean, texts(document.diagnostics)))


@pytest.mark.parametrize("escape", ESCAPES)
def test_an_escape_in_a_title_is_told_and_the_corrected_line_is_without_remark(escape: str) -> None:
    document, _ = parse(f'---\ndate: 2024-03-13\ntitle: "甲{escape}乙"\n---\n正文。\n'.encode(), Markdown())
    (said,) = document.diagnostics
    assert (said.code, said.severity, said.line) == ("front-matter.control", "warning", 3)
    assert said.hint == '改成：title: "甲乙"'


@pytest.mark.parametrize("escape", ESCAPES)
def test_an_escape_in_site_yaml_is_an_error_with_place_and_line(escape: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(f'{SITE_YAML}footer:\n  address: "中山路{escape}1 号"\n'.encode())
    (said,) = caught.value.diagnostics
    assert (said.line, said.column) == (6, 16)
    assert said.hint == '改成：  address: "中山路1 号"' or said.hint == '改成：  address: "中山路 1 号"'


def test_an_escape_in_the_ledger_is_an_error() -> None:
    with pytest.raises(ConfigError) as caught:
        withdrawals.parse('- article: content/a.md\n  when: 2024-06-01\n  why: "甲\\x10"\n'.encode())
    assert [said.line for said in caught.value.diagnostics] == [3]


@pytest.mark.parametrize(
    ("value", "corrected"),
    [
        (r'"校区\banner 楼"', r'"校区\\banner 楼"'),
        (r'"Party\vDay"', '"Party Day"'),
        (r'"甲\r\n乙"', r'"甲\n乙"'),
        (r'"甲\L\P 乙"', '"甲乙"'),
    ],
)
def test_the_corrected_text_keeps_what_was_meant(value: str, corrected: str) -> None:
    document, _ = parse(f"---\ndate: 2024-03-13\ntitle: {value}\n---\n正文。\n".encode(), Markdown())
    assert [said.hint for said in document.diagnostics] == [f"改成：title: {corrected}"]


def test_text_that_only_looks_like_an_escape_stays() -> None:
    document, _ = parse("---\ndate: 2024-03-13\ntitle: 公式\\x10\nsource: '甲\\b'\n---\n正文。\n".encode(), Markdown())
    assert "公式\\x10" in texts(document.matter)
    assert "甲\\b" in texts(document.matter)
    assert document.diagnostics == ()


def test_feeds_and_sitemaps_stay_well_formed_whatever_was_escaped(project: SiteTest) -> None:
    hostile = '"甲\\x10\\uFFFE\\v乙"'
    project.write("content/meetings/_index.md", f"---\ntitle: {hostile}\ndescription: {hostile}\n---\n")
    keys = dict.fromkeys(("title", "author", "source", "tags", "summary", "signature", "subtitle"), hostile)
    built = project.article("meetings/a.md", "正文&#x10;。\n", **keys).built()
    for address in ("feed.xml", "meetings/feed.xml", "sitemap.xml"):
        ET.fromstring(built.text(address))
    assert all(is_clean(built.text(page)) for page in built.addresses() if page.endswith(".html"))


def test_every_quoted_text_of_a_line_is_corrected_and_the_others_stay() -> None:
    assert all_without_forbidden(r'["甲\n", "乙\x10", 丙\x10, "丁"]') == r'["甲\n", "乙", 丙\x10, "丁"]'


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (r'"照片\banner.jpg"', '"照片/banner.jpg"'),
        (r'"照片\\new\\a.jpg"', '"照片/new/a.jpg"'),
        ('- {文件: "表\\a.xlsx", 名称: "甲\\乙"}', '- {文件: "表/a.xlsx", 名称: "甲\\乙"}'),
        (r'"说\"好\"a\b"', r'"说\"好\"a\b"'),
        (r"'照片\a.jpg'", r"'照片\a.jpg'"),
        ('"a.jpg"', '"a.jpg"'),
    ],
)
def test_a_backslash_in_the_name_of_a_file_is_a_slash(typed: str, meant: str) -> None:
    assert with_slashes(typed) == meant
