"""Simple lines -> the HTML of their blocks, as the full pipeline would make it; one function per kind of line in BLOCKS."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from newsgen.content.markdown.captions import caption, shown_alt
from newsgen.content.markdown.fast_path.classify import HASH, NOTE, ClassifiedLine, Kind, quoted
from newsgen.content.markdown.fast_path.inline import IMAGE, REFERENCE_MARK, WORDS, Inline, scan
from newsgen.content.markdown.fast_path.lists import LISTS, ends_before, list_block
from newsgen.content.markdown.fast_path.page import FastPage, understood
from newsgen.content.markdown.headings import HEADING_OPENERS, chinese_heading
from newsgen.core.model import Reference

_SEPARATOR = re.compile(r" *(:?)-+(:?) *")
_ALIGN = {
    ("", ""): "",
    (":", ""): ' class="align-left"',
    (":", ":"): ' class="align-center"',
    ("", ":"): ' class="align-right"',
}
_TABLE = '<div class="table-scroll" role="region" aria-label="表格" tabindex="0"><table>'


# ---------------------------------------------------------------- kinds of block
# Each adds the block at an index to the page and gives the index after it; 0 and nothing added where in doubt.


def _unknown(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    return 0


def _paragraph(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A paragraph, maybe with a class; or a heading."""
    line = lines[index]
    text = line.text
    if line.kind == "text" and not page.classes and text[0] not in HEADING_OPENERS:  # as most are
        page.blocks.append(f"<p>{text}</p>")
        page.texts.append(text)
        return index + 1
    heading = chinese_heading(text) if line.number not in page.enumerated else None
    if heading:
        return _titled(page, *heading, lines, index)
    inline = understood(text)
    if inline is None:
        return 0
    name = page.classes.get(line.number)
    inside = page.shown(inline, line.number, line.column) if inline.links or inline.notes else inline.html
    page.blocks.append(f'<p class="{name}">{inside}</p>' if name else f"<p>{inside}</p>")
    if name != "signoff":
        page.read(inline)
    if not inline.silent:
        page.prose.append(line.line)
    return index + 1


def _note(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A footnote of one line: nothing below it is indented."""
    match = NOTE.fullmatch(lines[index].text)
    assert match is not None
    inline = understood(match[2])
    if inline is None or inline.links or inline.notes or not inline.silent:
        return 0
    if match[1] in page.notes or (index + 1 < len(lines) and lines[index + 1].indented):
        return 0
    page.notes[match[1]] = inline.html
    return index + 1


def _hash(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    match = HASH.fullmatch(lines[index].text)
    assert match is not None
    return _titled(page, str(len(match[1])), match[2], lines, index)


def _titled(page: FastPage, kind: str, title: str, lines: Sequence[ClassifiedLine], index: int) -> int:
    inline = understood(title)
    if inline is None or inline.links or inline.notes or "\n" in inline.words:
        return 0
    page.titles.append((len(page.blocks), kind, inline.html, inline.words))
    page.blocks.append("")
    if not inline.silent:
        line = lines[index].line
        page.prose.append(line if kind.isdigit() else line.narrowed(title))
    return index + 1


def _figure(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    line = lines[index]
    match = IMAGE.fullmatch(line.text)
    assert match is not None
    alt, src = shown_alt(match[1]), match[2]
    words = caption(alt, src)
    shown = f"<figcaption>{words}</figcaption>" if words else ""
    page.blocks.append(f'<figure><img alt="{alt}"{REFERENCE_MARK}>{shown}</figure>')
    page.references.append(Reference("img", "src", src, "", line.number, line.column + match.start(2), src))
    return index + 1


def _rule(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    page.blocks.append("<hr>")
    return index + 1


def _html(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    from newsgen.content.markdown.fast_path.raw_html import raw_html_block

    return raw_html_block(page, lines, index)


# ---------------------------------------------------------------- quotations, tables


def _quote(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A quotation, each line a paragraph."""
    after = index + 1
    while after < len(lines) and lines[after].kind == "quote" and not lines[after].blank:
        after += 1
    if any(line.indented for line in lines[index:after]) or not ends_before(lines, after, (*LISTS, "quote")):
        return 0
    texts = [(line, quoted(line.text)) for line in lines[index:after]]
    scanned = [(line, len(line.text) - len(text), understood(text)) for line, text in texts if text]
    found = [(line, start, inline) for line, start, inline in scanned if inline]
    if len(found) < len(scanned) or not found:
        return 0
    inside = "".join(
        [f"<p>{page.shown(inline, line.number, line.column + start)}</p>\n" for line, start, inline in found]
    )
    page.blocks.append(f"<blockquote>\n{inside}</blockquote>")
    for line, start, inline in found:
        page.read(inline)
        if not inline.silent:
            page.prose.append(line.line.after(start))
    return after


def _table(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A table whose rows have as many cells as its first, and begin and end with `|`."""
    after = index + 1
    while after < len(lines) and lines[after].kind == "row" and not lines[after].blank:
        after += 1
    rows = [_cells(line) for line in lines[index:after]]
    if (
        (after < len(lines) and _is_row_like(lines[after]))
        or len(rows) < 3
        or any(len(row) != len(rows[0]) for row in rows)
    ):
        return 0
    marks = [_SEPARATOR.fullmatch(text) for _, text in rows[1]]
    if not all(marks):
        return 0
    del rows[1]
    scanned = [
        scan(text) if text and not WORDS.fullmatch(text) else Inline(text, text) for row in rows for _, text in row
    ]
    cells = [inline for inline in scanned if inline]
    if len(cells) < len(scanned):
        return 0
    align = [_ALIGN[match[1], match[2]] for match in marks if match]
    places = [lines[index], *lines[index + 2 : after]]
    _add_table(page, places, rows, cells, align)
    if any(cell.html != cell.words or not cell.silent for cell in cells):
        page.prose.extend(line.line for line in lines[index:after])
    return after


def _cells(line: ClassifiedLine) -> list[tuple[int, str]]:
    """(where it begins, its text) for the cells of a row."""
    cells, start = [], 1
    for cell in line.text[1:-1].split("|"):
        cells.append((start + len(cell) - len(cell.lstrip(" ")), cell.strip(" ")))
        start += len(cell) + 1
    return cells


def _add_table(
    page: FastPage,
    lines: Sequence[ClassifiedLine],
    rows: Sequence[Sequence[tuple[int, str]]],
    cells: Sequence[Inline],
    align: Sequence[str],
) -> None:
    """Add a table; `cells` are those of all rows, the head's first."""
    shown: list[str] = []
    inlines = iter(cells)
    for line, row in zip(lines, rows, strict=True):
        tag = "td" if shown else "th"
        inside = "".join(
            [
                f"<{tag}{name}>{page.shown(next(inlines), line.number, line.column + start)}</{tag}>\n"
                for (start, _), name in zip(row, align, strict=True)
            ]
        )
        shown.append(f"<tr>\n{inside}</tr>\n")
    body = "".join(shown[1:])
    page.blocks.append(f"{_TABLE}\n<thead>\n{shown[0]}</thead>\n<tbody>\n{body}</tbody>\n</table></div>")


def _is_row_like(line: ClassifiedLine) -> bool:
    """Whether a line may belong to the table above it."""
    return ("|" in line.text or "｜" in line.text) and (not line.blank or line.text[0] in "|｜")


BLOCKS: Mapping[Kind, Callable[[FastPage, Sequence[ClassifiedLine], int], int]] = {
    "text": _paragraph,
    "marked": _paragraph,
    "note": _note,
    "hash": _hash,
    "figure": _figure,
    "bullet": list_block,
    "number": list_block,
    "quote": _quote,
    "row": _table,
    "rule": _rule,
    "html": _html,
    "": _unknown,
}
