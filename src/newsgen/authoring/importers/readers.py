"""The readers of documents, one row for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from newsgen.authoring.importers.blocks import ImportedDocument
from newsgen.authoring.importers.html_file import read_html, read_mhtml
from newsgen.authoring.importers.word_document import read_word

Reader = Callable[[bytes, str], ImportedDocument]
"""A document's bytes, its name in messages -> its blocks. Raises UsageError if it cannot be read."""
PageReader = Callable[[bytes, str, Mapping[str, bytes]], ImportedDocument]
"""A reader that also takes the files in the folder of a page, by name."""

READERS: Mapping[str, Reader] = {".docx": read_word}
"""Suffix of the file's name -> reader."""
PAGE_READERS: Mapping[str, PageReader] = {
    ".html": read_html,
    ".htm": read_html,
    ".mht": read_mhtml,
    ".mhtml": read_mhtml,
}
CONVERTED = (".doc", ".wps", ".rtf", ".odt")
"""Suffixes of the formats that LibreOffice converts to .docx."""


def read_document(suffix: str, data: bytes, shown: str, page_files: Mapping[str, bytes]) -> ImportedDocument:
    """The blocks of a document whose suffix has a reader. Raises UsageError if it cannot be read."""
    if suffix in PAGE_READERS:
        return PAGE_READERS[suffix](data, shown, page_files)
    return READERS[suffix](data, shown)
