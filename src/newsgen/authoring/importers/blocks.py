"""The blocks of a document, whatever it was written in."""

from __future__ import annotations

from typing import Literal

from newsgen.core.model import Record, field

Mark = Literal["bold", "italic", "underline", "struck", "super", "sub"]


class Run(Record, frozen=True):
    """Characters with the same marks. `link` is the address that they lead to, `note` the number of a footnote in their place."""

    text: str
    marks: frozenset[Mark] = frozenset()
    link: str = ""
    note: int = 0


class InlinePicture(Record, frozen=True):
    """A picture: the name of its file in the document, and what it shows, where somebody wrote that."""

    name: str
    alt: str = ""


class Paragraph(Record, frozen=True):
    """A paragraph. `level` is that of a heading (1 to 6), 0 for text; `number` is what the program typed before it.

    `bullet` and `depth` are those of a list; `align` as in CSS; `pictures` stand in the paragraph, in their order; a
    `quoted` one is a quotation.
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
    """A cell of a table: its paragraphs, and how many columns it spans; `goes_on`: it belongs to the cell above."""

    paragraphs: tuple[Paragraph, ...] = ()
    span: int = 1
    goes_on: bool = False


class Table(Record, frozen=True):
    """A table as rows of cells."""

    rows: tuple[tuple[Cell, ...], ...] = ()


Block = Paragraph | Table


class ImportedDocument(Record, frozen=True):
    """A document: its blocks, the paragraphs of its footnotes by number, the bytes of its pictures by name, and what was not
    carried, in Chinese."""

    blocks: tuple[Block, ...] = ()
    notes: dict[int, tuple[Paragraph, ...]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
