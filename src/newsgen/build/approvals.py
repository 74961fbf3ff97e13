"""Approvals in a build: the files of the site -> what readers may see of each article, with all that is known of them kept
for the next build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from newsgen.build.cache.state import BuildState
from newsgen.build.loader import ContentLoader
from newsgen.config.reviews_section import ReviewPolicy
from newsgen.content.approval import ApprovalFacts, MediaFiles, facts_of, files_of
from newsgen.content.load import FileRecord, ParsedFiles
from newsgen.content.scan import MOST_READ, ScannedFile, ScanResult
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import digest_or_empty, read_file
from newsgen.core.model import Diagnostic, Document, FrontMatter, changed
from newsgen.core.stamps import UNTRUSTED
from newsgen.signoff.kept_versions import KeptFile, as_shown, files_in, text_path, version_of
from newsgen.signoff.standing import Standing
from newsgen.signoff.visible_versions import (
    Approvals,
    VisibleVersion,
    standings_of,
    visible_versions,
    waiting_diagnostics,
)

_BACK = "从仓库里取回（git checkout -- approved），不要手改；取不回来，就把文章重新审一遍"


class FileDigests:
    """Digests of the files of a site; those that have the stamp that they had are not read again."""

    def __init__(self, root: Path, files: Mapping[str, ScannedFile], build_state: BuildState) -> None:
        self._root, self._files, self._build_state = root, files, build_state
        self._known = build_state.file_digests()
        self._asked: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The digest of the file at `path`, "" where it cannot be read."""
        if path not in self._asked:
            item, known = self._files[path], self._known.get(path)
            if known is None or known[0] != item.stamp:
                known = item.stamp, digest_or_empty(self._root / item.real, MOST_BYTES)
            self._asked[path] = known[1]
        return self._asked[path]

    @property
    def asked(self) -> dict[str, str]:
        """The digests that were asked for, by path."""
        return dict(self._asked)

    def save(self) -> None:
        """Keep the digests that were asked for."""
        found = {path: (self._files[path].stamp, digest) for path, digest in self._asked.items()}
        self._build_state.save_file_digests(found, self._known)


class AuthoredFiles(NamedTuple):
    """The files of a site as they were written."""

    scan_result: ScanResult
    parsed_files: ParsedFiles
    loader: ContentLoader


class VisibleFiles(NamedTuple):
    """The files that readers may see, kept ones in place of those that were edited since."""

    scan_result: ScanResult
    parsed_files: ParsedFiles
    approvals: Approvals


class _Articles(NamedTuple):
    """The articles of a site as they were written: their facts by path, and the other files."""

    facts: Mapping[str, ApprovalFacts]
    media_files: MediaFiles


def standings_in(
    root: Path, policy: ReviewPolicy | None, authored: AuthoredFiles, build_state: BuildState
) -> dict[str, Standing]:
    """The standings of all articles that need approval, by path. Raises ContentError for a file edited meanwhile."""
    if policy is None:
        return {}
    files = {item.path: item for item in authored.scan_result.found}
    articles = _articles(authored, build_state)
    digests = FileDigests(root, files, build_state)
    return standings_of(policy, articles.facts, authored.parsed_files.texts, articles.media_files, digests.of)


def visible_files(
    root: Path, policy: ReviewPolicy, authored: AuthoredFiles, kept: Sequence[ScannedFile], build_state: BuildState
) -> VisibleFiles:
    """The files of a site that readers may see. Raises ContentError for a file that was edited meanwhile."""
    files = {item.path: item for item in (*authored.scan_result.found, *kept)}
    digests = FileDigests(root, files, build_state)
    articles = _articles(authored, build_state)
    standings = standings_of(policy, articles.facts, authored.parsed_files.texts, articles.media_files, digests.of)
    shown = visible_versions(standings, articles.facts)
    versions = {path: item.version for path, item in shown.items() if item.version}
    found = _KeptReader(root, files, digests, authored.loader, build_state).read(versions)
    digests.save()
    drafts = frozenset(path for path, facts in articles.facts.items() if facts.draft)
    awaited = (files_of(path, articles.facts[path], articles.media_files) for path in found.texts)
    approvals = Approvals(
        standings,
        {path: item for path, item in shown.items() if not item.version or path in found.texts},
        _merged(found, shown, authored, build_state),
        drafts,
        frozenset(file.path for named in awaited for file in named),
        digests.asked,
        (*waiting_diagnostics(standings, drafts), *found.diagnostics),
    )
    scan_result = changed(authored.scan_result, found=(*authored.scan_result.found, *_found(found, files)))
    return VisibleFiles(scan_result, _records(authored.parsed_files, approvals, found), approvals)


def _articles(authored: AuthoredFiles, build_state: BuildState) -> _Articles:
    parsed_files = authored.parsed_files
    texts = {path: text for path, text in parsed_files.texts.items() if not text.ref.is_section}
    known = build_state.approval_facts()
    documents: Mapping[str, Document] = parsed_files.parsed
    if any(text.digest not in known and text.digest not in documents for text in texts.values()):
        documents = authored.loader.documents_of(parsed_files)
    found = {
        path: known[text.digest] if text.digest in known else facts_of(documents[text.digest])
        for path, text in texts.items()
    }
    facts = {path: item for path, item in found.items() if item}
    build_state.save_approval_facts({item.document: item for item in facts.values()}, known)
    paths = [item.path for item in authored.scan_result.found if item.path not in parsed_files.texts]
    return _Articles(facts, MediaFiles.at(paths))


# ---------------------------------------------------------------- kept versions


class _KeptText(NamedTuple):
    record: FileRecord
    document: Document
    files: Mapping[str, KeptFile]


class _Kept(NamedTuple):
    """The kept versions that are shown, by the path of the article that they stand for."""

    texts: Mapping[str, _KeptText]
    diagnostics: tuple[Diagnostic, ...]


class _KeptReader(NamedTuple):
    root: Path
    files: Mapping[str, ScannedFile]
    digests: FileDigests
    loader: ContentLoader
    build_state: BuildState

    def read(self, versions: Mapping[str, str]) -> _Kept:
        """The kept versions (article -> version), each as it was approved; what is lost or altered is an error."""
        items = {
            self.files[name].path: self.files[name] for name in map(text_path, versions.values()) if name in self.files
        }
        parsed = self._parsed(tuple(items.values()))
        documents = self.loader.documents_of(parsed) if parsed.texts else {}
        texts, diagnostics = {}, []
        for path, version in versions.items():
            record = parsed.texts.get(text_path(version))
            found = self._checked(version, record, documents[record.digest]) if record else None
            if isinstance(found, _KeptText):
                texts[path] = found
            else:
                diagnostics.append(found or _lost(path, text_path(version)))
        return _Kept(texts, tuple(diagnostics))

    def _parsed(self, items: tuple[ScannedFile, ...]) -> ParsedFiles:
        known = self.build_state.kept_texts()
        parsed = self.loader.parse_changed(ScanResult(items, ()), known)
        self.build_state.save_kept_texts(parsed.texts, known)
        return parsed

    def _checked(self, version: str, record: FileRecord, document: Document) -> _KeptText | Diagnostic:
        try:
            files = files_in(read_file(self.root / record.real, MOST_READ))
        except OSError:
            return _altered(record.path)
        if version_of(document, files) != version or not isinstance(document.matter, FrontMatter):
            return _altered(record.path)
        for file in files.values():
            if file.path not in self.files:
                return _lost(record.path, file.path)
            if self.digests.of(file.path) != file.digest:
                return _altered(file.path)
        return _KeptText(record, document, files)


def _lost(path: str, name: str) -> Diagnostic:
    return Diagnostic("approved.lost", "error", f"审过的那一版缺了文件 {name}", _BACK, path)


def _altered(path: str) -> Diagnostic:
    return Diagnostic("approved.altered", "error", f"审过的那一版被改动过：{path}", _BACK, path)


def _merged(
    kept: _Kept, shown: Mapping[str, VisibleVersion], authored: AuthoredFiles, build_state: BuildState
) -> dict[str, Document]:
    """The documents that readers see in place of files: what was approved, and all else as the file has it now."""
    found = {}
    for path, text in kept.texts.items():
        digest = authored.parsed_files.texts[path].digest
        document = authored.parsed_files.parsed.get(digest) or build_state.document(digest)
        document = document or authored.loader.documents_of(authored.parsed_files)[digest]
        assert isinstance(document.matter, FrontMatter), "only articles have a standing"
        merged = as_shown(document.matter, text.document, text.files)
        found[path] = shown[path].document(changed(merged, metadata_digest=document.metadata_digest))
    return found


def _records(authored: ParsedFiles, approvals: Approvals, kept: _Kept) -> ParsedFiles:
    """The records of what is shown."""
    texts = dict(authored.texts)
    for path, shown in approvals.shown.items():
        own = changed(texts[path], metadata_digest=shown.metadata_digest(texts[path].metadata_digest))
        texts[path] = _record(own, kept.texts[path].record) if path in kept.texts else own
    parsed = {**authored.parsed, **{item.document.digest: item.document for item in kept.texts.values()}}
    return authored._replace(texts=texts, parsed=parsed)


def _record(own: FileRecord, kept: FileRecord) -> FileRecord:
    shown = {"digest": kept.digest, "lead_digest": kept.lead_digest, "body": kept.body}
    return changed(own, real=kept.real, stamp=UNTRUSTED, **shown)


def _found(kept: _Kept, files: Mapping[str, ScannedFile]) -> Iterator[ScannedFile]:
    named = {file.shown: file.path for item in kept.texts.values() for file in item.files.values()}
    for shown, path in sorted(named.items()):
        yield files[path]._replace(path=shown)
