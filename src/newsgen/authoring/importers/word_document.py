"""A Word file (.docx) -> blocks: an own walk over its XML (ECMA-376 part 1, 17).

Why no library: of 33 features of reports, mammoth, pandoc, markitdown, docx2python and LibreOffice carry 16 to 23, and all
but the last print hidden text; they know neither the automatic numbers of Chinese lists nor what is deleted but tracked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.blocks import Block, Cell, Imported, InlinePicture, Mark, Paragraph, Run, Table
from newsgen.authoring.importers.office_package import OLD_FORMAT, OfficePackage
from newsgen.authoring.importers.remarks import Told, remarks
from newsgen.authoring.importers.symbol_fonts import UNKNOWN, symbol
from newsgen.authoring.importers.word_numbering import Numbering
from newsgen.authoring.importers.word_styles import ParagraphStyle, Styles, numbering_of
from newsgen.authoring.importers.word_xml import MC, WP, A, M, R, V, W, switched, value
from newsgen.core.errors import UsageError

DOCUMENT = "word/document.xml"
_MAIN = re.compile(r"word/document\d*\.xml")
_CONTAINERS = frozenset(
    W + name
    for name in (
        "sdt",
        "sdtContent",
        "smartTag",
        "customXml",
        "ins",
        "moveTo",
        "fldSimple",
        "ruby",
        "rubyBase",
        "dir",
        "bdo",
    )
)
"""Elements whose content counts as if they were not there; what was inserted but tracked is accepted."""
_GONE = {W + "del": "删除线修订", W + "moveFrom": "移动修订"}
_TOGGLES: tuple[tuple[str, Mark], ...] = (("b", "bold"), ("i", "italic"), ("strike", "struck"), ("dstrike", "struck"))
_ALIGNED: dict[str, Literal["", "center", "right"]] = {
    "center": "center",
    "right": "right",
    "end": "right",
    "distribute": "center",
}


def read_word(data: bytes, shown: str) -> Imported:
    """The blocks of a Word file; `shown` is its name in messages. Raises UsageError."""
    if data.startswith(OLD_FORMAT):
        raise UsageError(
            f"{shown} 是旧格式（.doc、.wps），或者有密码",
            "用 Word 或 WPS 打开，去掉密码，另存为 .docx，再试一次",
            "word.old",
        )
    package = OfficePackage(data, shown)
    main = DOCUMENT if DOCUMENT in package.names else next(filter(_MAIN.fullmatch, sorted(package.names)), "")
    root = package.xml(main) if main else None
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise UsageError(f"{shown} 不是 Word 文件", "用 Word 或 WPS 另存为 .docx，再试一次", "word.broken")
    return _Walk(package, main).document(body)


class _Walk:
    """A walk through the parts of one document."""

    def __init__(self, package: OfficePackage, main: str) -> None:
        self._package = package
        self._relations = package.relations(main)
        self._styles = Styles(package.xml("word/styles.xml"))
        self._numbering = Numbering(package.xml("word/numbering.xml"))
        self._notes: dict[tuple[str, str], int] = {}
        self._boxes: list[Element] = []
        self._told: Told = Told()
        self._pictures: dict[str, bytes] = {}
        self._is_in_field: list[bool] = []

    def document(self, body: Element) -> Imported:
        """All of the document, its footnotes and what was left out."""
        blocks = tuple(self._blocks(body))
        notes = dict(self._footnotes())
        comments = self._package.xml("word/comments.xml")
        if comments is not None and (count := len(list(comments.iter(W + "comment")))):
            self._told["批注"] += count
        self._tell_margins()
        return Imported(blocks, notes, self._pictures, tuple(remarks(self._told)))

    # ------------------------------------------------------------ blocks

    def _blocks(self, parent: Iterable[Element]) -> Iterator[Block]:
        for item in parent:
            if item.tag == W + "p":
                yield from self._paragraph(item)
            elif item.tag == W + "tbl":
                yield self._table(item)
            elif item.tag == MC + "AlternateContent":
                yield from self._blocks(_choice(item))
            elif item.tag in _CONTAINERS:
                yield from self._blocks(item)
            elif item.tag in _GONE:
                self._told[_GONE[item.tag]] += 1

    def _paragraph(self, item: Element) -> Iterator[Block]:
        """A paragraph, and the texts of the boxes that hang on it; a soft return parts it in two."""
        properties = item.find(W + "pPr")
        style = self._styles.paragraph(properties)
        pieces = list(self._inline(item, style))
        runs = tuple(piece for piece in pieces if isinstance(piece, Run))
        pictures = tuple(piece for piece in pieces if isinstance(piece, InlinePicture))
        boxes, self._boxes = self._boxes, []
        if runs or pictures:
            align = _ALIGNED.get((value(properties, "jc") if properties is not None else "") or style.align, "")
            outline = value(properties, "outlineLvl") if properties is not None else ""
            level = int(outline) + 1 if outline.isdigit() and int(outline) < 6 else style.level
            whole = Paragraph(runs, level or (1 if style.is_title else 0), align=align, pictures=pictures)
            yield from self._numbered(whole, properties, style)
        for box in boxes:
            self._told["文本框"] += 1
            yield from self._blocks(box)

    def _numbered(self, whole: Paragraph, properties: Element | None, style: ParagraphStyle) -> Iterator[Paragraph]:
        named = numbering_of(properties) or style.number
        found = self._numbering.numbered(*named) if named and whole.text.strip() else None
        lines = _lines(whole)
        if found:
            changed = Paragraph(
                lines[0].runs, whole.level, found.text, found.is_bullet, found.depth, whole.align, lines[0].pictures
            )
            yield changed
        yield from lines[1:] if found else lines

    def _table(self, item: Element) -> Table:
        rows = []
        for row in _within(item, "tr"):
            cells = []
            for cell in _within(row, "tc"):
                properties = cell.find(W + "tcPr")
                span, merge = 1, None
                if properties is not None:
                    typed = value(properties, "gridSpan")
                    span = min(int(typed), 60) if typed.isdigit() and int(typed) else 1
                    merge = properties.find(W + "vMerge")
                goes_on = merge is not None and merge.get(W + "val", "continue") == "continue"
                if span > 1 or merge is not None:
                    self._told["合并的单元格"] += not goes_on
                cells.append(Cell(tuple(self._cell_paragraphs(cell)), span, goes_on))
            deleted = row.find(f"{W}trPr/{W}del")
            if deleted is not None:
                self._told[_GONE[W + "del"]] += 1
            elif cells:
                rows.append(tuple(cells))
        return Table(tuple(rows))

    def _cell_paragraphs(self, cell: Element) -> Iterator[Paragraph]:
        for block in self._blocks(cell):
            if isinstance(block, Paragraph):
                yield block
                continue
            self._told["表格里的表格"] += 1
            yield from (paragraph for row in block.rows for inner in row for paragraph in inner.paragraphs)

    # ------------------------------------------------------------ within a paragraph

    def _inline(
        self, parent: Iterable[Element], style: ParagraphStyle, link: str = ""
    ) -> Iterator[Run | InlinePicture]:
        for item in parent:
            if item.tag == W + "r":
                yield from self._run(item, style, link)
            elif item.tag == W + "hyperlink":
                address = self._relations.get(item.get(R + "id", ""), "")
                yield from self._inline(
                    item, style, address if "://" in address or address.startswith("mailto:") else ""
                )
            elif item.tag in _GONE:
                self._told[_GONE[item.tag]] += 1
            elif item.tag == MC + "AlternateContent":
                yield from self._inline(_choice(item), style, link)
            elif item.tag in _CONTAINERS:
                yield from self._inline(item, style, link)
            elif item.tag in (M + "oMath", M + "oMathPara"):
                self._told["公式"] += 1
                yield Run("".join([text.text or "" for text in item.iter(M + "t")]))

    def _run(self, item: Element, style: ParagraphStyle, link: str) -> Iterator[Run | InlinePicture]:
        properties = item.find(W + "rPr")
        own = self._styles.run(properties)
        hidden = switched(properties, "vanish")
        if hidden or (hidden is None and (own.is_hidden or style.is_hidden)):
            self._told["隐藏的文字"] += any(text.text for text in item.iter(W + "t"))
            return
        marks = _marks(properties, style, own)
        for part in item:
            yield from self._part(part, marks, style, link)

    def _part(
        self, part: Element, marks: frozenset[Mark], style: ParagraphStyle, link: str
    ) -> Iterator[Run | InlinePicture]:
        name = part.tag.removeprefix(W)
        if name == "fldChar":
            self._field(part.get(W + "fldCharType", ""))
        elif self._is_in_field and self._is_in_field[-1]:  # the instruction of a field, such as PAGE
            return
        elif name == "t" and part.text:
            yield Run(part.text, marks, link)
        elif name in ("tab", "ptab"):
            yield Run("\t", marks, link)
        elif name in ("br", "cr"):
            if part.get(W + "type") in (None, "textWrapping"):
                yield Run("\n", marks, link)
        elif name == "noBreakHyphen":
            yield Run("-", marks, link)
        elif name == "sym":
            yield Run(self._symbol(part), marks, link)
        elif name in ("footnoteReference", "endnoteReference"):
            key = name.removesuffix("Reference"), part.get(W + "id", "")
            yield Run("", note=self._notes.setdefault(key, len(self._notes) + 1))
        elif name == "ruby":
            yield from self._inline(part, style, link)
        elif part.tag == MC + "AlternateContent":
            for inner in _choice(part):
                yield from self._part(inner, marks, style, link)
        elif name in ("drawing", "pict", "object"):
            yield from self._drawing(part)

    def _field(self, kind: str) -> None:
        """Fields nest; what stands between begin and separate is their instruction, and no text."""
        if kind == "begin":
            self._is_in_field.append(True)
        elif kind == "separate" and self._is_in_field:
            self._is_in_field[-1] = False
        elif kind == "end" and self._is_in_field:
            self._is_in_field.pop()

    def _symbol(self, part: Element) -> str:
        found = symbol(part.get(W + "char", "").upper())
        self._told["特殊符号"] += found is None
        return UNKNOWN if found is None else found

    def _drawing(self, part: Element) -> Iterator[InlinePicture]:
        self._boxes += part.iter(W + "txbxContent")
        named = [item.get(R + "embed", "") for item in part.iter(A + "blip")]
        named += [item.get(R + "id", "") for item in part.iter(V + "imagedata")]
        about = next(part.iter(WP + "docPr"), None)
        alt = "" if about is None else about.get("descr", "") or about.get("title", "")
        for target in filter(None, map(self._relations.get, named)):
            data = self._package.read(target)
            if data:
                self._pictures[target] = data
                yield InlinePicture(target, alt)
            else:
                self._told["链接在别处的图片"] += 1
        if not named and not self._boxes:
            self._told["图形（流程图、艺术字、图表）"] += 1

    # ------------------------------------------------------------ beside the text

    def _footnotes(self) -> Iterator[tuple[int, tuple[Paragraph, ...]]]:
        for kind in ("footnote", "endnote"):
            root = self._package.xml(f"word/{kind}s.xml")
            for item in root.iter(W + kind) if root is not None else ():
                number = self._notes.get((kind, item.get(W + "id", "")))
                if number:
                    yield number, tuple(self._cell_paragraphs(item))

    def _tell_margins(self) -> None:
        """Count headers and footers that hold more than a page number."""
        for name in sorted(self._package.names):
            if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name):
                root = self._package.xml(name)
                words = "".join([text.text or "" for text in root.iter(W + "t")]) if root is not None else ""
                self._told["页眉和页脚"] += bool(re.search(r"[^\W\d_]", words))


def _choice(item: Element) -> Iterable[Element]:
    """What a newer program reads, of content that is there twice."""
    choice = item.find(MC + "Choice")
    chosen = item.find(MC + "Fallback") if choice is None else choice
    return () if chosen is None else chosen


def _within(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, also in content controls and accepted changes."""
    for item in parent:
        if item.tag == W + name:
            yield item
        elif item.tag in _CONTAINERS:
            yield from _within(item, name)


def _marks(properties: Element | None, style: ParagraphStyle, own: ParagraphStyle) -> frozenset[Mark]:
    found: set[Mark] = set()
    for name, mark in _TOGGLES:
        typed = switched(properties, name)
        by_style = bool(own.is_bold if own.is_bold is not None else style.is_bold) if mark == "bold" else False
        if by_style if typed is None else typed:
            found.add(mark)
    if properties is not None:
        if value(properties, "u") not in ("", "none"):
            found.add("underline")
        position = value(properties, "vertAlign")
        if position in ("superscript", "subscript"):
            found.add("super" if position == "superscript" else "sub")
    return frozenset(found)


def _lines(whole: Paragraph) -> list[Paragraph]:
    """A paragraph as one for each line between soft returns; the pictures stay with the first."""
    lines: list[list[Run]] = [[]]
    for run in whole.runs:
        first, *others = run.text.split("\n") if not run.note else [run.text]
        lines[-1].append(Run(first, run.marks, run.link, run.note))
        lines += [[Run(text, run.marks, run.link)] for text in others]
    kept = [tuple(run for run in line if run.text or run.note) for line in lines]
    found = [line for line in kept if line] or [()]
    return [
        Paragraph(line, whole.level, align=whole.align, pictures=() if number else whole.pictures)
        for number, line in enumerate(found)
    ]
