"""Styles of a Word document: what a paragraph or a run has by the name of its style (ECMA-376 part 1, 17.7)."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.word_xml import W, switched, value

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|题目", re.IGNORECASE)
DEEPEST = 20
"""Styles that are based on one another, at most."""


class ParagraphStyle(NamedTuple):
    """What a style says. `level` is that of a heading, 0 for none; `is_title`: the title of the document."""

    level: int = 0
    is_title: bool = False
    align: str = ""
    is_bold: bool | None = None
    is_hidden: bool = False
    number: tuple[str, int] | None = None


class Styles:
    """The styles of a document, by their identifiers."""

    def __init__(self, root: Element | None) -> None:
        found = root.iter(W + "style") if root is not None else ()
        self._styles = {item.get(W + "styleId", ""): item for item in found}
        default = (item for item in self._styles.values() if item.get(W + "default") in ("1", "true"))
        self._default = {item.get(W + "type", ""): item.get(W + "styleId", "") for item in default}
        self._known: dict[str, ParagraphStyle] = {}

    def paragraph(self, properties: Element | None) -> ParagraphStyle:
        """What a paragraph has by its style, or the default one."""
        name = value(properties, "pStyle") if properties is not None else ""
        name = name or self._default.get("paragraph", "")
        if name not in self._known:
            self._known[name] = self._read(name, 0)
        return self._known[name]

    def run(self, properties: Element | None) -> ParagraphStyle:
        """What a run has by its character style; nothing without one."""
        name = value(properties, "rStyle") if properties is not None else ""
        if not name:
            return ParagraphStyle()
        if name not in self._known:
            self._known[name] = self._read(name, 0)
        return self._known[name]

    def _read(self, name: str, depth: int) -> ParagraphStyle:
        item = self._styles.get(name)
        if item is None or depth > DEEPEST:
            return ParagraphStyle()
        base = self._read(value(item, "basedOn"), depth + 1)
        shown, properties, characters = value(item, "name"), item.find(W + "pPr"), item.find(W + "rPr")
        heading = _HEADING.fullmatch(shown)
        outline = value(properties, "outlineLvl") if properties is not None else ""
        level = int(heading[1]) if heading else int(outline) + 1 if outline.isdigit() else base.level
        bold = switched(characters, "b")
        return ParagraphStyle(
            level if level <= 6 else 0,
            bool(not heading and _TITLE.fullmatch(shown)) or base.is_title,
            (value(properties, "jc") if properties is not None else "") or base.align,
            base.is_bold if bold is None else bold,
            switched(characters, "vanish") or base.is_hidden,
            numbering_of(properties) or base.number,
        )


def numbering_of(properties: Element | None) -> tuple[str, int] | None:
    """The list that properties name, and the depth in it; None where they name none."""
    item = properties.find(W + "numPr") if properties is not None else None
    if item is None:
        return None
    depth = value(item, "ilvl")
    return value(item, "numId"), int(depth) if depth.isdigit() else 0
