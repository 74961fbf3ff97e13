"""Files that lie beside reports and are on no page: a Word document that was to be a report, a photo that no text names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from newsgen.content.load import Content, Source
from newsgen.content.media import Media, named_files
from newsgen.core.file_types import DOWNLOAD_SUFFIXES, is_picture
from newsgen.core.model import Diagnostic

_WRITINGS = frozenset((".doc", ".docx", ".wps", ".rtf", ".odt", ".txt", ".pdf", ".ofd"))
"""Suffixes of documents in which people write reports."""
_SHOWN = 3
"""Names in one diagnostic at most."""


def unused_files(content: Content, media: Media) -> Iterator[Diagnostic]:
    """The diagnostics on documents and photos that no report names, by folder. One that a report names in another
    letter case has a diagnostic of its own.
    """
    folders: dict[str, list[str]] = {}
    unnamed = [path for path in content.files if path not in media and path not in content.awaited]
    named = {path.lower() for source in content.sources.values() for path in named_files(source)} if unnamed else ()
    for path in unnamed:
        if path.lower() not in named:
            folders.setdefault(posixpath.dirname(path), []).append(posixpath.basename(path))
    if not folders:
        return
    reports = _reports(content.sources)
    for folder, names in sorted(folders.items()):
        owner = _bundle_of(folder, content.sources)
        yield from _writings(folder, names, reports.get(folder, ()), owner)
        yield from _photos(folder, names, reports.get(folder, ()), owner)


def _reports(sources: Mapping[str, Source]) -> dict[str, list[Source]]:
    """The reports that lie in each folder."""
    found: dict[str, list[Source]] = {}
    for source in sources.values():
        if not source.is_section:
            found.setdefault(source.folder, []).append(source)
    return found


def _bundle_of(folder: str, sources: Mapping[str, Source]) -> str | None:
    """The report whose own folder this is, or one above."""
    while folder:
        if f"{folder}/index.md" in sources:
            return f"{folder}/index.md"
        folder = posixpath.dirname(folder)
    return None


def _writings(folder: str, names: Iterable[str], beside: Iterable[Source], owner: str | None) -> Iterator[Diagnostic]:
    """The diagnostics on documents that may be meant as reports or attachments; not on drafts beside their report."""
    stems = {source.stem.casefold() for source in beside}
    for name in names:
        stem, suffix = posixpath.splitext(name)
        suffix = suffix.lower()
        if suffix not in DOWNLOAD_SUFFIXES | _WRITINGS or stem.casefold() in stems or name.lower().endswith(".md.txt"):
            continue
        message = f"{name} 不会出现在网站上：没有文章用到它"
        attach = f"是附件，就在文章开头加一行：附件: {name}"
        write = "要发成文章，把文字粘贴进 .md 文件（newsgen new 标题）；" if suffix in _WRITINGS and not owner else ""
        yield Diagnostic("content.unused", "info", message, write + attach, owner or f"{folder}/{name}")


def _photos(folder: str, names: Iterable[str], beside: Iterable[Source], owner: str | None) -> Iterator[Diagnostic]:
    """The diagnostic on photos beside reports; not on those in a folder without reports, which several may share."""
    photos = [name for name in names if is_picture(name)]
    alone = owner or next((source.path for source in beside), None)
    if not photos or alone is None:
        return
    first = photos[0] if not owner else posixpath.relpath(f"{folder}/{photos[0]}", posixpath.dirname(owner))
    shown = "、".join(photos[:_SHOWN]) + (" 等" if len(photos) > _SHOWN else "")
    message = f"有 {len(photos)} 张照片没有文章用到，不会出现在网站上：{shown}"
    hint = f"要显示，在正文里另起一行写：![图注]({first})；不用就删去或移走"
    yield Diagnostic("image.unused", "info", message, hint, owner or folder)
