"""The HTML of a text on its page: every reference answered, photos with their size."""

from __future__ import annotations

import re
from html import escape, unescape

from markupsafe import Markup

from newsgen.core.model import Body, Picture, Reference
from newsgen.core.urls import at
from newsgen.site.links import Target


def body_html(body: Body, targets: tuple[Target, ...], root: str) -> Markup:
    """The body with every reference answered, for a page whose prefix is `root`."""
    answers = [_attributes(*pair, root) for pair in zip(body.references, targets, strict=True)]
    photos = [index for index, reference in enumerate(body.references) if reference.tag == "img"]
    for index in photos[1:]:  # the first may be on screen at once; the others load when they come near
        answers[index] += ' loading="lazy"'
    html = "".join([chunk if isinstance(chunk, str) else answers[chunk] for chunk in body.chunks])
    return Markup(_EMPTY_TAG.sub(_alt_text, html) if _NOTHING in html else html)


_NOTHING = " \x02"
"""Stands in a tag that means nothing without its address: a character that no page holds."""
_EMPTY_TAG = re.compile(r"<[a-z]+((?: [^\s=\">\x02]+(?:=\"[^\"]*\")?)*) \x02((?: [^\s=\">]+(?:=\"[^\"]*\")?)*)>")
_ALT = re.compile(r" alt=\"([^\"]*)\"")


def _alt_text(tag: re.Match[str]) -> str:
    """What stands in place of a picture that is no more: its alt text, unless that is its caption as well."""
    alt = _ALT.search(tag[1] + tag[2])
    has_caption = tag.string.startswith("<figcaption>", tag.end())
    return escape(unescape(alt[1]), quote=False) if alt and not has_caption else ""


def _attributes(reference: Reference, target: Target, root: str) -> str:
    """The attributes that stand for a reference, with the space before them; "" unlinks it, _NOTHING takes it away."""
    if target is None:
        return _NOTHING if reference.tag in ("img", "source", "track") else ""
    address = target if isinstance(target, str) else target.address
    text = f' {reference.attribute}="{escape(at(address, root))}"'
    if reference.tag == "img" and isinstance(target, Picture):
        text += f' width="{target.width}" height="{target.height}"'
    return text
