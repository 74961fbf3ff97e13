"""The up-to-date check: a build in which nothing has changed reads no text and plans nothing.

Two digests are compared: one of the inputs (the bytes of site.yaml, theme and templates, the stamps of all other
files), one of the output folder. Where both are those of the last build, and time changes nothing, its result holds.
The record of a build is saved only where every stamp can be trusted (core/stamps.py).
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from newsgen.build.output.lock import locked
from newsgen.build.output.manifest import LOCK, MANIFEST, STAGING
from newsgen.build.output.snapshot import FolderSnapshot, Stamps
from newsgen.core.digest import digest
from newsgen.core.model import Diagnostic, Record
from newsgen.core.platform import is_link
from newsgen.core.stamps import Stamp, read_stamp
from newsgen.site.model import Validity


class LastBuild(Record, frozen=True):
    """The record of a build: the digests of its `sources` and `outputs`, and the time span in which it holds.

    `reviews` counts articles as in Result.
    """

    sources: str
    outputs: str
    validity: Validity
    articles: int
    count: int
    diagnostics: tuple[Diagnostic, ...]
    reviews: dict[str, int] | None = None

    def holds(self, sources: str, now: datetime) -> bool:
        """Whether a build of these sources now would plan the same outputs."""
        return self.sources == sources and self.validity.holds(now)


def outputs_digest(out: Path, folder_snapshot: FolderSnapshot | None = None) -> str | None:
    """The digest of an output folder; None where another build is at work there, or was killed."""
    manifest = read_stamp(out / MANIFEST)
    try:
        if manifest is None or (folder_snapshot is None and _is_taken(out / STAGING)):
            return None
        return _digest_of(manifest, (folder_snapshot or FolderSnapshot(out)).stamps)
    except OSError:  # a folder that may not be read: staging reports it
        return None


def _digest_of(manifest: Stamp, stamps: Stamps) -> str:
    ordered = sorted(stamps.items())
    try:
        return digest(manifest, ordered)
    except UnicodeEncodeError:  # somebody's file, with a name in another encoding
        return digest(manifest, [(os.fsencode(path), stamp) for path, stamp in ordered])


def _is_taken(staging: Path) -> bool:
    """Whether a build is at work, or was killed. On Windows a lock may be left alone: a held file can't be deleted."""
    if not os.path.lexists(staging):
        return False
    if is_link(staging) or os.listdir(staging) != [LOCK]:
        return True
    with locked(staging / LOCK) as alone:
        return not alone
