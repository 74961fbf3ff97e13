"""The body of a page as HTML: every reference answered, pictures with all files that a browser may choose from."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import NamedTuple

from markupsafe import Markup

from newsgen.core.model import Body, Download, Picture, Reference
from newsgen.core.urls import at
from newsgen.pages import videos
from newsgen.pages.attachments import download_attribute, with_entries
from newsgen.pages.figures import MARK, ShownPicture, with_figures
from newsgen.site.links import Target

_NOTHING = " \x02"
"""Stands in a tag that means nothing without its address: a character that no page holds."""
_EMPTY_TAG = re.compile(r"<[a-z]+((?: [^\s=\">\x02]+(?:=\"[^\"]*\")?)*) \x02((?: [^\s=\">]+(?:=\"[^\"]*\")?)*)>")
_ALT = re.compile(r" alt=\"([^\"]*)\"")


class _Named(NamedTuple):
    """The pictures and files of a body, gathered while its references are answered: pictures and videos by the numbers in
    their tags, which are shown when these are whole, and files to download by their addresses."""

    pictures: list[ShownPicture]
    videos: list[Download]
    files: dict[str, Download]


def body_html(body: Body, targets: tuple[Target, ...], root: str, url: str) -> Markup:
    """The body with every reference answered, for a page whose prefix is `root`, of the site at `url`."""
    named = _Named([], [], {})
    answers = [_attributes(*pair, root, named) for pair in zip(body.references, targets, strict=True)]
    html = "".join([chunk if isinstance(chunk, str) else answers[chunk] for chunk in body.chunks])
    if named.pictures:
        html = with_figures(html, named.pictures, root)
    if named.videos:
        html = videos.with_players(html, named.videos, root, url)
    if named.files:
        html = with_entries(html, named.files, root)
    return Markup(_EMPTY_TAG.sub(_alt_text, html) if _NOTHING in html else html)


def _attributes(reference: Reference, target: Target, root: str, named: _Named) -> str:
    """The attributes that stand for a reference, with the space before them; "" unlinks it, _NOTHING takes it away."""
    if target is None:
        return _NOTHING if reference.tag in ("img", "source", "track") else ""
    if reference.tag == "img" and isinstance(target, Picture):
        named.pictures.append(ShownPicture(target, reference.line, reference.target))
        return f" {MARK}{len(named.pictures) - 1}"
    address = escape(at(target if isinstance(target, str) else target.address, root))
    if isinstance(target, Download) and reference.attribute == "src" and reference.tag in ("img", "video"):
        named.videos.append(target)
        return f" {videos.MARK}{len(named.videos) - 1}"
    if reference.tag == "a" and isinstance(target, Download):
        named.files[address] = target
        return f' href="{address}"{download_attribute(target)}'
    return f' {reference.attribute}="{address}"'


def _alt_text(tag: re.Match[str]) -> str:
    """The text in place of a picture that is no more: its alt text, unless that is its caption as well."""
    alt = _ALT.search(tag[1] + tag[2])
    has_caption = tag.string.startswith("<figcaption>", tag.end())
    return escape(unescape(alt[1]), quote=False) if alt and not has_caption else ""
