"""A Word file (.docx) -> blocks, by a walk over its XML (ECMA-376 part 1, 17).

Why no library: of 33 features of reports, mammoth, pandoc, markitdown, docx2python and LibreOffice keep 16 to 23, and all
but the last print hidden text. They know neither the automatic numbers of Chinese lists nor tracked deletions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.blocks import Block, Cell, ImportedDocument, InlinePicture, Mark, Paragraph, Run, Table
from newsgen.authoring.importers.html_addresses import link_of
from newsgen.authoring.importers.office_package import OLD_FORMAT, Allowance, OfficePackage
from newsgen.authoring.importers.omissions import UNSEEN, Omissions, omission_messages
from newsgen.authoring.importers.symbol_fonts import UNKNOWN, symbol, symbols
from newsgen.authoring.importers.underlined_blanks import blanks_of_word
from newsgen.authoring.importers.word_drawings import WordDrawing, choice, drawing_of
from newsgen.authoring.importers.word_embedded import read_embedded
from newsgen.authoring.importers.word_fields import WordFields, link_in, with_place
from newsgen.authoring.importers.word_numbering import ListNumber, Numbering
from newsgen.authoring.importers.word_parts import WordParts
from newsgen.authoring.importers.word_runs import Piece, font_of, lines_of, marks_of
from newsgen.authoring.importers.word_styles import ParagraphStyle, WordStyles, numbering_of
from newsgen.authoring.importers.word_tables import columns_before, merging_of, within
from newsgen.authoring.importers.word_visibility import has_ground, is_on_white_paper, is_unseen_text
from newsgen.authoring.importers.word_xml import CONTAINERS, MC, OFF, M, R, W, switched, value
from newsgen.core.errors import UsageError
from newsgen.core.model import changed

DEEPEST_CHUNK = 3
"""Maximum depth of embedded documents."""
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
"""Elements that stand for a character."""
_GONE = {W + "del": "删除线修订", W + "moveFrom": "移动修订"}
_LETTERS = frozenset((W + "t", W + "sym"))
_DRAWINGS = frozenset((W + "drawing", W + "pict", W + "object"))
_CONTENTS = "Table of Contents"
"""The gallery of content controls that hold a table of contents."""
_ALIGNED: dict[str, Literal["", "center", "right"]] = {
    "center": "center",
    "right": "right",
    "end": "right",
    "distribute": "center",
}


def read_word(data: bytes, shown: str, depth: int = 0, allowance: Allowance | None = None) -> ImportedDocument:
    """The blocks of a Word file; `shown` is its name in messages. Raises UsageError.

    `depth` is how many documents it is embedded in, `allowance` that of the outermost one.
    """
    if data.startswith(OLD_FORMAT):
        raise UsageError(
            f"{shown} 是旧格式（.doc、.wps），或者有密码",
            "用 Word 或 WPS 打开，去掉密码，另存为 .docx，再试一次",
            "word.old",
        )
    parts = WordParts(OfficePackage(data, shown, allowance))
    if parts.body is None:
        raise UsageError(f"{shown} 不是 Word 文件", "用 Word 或 WPS 另存为 .docx，再试一次", "word.broken")
    try:
        return _Walk(parts, depth).document(parts.body)
    except RecursionError:  # deeper nesting than any program writes
        raise UsageError(
            f"{shown}：里面的表格或文本框套得太深", "用 Word 或 WPS 另存为 .docx，再试一次", "word.broken"
        ) from None


class _Walk:
    """A walk through the parts of one document."""

    def __init__(self, parts: WordParts, depth: int) -> None:
        self._parts, self._package, self._depth = parts, parts.package, depth
        self._embedded_remarks: tuple[str, ...] = ()
        self._relations = parts.package.relations(parts.main)
        self._styles = WordStyles(parts.xml("styles"))
        self._numbering = Numbering(parts.xml("numbering"))
        self._notes: dict[tuple[str, str], int] = {}
        self._boxes: list[Element | Paragraph] = []
        self._cells = 0
        self._on_ground = parts.document is None or not is_on_white_paper(parts.document)
        self._omissions: Omissions = Omissions()
        self._pictures: dict[str, bytes] = {}
        self._fields = WordFields()
        self._carried: list[Piece] = []

    def document(self, body: Element) -> ImportedDocument:
        """The document: its blocks, footnotes and pictures, and messages about omissions."""
        kinds = Counter(item.get(W + "fldCharType") for item in body.iter(W + "fldChar"))
        self._fields = WordFields(drops_contents=kinds["begin"] == kinds["end"])
        blocks = (*self._blocks(body), *self._rest())
        notes = dict(self._footnotes())
        self._omissions["批注"] += self._parts.comments
        self._omissions["页眉和页脚"] += self._parts.margins
        return ImportedDocument(
            blocks, notes, self._pictures, (*omission_messages(self._omissions), *self._embedded_remarks)
        )

    # ------------------------------------------------------------ blocks

    def _blocks(self, parent: Iterable[Element]) -> Iterator[Block]:
        for item in parent:
            if item.tag == W + "p":
                yield from self._paragraph(item)
            elif item.tag == W + "tbl":
                yield from self._rest()
                yield from self._framed(item)
            elif item.tag == MC + "AlternateContent":
                yield from self._blocks(choice(item))
            elif item.tag in (W + "altChunk", W + "subDoc"):
                yield from self._embedded(self._relations.get(item.get(R + "id", ""), ""))
            elif item.tag in CONTAINERS and not self._is_left_out(item):
                yield from self._blocks(item)
            elif item.tag in _GONE:
                self._omissions[_GONE[item.tag]] += 1

    def _is_left_out(self, item: Element) -> bool:
        """Whether a content control holds a table of contents, or only a placeholder text; both count as omissions."""
        properties = item.find(W + "sdtPr")
        if properties is None:
            return False
        gallery = properties.find(f"{W}docPartObj/{W}docPartGallery")
        is_contents = gallery is not None and gallery.get(W + "val") == _CONTENTS
        is_empty = bool(switched(properties, "showingPlcHdr"))
        self._omissions["目录"] += is_contents
        self._omissions["没有填写的空"] += is_empty
        return is_contents or is_empty

    def _paragraph(self, item: Element) -> Iterator[Block]:
        """A paragraph, split at soft returns, and then the blocks of the text boxes in it."""
        properties = item.find(W + "pPr")
        style = self._styles.paragraph(properties)
        self._ground = has_ground(properties)
        pieces = [*self._carried, *self._inline(item, style)]
        self._carried = []
        if _goes_on_below(properties):
            self._carried = pieces
            return
        boxes, self._boxes = self._boxes, []
        align = _ALIGNED.get((value(properties, "jc") if properties is not None else "") or style.align, "")
        outline = value(properties, "outlineLvl") if properties is not None else ""
        level = int(outline) + 1 if outline.isdigit() and int(outline) < 6 else style.level
        whole = Paragraph(level=level or (1 if style.is_title else 0), align=align)
        yield from self._numbered(pieces, whole, properties, style)
        for box in boxes:
            if isinstance(box, Paragraph):
                yield box
                continue
            self._omissions["文本框"] += 1
            yield from self._grounded(box, True)

    def _grounded(self, item: Element, on_ground: bool) -> Iterator[Block]:
        """The blocks in an element; `on_ground` says whether a colour lies behind it, or white paper."""
        outer, self._on_ground = self._on_ground, on_ground
        yield from self._blocks(item)
        self._on_ground = outer

    def _rest(self) -> Iterator[Block]:
        """The paragraphs of pieces that were to be joined to a following paragraph, if none follows."""
        pieces, self._carried = self._carried, []
        yield from (_with_pieces(Paragraph(), line) for line in lines_of(pieces))

    def _numbered(
        self, pieces: Sequence[Piece], whole: Paragraph, properties: Element | None, style: ParagraphStyle
    ) -> Iterator[Paragraph]:
        """The lines of a paragraph; the first line with words gets its number.

        A paragraph without words is counted, too, as on paper; in a cell, its number is the cell's text (序号).
        """
        mark = properties.find(W + "rPr") if properties is not None else None
        is_counted = not (self._fields.is_contents or (not pieces and switched(mark, "vanish")))
        found = self._number(properties, style) if is_counted else None
        for line in lines_of(pieces):
            if found and any(isinstance(item, Run) and item.text.strip() for item in line):
                first = Paragraph((), whole.level, found.text, found.is_bullet, found.depth, whole.align)
                found = None
                yield _with_pieces(first, line)
            else:
                yield _with_pieces(whole, line)
        if found and found.text and self._cells:
            yield changed(whole, runs=(Run(found.text.strip()),))

    def _number(self, properties: Element | None, style: ParagraphStyle) -> ListNumber | None:
        """The next number of the list that a paragraph or its style names; None if there is no list."""
        name, depth = numbering_of(properties)
        if not name and not depth:
            linked = self._numbering.level_of(style.number[0], style.name)
            depth = "" if linked is None else str(linked)
        name, depth = name or style.number[0], depth or style.number[1] or "0"
        return self._numbering.numbered(name, int(depth)) if name else None

    def _embedded(self, name: str) -> Sequence[Block]:
        """The blocks of a document that is embedded in this one; one that cannot be read is counted as an omission."""
        package = self._package
        data = package.text(name) if name in package.names and self._depth < DEEPEST_CHUNK else b""
        found = read_embedded(data, name, lambda inner: read_word(inner, name, self._depth + 1, package.allowance))
        if not data or found is None:
            self._omissions["嵌入的文档"] += 1
            return ()
        self._embedded_remarks += found.remarks
        self._pictures |= found.pictures
        return found.blocks

    def _framed(self, item: Element) -> Iterator[Block]:
        """A table; for a table of a single cell, which only frames its content, the blocks in the cell."""
        rows = list(within(item, "tr"))
        cells = [cell for row in rows for cell in within(row, "tc")]
        on_ground = self._on_ground or self._styles.has_ground(item) or bool(has_ground(item.find(W + "tblPr")))
        if len(cells) == 1 and rows[0].find(f"{W}trPr/{W}del") is None:
            yield from self._grounded(cells[0], _ground_of(cells[0], on_ground))
            yield from self._rest()
        else:
            yield self._table(item, on_ground)

    def _table(self, item: Element, on_ground: bool) -> Table:
        rows = []
        for row in within(item, "tr"):
            before = columns_before(row)
            cells = [Cell(span=before)] if before else []
            for cell in within(row, "tc"):
                merging = merging_of(cell)
                self._omissions["合并的单元格"] += merging.is_merged
                blocks = self._grounded(cell, _ground_of(cell, on_ground))
                self._cells += 1
                cells.append(Cell(tuple(self._paragraphs_in(blocks)), merging.span, merging.goes_on))
                self._cells -= 1
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                self._omissions[_GONE[W + "del"]] += 1
            elif switched(properties, "hidden"):
                self._omissions["隐藏的文字"] += 1
            elif cells:
                rows.append(tuple(cells))
        return Table(tuple(rows))

    def _paragraphs_in(self, blocks: Iterable[Block]) -> Iterator[Paragraph]:
        """The paragraphs of blocks in a cell or a note, including those of tables in them.

        Pieces that were to be joined to a following paragraph end here.
        """
        for block in (*blocks, *self._rest()):
            if isinstance(block, Paragraph):
                yield block
                continue
            self._omissions["表格里的表格"] += 1
            yield from (paragraph for row in block.rows for inner in row for paragraph in inner.paragraphs)

    # ------------------------------------------------------------ within a paragraph

    def _inline(self, parent: Iterable[Element], style: ParagraphStyle, link: str = "") -> Iterator[Piece]:
        for item in parent:
            if item.tag == W + "r":
                yield from self._run(item, style, link)
            elif item.tag == W + "hyperlink":
                target = self._relations.get(item.get(R + "id", ""), "")
                yield from self._inline(item, style, self._address(with_place(target, item.get(W + "anchor", ""))))
            elif item.tag == W + "fldSimple":
                address = self._address(link_in(item.get(W + "instr", "")))
                yield from self._inline(item, style, address or link)
            elif item.tag in _GONE:
                self._omissions[_GONE[item.tag]] += 1
            elif item.tag == MC + "AlternateContent":
                yield from self._inline(choice(item), style, link)
            elif item.tag in CONTAINERS and not self._is_left_out(item):
                yield from self._inline(item, style, link)
            elif item.tag in (M + "oMath", M + "oMathPara"):
                self._omissions["公式"] += 1
                yield Run("".join([text.text or "" for text in item.iter(M + "t")]))

    def _address(self, typed: str) -> str:
        """The address of a link, if it leads to the web; any other is counted as an omission."""
        link = link_of(typed, "")
        if link.fault:
            self._omissions[link.fault] += 1
        return link.address

    def _run(self, item: Element, style: ParagraphStyle, link: str) -> Iterator[Piece]:
        properties = item.find(W + "rPr")
        own = self._styles.run(properties)
        hidden = switched(properties, "vanish")
        if hidden or (hidden is None and (own.is_hidden or style.is_hidden)):
            self._omissions["隐藏的文字"] += any(text.text for text in item.iter(W + "t"))
            self._omissions["隐藏的图片"] += any(drawing_of(part).pictures for part in item if part.tag in _DRAWINGS)
            for part in item:
                if part.tag in (W + "fldChar", W + "instrText"):
                    list(self._field(part, frozenset()))
            return
        marks, font = marks_of(properties, style, own), font_of(properties)
        calls = [part for part in item if part.get(W + "customMarkFollows") not in (None, *OFF)]
        is_light = own.is_white or style.is_white
        around = self._on_ground or own.has_ground or (style.has_ground if self._ground is None else self._ground)
        is_unseen = is_unseen_text(properties, is_light, around)
        for part in calls or item:
            if is_unseen and part.tag in _LETTERS and not self._fields.is_instruction:
                self._omissions[UNSEEN] += part.tag == W + "sym" or bool((part.text or "").strip())
                continue
            yield from self._part(part, marks, style, link, font)

    def _part(
        self, part: Element, marks: frozenset[Mark], style: ParagraphStyle, link: str, font: str = ""
    ) -> Iterator[Piece]:
        name = part.tag.removeprefix(W)
        if name in ("fldChar", "instrText"):
            yield from self._field(part, marks)
        elif self._fields.is_instruction or self._fields.is_contents:
            return
        elif name in _SIGNS or (name in ("t", "br") and (part.text or name == "br")):
            text = self._signs(part.text or "", font) if name == "t" else _SIGNS.get(name, "\n")
            text = blanks_of_word(text) if "underline" in marks and text != "\n" else text
            address = link or link_of(self._fields.link, "").address
            yield Run(text, marks - {"underline"} if address else marks, address)
        elif name == "sym":
            yield Run(self._symbol(part), marks, link)
        elif name in ("footnoteReference", "endnoteReference"):
            key = name.removesuffix("Reference"), part.get(W + "id", "")
            yield Run("", note=self._notes.setdefault(key, len(self._notes) + 1))
        elif name == "ruby":
            self._omissions["汉字上的注音"] += 1
            yield from self._inline(part, style, link)
        elif part.tag == MC + "AlternateContent":
            for inner in choice(part):
                yield from self._part(inner, marks, style, link, font)
        elif name == "contentPart":  # drawn with a pen
            self._omissions["图形（流程图、艺术字、图表）"] += 1
        elif part.tag in _DRAWINGS:
            yield from self._drawing(part)

    def _field(self, part: Element, marks: frozenset[Mark]) -> Iterator[Run]:
        """Read one mark of a field. The text between `begin` and `separate` is its instruction, and is not shown."""
        if part.tag == W + "instrText":
            self._fields.instruct(part.text or "")
            return
        kind = part.get(W + "fldCharType", "")
        if kind == "begin":
            self._fields.begin(part)
        elif kind == "separate":
            self._omissions["目录"] += self._fields.separate() == "TOC" and self._fields.is_contents
            self._address(self._fields.link)
        elif kind == "end":
            found = self._fields.end()
            self._omissions[found.omission] += 1
            if found.words:
                yield Run(found.words, marks)

    def _signs(self, text: str, font: str) -> str:
        found, unknown = symbols(text, font)
        self._omissions["特殊符号"] += unknown
        return found

    def _symbol(self, part: Element) -> str:
        found = symbol(part.get(W + "char", ""), part.get(W + "font", ""))
        self._omissions["特殊符号"] += found is None
        return UNKNOWN if found is None else found

    def _drawing(self, part: Element) -> Iterator[InlinePicture]:
        found = drawing_of(part)
        if found.is_hidden:
            self._omissions["隐藏的图片"] += 1
            return
        self._omissions["裁剪过的图片"] += found.is_cropped
        self._omissions["嵌入的文档"] += found.embedded
        self._omissions["链接在别处的图片"] += found.elsewhere
        pictures = tuple(self._pictures_of(found))
        if found.boxes and pictures:  # a group: its pictures and texts follow the paragraph together
            self._boxes.append(Paragraph(pictures=pictures))
        else:
            yield from pictures
        self._boxes += found.boxes
        if not (found.pictures or found.boxes or found.is_rule or found.elsewhere):
            self._omissions["图形（流程图、艺术字、图表）"] += 1

    def _pictures_of(self, found: WordDrawing) -> Iterator[InlinePicture]:
        for target in filter(None, map(self._relations.get, found.pictures)):
            data = self._package.read(target)
            if data:
                self._pictures[target] = data
                yield InlinePicture(target, found.alt)
            else:
                self._omissions["链接在别处的图片"] += 1

    # ------------------------------------------------------------ beside the text

    def _footnotes(self) -> Iterator[tuple[int, tuple[Paragraph, ...]]]:
        """The notes that are called in the text, by number; identifiers in them refer to the relations of their part."""
        kinds: tuple[tuple[Literal["footnotes", "endnotes"], str], ...]
        kinds = ("footnotes", "footnote"), ("endnotes", "endnote")
        for part, kind in kinds:
            root = self._parts.xml(part)
            self._relations = self._package.relations(self._parts.name(part))
            for item in root.iter(W + kind) if root is not None else ():
                number = self._notes.get((kind, item.get(W + "id", "")))
                if number:
                    yield number, tuple(self._paragraphs_in(self._blocks(item)))


def _goes_on_below(properties: Element | None) -> bool:
    """Whether a paragraph is to be joined to the next: its end is a tracked deletion, or it is a drop cap."""
    if properties is None:
        return False
    frame = properties.find(W + "framePr")
    is_letter = frame is not None and frame.get(W + "dropCap") in ("drop", "margin")
    return is_letter or properties.find(f"{W}rPr/{W}del") is not None


def _ground_of(cell: Element, on_ground: bool) -> bool:
    """Whether a colour lies behind the text of a cell, by its own properties or, if they say nothing, `on_ground`."""
    own = has_ground(cell.find(W + "tcPr"))
    return on_ground if own is None else own


def _with_pieces(paragraph: Paragraph, line: Sequence[Piece]) -> Paragraph:
    runs = tuple(piece for piece in line if isinstance(piece, Run))
    return changed(paragraph, runs=runs, pictures=tuple(piece for piece in line if isinstance(piece, InlinePicture)))
