"""Runs of Word: their marks, and the lines into which soft returns and page breaks part them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.blocks import InlinePicture, Mark, Run
from newsgen.authoring.importers.word_styles import TOGGLES, ParagraphStyle
from newsgen.authoring.importers.word_xml import switched, value

Piece = Run | InlinePicture
_POINTS = re.compile(r"(-?)0*(?:[4-9]|1\d|2[0-4])")
"""Two to twelve points, in half points."""
_MARKS: dict[str, Mark] = {
    "b": "bold",
    "i": "italic",
    "strike": "struck",
    "dstrike": "struck",
    "u": "underline",
}


def marks_of(properties: Element | None, style: ParagraphStyle, own: ParagraphStyle) -> frozenset[Mark]:
    """The marks of a run: by itself, by its own style, by that of its paragraph."""
    found: set[Mark] = set()
    for name in TOGGLES:
        typed = switched(properties, name)
        by_style = own.toggles.get(name, style.toggles.get(name, False))
        if by_style if typed is None else typed:
            found.add(_MARKS[name])
    raised = _raised(properties) if properties is not None else ""
    return frozenset(found | {raised}) if raised else frozenset(found)


def _raised(properties: Element) -> Literal["", "super", "sub"]:
    """Whether a run stands above or below its line: as an exponent, or in a smaller size and a few points away."""
    align = value(properties, "vertAlign")
    if align in ("superscript", "subscript"):
        return "super" if align == "superscript" else "sub"
    distance = _POINTS.fullmatch(value(properties, "position"))
    if distance is None or not value(properties, "sz"):
        return ""
    return "sub" if distance[1] else "super"


def lines_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces by lines: those between soft returns, and a picture before words by itself."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if isinstance(piece, InlinePicture) or piece.note:
            lines[-1].append(piece)
            continue
        for number, text in enumerate(piece.text.split("\n")):
            if number or (text.strip() and _only_pictures(lines[-1])):
                lines.append([])
            if text:
                lines[-1].append(Run(text, piece.marks, piece.link))
    return [line for line in lines if line]


def _only_pictures(line: list[Piece]) -> bool:
    is_picture = [
        isinstance(piece, InlinePicture) for piece in line if isinstance(piece, InlinePicture) or _shows(piece)
    ]
    return bool(is_picture) and all(is_picture)


def _shows(run: Run) -> bool:
    return bool(run.note or run.text.strip())
