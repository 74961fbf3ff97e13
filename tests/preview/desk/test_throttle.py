"""Wrong passwords: guessing is slow however it is spread, and nobody waits for a colleague's slip."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from desk_client import Client, desk_at_work, with_passwords
from newsgen.preview.desk import throttle as module
from newsgen.preview.desk.serve import Network
from newsgen.preview.desk.throttle import FORGETS, WIDE_PAUSE, WIDE_TRIES, Throttle, network_of
from newsgen.preview.serve import Served
from site_test import SiteTest

DAY = 24 * 3600.0
OFFICE, ELSEWHERE = "10.1.2.3", "10.9.9.9"


class Guesses:
    """Guesses against a throttle whose clock only they move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.throttle = Throttle(lambda: self.now)

    def waits(self, name: str, address: str = OFFICE) -> float:
        """The seconds for which somebody must wait."""
        found = self.throttle.wait(name, address)
        return found.seconds if found else 0.0

    def fail(self, name: str, address: str = OFFICE, times: int = 1) -> None:
        """Type so many wrong passwords at once."""
        for _ in range(times):
            self.throttle.failed(name, address)

    def in_a_day(self, who: Iterator[tuple[str, str]]) -> int:
        """How many wrong passwords fit into a day, each typed as soon as it is allowed."""
        count = 0
        for name, address in who:
            self.now += self.waits(name, address)
            if self.now >= DAY:
                break
            self.fail(name, address)
            count += 1
        return count


def test_wrong_passwords_make_one_wait_longer_and_longer() -> None:
    guesses = Guesses()
    waits = []
    for _ in range(12):
        guesses.fail("王芳")
        waits.append(guesses.waits("王芳"))
    assert waits[:6] == [0, 0, 1, 2, 4, 8]
    assert waits[-1] == 60
    guesses.throttle.succeeded("王芳", OFFICE)
    assert guesses.waits("王芳") == 0
    guesses.fail("王芳", times=3)
    guesses.now += FORGETS
    guesses.fail("王芳")
    assert guesses.waits("王芳") == 0, "what was wrong long ago is forgotten"


def test_a_colleague_who_is_wrong_all_day_keeps_nobody_behind_the_same_router_waiting() -> None:
    guesses = Guesses()
    while guesses.now < DAY:
        guesses.now += guesses.waits("王芳")
        guesses.fail("王芳")
        assert guesses.waits("张老师") == 0


def test_who_guesses_a_name_from_elsewhere_does_not_keep_its_owner_out() -> None:
    guesses = Guesses()
    while guesses.now < DAY:
        guesses.now += guesses.waits("王芳", ELSEWHERE)
        guesses.fail("王芳", ELSEWHERE)
        assert guesses.waits("王芳", OFFICE) == 0


def test_guesses_at_one_name_from_one_address_are_as_few_as_is_written_down() -> None:
    assert Guesses().in_a_day(cycle([("王芳", OFFICE)])) <= 1450


def test_guesses_at_many_names_from_one_address_are_as_few_as_is_written_down() -> None:
    assert 2000 < Guesses().in_a_day((f"第{number}人", OFFICE) for number in range(10_000)) <= 2910


def test_guesses_at_one_name_from_many_addresses_are_as_few_as_is_written_down() -> None:
    addresses = (f"10.{number >> 8}.{number & 255}.1" for number in range(10_000))
    assert 2000 < Guesses().in_a_day(("王芳", address) for address in addresses) <= 2910


def test_signing_in_between_gives_no_more_guesses_at_others() -> None:
    guesses = Guesses()
    for number in range(WIDE_TRIES):
        guesses.fail(f"第{number}人")
        guesses.throttle.succeeded("王芳", OFFICE)
    assert guesses.waits("张老师") == WIDE_PAUSE
    assert guesses.waits("张老师", ELSEWHERE) == 0
    guesses.now += WIDE_PAUSE
    assert guesses.waits("张老师") == 0


def test_the_addresses_that_one_computer_has_by_ipv6_are_one() -> None:
    guesses = Guesses()
    for number in range(WIDE_TRIES):
        guesses.fail("王芳", f"2001:db8:1:2::{number:x}")
    assert guesses.waits("张老师", "2001:db8:1:2:ffff::1") == WIDE_PAUSE
    assert guesses.waits("张老师", "2001:db8:1:3::1") == 0
    assert network_of("::ffff:10.1.2.3") == network_of(OFFICE) == OFFICE
    assert network_of("what a proxy says") == "what a proxy says"


def test_what_is_kept_of_wrong_passwords_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 10)
    guesses = Guesses()
    for number in range(1000):
        guesses.now += FORGETS
        guesses.fail(f"第{number}人", f"10.0.{number >> 8}.{number & 255}")
    assert len(guesses.throttle._people) + len(guesses.throttle._used) < 40


# ---------------------------------------------------------------- at the desk


@pytest.fixture
def shared(site: SiteTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A desk at which no time passes: a second of waiting is not over before the next guess."""
    monkeypatch.setattr("newsgen.preview.desk.sign_in.Throttle", lambda _: Throttle(lambda: 0.0))
    with desk_at_work(site.root, Network(with_passwords(tmp_path, "王芳", "张老师"))) as running:
        yield running


def test_who_guesses_on_is_told_to_wait_and_a_colleague_signs_in(shared: Served) -> None:
    client = Client(shared.port)
    found = [client.sign_in("王芳", f"guess number {number}").status for number in range(4)]
    assert found == [403, 403, 403, 429]
    refused = client.sign_in("王芳")
    assert refused.status == 429, "even with the right one"
    assert "密码错了太多次，请等" in refused.text
    assert Client(shared.port).sign_in("张老师").status == 303
    assert Client(shared.port).sign_in("王芳", X_Forwarded_For=ELSEWHERE).status == 303, "at another computer"


def test_an_address_from_which_too_much_was_wrong_is_told(shared: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WIDE_TRIES", 3)
    for number in range(3):
        assert Client(shared.port).sign_in(f"第{number}人", "wrong").status == 403
    refused = Client(shared.port).sign_in("张老师")
    assert refused.status == 429
    assert "从您这里的网络登录，密码错了太多次，请等" in refused.text
    assert Client(shared.port).sign_in("张老师", X_Forwarded_For=ELSEWHERE).status == 303
