"""What is large when it comes in is read two at a time: a ZIP or document takes several times its size in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from threading import Event

import pytest

from desk_client import Client, desk_served
from newsgen.preview.desk.app import Call
from running import LIMIT, Answer
from site_test import SiteTest

LARGE = ("import", "receive")
"""The endpoints that take a large body."""


class Gate:
    """Bodies that wait to be read until they may: `come` has a name for each request, `read` one for each whose body is in turn."""

    def __init__(self) -> None:
        self.come: Queue[str] = Queue()
        self.read: list[str] = []
        self.opens = Event()

    def arrived(self, call: Call, name: str) -> str:
        """Take note of a request at its first word; what it asks for."""
        found = call.request.query_params[name]
        if call.request.url.path.endswith(LARGE):
            self.come.put(found)
        return found

    async def body(self, call: Call, most: int) -> bytes:
        """The body of a request, once the gate is open."""
        if call.request.url.path.endswith(LARGE):
            self.read.append(call.request.query_params["name"])
            await asyncio.to_thread(self.opens.wait, LIMIT)
        return await call.request.body()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    found = Gate()
    monkeypatch.setattr(Call, "query", lambda call, name: found.arrived(call, name))
    monkeypatch.setattr(Call, "body", lambda call, most: found.body(call, most))
    return found


@pytest.fixture
def desk(site: SiteTest) -> Iterator[Client]:
    with desk_served(site.root) as client:
        yield client


@pytest.mark.parametrize("endpoints", [("import",) * 4, ("receive",) * 4, ("import", "receive", "import", "receive")])
def test_two_large_bodies_are_read_at_once_and_the_others_wait_their_turn(
    desk: Client, gate: Gate, endpoints: tuple[str, ...]
) -> None:
    with ThreadPoolExecutor(len(endpoints)) as people:
        answers: list[Future[Answer]] = []
        try:
            for number, endpoint in enumerate(endpoints):
                answers.append(people.submit(desk.call, "POST", endpoint, b"no ZIP", name=f"{number}.zip"))
                assert gate.come.get(timeout=LIMIT) == f"{number}.zip"
            desk.get("reports")  # the server goes on, and has come to this only after all that the others wait for
            assert gate.read == ["0.zip", "1.zip"]
        finally:
            gate.opens.set()
        assert {answer.result(LIMIT).status for answer in answers} == {422}, "each is told that it is no ZIP"
    assert gate.read == [f"{number}.zip" for number in range(len(endpoints))]
