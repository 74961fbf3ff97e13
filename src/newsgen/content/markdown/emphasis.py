"""Emphasis: which `*` and `_` of a text belong together, after CommonMark 0.31 section 6.2, and the elements made of them.

It is found last, when links, code and the like are elements: pairs are looked for in the text around them. No character is
lost: a mark that belongs to none stays as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import Delimiter
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from newsgen.content.markdown.masks import ELEMENT, hides_name, is_mask

_RUN = re.compile(r"\*+|_+")


class AsteriskDelimiter(Delimiter):
    """`*` as Chinese authors use it.

    Two or more: Python-Markdown's rule, which renders `**“八个要求”**的`. A single one is also a multiplication
    sign (`5*6=30，3*4`) and a footnote mark (`张三*、李四*`): it opens only before a word, closes only after one, and
    is nothing between two ASCII letters or digits.
    """

    _WORD = r"(?:(?<![A-Za-z0-9])|(?!\*[A-Za-z0-9]))"
    _OPENS = r"\*(?!\*)(?![\s，。、；：！？）》”’…,.;:!?)])(?!$)"
    _CLOSES = r"(?<![，、（《“‘(])\*(?!\*)"
    _BOTH = r"(?<![，、（《“‘(])\*(?!\*)(?![\s，。、；：！？）》”’…,.;:!?)])(?!$)"
    boundary = re.compile(
        rf"""(?x)
        (?P<ambiguous>(?<!^)(?<![\s*])(?:\*{{2,}}(?![\s*])(?!$)|{_WORD}{_BOTH}))|
        (?P<end>(?<!^)(?<![\s*])(?:\*{{2,}}|{_WORD}{_CLOSES}))|
        (?P<start>(?<!\*)(?:\*{{2,}}(?![\s*])(?!$)|{_WORD}{_OPENS}))
        """
    )

    def _build_patterns(self, token: str) -> str:
        self.token, self.max_size = token, 2
        self.bad = re.compile(r"\*+")
        return re.escape(token)


_BOUNDARIES = {
    "*": AsteriskDelimiter("*", "strong,em", smart=False, double=False).boundary,
    "_": Delimiter("_", "strong,em", smart=True, double=False).boundary,
}


class Pair(NamedTuple):
    """Two marks that belong together: the indexes of their first characters, and how many characters each has."""

    start: int
    end: int
    size: int


class _MarkRun:
    """A run of one mark: what is left of it between `start` and `end`, its length as typed, what it can do."""

    def __init__(self, text: str, match: re.Match[str]) -> None:
        boundary = _BOUNDARIES[match[0][0]].match(text, match.start())
        kind = boundary.lastgroup if boundary and not is_mask(text, match.start()) else None
        self.mark = match[0][0]
        self.start, self.end = match.span()
        self.length = self.end - self.start
        self.hides = hides_name(text, self.start)
        self.opens, self.closes = kind in ("start", "ambiguous") and not self.hides, kind in ("end", "ambiguous")

    def may_open_for(self, closer: _MarkRun) -> bool:
        """Whether the two can belong together: one and two only where nothing else could be meant ("rule of 3")."""
        if self.mark != closer.mark:
            return False
        return {self.length, closer.length} != {1, 2} or not (self.closes or closer.opens)


@lru_cache(maxsize=256)
def pairs(text: str) -> Sequence[Pair]:
    """The marks of a text that belong together, well nested, in the order of their ends. Several checks ask for the same."""
    found: list[Pair] = []
    openers: list[_MarkRun] = []
    # Per kind of closer: where it found nothing, nothing is looked for again.
    bottoms: dict[tuple[str, bool, int], int] = {}
    for match in _RUN.finditer(text):
        run = _MarkRun(text, match)
        kind = (run.mark, run.opens, min(run.length, 3))
        while run.closes and run.start < run.end:
            index = _opener(openers, run, bottoms.get(kind, -1))
            if index is None:
                bottoms[kind] = run.start
                break
            del openers[index + 1 :]
            found.append(_paired(openers[index], run))
            if openers[index].start == openers[index].end:
                openers.pop()
        if run.opens and run.start < run.end:
            openers.append(run)
    return found


def unpaired(text: str) -> list[int]:
    """Where two or three asterisks could be marks and belong to none: they stay on the page. More are a mask (`尾号****01`)."""
    used = {index + step for pair in pairs(text) for index in (pair.start, pair.end) for step in range(pair.size)}
    if len(used) == text.count("*") + text.count("_"):
        return []
    runs = ((match, _MarkRun(text, match)) for match in _RUN.finditer(text))
    return [
        match.start()
        for match, run in runs
        if run.mark == "*"
        and run.length < 4
        and (run.opens or (run.closes and not run.hides))
        and len({*range(*match.span())} - used) > 1
    ]


def _opener(openers: Sequence[_MarkRun], closer: _MarkRun, bottom: int) -> int | None:
    for index in range(len(openers) - 1, -1, -1):
        if openers[index].end <= bottom:
            return None
        if openers[index].may_open_for(closer):
            return index
    return None


def _paired(opener: _MarkRun, closer: _MarkRun) -> Pair:
    """Take the inner marks off both: of three and three, one, so that `***a***` is strong around emphasis."""
    left, right = opener.end - opener.start, closer.end - closer.start
    size = 1 if left == right == 3 else min(left, right, 2)
    opener.end -= size
    closer.start += size
    return Pair(opener.end, closer.start - size, size)


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
