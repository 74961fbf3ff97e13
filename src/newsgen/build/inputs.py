"""The inputs of a build: settings, files and theme as they are now, and the records of the last build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newsgen.build.loader import ContentLoader, Loaded
from newsgen.config.model import Config
from newsgen.content.approval import real_file
from newsgen.content.load import FileRecords, ParsedFiles, diagnostics_of
from newsgen.content.media import KnownMedia
from newsgen.content.scan import ScannedFile, ScanResult, changed_during_build
from newsgen.core.digest import digest, digest_texts, environment
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, Record
from newsgen.core.programs import ffmpeg
from newsgen.render.theme import Theme
from newsgen.signoff.visible_versions import NO_APPROVALS, Approvals
from newsgen.site.conflicts import same_bodies


class RawInputs(NamedTuple):
    """The inputs before any text is read. `settings` are the bytes of site.yaml, `withdrawn` of withdrawn.yaml,
    `delivered` of the file of view counts, or the reason why there is none. `kept` are the files of approved/.
    """

    settings: bytes
    withdrawn: bytes | None
    delivered: bytes | str | None
    scan_result: ScanResult
    theme: Theme
    kept: tuple[ScannedFile, ...] = ()

    def digest(self, options_key: str) -> str:
        """The digest of the inputs and of the options (Request.options_key)."""
        found = self.scan_result.found, self.scan_result.diagnostics
        own = self.settings, self.withdrawn, self.delivered, self.theme.digest
        return digest(environment(), _has_ffmpeg(), options_key, *own, found, self.kept)


class Inputs(Record, frozen=True, gc=True):
    """The inputs with every Markdown file parsed; `texts_before` and `media_before` are the records of the last build.
    Where articles are approved before readers see them, `approvals` say what they see, and the files are those.

    `gc`: the loader may hold the inputs in turn, as that of a preview does.
    """

    config: Config
    theme: Theme
    scan_result: ScanResult
    parsed_files: ParsedFiles
    texts_before: FileRecords
    media_before: KnownMedia
    loader: ContentLoader
    approvals: Approvals = NO_APPROVALS

    def load(self) -> Loaded:
        """The documents and media of all files. Raises ContentError for a file that was edited meanwhile: an approval holds
        for the bytes that it was judged by.
        """
        loaded = self.loader.load(self.scan_result, self.parsed_files, self.media_before, self.approvals)
        for path, file in loaded.media.items():
            known = self.approvals.files.get(real_file(path))
            if known is not None and not isinstance(file, Diagnostic) and file.digest != known:
                raise ContentError([changed_during_build(path)])
        return loaded

    @property
    def diagnostics(self) -> Iterator[Diagnostic]:
        """The diagnostics of parsing, each with its path."""
        return diagnostics_of(self.parsed_files.texts)

    def key(self, shown: str, files: Iterable[tuple[str, str]]) -> str:
        """The digest of all that a plan is made of. `shown` is Viewpoint.shown; `files` are paths and digests of the
        photos and files that reports name.
        """
        texts = self.parsed_files.texts
        names = [item.path for item in self.scan_result.found if item.path not in texts]
        metadata_digest = [name for text in texts.values() for name in (text.path, text.metadata_digest)]
        diagnostics = (self.scan_result.diagnostics, self.parsed_files.diagnostics)
        copies = same_bodies(texts, self.config.ledger)
        own = _has_ffmpeg(), shown, self.config, self.theme.digest, self.approvals.key
        settings = digest(environment(), *own, diagnostics, list(files), copies)
        return digest_texts([settings, *names, *metadata_digest])


def _has_ffmpeg() -> bool:
    """Whether videos get their first frame, though no source has changed."""
    return ffmpeg() is not None
