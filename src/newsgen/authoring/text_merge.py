"""Three-way merge of two versions of a body and the base from which both came, line by line.

It uses difflib, as no library fits: merge3 is under the GPL, three-merge joins characters and reports no conflicts, and
members' computers may lack `git merge-file`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from newsgen.authoring.text_lines import lines_of, matching, with_line_feeds
from newsgen.core.model import Record


class MergePart(Record, frozen=True):
    """A part of the merged text, in whole lines, as it is in each of the three versions.

    `same`: `mine` and `theirs` agree, even if both changed the base; `mine`, `theirs`: only that version changed it;
    `conflict`: both changed it, in different ways.
    """

    kind: Literal["same", "mine", "theirs", "conflict"]
    base: str
    mine: str
    theirs: str

    @property
    def text(self) -> str | None:
        """The merged text; None for a conflict."""
        return None if self.kind == "conflict" else self.theirs if self.kind == "theirs" else self.mine


def parts(base: str, mine: str, theirs: str) -> tuple[MergePart, ...]:
    """The whole text as parts, in order. Joined, the parts of a version give that version, with LF as line ends."""
    base, mine, theirs = map(with_line_feeds, (base, mine, theirs))
    found = _regions((lines_of(base), lines_of(mine), lines_of(theirs)), _pairs(base, mine), _pairs(base, theirs))
    joined: list[MergePart] = []
    for part in found:
        if joined and joined[-1].kind == part.kind != "conflict":
            last = joined.pop()
            part = MergePart(part.kind, last.base + part.base, last.mine + part.mine, last.theirs + part.theirs)
        joined.append(part)
    return tuple(joined)


def merged(base: str, mine: str, theirs: str) -> str | None:
    """The text with the changes of both versions; None if there is a conflict."""
    texts = [part.text for part in parts(base, mine, theirs)]
    return None if None in texts else "".join(text for text in texts if text is not None)


def _pairs(base: str, other: str) -> dict[int, int]:
    """The lines that the base shares with another version: index in the base -> index in the other."""
    codes = (code for code in matching(base, other) if code[0] == "equal")
    return {line: line - start + first for _, start, end, first, _ in codes for line in range(start, end)}


def _regions(
    versions: tuple[Sequence[str], Sequence[str], Sequence[str]], mine: dict[int, int], theirs: dict[int, int]
) -> Iterator[MergePart]:
    """The lines that all versions share, one part for each, and the parts between them."""
    above = (0, 0, 0)
    ends = tuple(map(len, versions))
    shared = [(line, mine[line], theirs[line]) for line in sorted(mine.keys() & theirs.keys())]
    for place in (*shared, ends):
        texts = ["".join(lines[start:end]) for lines, start, end in zip(versions, above, place, strict=True)]
        if any(texts):
            yield _region(*texts)
        if place != ends:
            line = versions[0][place[0]]
            yield MergePart("same", line, line, line)
        above = (place[0] + 1, place[1] + 1, place[2] + 1)


def _region(base: str, mine: str, theirs: str) -> MergePart:
    if mine == theirs:
        return MergePart("same", base, mine, theirs)
    if mine == base:
        return MergePart("theirs", base, mine, theirs)
    return MergePart("mine" if theirs == base else "conflict", base, mine, theirs)
