"""The sources that the check of a site as a whole depends on, besides the clock."""

from __future__ import annotations

from pathlib import Path

from newsgen.build.locations import locations_of
from newsgen.build.output.manifest import MANIFEST
from newsgen.build.request import DEFAULT_OUTPUT, expanded
from newsgen.config.check_section import CheckSettings
from newsgen.content.scan import ScanResult
from newsgen.core.files import read_file
from newsgen.core.model import Record

_MOST = 200_000_000


class SiteSources(Record, frozen=True):
    """The site at `root`: the bytes of site.yaml and withdrawn.yaml (None: no such file), the settings of `check:`, and
    the scanned files.
    """

    root: Path
    site_yaml: bytes
    withdrawn: bytes | None
    settings: CheckSettings
    scan_result: ScanResult

    @property
    def output(self) -> Path:
        """The output folder. Raises ConfigError."""
        return expanded(self.root, locations_of(self.root, self.site_yaml).output or DEFAULT_OUTPUT)

    @property
    def manifest(self) -> bytes:
        """The bytes of the last build's manifest; b"" if there is no build."""
        try:
            return read_file(self.output / MANIFEST, _MOST)
        except OSError:
            return b""
