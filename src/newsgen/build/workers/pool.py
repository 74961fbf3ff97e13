"""Workers for parsing and rendering: this process alone for small jobs, several processes for large ones.

A worker keeps the bodies of the files that it has parsed, and renders the pages that show them: only what other pages
need to know (documents) and what a page is made of (outputs) travels between the processes. The parent is one of those
that parse and render, and it renders what shows many articles (lists, feeds, sitemaps), since it holds them all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.output.staging import Staging
from newsgen.build.workers.job_count import HERE, JobResult, Loan, Needs
from newsgen.content.scan import SourceRef
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, Document, Markdown, Output
from newsgen.core.platform import most_processes, processors
from newsgen.render.theme import Theme

if TYPE_CHECKING:
    from newsgen.build.workers.processes import Crew
    from newsgen.build.workers.rendering import RenderBatch

ENOUGH = 300
"""Files or pages that are worth the start of worker processes."""
HAND = 32
"""Files in one call of a worker; page kinds say how many of their outputs."""
ROOM = 2_000
"""Bodies that the parent keeps at hand beside its workers, since it has all documents to hold."""

_decode = msgspec.msgpack.Decoder(list[Document | Diagnostic]).decode


class Workers:
    """Where the files of one site are parsed and its outputs rendered, by at most `jobs` processes."""

    def __init__(self, root: Path, settings: Markdown, store: Store, jobs: int | None = None) -> None:
        self._needs = Needs(str(root), settings, store.environment, str(store.path.parent))
        self._store = store
        self._document_cache = DocumentCache(root, settings, store)
        self._jobs = most_processes(processors() if jobs is None else jobs)
        self._crew: Crew | None = None
        self._leaving: list[Crew] = []  # sent away, and maybe not gone yet
        self._owners: dict[str, int] = {}  # digest of a document -> the worker that has its body

    def parse(self, tasks: Sequence[SourceRef]) -> Iterator[Document | Diagnostic]:
        """The documents of the files, in order; a Diagnostic where a file cannot be read."""
        crew = self._crew_for(len(tasks))
        if crew is None:
            yield from map(self._document_cache.read, tasks)
            return
        from newsgen.build.workers.processes import Batch

        hands = [tasks[start : start + HAND] for start in range(0, len(tasks), HAND)]
        found: dict[int, list[Document | Diagnostic]] = {}
        for answer in crew.deal("parse", [Batch(hand) for hand in hands], self._parsed):
            if answer.worker == HERE:
                found[answer.hand] = answer.value
            else:
                found[answer.hand] = _decode(answer.value)
                digests = (item.digest for item in found[answer.hand] if isinstance(item, Document))
                self._owners |= dict.fromkeys(digests, answer.worker)
        for index in range(len(hands)):
            yield from found[index]

    def _parsed(self, tasks: Sequence[SourceRef]) -> Iterator[Document | Diagnostic]:
        return map(self._document_cache.read, tasks)

    def save(self) -> None:
        """Let workers put what they parsed into the store while the caller goes on, who does so beside its next work."""
        if self._owners and self._crew:
            self._crew.tell("save", None)

    def warm(self, looks: Theme) -> None:
        """Let workers compile the templates while the caller goes on: they will be asked for pages."""
        if self._crew and not looks.file_diagnostics:
            self._crew.tell("warm", (dict(looks.sources), looks.known))

    def render(
        self,
        outputs: Sequence[Output],
        looks: Theme,
        staging: Staging,
        step: Callable[[], None],
        beside: Iterator[object],
    ) -> None:
        """Render all outputs with the templates of `looks`, and stage those that are new.

        `beside` is other work of the caller's, done step by step while workers render. Raises ContentError with all
        faults, once all were tried.
        """
        found: list[tuple[str, Diagnostic]] = []
        for output, done in self._rendered(outputs, looks, staging, beside):
            found += ((output.path, diagnostic) for diagnostic in done.diagnostics)
            if not done.diagnostics:
                staging.accept(output, done.digest, done.is_staged)
            step()
        deque(beside, maxlen=0)  # what is left of it
        self._dismiss("end")
        diagnostics: dict[tuple[str, str, int], Diagnostic] = {}  # one fault in a template shows in every page
        for _, diagnostic in sorted(found, key=lambda pair: pair[0]):  # the same one is told, whoever came first
            diagnostics.setdefault((diagnostic.code, diagnostic.path, diagnostic.line), diagnostic)
        if diagnostics:
            raise ContentError(diagnostics.values())

    def _rendered(
        self, outputs: Sequence[Output], looks: Theme, staging: Staging, beside: Iterator[object]
    ) -> Iterator[tuple[Output, JobResult]]:
        if not outputs:
            return
        from newsgen.build.workers.rendering import RenderBatch
        from newsgen.pages.kinds import kind_of

        travelling = [output for output in outputs if kind_of(output).batch]
        crew = self._crew_for(len(travelling))
        away = {output.path for output in travelling} if crew else set()
        bench = RenderBatch(self._document_cache, looks.templates, staging.stager)
        done: list[tuple[Output, JobResult]] = []

        def at_home() -> Iterator[None]:
            for output in outputs:
                if output.path not in away:
                    done.append((output, bench.render((output, staging.standing(output.path)))))
                    yield

        if crew is None:
            for _ in at_home():
                yield done.pop()
            return
        crew.tell("begin", (dict(looks.sources), looks.templates.facts, staging.folder))
        yield from self._dealt(
            crew, travelling, staging, bench, chain(at_home(), self._document_cache.saving(), beside)
        )
        yield from done

    def _dealt(
        self, crew: Crew, outputs: Sequence[Output], staging: Staging, bench: RenderBatch, meanwhile: Iterable[object]
    ) -> Iterator[tuple[Output, JobResult]]:
        """What the workers rendered, and the parent beside them; `meanwhile` is what it has to do first."""
        from newsgen.build.workers.processes import Batch

        def own(loan: Loan) -> Iterator[JobResult]:
            jobs, bodies = loan
            self._document_cache.lend(bodies)
            return map(bench.render, jobs)

        lots = list(_lots(outputs, self._owner))
        hands = [Batch(self._loan(lot, staging, owner), owner) for owner, lot in lots]
        for answer in crew.deal("render", hands, own, meanwhile):
            yield from zip(lots[answer.hand][1], answer.value, strict=True)

    def _owner(self, digest: str) -> int | None:
        """Who has the body of the document `digest` at hand."""
        return self._owners.get(digest, HERE if self._document_cache.holds(digest) else None)

    def _loan(self, outputs: Sequence[Output], staging: Staging, owner: int | None) -> Loan:
        texts = (output.parts[-1].digest for output in outputs) if owner == HERE else ()
        return [(output, staging.standing(output.path)) for output in outputs], self._document_cache.at_hand(texts)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers, if there are any, and put what was parsed into the store, whatever became of the rest."""
        self._dismiss()
        try:
            self._document_cache.save()
        finally:
            for crew in self._leaving:
                crew.close()

    def _dismiss(self, last: str | None = None) -> None:
        """Send the workers away, who end after this last call while the caller goes on."""
        if self._crew is not None:
            self._crew.dismiss(last)
            self._leaving.append(self._crew)
            self._crew = None
            self._owners.clear()

    def _crew_for(self, amount: int) -> Crew | None:
        """The workers, started when the first large job comes."""
        if self._crew is None and amount >= ENOUGH and self._jobs > 1:
            _import_ahead()
            from newsgen.build.workers.processes import Crew
            from newsgen.build.workers.worker import prepare

            self._store.close()  # no connection may be carried into another process
            self._crew = Crew(self._jobs - 1, prepare, self._needs)
            self._document_cache.room = ROOM
        return self._crew if amount >= ENOUGH else None


def _import_ahead() -> None:
    """Import what every process will need, before the fork: it is done once, and while the other processors rest."""
    import newsgen.build.workers.rendering
    import newsgen.content.document  # noqa: F401
    from newsgen.content import images

    images.warm()


def _lots(
    outputs: Iterable[Output], owner_of: Callable[[str], int | None]
) -> Iterator[tuple[int | None, list[Output]]]:
    """The outputs in small lots for one process each: the one that has the body, or any."""
    from newsgen.pages.kinds import kind_of

    lots: dict[int | None, list[Output]] = {}
    for output in outputs:
        owner = owner_of(output.parts[-1].digest)  # the text, where there is one
        lot = lots.setdefault(owner, [])
        lot.append(output)
        if len(lot) >= kind_of(output).batch:
            yield owner, lots.pop(owner)
    yield from lots.items()
