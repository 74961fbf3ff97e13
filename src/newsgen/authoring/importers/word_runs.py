"""Runs of Word: their marks, and the lines into which soft returns and page breaks split them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.blocks import InlinePicture, Mark, Run
from newsgen.authoring.importers.symbol_fonts import symbol_font
from newsgen.authoring.importers.word_styles import TOGGLES, ParagraphStyle
from newsgen.authoring.importers.word_xml import W, switched, value

Piece = Run | InlinePicture
_POINTS = re.compile(r"(-?)0*(?:[4-9]|1\d|2[0-4])")
"""A distance of two to twelve points, in half points; minus means below the line."""
_MARKS: dict[str, Mark] = {
    "b": "bold",
    "i": "italic",
    "strike": "struck",
    "dstrike": "struck",
    "u": "underline",
}


def marks_of(properties: Element | None, style: ParagraphStyle, own: ParagraphStyle) -> frozenset[Mark]:
    """The marks of a run: by its properties, else by its own style, else by its paragraph's style."""
    found: set[Mark] = set()
    for name in TOGGLES:
        typed = switched(properties, name)
        by_style = own.toggles.get(name, style.toggles.get(name, False))
        if by_style if typed is None else typed:
            found.add(_MARKS[name])
    if properties is not None and value(properties, "em") not in ("", "none"):  # 着重号
        found.add("bold")
    raised = _raised(properties) if properties is not None else ""
    return frozenset(found | {raised}) if raised else frozenset(found)


def font_of(properties: Element | None) -> str:
    """The font of a run if it is a symbol font, such as Wingdings; "" for all others."""
    fonts = properties.find(W + "rFonts") if properties is not None else None
    return "" if fonts is None else symbol_font(fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or "")


def _raised(properties: Element) -> Literal["", "super", "sub"]:
    """Whether a run stands above or below its line: as super- or subscript, or moved by some points with a size of its own."""
    align = value(properties, "vertAlign")
    if align in ("superscript", "subscript"):
        return "super" if align == "superscript" else "sub"
    distance = _POINTS.fullmatch(value(properties, "position"))
    if distance is None or not value(properties, "sz"):
        return ""
    return "sub" if distance[1] else "super"


def lines_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces split into lines at soft returns; pictures before the words of a line get a line of their own."""
    lines: list[list[Piece]] = [[]]
    has_picture = has_words = False  # the last line
    for piece in pieces:
        if isinstance(piece, InlinePicture) or piece.note:
            lines[-1].append(piece)
            is_picture = isinstance(piece, InlinePicture)
            has_picture, has_words = has_picture or is_picture, has_words or not is_picture
            continue
        for number, text in enumerate(piece.text.split("\n")):
            if number or (text.strip() and has_picture and not has_words):
                lines.append([])
                has_picture = has_words = False
            if text:
                lines[-1].append(Run(text, piece.marks, piece.link))
                has_words = has_words or bool(text.strip())
    return [line for line in lines if line]
