"""Throttling of sign-ins: a wait after wrong passwords, so that guessing is slow and nobody waits for a colleague's slip.

Two limits. A person at a computer (a name from an address) waits twice as long with each wrong password. All guesses from
one address, whatever the names, and all for one name, wherever from, have an allowance that is wider than one person can use
up: an office behind one router goes on signing in while somebody there is wrong all day, and nobody far away keeps the
owner of a name out alone.

At most, in a day: 1,450 guesses for one name from one address, 2,910 from one address, 2,910 for one name.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import NamedTuple

FREE_TRIES = 3
"""Wrong passwords for one name from one address before one has to wait: a second, then twice as long with each."""
LONGEST_WAIT = 60.0
FORGETS = 15 * 60.0
"""Seconds after which those wrong passwords are forgotten."""
WIDE_TRIES = 30
"""Wrong passwords that one address, or one name, may have at once."""
WIDE_PAUSE = 30.0
"""Seconds after which each has one more: half of LONGEST_WAIT, so that who is wrong again and again leaves room for others."""
MOST_KEPT = 1000
"""Names and addresses beyond which those are dropped that have nothing to wait for."""
Clock = Callable[[], float]


class Wait(NamedTuple):
    """Seconds to wait, and the reason in Chinese."""

    seconds: float
    why: str


class _Failures(NamedTuple):
    """The wrong passwords of a person at a computer: how many, and when the last one was."""

    many: int
    last: float


class Throttle:
    """The wrong passwords of a desk."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._people: dict[tuple[str, str], _Failures] = {}
        self._used: dict[str, float] = {}
        """For each address and name, the time at which its allowance is whole again."""

    def wait(self, name: str, address: str) -> Wait | None:
        """The wait before this name may be tried from this address; None: now."""
        network = network_of(address)
        own = self._people.get((name, network))
        held = (
            Wait(own.last + _pause(own.many) - self._clock() if own else 0.0, "密码错了太多次"),
            Wait(self._overdrawn(f"name {name}"), "这个姓名的密码，有人在别处错了太多次"),
            Wait(self._overdrawn(f"address {network}"), "从您这里的网络登录，密码错了太多次"),
        )
        longest = max(held, key=lambda item: item.seconds)
        return longest if longest.seconds > 0 else None

    def failed(self, name: str, address: str) -> None:
        """Take note of a wrong password."""
        self._forget_old()
        now, network = self._clock(), network_of(address)
        before = self._people.get((name, network), _Failures(0, now))
        self._people[name, network] = _Failures(before.many + 1 if now - before.last < FORGETS else 1, now)
        for key in (f"name {name}", f"address {network}"):
            self._used[key] = max(self._used.get(key, now), now) + WIDE_PAUSE

    def succeeded(self, name: str, address: str) -> None:
        """Forget the wrong passwords of a person at a computer. What others guess there, or elsewhere, still counts."""
        self._people.pop((name, network_of(address)), None)

    def _overdrawn(self, key: str) -> float:
        """Seconds until an address or name has an attempt again; none or less where it has one now."""
        now = self._clock()
        return self._used.get(key, now) - now - (WIDE_TRIES - 1) * WIDE_PAUSE

    def _forget_old(self) -> None:
        now = self._clock()
        if len(self._people) > MOST_KEPT:
            self._people = {key: item for key, item in self._people.items() if now - item.last < FORGETS}
        if len(self._used) > MOST_KEPT:
            self._used = {key: time for key, time in self._used.items() if time > now}


def _pause(count: int) -> float:
    return min(LONGEST_WAIT, 2.0 ** min(count - FREE_TRIES, 30)) if count >= FREE_TRIES else 0.0


def network_of(address: str) -> str:
    """The network that counts as one address: of IPv6 the first half, since each computer has all of the other half to itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # what a proxy says need not be an address
        return address[:100]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or f"{int(found) >> 64:x}")
