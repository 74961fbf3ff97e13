"""The parts of a Word file, found by their relations: SharePoint numbers them (`document2.xml`, `styles2.xml`)."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.office_package import OfficePackage
from newsgen.authoring.importers.word_xml import A, V, W

PartKind = Literal["styles", "numbering", "footnotes", "endnotes", "comments"]
_MAIN = re.compile(r"word/document\d*\.xml")
_MARGIN = re.compile(r"word/(?:header|footer)\d*\.xml")
_LETTER = re.compile(r"[^\W\d_]")


class WordParts:
    """The parts of one document; `main` is the name of the part with its text, "" if there is none."""

    def __init__(self, package: OfficePackage) -> None:
        self.package = package
        named = package.related("", "officeDocument")
        by_name = (name for name in sorted(package.names) if _MAIN.fullmatch(name))
        self.main = named if named in package.names else next(by_name, "")

    @cached_property
    def document(self) -> Element | None:
        """The root of the part with the text; None if the file is no Word file."""
        return self.package.xml(self.main) if self.main else None

    @property
    def body(self) -> Element | None:
        """The element that holds the text; None if the file is no Word file."""
        return self.document.find(W + "body") if self.document is not None else None

    def name(self, kind: PartKind) -> str:
        """The name of a kind of part: by its relation, else the usual one."""
        return self.package.related(self.main, kind) or f"word/{kind}.xml"

    def xml(self, kind: PartKind) -> Element | None:
        """The root of the part of a kind; None if there is none."""
        return self.package.xml(self.name(kind))

    @property
    def comments(self) -> int:
        """The number of comments."""
        root = self.xml("comments")
        return len(list(root.iter(W + "comment"))) if root is not None else 0

    @property
    def margins(self) -> int:
        """The number of headers and footers that hold a picture or letters, so more than a page number."""
        roots = (self.package.xml(name) for name in sorted(self.package.names) if _MARGIN.fullmatch(name))
        return sum(_says_something(root) for root in roots if root is not None)


def _says_something(root: Element) -> bool:
    words = "".join([text.text or "" for text in root.iter(W + "t")])
    has_picture = any(next(root.iter(name), None) is not None for name in (A + "blip", V + "imagedata", V + "textpath"))
    return has_picture or bool(_LETTER.search(words))
