"""A lock for one publisher at a time, on a server that may know no locks and whose clock is not ours.

A turn is a folder `turn-<n>` (mkdir is atomic everywhere); the highest number holds it. Its holder writes a beat into it
every HEARTBEAT seconds. Who finds a turn taken watches it: a beat that goes on is a living publisher; one that stands still
for LEASE seconds, by the watcher's own clock, is a dead one, and so is a process of this machine that is gone. The next
number then follows; of several who try, mkdir lets one succeed.

| a crash here | leaves | the next publisher |
| --- | --- | --- |
| before mkdir | nothing | takes turn 1 |
| after mkdir, or later | a turn that no longer beats | waits LEASE at most and takes the number above |
| while the turn is given back | fewer folders, or none, or `trash-` | either of the two; drops what is left |

A publisher that was thought dead and comes back (a laptop that slept, a network that was away) must change nothing. Asking
first is not enough: it may be suspended between the answer and the deed. So every change that readers or others could see
passes through a folder in the turn that only its holder knows (Transport.guard), and whoever takes over renames the turn
away before anything else. From that moment the other's renames fail, wherever it was; `check` says early what they would
say late. What it may still do: add files to its own `next-` folder, add second names in `kept/`, and move what it has
staged to where the next publisher, who finishes a move that was begun, has put it already.
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
_TURN = re.compile(r"turn-([1-9]\d{0,8})")
"""The folder of a turn."""


class Holder(msgspec.Struct, frozen=True):
    """The publisher that holds the lock. `machine` and `pid` name the process where that can be known, `machine` is "" elsewhere."""

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
        """`wang@laptop，从 2024-03-13 09:30 起`."""
        return plain(f"{self.who[:80]}，从 {self.since[:40]} 起")


class PublishLock:
    """A turn that is ours, as long as check() says so."""

    def __init__(self, transport: Transport, number: int, holder: Holder) -> None:
        self._far, self._number, self._holder = transport, number, holder
        self._folder = f"{STATE}/turn-{number}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._heartbeat, daemon=True)

    def check(self) -> None:
        """Raises TransportError where another publisher has taken over."""
        number = _highest(self._far)
        if number != self._number or _holder(self._far, number) != self._holder:
            raise TransportError("publish.lost-lock", self._far.shown)

    def begin(self) -> None:
        """Name the holder, end earlier turns, and keep the heartbeat going."""
        self._far.write(f"{self._folder}/holder.json", msgspec.json.encode(self._holder))
        _end_turns(self._far, below=self._number)
        self._far.guard(f"{self._folder}/{self._holder.token}")
        self._thread.start()

    def give_back(self) -> None:
        """Let the next one in. Where the connection is gone, they will see that we no longer beat."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._far.guard("")
        try:
            if _holder(self._far, self._number) == self._holder:
                _end_turn(self._far, self._folder)
        except TransportError:
            return

    def _heartbeat(self) -> None:
        count = 0
        while not self._over.wait(HEARTBEAT):
            count += 1
            try:
                if _holder(self._far, self._number) != self._holder:
                    return
                self._far.write(f"{self._folder}/beat", str(count).encode())
            except TransportError:  # whoever does the work will say so
                continue


@contextmanager
def publish_lock(transport: Transport) -> Iterator[PublishLock]:
    """Hold the lock of a target while publishing. Raises HostError where another is at it."""
    _drop_strange(transport)
    number = _free_number(transport)
    holder = Holder(
        _who(), datetime.now(SHANGHAI).isoformat(" ", "seconds")[:19], _machine(), os.getpid(), os.urandom(8).hex()
    )
    if not transport.make_dir_exclusive(f"{STATE}/turn-{number}"):
        raise _held(transport, _holder(transport, number))
    ours = PublishLock(transport, number, holder)
    try:
        ours.begin()
        ours.check()
        yield ours
    finally:
        ours.give_back()


def unlock(transport: Transport) -> Holder | None:
    """Take the turn away from whoever has it; who that was. None: nobody had it, or nobody knows who."""
    _drop_strange(transport)
    number = _highest(transport)
    holder = _holder(transport, number) if number else None
    _end_turns(transport, below=number + 1)
    return holder


def _free_number(transport: Transport) -> int:
    """The number to claim. Raises HostError while a living publisher holds the highest."""
    number = _highest(transport)
    if number:
        holder = _holder(transport, number)
        if not (holder and holder.is_gone()) and _lives(transport, number):
            raise _held(transport, holder)
    return number + 1


def _lives(transport: Transport, number: int) -> bool:
    """Whether a turn's holder gives a sign of life: watched for LEASE seconds at most."""
    folder = f"{STATE}/turn-{number}"
    ends = time.monotonic() + LEASE
    first = transport.read(f"{folder}/beat"), _holder(transport, number)
    while time.monotonic() < ends:
        time.sleep(HEARTBEAT / 5)
        if (transport.read(f"{folder}/beat"), _holder(transport, number)) != first:
            return _highest(transport) != 0  # else it has just been given back
    return False


def _held(transport: Transport, holder: Holder | None) -> HostError:
    return HostError(
        f"另一个人正在发布到 {transport.shown}：{holder.shown() if holder else '还不知道是谁'}",
        "等他发布完再运行；确实没有人在发布，用 newsgen unlock 解开",
        "publish.locked",
    )


def _numbers(transport: Transport) -> list[int]:
    """The numbers that are taken, the lowest first."""
    found = [_TURN.fullmatch(name) for name, kind in (transport.entries(STATE) or {}).items() if kind == "folder"]
    return sorted(int(match[1]) for match in found if match)


def _highest(transport: Transport) -> int:
    """The highest number taken, 0 where there is none."""
    return max(_numbers(transport), default=0)


def _drop_strange(transport: Transport) -> None:
    """Delete what is called like a turn and is none: a link or a file that somebody put there."""
    named = (transport.entries(STATE) or {}).items()
    strange = [f"{STATE}/{name}" for name, kind in named if name.startswith("turn-") and kind != "folder"]
    if strange:
        transport.remove(strange)


def _holder(transport: Transport, number: int) -> Holder | None:
    data = transport.read(f"{STATE}/turn-{number}/holder.json")
    try:
        return msgspec.json.decode(data, type=Holder) if data else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _end_turns(transport: Transport, below: int) -> None:
    """End all turns with a lower number, the highest last: until then it counts."""
    for number in _numbers(transport):
        if number < below:
            _end_turn(transport, f"{STATE}/turn-{number}")


def _end_turn(transport: Transport, folder: str) -> None:
    """End a turn at one stroke, and delete what is left of it."""
    trash = f"{STATE}/trash-{os.urandom(8).hex()}"
    transport.move([(folder, trash)])
    try:
        transport.remove_tree(trash)
    except TransportError as error:  # the turn is over; staging.drop_leftovers says what is left
        if error.code not in UNDELETABLE:
            raise


def _who() -> str:
    return f"{user_name()}@{socket.gethostname()}"


def _machine() -> str:
    """Names this machine since it was started, and the processes that it shows; "" where the system does not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{socket.gethostname()} {boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
