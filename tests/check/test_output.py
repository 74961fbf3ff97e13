"""The check before a release is sent finds what must not be public, and is silent about what newsgen builds."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from newsgen.build.output.manifest import ManifestEntry, read_manifest, write_manifest
from newsgen.check.output import BarredArticles, inspected
from newsgen.check.published_metadata import metadata_in
from newsgen.config.model import Ledger, Withdrawal
from newsgen.core.digest import digest_bytes
from site_test import SiteTest, photo

URL = "https://sm.example.edu.cn/dqgz/"
NONE = Ledger()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves what it has built for the others."""
    return tmp_path_factory.mktemp("output") / "public"


@pytest.fixture
def out(site: SiteTest, kept: Path) -> Path:
    """A built site with a photo and a link between two reports."""
    if not kept.exists():
        site.write("content/meetings/a.jpg", photo())
        site.article("meetings/2024-03-13-a.md", "## 要求\n\n见[后一篇](2024-03-14-b.md)。\n\n![](a.jpg)\n")
        site.article(
            "meetings/2024-03-14-b.md", "见[要求](2024-03-13-a.md#要求)。\n", date="2024-03-14", aliases="old/"
        )
        site.built().out.rename(kept)
    return Path(shutil.copytree(kept, site.root / "public"))


def diagnostics(out: Path, hidden: dict[str, str] | None = None, ledger: Ledger = NONE) -> list[str]:
    """Code and place of each fault."""
    return [
        f"{diagnostic.code} {diagnostic.path}"
        for diagnostic in inspected(out, "public", URL, BarredArticles(hidden or {}, ledger))
    ]


def put(out: Path, path: str, data: bytes) -> None:
    """Write a file as if newsgen had made it."""
    (out / path).parent.mkdir(parents=True, exist_ok=True)
    (out / path).write_bytes(data)
    (out / ".newsgen-staging").mkdir(exist_ok=True)
    write_manifest(out, {**read_manifest(out, "public"), path: ManifestEntry("", digest_bytes(data))})


def test_what_newsgen_builds_passes(out: Path) -> None:
    assert diagnostics(out) == []


def test_this_repository_s_own_site_passes(tmp_path: Path) -> None:
    from newsgen.build.pipeline import build
    from newsgen.build.request import Request
    from newsgen.config.site_yaml import load
    from newsgen.core.scalars import parse_moment
    from site_checks import broken_links

    root = Path(__file__).parents[2]
    from contextlib import nullcontext

    build(
        Request(root, parse_moment("2024-12-31").at, str(tmp_path / "out")), lambda *_: nullcontext(lambda name: None)
    )
    config = load(root)
    assert inspected(tmp_path / "out", "public", config.url, BarredArticles({}, NONE)) == ()
    assert broken_links(tmp_path / "out", config.url) == []


@pytest.mark.parametrize(
    "typed",
    [
        '<a href="nowhere.html">',
        "<a class=x href=nowhere.html>",
        "<A HREF='nowhere.html'>",
        '<a title="a > b" href="nowhere.html">',
        '<a\nhref="nowhere.html">',
        '<!-- <a href="nowhere.html"> -->',
        '<img src="media/nowhere.jpg" alt="">',
        '<img srcset="index.html 1x, nowhere.jpg 2x" alt="">',
        '<img srcset="https://www.example.edu.cn/a.jpg 1x, nowhere.jpg 2x" alt="">',
        '<a href="%E6%B2%A1%E6%9C%89.html">',
        '<a href="meetings/../nowhere.html">',
        '<a href="../index.html">',
        '<a href="nowhere/">',
        '<a href="https://sm.example.edu.cn/dqgz/nowhere.html">',
        '<a href="/dqgz/nowhere.html">',
        '<link rel="stylesheet" href="assets/nowhere.css">',
        '<meta property="og:image" content="https://sm.example.edu.cn/dqgz/nowhere.jpg">',
        '<meta http-equiv="refresh" content="0; url=nowhere.html">',
        '<a href="meetings/index.html#nowhere">',
        '<a href="#nowhere">',
    ],
)
def test_a_link_to_nowhere_is_found_however_it_is_typed(out: Path, typed: str) -> None:
    put(out, "extra.html", f"<!DOCTYPE html><p>{typed}".encode())
    assert diagnostics(out) == ["inspect.link public/extra.html"]


@pytest.mark.parametrize(
    "typed",
    [
        '<a href="https://www.example.edu.cn/nowhere.html">',
        '<a href="//www.example.edu.cn/nowhere.html">',
        '<a href="/other/nowhere.html">',
        '<a href="mailto:a@example.edu.cn">',
        '<a href="tel:01012345678">',
        '<img src="data:image/png;base64,AA" alt="">',
        "<p data-href=nowhere.html>",
        '&lt;a href="nowhere.html"&gt;',
        '<a href="meetings/">',
        '<a href="meetings/index.html?x=1#top" id="x">',
        '<a href="#a&amp;b"></a><p id="a&amp;b">',
        '<a href="./">',
        '<a href=".">',
        "<meta name=description content=nowhere.html>",
    ],
)
def test_what_leads_elsewhere_or_is_there_is_no_fault(out: Path, typed: str) -> None:
    put(out, "meetings/index.html", b'<p id="top">')
    put(out, "extra.html", f"<!DOCTYPE html><p>{typed}".encode())
    assert diagnostics(out) == []


def test_styles_feeds_and_sitemaps_are_read_too(out: Path) -> None:
    put(out, "assets/x.css", b"/* url(no.png) */ a { background: url('no1.png') } b { background: url(../index.html) }")
    put(out, "x.xml", f"<urlset><url><loc>{URL}no2.html</loc></url></urlset>".encode())
    assert diagnostics(out) == ["inspect.link public/assets/x.css", "inspect.link public/x.xml"]


def test_a_link_that_every_page_has_is_told_once(out: Path) -> None:
    for number in range(5):
        put(out, f"extra{number}.html", b"<a href=nowhere.html>")
    (diagnostic,) = inspected(out, "public", URL, BarredArticles({}, NONE))
    assert "还有 4 个网页也这样写" in diagnostic.message


def test_a_deleted_page_breaks_the_links_that_lead_to_it(out: Path) -> None:
    kept = {path: entry for path, entry in read_manifest(out, "public").items() if path != "meetings/2024/0313-a.html"}
    (out / "meetings/2024/0313-a.html").unlink()
    (out / ".newsgen-staging").mkdir()
    write_manifest(out, kept)
    assert "inspect.link public/meetings/2024/0314-b.html" in diagnostics(out)


def test_files_that_are_not_ours_or_gone_or_altered_are_found(out: Path) -> None:
    (out / "backup.sql").write_bytes(b"x")
    (out / "deep").mkdir()
    (out / "deep" / ".env").write_bytes(b"x")
    (out / "link").symlink_to(out)
    (out / "robots.txt").unlink()
    (out / "about.txt").write_bytes((out / "sitemap.xml").read_bytes())
    (out / "sitemap.xml").unlink()
    (out / "sitemap.xml").symlink_to("about.txt")
    (out / "feed.xml").write_bytes((out / "feed.xml").read_bytes() + b" ")
    assert sorted(diagnostics(out)) == [
        "inspect.altered public/feed.xml",
        "inspect.extra public/about.txt",
        "inspect.extra public/backup.sql",
        "inspect.extra public/deep/.env",
        "inspect.extra public/link",
        "inspect.extra public/sitemap.xml",
        "inspect.missing public/robots.txt",
    ]


def test_drafts_and_withdrawn_pages_are_found(out: Path) -> None:
    gone = Withdrawal("content/meetings/b.md", "2024-06-01 08:00", "x", addresses=("none.html", "old/"))
    hidden = {"meetings/2024/0313-a.html": "content/meetings/2024-03-13-a.md", "none.html": "content/none.md"}
    assert diagnostics(out, hidden, Ledger((gone,))) == [
        "inspect.draft public/meetings/2024/0313-a.html",
        "inspect.withdrawn public/none.html",
    ]


# ---------------------------------------------------------------- metadata


def saved(form: str, **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (20, 10), "#b4141b").save(target, form, **options)
    return target.getvalue()


def exif() -> bytes:
    data = Image.Exif()
    data.get_ifd(0x8825)[1] = "N"
    return data.tobytes()


TEXT = PngImagePlugin.PngInfo()
TEXT.add_text("Comment", "x")
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
IPTC = b"\xff\xed\x00\x10Photoshop 3.0\0"
TOLD = {
    "jpeg-exif": (saved("JPEG", exif=exif()), "EXIF 或 XMP"),
    "jpeg-xmp": (saved("JPEG", xmp=XMP), "EXIF 或 XMP"),
    "jpeg-comment": (saved("JPEG", comment=b"x"), "注释"),
    "jpeg-iptc": (saved("JPEG").replace(b"\xff\xdb", IPTC + b"\xff\xdb", 1), "IPTC"),
    "jpeg-padding": (saved("JPEG").replace(b"\xff\xdb", b"\xff" + IPTC + b"\xff\xdb", 1), "IPTC"),
    "jpeg-behind": (saved("JPEG") + b"video", "照片后面的数据"),
    "jpeg-two": (saved("JPEG").replace(b"\xff\xdb", b"\xff\xe2\x00\x08MPF\0xx\xff\xdb", 1), "第二张照片"),
    "jpeg-cut": (saved("JPEG")[:30], "读不懂的结构"),
    "png-exif": (saved("PNG", exif=exif()), "EXIF"),
    "png-text": (saved("PNG", pnginfo=TEXT), "文字"),
    "png-behind": (saved("PNG") + b"x", "照片后面的数据"),
    "png-cut": (saved("PNG")[:40], "读不懂的结构"),
    "gif-comment": (saved("GIF", comment=b"x"), "注释或 XMP"),
    "webp-exif": (saved("WEBP", exif=exif()), "EXIF"),
    "webp-xmp": (saved("WEBP", xmp=XMP), "XMP"),
    "heic": (b"\0\0\0\x18ftypheic" + b"xxExif", "EXIF 或 XMP"),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_a_picture_carries_is_found(name: str) -> None:
    data, told = TOLD[name]
    assert metadata_in(data) == told


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_a_picture_that_is_nothing_but_a_picture_passes(form: str) -> None:
    assert metadata_in(saved(form)) is None
    assert metadata_in(b"") is metadata_in(b"%PDF-1.7") is None


def test_a_photo_that_still_tells_where_it_was_taken_is_found_and_a_theme_s_picture_is_the_theme_s(out: Path) -> None:
    put(out, "media/x.jpg", TOLD["jpeg-exif"][0])
    put(out, "assets/emblem.png", TOLD["png-text"][0])
    assert diagnostics(out) == ["inspect.metadata public/media/x.jpg"]
