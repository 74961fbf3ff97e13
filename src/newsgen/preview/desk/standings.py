"""A cache of the standings of reports, for the list: files that did not change are not read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from newsgen.config.reviews_section import ReviewPolicy
from newsgen.content.approval import ApprovalFacts, MediaFiles, facts_of
from newsgen.content.scan import ScannedFile
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import digest_or_empty
from newsgen.core.stamps import Stamp
from newsgen.preview.session import Session
from newsgen.signoff.standing import Standing
from newsgen.signoff.visible_versions import standings_of

NOBODY: Mapping[str, Standing] = {}


class KnownStandings:
    """The standings of a site's reports. To be used in the thread of the session."""

    def __init__(self) -> None:
        self._seen: object = None
        self._standings: Mapping[str, Standing] = NOBODY
        self._facts: dict[str, ApprovalFacts | None] = {}
        self._digests: dict[str, tuple[Stamp, str]] = {}
        self._files: tuple[ScannedFile, ...] = ()
        self._others: dict[str, ScannedFile] = {}
        self._sections: tuple[str, ...] = ()
        self._media_files = MediaFiles.at(())

    def of(self, session: Session) -> Mapping[str, Standing]:
        """The standings of all reports by path; where no file changed since the last call, those of that call."""
        policy = session.config.reviews if session.config else None
        if policy is None:
            return NOBODY
        seen = (policy, tuple(record.digest for record, _ in session.texts), session.files)
        if seen != self._seen:
            texts = [record for record, _ in session.texts]
            kept = {record.digest for record in texts}
            self._facts = {digest: item for digest, item in self._facts.items() if digest in kept}
            self._standings = self._judged(
                session, policy, [record.path for record in texts if not record.ref.is_section]
            )
            self._seen = seen
        return self._standings

    def of_report(self, session: Session, path: str) -> Standing | None:
        """The standing of one report; None where it needs no signature."""
        policy = session.config.reviews if session.config else None
        return self._judged(session, policy, [path]).get(path) if policy else None

    def _judged(self, session: Session, policy: ReviewPolicy, paths: Collection[str]) -> Mapping[str, Standing]:
        chosen, facts = frozenset(paths), {}
        for record, document in session.texts:
            if record.path in chosen and document is not None:
                if record.digest not in self._facts:
                    self._facts[record.digest] = facts_of(document)
                facts[record.path] = self._facts[record.digest]
        known = {path: item for path, item in facts.items() if item}
        media_files = self._current_media_files(session.files)
        return standings_of(policy, known, self._sections, media_files, lambda path: self._digest(session.root, path))

    def _current_media_files(self, files: tuple[ScannedFile, ...]) -> MediaFiles:
        """The files that texts may name. They are gathered again after each look of the session at the folder."""
        if files is not self._files:
            self._files = files
            self._others = {item.path: item for item in files if not item.is_text}
            self._media_files = MediaFiles.at(self._others)
            self._sections = tuple(item.path for item in files if item.is_section)
        return self._media_files

    def _digest(self, root: Path, path: str) -> str:
        item, known = self._others[path], self._digests.get(path)
        if known is None or known[0] != item.stamp:
            known = self._digests[path] = item.stamp, digest_or_empty(root / item.real, MOST_BYTES)
        return known[1]
