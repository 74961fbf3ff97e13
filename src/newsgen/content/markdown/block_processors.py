"""Processors of Python-Markdown's that differ from its own: blocks, and line breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor, BlockQuoteProcessor
from markdown.extensions.tables import TableProcessor
from markdown.treeprocessors import Treeprocessor

from newsgen.content.markdown.preprocess.lines import BREAK, EMPTY

_BREAK = re.compile(rf"{BREAK}\n? *")


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


class BreakTreeprocessor(Treeprocessor):
    """Line breaks, all of a paragraph at once: the time of Python-Markdown's pattern grows with their square."""

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        for element in list(root.iter()):
            for name, value in element.items():
                element.set(name, _BREAK.sub(" ", value))
            if element.tag == "code":
                element.text = _BREAK.sub(" ", element.text or "")
            if BREAK in (element.text or "") or any(BREAK in (child.tail or "") for child in element):
                _put_breaks(element)


def _put_breaks(element: Element) -> None:
    """Make elements of the BREAKs in the text of an element and behind its children."""
    element.text, *rest = _BREAK.split(element.text or "")
    children = _breaks(rest)
    for child in element:
        child.tail, *rest = _BREAK.split(child.tail or "")
        children += [child, *_breaks(rest)]
    element[:] = children


def _breaks(texts: Sequence[str]) -> list[Element]:
    breaks = []
    for text in texts:
        line_break = Element("br")
        line_break.tail = text
        breaks.append(line_break)
    return breaks
