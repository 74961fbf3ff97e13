"""aliases.py: an old address has one form, and hides no file of the site, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content.frontmatter.aliases import normal_path
from newsgen.core.urls import outputs_of_alias
from site_test import SiteTest


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("meetings/2024/./0313-a.html", "meetings/2024/0313-a.html"),
        ("./old.html", "old.html"),
        ("old//a.html", "old/a.html"),
        ("old/.", "old/"),
        ("old\\a.html", "old/a.html"),
        ("old/%61.html", "old/a.html"),
        ("old%2Ehtml", "old.html"),
        ("old/%2e/a.html", "old/a.html"),
        ("/info//1023/./4567.htm", "/info/1023/4567.htm"),
        ("/info/%31.htm?a=%20", "/info/1.htm?a=%20"),
        ("/info/1.htm?", "/info/1.htm"),
        ("/%E5%85%9A/1.htm", "/%E5%85%9A/1.htm"),
        ("\\info\\1023\\4567.htm", "/info/1023/4567.htm"),
        ("/con/a.jsp", "/con/a.jsp"),
        ("/.info/a./b.htm", "/.info/a./b.htm"),
        ("/" + "a" * 100, "/" + "a" * 100),
        ("/" + "a" * 101, None),
        ("a" * 95 + ".html", "a" * 95 + ".html"),
        ("a" * 96 + ".html", None),
        ("/a?" + "b" * 497, "/a?" + "b" * 497),
        ("/a?" + "b" * 498, None),
        ("old/%2e%2e/a.html", None),
        ("con.html", None),
        ("old/aux.htm", None),
        ("./", None),
        ("/.", None),
        ("old.html.", None),
    ],
)
def test_an_old_address_has_one_form(typed: str, form: str | None) -> None:
    assert normal_path(typed) == form


@given(st.lists(st.sampled_from(["a", "B", ".", "..", "/", "\\", "%2e", "%2F", "%61", ".html", "con", "index", "?x"])))
def test_the_form_of_a_form_is_itself(pieces: list[str]) -> None:
    form = normal_path("".join(pieces))
    if form is not None:
        assert normal_path(form) == form
        assert ".." not in form.split("?")[0].split("/")


@pytest.mark.parametrize(
    ("alias", "hidden"),
    [
        ("old/", ("old/index.html",)),
        ("Old/A.html", ("old/a.html",)),
        ("/dqgz/", ("index.html",)),
        ("/dqgz/feed.xml", ("feed.xml", "feed.xml/index.html")),
        ("/DQGZ/meetings", ("meetings", "meetings/index.html")),
        ("/info/1.htm", ()),
        ("/dqgz/a.html?x=1", ()),
    ],
)
def test_an_alias_names_what_it_would_hide(alias: str, hidden: tuple[str, ...]) -> None:
    assert outputs_of_alias(alias, "/dqgz/") == hidden


HIDING = [
    "meetings/2024/./0301-b.html", "Meetings/2024/0301-B.html", "meetings//2024/0301-b.html", "meetings/2024/0301-%62.html",
    "meetings\\2024\\0301-b.html", "meetings/", "meetings/index.html", "./index.html", "404.html", "meetings/1.html",
    "tags/party/", "tags/party/index.html", "archive/2024/", "/dqgz/meetings/2024/0301-b.html", "/dqgz/meetings/",
    "/dqgz/meetings", "/dqgz/", "/dqgz/index.html", "/dqgz/feed.xml", "/dqgz/meetings/feed.xml", "/dqgz/sitemap.xml",
    "/dqgz/tags/party/", "/dqgz/assets/greyscale.css", "/dqgz/meetings/2024/%30301-b.html", "/DQGZ/robots.txt",
    "https://sm.example.edu.cn/dqgz/meetings/2024/0301-b.html", "/dqgz/meetings/2024/0301-b.html?",
]  # fmt: skip


@pytest.mark.parametrize("alias", HIDING)
def test_no_alias_hides_a_file_of_the_site(site: SiteTest, alias: str) -> None:
    site.article("meetings/2024-03-01-b.md", title="乙", date="2024-03-01", tags="party")
    built = site.article("meetings/2024-03-13-a.md", aliases=f"'{alias}'").build()
    assert built.code == 1, "an alias that hides a page"
    assert "address.clash content/meetings/2024-03-13-a.md:4" in built.said("error")


def test_an_alias_in_another_spelling_leads_on(site: SiteTest) -> None:
    built = site.article("meetings/2024-03-13-a.md", aliases="[./old//a.html, 'b\\c.html', /info/./1.htm]").built(
        "--strict"
    )
    assert "0313-a.html" in built.text("old/a.html")
    assert "0313-a.html" in built.text("b/c.html")
    assert '"/info/1.htm"' in built.text("redirects.nginx.conf")


def test_two_files_with_six_digits_are_two_pages(site: SiteTest) -> None:
    site.article("meetings/info-103245.md", title="甲", date="2024-01-01")
    built = site.article("meetings/info-103246.md", title="乙", date="2024-01-01").built()
    assert {"meetings/2024/0101-info-103245.html", "meetings/2024/0101-info-103246.html"} <= built.addresses()
