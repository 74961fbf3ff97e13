"""The short way from a text to its Body: what the whole chain would give, to the byte (test_markup_fast.py).

Most reports hold nothing but paragraphs, headings, a photo or two, a bold word and a signature (simple.py): their
Body is made at once. Where a table, a list, a quotation or a footnote stands between such lines, the chain is given
that alone, with one mark for each run of plain lines, and the two are put together. When in doubt: None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from newsgen.markup import chain
from newsgen.markup.addresses import Positions
from newsgen.markup.addresses import typed as typed_addresses
from newsgen.markup.closing import Closing, set_apart
from newsgen.markup.headings import chinese_heading
from newsgen.markup.limits import too_complex
from newsgen.markup.plain import plain_text
from newsgen.markup.references import split, with_ids
from newsgen.markup.simple import SPOT, Page, Typed, understood
from newsgen.markup.source import Draft, Line, Place
from newsgen.model import ArticleKind, Body, Diagnostic, Markdown
from newsgen.text import join_lines

Result = tuple[Body, tuple[Diagnostic, ...]]

_RUN = "\ue001"
"""Stands for a run of plain lines: a private character, which no plain line holds."""
_FAR = re.compile(rf"[<`\\{{}}#＃\x02\x03{_RUN}]|&[\w#]*;|^~|///")
"""What may reach beyond its own block, or make a heading: HTML and entities, code, line breaks, attributes, headings,
fences, and Python-Markdown's mark for the place of footnotes."""
_OPENERS = frozenset("-+*>[0123456789")
"""What opens a block that takes the text right below it, too."""


def convert_plain(source: str, settings: Markdown, kind: ArticleKind, first_line: int) -> Result | None:
    """What `markup.convert` gives for a text that is plain, or plain but for blocks that keep to themselves; else None."""
    typed = understood(source, first_line)
    closing = set_apart([line for line, _ in typed], kind)
    kept = typed
    if closing.signature is not None:
        numbers = {line.number for line in closing.lines}
        kept = [item for item in typed if item.line.number in numbers]
    if all(match for _, match in kept):
        return None if settings.paragraphs == "standard" and _has_long_paragraphs(typed) else _plain(kept, closing)
    if settings.paragraphs == "standard" or any(too_complex(source, first_line)):
        return None
    return _patched(typed, closing, first_line)


def _has_long_paragraphs(typed: Sequence[Typed]) -> bool:
    """Whether Markdown's rule makes one paragraph of two lines: text right below text, but for Word's indents."""
    return any(
        below.line.number == above.line.number + 1 and not below.line.foreign and above.may_join and below.may_join
        for above, below in pairwise(typed)
    )


def _plain(typed: Sequence[Typed], closing: Closing) -> Result | None:
    page = Page()
    for line, match in typed:
        if match and not page.add(line, match, closing.classes):
            return None
    headings = page.headings()
    html = "\n".join(page.blocks)
    chunks: list[str | int] = [html]
    if page.references:
        first, *others = html.split(SPOT)
        chunks = [first, *(chunk for index, rest in enumerate(others) for chunk in (index, rest))]
    ids = frozenset(heading.id for heading in headings)
    text = join_lines(page.texts)
    return Body(tuple(chunks), tuple(page.references), headings, ids, text, closing.signature), ()


# ---------------------------------------------------------------- plain lines and others


class _Run(NamedTuple):
    """Where a run of plain lines begins in the blocks and texts of a Page."""

    block: int
    text: int


@dataclass(frozen=True, slots=True)
class _Patchwork:
    """A text taken apart: the lines for the chain, with one that stands for each run of plain lines; their page."""

    lines: list[Line] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)
    page: Page = field(default_factory=Page)
    figures: list[Line] = field(default_factory=list)


def _patched(typed: Sequence[Typed], closing: Closing, first_line: int) -> Result | None:
    """The Body of a text whose lines are not all plain."""
    work, draft = _Patchwork(), Draft()
    if not _take_apart(work, typed, closing) or not work.runs:
        return None
    try:
        html = chain.sanitised(work.lines, Place(0, True, closing.classes), draft)
    except RecursionError:
        return None
    html, unforeseen, ids = with_ids(html or "")
    pieces = html.split(f"<p>{_RUN}</p>")
    if unforeseen or len(pieces) != len(work.runs) + 1:
        return None
    headings = work.page.headings()
    html, text = _put_together(work, pieces)
    addresses = typed_addresses([*draft.prose, *work.figures], [])
    chunks, references = split(html, Positions(addresses), first_line)
    ids |= {heading.id for heading in headings}
    return Body(chunks, references, headings, ids, text, closing.signature), chain.said(draft, addresses)


def _take_apart(work: _Patchwork, typed: Sequence[Typed], closing: Closing) -> bool:
    """Sort the lines; False where one of the others may reach beyond its block."""
    kept = {line.number for line in closing.lines}
    above, blank, grasping, in_run = 0, False, False, False
    for line, match in typed:
        blank, above = blank or line.number > above + 1, line.number
        if line.number not in kept:
            continue
        stands_alone = line.foreign or (line.indent == 0 and (blank or not grasping))
        if match and stands_alone:
            if not in_run:
                _begin_run(work)
            if match.lastgroup == "src":
                work.figures.append(line)
            if not work.page.add(line, match, closing.classes):
                return False
            grasping = False
        elif _reaches_far(line):
            return False
        else:
            work.lines.extend([_blank(line), line] if blank else [line])
            grasping = line.indent > 0 or line.text[0] in _OPENERS or (grasping and not stands_alone)
        in_run, blank = bool(match and stands_alone), False
    return True


def _reaches_far(line: Line) -> bool:
    """Whether a line may change what becomes of lines in other blocks, or is a heading."""
    text = line.text
    return not text or line.hard or bool(_FAR.search(line.raw)) or text[0] == "~" or chinese_heading(text) is not None


def _blank(line: Line) -> Line:
    return Line(line.number, 1, 0, "", False, False, "")


def _begin_run(work: _Patchwork) -> None:
    """Word's indent and no number keep the mark of a run out of the blocks around it, and of the closing."""
    work.lines.append(Line(0, 1, 0, _RUN, True, False, _RUN))
    work.runs.append(_Run(len(work.page.blocks), len(work.page.texts)))


def _put_together(work: _Patchwork, pieces: Sequence[str]) -> tuple[str, str]:
    """(HTML, text): the pieces with the runs between them."""
    page, references = work.page, iter(work.page.references)
    html, texts = [pieces[0]], [plain_text(pieces[0])]
    ends = [*work.runs[1:], _Run(len(page.blocks), len(page.texts))]
    for run, end, piece in zip(work.runs, ends, pieces[1:], strict=True):
        blocks = "\n".join(page.blocks[run.block : end.block])
        html += [re.sub(SPOT, lambda _: f' src="{next(references).target}"', blocks), piece]
        texts += [*page.texts[run.text : end.text], plain_text(piece)]
    return "".join(html), join_lines(texts)
