"""The blocks of a document, in whatever format it was written."""

from __future__ import annotations

from typing import Literal

from newsgen.core.model import Record, field

Mark = Literal["bold", "italic", "underline", "struck", "super", "sub"]


class Run(Record, frozen=True):
    """Characters with the same marks. `link` is the address they lead to, "" for none.

    `note` is the number of a footnote, whose mark stands in place of characters; 0 for none.
    """

    text: str
    marks: frozenset[Mark] = frozenset()
    link: str = ""
    note: int = 0


class InlinePicture(Record, frozen=True):
    """A picture: the name of its file in the document, and its alt text, "" if nobody wrote one."""

    name: str
    alt: str = ""


class Paragraph(Record, frozen=True):
    """A paragraph. `level` is the level of a heading (1 to 6), 0 for text; `number` is the list number before its words.

    `bullet`: it is an item with a bullet; `depth`: how many lists are around its list. `align` is as in CSS. `pictures`
    are those in the paragraph, in order. `quoted`: it is a quotation.
    """

    runs: tuple[Run, ...] = ()
    level: int = 0
    number: str = ""
    bullet: bool = False
    depth: int = 0
    align: Literal["", "center", "right"] = ""
    pictures: tuple[InlinePicture, ...] = ()
    quoted: bool = False

    @property
    def text(self) -> str:
        """The words, with the number before them."""
        return self.number + "".join([run.text for run in self.runs])

    @property
    def is_bold(self) -> bool:
        """Whether all words are bold."""
        written = [run for run in self.runs if run.text.strip()]
        return bool(written) and all("bold" in run.marks for run in written)


class Cell(Record, frozen=True):
    """A cell of a table: its paragraphs, and how many columns it spans; `goes_on`: it is merged into the cell above."""

    paragraphs: tuple[Paragraph, ...] = ()
    span: int = 1
    goes_on: bool = False


class Table(Record, frozen=True):
    """A table as rows of cells."""

    rows: tuple[tuple[Cell, ...], ...] = ()


Block = Paragraph | Table


class ImportedDocument(Record, frozen=True):
    """A document: its blocks, the paragraphs of its footnotes by number, and the bytes of its pictures by name.

    `remarks` report in Chinese which parts of the document were left out.
    """

    blocks: tuple[Block, ...] = ()
    notes: dict[int, tuple[Paragraph, ...]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
