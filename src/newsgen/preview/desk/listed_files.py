"""The photos and attachments of a report as the page lists them: what each is, and where the text shows it."""

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
from newsgen.core.model import Document, FrontMatter, Markdown, Record, Reference, as_dict

_IMAGE = re.compile(r"!\[((?:\\.|[^\]\\])*)\]\(\s*<?([^)>\n]+?)>?\s*\)")
_MARK = re.compile(r"【[^】]*?(\d{1,3})\s*(?:[：:，,、\s]\s*([^】]*?))?\s*】")


class ListedFile(Record, frozen=True):
    """A file beside a report, see ReportFile. `shown`: its text or its attachments name it; `caption` is what the text says
    below a photo."""

    name: str
    kind: str
    size: int
    width: int | None = None
    height: int | None = None
    shown: bool = False
    caption: str = ""


def listed_files(root: Path, path: str, data: bytes) -> tuple[ListedFile, ...]:
    """The files of the report at `path`, which holds these bytes. Raises UsageError, HostError."""
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
    """The paths of the files that the text names, each with its caption, "" for none."""
    folder = posixpath.dirname(path)
    references = document.body_summary.references if document.body_summary else ()
    lines = data.decode("utf-8", "replace").splitlines()
    marks = numbered(path, references, {folder: names})
    found: dict[str, str] = {}
    for reference in references:
        place = marks.get(reference.target) or resolve(folder, reference.target).path
        if place is not None:
            line = lines[reference.line - 1] if reference.line <= len(lines) else ""
            found.setdefault(place, _caption(line, reference))
    return found


def _caption(line: str, reference: Reference) -> str:
    """The caption that stands in the line of a reference."""
    if reference.target.startswith("【"):
        match = _MARK.search(line)
        return (match[2] or "") if match else ""
    for alt, address in _IMAGE.findall(line):
        if unquote(address) in (reference.typed, reference.target):
            return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", alt)
    return ""
