"""The inputs of a build: settings, files and theme as they are now, and what was known of them before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newsgen.build.loader import ContentLoader, Loaded
from newsgen.config.model import Config
from newsgen.content.load import FileRecords, ParsedFiles, diagnostics_of
from newsgen.content.media import KnownMedia as KnownMedia
from newsgen.content.scan import ScanResult
from newsgen.core.digest import digest, digest_texts, environment
from newsgen.core.model import Diagnostic, Record
from newsgen.render.theme import Theme
from newsgen.site.conflicts import same_bodies


class RawInputs(NamedTuple):
    """What a build sees before it reads any text; `settings` are the bytes of site.yaml, `withdrawn` of withdrawn.yaml,
    `delivered` of the file of view counts, or why there is none.
    """

    settings: bytes
    withdrawn: bytes | None
    delivered: bytes | str | None
    scan_result: ScanResult
    looks: Theme

    def digest(self, way: str) -> str:
        """Names all of it; `way` says how the site is asked for."""
        found = self.scan_result.found, self.scan_result.diagnostics
        return digest(environment(), way, self.settings, self.withdrawn, self.delivered, self.looks.digest, found)


class Inputs(Record, frozen=True, gc=True):
    """What was found, what was known of it before (`texts_before`, `media_before`), and how more of it is loaded.

    `gc`: what loads may hold what was seen, as the tracker of a preview does.
    """

    config: Config
    looks: Theme
    scan_result: ScanResult
    parsed_files: ParsedFiles
    texts_before: FileRecords
    media_before: KnownMedia
    loader: ContentLoader

    def load(self) -> Loaded:
        """The documents and media of all that was found. Raises ContentError for a file that was edited meanwhile."""
        return self.loader.load(self.scan_result, self.parsed_files, self.media_before)

    @property
    def diagnostics(self) -> Iterator[Diagnostic]:
        """What parsing said of each file, with its path."""
        return diagnostics_of(self.parsed_files.texts)

    def key(self, shown: str, files: Iterable[tuple[str, str]]) -> str:
        """Names all that a plan is made of. `shown` is Viewpoint.shown; `files` are paths and digests of the photos and
        files that reports name.
        """
        texts = self.parsed_files.texts
        names = [item.path for item in self.scan_result.found if item.path not in texts]
        metadata_digest = [name for text in texts.values() for name in (text.path, text.metadata_digest)]
        diagnostics = (self.scan_result.diagnostics, self.parsed_files.diagnostics)
        copies = same_bodies(texts, self.config.ledger)
        settings = digest(environment(), shown, self.config, self.looks.digest, diagnostics, list(files), copies)
        return digest_texts([settings, *names, *metadata_digest])
