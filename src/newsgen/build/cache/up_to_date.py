"""The up-to-date check: a build in which nothing has changed reads no text and plans nothing.

What a build looks at, and what stands in the output folder, are each named by one digest: of the bytes of site.yaml, theme
and templates, and of the stamps of all other files. Where both are what they were, and time has brought nothing, the
result is known. It is kept only where every stamp can be trusted (core/stamps.py).
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
    """What a build left: `sources` and `outputs` are digests, `validity` is how long it holds."""

    sources: str
    outputs: str
    validity: Validity
    articles: int
    count: int
    diagnostics: tuple[Diagnostic, ...]

    def holds(self, sources: str, now: datetime) -> bool:
        """Whether a build of these sources, made now, would plan what is in the output folder."""
        return self.sources == sources and self.validity.holds(now)


def outputs_digest(out: Path, folder_snapshot: FolderSnapshot | None = None) -> str | None:
    """Names what stands in an output folder; None where another build is at work there, or was killed."""
    manifest = read_stamp(out / MANIFEST)
    try:
        if manifest is None or (folder_snapshot is None and _is_taken(out / STAGING)):
            return None
        return _digest_of(manifest, (folder_snapshot or FolderSnapshot(out)).stamps)
    except OSError:  # a folder that may not be read: whoever has to write there will tell
        return None


def _digest_of(manifest: Stamp, stamps: Stamps) -> str:
    ordered = sorted(stamps.items())
    try:
        return digest(manifest, ordered)
    except UnicodeEncodeError:  # somebody's file, with a name out of another encoding
        return digest(manifest, [(os.fsencode(path), stamp) for path, stamp in ordered])


def _is_taken(staging: Path) -> bool:
    """Whether a build is at work, or was killed. Windows lets nobody delete a lock that is held: it stays, and says nothing."""
    if not os.path.lexists(staging):
        return False
    if is_link(staging) or os.listdir(staging) != [LOCK]:
        return True
    with locked(staging / LOCK) as alone:
        return not alone
