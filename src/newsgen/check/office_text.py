"""The text in the parts of office files (Office Open XML): running text, tables, notes, comments, properties, texts of pictures.

A text with tracked changes is read twice: with all changes accepted, and with all rejected. No entity is expanded.
"""

from __future__ import annotations

import re
from xml.parsers import expat

MOST_TEXT = 5_000_000
"""The maximum number of characters read of one attachment."""
PARTS = re.compile(
    r"(?:word/(?:glossary/)?(?:document|header\d*|footer\d*|footnotes|endnotes|comments\w*)"
    r"|xl/(?:workbook|sharedStrings|comments\d*|threadedComments/.*|persons/.*|worksheets/sheet\d+|chartsheets/sheet\d+"
    r"|pivotCache/pivotCache\w+|externalLinks/externalLink\d+)"
    r"|ppt/(?:slides/slide\d+|notesSlides/notesSlide\d+|slideLayouts/slideLayout\d+|slideMasters/slideMaster\d+"
    r"|comments/.*|commentAuthors)"
    r"|(?:word|xl|ppt)/(?:charts/chart\w*|diagrams/data\d+|drawings/(?:drawing|vmlDrawing)\d+)"
    r"|customXml/item\d+|docProps/(?:core|app|custom))\.xml|(?:.*/)?_rels/[^/]+\.rels"
)
_BREAKS = frozenset(
    ("p", "tr", "row", "si", "br", "c", "title", "tab", "is", "lpstr", "lpwstr", "cell", "definedName", "pt", "comment")
)
_DELETIONS, _INSERTIONS = frozenset(("del", "moveFrom")), frozenset(("ins", "moveTo"))
_TOLD_BY: dict[str, str | tuple[str, ...]] = {"descr": "", "title": "", "Target": ("mailto:", "tel:")}
"""Attributes whose values people see, such as alternative texts of pictures -> prefixes that a value must have."""
_CELLS = frozenset(("s", "n", "d"))
"""Elements of a pivot table's cache, whose values are in the attribute `v`."""


class Unreadable(Exception):
    """An attachment that cannot be read; the message says why, in Chinese."""


def part_name(inner: str) -> str:
    """The name of a part for people, in Chinese."""
    folder, _, rest = inner.partition("/")
    if folder == "docProps" or folder == "customXml":
        return "文档属性"
    if inner.endswith(".rels"):
        return "链接"
    if "omment" in rest:
        return "批注"
    number = re.search(r"(?:sheet|slide|notesSlide)(\d+)\.xml$", rest)
    if number:
        return f"第 {number[1]} {'张工作表' if folder == 'xl' else '张幻灯片'}"
    return "正文" if folder == "word" else "工作表" if folder == "xl" else "幻灯片"


def xml_text(data: bytes) -> list[str]:
    """The text of a part, a paragraph or cell on each line: with its tracked changes accepted and, if there are any,
    again with them rejected. Raises Unreadable.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.keep
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Unreadable("打不开，可能已经损坏") from error
    now, before = "".join(reader.now), "".join(reader.before)
    return [now, before] if now != before else [now]


def _refuse(*_: object) -> None:
    raise Unreadable("XML 里有实体定义，正常的文件不会有")


class _Reader:
    """A target for an XML parser: it collects the text with tracked changes accepted (`now`) or rejected (`before`)."""

    def __init__(self) -> None:
        self.now: list[str] = []
        self.before: list[str] = []
        self._deletions = self._insertions = 0
        self._room = MOST_TEXT

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = tag.rpartition(":")[2]
        self._deletions += name in _DELETIONS
        self._insertions += name in _INSERTIONS
        for key, begins in _TOLD_BY.items():
            value = attributes.get(key, "")
            if value and value.startswith(begins):
                self.keep(f"\n{value}\n")
        if name in _CELLS and "v" in attributes:
            self.keep(f"\n{attributes['v']}\n")

    def end(self, tag: str) -> None:
        """End an element."""
        name = tag.rpartition(":")[2]
        self._deletions -= name in _DELETIONS
        self._insertions -= name in _INSERTIONS
        if name in _BREAKS:
            self.keep("\n")

    def keep(self, text: str) -> None:
        """Add text. Raises Unreadable if there is too much."""
        self._room -= len(text)
        if self._room < 0:
            raise Unreadable(f"里面的文字超过 {MOST_TEXT:,} 个，没有检查")
        if not self._deletions:
            self.now.append(text)
        if not self._insertions:
            self.before.append(text)
