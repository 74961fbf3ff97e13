"""Markdown -> Body, step by step: the line pass, Python-Markdown, the sanitizer, the last touches, the references."""

from __future__ import annotations

from collections.abc import Sequence

from newsgen.content.markdown import link_targets, sanitize
from newsgen.content.markdown.bare_links import with_links
from newsgen.content.markdown.diagnostics import diagnostics_of
from newsgen.content.markdown.extensions import to_html
from newsgen.content.markdown.figures import with_zoom
from newsgen.content.markdown.headings import enumerations
from newsgen.content.markdown.html_repair import is_too_deep, repaired
from newsgen.content.markdown.html_tags import escaped
from newsgen.content.markdown.limits import too_complex, too_much_work
from newsgen.content.markdown.plain_text import plain_text
from newsgen.content.markdown.postprocess import postprocess
from newsgen.content.markdown.preprocess.comments import without_comments
from newsgen.content.markdown.preprocess.line_pass import prepare
from newsgen.content.markdown.preprocess.lines import Line, Nesting, ParseState, paragraphs, read_lines
from newsgen.content.markdown.preprocess.soft_breaks import split_softly
from newsgen.content.markdown.preprocess.tag_lines import with_whole_tags
from newsgen.content.markdown.references import split, with_ids
from newsgen.content.markdown.signature import find_signature
from newsgen.core.model import ArticleKind, Body, Diagnostic, Markdown, changed
from newsgen.core.text import SOFT_BREAK

_DEEP = Diagnostic(
    "body.nesting",
    "error",
    "列表、引用或标记一层套一层，套得太深了",
    "多半是从别处粘贴来的乱码：删去多余的 >、* 或空格",
)


def convert_full(
    source: str, settings: Markdown, kind: ArticleKind = "news", first_line: int = 1
) -> tuple[Body, tuple[Diagnostic, ...]]:
    """Convert any text by the whole pipeline, without the fast path."""
    if SOFT_BREAK in source:
        return split_softly(convert_full, source, settings, kind, first_line)
    refused = tuple(too_complex(source, first_line))
    if refused:
        return Body(()), refused
    state = ParseState()
    lines, wrong_comments = without_comments(read_lines(source, first_line))
    lines, long_tags = with_whole_tags(lines)
    state.diagnostics.extend([*wrong_comments, *long_tags])
    signature = find_signature(lines, kind)
    lines = [line for index, line in enumerate(lines) if index != signature.place]
    nesting = Nesting(0, settings.paragraphs == "chinese", signature.classes, enumerations(lines))
    try:
        html = sanitised(lines, nesting, state)
    except RecursionError:
        return Body(()), (changed(_DEEP, line=first_line),)
    if html is None:
        return Body(()), tuple(state.diagnostics)
    typed = link_targets.typed(state.prose, state.html)
    html, headings, ids = with_ids(html)
    chunks, references = split(html, link_targets.Positions(typed), first_line, settings.url)
    return Body(chunks, references, headings, ids, plain_text(html), signature.text), diagnostics_of(
        state, typed, settings.url
    )


def sanitised(lines: Sequence[Line], nesting: Nesting, state: ParseState) -> str | None:
    """The HTML of the lines as it goes to the page, but for ids and references; None where they are too complex
    or too deep.

    `state` is filled. Raises RecursionError where lists, quotes or emphasis stand too deep in one another.
    """
    prepared = prepare(lines, nesting, state)
    refused = list(too_much_work(list(paragraphs(state.prose, state.shared))))
    if refused:
        state.diagnostics.extend(refused)
        return None
    html = sanitize.without_swallowing(to_html(escaped("\n".join(prepared)), state.stash))
    mended = with_zoom(repaired(html))
    if is_too_deep(mended):
        state.diagnostics.append(changed(_DEEP, line=lines[0].number))
        return None
    return with_links(postprocess(sanitize.clean(mended)))
