"""`build --verify 2%`: render a random sample of the unchanged outputs again, from the files alone, and compare.

Nothing that an earlier build stored is used: files are read and parsed, pages rendered, and the bytes compared with
those in the output folder.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from newsgen.build.cache.pictures import PictureCache
from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.output.staging import Staging
from newsgen.content.load import FileRecord, Source
from newsgen.core.digest import digest_chunks
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, Markdown, Output
from newsgen.render.renderer import Templates, attachment, attachment_bytes, render

Item = TypeVar("Item")
_HINT = "这是 newsgen 的错：请告诉维护网站的人；删去 .newsgen 文件夹，用 newsgen build --full 再生成一次就会是对的"


def sample(items: Sequence[Item], share: float) -> list[Item]:
    """A random share (0 to 1) of the items, and at least one of them."""
    return random.sample(items, min(len(items), max(1, round(len(items) * share))))


def differing_texts(
    root: Path, settings: Markdown, sources: Mapping[str, Source], texts: Mapping[str, FileRecord], share: float
) -> Iterator[Diagnostic]:
    """The diagnostics on a sample of Markdown files: those whose stored document is not what parsing gives."""
    document_cache = _fresh(root, settings)
    for path in sample(list(texts), share):
        document = document_cache.read(texts[path].ref)
        if document != sources[path].document:
            yield Diagnostic("verify.text", "error", "记住的内容和这个文件的内容不一样", _HINT, path)


def differing_outputs(
    root: Path, settings: Markdown, kept: Sequence[Output], templates: Templates, staging: Staging, share: float
) -> Iterator[Diagnostic]:
    """The diagnostics on a sample of the unchanged outputs: those that have other bytes when rendered again."""
    document_cache, pictures = _fresh(root, settings), PictureCache(root, None)
    for output in sample(kept, share):
        try:
            file = attachment(output)
            pieces = (
                attachment_bytes(file, root)
                if file
                else [render(output, templates, root, document_cache.body, pictures)]
            )
            digest = digest_chunks(pieces)
        except ContentError as error:
            yield from error.diagnostics
        else:
            if not staging.holds(output.path, digest):
                message = f"重新生成的网页和原来的不一样：{output.path}"
                yield Diagnostic("verify.output", "error", message, _HINT, staging.shown + "/" + output.path)


def _fresh(root: Path, settings: Markdown) -> DocumentCache:
    """An empty cache of documents that uses no store."""
    return DocumentCache(root, settings, Store.disabled())
