"""Links to the site's own pages that were copied from a browser: they are the articles', like links by file name."""

from __future__ import annotations

import re

import pytest

from newsgen.cli import run
from newsgen.core.own_addresses import own_address
from site_test import NOW, SITE_YAML, SiteTest, photo, tree

URL = "https://sm.example.edu.cn/dqgz/"
A, PAGE = "content/meetings/2024-03-13-a.md", "meetings/2024/0313-a.html"
B, SHOWN = "content/meetings/2024-03-14-b.md", "meetings/2024/0314-b.html"
HOME = "https://sm.example.edu.cn/"

FORMS = (
    URL + PAGE,
    f"/dqgz/{PAGE}",
    f"{URL}{PAGE}?from=wx",
    f"{URL}{PAGE}?a=b&amp;c=d",
    f"http://sm.example.edu.cn/dqgz/{PAGE}",
    f"//sm.example.edu.cn/dqgz/{PAGE}",
    f"https://sm.example.edu.cn:443/dqgz/{PAGE}",
    f"HTTPS://SM.Example.Edu.CN/dqgz/{PAGE}",
    f"https://sm.example.edu.cn./dqgz/{PAGE}",
    f"{URL}meetings/2024/%30313%2Da.html",
    f"{URL}./meetings//x/../2024/0313-a.html",
    f"{URL}info/old.html",
    f"{HOME}info/1023/4567.htm",
    "/info/1023/4567.htm",
)


@pytest.fixture
def two(site: SiteTest) -> SiteTest:
    """An article that can be withdrawn; what links to it is still to be written."""
    return site.article(
        "meetings/2024-03-13-a.md",
        "## 小结\n\n这一篇讲的是三月的会议，会议的内容与别处不同。\n",
        title="会议甲",
        aliases="[info/old.html, /info/1023/4567.htm]",
    )


def linking(site: SiteTest, body: str, **matter: str) -> SiteTest:
    return site.article("meetings/2024-03-14-b.md", body, title="乙", date="2024-03-14", **matter)


def withdraw(site: SiteTest, article: str = A) -> None:
    assert run(["withdraw", article, "--why", "当事人要求", "-C", str(site.root), "--now", NOW]) == 0


def test_an_address_in_full_leads_to_the_article_and_is_a_text_once_it_is_withdrawn(two: SiteTest) -> None:
    body = "".join(f'见[会议]({typed})。\n\n见<a href="{typed}">原文</a>。\n\n' for typed in FORMS)
    names = "".join(f"[d{number}]: {typed}\n" for number, typed in enumerate(FORMS))
    body += "".join(f"见[定义][d{number}]。\n\n" for number, _ in enumerate(FORMS)) + names + f"\n<{URL}{PAGE}>\n"
    built = linking(two, body).built()
    assert built.said() == []
    assert built.text(SHOWN).count('href="../../meetings/2024/0313-a.html"') >= 3 * len(FORMS) + 1
    assert built.text(SHOWN).count("https://sm.example.edu.cn/dqgz/meetings/2024/0313-a.html") == 1  # as it was typed
    withdraw(two)
    built = two.built()
    lines = [6 + 2 * number for number in range(2 * len(FORMS))]
    lines += [6 + 6 * len(FORMS) + number for number, _ in enumerate(FORMS)] + [6 + 7 * len(FORMS) + 1]
    assert built.said() == [f"link.unpublished {B}:{line}" for line in lines]
    assert "<p>见<a>会议</a>。</p>" in built.text(SHOWN)
    assert 'href="../../meetings/2024/0313-a.html"' not in built.text(SHOWN)


def test_a_link_follows_the_article_as_a_file_name_does(two: SiteTest) -> None:
    linking(two, f"见[会议]({URL}{PAGE}#小结)、[别处](https://www.example.cn/)、[办公网](/oa/a.jsp?x=1)。\n")
    assert 'href="../../meetings/2024/0313-a.html#小结"' in two.built().text(SHOWN)
    text = (two.root / A).read_text("utf-8")
    two.write(A, text.replace("## 小结", "## 结语"))
    assert two.built().said() == [f"link.anchor {B}:6"]
    two.write(A, text.replace("---\n", "---\nexpires: 2024-05-01\n", 1))
    assert two.built().said() == [f"link.unpublished {B}:6"]
    two.write(A, text.replace("---\n", "---\nredirect: https://www.example.cn/x\n", 1))
    built = two.built()
    assert '<a href="https://www.example.cn/x#小结">会议</a>' in built.text(SHOWN)
    assert 'href="/oa/a.jsp?x=1"' in built.text(SHOWN)
    fresh = two.built("-o", str(two.root / "fresh"))
    assert tree(fresh.out) == tree(built.out)


def test_what_never_was_is_an_error_with_its_place_and_the_file_that_was_meant(two: SiteTest) -> None:
    linking(two, f"见[会议]({URL}meetings/2024/0313-aa.html)、[栏目](/dqgz/meeting/)、[旧网](/info/9/9.htm)。\n")
    built = two.build()
    assert built.code == 1
    assert built.said() == [f"link.own {B}:6", f"link.own {B}:6"]
    assert f"是不是 {A}" in built.stderr


def test_a_page_s_relative_address_is_told_with_the_file_name_that_works(two: SiteTest) -> None:
    built = linking(two, "[甲](2024/0313-a.html)、[乙](../meetings/2024/0313-a.html)\n").build()
    assert built.said() == [f"link.broken {B}:6", f"link.broken {B}:6"]
    hint = "[文字](/meetings/2024-03-13-a.md)"
    assert built.stderr.count(hint) == 2
    assert f'href="../../{PAGE}"' in linking(two, hint).built().text(SHOWN)


@pytest.mark.parametrize(
    "typed", ["/content/meetings/2024-03-13-a.md", "content/meetings/2024-03-13-a.md", "2024-03-13-a.md"]
)
def test_a_file_of_that_name_in_another_folder_is_told_as_it_is_typed(two: SiteTest, typed: str) -> None:
    two.write("content/news/_index.md", "---\ntitle: 要闻\n---\n")
    two.article("news/huiyi.md", f"见[甲]({typed})。\n")
    built = two.build()
    assert built.said() == ["link.broken content/news/huiyi.md:6"]
    found = re.search(r"写成：(\S+)", built.stderr)
    assert found is not None
    assert found[1] == "/meetings/2024-03-13-a.md"
    two.article("news/huiyi.md", f"见[甲]({found[1]})。\n").built()


def test_every_page_of_the_site_can_be_linked_to_and_lists_go_without_anybody_s_doing(two: SiteTest) -> None:
    for number in range(41):
        two.article(
            f"meetings/n{number}.md", title=f"第{number}篇", date="2023-05-06", tags="党建", branch="学生第一党支部"
        )
    two.write("content/meetings/a.jpg", photo()).article("about.md", "![](meetings/a.jpg)\n", kind="page", title="关于")
    outputs = two.built().addresses()
    pages = [path for path in outputs if path.endswith((".html", ".xml", "robots.txt", ".jpg"))]
    linking(two, "".join(f"[页]({URL}{path})\n\n" for path in sorted(pages)) + f"[栏目]({URL}meetings)\n")
    built = two.built()
    assert built.said() == []
    assert built.text(SHOWN).count('<p><a href="../../') == len(pages) + 1
    for number in range(41):
        two.remove(f"content/meetings/n{number}.md")
    two.remove("content/about.md").remove("content/meetings/a.jpg")
    assert set(two.build().said("error")) == {f"link.own {B}:{line}" for line in _lines_with(two, "0506", "about")}
    body = "".join(f"[页]({URL}{path})\n\n" for path in sorted(pages) if "05" not in path and "about" not in path)
    built = linking(two, body).built()
    assert {code.split()[0] for code in built.said()} == {"link.gone"}
    told = {
        said["message"].removeprefix(f"本站现在没有这个网页或文件：{URL}") for said in built.document["diagnostics"]
    }
    assert "archive/2023/index.html" in told
    assert "archive/2023" not in built.text(SHOWN)


def _lines_with(site: SiteTest, *words: str) -> list[int]:
    lines = enumerate((site.root / B).read_text("utf-8").split("\n"), 1)
    return [number for number, line in lines if any(word in line for word in words)]


def test_other_keys_and_site_yaml_are_resolved_alike(two: SiteTest) -> None:
    more = f"links:\n  - {{name: 三月会议, url: '{URL}{PAGE}?from=wx'}}\nfooter:\n  institution: {URL}{PAGE}\n"
    two.write("site.yaml", SITE_YAML + more)
    two.article("meetings/c.md", title="另见三月", date="2024-03-15", redirect=f"http://sm.example.edu.cn/dqgz/{PAGE}")
    two.article("meetings/d.md", title="再见三月", date="2024-03-16", redirect=f"{URL}meetings/2024/0315-c.html#小结")
    linking(two, "正文。\n", kind="转载", source="某处", original=URL + PAGE)
    built = two.built()
    assert built.said() == []
    assert f'<a href="../../{PAGE}" rel="external">查看原文' in built.text(SHOWN)
    assert f'href="../{PAGE}"' in built.text("meetings/index.html")
    assert f'href="{URL}{PAGE}"' in built.text("index.html")
    assert "再见三月" in built.text("feed.xml")
    withdraw(two)
    built = two.built()
    assert built.said() == [
        f"link.unpublished {B}:6",
        "link.unpublished content/meetings/c.md:4",
        "link.unpublished content/meetings/d.md:4",
        "link.unpublished site.yaml:6",
        "link.unpublished site.yaml:8",
    ]
    assert all(b"0313-a" not in data for name, data in tree(built.out).items() if not name.startswith("gone."))
    assert all("见三月".encode() not in data for data in tree(built.out).values())
    assert tree(two.built("-o", str(two.root / "fresh")).out) == tree(built.out)


def test_redirects_that_end_where_they_began_are_told(site: SiteTest) -> None:
    site.article("meetings/c.md", date="2024-03-15", redirect=f"{URL}meetings/2024/0316-d.html")
    site.article("meetings/d.md", date="2024-03-16", redirect=f"{URL}meetings/2024/0315-c.html")
    site.article("meetings/e.md", date="2024-03-17", redirect=f"{URL}meetings/2024/0317-e.html")
    assert site.build().said() == [f"link.circle content/meetings/{name}.md:4" for name in "cde"]


def test_a_photo_named_by_its_address_is_the_photo_and_goes_with_it(two: SiteTest) -> None:
    two.write("content/meetings/a.jpg", photo())
    two.write(A, (two.root / A).read_text("utf-8") + "\n![](a.jpg)\n")
    (name,) = [path for path in two.built().addresses() if re.fullmatch(r"media/a-[0-9a-f]{10}\.jpg", path)]
    linking(two, f"![合影 5<6]({URL}{name})\n\n见<img src=\"/dqgz/{name}\" alt='全景 &lt;i&gt;'>图。\n")
    built = two.built()
    assert built.said() == []
    assert built.text(SHOWN).count(f'src="../../{name}" width="60" height="40"') == 2
    withdraw(two)
    assert name in (two.root / "withdrawn.yaml").read_text("utf-8")  # so that no release carries it along
    built = two.built()
    assert built.said() == [f"image.gone {B}:6", f"image.gone {B}:8"]
    assert not any(path.startswith("media/a-") for path in built.addresses())
    assert "<p>见全景 &lt;i&gt;图。</p>" in built.text(SHOWN)
    assert "<figure><figcaption>合影" in built.text(SHOWN)


@pytest.mark.parametrize(
    ("typed", "path", "server"),
    [
        (URL, "index.html", "/dqgz/"),
        ("https://sm.example.edu.cn/dqgz", "index.html", "/dqgz"),
        ("https:\\\\sm.example.edu.cn\\dqgz\\a.html", "a.html", "/dqgz/a.html"),
        ("https:sm.example.edu.cn/dqgz/a.html", "a.html", "/dqgz/a.html"),
        ("https://someone@%73m.example.edu.cn:80/dqgz/a.html", "a.html", "/dqgz/a.html"),
        ("https://sm.example.edu.cn/dqgz/b/../hyjl/", "hyjl/index.html", "/dqgz/hyjl/"),
        ("https://sm.example.edu.cn/dqgz/../info/1.htm?id=%31", None, "/info/1.htm?id=1"),
        ("https://sm.example.edu.cn/dqgzx/a.html", None, "/dqgzx/a.html"),
        ("ht\ntps://sm.example.edu.cn/dqgz/a.html", "a.html", "/dqgz/a.html"),
    ],
)
def test_an_address_is_read_as_browsers_read_it(typed: str, path: str | None, server: str) -> None:
    own = own_address(URL, typed)
    assert own is not None
    assert (own.path, own.server) == (path, server)


@pytest.mark.parametrize(
    "typed",
    ["https://sm.example.edu.cn.evil.cn/dqgz/", "https://sm.example.edu.cn:8080/dqgz/", "https://evil.cn/sm.example.edu.cn/",
     "a.html", "../dqgz/", "", "https://", "mailto:a@sm.example.edu.cn", "https://sm.example.edu.cn@evil.cn/dqgz/"],
)  # fmt: skip
def test_other_hosts_and_relative_names_are_no_own_addresses(typed: str) -> None:
    assert own_address(URL, typed) is None


def test_a_host_in_chinese_is_the_same_host_in_ascii() -> None:
    site = "https://xn--fiq228c.cn/dqgz/"
    for typed in (
        "https://中文.cn/dqgz/a.html",
        "https://%E4%B8%AD%E6%96%87.cn./dqgz/a.html",
        "//XN--FIQ228C.cn/dqgz/a.html",
    ):
        own = own_address(site, typed)
        assert own is not None
        assert own.path == "a.html"
    assert own_address(site, "https://中文..cn/dqgz/a.html") is None


def test_a_photo_that_only_a_mark_shows_is_found_by_its_address(two: SiteTest) -> None:
    for name in ("p1.jpg", "p2.jpg", "p3.jpg"):
        two.write(f"content/meetings/visit/{name}", photo() + name.encode())
    two.article("meetings/visit/index.md", "【图1】\n\n【图3】\n", title="走访", date="2024-03-12")
    (name,) = [path for path in two.built().addresses() if re.fullmatch(r"media/p3-[0-9a-f]{10}\.jpg", path)]
    linking(two, f"见[照片]({URL}{name})，又见![]({URL}{name})。\n")
    built = two.built()
    assert f'href="../../{name}"' in built.text(SHOWN)
    assert f'src="../../{name}"' in built.text(SHOWN)
    assert built.said() == ["image.unused content/meetings/visit/index.md:1"]  # p2.jpg
