"""The places of names in the XML of a document's properties (ECMA-376 part 2, 11; XMP, ISO 16684-1).

No entity is expanded, and a document type is refused: no program writes one there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple
from xml.parsers import expat

from newsgen.content.attachment_metadata.edits import NotCleaned

NAMES = frozenset(("creator", "lastModifiedBy", "Company", "Manager", "Author", "author"))
"""The elements that hold names, without their prefixes."""
_BETWEEN = " "


class Span(NamedTuple):
    """A range of bytes."""

    start: int
    end: int


def contents(xml: bytes) -> list[Span]:
    """The contents of the elements NAMES, without their tags. Raises NotCleaned, also where a name is an attribute."""
    return _Finder(NAMES, whole=False).find(xml)


def elements(xml: bytes, names: Collection[str]) -> list[Span]:
    """The elements `names` with their tags. Raises NotCleaned."""
    return _Finder(names, whole=True).find(xml)


class _Finder:
    """A reading of one XML text. An event tells where it begins; where the one before it ended is known only then."""

    def __init__(self, names: Collection[str], whole: bool) -> None:
        self._names, self._whole = names, whole
        self._spans: list[Span] = []
        self._depth = self._outer = 0
        self._start: int | None = None
        self._starts_next = self._ends_next = False
        self._parser = parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._finish
        parser.DefaultHandler = self._other
        parser.StartDoctypeDeclHandler = self._refuse

    def find(self, xml: bytes) -> list[Span]:
        try:
            self._parser.Parse(xml, True)
        except (expat.ExpatError, ValueError) as error:
            raise NotCleaned("unclear") from error
        return [span for span in self._spans if span.end > span.start]

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._settle()
        self._depth += 1
        if any(_local(name) in self._names and value.strip() for name, value in attributes.items()):
            raise NotCleaned("unclear")
        if self._outer or _local(tag) not in self._names:
            return
        self._outer = self._depth
        if self._whole:
            self._start = self._parser.CurrentByteIndex
        else:
            self._starts_next = True

    def _finish(self, _tag: str) -> None:
        self._settle()
        if self._depth == self._outer:
            self._outer = 0
            if self._whole:
                self._ends_next = True
            else:
                self._add()
        self._depth -= 1

    def _other(self, _text: str) -> None:
        self._settle()

    def _settle(self) -> None:
        if self._starts_next:
            self._start, self._starts_next = self._parser.CurrentByteIndex, False
        if self._ends_next:
            self._ends_next = False
            self._add()

    def _add(self) -> None:
        assert self._start is not None, "an element that ends has begun"
        self._spans.append(Span(self._start, self._parser.CurrentByteIndex))

    def _refuse(self, *_: object) -> None:
        raise NotCleaned("unclear")


def _local(name: str) -> str:
    return name.rpartition(_BETWEEN)[2]
