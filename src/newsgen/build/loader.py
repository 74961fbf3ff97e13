"""The loader: from the files of content/ to documents and media, for builds, the preview, withdrawing and publishing.

scan          which files are there                                    content/scan.py
parse         those that have changed; the others are known            content/load.py
documents     of all of them, also those that earlier builds parsed    content/load.py
media         the photos and files that they name                      content/media.py
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from newsgen.config.model import Config
from newsgen.content import load
from newsgen.content.load import Content, FileRecords, Parse, ParsedFiles
from newsgen.content.media import KnownMedia, Media, collect_media
from newsgen.content.scan import ScanResult
from newsgen.core.model import Document
from newsgen.signoff.visible_versions import NO_APPROVALS, Approvals


class Loaded(NamedTuple):
    """All of content/ with its documents, and the photos and files that they name."""

    content: Content
    media: Media


@dataclass(frozen=True, slots=True)
class ContentLoader:
    """A loader for the site at `root` with these settings. `parse` parses files; `documents` gives those of earlier builds."""

    root: Path
    config: Config
    parse: Parse
    documents: Callable[[], Mapping[str, Document]]

    def parse_changed(self, scan_result: ScanResult, known: FileRecords) -> ParsedFiles:
        """Every Markdown file; those that are not `known` with the same stamp or bytes are parsed."""
        return load.parse_changed(self.root, scan_result, known, self.config.markdown, self.parse)

    def documents_of(self, parsed_files: ParsedFiles) -> Mapping[str, Document]:
        """The documents of Markdown files by digest. Raises ContentError for a file edited since."""
        return load.documents_of(parsed_files, self.documents, self.parse)

    def load(
        self,
        scan_result: ScanResult,
        parsed_files: ParsedFiles,
        known: KnownMedia,
        approvals: Approvals = NO_APPROVALS,
    ) -> Loaded:
        """The documents and media, as readers may see them by `approvals`; `known` media are not read again.

        Raises ContentError for a file edited since.
        """
        content = approvals.applied(load.load(scan_result, parsed_files, self.documents, self.parse))
        return Loaded(content, collect_media(self.root, content, known, self.config.attachments.clean))
