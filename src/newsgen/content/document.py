"""The bytes of one file of content/ -> Document and Body. A pure function: it knows no path and no clock."""

from __future__ import annotations

from typing import NamedTuple

from newsgen.content import markdown
from newsgen.content.approval import content_digest
from newsgen.content.frontmatter import read_article, read_section
from newsgen.core.digest import digest as digest_of
from newsgen.core.digest import digest_bytes, digest_document, digest_with_sets
from newsgen.core.model import (
    LEAD,
    Body,
    BodySummary,
    Diagnostic,
    Document,
    FrontMatter,
    Markdown,
    SectionMatter,
    changed,
)
from newsgen.core.text import SOFT_BREAK, decode


class Parsed(NamedTuple):
    """A parsed file. The body is apart, since it is large and only the file's own page shows it."""

    document: Document
    body: Body | None


def parse(data: bytes, settings: Markdown, is_section: bool = False) -> Parsed:
    """Front matter and body of a file's bytes, with every fault found."""
    digest = digest_document(data, settings, is_section)
    text, diagnostics = decode(data, SOFT_BREAK)
    if text is None:
        return Parsed(_document(digest, None, None, diagnostics), None)
    read = read_section if is_section else read_article
    matter, body_text, first_line, of_matter = read(text)
    kind = matter.kind if isinstance(matter, FrontMatter) else "news"
    body, body_diagnostics = markdown.convert(body_text, settings, kind, first_line)
    content = content_digest(matter, body_text) if isinstance(matter, FrontMatter) else ""
    found = (*diagnostics, *of_matter, *body_diagnostics)
    return Parsed(_document(digest, matter, _body_summary(body), found, content), body)


def _body_summary(body: Body) -> BodySummary:
    is_empty = not body.signature and not any(chunk != "" for chunk in body.chunks)
    words = digest_bytes("".join(body.text.split()).encode()) if body.text else ""
    return BodySummary(body.references, body.ids, body.text[:LEAD], body.signature, is_empty, words)


def metadata_digest(matter: FrontMatter | SectionMatter | None, summary: BodySummary) -> str:
    """The digest of what the rest of the site depends on: front matter, and where links lead."""
    lasting = tuple(changed(reference, line=0, column=0) for reference in summary.references)
    return digest_with_sets(matter, changed(summary, lead="", signature=None, references=lasting, body=""))


def _document(
    digest: str,
    matter: FrontMatter | SectionMatter | None,
    body_summary: BodySummary | None,
    diagnostics: tuple[Diagnostic, ...],
    content: str = "",
) -> Document:
    if body_summary is None:
        return Document(digest, digest_of(matter), "", matter, None, diagnostics)
    places = [(reference.line, reference.column) for reference in body_summary.references]
    lasting, lead = metadata_digest(matter, body_summary), digest_of(body_summary.lead, places)
    return Document(digest, lasting, lead, matter, body_summary, diagnostics, content)
