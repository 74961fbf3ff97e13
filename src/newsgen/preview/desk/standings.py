"""Which reports wait for a signature, for the list: what is known of files that did not change is not read again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newsgen.content.approval import ApprovalFacts, FilesLying, facts_of
from newsgen.content.media import names_by_folder
from newsgen.content.scan import ScannedFile
from newsgen.core.file_types import MOST_BYTES
from newsgen.core.files import digest_file
from newsgen.core.stamps import Stamp
from newsgen.preview.session import Session
from newsgen.signoff.effective import standings_of
from newsgen.signoff.standing import Standing

NOBODY: Mapping[str, Standing] = {}


class KnownStandings:
    """The standings of a site's reports. To be asked in the thread of the session."""

    def __init__(self) -> None:
        self._seen: object = None
        self._standings: Mapping[str, Standing] = NOBODY
        self._facts: dict[str, ApprovalFacts | None] = {}
        self._digests: dict[str, tuple[Stamp, str]] = {}

    def of(self, session: Session) -> Mapping[str, Standing]:
        """The standings by path; those of the last time, where the session has looked at nothing since."""
        policy = session.config.reviews if session.config else None
        if policy is None:
            return NOBODY
        texts, files = session.texts, session.files
        seen = (policy, tuple(record.digest for record, _ in texts), files)
        if seen == self._seen:
            return self._standings
        facts = {}
        for record, document in texts:
            if document is not None and not record.ref.is_section:
                if record.digest not in self._facts:
                    self._facts[record.digest] = facts_of(document)
                facts[record.path] = self._facts[record.digest]
        others = {item.path: item for item in files if not item.is_text}
        lying = FilesLying(frozenset(others), names_by_folder(others))
        known = {path: item for path, item in facts.items() if item}
        self._standings = standings_of(
            policy,
            known,
            [record.path for record, _ in texts],
            lying,
            lambda path: self._digest(session.root, others[path]),
        )
        kept = {record.digest for record, _ in texts}
        self._facts = {digest: item for digest, item in self._facts.items() if digest in kept}
        self._seen = seen
        return self._standings

    def _digest(self, root: Path, item: ScannedFile) -> str:
        known = self._digests.get(item.path)
        if known is None or known[0] != item.stamp:
            try:
                known = item.stamp, digest_file(root / item.real, MOST_BYTES)
            except OSError:  # told where it is needed
                known = item.stamp, ""
            self._digests[item.path] = known
        return known[1]
