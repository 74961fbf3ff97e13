"""HTML -> blocks: the clipboard of Word, WPS, Excel and browsers, pages of WeChat and of old sites.

Nothing in it is run or fetched: the walk takes words, marks and the pictures that came with them, and reports omissions.
Why no library: of 18 features of clipboards, general converters keep 5 to 10; they lose the numbers of Word's lists, split
runs and typed footnotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from newsgen.authoring.importers.blocks import Block, ImportedDocument, InlinePicture, Paragraph, Run, Table
from newsgen.authoring.importers.captions import typed_alt
from newsgen.authoring.importers.html_addresses import link_of, picture_source, scheme_of
from newsgen.authoring.importers.html_elements import CARDS, NOTHING, PLAYED, is_speck, left_out, level_of
from newsgen.authoring.importers.html_footnotes import footnotes_of
from newsgen.authoring.importers.html_lists import (
    ListMarker,
    OpenList,
    item_marker,
    leading_box,
    opened_list,
    typed_marker,
)
from newsgen.authoring.importers.html_paragraphs import ParagraphBuilder
from newsgen.authoring.importers.html_styles import InheritedStyle, StyleSheet, has_background, inherited, typed_in
from newsgen.authoring.importers.html_tables import (
    TableCell,
    as_table,
    cells_of,
    hidden_columns,
    lays_out_page,
    rows_of,
    spans,
    strays,
    without_columns,
)
from newsgen.authoring.importers.html_tree import MARKER, HtmlNode, HtmlPage, parse_page
from newsgen.authoring.importers.html_visibility import Declarations, Ground, ground_of, is_hidden
from newsgen.authoring.importers.omissions import UNSEEN, Omissions, omission_messages
from newsgen.authoring.importers.symbol_fonts import symbols
from newsgen.content.markdown.sanitize import words
from newsgen.core.errors import UsageError

LONGEST = 150_000_000
"""Maximum characters of a page, including the pictures in it."""
_BLOCKS = words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup p plaintext pre section summary"
    " tbody td tfoot th thead tr ul xmp"
)
_BLOCK_DISPLAYS = frozenset(("block", "flex", "grid", "list-item", "table", "table-row"))
_BOXED = re.compile(r"\s*(?:文本框|Text Box)(?: ?\d+)?\s*[:：]\s*(\S.*)", re.IGNORECASE | re.DOTALL)
"""The alt text that Word gives to the picture of a text box; it holds the words of the box."""
_MOST_ADDRESSES = 40


def read_page(html: str, shown: str, base: str = "") -> ImportedDocument:
    """The blocks of HTML; `shown` is its name in messages, `base` its address, "" if unknown. Raises UsageError."""
    return read_blocks(parse_page(of_bounded_length(html, shown)), base)


def of_bounded_length(html: str, shown: str) -> str:
    """The HTML, unchanged. Raises UsageError if it is too long."""
    if len(html) > LONGEST:
        raise UsageError(f"{shown}太大了", "分几次带进来；照片另存成文件，直接拖进来", "html.too-large")
    return html


def read_blocks(page: HtmlPage, base: str = "", beside: Mapping[str, bytes] | None = None) -> ImportedDocument:
    """The blocks of a parsed page; `beside` are the pictures that came with it, by address or name."""
    files = {**(beside or {}), **page.pictures}
    walk = _PageWalk(page.root, page.css, base, files)
    found = walk.document()
    return _PageWalk(page.root, page.css, base, files, is_dark=True).document() if walk.seems_dark else found


class _PageWalk:
    """A walk through the tree of one page."""

    def __init__(self, root: HtmlNode, css: str, base: str, beside: Mapping[str, bytes], is_dark: bool = False) -> None:
        self._root, self._beside = root, beside
        self._style = InheritedStyle(ground=Ground(behind=None) if is_dark else Ground())
        self._letters = Counter[bool]()
        self._base = _base_of(root, base)
        self._sheet = StyleSheet(css)
        self._footnotes = footnotes_of(root, self._base)
        self._left_out = self._footnotes.back_links | frozenset(self._footnotes.notes.values())
        self._out = ParagraphBuilder()
        self._lists: list[OpenList] = []
        self._block: Declarations = {}
        self._omissions: Omissions = Omissions()
        self._addresses: list[str] = []
        self._pictures: dict[str, bytes] = {}

    def document(self) -> ImportedDocument:
        """The document: the blocks of the page, its footnotes, its pictures and messages about omissions."""
        blocks = self._inside(self._root, self._style)
        notes = {
            number: tuple(paragraphs_of(self._inside(node, self._style)))
            for number, node in self._footnotes.notes.items()
        }
        return ImportedDocument(
            tuple(blocks), notes, self._pictures, (*omission_messages(self._omissions), *self._addresses)
        )

    @property
    def seems_dark(self) -> bool:
        """Whether nearly all words are white: then they stood on a dark page, as programs show it in dark mode."""
        return self._letters[True] > 10 * self._letters[False]

    def _inside(self, node: HtmlNode, style: InheritedStyle, is_cell: bool = False) -> Sequence[Block]:
        """The blocks in a node, kept apart from those around it. In a cell, a list number without words is text (序号)."""
        around, self._out = self._out, ParagraphBuilder()
        lists, self._lists = self._lists, []
        self._children(node, style)
        self._out.end()
        inner, self._out, self._lists = self._out, around, lists
        if is_cell and not inner.blocks and inner.marker.number:
            inner.blocks.append(Paragraph((Run(inner.marker.number.strip()),)))
        return inner.blocks

    def _children(self, node: HtmlNode, style: InheritedStyle) -> None:
        for child in node.children:
            if isinstance(child, HtmlNode):
                self._element(child, style)
            else:
                self._text(child, style)

    def _text(self, text: str, style: InheritedStyle) -> None:
        has_words = bool(text.strip())
        if has_words and (style.ground.is_light or style.ground.is_tiny):
            self._omissions[UNSEEN] += 1
            self._letters[style.ground.is_light] += len(text.strip()) * style.ground.is_light
            return
        self._letters[False] += len(text.strip()) * (has_words and not style.link)
        text, unknown = symbols(text, style.symbol_font)
        self._omissions["特殊符号"] += unknown
        self._out.add_text(text, style)

    def _element(self, node: HtmlNode, outer: InheritedStyle) -> None:
        found = self._sheet.of(node)
        if node in self._left_out or self._is_left_out(node, found):
            return
        style = inherited(node, found, outer)
        self._omissions["背景里的图片"] += has_background(node, found)
        if node.tag == "br":
            self._out.end()
        elif node.tag in ("img", "image"):
            self._picture(node, style)
        elif node.tag == MARKER or "ignore" in found.get("mso-list", ""):
            self._out.marker = typed_marker(node.text, self._block)
        elif node.tag == "q":
            self._text("“", style)
            self._children(node, style)
            self._text("”", style)
        elif node.tag == "input":
            self._text(typed_in(node), style)
        elif node.tag == "table":
            self._table(node, style)
        elif node.tag == "a":
            self._link(node, style)
        elif "mso-tab-count" in found:
            self._out.add_text("\u3000", style)
        elif node.tag in _BLOCKS or found.get("display") in _BLOCK_DISPLAYS:
            self._block_element(node, found, style)
        else:
            self._omissions["公式"] += node.tag in ("math", "m:omath")
            self._children(node, style)

    def _is_left_out(self, node: HtmlNode, found: Declarations) -> bool:
        """Whether an element is left out of the report; elements that readers saw are counted as omissions."""
        if node.tag in NOTHING:
            return True
        what = left_out(node, found)
        if what == "批注":
            self._tell_comments(node)
        elif what == "目录":
            self._omissions[what] = 1
        elif what:
            self._omissions[what] += node.tag in PLAYED | CARDS or bool(node.text.strip())
        return bool(what)

    def _tell_comments(self, node: HtmlNode) -> None:
        """Count comments by their marks in the text or, if there are no marks, in the list of comments."""
        if node.tag in ("a", "span"):
            self._omissions["批注"] += 1
        elif not self._omissions["批注"]:
            self._omissions["批注"] = max(
                1, sum("msocomtxt" in item.attributes.get("class", "") for item in node.nodes())
            )

    # ------------------------------------------------------------ blocks

    def _block_element(self, node: HtmlNode, found: Declarations, style: InheritedStyle) -> None:
        out, around, level = self._out, self._block, self._out.level
        out.end()
        self._block = found if "mso-list" in found or node.tag == "p" else around
        out.level = level_of(node, found) or level
        if node.tag in ("ul", "ol", "menu", "dir"):
            self._list(node, found, style)
        elif node.tag == "li":
            marker = item_marker(node, found, self._lists)
            box = leading_box(node)
            if box is not None:
                self._left_out |= {box}
                marker = marker._replace(number=marker.number + typed_in(box))
            out.marker = marker
            self._children(node, style)
            out.end()
            if out.marker == marker:
                out.marker = ListMarker()
        elif node.tag in ("figcaption", "caption"):
            self._children(node, style._replace(align=style.align or "center"))
        else:
            self._children(node, style)
        out.end()
        out.level, self._block = level, around

    def _list(self, node: HtmlNode, found: Declarations, style: InheritedStyle) -> None:
        self._lists.append(opened_list(node, found))
        self._children(node, style)
        self._lists.pop()

    def _table(self, node: HtmlNode, style: InheritedStyle) -> None:
        self._out.end()
        for stray in strays(node):
            if isinstance(stray, HtmlNode):
                self._element(stray, style)
            else:
                self._text(stray, style)
        self._out.end()
        rows = [self._row(row, style) for row in rows_of(node) if not self._is_hidden(row)]
        rows = [row for row in rows if row]
        if lays_out_page(node, rows):
            self._omissions["只管排版的表格"] += sum(map(len, rows)) > 1
            self._out.blocks += (block for row in rows for cell in row for block in cell.blocks)
            return
        self._omissions["合并的单元格"] += sum(
            cell.columns > 1 or cell.rows > 1 for row in rows for cell in row if cell.blocks
        )
        table, lost = without_columns(as_table(rows), hidden_columns(node))
        self._omissions["隐藏的文字"] += lost
        if table.rows:
            self._out.add_block(table)

    def _row(self, row: HtmlNode, style: InheritedStyle) -> list[TableCell]:
        plain = style._replace(align="", is_quoted=False, ground=self._ground(row, style.ground))
        cells = []
        for cell in cells_of(row):
            found = self._sheet.of(cell)
            if self._is_hidden(cell):
                continue
            columns, height = spans(cell)
            cells.append(TableCell(self._inside(cell, inherited(cell, found, plain), is_cell=True), columns, height))
        return cells

    def _is_hidden(self, part: HtmlNode) -> bool:
        """Whether a row or a cell is not shown; one with words is counted as an omission."""
        hidden = is_hidden(part, self._sheet.of(part))
        self._omissions["隐藏的文字"] += hidden and bool(part.text.strip())
        return hidden

    def _ground(self, row: HtmlNode, outer: Ground) -> Ground:
        """The background of a row, as the parts of the table around it give it."""
        if row.parent is not None and row.parent.tag != "table":
            outer = self._ground(row.parent, outer)
        return ground_of(row, self._sheet.of(row), outer)

    # ------------------------------------------------------------ within a paragraph

    def _link(self, node: HtmlNode, style: InheritedStyle) -> None:
        if node in self._footnotes.calls:
            self._out.add_note(self._footnotes.calls[node], style)
            return
        if node in self._footnotes.lost:
            self._omissions["脚注的编号"] += 1
            return
        link = link_of(node.attributes.get("href", ""), self._base)
        if link.fault:
            self._omissions[link.fault] += bool(node.text.strip())
        marks = style.marks - {"underline"} if link.address else style.marks
        self._children(node, style._replace(link=link.address, marks=marks))

    def _picture(self, node: HtmlNode, style: InheritedStyle) -> None:
        source = picture_source(node, self._base, self._beside)
        if is_speck(node):
            return
        if source.data:
            name = next((name for name, data in self._pictures.items() if data == source.data), "")
            name = name or f"图{len(self._pictures) + 1}"
            self._pictures[name] = source.data
            self._out.add_picture(InlinePicture(name, typed_alt(node.attributes.get("alt", ""))), style)
        elif source.address.lower().startswith(("http://", "https://", "//")):
            where = self._out.words_before()
            place = f"（在“{where}”后面）" if where else "（在开头）"
            if len(self._addresses) < _MOST_ADDRESSES:
                self._addresses.append(f"网上的图片没有下载：{source.address[:500]}{place}，要用就另存下来，再拖进来")
            else:
                self._omissions["链接在别处的图片"] += 1
        elif boxed := _BOXED.fullmatch(node.attributes.get("alt", "")):
            self._boxed(boxed[1])
        elif source.address:
            self._omissions["电脑里的图片" if scheme_of(source.address) else "网址不完整的图片"] += 1
        else:
            self._omissions["读不出的图片"] += 1

    def _boxed(self, words: str) -> None:
        """Add the words of a text box, from the alt text of its picture: Word's clipboard lacks the picture itself."""
        self._omissions["文本框"] += 1
        for line in filter(None, map(str.strip, words.splitlines())):
            self._out.add_block(Paragraph((Run(line),)))


def _base_of(root: HtmlNode, base: str) -> str:
    """The address to which relative addresses of a page refer: that of its `<base>`, else its own."""
    typed = (node.attributes.get("href", "") for node in root.nodes() if node.tag == "base")
    return next((href for href in typed if href.startswith(("http://", "https://"))), base)


def paragraphs_of(blocks: Sequence[Block]) -> list[Paragraph]:
    """The paragraphs of blocks, including those in tables."""
    found: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Table):
            found += (paragraph for row in block.rows for cell in row for paragraph in cell.paragraphs)
        else:
            found.append(block)
    return found
