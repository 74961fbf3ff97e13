"""The diagnostics of single Markdown files, each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.content.scan import ScannedFile
from newsgen.core.model import Diagnostic, Markdown, changed


def diagnostics_of_files(
    root: Path, settings: Markdown, store: Store, files: Iterable[ScannedFile]
) -> Iterator[Diagnostic]:
    """The diagnostics of the files' documents; those that the store does not have are parsed, and kept there."""
    cache = DocumentCache(root, settings, store)
    for item in files:
        document = cache.document(item.ref)
        if isinstance(document, Diagnostic):
            yield document
        else:
            yield from (changed(diagnostic, path=item.path) for diagnostic in document.diagnostics)
    cache.save()
