"""Styles of a Word document: the formatting that a paragraph or a run has by its style (ECMA-376 part 1, 17.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.word_visibility import has_any_ground, has_ground, is_white_text
from newsgen.authoring.importers.word_xml import W, switched, value

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|题目", re.IGNORECASE)
TOGGLES = ("b", "i", "strike", "dstrike", "u")
"""Properties of characters that can be switched on or off, and that a report can show."""
_LINKS = frozenset(("hyperlink", "followedhyperlink", "internet link", "visited internet link", "超链接"))
"""Names of styles for links, whose underline is ignored: every page underlines links by itself."""
DEEPEST = 20
"""Maximum length of a chain of styles that are based on one another."""


class ParagraphStyle(NamedTuple):
    """The style of a paragraph or a run. `level` is the level of a heading, 0 for none; `is_title`: the document's title.

    `toggles` are the properties of characters that it switches on or off, by the names of their elements; `name` is its
    identifier. `is_white`: its text is white; `has_ground`: a colour lies behind it. `number` is its list and the depth in
    that, each "" if the style does not say it.
    """

    level: int = 0
    is_title: bool = False
    align: str = ""
    toggles: Mapping[str, bool] = {}
    is_hidden: bool = False
    is_white: bool = False
    has_ground: bool = False
    number: tuple[str, str] = ("", "")
    name: str = ""


class WordStyles:
    """The styles of a document, by their identifiers."""

    def __init__(self, root: Element | None) -> None:
        found = root.iter(W + "style") if root is not None else ()
        self._styles = {item.get(W + "styleId", ""): item for item in found}
        default = (item for item in self._styles.values() if item.get(W + "default") in ("1", "true"))
        self._default = {item.get(W + "type", ""): item.get(W + "styleId", "") for item in default}
        self._known: dict[str, ParagraphStyle] = {}

    def paragraph(self, properties: Element | None) -> ParagraphStyle:
        """The style that a paragraph names, else the default style."""
        name = value(properties, "pStyle") if properties is not None else ""
        name = name or self._default.get("paragraph", "")
        if name not in self._known:
            self._known[name] = self._read(name, 0)
        return self._known[name]

    def has_ground(self, table: Element) -> bool:
        """Whether the style of a table, or one it is based on, puts a colour behind any of its cells."""
        properties = table.find(W + "tblPr")
        name = value(properties, "tblStyle") if properties is not None else ""
        for _ in range(DEEPEST):
            style = self._styles.get(name)
            if style is None:
                return False
            if has_any_ground(style):
                return True
            name = value(style, "basedOn")
        return False

    def run(self, properties: Element | None) -> ParagraphStyle:
        """The character style that a run names; an empty style if it names none."""
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
        own = {name: is_on for name in TOGGLES if (is_on := switched(characters, name)) is not None}
        if shown.lower() in _LINKS:
            own.pop("u", None)
        list_name, list_depth = numbering_of(properties)
        return ParagraphStyle(
            level if level <= 6 else 0,
            bool(not heading and _TITLE.fullmatch(shown)) or base.is_title,
            (value(properties, "jc") if properties is not None else "") or base.align,
            {**base.toggles, **own},
            switched(characters, "vanish") or base.is_hidden,
            _either(is_white_text(characters), base.is_white),
            _either(has_ground(properties), base.has_ground) or bool(has_ground(characters)),
            (list_name or base.number[0], list_depth or base.number[1]),
            name,
        )


def _either(own: bool | None, of_base: bool) -> bool:
    return of_base if own is None else own


def numbering_of(properties: Element | None) -> tuple[str, str]:
    """The list that properties name, and the depth in it; each "" if they do not name it."""
    item = properties.find(W + "numPr") if properties is not None else None
    if item is None:
        return "", ""
    depth = value(item, "ilvl")
    return value(item, "numId"), depth if depth.isdigit() else ""
