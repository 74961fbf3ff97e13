"""One publisher at a time, on a server that may know no locks and whose clock is not ours.

A turn is a folder `turn-<n>` (mkdir is atomic everywhere); the highest number holds it. Its holder writes a beat into it
every BEAT seconds. Who finds a turn taken watches it: a beat that goes on is a living publisher; one that stands still
for LEASE seconds, by the watcher's own clock, is a dead one, and so is a process of this machine that is gone. The next
number then follows; of several who try, mkdir lets one succeed.

| a crash here | leaves | the next publisher |
| --- | --- | --- |
| before mkdir | nothing | takes turn 1 |
| after mkdir, or later | a turn that no longer beats | waits LEASE at most and takes the number above |
| while the turn is given back | fewer folders, or none | either of the two |

A publisher that was thought dead and comes back (a network that was away) finds a higher number or another's name, and
stops: `check` comes before every step that the web server can see.
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

from newsgen.core.platform import user_name
from newsgen.errors import EnvironmentProblem
from newsgen.model import SHANGHAI
from newsgen.publish.far import STATE, Far
from newsgen.publish.words import FarProblem

BEAT = 5.0
LEASE = 30.0
_TURN = re.compile(r"turn-(\d+)")


class Holder(msgspec.Struct, frozen=True):
    """Who publishes. `machine` and `pid` name the process where that can be known, `machine` is "" elsewhere."""

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
        return f"{self.who}，从 {self.since} 起"


class Turn:
    """A turn that is ours, as long as check() says so."""

    def __init__(self, far: Far, number: int, holder: Holder) -> None:
        self._far, self._number, self._holder = far, number, holder
        self._folder = f"{STATE}/turn-{number}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def check(self) -> None:
        """Raises EnvironmentProblem where another publisher has taken over."""
        number = _highest(self._far)
        if number != self._number or _holder(self._far, number) != self._holder:
            raise EnvironmentProblem(
                f"发布权已经被收走：{self._far.shown}",
                "连接断得太久，或有人运行了 newsgen unlock；看看 newsgen releases，再发布一次",
                "publish.lost-lock",
            )

    def begin(self) -> None:
        """Say who we are, and go on saying that we live."""
        self._far.write(f"{self._folder}/holder.json", msgspec.json.encode(self._holder))
        self._thread.start()

    def give_back(self) -> None:
        """Let the next one in. Where the connection is gone, they will see that we no longer beat."""
        self._over.set()
        self._thread.join()
        try:
            if _highest(self._far) == self._number and _holder(self._far, self._number) == self._holder:
                _clear(self._far)
        except FarProblem:
            return

    def _beat(self) -> None:
        count = 0
        while not self._over.wait(BEAT):
            count += 1
            try:
                if _holder(self._far, self._number) != self._holder:
                    return
                self._far.write(f"{self._folder}/beat", str(count).encode())
            except FarProblem:  # whoever does the work will say so
                continue


@contextmanager
def turn(far: Far) -> Iterator[Turn]:
    """Our turn at publishing. Raises EnvironmentProblem where another is at it."""
    number = _free_number(far)
    holder = Holder(
        _who(), datetime.now(SHANGHAI).isoformat(" ", "seconds")[:19], _machine(), os.getpid(), os.urandom(8).hex()
    )
    if not far.claim(f"{STATE}/turn-{number}"):
        raise _held(far, _holder(far, number))
    ours = Turn(far, number, holder)
    ours.begin()
    try:
        ours.check()
        yield ours
    finally:
        ours.give_back()


def unlock(far: Far) -> Holder | None:
    """Take the turn away from whoever has it; who that was. None: nobody had it, or nobody knows who."""
    number = _highest(far)
    holder = _holder(far, number) if number else None
    _clear(far)
    return holder


def _free_number(far: Far) -> int:
    """The number to claim. Raises EnvironmentProblem while a living publisher holds the highest."""
    number = _highest(far)
    if number:
        holder = _holder(far, number)
        if not (holder and holder.is_gone()) and _lives(far, number):
            raise _held(far, holder)
    return number + 1


def _lives(far: Far, number: int) -> bool:
    """Whether a turn's holder gives a sign of life: watched for LEASE seconds at most."""
    folder = f"{STATE}/turn-{number}"
    ends = time.monotonic() + LEASE
    first = far.read(f"{folder}/beat"), _holder(far, number)
    while time.monotonic() < ends:
        time.sleep(BEAT / 5)
        if (far.read(f"{folder}/beat"), _holder(far, number)) != first:
            return _highest(far) != 0  # else it has just been given back
    return False


def _held(far: Far, holder: Holder | None) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"另一个人正在发布到 {far.shown}：{holder.shown() if holder else '还不知道是谁'}",
        "等他发布完再运行；确实没有人在发布，用 newsgen unlock 解开",
        "publish.locked",
    )


def _highest(far: Far) -> int:
    """The highest number taken, 0 where there is none."""
    found = (_TURN.fullmatch(name) for name in far.entries(STATE) or ())
    return max((int(match[1]) for match in found if match), default=0)


def _holder(far: Far, number: int) -> Holder | None:
    data = far.read(f"{STATE}/turn-{number}/holder.json")
    try:
        return msgspec.json.decode(data, type=Holder) if data else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _clear(far: Far) -> None:
    """Remove all turns, the highest last: until then it counts."""
    found = [match for name in far.entries(STATE) or () if (match := _TURN.fullmatch(name))]
    for match in sorted(found, key=lambda match: int(match[1])):
        far.remove_tree(f"{STATE}/{match[0]}")


def _who() -> str:
    return f"{user_name()}@{socket.gethostname()}"


def _machine() -> str:
    """Names this machine since it was started, and the processes that it shows; "" where the system does not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{socket.gethostname()} {boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
