"""The subject of an approval: the digest of an article, and the files that belong to it.

Covered is what readers read as the article: title, subtitle, author, source, date, kind and the other texts of its front
matter, the body, the bytes of photos and attachments. Where it lies, tags, branch, pinning, addresses and view counts are
not: they may change without a new approval.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from newsgen.content import photo_numbers
from newsgen.content.media import names_by_folder, resolve
from newsgen.content.scan import FOLDER
from newsgen.core.digest import approval_digest
from newsgen.core.model import Decision, Document, FrontMatter, Record, Reference

COVERED = (
    *("title", "subtitle", "short_title", "kind", "original", "author", "source", "date", "updated"),
    *("photographer", "editor", "summary", "redirect", "signature"),
)
"""The keys of front matter that are approved as they are."""
_covered = attrgetter(*COVERED)
KEPT = "approved"
"""The folder of kept versions: texts that were approved and have been edited since."""
KEPT_FILES = f"{KEPT}/files"
SHOWN_FILES = f"{FOLDER}/.approved"
"""Where their files lie as far as the site's pages are concerned: no author can name a file there."""


def content_digest(matter: FrontMatter, body: str) -> str:
    """The digest of all that is approved but the bytes of files; `body` is the Markdown text with LF line ends.

    Blank lines around the body count for nothing.
    """
    end = matter.expires if matter.kind == "announcement" else None  # the last day of a 公示 is a part of it
    names = [entry.name or posixpath.basename(entry.file.text) for entry in matter.attachments]
    return approval_digest(_covered(matter), end, names, body.strip("\n"))


def version_digest(content: str, files: Iterable[str]) -> str:
    """The digest of a version: of its content, and of its files' digests in the order in which it names them."""
    return approval_digest(content, list(files))


class ApprovalFacts(Record, frozen=True):
    """The facts about an article for sign-off: the digests of its document and content, and its decisions.

    `minute` is its date as in Moment.minute, None where it has none. `names` are the files in its front matter as typed:
    attachments, then the cover. `names_reviewers`: reviewers to print are typed by hand.
    """

    document: str
    content: str
    minute: str | None
    authors: tuple[str, ...]
    draft: bool
    decisions: tuple[Decision, ...]
    references: tuple[Reference, ...]
    names: tuple[str, ...]
    names_reviewers: bool


def facts_of(document: Document) -> ApprovalFacts | None:
    """The facts of an article; None for a section, and for a file with errors."""
    matter, summary = document.matter, document.body_summary
    if not isinstance(matter, FrontMatter) or summary is None:
        return None
    return ApprovalFacts(
        document.digest,
        document.content,
        matter.date.minute if matter.date and matter.kind != "page" else None,
        matter.author,
        matter.draft,
        matter.approvals,
        tuple(reference for reference in summary.references if _may_be_a_file(reference.target)),
        names_in(matter),
        bool(matter.reviews),
    )


def names_in(matter: FrontMatter) -> tuple[str, ...]:
    """The files that front matter names, as typed: attachments, then the cover."""
    cover = (matter.cover.text,) if matter.cover else ()
    return (*(entry.file.text for entry in matter.attachments), *cover)


def _may_be_a_file(target: str) -> bool:
    return bool(target) and "://" not in target and not target.endswith((".md", "/"))


def real_file(path: str) -> str:
    """The path by which a file that the site shows is opened."""
    return KEPT_FILES + path.removeprefix(SHOWN_FILES) if path.startswith(SHOWN_FILES + "/") else path


class NamedFile(NamedTuple):
    """A file of an article: the name as typed, and its path."""

    typed: str
    path: str


def files_of(path: str, facts: ApprovalFacts, media_files: MediaFiles) -> tuple[NamedFile, ...]:
    """The files of the article at `path` that exist, in the order in which it names them, each as often as it does."""
    folder = path.rpartition("/")[0]
    marks: Mapping[str, str] = {}
    if photo_numbers.has_numbers(facts.references):
        marks = photo_numbers.numbered(path, facts.references, media_files.by_folder)
    typed = (*(reference.target for reference in facts.references), *facts.names)
    places = ((name, marks.get(name) or resolve(folder, name).path) for name in typed)
    return tuple(NamedFile(name, place) for name, place in places if place and place in media_files.paths)


class MediaFiles(NamedTuple):
    """The files of content/ that are no texts: their paths, and their names by folder."""

    paths: frozenset[str]
    by_folder: Mapping[str, Sequence[str]]

    @classmethod
    def at(cls, paths: Collection[str]) -> MediaFiles:
        """The files at these paths."""
        return cls(frozenset(paths), names_by_folder(paths))
