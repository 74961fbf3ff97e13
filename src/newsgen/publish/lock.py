"""A lock for one publisher at a time, on a server that may know no locks and whose clock is not ours.

A lock is a folder `turn-<n>` (mkdir is atomic everywhere); the highest number holds. Its holder increases a counter in
it, `beat`, every HEARTBEAT seconds. A publisher that finds a lock watches the counter: while it changes, the holder
lives. The holder counts as dead if the counter has not changed for LEASE seconds by the watcher's own clock, or if it
was a process of this machine that has ended. The watcher then makes the folder with the next number; mkdir lets only
one of several publishers succeed.

| a crash here | leaves | the next publisher |
| --- | --- | --- |
| before mkdir | nothing | makes lock 1 |
| after mkdir, or later | a lock whose counter stands still | waits LEASE at most and makes the next one |
| during the release of the lock | fewer folders, or none, or `trash-` | acts as in one of the rows above; deletes the rest |

A publisher that was taken for dead and goes on (a laptop that slept, a network that was away) must change nothing. To
check the lock first is not enough: it may be suspended between the check and the change. So every change that readers
or others could see passes through a folder inside the lock whose name only its holder knows (Transport.guard), and
whoever takes over renames the old lock away before anything else. From then on the old holder's renames fail; `check`
finds it out earlier. What it can still do: add files to its own `next-` folder, add second names in `kept/`, and move
its staged files to places where the next publisher, who finishes a move that was begun, has put them already.
"""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from newsgen.core.errors import HostError
from newsgen.core.model import SHANGHAI
from newsgen.core.platform import user_name
from newsgen.publish.transport.base import STATE, Transport
from newsgen.publish.transport.errors import UNDELETABLE, TransportError, plain

HEARTBEAT = 5.0
LEASE = 30.0
_LOCK = re.compile(r"turn-([1-9]\d{0,8})")
"""The name of a lock's folder."""


class Holder(msgspec.Struct, frozen=True):
    """The publisher that holds a lock. `machine` and `pid` name its process; `machine` may be "", for unknown."""

    who: str
    since: str
    machine: str
    pid: int
    token: str

    def is_gone(self) -> bool:
        """Whether the holder was a process of this machine and has ended."""
        if not self.machine or self.machine != _machine():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False

    def shown(self) -> str:
        """The holder for people: `wang@laptop，从 2024-03-13 09:30 起`."""
        return plain(f"{self.who[:80]}，从 {self.since[:40]} 起")


class PublishLock:
    """A lock that this process made. check() detects that another publisher has taken over."""

    def __init__(self, transport: Transport, number: int, holder: Holder) -> None:
        self._transport, self._number, self._holder = transport, number, holder
        self._folder = _folder(number)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._heartbeat, daemon=True)

    def check(self) -> None:
        """Raises TransportError if another publisher has taken over."""
        number = _highest(self._transport)
        if number != self._number or _holder(self._transport, number) != self._holder:
            raise TransportError("publish.lost-lock", self._transport.shown)

    def begin(self) -> None:
        """Name the holder, end earlier locks, and start the heartbeat."""
        self._transport.write(f"{self._folder}/holder.json", msgspec.json.encode(self._holder))
        _end_locks(self._transport, below=self._number)
        self._transport.guard(f"{self._folder}/{self._holder.token}")
        self._thread.start()

    def release(self) -> None:
        """End the heartbeat and the lock. Without a connection the lock stays, with a counter that stands still."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._transport.guard("")
        try:
            if _holder(self._transport, self._number) == self._holder:
                _end_lock(self._transport, self._folder)
        except TransportError:
            return

    def _heartbeat(self) -> None:
        count = 0
        while not self._over.wait(HEARTBEAT):
            count += 1
            try:
                if _holder(self._transport, self._number) != self._holder:
                    return
                self._transport.write(f"{self._folder}/beat", str(count).encode())
            except TransportError:  # the publishing thread reports it
                continue


@contextmanager
def publish_lock(transport: Transport) -> Iterator[PublishLock]:
    """Hold the lock of a target while publishing. Raises HostError if another publisher holds it."""
    _drop_strange(transport)
    number = _free_number(transport)
    holder = Holder(
        _who(), datetime.now(SHANGHAI).isoformat(" ", "seconds")[:19], _machine(), os.getpid(), os.urandom(8).hex()
    )
    if not transport.make_dir_exclusive(_folder(number)):
        raise _held(transport, _holder(transport, number))
    lock = PublishLock(transport, number, holder)
    try:
        lock.begin()
        lock.check()
        yield lock
    finally:
        lock.release()


def break_lock(transport: Transport) -> Holder | None:
    """End the lock, whoever holds it; return its holder, None if there was no lock or it names no holder."""
    _drop_strange(transport)
    number = _highest(transport)
    holder = _holder(transport, number) if number else None
    _end_locks(transport, below=number + 1)
    return holder


def _free_number(transport: Transport) -> int:
    """The number of the next lock. Raises HostError while a living publisher holds the highest."""
    number = _highest(transport)
    if number:
        holder = _holder(transport, number)
        if not (holder and holder.is_gone()) and _lives(transport, number):
            raise _held(transport, holder)
    return number + 1


def _lives(transport: Transport, number: int) -> bool:
    """Whether a lock's counter or holder changes within LEASE seconds."""
    ends, beat = time.monotonic() + LEASE, f"{_folder(number)}/beat"
    first = transport.read(beat), _holder(transport, number)
    while time.monotonic() < ends:
        time.sleep(HEARTBEAT / 5)
        if (transport.read(beat), _holder(transport, number)) != first:
            return _highest(transport) != 0  # else it has just been released
    return False


def _held(transport: Transport, holder: Holder | None) -> HostError:
    return HostError(
        f"另一个人正在发布到 {transport.shown}：{holder.shown() if holder else '还不知道是谁'}",
        "等他发布完再运行；确实没有人在发布，用 newsgen unlock 解开",
        "publish.locked",
    )


def _folder(number: int) -> str:
    return f"{STATE}/turn-{number}"


def _numbers(transport: Transport) -> list[int]:
    """The numbers of all locks, the lowest first."""
    found = [_LOCK.fullmatch(name) for name, kind in (transport.entries(STATE) or {}).items() if kind == "folder"]
    return sorted(int(match[1]) for match in found if match)


def _highest(transport: Transport) -> int:
    """The number of the lock in force, 0 if there is none."""
    return max(_numbers(transport), default=0)


def _drop_strange(transport: Transport) -> None:
    """Delete links and files that are named like a lock; a real lock is a folder."""
    named = (transport.entries(STATE) or {}).items()
    strange = [f"{STATE}/{name}" for name, kind in named if name.startswith("turn-") and kind != "folder"]
    if strange:
        transport.remove(strange)


def _holder(transport: Transport, number: int) -> Holder | None:
    data = transport.read(f"{_folder(number)}/holder.json")
    try:
        return msgspec.json.decode(data, type=Holder) if data else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _end_locks(transport: Transport, below: int) -> None:
    """End all locks numbered below `below`, the highest last, since it is the one in force."""
    for number in _numbers(transport):
        if number < below:
            _end_lock(transport, _folder(number))


def _end_lock(transport: Transport, folder: str) -> None:
    """End a lock by one rename, and delete its files."""
    trash = f"{STATE}/trash-{os.urandom(8).hex()}"
    transport.move([(folder, trash)])
    try:
        transport.remove_tree(trash)
    except TransportError as error:  # the lock has ended; staging.drop_leftovers() reports files that stay
        if error.code not in UNDELETABLE:
            raise


def _who() -> str:
    return f"{user_name()}@{socket.gethostname()}"


def _machine() -> str:
    """The name of this machine, its current boot and PID namespace; "" if the system does not tell them."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{socket.gethostname()} {boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
