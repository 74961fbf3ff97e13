"""Worker processes: the same site from one process and from several, however they are started."""

from __future__ import annotations

import errno
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from newsgen.build import documents, workers
from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.output.staging import Stager
from newsgen.build.pipeline import build
from newsgen.build.request import Request
from newsgen.build.workers import Renderer, Workers
from newsgen.content.scan import SourceRef
from newsgen.core.digest import environment
from newsgen.core.model import Document, FileStep, Markdown, Output, PictureFile
from processes import LIMIT
from site_test import NOW, SiteTest, photo, tree


@pytest.fixture(autouse=True)
def alone() -> None:
    """No thread of an earlier test is about to end: beside it, workers would not be forked."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(LIMIT)


@pytest.fixture
def many(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> SiteTest:
    """A site of forty reports, which is enough for worker processes."""
    monkeypatch.setattr(workers, "ENOUGH", 10)
    monkeypatch.setattr(workers, "BATCH", 7)
    site.write("content/meetings/a.jpg", photo())
    for number in range(40):
        body = "![照片](a.jpg)\n" if number % 5 == 0 else "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n"
        site.article(f"meetings/{number:02}.md", body, title=f"第{number}篇", date=f"2024-03-{number % 28 + 1:02}")
    return site


def test_several_processes_give_the_tree_of_one(many: SiteTest, tmp_path: Path) -> None:
    alone = many.built("-o", str(tmp_path / "alone"), "--jobs", "1", "--full")
    many.root.joinpath(".newsgen", "store.db").unlink()
    together = many.built("-o", str(tmp_path / "together"), "--jobs", "3")
    assert tree(together.out) == tree(alone.out)
    assert (together.out / ".newsgen.json").read_bytes() == (alone.out / ".newsgen.json").read_bytes()
    assert many.built("-o", str(tmp_path / "together")).document["rendered"] == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_process_keeps_few_bodies_and_finds_the_others_in_the_store(
    many: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: str
) -> None:
    expected = many.built("-o", str(tmp_path / "expected"))
    many.root.joinpath(".newsgen", "store.db").unlink()
    for module in (documents, workers):
        monkeypatch.setattr(module, "ROOM", 4)
    monkeypatch.setattr(documents, "LOT", 4)
    assert tree(many.built("-o", str(tmp_path / "few"), "--jobs", jobs).out) == tree(expected.out)
    kept = Store(many.root, environment())
    assert all(kept.body(digest) for digest, document in kept.documents().items() if document.body_summary)
    kept.close()


def test_bodies_are_all_kept_where_there_is_no_store(many: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (documents, workers):
        monkeypatch.setattr(module, "ROOM", 4)
    paths = [f"content/meetings/{number:02}.md" for number in range(9)]
    tasks = [SourceRef(path, path, is_section=False) for path in paths]
    shelf = DocumentCache(many.root, Markdown(), Store.disabled())
    digests = [document.digest for document in map(shelf.read, tasks) if isinstance(document, Document)]
    for task in tasks:
        many.remove(task.path)
    assert all(shelf.body(*pair).chunks for pair in zip(digests, tasks, strict=True))


def _reports(many: SiteTest, kept: Store, amount: int) -> list[tuple[str, SourceRef]]:
    """The digests of some reports, with their tasks."""
    paths = [f"content/meetings/{number:02}.md" for number in range(amount)]
    tasks = [SourceRef(path, path, is_section=False) for path in paths]
    parsed = map(DocumentCache(many.root, Markdown(), kept).read, tasks)
    return [(item.digest, task) for item, task in zip(parsed, tasks, strict=True) if isinstance(item, Document)]


def test_what_is_parsed_is_put_into_the_store_in_lots(many: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LOT", 4)
    kept = Store(many.root, environment())
    shelf = DocumentCache(many.root, Markdown(), kept)
    digests = {digest for digest, task in _reports(many, Store.disabled(), 9) if shelf.read(task)}
    assert len(kept.documents()) == 8
    shelf.save()
    assert kept.documents().keys() == digests
    kept.close()


def test_a_body_that_is_put_away_as_soon_as_it_is_read_is_found(many: SiteTest) -> None:
    kept = Store(many.root, environment())
    shelf = DocumentCache(many.root, Markdown(), kept, room=1)
    for digest, task in _reports(many, Store.disabled(), 3):
        assert shelf.body(digest, task).chunks
    kept.close()


def test_what_workers_parsed_is_kept_where_faults_end_the_build_at_once(many: SiteTest) -> None:
    many.article("meetings/01.md", title="甲", date="2024-13-01")
    assert many.build("--jobs", "2").code == 1
    kept = Store(many.root, environment())
    assert len(kept.documents()) == 41
    kept.close()


def test_spawned_workers_do_the_same_as_forked_ones(
    many: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = many.built("-o", str(tmp_path / "forked"), "--jobs", "2")
    many.root.joinpath(".newsgen", "store.db").unlink()
    used: list[str] = []
    original = multiprocessing.get_context

    def noted(method: str) -> object:
        used.append(method)
        return original(method)

    monkeypatch.setattr("multiprocessing.get_context", noted)
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)  # beside a thread it is not safe to fork
    thread.start()
    try:
        spawned = many.built("-o", str(tmp_path / "spawned"), "--jobs", "2")
    finally:
        stop.set()
        thread.join()
    assert used == ["spawn"]
    assert tree(spawned.out) == tree(forked.out)


def test_all_faults_of_all_processes_are_told(many: SiteTest) -> None:
    many.article("meetings/01.md", title="甲", date="2024-13-01").article("meetings/33.md", title="乙", date="明天")
    built = many.build("--jobs", "2")
    assert built.code == 1
    assert [line.split(" ")[1] for line in built.said("error")] == [
        "content/meetings/01.md:3",
        "content/meetings/33.md:3",
    ]


def test_a_fault_in_a_template_is_told_once(many: SiteTest) -> None:
    many.write(
        "templates/article.html", "{% extends 'base.html' %}{% block content %}{{ article.titel }}{% endblock %}"
    )
    assert many.build("--jobs", "2").said("error") == ["template.render templates/article.html:1"]


def test_what_a_worker_still_stages_when_a_build_is_interrupted_is_taken_away_too(
    many: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, is_ended = os.getpid(), multiprocessing.Event()
    stage, shutdown = Stager.stage, ProcessPoolExecutor.shutdown

    def staged(self: Stager, path: str, pieces: Iterable[bytes]) -> None:
        if os.getpid() != parent:
            is_ended.wait(LIMIT)
        stage(self, path, pieces)

    def ended(self: ProcessPoolExecutor, **options: bool) -> None:
        is_ended.set()
        shutdown(self, **options)

    @contextmanager
    def interrupted(label: str, _: int) -> Iterator[FileStep]:
        yield _interrupt if label == "生成" else lambda name: None

    monkeypatch.setattr(Stager, "stage", staged)
    monkeypatch.setattr(ProcessPoolExecutor, "shutdown", ended)
    with pytest.raises(KeyboardInterrupt):
        build(Request(many.root, datetime.fromisoformat(NOW), jobs=2), interrupted)
    assert not many.root.joinpath("public").exists()


def _interrupt(name: str) -> NoReturn:
    raise KeyboardInterrupt


def test_a_small_build_starts_no_process(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("started")

    monkeypatch.setattr(Workers, "_start", refused)
    site.article("meetings/a.md").built("--jobs", "4")


may_go_on = multiprocessing.Event()
"""For the workers that these tests fork."""


def doubled(batch: list[int]) -> list[int]:
    """What a worker makes of a batch, once it may."""
    may_go_on.wait(LIMIT)
    return [2 * number for number in batch]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Workers]:
    """This process and one worker."""
    may_go_on.clear()
    with Workers(tmp_path, Markdown(), Store.disabled(), jobs=2) as found:
        found._start()
        yield found


def test_the_worker_begins_with_the_first_batch_and_the_parent_with_the_last(pair: Workers) -> None:
    here: list[int] = []

    def own(number: int) -> int:
        here.append(number)
        return 2 * number

    meanwhile = iter(range(1000))
    found: dict[int, int] = {}
    for batch, results in pair._shared(doubled, own, deque([n, n + 1] for n in range(0, 20, 2)), meanwhile):
        found |= zip(batch, results, strict=True)
        if here[-2:] == [4, 5]:  # so far it comes alone: the two before lie ready for the worker
            may_go_on.set()
    assert found == {number: 2 * number for number in range(20)}
    assert here == [18, 19, 16, 17, 14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5]
    assert next(meanwhile, None) is None, "the parent's other work is done first"


def test_the_parent_supplies_the_worker_between_the_steps_of_a_batch(pair: Workers) -> None:
    may_go_on.set()
    batches = deque([number] for number in range(20))
    end = time.monotonic() + LIMIT

    def slow() -> Iterator[None]:
        while batches:
            assert time.monotonic() < end, "the worker gets nothing more"
            yield None

    done = list(pair._shared(doubled, lambda _: None, batches, slow()))
    found = {number: twice for batch, results in done for number, twice in zip(batch, results, strict=True)}
    assert found == {number: 2 * number for number in range(20)}


def test_the_worker_is_given_several_batches_at_once_while_many_are_left(pair: Workers) -> None:
    may_go_on.set()
    batches = deque([number, number] for number in range(100))
    waiting = iter(lambda: len(batches) > 0, False)
    done = sorted(batch for batch, _ in pair._shared(doubled, lambda _: None, batches, waiting))
    sizes = [len(batch) for batch in done]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 2 * workers.AT_ONCE
    assert sizes[-1] == 2, "at the end nobody waits for a large one"
    assert sum(sizes) == 200


def test_pages_whose_texts_the_parent_has_at_hand_are_the_last_and_the_files_of_a_photo_go_together(
    many: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[tuple[Output, bool]]] = []
    shared = Workers._shared

    def noted(self: Workers, function: Any, here: Any, batches: deque[list[Any]], *rest: Any) -> Iterator[Any]:
        if function is workers._parse:  # the worker parses half of it
            return shared(self, function, here, batches, *rest)
        holds = self._document_cache.holds
        seen.extend([(output, holds(output.parts[-1].digest)) for output, _ in batch] for batch in batches)
        return shared(self, function, here, batches, *rest)

    monkeypatch.setattr(Workers, "_shared", noted)
    many.built("--jobs", "2")
    held = [is_held for batch in seen for _, is_held in batch]
    assert held == sorted(held)
    assert {False, True} == set(held)
    files = [[output.parts[-1].value for output, _ in batch] for batch in seen]
    photos = [{file.picture.path for file in batch if isinstance(file, PictureFile)} for batch in files]
    assert all(len(paths) <= 1 for paths in photos)
    assert len(set().union(*photos)) == sum(map(len, photos)), "no photo is decoded twice"


def in_workers(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Let something happen to the first page that a worker renders."""
    parent, render = os.getpid(), Renderer.render

    def rendered(self: Renderer, job: workers.Job) -> workers.JobResult:
        if os.getpid() != parent:
            deed()
        return render(self, job)

    monkeypatch.setattr(Renderer, "render", rendered)


def settle_slowly() -> None:
    """What a worker does last, when it takes long."""
    time.sleep(0.3)


def test_when_a_build_is_done_its_workers_have_ended(many: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_settle", settle_slowly)
    many.built("--jobs", "2")
    assert not [process for process in multiprocessing.active_children() if process.is_alive()]


def test_a_fault_of_newsgen_in_a_worker_is_not_swallowed(many: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(monkeypatch, lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        many.build("--jobs", "2")


def test_what_the_system_refuses_a_worker_is_told_as_if_it_were_refused_the_parent(
    many: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device", "a.html")

    in_workers(monkeypatch, refused)
    (told,) = many.build("--jobs", "2").document["diagnostics"]
    assert told["message"] == "写不了输出文件夹 public（a.html）：磁盘满了"


def test_a_worker_that_dies_is_told_in_words(many: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(monkeypatch, lambda: os._exit(1))
    built = many.build("--jobs", "2")
    assert (built.code, built.said("error")) == (2, ["crew.lost :1"])
    assert not many.root.joinpath("public").exists()
