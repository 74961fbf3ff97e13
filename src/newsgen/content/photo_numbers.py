"""The photo that a mark such as `【图2】` stands for: the one of the report's own folder with this number, else the second."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from newsgen.core.file_types import is_picture
from newsgen.core.model import Reference

_REFERENCE = re.compile(r"【图(\d{1,3})】")
_NUMBER = re.compile(r"(?:附?图片?|照片|插图)?\s*[（(]?0*(\d{1,3})[)）]?(?![\d年月日])(?:[-_ .、：:，,].*)?", re.DOTALL)
"""What the name of a photo begins with that says its number: `图1`, `1-会场`, `02`; not `3月13日`."""
_DIGITS = re.compile(r"\d+")


def number_of(target: str) -> int | None:
    """The number in a mark's reference; None for the name of a file."""
    match = _REFERENCE.fullmatch(target)
    return int(match[1]) if match else None


def has_numbers(references: Sequence[Reference]) -> bool:
    """Whether a text holds marks."""
    return any(reference.target.startswith("【") and number_of(reference.target) for reference in references)


def own_folder(path: str) -> str | None:
    """The folder that holds the photos of the report at `path` and of no other; None where it has none."""
    folder, name = posixpath.split(path)
    return folder if name == "index.md" else None


def numbered(path: str, references: Sequence[Reference], by_folder: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """The photo of each mark in the report at `path`, by the mark's reference; those without a photo are left out.

    Where some photo's name begins with a number, names decide; else the order of the names, without photos that the text
    names itself.
    """
    folder = own_folder(path)
    if folder is None:
        return {}
    photos = [name for name in by_folder.get(folder, ()) if is_picture(name)]
    named = {number_in(name): name for name in sorted(photos, key=_order, reverse=True)}
    named.pop(None, None)
    if not named:
        typed = {reference.target for reference in references}
        named = dict(enumerate(sorted((name for name in photos if name not in typed), key=_order), 1))
    marks = {reference.target: number_of(reference.target) for reference in references}
    return {mark: f"{folder}/{named[number]}" for mark, number in marks.items() if number in named}


def number_in(name: str) -> int | None:
    """The number that the name of a photo says; None where it says none."""
    match = _NUMBER.fullmatch(posixpath.splitext(name)[0])
    return int(match[1]) if match else None


def _order(name: str) -> tuple[str, str]:
    """IMG_2 before IMG_10."""
    return _DIGITS.sub(lambda match: match[0].zfill(20), name), name
