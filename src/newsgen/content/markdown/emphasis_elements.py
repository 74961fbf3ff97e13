"""Emphasis in Python-Markdown's tree: found last, when links, code and the like are elements, in the text around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from newsgen.content.markdown.emphasis import Pair, pairs
from newsgen.content.markdown.masks import ELEMENT


class EmphasisTreeprocessor(Treeprocessor):
    """After the inline patterns: make `<em>` and `<strong>` of the marks."""

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        for element in list(root.iter()):
            if element.tag != "code" and _has_marks(element):
                _emphasise(element, self.md.is_block_level)


def _has_marks(element: Element) -> bool:
    texts = [element.text or "", *(child.tail or "" for child in element)]
    return any("*" in text or "_" in text for text in texts)


def _emphasise(element: Element, is_block: Callable[[str], bool]) -> None:
    contents = [element.text or "", *(item for child in element for item in (child, child.tail or ""))]
    flat = "".join(map(_flat, contents))
    blocks = [index for index, item in enumerate(contents) if isinstance(item, Element) and is_block(item.tag)]
    bounds = [-1, *(len("".join(map(_flat, contents[:index]))) for index in blocks), len(flat)]
    marks: dict[int, Pair] = {}
    for above, below in pairwise(bounds):
        for pair in pairs(flat[above + 1 : below]):
            moved = Pair(above + 1 + pair.start, above + 1 + pair.end, pair.size)
            marks[moved.start] = marks[moved.end] = moved
    if marks:
        _rebuild(element, contents, marks)


def _flat(item: str | Element) -> str:
    if isinstance(item, Element):
        return ELEMENT
    return ELEMENT * len(item) if isinstance(item, AtomicString) else item


def _rebuild(element: Element, contents: Sequence[str | Element], marks: dict[int, Pair]) -> None:
    """Put the contents back into the element, with elements for the marks."""
    element.text = None
    del element[:]
    nodes, position = [element], 0
    for item in contents:
        if isinstance(item, Element):
            item.tail = None
            nodes[-1].append(item)
            position += 1
            continue
        for text, pair, opens in _pieces(item, position, marks):
            _add_text(nodes[-1], text)
            if pair and opens:
                node = Element("strong" if pair.size == 2 else "em")
                nodes[-1].append(node)
                nodes.append(node)
            elif pair:
                nodes.pop()
        position += len(item)


def _pieces(text: str, position: int, marks: dict[int, Pair]) -> Iterator[tuple[str, Pair | None, bool]]:
    """(text, the pair whose mark stands behind it, whether that opens it) for a text that begins at `position`."""
    done = 0
    for match in re.finditer(r"[*_]", text):
        pair = marks.get(position + match.start())
        if pair:
            yield text[done : match.start()], pair, pair.start == position + match.start()
            done = match.start() + pair.size
    yield text[done:], None, False


def _add_text(node: Element, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text
