"""Figures: what becomes of pictures that stand alone, that touch, that lead elsewhere."""

from __future__ import annotations

import re

import pytest

from newsgen.content.markdown.pipeline import convert_full
from newsgen.core.model import Markdown, Picture
from newsgen.pages.body import body_html

SHAPES = {"a": (2000, 1500), "b": (1500, 2000), "w": (2000, 500), "l": (1080, 6000)}
"""By the first letter of a name: across, upright, a panorama, a 长图."""


def shown(source: str) -> str:
    """The HTML of a text whose pictures are there."""
    body, _ = convert_full(source, Markdown())
    targets = tuple(
        picture(reference.target) if reference.tag == "img" else reference.typed for reference in body.references
    )
    return str(body_html(body, targets, "../", "https://a.cn/"))


def picture(name: str) -> Picture:
    width, height = SHAPES[name[0]]
    return Picture(f"content/{name}", "0" * 32, f"media/{name[:-4]}-1a2b3c4d5e.jpg", width, height, widths=(480, 720))


def outline(html: str) -> str:
    """The HTML without what a browser chooses from, pictures by their names."""
    html = re.sub(r"<source[^>]*>|</?picture>", "", html)
    html = re.sub(r"<img[^>]* src=\"../media/(\w+)-[^>]*>", r"[\1]", html)
    return re.sub(
        r"<a class=\"enlarge\" href=\"../media/\w+-1a2b3c4d5e.jpg\"( aria-label=\"放大图片\")?>", r"<large\1>", html
    )


ALONE = "<figure><large>[a1]</a><figcaption>会场</figcaption></figure>"


@pytest.mark.parametrize(
    "typed",
    [
        "![会场](a1.jpg)",
        '<img src="a1.jpg" alt="会场">',
        '<img src="a1.jpg" alt="会场" />',
        '<center><img src="a1.jpg" alt="会场"></center>',
        '<p align="center"><img src="a1.jpg" alt="会场"></p>',
        '<div><img src="a1.jpg" alt="会场"></div>',
    ],
)
def test_a_picture_alone_is_a_figure_however_it_was_typed(typed: str) -> None:
    html = outline(shown(f"开会。\n\n{typed}\n\n散会。\n"))
    assert html.replace("\n", "") == f"<p>开会。</p>{ALONE}<p>散会。</p>"


def test_a_picture_that_typora_has_made_smaller_is_a_figure_of_that_size() -> None:
    html = shown('<img src="a1.jpg" alt="会场" style="zoom:50%;" />\n')
    assert outline(html) == ALONE.replace("<figure>", '<figure class="zoom-50">')
    assert 'sizes="(max-width: 767px) 50vw, 360px"' in html


def test_a_picture_within_a_line_stays_there() -> None:
    assert outline(shown("看![图标](a1.jpg)这里\n")) == "<p>看[a1]这里</p>"


@pytest.mark.parametrize("typed", ["![](a1.jpg)![](a2.jpg)", "![](a1.jpg) ![](a2.jpg)", "![](a1.jpg)\n![](a2.jpg)"])
def test_pictures_that_touch_are_a_gallery(typed: str) -> None:
    figure = '<figure class="r13"><large aria-label="放大图片">[{}]</a></figure>'
    rows = f'<div class="photo-row">\n{figure.format("a1")}\n{figure.format("a2")}\n</div>'
    assert outline(shown(f"{typed}\n")) == f'<div class="photo-rows">\n{rows}\n</div>'


def test_pictures_with_a_blank_line_between_stand_alone() -> None:
    assert "photo-row" not in shown("![](a1.jpg)\n\n![](a2.jpg)\n")


def test_captions_stay_in_a_gallery() -> None:
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", shown("![甲](a1.jpg)\n![乙 & 丙](a2.jpg)\n"))
    assert captions == ["甲", "乙 &amp; 丙"]


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        ("aa", [2]),
        ("aaa", [3]),
        ("aaaa", [4]),
        ("aaaaa", [2, 3]),
        ("bbb", [3]),
        ("awaba", [2, 3]),
        ("w", []),
        ("a" * 8, [3, 2, 3]),
        ("ab" * 20, None),
    ],
)
def test_the_rows_of_a_gallery_are_about_equally_high(names: str, rows: list[int] | None) -> None:
    html = shown("".join(f"![]({name}{number}.jpg)\n" for number, name in enumerate(names)))
    found = [row.count("<figure") for row in html.split('<div class="photo-row">')[1:]]
    if rows is not None:
        assert found == rows
    assert sum(found) == (len(names) if len(names) > 1 else 0)
    widths = [sum(map(int, re.findall(r'class="r(\d+)"', row))) for row in html.split('<div class="photo-row">')[1:]]
    assert all(20 <= width <= 56 for width in widths), widths


def test_a_picture_that_leads_elsewhere_is_not_enlarged() -> None:
    html = outline(shown("[![会场](a1.jpg)](https://example.cn/)\n"))
    assert html == '<figure><a href="https://example.cn/">[a1]</a><figcaption>会场</figcaption></figure>'


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_portrait_stands_beside_the_text_and_in_no_gallery(side: str) -> None:
    html = outline(shown(f"![人](b1.jpg){{.{side}}}\n![会场](a1.jpg)\n"))
    assert html == f'<figure class="{side}"><large>[b1]</a><figcaption>人</figcaption></figure>\n{ALONE}'


def test_a_long_picture_is_as_wide_as_the_text() -> None:
    html = shown("![长图](l1.jpg)\n")
    assert '<figure class="long">' in html
    assert 'sizes="(max-width: 767px) min(100vw - 34px, 720px), 720px"' in html
    assert 'sizes="(max-width: 767px) min(100vw - 34px, 420px), 420px"' in shown("![人](b1.jpg)\n")


def test_a_long_picture_is_closed_by_a_box_to_tick_of_its_own_and_an_ordinary_one_is_not() -> None:
    html = shown("![长图](l1.jpg)\n\n![长图](l2.jpg)\n")
    names = re.findall(r'<input class="unfold" type="checkbox" id="([^"]*)"><a class="enlarge"', html)
    assert len(set(names)) == 2
    assert re.findall(r'</a><label class="unfold-label" for="([^"]*)">', html) == names
    assert "unfold" not in shown("![人](b1.jpg)\n")


def test_all_but_the_first_picture_wait_until_they_come_near() -> None:
    images = re.findall(r"<img [^>]*>", shown("![](a1.jpg)\n![](a2.jpg)\n\n看![](a3.jpg)\n"))
    assert ['loading="lazy"' in image for image in images] == [False, True, True]
