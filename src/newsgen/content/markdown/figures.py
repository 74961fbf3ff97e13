"""An image alone on its line -> a figure with a caption."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from newsgen.content.markdown.captions import caption


def to_figures(root: Element) -> None:
    """Turn each paragraph that holds one image, linked or not, into a figure."""
    for parent in root.iter():
        for paragraph in parent:
            image = _lone_image(paragraph) if paragraph.tag == "p" else None
            if image is not None:
                _make_figure(paragraph, image)


def _lone_image(paragraph: Element) -> Element | None:
    if len(paragraph) != 1 or (paragraph.text or "").strip() or (paragraph[0].tail or "").strip():
        return None
    child = paragraph[0]
    if child.tag == "a" and len(child) == 1 and not (child.text or "").strip() and not (child[0].tail or "").strip():
        child = child[0]
    return child if child.tag == "img" else None


def _make_figure(paragraph: Element, image: Element) -> None:
    paragraph.tag = "figure"
    text = caption(image.get("alt", ""), image.get("src", ""))
    if text:
        figcaption = Element("figcaption")
        figcaption.text = text
        paragraph.append(figcaption)


_ZOOM = re.compile(r"(<img\b[^>]*?\s)style\s*=\s*([\"'])\s*zoom\s*:\s*(\d{1,3})%\s*;?\s*\2", re.IGNORECASE)


def with_zoom(html: str) -> str:
    """`html` with the size that Typora gives a picture (`style="zoom:50%;"`) as a class, in steps of ten per cent."""
    return _ZOOM.sub(_as_class, html) if "zoom" in html else html


def is_zoom(style: str) -> bool:
    """Whether an attribute, as typed, says the size of a picture as Typora does."""
    return _ZOOM.fullmatch(f"<img {style}") is not None


def _as_class(match: re.Match[str]) -> str:
    share = max(10, round(int(match[3]) / 10) * 10)
    return f'{match[1]}class="zoom-{share}"' if share < 100 else match[1]
