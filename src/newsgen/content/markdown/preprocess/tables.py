"""Tables: lines with `|`, and lines whose cells are parted by tabs, as pasted from Word or Excel.

What is beyond doubt is taken as it was meant: blank lines between rows, `｜` for `|`, a bar inside a link. A row with more
cells than the head widens the table, with a warning, so that no cell is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from newsgen.content.markdown.preprocess.lines import FILLER, BlockContext, Line, PreparedBlock, next_text, without_code
from newsgen.core.model import Diagnostic

BARS = frozenset("|｜")

_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_LINK = re.compile(r"!?\[[^\[\]]*\]\([^()]*\)")
_AS_RULE = str.maketrans("｜：—–―－─\u3000\xa0\u2002\u2003", "|:-----    ")
PADDED = re.compile(r"[^\S \t][ \t]*(?:\||$)|(?:^|\|)[ \t]*[^\S \t]")
"""A cell that begins or ends with blanks that Python-Markdown keeps."""
_FEWEST_TABS = 2
"""How many tabs rows must hold that a blank line parts."""
_NUMBERED = re.compile(
    r"(?:[(（]?(?:[0-9]{1,3}|[A-Za-z]|[一二三四五六七八九十百]{1,4})[)）、.．]|[①-⑳㈠-㈩]|第[0-9一二三四五六七八九十百]+[章节条款项]"
    r"|[•·●○◆◇■□▪▫➢➤√✓★☆※►▶Øü§\ue000-\uf8ff])[ \u3000]*\t[^\t]*"
)
"""A line of a list as Word pastes it: its number or sign, a tab, its text."""


# ---------------------------------------------------------------- rows with bars


def begins_table(context: BlockContext, index: int) -> bool:
    """Whether the line at `index` is the head of a table: its separator is the next line, or the next below blanks."""
    text = context.lines[index].text
    return ("|" in text or "｜" in text) and _rule_below(context.lines, index) is not None


def _rule_below(lines: Sequence[Line], index: int) -> int | None:
    below = index + 1
    if below < len(lines) and not lines[below].text and _is_framed(lines[index].text):
        below = next_text(lines, below) or below
    return below if below < len(lines) and _is_rule(lines[below].text) else None


def _is_rule(text: str) -> bool:
    if not text or text[0] not in "|｜:：-—–―－─":
        return False
    rule = text.translate(_AS_RULE)
    return "|" in rule and bool(_RULE.fullmatch(rule))


def _is_framed(text: str) -> bool:
    return len(text) > 1 and text[0] in BARS and text[-1] in BARS


def table(context: BlockContext, start: int) -> PreparedBlock:
    """A table with its rows, up to a line without `|`; blank lines between rows of `|` on both sides do not count."""
    rule_index = _rule_below(context.lines, start)
    assert rule_index is not None
    head, rule = context.lines[start], context.lines[rule_index]
    indexes = [start, rule_index, *_rows_below(context, start, rule_index + 1)]
    lines = [context.lines[index] for index in indexes]
    lines[1] = rule = rule._replace(text=rule.text.translate(_AS_RULE))
    context.state.prose.extend(lines)
    after = indexes[-1] + 1
    columns, marks = len(_cells(head.text)), len(_cells(rule.text))
    if "｜" in head.text and columns != marks:
        columns = len(_cells(_with_bars(head.text)))
    if columns != marks:
        message = f"表格第一行有 {columns} 列，分隔行有 {marks} 列，排不成表格"
        hint = f"分隔行写成：|{' --- |' * columns}"
        context.state.diagnostics.append(rule.warning("markdown.table", message, hint))
        return PreparedBlock([line.text for line in lines], after)
    context.state.diagnostics.extend(_corrected_bars(lines, columns))
    return PreparedBlock(_evened(context, lines, columns), after)


def _rows_below(context: BlockContext, start: int, index: int) -> Iterator[int]:
    """The indexes of the rows below a separator."""
    lines = context.lines
    framed, columns = _is_framed(lines[start].text), len(_cells(_with_bars(lines[start].text)))
    while index < len(lines):
        text = lines[index].text
        if not text:
            below = next_text(lines, index) if framed else None
            if below is None or not _goes_on(context, below, columns):
                return
            index, text = below, lines[below].text
        if not BARS & set(text):
            return
        yield index
        index += 1


def _goes_on(context: BlockContext, index: int, columns: int) -> bool:
    """Whether a line below a blank one is a row of the table above it, not the head of another."""
    text = context.lines[index].text
    return _is_framed(text) and len(_cells(_with_bars(text))) == columns and not begins_table(context, index)


def _corrected_bars(lines: Sequence[Line], columns: int) -> Iterator[Diagnostic]:
    """A warning at the first row whose bars are full-width."""
    for line in (lines[0], *lines[2:]):
        if "｜" in line.text and (len(_cells(line.text)) != columns or "｜" in line.text[0] + line.text[-1]):
            message = "表格的竖线用了全角的｜，已按半角的 | 排成表格"
            hint = f"写成：{_with_bars(line.text)}；其他各行也一样"
            yield line.warning("markdown.table-bar", message, hint)
            return


def _evened(context: BlockContext, lines: Sequence[Line], columns: int) -> list[str]:
    """The lines of a table as Python-Markdown reads them: each with as many cells as the widest."""
    rows = [_row(line.text, columns) for line in lines]
    width = max(map(len, rows))
    if width == columns and all(_is_plain(line.text, lines[0].text) for line in lines):
        return [line.text for line in lines]
    for line, row in zip(lines, rows, strict=True):
        if len(row) > columns:
            context.state.diagnostics.append(_too_wide(rows, line, row, columns))
    rows[1] = _wider_rule(rows[1], width)
    return [_written(row, width) for row in rows]


def _is_plain(text: str, head: str) -> bool:
    """Whether Python-Markdown finds the cells of a row that we find."""
    framed = (text.startswith("|"), text.endswith("|")) == (head.startswith("|"), head.endswith("|"))
    return framed and "｜" not in text and not PADDED.search(text) and len(_bars(text)) == len(_bars(text, links=True))


def _row(text: str, columns: int) -> list[str]:
    """The cells of a row, without empty ones beyond `columns`. `｜` is a bar where that makes the row fit."""
    cells = _cells(text)
    if "｜" in text and len(cells) != columns:
        cells = _cells(_with_bars(text))
    while len(cells) > columns and not cells[-1]:
        cells.pop()
    return cells


def _wider_rule(marks: Sequence[str], width: int) -> list[str]:
    return [*marks, *["---"] * (width - len(marks))]


def _too_wide(rows: Sequence[Sequence[str]], line: Line, row: Sequence[str], columns: int) -> Diagnostic:
    width = len(row)
    extra = next(cell for cell in row[columns:] if cell)
    message = (
        f"这一行有 {width} 格，表格第一行只有 {columns} 格：第 {row.index(extra, columns) + 1} 格「{extra}」没有列名"
    )
    head, rule = _written(rows[0], width), _written(_wider_rule(rows[1][:columns], width), width)
    hint = f"第一行和分隔行也写 {width} 格：{head} 和 {rule}；格子里本来就有的竖线写成 \\|"
    return line.warning("markdown.table-cells", message, hint, max(0, line.text.rfind(extra)))


def _written(cells: Sequence[str], width: int) -> str:
    """A row of `width` cells; bars inside the cells are escaped."""
    filled = [*cells, *[""] * (width - len(cells))]
    return f"| {' | '.join(map(_escaped, filled))} |"


def _escaped(cell: str) -> str:
    """A cell whose bars outside code are escaped."""
    for index in reversed(_bars(cell, links=True)):
        cell = f"{cell[:index]}\\{cell[index:]}"
    return cell


def _cells(text: str) -> list[str]:
    """The stripped cells of a row: parted at bars outside code and links."""
    bars = [-1, *_bars(text), len(text)]
    cells = [text[left + 1 : right].strip() for left, right in pairwise(bars)]
    first, last = int(text.startswith("|")), len(cells) - int(len(bars) > 2 and bars[-2] == len(text) - 1)
    return cells[first : max(last, first)]


def _bars(text: str, links: bool = False) -> list[int]:
    """The places of a row's bars that are neither escaped nor in code; with `links`, of those in links alone."""
    shown = without_code(text).replace("\\\\", FILLER * 2).replace("\\|", FILLER * 2)
    if not links and "](" in shown:
        shown = _LINK.sub(lambda match: FILLER * len(match[0]), shown)
    return [match.start() for match in re.finditer(r"\|", shown)]


def _with_bars(text: str) -> str:
    return text.replace("｜", "|")


# ---------------------------------------------------------------- rows with tabs


def begins_tabbed(context: BlockContext, index: int) -> bool:
    """Whether the line at `index` and the next one hold cells parted by as many tabs. A list pasted from Word is no table."""
    if "\t" not in context.lines[index].text or _NUMBERED.fullmatch(context.lines[index].text):
        return False
    return any(_next_row(context, index, index, count) is not None for count in (_all_tabs, _inner_tabs))


def _all_tabs(line: Line) -> int:
    """The tabs of a row whose first or last cells may be empty."""
    return line.raw.count("\t")


def _inner_tabs(line: Line) -> int:
    """The tabs between the cells of a row that may be indented by others."""
    return line.text.count("\t")


def tabbed(context: BlockContext, start: int) -> PreparedBlock:
    """A table of lines whose cells are parted by tabs; the first is its head."""
    count = _all_tabs if _next_row(context, start, start, _all_tabs) is not None else _inner_tabs
    indexes = [start]
    while (below := _next_row(context, start, indexes[-1], count)) is not None:
        indexes += range(indexes[-1] + 1, below + 1)
    lines = [context.lines[index] for index in indexes if context.lines[index].text]
    context.state.prose.extend(lines)
    rows = _without_empty_columns([_tabbed_cells(line, count) for line in lines])
    message = f"用 Tab 隔开的 {len(rows)} 行排成了表格，第一行是表头"
    hint = "不要表格，就把 Tab 改成空格"
    head = lines[0]
    context.state.diagnostics.append(Diagnostic("markdown.tabs", "info", message, hint, "", head.number, head.column))
    width = len(rows[0])
    out = [_written(row, width) for row in rows]
    return PreparedBlock([out[0], _written(["---"] * width, width), *out[1:]], indexes[-1] + 1)


def _next_row(context: BlockContext, head: int, index: int, count: Callable[[Line], int]) -> int | None:
    """The index of the next line below `index` with as many tabs as the head; lines between them that lack cells at their
    end are rows, too. Blank lines stand between all rows or none."""
    lines, wanted = context.lines, count(context.lines[head])
    apart = wanted >= _FEWEST_TABS and head + 1 < len(lines) and not lines[head + 1].text
    for below in range(index + 1, len(lines)):
        line = lines[below]
        if not line.text:
            if not apart:
                return None
        elif not 0 < count(line) <= wanted or _opens_block(line.text):
            return None
        elif count(line) == wanted:
            return below
    return None


def _opens_block(text: str) -> bool:
    return text[0] in ">#＃" or text.startswith(("```", "~~~")) or (text[0] in "-+*" and text[1:2] in ("", " ", "\t"))


def _tabbed_cells(line: Line, count: Callable[[Line], int]) -> list[str]:
    return [cell.strip() for cell in (line.raw if count is _all_tabs else line.text).split("\t")]


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    """The rows, each as long as the first, without columns at either side that are empty throughout."""
    width = len(rows[0])
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    used = [index for index in range(width) if any(row[index] for row in filled)]
    return [row[used[0] : used[-1] + 1] for row in filled]
