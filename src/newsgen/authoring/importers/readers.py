"""The readers of documents, one row for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from newsgen.authoring.importers.blocks import Imported
from newsgen.authoring.importers.word_document import read_word

Reader = Callable[[bytes, str], Imported]
"""Bytes and the file's name in messages -> blocks. Raises UsageError for what it cannot read."""

READERS: Mapping[str, Reader] = {".docx": read_word}
"""By the suffix of the file's name."""
CONVERTED = (".doc", ".wps", ".rtf", ".odt")
"""Suffixes of what LibreOffice makes a .docx of."""
