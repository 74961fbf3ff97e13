"""The findings about one report while it is edited: the site's diagnostics about it, and the findings of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsgen.check.finding import Finding, finding_of
from newsgen.content.document import parse
from newsgen.content.frontmatter.block import split
from newsgen.content.frontmatter.entries import entry_spans
from newsgen.content.frontmatter.keys import ARTICLE
from newsgen.core.model import Diagnostic, FrontMatter, Markdown
from newsgen.core.text import clean, decode
from newsgen.preview.session import Session

ORDER = {"error": 0, "warning": 1, "info": 2}


def findings_of_report(session: Session, path: str, data: bytes) -> tuple[Finding, ...]:
    """The findings about the file at `path` with the bytes `data`, in the order of the text."""
    own = tuple(finding_of(item) for item in _diagnostics(session, path, data))
    known = {(item.line, item.code) for item in own}
    found = [*own, *(item for item in session.page_findings.found(path, data) if (item.line, item.code) not in known)]
    return tuple(sorted(found, key=lambda item: (item.line, item.column, ORDER[item.severity], item.code)))


def rejection(session: Session, path: str, data: bytes) -> Iterator[Finding]:
    """The note of the reviewer who rejected the report, until the next decision, so that its writer sees it at once."""
    matter = parse(data, Markdown()).document.matter
    if session.config is None or session.config.reviews is None or not isinstance(matter, FrontMatter):
        return
    for last in matter.approvals[-1:]:
        if last.verdict == "reject":
            message = f"{last.name}退回了这一篇：{last.note or '没有写理由'}"
            yield Finding("review.rejected", "warning", message, "", path, last.line)  # what to do: desk_hints.py


def _diagnostics(session: Session, path: str, data: bytes) -> Iterator[Diagnostic]:
    """The diagnostics of the build on the file: first those of its bytes `data`, then those of the version shown."""
    markdown = session.config.markdown if session.config else Markdown()
    of_file = parse(data, markdown).document.diagnostics
    seen = {(item.line, item.code) for item in of_file}
    yield from of_file
    version = session.version
    for item in (*version.diagnostics, *(shown.diagnostic for shown in version.shown_diagnostics)):
        if item.path == path and (item.line, item.code) not in seen:
            yield item


def fields_of_lines(data: bytes) -> Mapping[int, str]:
    """The key of front matter to which each line of a file belongs, by the number of the line."""
    block = split(clean(decode(data)[0] or ""), "")
    if isinstance(block, Diagnostic):
        return {}
    return {
        block.first_line + index: span.key.name
        for span in entry_spans(block.lines, ARTICLE)
        if span.key
        for index in range(span.start, span.end)
    }
