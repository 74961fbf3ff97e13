"""Figures in a body: each picture with its files, its caption and a link to its largest file; several that touch, a gallery.

A paragraph that holds pictures alone is figures, whether they were typed in Markdown or as <img>. Figures that stand on one
line, or on lines that touch, are a gallery; which lines those are, the references tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import NamedTuple

from newsgen.content.markdown.captions import caption
from newsgen.core.model import Picture, Variant
from newsgen.core.urls import at
from newsgen.core.variants import fallback, webp

COLUMN, MOST_HIGH, PHONE, MARGINS = 720, 560, 767, 34
"""Pixels: the width of a text, the height of a picture in it at most, the widest phone, and what is free there beside a
picture (theme/style.css)."""
ROW, PAIR, TRIPLE, WIDE = 38, 32, 25, 20
"""Tenths of its height: about how wide a gallery's row is; on a phone, how wide two pictures in a row are at most, how wide
three or more, and from where on a picture has a row of its own."""
HIGH = 7
"""Tenths of a phone's width: how high a picture of a gallery is at most (theme/style.css)."""
BESIDE = 300
"""Pixels: the width of a picture at the left or right of the text at most."""
LONG = 2.5
"""A 长图 is more than so many times as high as wide: it is shown in the width of the text, however high that makes it."""
MARK = "\x03"
"""Stands in the tag of a picture, before its number: a character that no page holds."""

_ATTRIBUTES = r"(?: [^\s=\">\x02\x03]+(?:=\"[^\"]*\")?)*"
_TAG = rf"<img{_ATTRIBUTES} \x03\d+{_ATTRIBUTES}>"
_IMAGE = re.compile(rf"<img({_ATTRIBUTES}) \x03(\d+)({_ATTRIBUTES})>")
_PIECE = rf"(?:<a{_ATTRIBUTES}>{_TAG}</a>|{_TAG})"
_PARAGRAPH = re.compile(rf"<(p|div){_ATTRIBUTES}>\s*({_PIECE}(?:(?:\s|<br>|&nbsp;|\u3000)*{_PIECE})*)\s*</\1>")
_FIGURE = rf"<figure{_ATTRIBUTES}>{_PIECE}(?:<figcaption>[^<]*</figcaption>)?</figure>"
_FIGURES = re.compile(rf"{_FIGURE}(?:\s*{_FIGURE})*")
_ONE_FIGURE = re.compile(rf"<figure{_ATTRIBUTES}>({_PIECE})((?:<figcaption>[^<]*</figcaption>)?)</figure>")
_NUMBER = re.compile(r"\x03(\d+)")
_ALT = re.compile(r" alt=\"([^\"]*)\"")
_PLACE = re.compile(r" class=\"(zoom-\d+|left|right)\"")


class ShownPicture(NamedTuple):
    """A picture that a text shows, the line on which it was typed, and the name."""

    picture: Picture
    line: int
    typed: str


def with_figures(html: str, pictures: Sequence[ShownPicture], root: str) -> str:
    """The body with its pictures, for a page whose prefix is `root`."""
    html = _PARAGRAPH.sub(lambda match: _figures_of(match[2], pictures), html)
    html = _FIGURES.sub(lambda match: _arranged(match[0], pictures, root), html)
    return _IMAGE.sub(lambda tag: _shown(tag, pictures, root, _sizes(pictures[int(tag[2])].picture)), html)


def _figures_of(pieces: str, pictures: Sequence[ShownPicture]) -> str:
    """A paragraph of pictures as figures."""
    return "\n".join(_figure_of(piece, pictures) for piece in re.findall(_PIECE, pieces))


def _figure_of(piece: str, pictures: Sequence[ShownPicture]) -> str:
    tag = _IMAGE.search(piece)
    assert tag is not None, "each piece holds a picture"
    alt = _ALT.search(tag[1] + tag[3])
    text = caption(unescape(alt[1]), pictures[int(tag[2])].typed) if alt else ""
    shown = f"<figcaption>{escape(text, quote=False)}</figcaption>" if text else ""
    return f"<figure>{piece}{shown}</figure>"


def _arranged(run: str, pictures: Sequence[ShownPicture], root: str) -> str:
    """Figures that follow one another: those that touch in galleries, the others alone."""
    groups = list(_groups(run, pictures))
    return "\n".join(
        _gallery(group, pictures, root) if len(group) > 1 else _alone(group[0], pictures, root) for group in groups
    )


def _groups(run: str, pictures: Sequence[ShownPicture]) -> Iterator[list[re.Match[str]]]:
    """The figures of a run in groups that touch. One that has a place of its own stands alone."""
    group: list[re.Match[str]] = []
    for figure in _ONE_FIGURE.finditer(run):
        if group and not (_line(figure, pictures) - _line(group[-1], pictures) <= 1 and _may_join(group[-1], figure)):
            yield group
            group = []
        group.append(figure)
    yield group


def _may_join(*figures: re.Match[str]) -> bool:
    return not any(_PLACE.search(figure[1]) for figure in figures)


def _line(figure: re.Match[str], pictures: Sequence[ShownPicture]) -> int:
    return pictures[_number(figure)].line


def _number(figure: re.Match[str]) -> int:
    tag = _IMAGE.search(figure[1])
    assert tag is not None, "each figure holds a picture"
    return int(tag[2])


def _alone(figure: re.Match[str], pictures: Sequence[ShownPicture], root: str) -> str:
    picture = pictures[_number(figure)].picture
    place = _PLACE.search(figure[1])
    name = place[1] if place else ""
    piece = _PLACE.sub("", figure[1], count=1)
    return _figure(
        piece, figure[2], name or ("long" if is_long(picture) else ""), pictures, root, _sizes(picture, name)
    )


def _gallery(figures: Sequence[re.Match[str]], pictures: Sequence[ShownPicture], root: str) -> str:
    """Figures in rows of one height: each is as wide as its class says, in tenths of the height. A phone has rows of its own."""
    ratios = [_ratio(pictures[_number(figure)].picture) for figure in figures]
    rows, phone_rows = _rows(ratios), _phone_rows(ratios)
    out, before = ['<div class="photo-rows">'], (-1, 0)
    for figure, ratio, row, phone_row in zip(figures, ratios, rows, phone_rows, strict=True):
        if row != before[0]:
            out += ["</div>"] * (row > 0) + ['<div class="photo-row">']
        if phone_row != before[1]:
            out.append('<span class="phone-row"></span>')
        before = row, phone_row
        share, phone_share = _share(ratio, row, ratios, rows), _share(ratio, phone_row, ratios, phone_rows)
        sizes = f"(max-width: {PHONE}px) {min(round(100 * phone_share), HIGH * ratio)}vw, {round(COLUMN * share)}px"
        out.append(_figure(figure[1], figure[2], f"r{ratio}", pictures, root, sizes))
    return "\n".join([*out, "</div>", "</div>"])


def _share(ratio: int, row: int, ratios: Sequence[int], rows: Sequence[int]) -> float:
    """The share of its row that the picture takes."""
    return ratio / sum(other for other, its in zip(ratios, rows, strict=True) if its == row)


def _ratio(picture: Picture) -> int:
    """The width of the picture in tenths of its height."""
    return min(60, max(5, round(10 * picture.width / picture.height)))


def _rows(ratios: Sequence[int]) -> list[int]:
    """The row of each figure: as many rows as make them about equally high, and none of them low."""
    total = sum(ratios)
    count, before, rows = max(1, round(total / ROW)), 0, []
    for ratio in ratios:
        rows.append(min(count - 1, int((before + ratio / 2) * count / total)))
        before += ratio
    return rows


def _phone_rows(ratios: Sequence[int]) -> list[int]:
    """The row of each figure on a phone: two landscape photos, or three portraits."""
    rows, row, width, count = [], 0, 0, 0
    for ratio in ratios:
        most = (0 if width > WIDE else PAIR) if count == 1 else TRIPLE
        if count and (width + ratio > most or ratio > WIDE):
            row, width, count = row + 1, 0, 0
        rows.append(row)
        width, count = width + ratio, count + 1
    return rows


def _figure(piece: str, shown: str, name: str, pictures: Sequence[ShownPicture], root: str, sizes: str) -> str:
    inside = _IMAGE.sub(lambda tag: _enlarged(tag, pictures, root, sizes, is_linked=piece.startswith("<a")), piece)
    if name == "long":
        inside = _folded(inside, f"long-picture-{''.join(_NUMBER.findall(piece))}")
    return f"<figure{f' class={chr(34)}{name}{chr(34)}' if name else ''}>{inside}{shown}</figure>"


def _folded(inside: str, name: str) -> str:
    """A 长图 that is closed to the height of a screen; a box to tick opens it, also without JavaScript."""
    box = f'<input class="unfold" type="checkbox" id="{name}">'
    label = f'<label class="unfold-label" for="{name}"><span class="unfold-open">展开全图</span><span class="unfold-close">收起</span></label>'
    return f"{box}{inside}{label}"


def _enlarged(tag: re.Match[str], pictures: Sequence[ShownPicture], root: str, sizes: str, *, is_linked: bool) -> str:
    """A picture that leads to its largest file, unless it leads elsewhere."""
    shown, alt = _shown(tag, pictures, root, sizes), _ALT.search(tag[1] + tag[3])
    if is_linked:
        return shown
    label = "" if alt and alt[1] else ' aria-label="放大图片"'
    return f'<a class="enlarge" href="{escape(at(pictures[int(tag[2])].picture.address, root))}"{label}>{shown}</a>'


def _shown(tag: re.Match[str], pictures: Sequence[ShownPicture], root: str, sizes: str) -> str:
    """A picture with its files. The first one on the page may be on screen at once; the others load when they come near."""
    number = int(tag[2])
    picture = pictures[number].picture
    address = escape(at(fallback(picture, picture.widths).address, root))
    loading = ' loading="lazy"' if number else ' fetchpriority="high"'
    image = f'<img{tag[1]} src="{address}" width="{picture.width}" height="{picture.height}"{tag[3]}{loading}>'
    files = webp(picture, picture.widths)
    source = f'<source type="image/webp" srcset="{srcset(files, root)}" sizes="{sizes}">'
    return f"<picture>{source}{image}</picture>" if files else image


def srcset(files: Sequence[Variant], root: str) -> str:
    """The files of a picture with their widths, for a browser to choose from."""
    return ", ".join(f"{escape(at(item.address, root))} {item.width}w" for item in files)


def is_long(picture: Picture) -> bool:
    """Whether the picture is a 长图."""
    return picture.height > LONG * picture.width


def _sizes(picture: Picture, name: str = "") -> str:
    """The width in which a text shows the picture, in CSS: as wide as the column, unless that would make it too high."""
    if name in ("left", "right"):
        return f"(max-width: {PHONE}px) 100vw, {BESIDE}px"
    column = COLUMN if is_long(picture) else min(COLUMN, max(1, round(MOST_HIGH * picture.width / picture.height)))
    if name.startswith("zoom-"):
        share = int(name.removeprefix("zoom-"))
        return f"(max-width: {PHONE}px) {share}vw, {COLUMN * share // 100}px"
    return f"(max-width: {PHONE}px) min(100vw - {MARGINS}px, {column}px), {column}px"
