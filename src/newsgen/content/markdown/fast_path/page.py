"""The page that simple lines become: its blocks, texts, headings, references and footnotes; and what one text becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, count, zip_longest
from urllib.parse import unquote

from newsgen.content.markdown.fast_path.inline import NOTE_MARK, REFERENCE_MARK, WORDS, Inline, Link, scan
from newsgen.content.markdown.headings import heading_id, levels, unique
from newsgen.content.markdown.preprocess.lines import Line
from newsgen.core.model import Heading, Record, Reference, field
from newsgen.core.own_addresses import is_own

_NOTES = '<div class="footnote" role="doc-endnotes" aria-label="注释">'


class FastPage(Record, frozen=True):
    """The page of simple lines: the HTML of each block, the text of each paragraph, the references at the REFERENCE_MARKs.

    `classes` are those of some paragraphs, by line number; `enumerated` as in Nesting. `titles` are the headings: index in `blocks`, kind as in
    headings.levels, HTML, text; their blocks are empty until all are known. `marks` are the names of the footnotes where they
    are called, `notes` their HTML by name, `ids` the ids of both. `url` is the site's own address. `prose` are the lines of
    which the checks may have something to say, `raw` those of raw HTML.
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
    raw: list[Line] = field(default_factory=list)

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
            html = filled(html, REFERENCE_MARK, attributes)
        if inline.notes:
            html = filled(html, NOTE_MARK, map(self._mark, inline.notes))
        return html

    def read(self, inline: Inline) -> None:
        """Add what readers see of a text."""
        self.texts.extend(inline.words.split("\n"))

    def _attribute(self, link: Link, number: int, column: int) -> str:
        """The attribute of an address, or the mark of a reference."""
        address = link.address
        if "://" in address and not (self.url and is_own(self.url, address)):
            return f' href="{address.replace("&", "&amp;")}"'
        path, _, fragment = address.partition("#")
        target = unquote(path).replace("\\", "/") if "%" in path else path
        self.references.append(Reference("a", "href", target, fragment, number, column, address))
        return REFERENCE_MARK

    def _mark(self, name: str) -> str:
        self.marks.append(name)
        self.ids.extend((f"fn:{name}", f"fnref:{name}"))
        return f'<sup id="fnref:{name}"><a class="footnote-ref" href="#fn:{name}">{len(self.marks)}</a></sup>'


def filled(html: str, mark: str, texts: Iterable[str]) -> str:
    """`html` with the texts in the places of a mark."""
    return "".join(chain.from_iterable(zip_longest(html.split(mark), texts, fillvalue="")))


@lru_cache(maxsize=1000)
def _levels(kinds: tuple[str, ...]) -> Sequence[int]:
    """The result of headings.levels(), cached: the reports of one site have few different sequences."""
    return tuple(levels(kinds))


def _note_item(name: str, html: str, number: int) -> str:
    back = f'<a class="footnote-backref" href="#fnref:{name}" title="回到正文中的注释 {number}">↩</a>'
    return f'<li id="fn:{name}">\n<p>{html}&nbsp;{back}</p>\n</li>\n'


def understood(text: str) -> Inline | None:
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
