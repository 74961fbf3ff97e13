"""Block processors of Python-Markdown's that differ from its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor, BlockQuoteProcessor
from markdown.extensions.tables import TableProcessor

from newsgen.markup.source import EMPTY


class MarkedBlockProcessor(BlockProcessor):
    """Blocks that the line pass has marked: headings (ShapeTreeprocessor sets their level), special paragraphs, nothing."""

    _MARK = re.compile("\x02(h(?:[1-6]|comma|paren)|p\\.[a-z]+|-)\x03")

    def test(self, parent: Element, block: str) -> bool:
        """Whether the block begins with a mark."""
        return block.startswith(("\x02h", "\x02p.", EMPTY))

    def run(self, parent: Element, blocks: list[str]) -> bool:
        """Make the element that the mark names."""
        match = self._MARK.match(blocks[0])
        if match is None:
            return False
        text = blocks.pop(0)[match.end() :]
        if match[1] == "-":
            return True
        if match[1].startswith("p."):
            element = SubElement(parent, "p", {"class": match[1][2:]})
        else:
            element = SubElement(parent, "h2", {"kind": match[1][1:]})
        element.text = text
        return True


class QuoteProcessor(BlockQuoteProcessor):
    """Quotations, each of its own: Python-Markdown makes one of two that a blank line parts."""

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Make the quotation; the line pass has put `>` in front of each of its lines."""
        quote = SubElement(parent, "blockquote")
        inside = "\n".join(map(self.clean, blocks.pop(0).split("\n")))
        self.parser.state.set("blockquote")
        self.parser.parseChunk(quote, inside)
        self.parser.state.reset()


class PlainTableProcessor(TableProcessor):
    """Tables; one without rows below its head stays without."""

    def _build_empty_row(self, parent: Element, align: Sequence[str | None]) -> None:
        """Add nothing."""
