"""The format of a manuscript, by its name and its bytes."""

from __future__ import annotations

import re

from newsgen.authoring.importers.html_file import decoded
from newsgen.authoring.importers.office_package import OfficePackage
from newsgen.authoring.importers.readers import CONVERTED, READERS
from newsgen.core.errors import UsageError

DOCUMENT = "word/document.xml"
_BEGINNING = 1_000
_PAGE_BEGINNING = re.compile(r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body)\b", re.DOTALL)
"""How a web page begins."""


def is_word(data: bytes) -> bool:
    """Whether a ZIP is a Word file: some browsers save these as .zip."""
    try:
        return DOCUMENT in OfficePackage(data, "").names
    except UsageError:
        return False


def true_suffix(data: bytes, suffix: str) -> str:
    """The suffix that fits a file's bytes: office systems save web pages as .doc, and some people rename a .docx."""
    if suffix not in (*CONVERTED, *READERS):
        return suffix
    if data.startswith(b"PK") and is_word(data):
        return ".docx"
    start = decoded(data[:_BEGINNING]).lstrip("\ufeff \t\r\n").lower()
    if start.startswith("mime-version:"):
        return ".mht"
    return ".html" if _PAGE_BEGINNING.match(start) else suffix
