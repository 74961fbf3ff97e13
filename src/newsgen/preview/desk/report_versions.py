"""The current versions (digests) of reports. A window requests that of its open report after every change of the site.

It requests the page of the report at the same moment, so a version must be cheap: it takes one reading of the file,
however large the site is.
"""

from __future__ import annotations

import stat
from pathlib import Path

from newsgen.core.digest import digest_bytes
from newsgen.core.platform import is_link
from newsgen.preview.desk.open_report import read_report, report_file

MOST_KNOWN = 1000


class ReportVersions:
    """The versions of the reports of the site at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: frozenset[str] = frozenset()
        """Paths that were once found in the list of their folder. A folder with more reports takes longer to list."""

    def of(self, path: str) -> str:
        """The version of a report on the disk. Raises UsageError for what is no report, HostError."""
        if path in self._known and self._is_file(path):
            return digest_bytes(read_report(self._root / path, path))
        file = report_file(self._root, path)
        version = digest_bytes(read_report(file, path))
        self._known = (self._known if len(self._known) < MOST_KNOWN else frozenset()) | {path}
        return version

    def _is_file(self, path: str) -> bool:
        """Whether there is still a regular file at the path, with no link on the way."""
        file = self._root / path
        folders = (self._root / folder for folder in Path(path).parents if folder != Path())
        try:
            return stat.S_ISREG(file.lstat().st_mode) and not any(map(is_link, folders))
        except OSError:
            return False
