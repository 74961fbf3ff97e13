"""Workers: processes that parse files and render pages; a small job is done by this process alone.

Parsed files go into the store at once, where every process finds the bodies that it has not parsed itself. So only
documents and outputs without bodies are sent between processes. The parent parses and renders, too, and it renders what
shows many articles (lists, feeds, sitemaps), since it holds them all.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from newsgen.build.cache.pictures import PictureCache
from newsgen.build.cache.plan import SHARED_PARTS
from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.output.staging import Stager, Staging
from newsgen.content.scan import SourceRef
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError, HostError
from newsgen.core.model import Diagnostic, Document, FileStep, Markdown, Output, Part, PictureFile
from newsgen.core.platform import processors
from newsgen.render.theme import Theme

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

    from newsgen.pages.page_kind import PageKind

ENOUGH = 300
"""Files or pages from which on worker processes are started."""
BATCH = 16
"""Files or pages in one call of a worker at the end: few, so that no worker idles."""
AT_ONCE = 4
"""Batches in one call of a worker at most, while many are left: each call takes 0.3 ms."""
ROOM = 3_000
"""Bodies in the memory of the parent at most, since it holds all documents."""
MOST = 61
"""Workers that Windows can wait for."""

NO_THEME = Theme({}, {}, ())
"""The theme for workers that only parse."""

Item = TypeVar("Item")
Job = tuple[Output, str | None]
"""An output, and the digest of the file in its place (None: there is none, or it is not as newsgen made it)."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Document | Diagnostic]).decode


class JobResult(NamedTuple):
    """The result of a job: the digest of its bytes, and whether they were staged; or the errors."""

    digest: str
    is_staged: bool
    diagnostics: tuple[Diagnostic, ...] = ()


class Renderer:
    """The renderer of one process, which stages outputs below `folder`."""

    def __init__(self, document_cache: DocumentCache, theme: Theme, folder: str) -> None:
        self.document_cache, self.theme, self.stager = document_cache, theme, Stager(folder)
        self._pictures = PictureCache(document_cache.root, document_cache.store.folder)

    def render(self, job: Job) -> JobResult:
        """Render one output, and stage its bytes unless the file in its place has them already. Raises OSError."""
        from newsgen.render.renderer import attachment, attachment_bytes, render

        output, digest_on_disk = job
        root = self.document_cache.root
        try:
            pieces: Iterable[bytes]
            if file := attachment(output):
                digest, pieces = file.published, attachment_bytes(file, root)
            else:
                data = render(output, self.theme.templates, root, self.document_cache.body, self._pictures)
                digest, pieces = digest_bytes(data), (data,)
            if digest != digest_on_disk:
                self.stager.stage(output.path, pieces)
        except ContentError as error:
            return JobResult("", is_staged=False, diagnostics=error.diagnostics)
        return JobResult(digest, digest != digest_on_disk)


class Workers:
    """At most `jobs` processes that parse a site's files and render its outputs with `theme`, staged in `folder`."""

    def __init__(
        self,
        root: Path,
        settings: Markdown,
        store: Store,
        jobs: int | None = None,
        theme: Theme = NO_THEME,
        folder: str = "",
    ) -> None:
        self._document_cache = DocumentCache(root, settings, store)
        self._jobs = processors() if jobs is None else jobs
        self._count = min(self._jobs - 1, MOST)  # this process works, too
        self._theme, self._folder = theme, folder
        self._pool: ProcessPoolExecutor | None = None
        self._end: threading.Thread | None = None  # waits for the workers, which were told to end

    def parse(self, refs: Sequence[SourceRef]) -> Iterator[Document | Diagnostic]:
        """The documents of the files, in order; a Diagnostic where a file cannot be read."""
        read = self._document_cache.read
        if not self._is_worth_workers(len(refs)):
            yield from map(read, refs)
            return
        # The first ones here: what they take is imported and compiled once, before workers are forked.
        found: dict[SourceRef, Document | Diagnostic] = {ref: read(ref) for ref in refs[:BATCH]}
        self._start()
        for batch, documents in self._shared(_parse, read, _batches(refs[BATCH:])):
            found |= zip(batch, documents if isinstance(documents, list) else _decode(documents), strict=True)
        self._submit(_settle)
        yield from map(found.__getitem__, refs)

    def render(self, outputs: Sequence[Output], staging: Staging, step: FileStep, beside: Iterator[object]) -> None:
        """Render all outputs, and stage those that are new.

        `beside` is other work of the caller's, done step by step while workers render. Raises ContentError with all
        errors, once every output was tried.
        """
        found: list[tuple[str, Diagnostic]] = []
        for (output, _), done in self._rendered(outputs, staging, beside):
            found += ((output.path, diagnostic) for diagnostic in done.diagnostics)
            if not done.diagnostics:
                staging.accept(output, done.digest, done.is_staged)
            step(_file_of(output))
        deque(beside, maxlen=0)  # the rest of it
        if self._pool is not None:  # what was saved beside goes into the store's file while the caller moves the files
            self._submit(_settle)
            self._end = threading.Thread(target=self._pool.shutdown)
            self._end.start()
        diagnostics: dict[tuple[str, str, int], Diagnostic] = {}  # an error in a template shows in every page
        for _, diagnostic in sorted(
            found, key=lambda pair: pair[0]
        ):  # whichever process was first, the same one is kept
            diagnostics.setdefault((diagnostic.code, diagnostic.path, diagnostic.line), diagnostic)
        if diagnostics:
            raise ContentError(diagnostics.values())

    def _rendered(
        self, outputs: Sequence[Output], staging: Staging, beside: Iterator[object]
    ) -> Iterator[tuple[Job, JobResult]]:
        if not outputs:
            return
        renderer = Renderer(self._document_cache, self._theme, self._folder)
        jobs = [(output, staging.digest_on_disk(output.path)) for output in outputs]
        kinds = _kinds_of(outputs)
        for_workers = [job for job in jobs if kinds[job[0].kind].batch]
        if not self._is_worth_workers(sum(kinds[output.kind].weight for output, _ in for_workers)):
            yield from ((job, renderer.render(job)) for job in jobs)
            return
        self._start()
        # Those last whose bodies this process has in memory: it begins at the end.
        for_workers.sort(key=lambda job: self._document_cache.holds(job[0].parts[-1].digest))
        own: list[tuple[Job, JobResult]] = []

        def meanwhile() -> Iterator[object]:
            self._document_cache.save()  # before a worker asks for a body that this process has parsed
            yield None
            for job in jobs:
                if not kinds[job[0].kind].batch:
                    own.append((job, renderer.render(job)))
                    yield None
            yield from beside

        def size(job: Job) -> int:
            return min(BATCH, kinds[job[0].kind].batch)

        def key(job: Job) -> str:
            key_of = kinds[job[0].kind].batch_key
            return key_of(job[0]) if key_of else ""

        batches = _batches(for_workers, size, key)
        for batch, results in self._shared(_render, renderer.render, batches, meanwhile()):
            yield from zip(batch, results, strict=True)
        yield from own

    def _shared(
        self,
        function: Callable[[list[Item]], Any],
        here: Callable[[Item], object],
        batches: deque[list[Item]],
        meanwhile: Iterable[object] = (),
    ) -> Iterator[tuple[list[Item], Any]]:
        """The batches, each with the result of `function` in a worker, or those of `here` in this process.

        This process runs through `meanwhile` first, and then takes batches from the end, workers from the beginning.
        """
        from concurrent.futures import FIRST_COMPLETED, wait

        own = _steps(batches, here, meanwhile)
        running: dict[Future[Any], list[Item]] = {}
        is_busy = True
        while is_busy or running:
            while batches and len(running) < 2 * self._count:  # one at work and one waiting for each worker
                batch = _taken(batches, self._count)
                running[self._submit(function, batch)] = batch
            if is_busy:
                made = next(own, None)
                is_busy = made is not None
                yield from made or ()
            else:
                wait(running, return_when=FIRST_COMPLETED)
            for future in [future for future in running if future.done()]:
                result = future.result()
                if isinstance(result, _SystemError):
                    raise OSError(*result)
                yield running.pop(future), result

    def _submit(self, function: Callable[..., Any], *arguments: object) -> Future[Any]:
        """Let a worker call a function. The first call forks the workers, or each one starts another."""
        assert self._pool is not None, "_start() has started it"
        with _interrupts_held_back():
            return self._pool.submit(function, *arguments)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Put parsed files into the store, and end the workers, if there are any."""
        try:
            self._document_cache.save()
        finally:
            if self._end is not None:
                self._end.join()
            elif self._pool is not None:
                self._pool.shutdown(cancel_futures=True)
        if type(error).__name__ == "BrokenProcessPool":
            raise HostError(
                "生成时有一个辅助进程意外结束了，多半是内存不够",
                "关掉一些别的程序再运行；或者加上 --jobs 1",
                "crew.lost",
            ) from None

    def _is_worth_workers(self, amount: int) -> bool:
        return amount >= ENOUGH and self._jobs > 1

    def _start(self) -> None:
        """Fork the workers where that is safe, which takes milliseconds; else (Windows, macOS, a preview with threads) spawn them.

        Nothing happens where they are at work.
        """
        if self._pool is not None:
            return
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        cache = self._document_cache
        cache.store.close()  # no connection may be carried into another process
        cache.room = ROOM
        method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
        if method == "fork":
            _prepare_fork(self._theme)
        place = cache.store.environment, cache.store.path.parent
        self._pool = ProcessPoolExecutor(
            self._count,
            multiprocessing.get_context(method),
            _begin,
            (cache.root, cache.settings, *place, self._theme, self._folder),
        )


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Hold back Ctrl-C, also from processes that are started meanwhile: before _begin() they would print a traceback.

    Windows cannot.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _file_of(output: Output) -> str:
    """The file that an output is about: its source, where it is a photo."""
    value = output.parts[-1].value if output.parts else None
    return value.picture.path if isinstance(value, PictureFile) else output.source or output.path


def _prepare_fork(theme: Theme) -> None:
    """Import and compile once what every process needs."""
    from newsgen.content import images

    images.warm()
    theme.templates.warm()


def _batches(
    items: Iterable[Item], size: Callable[[Item], int] = lambda _: BATCH, key: Callable[[Item], str] = lambda _: ""
) -> deque[list[Item]]:
    """The items in small batches, each of one key. An item ends its batch where the batch has as many items as its `size` says."""
    batches: deque[list[Item]] = deque()
    is_full, before = True, ""
    for item in items:
        if is_full or key(item) != before:
            batches.append([])
            before = key(item)
        batches[-1].append(item)
        is_full = len(batches[-1]) >= size(item)
    return batches


def _taken(batches: deque[list[Item]], workers: int) -> list[Item]:
    """The first batches as one, which are taken away: the fewer the fewer there are for all `workers` and this process."""
    count = max(1, min(AT_ONCE, len(batches) // (4 * (workers + 1))))
    return [item for _ in range(count) for item in batches.popleft()]


def _kinds_of(outputs: Iterable[Output]) -> dict[str, PageKind]:
    """The page kinds of the outputs, by name."""
    from newsgen.pages.kinds import kind_of

    return {output.kind: kind_of(output) for output in outputs}


def _steps(
    batches: deque[list[Item]], here: Callable[[Item], object], meanwhile: Iterable[object]
) -> Iterator[tuple[tuple[list[Item], Any], ...]]:
    """The work of this process, step by step; the last step of a batch gives the batch with its results."""
    for _ in meanwhile:
        yield ()
    while batches:
        batch, made = batches.pop(), []
        for item in batch:
            yield ()
            made.append(here(item))
        yield ((batch, made),)


# ---------------------------------------------------------------- in a worker


class _SystemError(NamedTuple):
    """The arguments of an OSError in a worker. A pickled OSError would lose the number that Windows gave."""

    number: int | None
    words: str | None
    path: str | None
    windows_number: int | None
    other_path: str | None


_renderer: Renderer
_interned: dict[tuple[str, str], Part] = {}
"""One copy of each of SHARED_PARTS."""


def _begin(root: Path, settings: Markdown, environment: str, cache: Path, theme: Theme, folder: str) -> None:
    """Set up a worker process."""
    global _renderer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides what becomes of it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    document_cache = DocumentCache(root, settings, Store(root, environment, cache))
    _renderer = Renderer(document_cache, theme, folder)


def _end_with_parent() -> None:
    """End this process when its parent has been killed: no signal would do it."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    assert parent is not None, "workers have one"
    parent.join()
    os._exit(1)


def _parse(refs: Sequence[SourceRef]) -> bytes:
    found = [_renderer.document_cache.read(ref) for ref in refs]
    _renderer.document_cache.save()
    return _encode(found)


def _settle() -> None:
    """Move what was written so far from the store's log into its file: work for a worker while the parent plans."""
    _renderer.document_cache.store.settle()


def _render(jobs: Sequence[Job]) -> list[JobResult] | _SystemError:
    try:
        return [_renderer.render((_with_shared_parts(output), digest_on_disk)) for output, digest_on_disk in jobs]
    except OSError as error:  # a full disk, a read-only folder
        number = getattr(error, "winerror", None)
        return _SystemError(error.errno, error.strerror, error.filename, number, error.filename2)


def _with_shared_parts(output: Output) -> Output:
    parts = tuple(
        _interned.setdefault((part.name, part.digest), part) if part.name in SHARED_PARTS else part
        for part in output.parts
    )
    return Output(output.path, output.kind, parts, output.fingerprint_without_body, output.fingerprint)
