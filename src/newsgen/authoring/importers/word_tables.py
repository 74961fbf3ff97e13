"""Tables of Word (ECMA-376 part 1, 17.4): their rows and cells, wherever these stand, and merged cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.word_xml import CONTAINERS, W, value

MOST_COLUMNS = 60


class Merging(NamedTuple):
    """The number of columns that a cell spans, whether it is merged into the cell above, and whether it begins a merge."""

    span: int = 1
    goes_on: bool = False
    is_merged: bool = False


def within(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, including those in content controls and tracked insertions."""
    for item in parent:
        if item.tag == W + name:
            yield item
        elif item.tag in CONTAINERS:
            yield from within(item, name)


def merging_of(cell: Element) -> Merging:
    """The merging of a cell with others."""
    properties = cell.find(W + "tcPr")
    if properties is None:
        return Merging()
    merge = properties.find(W + "vMerge")
    goes_on = merge is not None and merge.get(W + "val", "continue") == "continue"
    span = max(1, _columns(value(properties, "gridSpan")))
    return Merging(span, goes_on, (span > 1 or merge is not None) and not goes_on)


def columns_before(row: Element) -> int:
    """The number of empty columns before a row's first cell."""
    properties = row.find(W + "trPr")
    return _columns(value(properties, "gridBefore")) if properties is not None else 0


def _columns(typed: str) -> int:
    return min(int(typed), MOST_COLUMNS) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
