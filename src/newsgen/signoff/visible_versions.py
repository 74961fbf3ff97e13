"""The version of each article that readers may see: its current text, the version approved last, or none yet.

It depends only on the policy, the facts of all articles and the digests of the files that they name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from newsgen.config.reviews_section import ReviewPolicy
from newsgen.content.approval import ApprovalFacts, MediaFiles, files_of, version_digest
from newsgen.content.load import BUNDLE_FILE, Content
from newsgen.content.scan import FOLDER, SECTION_FILE
from newsgen.core.digest import digest, digest_texts
from newsgen.core.model import Diagnostic, Document, FrontMatter, Record, Review, changed, field
from newsgen.signoff.standing import Standing, Subject, applies, standing_of

FileDigest = Callable[[str], str]
"""The digest of the bytes of a file of content/, "" if it cannot be read."""


def standings_of(
    policy: ReviewPolicy,
    articles: Mapping[str, ApprovalFacts],
    texts: Collection[str],
    media_files: MediaFiles,
    of: FileDigest,
) -> dict[str, Standing]:
    """The standing of every article that needs approval, by path; `texts` are the paths of all Markdown files."""
    sections = section_folders(texts)
    found = {}
    for path, facts in articles.items():
        section = section_of(path, sections)
        if applies(policy, section, facts):
            version = version_digest(facts.content, (of(file.path) for file in files_of(path, facts, media_files)))
            found[path] = standing_of(policy, Subject(section, facts.authors, version), facts.decisions)
    return without_copies(found)


def section_folders(texts: Iterable[str]) -> frozenset[str]:
    """The paths of the sections below content/, by the Markdown files; "" is the site."""
    names = (path.removesuffix(f"/{SECTION_FILE}") for path in texts if path.endswith(f"/{SECTION_FILE}"))
    return frozenset(("", *(name.removeprefix(FOLDER).removeprefix("/") for name in names)))


def section_of(path: str, sections: frozenset[str]) -> str:
    """The section of the article at `path`, the same as assemble() finds."""
    folder, _, name = path.rpartition("/")
    section = (folder.rpartition("/")[0] if name == BUNDLE_FILE else folder)[len(FOLDER) + 1 :]
    while section not in sections:
        section = section.rpartition("/")[0]
    return section


def without_copies(standings: dict[str, Standing]) -> dict[str, Standing]:
    """The standings, changed so that each approved version belongs to one article.

    An author may copy a file with its signatures and write another text into the copy, which must not show the approved
    text. That text belongs to the article that still has it, else to the first.
    """
    owners = {standing.digest: path for path, standing in reversed(standings.items()) if standing.state == "approved"}
    found = {}
    for path, standing in standings.items():
        owner = owners.setdefault(standing.live, path) if standing.live else path
        is_own = owner == path or standing.state == "approved"
        found[path] = standing if is_own else changed(standing, live=None, signers=(), copied_from=owner)
    return found


class VisibleVersion(Record, frozen=True):
    """The visible version of an article, if it differs from its file: a kept `version` (None: the current text), and
    the `reviewers` to print.
    """

    version: str | None = None
    reviewers: tuple[Review, ...] = ()

    def metadata_digest(self, of_file: str) -> str:
        """The digest of all that other pages depend on; `of_file` is that of the article's file."""
        return digest_texts((of_file, self.version or "", digest(self.reviewers)))

    def document(self, document: Document) -> Document:
        """The file's document with the reviewers to print, and with a metadata digest that covers them."""
        matter = document.matter
        assert isinstance(matter, FrontMatter), "only articles are approved"
        shown = changed(matter, reviews=matter.reviews or self.reviewers)
        return changed(document, matter=shown, metadata_digest=self.metadata_digest(document.metadata_digest))


class Approvals(Record, frozen=True):
    """The visible versions of all articles. `standings` and `shown` are by path; `kept` are the documents of kept
    versions, by the path of their article.

    `drafts` are articles that are not counted. `awaited` are files that the current text of an article names, while a
    kept version of it is shown. `files` are the digests of all files that were read, by path. `diagnostics` report
    articles that are left out, and kept versions that are lost.
    """

    standings: dict[str, Standing] = field(default_factory=dict)
    shown: dict[str, VisibleVersion] = field(default_factory=dict)
    kept: dict[str, Document] = field(default_factory=dict)
    drafts: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()
    files: dict[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def unapproved(self) -> frozenset[str]:
        """The articles that readers may not see."""
        return frozenset(path for path, standing in self.standings.items() if standing.live is None)

    @property
    def key(self) -> str:
        """The digest of all that a plan depends on besides the documents."""
        return digest(sorted(self.unapproved), sorted(self.awaited), self.diagnostics)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of approved, waiting and void articles, without drafts: these wait for their author alone."""
        states = [standing.state for path, standing in self.standings.items() if path not in self.drafts]
        return {state: states.count(state) for state in ("approved", "waiting", "void")}

    def applied(self, content: Content) -> Content:
        """The content as readers may see it."""
        sources = dict(content.sources)
        for path in self.shown:
            source = sources[path]
            document = self.kept.get(path) or self.shown[path].document(source.document)
            sources[path] = changed(source, document=document)
        diagnostics = (*content.diagnostics, *self.diagnostics)
        hidden = {"unapproved": self.unapproved, "awaited": self.awaited}
        return changed(content, sources=sources, diagnostics=diagnostics, **hidden)


NO_APPROVALS = Approvals()


def visible_versions(
    standings: Mapping[str, Standing], articles: Mapping[str, ApprovalFacts]
) -> dict[str, VisibleVersion]:
    """The visible versions, by path, of articles that are shown in a kept version or with reviewers."""
    found = {}
    for path, standing in standings.items():
        if standing.live:
            version = None if standing.live == standing.digest else standing.live
            names = () if articles[path].names_reviewers else reviewers(standing)
            if version or names:
                found[path] = VisibleVersion(version, names)
    return found


def reviewers(standing: Standing) -> tuple[Review, ...]:
    """The signers of the live version as they are printed, without times and numbers."""
    return tuple(Review(decision.stage, decision.name, None, None, None) for decision in standing.signers)


def waiting_diagnostics(standings: Mapping[str, Standing], drafts: Collection[str]) -> Iterator[Diagnostic]:
    """The diagnostics on articles whose current text is not on the site yet, without drafts."""
    for path, standing in standings.items():
        if path in drafts or standing.state == "approved":
            continue
        stage = standing.next_stage
        who = f"等 {standing.waits_for} 签字"
        hint = f"审好了，运行：newsgen approve {path} --stage {stage.name if stage else ''} --by 姓名"
        if standing.copied_from:
            message = f"审签是连同 {standing.copied_from} 一起抄来的，不算数，这一篇先不公开：{who}"
            yield Diagnostic("review.copied", "info", message, hint, path)
        elif standing.live:
            message = f"改动以后还没有重新审完，网站上仍是审过的那一版：{who}"
            yield Diagnostic("review.void", "info", message, hint, path)
        else:
            message = f"还没有审完，先不公开：{who}"
            yield Diagnostic("review.waiting", "info", message, hint, path)
