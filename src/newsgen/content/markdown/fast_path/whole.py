"""A simple text -> its Body at once: what the full pipeline would give, to the byte (tests/content/test_markdown_fast_path.py).

Most reports hold nothing but paragraphs, headings, a photo or two, a bold word and a signature; some have a plain table,
list or quotation. When in doubt, None.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsgen.content.markdown.fast_path.blocks import BLOCKS
from newsgen.content.markdown.fast_path.classify import PROSE, ClassifiedLine, ClassifiedText
from newsgen.content.markdown.fast_path.inline import REFERENCE_MARK
from newsgen.content.markdown.fast_path.page import FastPage
from newsgen.core.model import Body, Diagnostic, Markdown
from newsgen.core.text import join_lines

_OPEN = (*PROSE, "bullet", "number", "quote")
"""Kinds of line whose paragraph takes text right below it, by Markdown's rule."""


def simple_body(text: ClassifiedText, settings: Markdown) -> tuple[Body, tuple[Diagnostic, ...]] | None:
    """The Body of a text of which every line is understood, and what is to be said about it; else None."""
    lines, index = text.lines, 0
    if settings.paragraphs == "standard" and has_long_paragraphs(lines):
        return None
    page = FastPage(text.classes, text.enumerated, url=settings.url)
    while index < len(lines):
        index = BLOCKS[lines[index].kind](page, lines, index)
        if not index:
            return None
    if not page.end():
        return None
    headings = page.headings()
    html = "\n".join(page.blocks)
    chunks: list[str | int] = [html]
    if page.references:
        first, *others = html.split(REFERENCE_MARK)
        chunks = [first, *(chunk for number, rest in enumerate(others) for chunk in (number, rest))]
    ids = frozenset([*page.ids, *(heading.id for heading in headings)])
    body = Body(tuple(chunks), tuple(page.references), headings, ids, join_lines(page.texts), text.signature)
    return body, _diagnostics(page)


def _diagnostics(page: FastPage) -> tuple[Diagnostic, ...]:
    if not page.prose and not page.raw:
        return ()
    from newsgen.content.markdown.diagnostics import diagnostics_of_lines

    return diagnostics_of_lines(page.prose, page.raw, page.url)


def has_long_paragraphs(lines: Sequence[ClassifiedLine]) -> bool:
    """Whether Markdown's rule makes one paragraph of two lines: text right below text, a list or a quotation, but for
    Word's indents."""
    return any(map(_is_joined, lines, lines[1:]))


def _is_joined(above: ClassifiedLine, below: ClassifiedLine) -> bool:
    if below.blank or above.kind not in _OPEN:
        return False
    goes_on = below.kind in PROSE and (not below.foreign or above.raw.endswith("  "))
    return goes_on or above.kind == below.kind == "quote"
