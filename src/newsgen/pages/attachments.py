"""Attachments as entries: what a reader downloads, with its type, name and size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from posixpath import basename, splitext

from newsgen.core.file_types import FILE_SUFFIXES, PLAYED_SUFFIXES
from newsgen.core.model import Download, Picture
from newsgen.core.urls import at
from newsgen.pages.views import AttachmentView

_ATTRIBUTES = r"(?: [^\s=\">\x02\x03]+(?:=\"[^\"]*\")?)*"
_ALONE = re.compile(rf"<p>\s*<a href=\"([^\"]*)\" download=\"[^\"]*\"{_ATTRIBUTES}>([^<]+)</a>\s*</p>")


def attachment_view(typed: str, file: Picture | Download) -> AttachmentView:
    """A file under the name that was typed for it; that gets the suffix of the file."""
    suffix = splitext(file.address)[1]
    stem, ending = splitext(typed)
    known = ending.lower() in FILE_SUFFIXES  # "附件1.报名表" has a full stop and no suffix
    name = typed if ending.lower() == suffix else (stem if known else typed) + suffix
    size = readable_size(file.size) if isinstance(file, Download) else f"{file.width}×{file.height}"
    return AttachmentView(name, file.address, suffix[1:].upper(), size)


def readable_size(size: int) -> str:
    """A number of bytes for people: `820 B`, `128 KB`, `2.4 MB`."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1000 else f"{size / 1024 / 1024:.1f} MB"


def download_attribute(file: Download) -> str:
    """The attribute by which a link saves the file under its name in content/; none for what is played or read at once."""
    name = basename(file.path)
    return "" if splitext(name)[1].lower() in PLAYED_SUFFIXES else f' download="{escape(name)}"'


def with_entries(html: str, files: Mapping[str, Download], root: str) -> str:
    """The body with each link to a file that stands alone in its paragraph as an entry. `files` are those it links to, by
    address as typed in the page; the entry is that of templates/partials/article-end.html."""
    return _ALONE.sub(lambda match: _entry(match, files, root), html)


def _entry(match: re.Match[str], files: Mapping[str, Download], root: str) -> str:
    file = files.get(match[1])
    if file is None:
        return match[0]
    view = attachment_view(unescape(match[2]).strip(), file)
    name = escape(view.name)
    return (
        f'<p class="file-alone"><a class="file" href="{escape(at(file.address, root))}" download="{name}">'
        f'<span class="file-type file-{view.type.lower()}" aria-hidden="true">{view.type}</span>'
        f'<span class="file-name">{name}</span> <span class="file-size">{view.size}</span></a></p>'
    )
