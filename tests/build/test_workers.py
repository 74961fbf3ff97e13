"""Worker processes: the same site from one process and from several, however they are started."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from newsgen.build import documents
from newsgen.build.cache import store
from newsgen.build.cache.store import Store
from newsgen.build.documents import DocumentCache
from newsgen.build.output.staging import Stager
from newsgen.build.pipeline import build
from newsgen.build.request import Request
from newsgen.build.workers import pool, processes, worker
from newsgen.build.workers.job_count import HERE, Functions
from newsgen.build.workers.processes import Batch, BatchResult, Crew
from newsgen.content.scan import SourceRef
from newsgen.core.digest import environment
from newsgen.core.errors import HostError
from newsgen.core.model import Document, Markdown
from site_test import NOW, SiteTest, photo, tree


@pytest.fixture
def many(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> SiteTest:
    """A site of forty reports, which is enough for worker processes."""
    monkeypatch.setattr(pool, "ENOUGH", 10)
    monkeypatch.setattr(pool, "HAND", 7)
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
    for module in (documents, pool):
        monkeypatch.setattr(module, "ROOM", 4)
    monkeypatch.setattr(store, "LOT", 4)
    assert tree(many.built("-o", str(tmp_path / "few"), "--jobs", jobs).out) == tree(expected.out)
    kept = Store(many.root, environment())
    assert all(kept.body(digest) for digest, document in kept.documents().items() if document.body_summary)
    kept.close()


def test_bodies_are_all_kept_where_there_is_no_store(many: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (documents, pool):
        monkeypatch.setattr(module, "ROOM", 4)
    paths = [f"content/meetings/{number:02}.md" for number in range(9)]
    tasks = [SourceRef(path, path, is_section=False) for path in paths]
    shelf = DocumentCache(many.root, Markdown(), Store.none())
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


def test_a_save_that_is_broken_off_is_made_up_for_by_the_next(many: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LOT", 2)
    kept = Store(many.root, environment())
    shelf = DocumentCache(many.root, Markdown(), kept)
    digests = {digest for digest, task in _reports(many, Store.none(), 9) if shelf.read(task)}
    next(shelf.saving())
    assert len(kept.documents()) == 2
    shelf.save()
    assert kept.documents().keys() == digests
    kept.close()


def test_a_body_that_is_put_away_as_soon_as_it_is_read_is_found(many: SiteTest) -> None:
    kept = Store(many.root, environment())
    shelf = DocumentCache(many.root, Markdown(), kept, room=1)
    for digest, task in _reports(many, Store.none(), 3):
        assert shelf.body(digest, task).chunks
    kept.close()


def test_what_workers_parsed_is_kept_where_faults_end_the_build_at_once(
    many: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker._Worker, "warm", lambda *_: os._exit(1))  # as one whose answer nobody waits for
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
    stage, close = Stager.stage, Crew.close

    def staged(self: Stager, path: str, data: bytes) -> None:
        if os.getpid() != parent:
            is_ended.wait(10)
        stage(self, path, data)

    def closed(self: Crew) -> None:
        is_ended.set()
        close(self)

    @contextmanager
    def interrupted(label: str, _: int) -> Iterator[Callable[[], None]]:
        yield _interrupt if label == "生成" else lambda: None

    monkeypatch.setattr(Stager, "stage", staged)
    monkeypatch.setattr(Crew, "close", closed)
    with pytest.raises(KeyboardInterrupt):
        build(Request(many.root, datetime.fromisoformat(NOW), jobs=2), interrupted)
    assert not many.root.joinpath("public").exists()


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


def test_a_small_build_starts_no_process(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("started")

    monkeypatch.setattr(processes.Crew, "__init__", refused)
    site.article("meetings/a.md").built("--jobs", "4")


def _value(answer: BatchResult) -> object:
    """What a worker answered, or the parent in one step."""
    return answer.value[0] if answer.worker == HERE else answer.value


def _never(_: object) -> NoReturn:
    raise AssertionError("there is one hand, and the worker has it")


def functions(_: object) -> Functions:
    return {"double": lambda number: 2 * number, "fail": lambda number: 1 // number}


def test_hands_come_back_with_their_numbers_and_to_their_workers() -> None:
    team = Crew(2, functions, None)
    try:
        hands = [Batch(number, number % 2 if number < 4 else None) for number in range(10)]
        meanwhile = iter(range(1000))
        answers = list(team.deal("double", hands, lambda number: [2 * number], meanwhile))
        assert sorted((answer.hand, _value(answer)) for answer in answers) == [(n, 2 * n) for n in range(10)]
        assert all(answer.worker in (answer.hand % 2, HERE) for answer in answers if answer.hand < 4)
        assert next(meanwhile, None) is None, "the parent's own work is done too"
    finally:
        team.close()


@pytest.mark.parametrize("worker", [None, 0])
def test_the_parent_takes_hands_when_it_has_nothing_else_to_do(worker: int | None) -> None:
    may_go_on = multiprocessing.Event()

    def waiting(_: object) -> Functions:
        return {"double": lambda number: may_go_on.wait(10) and 2 * number}

    def own(number: int) -> Iterator[int]:
        if not waiting_for.pop():
            may_go_on.set()
        yield 2 * number

    team = Crew(1, waiting, None)
    waiting_for = [False, True, True, True]
    try:
        answers = list(team.deal("double", [Batch(number, worker) for number in range(6)], own))
        assert sorted((answer.hand, _value(answer)) for answer in answers) == [(n, 2 * n) for n in range(6)]
        assert sorted(answer.hand for answer in answers if answer.worker == 0) == [0, 1]
    finally:
        team.close()


def test_the_parent_does_its_own_hands_and_a_worker_that_waits_helps_from_the_other_end() -> None:
    may_go_on = multiprocessing.Event()

    def waiting(_: object) -> Functions:
        return {"double": lambda number: may_go_on.wait(10) and 2 * number}

    def own(number: int) -> Iterator[int]:
        if number == 4:
            may_go_on.set()
        yield 2 * number

    team = Crew(1, waiting, None)
    try:
        hands = [Batch(number, HERE) for number in range(6)]
        answers = list(team.deal("double", hands, own))
        assert sorted((answer.hand, _value(answer)) for answer in answers) == [(n, 2 * n) for n in range(6)]
        here = [answer.hand for answer in answers if answer.worker == HERE]
        assert here == [0, 1, 2, 3, 4], "the worker had the last, and no second one waited in its pipe"
    finally:
        team.close()


def test_the_parent_takes_answers_between_the_steps_of_a_hand() -> None:
    is_asked = multiprocessing.Event()

    def own(_: int) -> Iterator[int]:
        for step in range(1_000_000):  # many times what the worker needs
            is_asked.set()
            yield step
            if taken:
                return

    team, taken = (
        Crew(1, lambda _: {"double": lambda number: is_asked.wait(10) and 2 * number}, None),
        list[BatchResult](),
    )
    try:
        for answer in team.deal("double", [Batch(1, 0), Batch(2, HERE)], own, iter(range(2))):
            taken.append(answer)
        assert [answer.worker for answer in taken] == [0, HERE]
    finally:
        team.close()


def test_the_parent_renders_what_it_parsed_and_lends_bodies_with_it(
    many: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands: list[Batch] = []
    deal = Crew.deal

    def noted(self: Crew, name: str, dealt: list[Batch], *rest: Any) -> Iterator[BatchResult]:
        if name == "render":
            hands.extend(dealt)
            return deal(self, name, dealt, *rest)
        return (BatchResult(number, HERE, list(rest[0](hand.argument))) for number, hand in enumerate(dealt))

    monkeypatch.setattr(Crew, "deal", noted)  # the parent parses everything
    many.built("--jobs", "2")
    own: list[Any] = [hand.argument for hand in hands if hand.worker == HERE]
    assert sum(len(bodies) for _, bodies in own) == 40
    assert all(len(jobs) == len(bodies) for jobs, bodies in own)


def test_a_fault_of_newsgen_in_a_worker_is_not_swallowed() -> None:
    team = Crew(1, functions, None)
    try:
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            list(team.deal("fail", [Batch(0)], _never))
    finally:
        team.close()


def test_the_last_call_is_answered_to_nobody_and_workers_that_have_gone_are_not_missed() -> None:
    is_done = multiprocessing.Event()
    team = Crew(2, lambda _: {"end": lambda _: is_done.set()}, None)
    team._processes[0].kill()
    team._processes[0].join()
    team.dismiss("end")
    team.close()
    assert is_done.is_set(), "by the other"


def test_a_worker_that_dies_is_told_in_words() -> None:
    team = Crew(1, functions, None)
    try:
        team._processes[0].kill()
        with pytest.raises(HostError, match="意外结束"):
            list(team.deal("double", [Batch(1)], _never))
    finally:
        team.close()
