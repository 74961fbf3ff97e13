"""Workers: processes that parse files and render pages; a small job is done by this process alone.

What is parsed goes into the store at once, where every process finds the bodies that it has not parsed itself: only what
other pages need to know (documents) and what a page is made of (outputs) travels between them. The parent is one of those
that parse and render, and it renders what shows many articles (lists, feeds, sitemaps), since it holds them all.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from newsgen.build.cache.pictures import PictureCache
from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.output.staging import Stager, Staging
from newsgen.content.scan import SourceRef
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError, HostError
from newsgen.core.model import Diagnostic, Document, Markdown, Output, Part
from newsgen.core.platform import processors
from newsgen.render.theme import Theme

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

ENOUGH = 300
"""Files or pages that are worth the start of worker processes."""
BATCH = 32
"""Files or pages in one call of a worker: few, so that none idles at the end."""
ROOM = 3_000
"""Bodies that the parent keeps at hand beside its workers, since it has all documents to hold."""
MOST = 61
"""Workers that Windows can wait for."""
SHARED = frozenset({"frame", "column", "template"})
"""Parts that many outputs have in common: a worker keeps one copy of each."""

NO_THEME = Theme({}, {}, ())
"""For those who only parse."""

Item = TypeVar("Item")
Job = tuple[Output, str | None]
"""An output, and the digest of the file that stands in its place (None: none, or not as we made it)."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Document | Diagnostic]).decode


class JobResult(NamedTuple):
    """What became of a job: the digest of its bytes, and whether they were staged; or what is wrong."""

    digest: str
    is_staged: bool
    faults: tuple[Diagnostic, ...] = ()


class Renderer:
    """What renders outputs in one process, and stages them below `folder`."""

    def __init__(self, document_cache: DocumentCache, looks: Theme, folder: str) -> None:
        self.document_cache, self.looks, self.stager = document_cache, looks, Stager(folder)
        self._pictures = PictureCache(document_cache.root, document_cache.store.folder)

    def render(self, job: Job) -> JobResult:
        """Render one output, and stage its bytes unless they stand there already. Raises OSError."""
        from newsgen.render.renderer import attachment, attachment_bytes, render

        output, standing = job
        root = self.document_cache.root
        try:
            pieces: Iterable[bytes]
            if file := attachment(output):
                digest, pieces = file.digest, attachment_bytes(file, root)
            else:
                data = render(output, self.looks.templates, root, self.document_cache.body, self._pictures)
                digest, pieces = digest_bytes(data), (data,)
            if digest != standing:
                self.stager.stage(output.path, pieces)
        except ContentError as error:
            return JobResult("", is_staged=False, faults=error.diagnostics)
        return JobResult(digest, digest != standing)


class Workers:
    """Where the files of one site are parsed and its outputs rendered, by at most `jobs` processes.

    Outputs are rendered with `looks`, and staged below `folder`.
    """

    def __init__(
        self,
        root: Path,
        settings: Markdown,
        store: Store,
        jobs: int | None = None,
        looks: Theme = NO_THEME,
        folder: str = "",
    ) -> None:
        self._document_cache = DocumentCache(root, settings, store)
        self._jobs = processors() if jobs is None else jobs
        self._looks, self._folder = looks, folder
        self._pool: ProcessPoolExecutor | None = None

    def parse(self, tasks: Sequence[SourceRef]) -> Iterator[Document | Diagnostic]:
        """The documents of the files, in order; a Diagnostic where a file cannot be read."""
        read = self._document_cache.read
        if not self._has_workers_for(len(tasks)):
            yield from map(read, tasks)
            return
        found: dict[SourceRef, Document | Diagnostic] = {}
        for batch, documents in self._shared(_parse, read, _batches(tasks)):
            found |= zip(batch, documents if isinstance(documents, list) else _decode(documents), strict=True)
        self._document_cache.save()
        yield from map(found.__getitem__, tasks)

    def render(
        self, outputs: Sequence[Output], staging: Staging, step: Callable[[], None], beside: Iterator[object]
    ) -> None:
        """Render all outputs, and stage those that are new.

        `beside` is other work of the caller's, done step by step while workers render. Raises ContentError with all
        faults, once all were tried.
        """
        faulty: list[tuple[str, Diagnostic]] = []
        for (output, _), done in self._rendered(outputs, staging, beside):
            faulty += ((output.path, fault) for fault in done.faults)
            if not done.faults:
                staging.accept(output, done.digest, done.is_staged)
            step()
        deque(beside, maxlen=0)  # what is left of it
        faults: dict[tuple[str, str, int], Diagnostic] = {}  # one fault in a template shows in every page
        for _, fault in sorted(faulty, key=lambda pair: pair[0]):  # the same one is told, whoever came first
            faults.setdefault((fault.code, fault.path, fault.line), fault)
        if faults:
            raise ContentError(faults.values())

    def _rendered(
        self, outputs: Sequence[Output], staging: Staging, beside: Iterator[object]
    ) -> Iterator[tuple[Job, JobResult]]:
        if not outputs:
            return
        renderer = Renderer(self._document_cache, self._looks, self._folder)
        jobs = [(output, staging.digest_on_disk(output.path)) for output in outputs]
        travelling = [job for job in jobs if _batch_size(job)]
        if not self._has_workers_for(sum(map(_weight, travelling))):
            yield from ((job, renderer.render(job)) for job in jobs)
            return
        # Those last whose texts this process has at hand: it begins at the end.
        travelling.sort(key=lambda job: self._document_cache.holds(job[0].parts[-1].digest))
        own: list[tuple[Job, JobResult]] = []

        def meanwhile() -> Iterator[object]:
            for job in jobs:
                if not _batch_size(job):
                    own.append((job, renderer.render(job)))
                    yield None
            yield from beside

        for batch, results in self._shared(
            _render, renderer.render, _batches(travelling, _batch_size, _batch_key), meanwhile()
        ):
            yield from zip(batch, results, strict=True)
        yield from own

    def _shared(
        self,
        function: Callable[[list[Item]], Any],
        here: Callable[[Item], object],
        batches: deque[list[Item]],
        meanwhile: Iterable[object] = (),
    ) -> Iterator[tuple[list[Item], Any]]:
        """The batches, each with what `function` makes of it in a worker, or `here` of its items in this process.

        This process runs through `meanwhile` first, and then takes batches from the end, workers from the beginning.
        """
        from concurrent.futures import FIRST_COMPLETED, wait

        assert self._pool is not None, "asked for before"
        own = _steps(batches, here, meanwhile)
        running: dict[Future[Any], list[Item]] = {}
        is_busy = True
        while is_busy or running:
            while batches and len(running) < 2 * self._jobs:  # so many as lie ready while workers are at others
                batch = batches.popleft()
                running[self._pool.submit(function, batch)] = batch
            if is_busy:
                made = next(own, None)
                is_busy = made is not None
                yield from made or ()
            else:
                wait(running, return_when=FIRST_COMPLETED)
            for future in [future for future in running if future.done()]:
                result = future.result()
                if isinstance(result, _Refusal):
                    raise OSError(*result)
                yield running.pop(future), result

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """End the workers, if there are any, and put what was parsed into the store, whatever became of the rest."""
        try:
            self._document_cache.save()
        finally:
            if self._pool is not None:
                self._pool.shutdown(cancel_futures=True)
        if type(error).__name__ == "BrokenProcessPool":
            raise HostError(
                "生成时有一个辅助进程意外结束了，多半是内存不够",
                "关掉一些别的程序再运行；或者加上 --jobs 1",
                "crew.lost",
            ) from None

    def _has_workers_for(self, amount: int) -> bool:
        """Whether so large a job is done by workers, which are started when the first one comes."""
        if amount < ENOUGH or self._jobs == 1:
            return False
        if self._pool is None:
            self._start()
        return True

    def _start(self) -> None:
        """Fork the workers where that is safe, which takes milliseconds; else (Windows, macOS, a preview with threads) spawn them."""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        cache = self._document_cache
        cache.store.close()  # no connection may be carried into another process
        cache.room = ROOM
        method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
        if method == "fork":
            _prepare_fork(self._looks)
        place = cache.store.environment, cache.store.path.parent
        self._pool = ProcessPoolExecutor(
            min(self._jobs - 1, MOST),
            multiprocessing.get_context(method),
            _begin,
            (cache.root, cache.settings, *place, self._looks, self._folder),
        )


def _prepare_fork(looks: Theme) -> None:
    """Import and compile what every process will need: it is done once."""
    import newsgen.content.document  # noqa: F401
    from newsgen.content import images

    images.warm()
    looks.templates.warm()


def _batches(
    items: Iterable[Item], size: Callable[[Item], int] = lambda _: BATCH, key: Callable[[Item], str] = lambda _: ""
) -> deque[list[Item]]:
    """The items in small batches, each of one key; one of which fewer belong together is the last of its batch."""
    batches: deque[list[Item]] = deque()
    is_full, before = True, ""
    for item in items:
        if is_full or key(item) != before:
            batches.append([])
            before = key(item)
        batches[-1].append(item)
        is_full = len(batches[-1]) >= size(item)
    return batches


def _batch_size(job: Job) -> int:
    """How many outputs of its kind a worker is given at once; 0: none."""
    from newsgen.pages.kinds import kind_of

    return min(BATCH, kind_of(job[0]).batch)


def _batch_key(job: Job) -> str:
    """What the outputs have in common that are given to one worker together."""
    from newsgen.pages.kinds import kind_of

    key = kind_of(job[0]).batch_key
    return key(job[0]) if key else ""


def _weight(job: Job) -> int:
    """How many pages are rendered in the time that this output takes."""
    from newsgen.pages.kinds import kind_of

    return kind_of(job[0]).weight


def _steps(
    batches: deque[list[Item]], here: Callable[[Item], object], meanwhile: Iterable[object]
) -> Iterator[tuple[tuple[list[Item], Any], ...]]:
    """The work of this process, step by step; with the last step of a batch comes what was made of it."""
    for _ in meanwhile:
        yield ()
    while batches:
        batch, made = batches.pop(), []
        for item in batch:
            yield ()
            made.append(here(item))
        yield ((batch, made),)


# ---------------------------------------------------------------- in a worker


class _Refusal(NamedTuple):
    """What the system refused a worker, as OSError takes it. Pickled, an OSError would lose the number that Windows gave."""

    number: int | None
    words: str | None
    path: str | None
    windows_number: int | None
    other_path: str | None


_renderer: Renderer
_interned: dict[tuple[str, str], Part] = {}


def _begin(root: Path, settings: Markdown, environment: str, cache: Path, looks: Theme, folder: str) -> None:
    """Set up a worker process."""
    global _renderer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides what becomes of it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    document_cache = DocumentCache(root, settings, Store(root, environment, cache))
    _renderer = Renderer(document_cache, looks, folder)


def _end_with_parent() -> None:
    """End this process when its parent has been killed: nobody else would tell it."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    assert parent is not None, "workers have one"
    parent.join()
    os._exit(1)


def _parse(tasks: Sequence[SourceRef]) -> bytes:
    found = [_renderer.document_cache.read(task) for task in tasks]
    _renderer.document_cache.save()
    return _encode(found)


def _render(jobs: Sequence[Job]) -> list[JobResult] | _Refusal:
    try:
        return [_renderer.render((_with_shared_parts(output), standing)) for output, standing in jobs]
    except OSError as error:  # a full disk, a folder that may not be written
        number = getattr(error, "winerror", None)
        return _Refusal(error.errno, error.strerror, error.filename, number, error.filename2)


def _with_shared_parts(output: Output) -> Output:
    parts = tuple(
        _interned.setdefault((part.name, part.digest), part) if part.name in SHARED else part for part in output.parts
    )
    return Output(output.path, output.kind, parts, output.fingerprint_without_body, output.fingerprint)
