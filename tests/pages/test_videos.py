"""Videos: a player in place of a picture or of raw HTML, and what is told of large ones."""

from __future__ import annotations

import pytest

from newsgen.content.markdown.pipeline import convert_full
from newsgen.core.model import Download, Markdown
from newsgen.pages.body import body_html
from site_test import SITE_YAML, SiteTest

VIDEO = b"\0\0\0\x18ftypmp42" + bytes(100)
ON_PAPER = "https://a.cn/dqgz/media/1a2b3c4d5e.mp4"
PLAYER = f'<span class="video" data-address="{ON_PAPER}"><video src="../media/1a2b3c4d5e.mp4"'


def shown(source: str) -> str:
    """The HTML of a text whose videos are there."""
    body, _ = convert_full(source, Markdown())
    video = Download("content/a/会议.mp4", "0" * 32, "media/1a2b3c4d5e.mp4", 100)
    return str(body_html(body, (video,) * len(body.references), "../", "https://a.cn/dqgz/"))


def test_a_video_typed_as_a_picture_is_a_figure_with_a_player() -> None:
    assert shown("![会议录像](会议.mp4)\n") == (
        f'<figure>{PLAYER} aria-label="会议录像" controls preload="metadata"></video></span>'
        "<figcaption>会议录像</figcaption></figure>"
    )


@pytest.mark.parametrize(
    ("typed", "player"),
    [
        ('<video src="会议.mp4"></video>', f'{PLAYER} controls preload="metadata"></video></span>'),
        (
            '<video controls src="会议.mp4" preload="none">看</video>',
            f'{PLAYER} controls preload="none">看</video></span>',
        ),
    ],
)
def test_a_player_of_raw_html_gets_what_it_lacks(typed: str, player: str) -> None:
    assert player in shown(typed).replace(' controls=""', " controls")


def test_a_video_on_the_site_is_found_and_other_files_are_no_pictures(site: SiteTest) -> None:
    site.write("content/meetings/会议.mp4", VIDEO).article("meetings/a.md", "![录像](会议.mp4)\n")
    built = site.built("--strict")
    page = built.text("meetings/2024/0313-a.html")
    (address,) = [address for address in built.addresses() if address.startswith("media/")]
    assert (
        f'<span class="video" data-address="https://sm.example.edu.cn/dqgz/{address}"><video src="../../{address}"'
        in page
    )
    site.write("content/meetings/表.docx", b"").article("meetings/a.md", "![表](表.docx)\n")
    assert "这不是图片：表.docx" in site.build().stderr


def test_a_large_video_is_told(site: SiteTest) -> None:
    site.write("site.yaml", SITE_YAML + "videos:\n  limit: 1\n")
    site.write("content/meetings/会议.mp4", VIDEO + bytes(3_000_000)).article("meetings/a.md", "![录像](会议.mp4)\n")
    said = site.built().stderr
    assert "视频有 3 MB，超过 1 MB" in said
    assert "720p" in said
