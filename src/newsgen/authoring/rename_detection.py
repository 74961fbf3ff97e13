"""Rename detection: whether a report whose file is gone was moved or renamed outside the desk, and edited since.

A report found to be moved is not offered to be restored, so a match must meet three conditions: an existing report has the
same file or folder name, or the same title and date; its text comes from the missing one; and it did not exist before.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsgen.authoring.history import read
from newsgen.authoring.history_files import KeptVersion, folder_of, versions_in
from newsgen.authoring.text_lines import parts_of
from newsgen.content.document import parse
from newsgen.content.photo_numbers import own_folder
from newsgen.core.errors import NewsgenError
from newsgen.core.files import read_file
from newsgen.core.model import Document, FrontMatter, Markdown
from newsgen.core.text import MAX_BYTES, decode

Titled = tuple[str, str]
"""Title and day of a report, each "" if unknown."""
NO_TITLES: Mapping[str, Titled] = {}
LIKE = 0.6
"""The least share of a text's character pairs that an edited text still has; other reports of the same event have fewer."""
_TIME = len("20240313T093000000")
"""Characters of a version's id that say when it was kept."""


def title_and_day(document: Document) -> Titled:
    """Title and day of a report."""
    matter = document.matter
    return (matter.title, matter.date.day if matter.date else "") if isinstance(matter, FrontMatter) else ("", "")


class RenameDetection:
    """Search for missing reports among the existing ones, which are given by path, with their known titles."""

    def __init__(self, there: Mapping[str, Path], titles: Mapping[str, Titled]) -> None:
        self._there = there
        self._by_name: dict[str | Titled, list[str]] = {}
        for path in there:
            self._by_name.setdefault(_own_name(path), []).append(path)
            if all(titles.get(path, ("", ""))):
                self._by_name.setdefault(titles[path], []).append(path)

    def finds(self, root: Path, path: str, last: KeptVersion) -> bool:
        """Whether an existing report is the one that was at `path`; `last` is the newest version of that."""
        try:
            old = read(root, path, last.id)
        except NewsgenError:
            return False
        names: tuple[str | Titled, ...] = (_own_name(path), title_and_day(parse(old, Markdown()).document))
        like = dict.fromkeys(other for name in names for other in self._by_name.get(name, ()))
        return any(self._is_renamed(root, other, old, last) for other in like)

    def _is_renamed(self, root: Path, other: str, old: bytes, last: KeptVersion) -> bool:
        """Whether the text of the report at `other` comes from the missing report, whose text is `old`."""
        versions = [*_versions(root, other)]
        if any(version.id[:_TIME] < last.id[:_TIME] for version in versions):
            return False  # both existed at once: a copy, or another report of the same name
        if any(version.digest == last.digest for version in versions):
            return True
        try:
            return _likeness(old, read_file(self._there[other], MAX_BYTES)) >= LIKE
        except OSError:
            return False


def _own_name(path: str) -> str:
    return posixpath.basename(own_folder(path) or path.removesuffix(".md"))


def _versions(root: Path, path: str) -> Iterator[KeptVersion]:
    try:
        folder = folder_of(root, path)
    except OSError:
        return
    yield from versions_in(folder)


def _likeness(old: bytes, new: bytes) -> float:
    """The share of an old text's character pairs that a new text has, too; 0 if the old text is empty."""
    before, after = _pairs(old), _pairs(new)
    return len(before & after) / len(before) if before else 0.0


def _pairs(data: bytes) -> set[str]:
    text = "".join(parts_of(decode(data)[0] or "").body.split())
    return {text[at : at + 2] for at in range(len(text) - 1)}
