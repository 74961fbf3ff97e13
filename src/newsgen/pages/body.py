"""The body of a page as HTML: every reference answered, pictures with all files that a browser may choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape

from markupsafe import Markup

from newsgen.core.model import Body, Picture, Reference, Variant
from newsgen.core.urls import at
from newsgen.core.variants import fallback, webp
from newsgen.site.links import Target

COLUMN, MOST_HIGH, PHONE, MARGINS = 720, 560, 767, 32
"""Pixels: the width of a text, the height of a picture in it at most, the widest phone, and what a phone's page keeps free
beside a text (theme/style.css)."""
_NOTHING = " \x02"
"""Stands in a tag that means nothing without its address: a character that no page holds."""
_PICTURE = "\x03"
"""Stands in the tag of a picture, before its number."""
_ATTRIBUTES = r"(?: [^\s=\">\x02\x03]+(?:=\"[^\"]*\")?)*"
_EMPTY_TAG = re.compile(rf"<[a-z]+({_ATTRIBUTES}) \x02({_ATTRIBUTES})>")
_IMAGE = re.compile(rf"<img({_ATTRIBUTES}) \x03(\d+)({_ATTRIBUTES})>")
_ALT = re.compile(r" alt=\"([^\"]*)\"")


def body_html(body: Body, targets: tuple[Target, ...], root: str) -> Markup:
    """The body with every reference answered, for a page whose prefix is `root`."""
    pictures: list[Picture] = []
    answers = [_attributes(*pair, root, pictures) for pair in zip(body.references, targets, strict=True)]
    html = "".join([chunk if isinstance(chunk, str) else answers[chunk] for chunk in body.chunks])
    if pictures:
        html = _IMAGE.sub(lambda tag: _image(tag, pictures, root), html)
    return Markup(_EMPTY_TAG.sub(_alt_text, html) if _NOTHING in html else html)


def _attributes(reference: Reference, target: Target, root: str, pictures: list[Picture]) -> str:
    """The attributes that stand for a reference, with the space before them; "" unlinks it, _NOTHING takes it away. That of
    a picture is noted in `pictures`, to be answered when its tag is whole."""
    if target is None:
        return _NOTHING if reference.tag in ("img", "source", "track") else ""
    if reference.tag == "img" and isinstance(target, Picture):
        pictures.append(target)
        return f" {_PICTURE}{len(pictures) - 1}"
    address = target if isinstance(target, str) else target.address
    return f' {reference.attribute}="{escape(at(address, root))}"'


def _alt_text(tag: re.Match[str]) -> str:
    """What stands in place of a picture that is no more: its alt text, unless that is its caption as well."""
    alt = _ALT.search(tag[1] + tag[2])
    has_caption = tag.string.startswith("<figcaption>", tag.end())
    return escape(unescape(alt[1]), quote=False) if alt and not has_caption else ""


def _image(tag: re.Match[str], pictures: Sequence[Picture], root: str) -> str:
    """A picture with its files. The first one on the page may be on screen at once; the others load when they come near."""
    number = int(tag[2])
    picture = pictures[number]
    shown = fallback(picture, picture.widths)
    attributes = f'{tag[1]} src="{escape(at(shown.address, root))}" width="{picture.width}" height="{picture.height}"'
    loading = ' loading="lazy"' if number else ' fetchpriority="high"'
    image = f"<img{attributes}{tag[3]}{loading}>"
    files = webp(picture, picture.widths)
    if not files:
        return image
    source = f'<source type="image/webp" srcset="{srcset(files, root)}" sizes="{sizes(picture)}">'
    return f"<picture>{source}{image}</picture>"


def srcset(files: Sequence[Variant], root: str) -> str:
    """The files of a picture with their widths, for a browser to choose from."""
    return ", ".join(f"{escape(at(item.address, root))} {item.width}w" for item in files)


def sizes(picture: Picture) -> str:
    """How wide a text shows the picture, as CSS says: as wide as the column, unless that would make it too high."""
    column = min(COLUMN, max(1, round(MOST_HIGH * picture.width / picture.height)))
    return f"(max-width: {PHONE}px) min(100vw - {MARGINS}px, {column}px), {column}px"
