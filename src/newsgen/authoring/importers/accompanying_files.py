"""The files beside a manuscript: their names in the report, and the Markdown that shows the photos among them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from newsgen.authoring.file_kinds import is_program
from newsgen.authoring.new import NOT_IN_NAMES
from newsgen.core.file_types import FILE_SUFFIXES, PICTURE_SUFFIXES
from newsgen.core.text import is_device, name_order

LONGEST_NAME = 60
"""Maximum characters of a file's name without suffix: up to 180 bytes in Chinese, of the 255 that systems allow."""
PHOTO_MARK = re.compile(r"[【（(]\s*(?:附?图片?|照片|插图)\s*\d{1,3}")


def by_name(files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Files by name. If two have one name, in whatever letter case, the second has a number after it."""
    found: dict[str, bytes] = {}
    for name, data in files:
        found[free_name(name, found)] = data
    return found


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number after it if it is taken; letter case does not count, as on Windows."""
    folded = {other.casefold() for other in taken}
    file, number = PurePosixPath(name), 2
    while name.casefold() in folded:
        name, number = f"{file.stem}-{number}{file.suffix}", number + 1
    return name


class AccompanyingFiles(NamedTuple):
    """The files beside the text, by their names in the report; `attached` are the names of those that are no photos.

    `lines` is Markdown that shows the photos in the order of their names, "" if the text has marks for photos. `remarks`
    report files that are left out.
    """

    files: dict[str, bytes]
    attached: list[str]
    lines: str
    remarks: list[str]


def accompanying_files(files: Mapping[str, bytes], text: str, taken: Collection[str]) -> AccompanyingFiles:
    """The files, under names that can stand in links; `taken` are the names of the report's own files."""
    found = AccompanyingFiles({}, [], "", [])
    photos: list[str] = []
    for name, data in files.items():
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in FILE_SUFFIXES:
            found.remarks.append(f"{name} 没有带进来：网站上只放照片、视频、PDF 和 Word、Excel 一类的文件")
            continue
        if is_program(name, data):
            found.remarks.append(f"{name} 没有带进来：里面是程序或网页，请交稿的人检查这个文件")
            continue
        plain = "".join(filter(str.isprintable, PurePosixPath(name).stem))
        stem = NOT_IN_NAMES.sub("-", plain).strip("-. _~")[:LONGEST_NAME]
        stem = f"wen-{stem}" if not stem or is_device(stem) else stem
        clean = free_name(stem + PurePosixPath(name).suffix, (*taken, *found.files))
        found.files[clean] = data
        (photos if suffix in PICTURE_SUFFIXES else found.attached).append(clean)
    if not photos or PHOTO_MARK.search(text):
        return found
    shown = [(name, PurePosixPath(name).stem) for name in sorted(photos, key=name_order)]
    lines = [f"![{'' if stem.isascii() else stem}]({name})" for name, stem in shown]
    return found._replace(lines="\n" + "\n\n".join(lines) + "\n")
