"""The reports of a site as the desk lists them: one row for each Markdown file that is no section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from newsgen.content.load import BUNDLE_FILE, FileRecord
from newsgen.content.scan import SECTION_FILE
from newsgen.core.model import (
    ArticleKind,
    Document,
    FrontMatter,
    Moment,
    Output,
    Record,
    SectionMatter,
    changed,
)
from newsgen.preview.desk.form_fields import KINDS
from newsgen.preview.desk.standings import NOBODY
from newsgen.preview.session import Session
from newsgen.signoff.standing import Standing
from newsgen.signoff.visible_versions import section_folders, section_of

Texts = Sequence[tuple[FileRecord, Document | None]]
"""The records of Markdown files, each with its document (None: it has none)."""
State = Literal["draft", "scheduled", "expired", "waiting", "online", "faulty"]
_IN_PLACES: tuple[ArticleKind, ...] = ("notice", "announcement")
"""The kinds for which sites have a section of their own."""


class ReportRow(Record, frozen=True):
    """A report in the list. `page` is the path of its output, "" where there is none; `errors` and `warnings` are counts."""

    path: str
    section: str
    section_title: str
    errors: int = 0
    warnings: int = 0
    page: str = ""
    title: str = ""
    kind: str = ""
    branches: tuple[str, ...] = ()
    date: str = ""
    author: str = ""
    state: State = "faulty"


class SectionChoice(Record, frozen=True):
    """A section in which reports can be written, by its folder below content/."""

    folder: str
    title: str


def sections_of(texts: Texts) -> tuple[SectionChoice, ...]:
    """The sections, those of the menu first, then by weight."""
    found = []
    for record, document in texts:
        folder = record.path.removesuffix(f"/{SECTION_FILE}").partition("/")[2]
        matter = document.matter if document else None
        if record.ref.is_section and folder and isinstance(matter, SectionMatter):
            found.append((not matter.menu, matter.weight, folder, matter.title))
    return tuple(SectionChoice(folder, title) for _, _, folder, title in sorted(found))


def usual_sections(texts: Texts) -> Mapping[str, str]:
    """The folder of the usual section, by kind of report. Kinds that may be in any section are left out.

    It is the section that has most reports of the kind, else one whose title contains the word for the kind.
    """
    choices = sections_of(texts)
    folders = {choice.folder for choice in choices}
    known = section_folders(record.path for record, _ in texts)
    counts: Counter[tuple[str, str]] = Counter()
    for record, document in texts:
        if document and isinstance(document.matter, FrontMatter):
            counts[document.matter.kind, section_of(record.path, known)] += 1
    found: dict[str, str] = {}
    for kind in _IN_PLACES:
        most = [folder for (of, folder), _ in counts.most_common() if of == kind and folder in folders]
        named = [choice.folder for choice in choices if KINDS[kind] in choice.title]
        if most or named:
            found[kind] = (most or named)[0]
    return found


def report_rows(session: Session, now: datetime, standings: Mapping[str, Standing] = NOBODY) -> tuple[ReportRow, ...]:
    """The rows of all reports: those without a date, then the newest first. `standings`: of the reports to be signed."""
    texts = session.texts
    chosen = [item for item in texts if not item[0].ref.is_section]
    rows = [_with_standing(row, standings.get(row.path)) for row in _rows(session, texts, chosen, now)]
    return tuple(sorted(rows, key=lambda row: (not row.date, row.date, row.path), reverse=True))


def report_row(session: Session, path: str, now: datetime, standing: Standing | None = None) -> ReportRow | None:
    """The row of the report at `path` with its standing; None where the preview has not seen it yet."""
    texts = session.texts
    rows = _rows(session, texts, [item for item in texts if item[0].path == path], now)
    return next((_with_standing(row, standing) for row in rows), None)


def _with_standing(row: ReportRow, standing: Standing | None) -> ReportRow:
    """The row; in state `waiting` where readers do not see the report as it is now until somebody has signed it."""
    is_waiting = standing is not None and standing.state != "approved" and row.state in ("online", "scheduled")
    return changed(row, state="waiting") if is_waiting else row


def _rows(session: Session, texts: Texts, chosen: Texts, now: datetime) -> Iterator[ReportRow]:
    """The rows of the files in `chosen`; `texts` are all Markdown files."""
    titles = {section.folder: section.title for section in sections_of(texts)}
    sections = section_folders(record.path for record, _ in texts)
    pages = pages_of(session.version.outputs)
    found = (*session.version.diagnostics, *(item.diagnostic for item in session.version.shown_diagnostics))
    counts = Counter((item.path, item.severity) for item in found)
    minute = Moment.of(now, to_the_minute=True).minute
    for record, document in chosen:
        section = section_of(record.path, sections)
        errors, warnings = counts[record.path, "error"], counts[record.path, "warning"]
        errors = errors or sum(item.severity == "error" for item in record.diagnostics)
        row = ReportRow(
            record.path,
            section=section,
            section_title=titles.get(section, section),
            errors=errors,
            warnings=warnings,
            page=pages.get(record.path, ""),
        )
        yield _with_matter(row, document.matter if document else None, minute)


def _with_matter(row: ReportRow, matter: FrontMatter | SectionMatter | None, minute: str) -> ReportRow:
    """The row with the values of front matter; for a faulty file, with the file's name as the title."""
    if not isinstance(matter, FrontMatter):
        name = row.path.removesuffix(f"/{BUNDLE_FILE}").rpartition("/")[2].removesuffix(".md")
        return changed(row, title=name)
    date = matter.date
    return changed(
        row,
        title=matter.title,
        kind=matter.kind,
        branches=matter.branch,
        date=date.shown if date else "",
        author="、".join(matter.author),
        state="faulty" if row.errors else state_of(matter, minute),
    )


def state_of(matter: FrontMatter, minute: str) -> State:
    """The state of a report at this minute, by its front matter alone."""
    if matter.draft:
        return "draft"
    if matter.expires and matter.expires.minute <= minute:
        return "expired"
    return "scheduled" if matter.publish_at and matter.publish_at.minute > minute else "online"


def pages_of(outputs: Mapping[str, Output]) -> Mapping[str, str]:
    """The path of the page of each Markdown file, by the path of the file."""
    return {output.source: path for path, output in outputs.items() if output.source and path.endswith(".html")}
