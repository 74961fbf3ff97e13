"""Documents embedded whole in a Word file (`w:altChunk`), as programs that convert web pages do."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from newsgen.authoring.importers.blocks import Block, ImportedDocument, InlinePicture, Paragraph, Run, Table
from newsgen.authoring.importers.html_file import decoded, read_html, read_mhtml
from newsgen.core.errors import UsageError
from newsgen.core.model import changed


def read_embedded(data: bytes, name: str, read_word: Callable[[bytes], ImportedDocument]) -> ImportedDocument | None:
    """The document in a part, with its footnotes after its text; None if it cannot be read. `name` is the part's name."""
    suffix = posixpath.splitext(name)[1].lower()
    try:
        if suffix == ".docx":
            found = read_word(data)
        elif suffix in (".htm", ".html"):
            found = read_html(data, name)
        elif suffix in (".mht", ".mhtml"):
            found = read_mhtml(data, name)
        elif suffix == ".txt":
            found = ImportedDocument(
                tuple(Paragraph((Run(line),)) for line in decoded(data).splitlines() if line.strip())
            )
        else:
            return None
    except UsageError:
        return None
    notes = (paragraph for note in found.notes.values() for paragraph in note)
    return ImportedDocument(
        tuple(_moved(block, name) for block in (*found.blocks, *notes)),
        pictures={f"{name}/{picture}": content for picture, content in found.pictures.items()},
        remarks=found.remarks,
    )


def _moved(block: Block, name: str) -> Block:
    """A block of an embedded document, without footnote marks; its pictures get names that no other document has."""
    if isinstance(block, Paragraph):
        return _moved_paragraph(block, name)
    rows = [
        tuple(changed(cell, paragraphs=tuple(_moved_paragraph(item, name) for item in cell.paragraphs)) for cell in row)
        for row in block.rows
    ]
    return Table(tuple(rows))


def _moved_paragraph(paragraph: Paragraph, name: str) -> Paragraph:
    pictures = tuple(InlinePicture(f"{name}/{item.name}", item.alt) for item in paragraph.pictures)
    return changed(paragraph, runs=tuple(run for run in paragraph.runs if not run.note), pictures=pictures)
