"""A publisher or a server may die at any step, and the network may go: readers never see a half, and the next publish succeeds.

On servers each run takes every sixth step, from a random one on: two protocols meet at each layout, and two layouts at each
protocol. All of them:

    NEWSGEN_KILLS=1 .venv/bin/pytest tests/publish/test_publish_killed.py
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from flaky_network import RULES, through_a_wire
from newsgen.cli import run
from newsgen.publish import lock
from newsgen.publish.transport import sftp_connection, ssh
from newsgen.publish.transport.base import Transport
from processes import await_ended_threads
from publish_helpers import ALL_STEPS, CHANGES, FAR, Beginnings, Publishing, Target, target_among, watched
from servers import LIMIT, Sshd
from site_test import NOW

pytestmark = pytest.mark.usefixtures("short_leases")

Files = Mapping[str, bytes]


@pytest.fixture
def published(publishing: Publishing, beginnings: Beginnings) -> Publishing:
    """A site that was published once, to a target of each kind; the dead are soon known as such."""
    publishing.settings(RULES)
    return beginnings.begin(publishing, "published once by these rules", publishing.published)


def _publish(words: Sequence[str], at: int, deed: Callable[[], object]) -> None:
    """The life of a publisher in a process of its own."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    with watched(at, deed):
        os._exit(run(words))


def kill_oneself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def publish_and_die(publishing: Publishing, at: int) -> bool:
    """Publish in another process that is killed at a step; whether it was."""
    words = ["publish", "-C", str(publishing.site.root), "--now", NOW]
    process = multiprocessing.get_context("fork").Process(target=_publish, args=(words, at, kill_oneself))
    await_ended_threads()
    process.start()
    process.join(LIMIT * 3)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


def edit(publishing: Publishing, number: int) -> None:
    """A text and a style change, an article comes and one goes."""
    site = publishing.site
    site.article("meetings/a.md", f"第 {number} 次。\n", title=f"第一篇{number}")
    site.write("theme/style.css", f"body {{ color: #{number:06d} }}\n")
    site.article(f"meetings/n{number}.md", title="又一篇")
    if number:
        site.remove(f"content/meetings/n{number - 1}.md")


def check_readers(target: Target, old: Files, new: Files) -> None:
    """What readers see is one of the two sites; under the flat protocol each file is, and what a page shows is there."""
    seen = target.served()
    if not target.is_flat:
        assert seen in (old, new)
        return
    for path, data in seen.items():
        assert data in (old.get(path), new.get(path)), path
    assert not (old.keys() & new.keys()) - seen.keys()
    styles = {path for path in seen if path.startswith("assets/style.")}
    for path, data in seen.items():
        if path.endswith(".html"):
            assert any(Path(style).name.encode() in data for style in styles), path


def strides(kind: str) -> Iterator[tuple[int, int]]:
    """Numbers of edits, and of the steps at which something dies: every step, on servers every sixth from a random one on."""
    stride = 1 if ALL_STEPS or kind.startswith("folder") else 6
    return enumerate(range(random.randint(1, stride), 1000, stride))


@pytest.mark.long
def test_a_publisher_killed_at_any_step_harms_nobody(published: Publishing) -> None:
    for number, step in strides(published.target.kind):
        old = published.target.served()
        edit(published, number)
        assert published.site.build().code == 0
        new = {**published.built(), **{path: old[path] for path in old if path.startswith("assets/")}}
        was_killed = publish_and_die(published, step)
        check_readers(published.target, old, new)
        if was_killed:  # what lies there half sent is not what is wanted now
            published.site.article("meetings/a.md", f"{number} 再改。\n", title=f"第一篇{number}")
        done = published.published()
        assert published.built().items() <= published.target.served().items(), step
        assert published.run("verify").code == 0, step
        state = published.target.folder / ".newsgen"
        assert not [path.name for path in state.iterdir() if path.name.startswith(("next-", "turn-", "trash-"))], step
        if not was_killed:
            assert done.document["published"] is False
            break
    assert step > 12


@pytest.mark.long
def test_a_first_publish_killed_at_any_step_is_begun_anew(
    published: Publishing, servers: dict[str, Sshd], tmp_path: Path
) -> None:
    kind = published.target.kind
    for _, step in strides(kind):
        published.target = target_among(servers, kind, tmp_path)
        published.settings(RULES)
        was_killed = publish_and_die(published, step)
        published.published()
        assert published.target.served() == published.built(), step
        if not was_killed:
            break
    assert step > 8


@pytest.mark.long
@pytest.mark.parametrize("publishing", FAR, indirect=True)
def test_a_server_whose_sessions_are_killed_at_any_step_keeps_its_site(
    published: Publishing, servers: dict[str, Sshd]
) -> None:
    server = servers[published.target.kind.removesuffix("-flat")]
    for number, step in strides(published.target.kind):
        old = published.target.served()
        edit(published, number)
        assert published.site.build().code == 0
        new = {**published.built(), **{path: old[path] for path in old if path.startswith("assets/")}}
        with watched(step, server.kill_sessions) as made:
            done = published.publish()
        check_readers(published.target, old, new)
        if made[0].steps >= step:
            assert done.code == 0 or done.codes() == ["publish.cut"], done.stderr
        else:
            assert done.code == 0
            break
        published.published()
        assert published.run("verify").code == 0, step
    assert step > 12


def add_a_film(published: Publishing, number: int) -> None:
    """Three megabytes that no compression makes smaller."""
    published.site.write("theme/film.bin", os.urandom(3_000_000))
    edit(published, number)


@pytest.mark.long
@pytest.mark.parametrize("publishing", FAR, indirect=True)
@pytest.mark.parametrize("silent", [False, True], ids=["cut", "silent"])
def test_a_network_that_goes_in_mid_transfer_changes_nothing(
    published: Publishing, servers: dict[str, Sshd], silent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = servers[published.target.kind.removesuffix("-flat")]
    for number, allowed in enumerate((20_000, 1_500_000)):
        old = published.target.served()
        add_a_film(published, number)
        with through_a_wire(published, server, allowed, silent), monkeypatch.context() as patch:
            for module in (ssh, sftp_connection) if silent else ():
                patch.setattr(module, "KEEPALIVE", 1)  # a silent server counts as dead after three seconds, not thirty
            done = published.publish()
        assert (done.code, done.codes()) == (2, ["publish.cut"]), done.stderr
        assert published.target.served() == old
        published.published()
        assert published.built().items() <= published.target.served().items()
        assert published.run("verify").code == 0


@pytest.mark.long
@pytest.mark.parametrize("publishing", FAR, indirect=True)
def test_what_arrived_before_the_network_went_does_not_travel_again(
    published: Publishing, servers: dict[str, Sshd]
) -> None:
    server = servers[published.target.kind.removesuffix("-flat")]
    for name in "abc":
        published.site.write(f"theme/{name}.bin", os.urandom(1_000_000))

    def has_one() -> bool:
        return any(path.stat().st_size == 1_000_000 for path in published.target.folder.rglob("*.bin"))

    with through_a_wire(published, server, 2_500_000, may_be_cut=has_one) as wire:
        assert published.publish().codes() == ["publish.cut"]
    server.wait_for_sessions()  # it may have taken in less than has arrived
    with through_a_wire(published, server) as wire:
        published.published()
    assert wire.sent < 2_200_000
    assert published.built().items() <= published.target.served().items()


def test_two_publishers_do_not_meet(published: Publishing) -> None:
    edit(published, 0)
    refused = []

    def publish_beside() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lock.Holder, "is_gone", lambda _: False)
            patch.setattr(lock, "LEASE", LIMIT)  # the first lives, however slow the machine is
            refused.append(published.publish())

    with watched(6, publish_beside):
        published.publish()
    assert (refused[0].code, refused[0].codes()) == (2, ["publish.locked"])
    assert lock._who() in refused[0].stderr
    assert published.built().items() <= published.target.served().items()


def test_a_lock_left_by_another_machine_is_taken_over_or_opened_by_hand(published: Publishing) -> None:
    left = lock.Holder("王@办公室", "2024-03-13 09:30", "another machine", 1, "x")
    folder = published.target.folder / ".newsgen" / "turn-1"
    for number, opened_by_hand in enumerate((True, False)):
        edit(published, number)
        folder.mkdir()
        (folder / "holder.json").write_bytes(msgspec.json.encode(left))
        os.chown(folder, folder.parent.stat().st_uid, folder.parent.stat().st_gid)
        if opened_by_hand:
            assert published.run("unlock").document["who"] == "王@办公室"
            assert not folder.exists()
        published.published()
        assert not folder.exists()


def test_a_publisher_whose_turn_was_taken_stops_before_readers_see_anything(published: Publishing) -> None:
    old = published.target.served()
    edit(published, 0)
    with watched(7, lambda: published.run("unlock")):
        lost = published.publish()
    assert (lost.code, lost.codes()) == (2, ["publish.lost-lock"])
    assert published.target.served() == old
    published.published()


def test_every_step_that_is_counted_is_an_operation_of_a_transport() -> None:
    assert all(hasattr(Transport, name) for name in CHANGES)
