"""A text that is simple but for some of its blocks: these go through the chain, the runs of others between them do not.

The chain is given the lines that are not understood, with one mark for each run, and its HTML and the runs' are put
together. Only where each of those lines keeps to its own block: when in doubt, the whole text takes the long way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from newsgen.content.markdown import pipeline
from newsgen.content.markdown.fast_path.blocks import BLOCKS, REFERENCE_MARK, FastPage
from newsgen.content.markdown.fast_path.classify import ClassifiedLine, ClassifiedText
from newsgen.content.markdown.headings import chinese_heading, hash_heading
from newsgen.content.markdown.limits import too_complex
from newsgen.content.markdown.link_targets import Positions, typed
from newsgen.content.markdown.near_misses import may_be_torn
from newsgen.content.markdown.plain_text import plain_text
from newsgen.content.markdown.preprocess.lines import Draft, Line, Nesting
from newsgen.content.markdown.references import split, with_ids
from newsgen.core.model import ArticleKind, Body, Diagnostic, Markdown, Record, Reference, field
from newsgen.core.text import join_lines

Result = tuple[Body, tuple[Diagnostic, ...]]

_RUN = "\ue001"
"""Stands for a run of simple lines: a private character, which none of them holds."""
_FAR = re.compile(rf"[<{{}}{_RUN}]|```|~~~|&#")
"""What may reach beyond its own block: HTML, attributes, fences; and what may stand for the mark of a run."""
_FOOTNOTES = "///"
"""Python-Markdown puts the footnotes where `///Footnotes Go Here///` stands."""
_BLANK = Line(0, 1, 0, "", False, False, False, "")
_GROUPS = ("row", "bullet", "number", "quote")


class _SimpleRun(NamedTuple):
    """Where a run of simple lines begins in the blocks and texts of a FastPage."""

    block: int
    text: int


class _Patchwork(Record, frozen=True):
    """A text taken apart: the lines for the chain, with one that stands for each run of simple lines; their page, and
    those of its lines that hold addresses."""

    page: FastPage
    lines: list[Line] = field(default_factory=list)
    runs: list[_SimpleRun] = field(default_factory=list)
    addressed: list[Line] = field(default_factory=list)


def convert_patched(
    source: str, text: ClassifiedText, settings: Markdown, kind: ArticleKind, first_line: int
) -> Result:
    """What `markup.convert` gives for any text; `text` is what was understood of it."""
    alike = settings.paragraphs == "chinese" and _FOOTNOTES not in source
    if alike and not any(too_complex(source, first_line)):
        patched = _patched(text, first_line, settings.url)
        if patched:
            return patched
    return pipeline.convert_full(source, settings, kind, first_line)


def _patched(text: ClassifiedText, first_line: int, url: str) -> Result | None:
    work, draft = _Patchwork(FastPage(text.classes, text.enumerated, url=url)), Draft()
    if not _take_apart(work, text.lines) or not work.runs:
        return None
    try:
        html = pipeline.sanitised(work.lines, Nesting(0, True, text.classes, text.enumerated), draft)
    except RecursionError:
        return None
    html, unforeseen, ids = with_ids(html or "")
    pieces = html.split(f"<p>{_RUN}</p>")
    if unforeseen or len(pieces) != len(work.runs) + 1:
        return None
    headings = work.page.headings()
    html, words = _put_together(work, pieces)
    addresses = typed([*draft.prose, *work.addressed], [])
    chunks, references = split(html, Positions(addresses), first_line, url)
    ids |= {heading.id for heading in headings}
    return Body(chunks, references, headings, ids, words, text.signature), pipeline.diagnostics_of(
        draft, addresses, url
    )


def _take_apart(work: _Patchwork, lines: Sequence[ClassifiedLine]) -> bool:
    """Sort the lines; False where one that is not simple may reach beyond its block.

    What belongs to a block above it is indented, or follows a line break.
    """
    index, in_run, broken = 0, False, False
    while index < len(lines):
        line = lines[index]
        alone = not line.indented and (line.blank or not broken)
        after = _simple_block(work, lines, index, in_run) if line.kind and alone else 0
        if after:
            in_run, broken = True, False
        else:
            other = line.line
            if _reaches_far(other):
                return False
            work.lines.extend([_BLANK, other] if line.blank else [other])
            in_run, broken = False, other.hard
        index = after or index + 1
    return True


def _simple_block(work: _Patchwork, lines: Sequence[ClassifiedLine], index: int, in_run: bool) -> int:
    """The index after the simple block at `index`, or 0. One of several lines is none where it may be a part of what
    stands above."""
    line, run = lines[index], _SimpleRun(len(work.page.blocks), len(work.page.texts))
    if line.kind in ("noted", "note") or (line.kind in _GROUPS and not in_run and work.lines):
        return 0
    after = BLOCKS[line.kind](work.page, lines, index)
    if after and not in_run:
        # The blank line keeps the mark out of the block above, the number out of the closing.
        work.lines.extend([_BLANK, Line(0, 1, 0, _RUN, False, False, False, _RUN)])
        work.runs.append(run)
    if after and line.kind in ("figure", "linked"):
        work.addressed.append(line.line)
    return after


def _reaches_far(line: Line) -> bool:
    """Whether a line may change what becomes of lines in other blocks, or is a heading, whose level depends on others."""
    text = line.text
    if not text or _FAR.search(line.raw) or may_be_torn(text):
        return True
    return chinese_heading(text) is not None or (text[0] in "#＃" and hash_heading(text) is not None)


def _put_together(work: _Patchwork, pieces: Sequence[str]) -> tuple[str, str]:
    """(HTML, text): the pieces with the runs between them."""
    page, references = work.page, iter(work.page.references)
    html, texts = [pieces[0]], [plain_text(pieces[0])]
    ends = [*work.runs[1:], _SimpleRun(len(page.blocks), len(page.texts))]
    for run, end, piece in zip(work.runs, ends, pieces[1:], strict=True):
        blocks = "\n".join(page.blocks[run.block : end.block])
        html += [re.sub(REFERENCE_MARK, lambda _: _attribute(next(references)), blocks), piece]
        texts += [*page.texts[run.text : end.text], plain_text(piece)]
    return "".join(html), join_lines(texts)


def _attribute(reference: Reference) -> str:
    return f' {reference.attribute}="{reference.typed}"'
