"""Simple lines -> the HTML of their blocks, as the whole chain would make it; one function per kind of line in BLOCKS."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, count, zip_longest

from newsgen.content.markdown.captions import caption, shown_alt
from newsgen.content.markdown.fast_path.classify import (
    FIGURE,
    HASH,
    ITEM,
    LINK,
    MARK,
    NOTE,
    PROSE,
    ClassifiedLine,
    Kind,
    prose,
    quoted,
)
from newsgen.content.markdown.headings import HEADING_OPENERS, chinese_heading, heading_id, levels, unique
from newsgen.core.model import Heading, Record, Reference, field
from newsgen.core.own_addresses import is_own

REFERENCE_MARK = "\x02"
"""Where a reference goes, in the HTML of a FastPage: a character that no text holds."""

_OPENERS = frozenset("-+*>[0123456789")
"""What opens a list, a quotation or a footnote."""

_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_SEPARATOR = re.compile(r" *(:?)-+(:?) *")
_ALIGN = {
    ("", ""): "",
    (":", ""): ' class="align-left"',
    (":", ":"): ' class="align-center"',
    ("", ":"): ' class="align-right"',
}
_NOTES = '<div class="footnote" role="doc-endnotes" aria-label="注释">'
_TABLE = '<div class="table-scroll" role="region" aria-label="表格" tabindex="0"><table>'


class FastPage(Record, frozen=True):
    """What becomes of simple lines: the HTML of each block, the text of each paragraph, the references at the SPOTs.

    `classes` are those of some paragraphs, by line number; `enumerated` as in source.Place. `titles` are the headings: index in `blocks`, kind as in
    headings.levels, title; their blocks are empty until all are known. `marks` are the names of the footnotes where they
    are called, `notes` their texts by name, `ids` the ids of both. `url` is the site's own address.
    """

    classes: Mapping[int, str]
    enumerated: frozenset[int]
    blocks: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    titles: list[tuple[int, str, str]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    url: str = ""

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
        order = _levels(tuple(kind for _, kind, _ in self.titles))
        for level, (index, _, title) in zip(order, self.titles, strict=True):
            name = unique(heading_id(title), taken)
            headings.append(Heading(level, name, title))
            self.blocks[index] = f'<h{level} id="{name}">{title}</h{level}>'
        return tuple(headings)


@lru_cache(maxsize=1000)
def _levels(kinds: tuple[str, ...]) -> Sequence[int]:
    """As headings.levels; the reports of one site have few different sequences."""
    return tuple(levels(kinds))


# ---------------------------------------------------------------- kinds of block
# Each adds the block at an index to the page and gives the index after it; 0 and nothing added where in doubt.


def _unknown(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    return 0


def _text(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    line = lines[index]
    text = line.text
    if page.classes or text[0] in HEADING_OPENERS:
        return _bold(page, lines, index)
    page.blocks.append(f"<p>{text}</p>")
    page.texts.append(text)
    return index + 1


def _bold(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A paragraph, maybe with bold words and a class; or a heading."""
    line = lines[index]
    heading = chinese_heading(line.text) if line.number not in page.enumerated else None
    if heading:
        return _titled(page, *heading, index)
    name = page.classes.get(line.number)
    page.blocks.append(_paragraph(_html(line.text, line.kind), name))
    if name != "signoff":
        page.texts.append(_words(line.text, line.kind))
    return index + 1


def _paragraph(inside: str, name: str | None) -> str:
    return f'<p class="{name}">{inside}</p>' if name else f"<p>{inside}</p>"


def _html(text: str, kind: Kind) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", text) if kind == "bold" else text


def _words(text: str, kind: Kind) -> str:
    return text.replace("**", "") if kind == "bold" else text


def _noted(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    line = lines[index]
    name = page.classes.get(line.number)
    if name == "signoff" or chinese_heading(line.text):
        return 0
    words = MARK.split(line.text)
    marks = [_mark(page, name) for name in words[1::2]]
    inside = "".join(chain.from_iterable(zip_longest(words[::2], marks, fillvalue="")))
    page.blocks.append(_paragraph(inside, name))
    page.texts.extend(words[::2])
    return index + 1


def _linked(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    line = lines[index]
    name = page.classes.get(line.number)
    if name == "signoff" or chinese_heading(line.text):
        return 0
    page.blocks.append(_paragraph(LINK.sub(lambda match: _link(page, line, match), line.text), name))
    page.texts.append(LINK.sub(r"\1", line.text))
    return index + 1


def _link(page: FastPage, line: ClassifiedLine, match: re.Match[str]) -> str:
    words, address = match.groups()
    if "://" in address and not (page.url and is_own(page.url, address)):
        return f'<a href="{address}">{words}</a>'
    page.references.append(Reference("a", "href", address, "", line.number, _column(line, match), address))
    return f"<a{REFERENCE_MARK}>{words}</a>"


def _column(line: ClassifiedLine, match: re.Match[str]) -> int:
    """Where the address begins in the file's line, which is group 2 of a match in the text."""
    return 1 + line.raw.index(line.text) + match.start(2)


def _mark(page: FastPage, name: str) -> str:
    page.marks.append(name)
    page.ids.extend((f"fn:{name}", f"fnref:{name}"))
    return f'<sup id="fnref:{name}"><a class="footnote-ref" href="#fn:{name}">{len(page.marks)}</a></sup>'


def _note(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A footnote of one line: nothing below it is indented."""
    match = NOTE.fullmatch(lines[index].text)
    assert match is not None
    if match[1] in page.notes or (index + 1 < len(lines) and lines[index + 1].indented):
        return 0
    page.notes[match[1]] = match[2]
    return index + 1


def _note_item(name: str, text: str, number: int) -> str:
    back = f'<a class="footnote-backref" href="#fnref:{name}" title="回到正文中的注释 {number}">↩</a>'
    return f'<li id="fn:{name}">\n<p>{text}&nbsp;{back}</p>\n</li>\n'


def _hash(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    match = HASH.fullmatch(lines[index].text)
    assert match is not None
    return _titled(page, str(len(match[1])), match[2], index)


def _titled(page: FastPage, kind: str, title: str, index: int) -> int:
    if "*" in title:
        return 0
    page.titles.append((len(page.blocks), kind, title))
    page.blocks.append("")
    return index + 1


def _figure(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    line = lines[index]
    match = FIGURE.fullmatch(line.text)
    assert match is not None
    alt, src = shown_alt(match[1]), match[2]
    words = caption(alt, src)
    shown = f"<figcaption>{words}</figcaption>" if words else ""
    page.blocks.append(f'<figure><img alt="{alt}"{REFERENCE_MARK}>{shown}</figure>')
    page.references.append(Reference("img", "src", src, "", line.number, _column(line, match), src))
    return index + 1


def _list(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """Items one below the other, each a line."""
    after = _end_of_group(lines, index)
    if not after:
        return 0
    items = lines[index:after]
    texts = [ITEM.sub("", item.text, count=1) for item in items]
    inside = "".join(f"<li>{_html(text, prose(text))}</li>\n" for text in texts)
    if items[0].kind == "number":
        start = int(items[0].text.partition(".")[0])
        page.blocks.append(f"<ol>\n{inside}</ol>" if start == 1 else f'<ol start="{start}">\n{inside}</ol>')
    else:
        page.blocks.append(f"<ul>\n{inside}</ul>")
    page.texts.extend(_words(text, prose(text)) for text in texts)
    return after


def _quote(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A quotation, each line a paragraph."""
    after = _end_of_group(lines, index)
    if not after:
        return 0
    texts = [quoted(line.text) for line in lines[index:after]]
    inside = "".join(f"<p>{_html(text, prose(text))}</p>\n" for text in texts)
    page.blocks.append(f"<blockquote>\n{inside}</blockquote>")
    page.texts.extend(_words(text, prose(text)) for text in texts)
    return after


def _end_of_group(lines: Sequence[ClassifiedLine], index: int) -> int:
    """The index after a list or quotation whose lines are of one kind, one right below the other; 0 where more may belong
    to it: what is indented as in Markdown, or opens a list or quotation, too."""
    kind, after = lines[index].kind, index + 1
    while after < len(lines) and lines[after].kind == kind and not lines[after].blank:
        after += 1
    if any(line.indented for line in lines[index:after]):
        return 0
    if after == len(lines):
        return after
    below = lines[after]
    opens = below.text[0] in _OPENERS and below.kind not in PROSE and not (kind == "quote" and below.blank)
    return 0 if below.indented or opens else after


def _table(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """A table whose rows have as many cells as its first, and begin and end with `|`."""
    after = index + 1
    while after < len(lines) and lines[after].kind == "row" and not lines[after].blank:
        after += 1
    head, *rows = ([cell.strip(" ") for cell in line.text[1:-1].split("|")] for line in lines[index:after])
    if (
        (after < len(lines) and _is_row_like(lines[after]))
        or len(rows) < 2
        or any(len(row) != len(head) for row in rows)
    ):
        return 0
    marks = [_SEPARATOR.fullmatch(cell) for cell in rows[0]]
    if not all(marks):
        return 0
    align = [_ALIGN[match[1], match[2]] for match in marks if match]
    body = "".join(_row(row, "td", align) for row in rows[1:])
    head_row = _row(head, "th", align)
    page.blocks.append(f"{_TABLE}\n<thead>\n{head_row}</thead>\n<tbody>\n{body}</tbody>\n</table></div>")
    return after


def _is_row_like(line: ClassifiedLine) -> bool:
    """Whether a line may belong to the table above it."""
    return ("|" in line.text or "｜" in line.text) and (not line.blank or line.text[0] in "|｜")


def _row(cells: Sequence[str], tag: str, align: Sequence[str]) -> str:
    inside = "".join(f"<{tag}{name}>{cell}</{tag}>\n" for cell, name in zip(cells, align, strict=True))
    return f"<tr>\n{inside}</tr>\n"


BLOCKS: Mapping[Kind, Callable[[FastPage, Sequence[ClassifiedLine], int], int]] = {
    "text": _text,
    "bold": _bold,
    "noted": _noted,
    "linked": _linked,
    "note": _note,
    "hash": _hash,
    "figure": _figure,
    "bullet": _list,
    "number": _list,
    "quote": _quote,
    "row": _table,
    "": _unknown,
}
