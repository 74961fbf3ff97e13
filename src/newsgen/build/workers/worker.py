"""A worker process: it parses first, and loads what rendering needs while the parent plans."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.output.staging import Stager
from newsgen.build.workers.job_count import Functions, JobResult, Loan, Needs
from newsgen.content.scan import SourceRef
from newsgen.core.model import Output, Part, changed
from newsgen.site.theme.templates import TemplateFacts

if TYPE_CHECKING:
    from newsgen.build.workers.rendering import RenderBatch
    from newsgen.render.renderer import Templates

_encode = msgspec.msgpack.Encoder().encode
SHARED = frozenset({"frame", "column", "template"})
"""Parts that many outputs have in common: a worker keeps one copy of each."""


class _Worker:
    """The functions of a worker process."""

    def __init__(self, needs: Needs) -> None:
        root = Path(needs.root)
        self._document_cache = DocumentCache(root, needs.settings, Store(root, needs.environment, Path(needs.cache)))
        self._bench: RenderBatch | None = None
        self._templates: Templates | None = None
        self._shared: dict[tuple[str, str], Part] = {}  # parts that many outputs share, one copy of each

    def parse(self, tasks: Sequence[SourceRef]) -> bytes:
        return _encode([self._document_cache.read(task) for task in tasks])

    def save(self, _: None) -> None:
        self._document_cache.save()

    def end(self, _: None) -> None:
        self._document_cache.store.settle()

    def warm(self, looks: tuple[dict[str, str], TemplateFacts | None]) -> None:
        from newsgen.render.renderer import Templates

        self._templates = Templates(*looks)
        self._templates.warm()

    def begin(self, place: tuple[dict[str, str], TemplateFacts, str]) -> None:
        from newsgen.build.workers.rendering import RenderBatch
        from newsgen.render.renderer import Templates

        sources, facts, folder = place
        if self._templates is None or self._templates.sources != sources:
            self._templates = Templates(sources, facts)
        self._bench = RenderBatch(self._document_cache, self._templates, Stager(folder))

    def render(self, loan: Loan) -> list[JobResult]:
        assert self._bench is not None, "begin() comes first"
        jobs, bodies = loan
        self._document_cache.lend(bodies)
        return [self._bench.render((self._interned(output), standing)) for output, standing in jobs]

    def _interned(self, output: Output) -> Output:
        parts = tuple(
            self._shared.setdefault((part.name, part.digest), part) if part.name in SHARED else part
            for part in output.parts
        )
        return changed(output, parts=parts)


def prepare(needs: Needs) -> Functions:
    """Set up a worker process."""
    worker = _Worker(needs)
    names = ("parse", "save", "warm", "begin", "render", "end")
    return {name: getattr(worker, name) for name in names}
