"""view_counts.py: the number of readers is what the server delivers and what came from the old site, or it is not shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgen.config.view_counts import parse, read
from newsgen.core.model import Located
from site_test import SITE_YAML, Built, SiteTest

URL = "https://sm.example.edu.cn/dqgz/"
PAGE = "meetings/2024/0313-a.html"
FILE = Located("views.json", 5, 8)


@pytest.fixture
def counted(site: SiteTest) -> SiteTest:
    """A site that asks for counts, with two reports."""
    site.write("site.yaml", f"{SITE_YAML}views: views.json\n")
    return site.article("meetings/a.md", views_base="100").article("meetings/b.md", title="乙")


def shown(built: Built, page: str = PAGE) -> str | None:
    """The number that a page shows; None where it shows none."""
    text = built.text(page)
    return text.partition("浏览：")[2].partition("<")[0] or None


def test_a_base_alone_is_no_number(site: SiteTest) -> None:
    assert shown(site.article("meetings/a.md", views_base="100").built()) is None


def test_what_is_delivered_and_what_was_brought_along_are_added(counted: SiteTest) -> None:
    built = counted.write("views.json", json.dumps({PAGE: 28})).built("--strict")
    assert (shown(built), shown(built, "meetings/2024/0313-b.html")) == ("128", None)


def test_zero_is_not_shown(counted: SiteTest) -> None:
    built = counted.write("views.json", json.dumps({"meetings/2024/0313-b.html": 0})).built()
    assert shown(built, "meetings/2024/0313-b.html") is None


def test_a_new_file_renders_the_pages_whose_number_changed_and_no_other(counted: SiteTest) -> None:
    counted.write("views.json", json.dumps({PAGE: 1})).built()
    assert counted.built().document["rendered"] == 0
    built = counted.write("views.json", json.dumps({PAGE: 1, "meetings/2024/0313-b.html": 7})).built()
    assert built.document["rendered"] == 1
    assert shown(built, "meetings/2024/0313-b.html") == "7"
    more = {PAGE: 1, "meetings/2024/0313-b.html": 7, "else.html": 3}
    assert counted.write("views.json", json.dumps(more)).built().document["rendered"] == 0
    assert shown(counted.write("views.json", "{}").built(), "meetings/2024/0313-b.html") is None


def test_an_edited_text_keeps_its_number_and_a_fresh_build_agrees(counted: SiteTest) -> None:
    opening = "会" * 150
    counted.write("views.json", json.dumps({PAGE: 28})).article("meetings/a.md", opening, views_base="100").built()
    built = counted.article("meetings/a.md", f"{opening}\n\n改过。\n", views_base="100").built()
    assert built.document["rendered"] == 1
    assert shown(built) == "128"
    before = built.text(PAGE)
    assert counted.built("--full").text(PAGE) == before


def test_a_missing_file_is_told_and_stops_nothing(counted: SiteTest) -> None:
    built = counted.built("--strict")
    assert built.said() == ["views site.yaml:5"]
    assert shown(built) is None
    assert shown(counted.write("views.json", json.dumps({PAGE: 28})).built()) == "128"


@pytest.mark.parametrize("typed", ["../views.json", "/etc/passwd", "C:\\views.json", "data/../../x.csv"])
def test_a_file_outside_of_the_site_is_refused(site: SiteTest, typed: str) -> None:
    built = site.write("site.yaml", f"{SITE_YAML}views: '{typed}'\n").build()
    assert (built.code, built.said()) == (2, ["config.value site.yaml:5"])


def test_a_link_out_of_the_site_is_not_followed(counted: SiteTest) -> None:
    outside = counted.root.parent / "secret.json"
    outside.write_text(json.dumps({PAGE: 28}), "utf-8")
    (counted.root / "views.json").symlink_to(outside)
    built = counted.built()
    assert built.said() == ["views site.yaml:5"]
    assert shown(built) is None


@pytest.mark.parametrize(
    ("data", "numbers"),
    [
        ('{"meetings/2024/0313-a.html": 128}', {PAGE: 128}),
        ('{"/dqgz/meetings/2024/0313-a.html": 1, "https://sm.example.edu.cn/dqgz/meetings/2024/0313-a.html?from=wx": 2}', {PAGE: 3}),
        ('[{"path": "meetings/", "views": 5}, {"path": "", "count": "1,234"}]', {"index.html": 1234, "meetings/index.html": 5}),
        ("\ufeff网址,次数\r\nmeetings/2024/0313-a.html,128\r\n\r\n/dqgz/,7\r\n", {PAGE: 128, "index.html": 7}),
        ("meetings/2024/0313-a.html,128", {PAGE: 128}),
        ('"meetings/2024/0313-%61.html",１２', {PAGE: 12}),
    ],
)  # fmt: skip
def test_every_form_of_a_file_is_read(data: str, numbers: dict[str, int]) -> None:
    counts = parse(data.encode(), Located("v.csv", 1, 1), URL)
    assert (counts.numbers, counts.diagnostics) == (numbers, ())


def test_a_file_in_gbk_is_read() -> None:
    assert parse("网址,次数\na.html,3\n".encode("gbk"), Located("v.csv", 1, 1), URL).numbers == {"a.html": 3}


@pytest.mark.parametrize("data", [b"{", b"1", b'"x"', b"[" * 100_000, b"\xff\xfe\x80", b'{"a": ' + b"9" * 5000 + b"}"])
def test_a_file_that_makes_no_sense_is_a_warning(data: bytes) -> None:
    counts = parse(data, FILE, URL)
    assert counts.numbers == {}
    assert [(said.severity, said.path) for said in counts.diagnostics] == [("warning", "views.json")]


def test_lines_that_make_no_sense_are_counted_and_the_first_is_named() -> None:
    counts = parse(b"path,views\na.html,3\nb.html,many\nc.html\nd.html,-1\n", Located("v.csv", 1, 1), URL)
    assert counts.numbers == {"a.html": 3}
    assert [(said.line, "3 行" in said.message) for said in counts.diagnostics] == [(3, True)]


def test_a_site_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "views.csv").write_bytes(b"a.html,1\n")
    (tmp_path / "link").symlink_to("site")
    assert read(tmp_path / "link", "views.csv") == b"a.html,1\n"
