"""An image alone on its line -> a figure with a caption."""

from __future__ import annotations

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
