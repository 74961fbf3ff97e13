"""Throttling of sign-ins: a wait after wrong passwords makes guessing slow, but nobody waits for a colleague's mistake.

There are two limits. For one name from one address, the wait doubles with each wrong password. All guesses from one
address (for any name), and all for one name (from any address), have an allowance that one person alone cannot use up: an
office behind one router can go on signing in while somebody there is wrong all day, and no single attacker elsewhere can
keep the owner of a name out.

The most guesses in a day are 1,450 for one name from one address, 2,910 from one address, and 2,910 for one name.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import NamedTuple

FREE_TRIES = 3
"""Wrong passwords for one name from one address that lead to a wait of a second; each further one doubles the wait."""
LONGEST_WAIT = 60.0
FORGETS = 15 * 60.0
"""Seconds after the last of these wrong passwords until they are forgotten."""
WIDE_TRIES = 30
"""The allowance: wrong passwords that one address, or one name, may have before it must wait."""
WIDE_PAUSE = 30.0
"""Seconds until the allowance has one more: half of LONGEST_WAIT, so that a person who is always wrong leaves some of it."""
MOST_KEPT = 1000
"""Number of names or addresses above which those whose wrong passwords no longer count are dropped."""
Clock = Callable[[], float]


class Wait(NamedTuple):
    """Seconds to wait, and the reason in Chinese."""

    seconds: float
    why: str


class _Failures(NamedTuple):
    """The wrong passwords for one name from one address: their number, and the time of the last one."""

    many: int
    last: float


class Throttle:
    """The throttle of the sign-ins to a desk."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._people: dict[tuple[str, str], _Failures] = {}
        self._used: dict[str, float] = {}
        """The time at which the allowance is complete again, by address and by name."""

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
        """Count a wrong password."""
        self._forget_old()
        now, network = self._clock(), network_of(address)
        before = self._people.get((name, network), _Failures(0, now))
        self._people[name, network] = _Failures(before.many + 1 if now - before.last < FORGETS else 1, now)
        for key in (f"name {name}", f"address {network}"):
            self._used[key] = max(self._used.get(key, now), now) + WIDE_PAUSE

    def succeeded(self, name: str, address: str) -> None:
        """Forget the wrong passwords for the name from this address. They still count in both allowances."""
        self._people.pop((name, network_of(address)), None)

    def _overdrawn(self, key: str) -> float:
        """Seconds until an address or name may be tried again; zero or less where it may be now."""
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
    """The network that counts as one address: of IPv6 the first 64 bits, since one computer has the other 64 to itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # what a proxy says need not be an address
        return address[:100]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or f"{int(found) >> 64:x}")
