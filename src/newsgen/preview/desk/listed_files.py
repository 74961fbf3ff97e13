"""The photos and attachments of a report as the page lists them: what each is, and whether the report shows it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from newsgen.authoring.report_files import list_files
from newsgen.content.document import parse
from newsgen.content.media import resolve
from newsgen.content.photo_numbers import numbered
from newsgen.core.model import Document, FrontMatter, Markdown, Record, as_dict
from newsgen.core.text import clean, decode

_IMAGE = re.compile(r"!\[((?:\\.|[^\[\]\\]){0,2000}+)\]\(([^)>\n]{1,2000}+)>?\s{0,9}+\)")
"""A photo in the text: its caption and address. Both are bounded, so that no search takes the square of a line's length."""
_MARK = re.compile(r"【([^【】\n]++)】")
_NUMBERED = re.compile(r"(?<!\d)\d{1,3}(?:(?:\s*+[：:，,、]|\s)(.*))?$", re.DOTALL)
"""The end of a mark (【…】): the number of a photo, and its caption."""


class ListedFile(Record, frozen=True):
    """A file beside a report, see ReportFile. `shown`: the report's text, attachments or cover name it; `caption` is that of
    a photo in the text."""

    name: str
    kind: str
    size: int
    width: int | None = None
    height: int | None = None
    shown: bool = False
    caption: str = ""


def listed_files(root: Path, path: str, data: bytes) -> tuple[ListedFile, ...]:
    """The files of the report at `path` with the bytes `data`. Raises UsageError, HostError."""
    folder = posixpath.dirname(path)
    files = list_files(root, path)
    document = parse(data, Markdown()).document
    captions = _captions(document, data, path, tuple(file.name for file in files))
    attached = _attached(document, folder)
    return tuple(
        ListedFile(**as_dict(file), shown=place in captions or place in attached, caption=captions.get(place, ""))
        for file in files
        for place in [f"{folder}/{file.name}"]
    )


def _attached(document: Document, folder: str) -> frozenset[str | None]:
    """The paths of the attachments that front matter lists, and of the cover."""
    matter = document.matter
    if not isinstance(matter, FrontMatter):
        return frozenset()
    targets = [entry.file.text for entry in matter.attachments] + ([matter.cover.text] if matter.cover else [])
    return frozenset(resolve(folder, target).path for target in targets)


def _captions(document: Document, data: bytes, path: str, names: tuple[str, ...]) -> Mapping[str, str]:
    """The captions of the files that the text names, by path; "" for a file without one."""
    folder = posixpath.dirname(path)
    references = document.body_summary.references if document.body_summary else ()
    lines = clean(decode(data)[0] or "").split("\n")
    captions: dict[int, Mapping[str, str]] = {}
    marks = numbered(path, references, {folder: names})
    found: dict[str, str] = {}
    for reference in references:
        place = marks.get(reference.target) or resolve(folder, reference.target).path
        if place is not None and place not in found:
            line = reference.line
            if line not in captions:
                captions[line] = _captions_in(lines[line - 1] if line <= len(lines) else "")
            mark = "【" if reference.target.startswith("【") else ""
            typed = (captions[line].get(address) for address in (mark or reference.typed, reference.target))
            found[place] = next((caption for caption in typed if caption is not None), "")
    return found


def _captions_in(line: str) -> Mapping[str, str]:
    """The captions in a line, by the address of the photo; the caption of a mark by "【"."""
    found: dict[str, str] = {}
    for alt, address in _IMAGE.findall(line):
        found.setdefault(unquote(address.strip().removeprefix("<")), re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", alt))
    for words in _MARK.findall(line):
        number = _NUMBERED.search(words.rstrip())
        if number:
            found.setdefault("【", (number[1] or "").strip())
    return found
