"""What one build leaves for the next, beside parsed files: stamps that answer for bytes, and what outputs are made of.

All of it is only ever a shortcut to what the files themselves would say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from newsgen.census import Census, Stamps
from newsgen.content import Content, Known
from newsgen.media import Known as KnownMedia
from newsgen.media import Media
from newsgen.model import Diagnostic, Download, Markdown, Picture
from newsgen.stamp import Stamp, clock_of, is_settled
from newsgen.store import FOLDER, Store

Kept = TypeVar("Kept")
CLOCK = "clock"
"""A file in `.newsgen/` that is touched to read the time of the file system."""


class Memory:
    """The memory of the site at `root`. Its clock is read when it is made: before any file is looked at."""

    def __init__(self, root: Path, store: Store, settings: Markdown) -> None:
        self._store = store
        self._files = f"files:{settings.paragraphs}"
        try:
            (root / FOLDER).mkdir(exist_ok=True)
            self._clock: Stamp | None = clock_of(root / FOLDER / CLOCK)
        except OSError:  # a site that may only be read: nothing is ever settled
            self._clock = None

    def files(self) -> Known:
        """Markdown files by path: stamp, and digest of the document."""
        return self._store.record(self._files, dict[str, tuple[Stamp, str]]) or {}

    def media(self) -> KnownMedia:
        """Photos and other files by path: stamp, and the file as it is published."""
        return self._store.record("media", dict[str, tuple[Stamp, Picture | Download]]) or {}

    def outputs(self, out: Path) -> Stamps:
        """Stamps of the files of an output folder that were right when last seen, by path."""
        return self._store.record(_outputs(out), dict[str, Stamp]) or {}

    def keep_inputs(self, content: Content, media: Media, known: Known, known_media: KnownMedia) -> None:
        """Remember the files that were read, as far as their stamps can be trusted."""
        files = {path: (source.stamp, source.document.digest) for path, source in content.sources.items()}
        settled = self._settled(files)
        shown = {
            path: (content.files[path].stamp, file) for path, file in media.items() if not isinstance(file, Diagnostic)
        }
        settled_media = self._settled(shown)
        records: dict[str, object] = {}
        if settled != known:
            records[self._files] = settled
        if settled_media != known_media:
            records["media"] = settled_media
        if records:
            self._store.write_records(records)

    def keep_outputs(self, out: Path, census: Census, paths: Iterable[str], clock: Stamp) -> None:
        """Remember that these files of an output folder are as they should be."""
        settled = census.settled(paths, clock)
        if settled != census.known:
            self._store.write_records({_outputs(out): settled})

    def _settled(self, found: Mapping[str, tuple[Stamp, Kept]]) -> dict[str, tuple[Stamp, Kept]]:
        clock = self._clock
        return {path: item for path, item in found.items() if clock and is_settled(item[0], clock)}


def _outputs(out: Path) -> str:
    return f"outputs:{out.resolve()}"
