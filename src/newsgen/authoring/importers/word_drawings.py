"""Drawings of Word: the pictures and text boxes in them (ECMA-376 part 1, 20; part 4, 14 for VML)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from newsgen.authoring.importers.captions import typed_alt
from newsgen.authoring.importers.word_xml import MC, OFFICE, WP, A, R, V, W

_PICTURES = frozenset((A + "blip", V + "imagedata"))
_SHOWN = _PICTURES | {W + "t", W + "txbxContent"}


class WordDrawing(NamedTuple):
    """A drawing: the identifiers of its pictures, the number of pictures linked from elsewhere, text boxes and alt text.

    `is_rule`: it is a line across the page; `is_cropped`: it shows only a part of a picture. `embedded` is the number of
    documents of other programs in it, such as a table of Excel; formulas do not count.
    """

    pictures: tuple[str, ...]
    elsewhere: int
    boxes: tuple[Element, ...]
    alt: str
    is_rule: bool
    is_cropped: bool
    is_hidden: bool
    embedded: int = 0


def drawing_of(part: Element) -> WordDrawing:
    """The content of a drawing, without the content of its text boxes."""
    names: list[str] = []
    boxes: list[Element] = []
    elsewhere, embedded, is_rule, is_cropped, is_hidden = 0, 0, False, False, False
    for item in _outside_boxes(part):
        if item.tag == W + "txbxContent":
            boxes.append(item)
        elif item.tag == A + "blip":
            name = item.get(R + "embed", "")
            names += [name] if name else []
            elsewhere += not name and bool(item.get(R + "link"))
        elif item.tag in (V + "imagedata", V + "fill"):
            names.append(item.get(R + "id") or item.get(OFFICE + "relid") or "")
            elsewhere += not names[-1] and bool(item.get(R + "href"))
        elif item.tag == V + "textpath" and item.get("string", "").strip():
            boxes.append(_as_box(item.get("string", "")))
        elif item.tag == OFFICE + "OLEObject":
            embedded += not item.get("ProgID", "").startswith("Equation")
        is_cropped = is_cropped or _is_cropped(item)
        is_hidden = is_hidden or _is_hidden(item)
        is_rule = is_rule or item.get(OFFICE + "hr") in ("t", "true", "1")
    about = next(part.iter(WP + "docPr"), None)
    alt = "" if about is None else typed_alt(about.get("descr", "") or about.get("title", ""))
    return WordDrawing(
        tuple(filter(None, names)), elsewhere, tuple(boxes), alt, is_rule, is_cropped, is_hidden, embedded
    )


def _as_box(words: str) -> Element:
    """A text box with the words of a WordArt object in VML, the format of older programs."""
    box = Element(W + "txbxContent")
    for line in words.splitlines():
        run = SubElement(SubElement(box, W + "p"), W + "r")
        SubElement(run, W + "t").text = line
    return box


def _is_cropped(item: Element) -> bool:
    """Whether an element cuts something off a picture, on any side."""
    if item.tag == A + "srcRect":
        cuts = [item.get(side, "") for side in "ltrb"]
        return any(cut.strip("0%.") and not cut.startswith("-") for cut in cuts)  # a negative value adds a margin
    return item.tag == V + "imagedata" and any(item.get(f"crop{side}") for side in ("left", "top", "right", "bottom"))


def _is_hidden(item: Element) -> bool:
    """Whether an element says that its drawing is hidden, for example by Word's selection pane."""
    style = item.get("style", "").replace(" ", "") if item.tag.startswith(V) else ""
    return "visibility:hidden" in style or (item.tag == WP + "docPr" and item.get("hidden") in ("1", "true"))


def choice(item: Element) -> Iterable[Element]:
    """The form to read of content that is stored twice, for newer and older programs: the newer, unless it shows less."""
    newer = item.find(MC + "Choice")
    older = item.find(MC + "Fallback")
    chosen = older if newer is None or (older is not None and _shows_more(older, newer)) else newer
    return () if chosen is None else chosen


def _shows_more(older: Element, newer: Element) -> bool:
    """Whether the older form is a picture of content that only newer programs draw, such as handwriting."""
    return not any(item.tag in _SHOWN for item in newer.iter()) and any(item.tag in _PICTURES for item in older.iter())


def _outside_boxes(part: Element) -> Iterator[Element]:
    """All elements of a drawing, without those in text boxes, and with one form of content that is stored twice."""
    for item in choice(part) if part.tag == MC + "AlternateContent" else part:
        yield item
        if item.tag != W + "txbxContent":
            yield from _outside_boxes(item)
