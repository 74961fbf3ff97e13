"""Word's soft return and its like: line breaks of the text that no editor counts as lines.

To every rule they are line ends. Diagnostics and references tell the line and column that an editor shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from newsgen.core.model import ArticleKind, Body, Diagnostic, Markdown, Reference, changed
from newsgen.core.text import SOFT_BREAK

Result = tuple[Body, tuple[Diagnostic, ...]]
_Item = TypeVar("_Item", Reference, Diagnostic)
Convert = Callable[[str, Markdown, ArticleKind, int], Result]


def split_softly(convert: Convert, source: str, settings: Markdown, kind: ArticleKind, first_line: int) -> Result:
    """The result of `convert` for a `source` whose SOFT_BREAKs are line ends; places are those in `source`."""
    body, diagnostics = convert(source.replace(SOFT_BREAK, "\n"), settings, kind, first_line)
    starts = _starts(source, first_line)
    references = tuple(_placed(item, starts, first_line) for item in body.references)
    return changed(body, references=references), tuple(_placed(item, starts, first_line) for item in diagnostics)


def _starts(source: str, first_line: int) -> list[tuple[int, int]]:
    """The beginning of each piece between two breaks: its line, and the characters before it in that line."""
    starts = []
    for number, line in enumerate(source.split("\n"), first_line):
        before = 0
        for piece in line.split(SOFT_BREAK):
            starts.append((number, before))
            before += len(piece) + 1
    return starts


def _placed(item: _Item, starts: list[tuple[int, int]], first_line: int) -> _Item:
    line, before = starts[item.line - first_line]
    return changed(item, line=line, column=item.column + before)
