"""A block of raw HTML among simple lines: it alone takes the way through the sanitizer.

That is the same HTML wherever the block stands only where it is complete in itself: each tag is whole on its line, each
element ends inside the block in the order in which it began, and nothing in it has to do with the rest of the page, as
ids, headings, addresses and footnotes have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsgen.content.markdown.fast_path.classify import ClassifiedLine
from newsgen.content.markdown.fast_path.page import FastPage
from newsgen.content.markdown.html_repair import repaired
from newsgen.content.markdown.html_tags import escaped_html
from newsgen.content.markdown.plain_text import visible_lines
from newsgen.content.markdown.postprocess import BLOCK_TAG, postprocess
from newsgen.content.markdown.preprocess.code_and_html import html_block, is_html_block
from newsgen.content.markdown.preprocess.lines import BlockContext, Line, Nesting, ParseState
from newsgen.content.markdown.sanitize import ELEMENTS, clean, words

_MOST_TAGS = 100
_VOID = words("br wbr hr col")
_LOCAL = (ELEMENTS | words("center font")) - words("a img video audio source track pre h1 h2 h3 h4 h5 h6")
"""Elements that mean the same wherever they stand; the sanitizer takes away those that it does not know."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_FAR = re.compile(r"<[!?]|://| id=|footnote|<p></p>")
"""Comments, addresses, ids and footnotes, and what would leave a gap, before and behind the sanitizer."""


def raw_html_block(page: FastPage, lines: Sequence[ClassifiedLine], index: int) -> int:
    """Raw HTML that is complete in itself."""
    block = _contiguous(lines, index)
    state = ParseState()
    context = BlockContext(block, Nesting(), state, _nothing, _never)
    if lines[index].indented or not is_html_block(context, 0):
        return 0
    after = html_block(context, 0).after
    html = None if state.diagnostics else _sanitised(state.stash[0], block[:after])
    if html is None:
        return 0
    page.blocks.append(html)
    page.texts.extend(visible_lines(html))
    page.raw.extend(state.html)
    return index + after


def _contiguous(lines: Sequence[ClassifiedLine], index: int) -> list[Line]:
    """The lines from an index on, up to a blank one."""
    after = index + 1
    while after < len(lines) and not lines[after].blank:
        after += 1
    return [line.line for line in lines[index:after]]


def _sanitised(html: str, lines: Sequence[Line]) -> str | None:
    if _FAR.search(html) or any(map(_is_read_otherwise, lines)) or not _is_nested(html):
        return None
    cleaned = clean(repaired(html))
    tags = list(BLOCK_TAG.finditer(cleaned))
    is_block = tags and tags[0].start() == 0 and tags[-1].end() == len(cleaned)
    return postprocess(cleaned) if is_block and not _FAR.search(cleaned) else None


def _is_read_otherwise(line: Line) -> bool:
    """Whether the line pass sees other text than is typed: tags that are escaped, blanks that are entities, a backslash that
    breaks the line."""
    return escaped_html(line.raw) != line.raw or line.text != line.raw.strip()


def _is_nested(html: str) -> bool:
    """Whether each element ends, in the order in which it began, and all are local."""
    tags = _TAG.findall(html)
    open_names: list[str] = []
    for slash, typed in tags:
        name = typed.lower()
        if name not in _LOCAL or (slash and (not open_names or open_names.pop() != name)):
            return False
        if not slash and name not in _VOID:
            open_names.append(name)
    return not open_names and len(tags) <= _MOST_TAGS


def _nothing(lines: Sequence[Line], nesting: Nesting, state: ParseState) -> list[str]:
    return []


def _never(context: BlockContext, index: int) -> bool:
    return False
