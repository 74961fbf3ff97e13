"""Lists of simple lines, nested by their indent, and where a list or quotation ends."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from newsgen.content.markdown.fast_path.classify import ITEM, ClassifiedLine
from newsgen.content.markdown.fast_path.inline import Inline
from newsgen.content.markdown.fast_path.page import FastPage, filled, understood
from newsgen.content.markdown.preprocess.containers import SPACELESS

LISTS = ("bullet", "number")


class _Item(NamedTuple):
    """An item of a list: how deep it is indented, its marker, its text, and the line in which it stands."""

    indent: int
    marker: str
    inline: Inline
    line: ClassifiedLine

    @property
    def ordered(self) -> bool:
        return self.marker[0].isdecimal()


def list_block(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """Items one below the other, each a line, maybe with deeper ones; or single ones with blank lines between all of them."""
    loose = index + 1 < len(lines) and lines[index + 1].blank and lines[index + 1].kind == lines[index].kind
    after = index + 1
    while after < len(lines) and lines[after].kind in LISTS and lines[after].blank == loose:
        after += 1
    if not ends_before(lines, after, ("quote",)):
        return 0
    items = [_item(line) for line in lines[index:after]]
    if loose and any(line.indented or line.kind != lines[index].kind for line in lines[index:after]):
        return 0
    found = [item for item in items if item]
    form = _LOOSE if loose else _TIGHT
    block = _nested(found, form) if len(found) == len(items) else None
    if block is None:
        return 0
    html = filled(block, _PLACE, [_shown_item(page, item) for item in found])
    page.blocks.append(html.removesuffix("\n"))
    return after


_PLACE = "\x1f"
"""Where the text of an item goes."""
_TIGHT, _LOOSE = f"<li>{_PLACE}", f"<li>\n<p>{_PLACE}</p>\n"


def _item(line: ClassifiedLine) -> _Item | None:
    match = ITEM.match(line.text)
    assert match is not None
    inline = understood(line.text[match.end() :])
    return _Item(line.line.indent, match[0], inline, line) if inline else None


def _shown_item(page: FastPage, item: _Item) -> str:
    page.read(item.inline)
    if not item.inline.silent:
        page.prose.append(item.line.line.after(len(item.marker)))
    return page.shown(item.inline, item.line.number, item.line.column + len(item.marker))


def _nested(items: Sequence[_Item], form: str) -> str | None:
    """The HTML of one list with a place for the text of each item; None where it is more than one."""
    ordered, base, index = items[0].ordered, items[0].indent, 0
    out = [_opening(items[0])]
    while index < len(items):
        item = items[index]
        if item.ordered != ordered:
            return None
        base = min(base, item.indent)
        index += 1
        inside = []
        while index < len(items) and items[index].indent >= base + 2:
            inside.append(items[index])
            index += 1
        below = _nested(list(_dedented(inside, base + len(item.marker))), form) if inside else ""
        if below is None:
            return None
        out.append(f"{form}{below}</li>\n")
    return "".join([*out, "</ol>\n" if ordered else "</ul>\n"])


def _dedented(items: Sequence[_Item], deepest: int) -> Iterator[_Item]:
    """The items inside another whose text begins at a column: the least indented are at the margin, or as far to the right
    as they stand behind that text."""
    width = min(deepest, *(item.indent for item in items))
    return (item._replace(indent=item.indent - width) for item in items)


def _opening(item: _Item) -> str:
    if not item.ordered:
        return "<ul>\n"
    start = int(item.marker[:-2])
    return "<ol>\n" if start == 1 else f'<ol start="{start}">\n'


def ends_before(lines: Sequence[ClassifiedLine], after: int, apart: Container[str]) -> bool:
    """Whether a list or quotation ends before the line at an index: that is not indented as in Markdown, and opens none
    but one of the kinds `apart`, below a blank line."""
    if after == len(lines):
        return True
    below = lines[after]
    if below.indented or SPACELESS.match(below.text):
        return False
    return below.kind not in (*LISTS, "quote", "note", "") or (below.blank and below.kind in apart)
