"""Removal of author names from the metadata of attachments: office files and PDFs.

edits.py      bytes to replace, and why a file is left as it is
xml_names.py  the places of names in the XML of a document's properties
office.py     docx, xlsx, pptx
pdf.py        PDF
"""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.content.attachment_metadata import office, pdf
from newsgen.content.attachment_metadata.edits import NotCleaned, edited

__all__ = ["MOST", "NotCleaned", "cleaned"]

MOST = 100_000_000
"""Bytes of a file at most, since it is held in memory."""


def cleaned(data: bytes, suffix: str) -> Iterator[bytes]:
    """The bytes of a file without names, piece by piece; all others are as they were. Raises NotCleaned at once."""
    edits = pdf.edits(data) if suffix == ".pdf" else office.edits(data)
    return edited(data, edits)
