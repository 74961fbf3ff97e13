"""Tables of HTML: their rows and merged cells, and which of them only lay out a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from newsgen.authoring.importers.blocks import Block, Cell, Paragraph, Table
from newsgen.authoring.importers.html_tree import HtmlNode

MOST_COLUMNS = 60
_WRAPPERS = frozenset(("thead", "tbody", "tfoot", "form", "font", "center", "div", "span", "b"))
_HIDDEN_COLUMN = re.compile(r"display:none|visibility:(?:hidden|collapse)|(?:^|;)width:0(?:px|pt)?(?:;|$)")
_LONG_CELL, _MANY_PARAGRAPHS, _FEW_ROWS = 400, 4, 3


class TableCell(NamedTuple):
    """A cell as it stands in HTML: the blocks in it, and how many columns and rows it spans."""

    blocks: Sequence[Block]
    columns: int = 1
    rows: int = 1


def rows_of(table: HtmlNode) -> Iterator[HtmlNode]:
    """The rows of a table, without the rows of tables in its cells."""
    for child in _children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in _WRAPPERS:
            yield from rows_of(child)


def cells_of(row: HtmlNode) -> Iterator[HtmlNode]:
    """The cells of a row."""
    for child in _children(row):
        if child.tag in ("td", "th"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from cells_of(child)


def strays(node: HtmlNode) -> Iterator[HtmlNode | str]:
    """The nodes of a table outside its cells: captions and misplaced content. Browsers show them above the table."""
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                yield child
        elif child.tag == "tr" or child.tag in _WRAPPERS:
            yield from strays(child)
        elif child.tag not in ("td", "th"):
            yield child


def _children(node: HtmlNode) -> Iterator[HtmlNode]:
    return (child for child in node.children if isinstance(child, HtmlNode))


def spans(cell: HtmlNode) -> tuple[int, int]:
    """The numbers of columns and rows that a cell spans."""
    return _number(cell, "colspan", MOST_COLUMNS), _number(cell, "rowspan", 1_000)


def _number(cell: HtmlNode, name: str, most: int) -> int:
    typed = cell.attributes.get(name, "").strip()
    return min(int(typed), most) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 6 and int(typed) else 1


def lays_out_page(node: HtmlNode, rows: Sequence[Sequence[TableCell]]) -> bool:
    """Whether a table only lays out a page: it holds other tables, headings or whole texts in place of data."""
    around = node.parent.attributes.get("style", "") if node.parent is not None else ""
    if node.attributes.get("role", "").lower() == "presentation" or "vglayout" in around:  # of Word, around a text box
        return True
    cells = [cell for row in rows for cell in row]
    if len(cells) <= 1:
        return any(isinstance(block, Table) for cell in cells for block in cell.blocks)
    return any(_is_part_of_page(cell, len(rows)) for cell in cells)


def _is_part_of_page(cell: TableCell, rows: int) -> bool:
    if any(isinstance(block, Table) or block.level for block in cell.blocks):
        return True
    words = sum(len(block.text) for block in cell.blocks if isinstance(block, Paragraph))
    return words >= _LONG_CELL and len(cell.blocks) >= _MANY_PARAGRAPHS and rows <= _FEW_ROWS


def hidden_columns(table: HtmlNode) -> frozenset[int]:
    """The indices of hidden columns in a table of Excel or WPS, which the clipboard holds nevertheless."""
    hidden: set[int] = set()
    column = 0
    for item in _columns_of(table):
        typed = item.attributes.get("span", "").strip()
        width = min(int(typed), MOST_COLUMNS) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
        style = item.attributes.get("style", "").replace(" ", "").lower()
        if _HIDDEN_COLUMN.search(style) or item.attributes.get("width", "").strip() == "0":
            hidden.update(range(column, column + max(1, width)))
        column += max(1, width)
    return frozenset(hidden)


def _columns_of(table: HtmlNode) -> Iterator[HtmlNode]:
    for child in _children(table):
        if child.tag == "col":
            yield child
        elif child.tag == "colgroup":
            yield from _columns_of(child)


def without_columns(table: Table, hidden: frozenset[int]) -> tuple[Table, int]:
    """A table without the hidden columns, and the number of non-empty cells removed with them."""
    lost = 0
    rows = []
    for row in table.rows:
        cells, column = [], 0
        for cell in row:
            left = sum(place not in hidden for place in range(column, column + cell.span))
            column += cell.span
            if left:
                cells.append(cell if left == cell.span else Cell(cell.paragraphs, left, cell.goes_on))
            else:
                lost += _has_content(cell)
        rows.append(tuple(cells))
    return Table(tuple(row for row in rows if row)), lost


def as_table(rows: Sequence[Sequence[TableCell]]) -> Table:
    """The table of these rows, with a `goes_on` cell wherever a cell above spans into a row.

    Empty rows and columns at the end are left out.
    """
    made: list[list[Cell]] = []
    above: dict[int, TableCell] = {}
    for row in rows:
        cells, above = _placed(row, above)
        made.append(cells)
    return Table(_trimmed(made))


def _placed(row: Sequence[TableCell], above: Mapping[int, TableCell]) -> tuple[list[Cell], dict[int, TableCell]]:
    """The cells of a row, and by column the cells that span into the next row; `above` are those that span into this one."""
    cells: list[Cell] = []
    below: dict[int, TableCell] = {}
    typed = iter(row)
    column, last = 0, max(above, default=-1)
    while True:
        covering = above.get(column)
        cell = covering or next(typed, None)
        if cell is None and column > last:
            return cells, below
        cell = cell or TableCell(())
        paragraphs = () if covering else tuple(block for block in cell.blocks if isinstance(block, Paragraph))
        cells.append(Cell(paragraphs, cell.columns, goes_on=covering is not None))
        if cell.rows > 1:
            below[column] = cell._replace(rows=cell.rows - 1)
        column += cell.columns


def _trimmed(rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    while rows and not any(map(_has_content, rows[-1])):
        rows.pop()
    used = max((_used(row) for row in rows), default=0)
    return tuple(tuple(_first_columns(row, used)) for row in rows)


def _used(row: Sequence[Cell]) -> int:
    """The number of columns of a row up to its last non-empty cell."""
    total = used = 0
    for cell in row:
        total += cell.span
        used = total if _has_content(cell) else used
    return used


def _first_columns(row: Sequence[Cell], most: int) -> Iterator[Cell]:
    column = 0
    for cell in row:
        if column >= most:
            return
        width = min(cell.span, most - column)
        yield cell if width == cell.span else Cell(cell.paragraphs, width, cell.goes_on)
        column += cell.span


def _has_content(cell: Cell) -> bool:
    return any(paragraph.runs or paragraph.pictures for paragraph in cell.paragraphs)
