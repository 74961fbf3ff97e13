"""Simple lines -> the HTML of their blocks, as the whole chain would make it; one function per kind of line in BLOCKS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, count, zip_longest
from typing import NamedTuple
from urllib.parse import unquote

from newsgen.content.markdown.captions import caption, shown_alt
from newsgen.content.markdown.fast_path.classify import (
    HASH,
    ITEM,
    NOTE,
    ClassifiedLine,
    Kind,
    quoted,
)
from newsgen.content.markdown.fast_path.inline import (
    IMAGE,
    NOTE_MARK,
    REFERENCE_MARK,
    WORDS,
    Inline,
    Link,
    scan,
)
from newsgen.content.markdown.headings import HEADING_OPENERS, chinese_heading, heading_id, levels, unique
from newsgen.content.markdown.preprocess.containers import SPACELESS
from newsgen.content.markdown.preprocess.lines import Line
from newsgen.core.model import Heading, Record, Reference, field
from newsgen.core.own_addresses import is_own

_SEPARATOR = re.compile(r" *(:?)-+(:?) *")
_ALIGN = {
    ("", ""): "",
    (":", ""): ' class="align-left"',
    (":", ":"): ' class="align-center"',
    ("", ":"): ' class="align-right"',
}
_NOTES = '<div class="footnote" role="doc-endnotes" aria-label="注释">'
_TABLE = '<div class="table-scroll" role="region" aria-label="表格" tabindex="0"><table>'
_LISTS = ("bullet", "number")


class FastPage(Record, frozen=True):
    """What becomes of simple lines: the HTML of each block, the text of each paragraph, the references at the REFERENCE_MARKs.

    `classes` are those of some paragraphs, by line number; `enumerated` as in source.Place. `titles` are the headings: index in `blocks`, kind as in
    headings.levels, HTML, text; their blocks are empty until all are known. `marks` are the names of the footnotes where they
    are called, `notes` their HTML by name, `ids` the ids of both. `url` is the site's own address. `prose` are the lines of
    which the checks may have something to say.
    """

    classes: Mapping[int, str]
    enumerated: frozenset[int]
    blocks: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    titles: list[tuple[int, str, str, str]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    url: str = ""
    prose: list[Line] = field(default_factory=list)

    def end(self) -> bool:
        """Add the footnotes in the order of their marks; False unless each has one."""
        if sorted(self.marks) != sorted(self.notes):
            return False
        if self.marks:
            items = "".join(map(_note_item, self.marks, map(self.notes.__getitem__, self.marks), count(1)))
            self.blocks.append(f"{_NOTES}\n<hr>\n<ol>\n{items}</ol>\n</div>")
        return True

    def headings(self) -> tuple[Heading, ...]:
        """The headings with their levels and ids; now their blocks are filled."""
        taken: dict[str, int] = {}
        headings = []
        order = _levels(tuple(kind for _, kind, _, _ in self.titles))
        for level, (index, _, html, text) in zip(order, self.titles, strict=True):
            name = unique(heading_id(text), taken)
            headings.append(Heading(level, name, text))
            self.blocks[index] = f'<h{level} id="{name}">{html}</h{level}>'
        return tuple(headings)

    def shown(self, inline: Inline, number: int, column: int) -> str:
        """The HTML of a text that begins at a column of a line; its references and footnotes are added to the page."""
        html = inline.html
        if inline.links:
            attributes = [self._attribute(link, number, column + link.start) for link in inline.links]
            html = _filled(html, REFERENCE_MARK, attributes)
        if inline.notes:
            html = _filled(html, NOTE_MARK, map(self._mark, inline.notes))
        return html

    def read(self, inline: Inline) -> None:
        """Add what readers see of a text."""
        self.texts.extend(inline.words.split("\n"))

    def _attribute(self, link: Link, number: int, column: int) -> str:
        """The attribute of an address, or the mark of a reference."""
        address, name = link.address, "href" if link.tag == "a" else "src"
        if "://" in address and not (self.url and is_own(self.url, address)):
            return f' href="{address.replace("&", "&amp;")}"'
        path, _, fragment = address.partition("#")
        target = unquote(path).replace("\\", "/") if "%" in path else path
        self.references.append(
            Reference(link.tag, "href" if name == "href" else "src", target, fragment, number, column, address)
        )
        return REFERENCE_MARK

    def _mark(self, name: str) -> str:
        self.marks.append(name)
        self.ids.extend((f"fn:{name}", f"fnref:{name}"))
        return f'<sup id="fnref:{name}"><a class="footnote-ref" href="#fn:{name}">{len(self.marks)}</a></sup>'


def _filled(html: str, mark: str, texts: Iterable[str]) -> str:
    """`html` with the texts in the places of a mark."""
    return "".join(chain.from_iterable(zip_longest(html.split(mark), texts, fillvalue="")))


@lru_cache(maxsize=1000)
def _levels(kinds: tuple[str, ...]) -> Sequence[int]:
    """As headings.levels; the reports of one site have few different sequences."""
    return tuple(levels(kinds))


def _scanned(text: str) -> Inline | None:
    """A paragraph, item or the like: of stars that are not even in number, none is a mark."""
    if WORDS.fullmatch(text):
        return Inline(text, text)
    inline = scan(text)
    if inline is None or inline.silent or text.count("*") < 3:
        return inline
    from newsgen.content.markdown.lint import literal_stars

    literal = literal_stars(text)
    if literal == text:
        return inline
    return None if inline.links else scan(literal)


def _is_image(inline: Inline) -> bool:
    """Whether a text is nothing but a photo, which makes a figure of its paragraph."""
    return len(inline.links) == 1 and inline.links[0].tag == "img" and inline.html.count("<") == 1 and not inline.words


# ---------------------------------------------------------------- kinds of block
# Each adds the block at an index to the page and gives the index after it; 0 and nothing added where in doubt.


def _unknown(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    return 0


def _text(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    line = lines[index]
    text = line.text
    if page.classes or text[0] in HEADING_OPENERS:
        return _marked(page, lines, index)
    page.blocks.append(f"<p>{text}</p>")
    page.texts.append(text)
    return index + 1


def _marked(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A paragraph, maybe with a class; or a heading."""
    line = lines[index]
    heading = chinese_heading(line.text) if line.number not in page.enumerated else None
    if heading:
        return _titled(page, *heading, lines, index)
    inline = _scanned(line.text)
    if inline is None or _is_image(inline):
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
    inline = _scanned(match[2])
    if inline is None or inline.links or inline.notes or not inline.silent:
        return 0
    if match[1] in page.notes or (index + 1 < len(lines) and lines[index + 1].indented):
        return 0
    page.notes[match[1]] = inline.html
    return index + 1


def _note_item(name: str, html: str, number: int) -> str:
    back = f'<a class="footnote-backref" href="#fnref:{name}" title="回到正文中的注释 {number}">↩</a>'
    return f'<li id="fn:{name}">\n<p>{html}&nbsp;{back}</p>\n</li>\n'


def _hash(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    match = HASH.fullmatch(lines[index].text)
    assert match is not None
    return _titled(page, str(len(match[1])), match[2], lines, index)


def _titled(page: FastPage, kind: str, title: str, lines: Sequence[ClassifiedLine], index: int) -> int:
    inline = _scanned(title)
    if inline is None or inline.links or inline.notes or "\n" in inline.words:
        return 0
    page.titles.append((len(page.blocks), kind, inline.html, inline.words))
    page.blocks.append("")
    if not inline.silent:
        page.prose.append(lines[index].line)
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


# ---------------------------------------------------------------- lists


class _Item(NamedTuple):
    """An item of a list: how deep it is indented, its marker, its text, and the line in which it stands."""

    indent: int
    marker: str
    inline: Inline
    line: ClassifiedLine

    @property
    def ordered(self) -> bool:
        return self.marker[0].isdecimal()


def _list(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """Items one below the other, each a line, maybe with deeper ones; or single ones with blank lines between all of them."""
    loose = index + 1 < len(lines) and lines[index + 1].blank and lines[index + 1].kind == lines[index].kind
    after = index + 1
    while after < len(lines) and lines[after].kind in _LISTS and lines[after].blank == loose:
        after += 1
    if not _ends_before(lines, after):
        return 0
    items = [_item(line) for line in lines[index:after]]
    if loose and any(line.indented or line.kind != lines[index].kind for line in lines[index:after]):
        return 0
    found = [item for item in items if item and not (loose and _is_image(item.inline))]
    form = _LOOSE if loose else _TIGHT
    block = _nested(found, form) if len(found) == len(items) else None
    if block is None:
        return 0
    html = _filled(block, _PLACE, [_shown_item(page, item) for item in found])
    page.blocks.append(html.removesuffix("\n"))
    return after


_PLACE = "\x1f"
"""Where the text of an item goes."""
_TIGHT, _LOOSE = f"<li>{_PLACE}", f"<li>\n<p>{_PLACE}</p>\n"


def _item(line: ClassifiedLine) -> _Item | None:
    match = ITEM.match(line.text)
    assert match is not None
    inline = _scanned(line.text[match.end() :])
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


def _ends_before(lines: Sequence[ClassifiedLine], after: int) -> bool:
    """Whether a list or quotation ends before the line at an index: that is not indented as in Markdown, and opens none."""
    if after == len(lines):
        return True
    below = lines[after]
    return not below.indented and below.kind not in (*_LISTS, "quote", "note", "") and not SPACELESS.match(below.text)


# ---------------------------------------------------------------- quotations, tables


def _quote(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A quotation, each line a paragraph."""
    after = index + 1
    while after < len(lines) and lines[after].kind == "quote" and not lines[after].blank:
        after += 1
    below = lines[after] if after < len(lines) else None
    apart = below is not None and below.kind == "quote" and below.blank and not below.indented
    if any(line.indented for line in lines[index:after]) or not (apart or _ends_before(lines, after)):
        return 0
    texts = [(line, quoted(line.text)) for line in lines[index:after]]
    scanned = [(line, len(line.text) - len(text), _scanned(text)) for line, text in texts if text]
    found = [(line, start, inline) for line, start, inline in scanned if inline and not _is_image(inline)]
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
    "text": _text,
    "marked": _marked,
    "note": _note,
    "hash": _hash,
    "figure": _figure,
    "bullet": _list,
    "number": _list,
    "quote": _quote,
    "row": _table,
    "rule": _rule,
    "": _unknown,
}
