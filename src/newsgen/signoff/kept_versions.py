"""Kept versions: approved texts with their photos and attachments, in the repository folder approved/.

    approved/<version>.md                 the text and front matter that the approval covers, in a fixed form
    approved/files/<digest>/<name>        its photos and attachments

A version depends on the approved content alone: two people who approve the same text in two clones write the same
bytes. Its name is its digest, so that nobody can alter one unnoticed. It is kept in the working tree, not only in git's
history, since CI clones without history.
"""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from newsgen.content.approval import COVERED, KEPT, KEPT_FILES, SHOWN_FILES, version_digest
from newsgen.content.scan import ScannedFile
from newsgen.core.model import AttachmentEntry, Document, FrontMatter, Located, Moment, changed
from newsgen.core.platform import is_link
from newsgen.core.stamps import stamp_of
from newsgen.core.yaml.nodes import quoted

_FILE = re.compile(r"# ([0-9a-f]{32}) (\S.*) <- (.+)")
"""The line of a kept text that names a file: its digest, its name, and its path as typed in the text."""


class KeptFile(NamedTuple):
    """A file of a kept version. `typed` is its path as typed in the text, `digest` that of its bytes."""

    typed: str
    digest: str
    name: str

    @property
    def path(self) -> str:
        """The path below the site root."""
        return f"{KEPT_FILES}/{self.digest}/{self.name}"

    @property
    def shown(self) -> str:
        """The path by which the site's pages name the file."""
        return f"{SHOWN_FILES}/{self.digest}/{self.name}"


def text_path(version: str) -> str:
    """The path of a kept text."""
    return f"{KEPT}/{version}.md"


def scan_kept(root: Path) -> tuple[ScannedFile, ...]:
    """The files of approved/, sorted by path; links are not followed. Folders that cannot be read count as empty."""
    if is_link(root / KEPT):
        return ()
    return tuple(sorted(_below(str(root), KEPT), key=lambda item: item.path))


def _below(root: str, folder: str) -> Iterator[ScannedFile]:
    try:
        with os.scandir(f"{root}/{folder}") as entries:
            found = list(entries)
    except OSError:  # usually there is no such folder
        return
    for entry in found:
        path = f"{folder}/{entry.name}"
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(root, path)
            elif entry.is_file(follow_symlinks=False):
                yield ScannedFile(unicodedata.normalize("NFC", path), path, stamp_of(os.stat(entry.path)))  # noqa: PTH116
        except OSError:  # deleted meanwhile
            continue


# ---------------------------------------------------------------- texts


def kept_text(matter: FrontMatter, body: str, files: Collection[KeptFile]) -> bytes:
    """The bytes of a kept text: the same for the same version, however the article's file was formatted."""
    lines = [f"{name}: {value}" for name in COVERED if (value := _typed(getattr(matter, name)))]
    if matter.kind == "announcement" and matter.expires:
        lines.append(f"expires: {_typed(matter.expires)}")
    if matter.cover:
        lines.append(f"cover: {quoted(matter.cover.text)}")
    if matter.attachments:
        lines += ["attachments:", *map(_attachment, matter.attachments)]
    lines += [f"# {file.digest} {file.name} <- {file.typed}" for file in dict.fromkeys(files)]
    head = "".join(f"{line}\n" for line in lines)
    return f"---\n{head}---\n\n{body.strip(chr(10))}\n".encode()


def _typed(value: object) -> str:
    if isinstance(value, Moment):
        return value.shown
    if isinstance(value, tuple):
        return f"[{', '.join(quoted(text) for text in value)}]" if value else ""
    return quoted(str(value)) if value else ""


def _attachment(entry: AttachmentEntry) -> str:
    name = f", name: {quoted(entry.name)}" if entry.name else ""
    return f"  - {{file: {quoted(entry.file.text)}{name}}}"


def files_in(text: bytes) -> dict[str, KeptFile]:
    """The files of a kept text, by their paths as typed in it."""
    head = text.decode("utf-8", "replace").split("\n---\n", 1)[0]
    matches = (_FILE.fullmatch(line) for line in head.split("\n"))
    files = (KeptFile(match[3], match[1], match[2]) for match in matches if match)
    return {file.typed: file for file in files if posixpath.basename(file.name) == file.name and file.name[0] != "."}


def version_of(document: Document, files: Mapping[str, KeptFile]) -> str:
    """The version of a kept text, computed from its content and its files."""
    named = (files[name].digest for name in _names_of(document) if name in files)
    return version_digest(document.content, named)


def _names_of(document: Document) -> Iterator[str]:
    matter, summary = document.matter, document.body_summary
    if summary:
        yield from (reference.target for reference in summary.references)
    if isinstance(matter, FrontMatter):
        yield from (entry.file.text for entry in matter.attachments)
        yield from (matter.cover.text,) if matter.cover else ()


def as_shown(matter: FrontMatter, kept: Document, files: Mapping[str, KeptFile]) -> Document:
    """The document of a kept version: approved fields and text as they were, all else from the current `matter`."""
    approved, summary = kept.matter, kept.body_summary
    assert isinstance(approved, FrontMatter), "a kept text whose version is right is an article"
    assert summary is not None, "as above"
    then = {name: getattr(approved, name) for name in COVERED}
    if approved.kind == "announcement":
        then["expires"] = approved.expires
    attachments = tuple(
        changed(entry, file=_shown(entry.file, files), name=entry.name or posixpath.basename(entry.file.text))
        for entry in approved.attachments
    )
    cover = approved.cover and _shown(approved.cover, files)
    references = tuple(
        changed(reference, target=f"/{files[reference.target].shown.partition('/')[2]}")
        if reference.target in files
        else reference
        for reference in summary.references
    )
    merged = changed(matter, **then, attachments=attachments, cover=cover)
    return changed(kept, matter=merged, body_summary=changed(summary, references=references), diagnostics=())


def _shown(name: Located, files: Mapping[str, KeptFile]) -> Located:
    file = files.get(name.text)
    return changed(name, text=f"/{file.shown.partition('/')[2]}") if file else name
