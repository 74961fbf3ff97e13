"""The text of a PDF, by pypdfium2: properties, pages, notes and fields of forms."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from newsgen.check.office_text import Unreadable

MOST_PAGES = 500
_MOST_NOTES = 5_000
_NOTE_KEYS = (b"Contents", b"V", b"T")
"""Keys of an annotation: its text, the value of a form field, its author (or the field's name)."""


def pdf_texts(data: bytes) -> Iterator[tuple[str, str]]:
    """The texts of the properties, pages and annotations, each as (place in Chinese, text). Raises Unreadable."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        is_locked = "password" in str(error).lower()
        raise Unreadable("有密码，没有办法检查" if is_locked else "打不开，可能已经损坏") from error
    try:
        yield "文档属性", "\n".join(document.get_metadata_dict(skip_empty=True).values())
        for index in range(min(len(document), MOST_PAGES)):
            try:
                page = document[index]
                yield f"第 {index + 1} 页", page.get_textpage().get_text_range()
                yield f"第 {index + 1} 页的批注", "\n".join(_notes(page))
            except pdfium.PdfiumError:
                continue
        if len(document) > MOST_PAGES:
            raise Unreadable(f"有 {len(document)} 页，只检查了前 {MOST_PAGES} 页")
    finally:
        document.close()


def _notes(page: Any) -> Iterator[str]:
    """The texts of a page's notes and fields."""
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = pdfium_c.FPDFPage_GetAnnot(page, index)
        if note:
            yield from filter(None, (_value(note, key) for key in _NOTE_KEYS))
            pdfium_c.FPDFPage_CloseAnnot(note)


def _value(note: Any, key: bytes) -> str:
    """The text of an annotation by its key; PDFium returns UTF-16 with a closing NUL."""
    size = pdfium_c.FPDFAnnot_GetStringValue(note, key, None, 0)
    if not 2 < size < 1_000_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw[:-2].decode("utf-16-le", "replace")
