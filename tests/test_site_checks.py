"""The checks of built sites find what they are there to find: small folders by hand, one fault each."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_checks import broken_links, executable, feed_problems, inline_styles, nu_errors, pages, sitemap_problems

SITE = "https://sm.example.edu.cn/dqgz/"
ENTRY = (
    "<entry><id>https://sm.example.edu.cn/a</id><title>一</title><updated>2024-03-13T00:00:00+08:00</updated>"
    '<link href="https://sm.example.edu.cn/dqgz/a.html"/></entry>'
)
FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><id>https://sm.example.edu.cn/dqgz/</id><title>党群工作</title>'
    "<updated>2024-03-13T00:00:00+08:00</updated><author><name>管理学院</name></author>"
    f'<link href="https://sm.example.edu.cn/dqgz/"/>{ENTRY}</feed>'
)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://sm.example.edu.cn/dqgz/</loc>'
    "<lastmod>2024-03-13</lastmod></url></urlset>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site of two pages, a style sheet, a script and a photo, without fault."""
    (tmp_path / "m").mkdir()
    (tmp_path / "style.css").write_text("body { background: url(photo.png) }", "utf-8")
    (tmp_path / "site.js").write_text("", "utf-8")
    (tmp_path / "photo.png").write_bytes(b"")
    page(tmp_path, '<a href="m/a.html#end">一</a><img src="photo.png" srcset="photo.png 2x, m/../photo.png 3x" alt="">')
    page(tmp_path, '<p id="end"><a href="../index.html">首页</a></p>', "m/a.html")
    return tmp_path


def page(folder: Path, body: str, name: str = "index.html") -> Path:
    """Write a whole page around `body`, and return the folder."""
    up = "../" * name.count("/")
    head = f'<meta charset="utf-8"><title>页</title><link rel="stylesheet" href="{up}style.css">'
    script = f'<script defer src="{up}site.js"></script><script type="application/ld+json">{{"a": 1}}</script>'
    text = f'<!doctype html><html lang="zh-CN"><head>{head}{script}</head><body>{body}</body></html>'
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_sound_site_passes_every_check(folder: Path) -> None:
    assert broken_links(folder, SITE) == executable(folder) == inline_styles(folder) == nu_errors(folder) == []


def test_a_folder_without_pages_is_no_pass(tmp_path: Path) -> None:
    for check in (pages, broken_links, executable, inline_styles, nu_errors):
        with pytest.raises(ValueError, match="no page"):
            check(tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="gone.html">一</a>',
        '<a href="M/a.html">一</a>',
        '<a href="m/a.html#nowhere">一</a>',
        '<a href="#nowhere">一</a>',
        '<a href="">一</a>',
        '<a href="#">一</a>',
        '<a href="m/">一</a>',
        '<a href="m">一</a>',
        '<a href="/index.html">一</a>',
        '<a href="//example.org/">一</a>',
        '<a href="../index.html">一</a>',
        '<a href="C:\\a.html">一</a>',
        '<img src="gone.png" alt="">',
        '<img src="photo.png" srcset="photo.png 1x, gone.png 2x" alt="">',
        '<video poster="gone.png"></video>',
        '<svg><use xlink:href="gone.svg#a"/></svg>',
        '<meta property="og:image" content="https://sm.example.edu.cn/dqgz/gone.png">',
        '<a href="https://sm.example.edu.cn/dqgz/gone.html">一</a>',
        '<a href="https://sm.example.edu.cn/dqgz/m/">一</a>',
        '<meta http-equiv="refresh" content="0; url=gone.html">',
        '<base href="https://sm.example.edu.cn/dqgz/">',
    ],
)
def test_a_link_that_leads_nowhere_is_found(folder: Path, body: str) -> None:
    assert len(broken_links(page(folder, body), SITE)) == 1


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://www.example.edu.cn/">一</a>',
        '<a href="mailto:dqgz@sm.example.edu.cn">一</a>',
        '<a href="https://sm.example.edu.cn/dqgz/">一</a>',
        '<a href="https://sm.example.edu.cn/dqgz/m/a.html#end">一</a>',
        '<a href="m/a.html?from=wechat#end">一</a>',
        '<a href="%6D/a.html">一</a>',
        '<meta http-equiv="refresh" content="0; url=m/a.html">',
        '<img src="data:image/png;base64,AAAA" alt="">',
    ],
)
def test_a_link_that_leads_somewhere_or_away_passes(folder: Path, body: str) -> None:
    assert broken_links(page(folder, body), SITE) == []


def test_style_sheets_and_sitemaps_are_followed_too(folder: Path) -> None:
    (folder / "style.css").write_text('@import "gone.css"; /* url(no) */ a { background: url("gone.png") }', "utf-8")
    (folder / "sitemap.xml").write_text(SITEMAP.replace("dqgz/<", "dqgz/gone.html<"), "utf-8")
    assert len(broken_links(folder, SITE)) == 3


def test_the_404_page_is_served_at_any_depth(folder: Path) -> None:
    (folder / "404.html").write_text(
        '<a href="/dqgz/m/a.html">一</a><a href="/dqgz/gone">二</a><a href="m/a.html">三</a>'
    )
    assert [line.split("'")[1] for line in broken_links(folder, SITE)] == ["/dqgz/gone", "m/a.html"]


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<script src="site.js">alert(1)</script>',
        '<script src="https://example.org/a.js"></script>',
        '<script src="//example.org/a.js"></script>',
        '<script src="gone.js"></script>',
        '<script type="module" src="site.js"></script>',
        '<script type="application/ld+json">{"a": </script>',
        "<svg><script>alert(1)</script></svg>",
        "<p onclick=alert(1)>一</p>",
        "<IMG SRC=photo.png OnError=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href=javascript:alert(1)>一</a>",
        "<a href=' &#1;JaVa\nScript&colon;alert(1)'>一</a>",
        "<a href='java&Tab;script:alert(1)'>一</a>",
        "<a href=vbscript:x>一</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>一</a>",
        "<img src='data:image/svg+xml,<svg/>'>",
        "<form action=javascript:alert(1)></form>",
        "<button formaction=javascript:alert(1)>一</button>",
        "<svg><a xlink:href=javascript:alert(1)><text>一</text></a></svg>",
        "<svg><a><animate attributeName=href values=javascript:alert(1) /></a></svg>",
        "<iframe></iframe>",
        "<object></object>",
        "<embed>",
        "<base target=_blank>",
        "<meta http-equiv=refresh content='0; url=javascript:alert(1)'>",
        "<noscript><p title='</noscript><img src=photo.png onerror=alert(1)>'>",
    ],
)
def test_what_could_run_is_found(folder: Path, body: str) -> None:
    assert executable(page(folder, body))


@pytest.mark.parametrize(
    "body",
    [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<p title='javascript:alert(1)'>onclick=alert(1)</p>",
        "<p data-on='onclick'>一</p>",
        "<textarea><script>alert(1)</script></textarea>",
        "<!-- <script>alert(1)</script> -->",
        "<img src='data:image/png;base64,AAAA' alt=''>",
    ],
)
def test_what_only_looks_as_if_it_could_run_passes(folder: Path, body: str) -> None:
    assert executable(page(folder, body)) == []


def test_a_script_inside_an_svg_image_is_found(folder: Path) -> None:
    (folder / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script href="site.js"/></svg>', "utf-8")
    assert executable(folder)


def test_inline_styles_are_found(folder: Path) -> None:
    page(folder, "<p style='color: red'>一</p><svg><style>a {}</style></svg>")
    assert len(inline_styles(folder)) == 2


def test_the_nu_checker_reads_every_page_of_the_tree(folder: Path) -> None:
    page(folder, "<p><div></p>")
    page(folder, "<p id=a></p><p id=a></p>", "m/a.html")
    assert {line.partition(":")[0] for line in nu_errors(folder)} == {"index.html", "m/a.html"}


def test_a_sound_feed_passes(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED, "utf-8")
    assert feed_problems(tmp_path / "feed.xml") == []


@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        ("<title>一</title>", ""),
        ("<title>一</title>", "<title>一</title><title>二</title>"),
        ("<title>一</title>", '<title type="html">&lt;img src=x onerror=alert(1)&gt;</title>'),
        ("<id>https://sm.example.edu.cn/a</id>", "<id>a</id>"),
        ("<id>https://sm.example.edu.cn/a</id>", "<id>https://sm.example.edu.cn/dqgz/</id>"),
        ("2024-03-13T00:00:00+08:00</updated><link", "2024-03-13</updated><link"),
        ("dqgz/a.html", "a b"),
        ('href="https://sm.example.edu.cn/dqgz/a.html"', 'href="a.html"'),
        ("<author><name>管理学院</name></author>", ""),
        ("http://www.w3.org/2005/Atom", "http://www.w3.org/2005/atom"),
    ],
)
def test_a_faulty_feed_is_found(tmp_path: Path, sound: str, broken: str) -> None:
    assert sound in FEED
    (tmp_path / "feed.xml").write_text(FEED.replace(sound, broken), "utf-8")
    assert feed_problems(tmp_path / "feed.xml")


def test_sound_sitemaps_pass(tmp_path: Path) -> None:
    (tmp_path / "pages.xml").write_text(SITEMAP, "utf-8")
    index = SITEMAP.replace("urlset", "sitemapindex").replace("url>", "sitemap>")
    (tmp_path / "index.xml").write_text(index, "utf-8")
    assert sitemap_problems(tmp_path / "pages.xml") == sitemap_problems(tmp_path / "index.xml") == []


@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        ("2024-03-13", "2024-02-30"),
        ("2024-03-13", "2024-03-13T08:00:00"),
        ("2024-03-13", "2024年3月13日"),
        ("https://sm.example.edu.cn", ""),
        ("</url>", "<priority>2</priority></url>"),
        ("</url>", "<note/></url>"),
        ("<loc>https://sm.example.edu.cn/dqgz/</loc>", ""),
        ("</url>", "</url><url><loc>https://sm.example.edu.cn/dqgz/</loc></url>"),
        ("sitemap/0.9", "sitemap/0.8"),
    ],
)
def test_a_faulty_sitemap_is_found(tmp_path: Path, sound: str, broken: str) -> None:
    assert sound in SITEMAP
    (tmp_path / "sitemap.xml").write_text(SITEMAP.replace(sound, broken), "utf-8")
    assert sitemap_problems(tmp_path / "sitemap.xml")
