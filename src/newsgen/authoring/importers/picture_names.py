"""Names for the files that the pictures of a document become."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from posixpath import splitext

from newsgen.authoring.file_names import file_name
from newsgen.authoring.importers.blocks import ImportedDocument, Paragraph
from newsgen.authoring.pinyin import latin_words
from newsgen.content.images import probe
from newsgen.content.images.errors import ImageError

_SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "TIFF": ".tif", "HEIF": ".heic"}
"""Suffixes of the formats whose suffix is not their name."""
_PICTURE = re.compile(r"!\[(?P<caption>[^\[\]\\]*)\]\((?P<name>[^()\s]+)\)")
_NO_NUMBER = "wen.jpg"
"""A photo's name without a number: if it is among the names taken, file_name() gives no numbers to others."""
_LONGEST = 20
"""Maximum characters of a caption that are used for a name."""
Naming = Callable[[int, str], str]
"""Number of pictures named before, suffix of the file (`.jpg`) -> name of the file."""


def lettered(number: int, suffix: str) -> str:
    """Names with letters: `wen-a.jpg`, `wen-b.png`, …; they say no number, because 【图1】 refers to numbers in names."""
    text = ""
    while True:
        text = chr(ord("a") + number % 26) + text
        number = number // 26
        if not number:
            return f"wen-{text}{suffix}"


def called_by_captions(body: str, names: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """A body and the names of its pictures, with pictures renamed by their captions: `hui-yi-xian-chang.jpg`.

    These names say no number, either.
    """
    called: dict[str, str] = {}

    def _called(match: re.Match[str]) -> str:
        caption, name = match["caption"], match["name"]
        if name in names.values() and name not in called and latin_words(caption):
            taken = [_NO_NUMBER, *names.values(), *called.values()]
            called[name] = file_name(f"{caption[:_LONGEST]}{splitext(name)[1]}", taken)
        return f"![{caption}]({called.get(name, name)})"

    text = _PICTURE.sub(_called, body)
    return text, {picture: called.get(name, name) for picture, name in names.items()}


def name_pictures(
    document: ImportedDocument, paragraphs: Iterable[Paragraph], name_of: Naming
) -> tuple[dict[str, str], list[str]]:
    """Picture -> file name, for each picture that a page can show, in the order of the text; messages about the others."""
    names: dict[str, str] = {}
    lost: dict[str, str] = {}
    for paragraph in paragraphs:
        for picture in paragraph.pictures:
            if picture.name in names or picture.name in lost:
                continue
            try:
                form = probe(document.pictures[picture.name]).format
            except ImageError as error:
                name = PurePosixPath(picture.name).name
                lost[picture.name] = f"图片 {name} 带不进来，{error.message}。请截成图片，再添加"
                continue
            names[picture.name] = name_of(len(names), _SUFFIXES.get(form, f".{form.lower()}"))
    return names, list(lost.values())
