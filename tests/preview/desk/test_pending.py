"""What waits for a person's next request: for how long, within which limits, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_client import Client, desk_at_work, with_passwords
from newsgen.preview.desk import pending
from newsgen.preview.desk.access import User
from newsgen.preview.desk.app import DESK
from newsgen.preview.desk.pending import LASTS, MOST, Pending
from newsgen.preview.desk.serve import Network
from newsgen.preview.serve import Served
from running import Answer
from site_test import SiteTest, tree
from word_files import centred, paragraph, word_file

WRITER, KEEPER = User("王芳", "writer"), User("任海松", "keeper")
A = "content/meetings/a.md"
PEOPLE = "- {name: 任海松, post: 党委副书记, role: keeper}\n- {name: 张老师, post: 宣传委员, role: keeper}\n"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_persons_many_things_push_out_their_own_oldest_alone() -> None:
    waiting = Pending()
    kept = waiting.put(KEEPER, "收到的", 1)
    names = [waiting.put(WRITER, f"第{number}个", 1) for number in range(MOST + 3)]
    assert waiting.get(KEEPER, kept, str) == "收到的"
    assert [waiting.get(WRITER, name, str) is not None for name in names] == [False] * 3 + [True] * MOST


def test_large_things_push_out_their_persons_own_first_and_the_newest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_BYTES", 100)
    waiting = Pending()
    others = waiting.put(KEEPER, "收到的", 40)
    first, second = waiting.put(WRITER, "一", 40), waiting.put(WRITER, "二", 60)
    assert [waiting.get(WRITER, name, str) for name in (first, second)] == [None, "二"]
    assert waiting.get(KEEPER, others, str) == "收到的"
    third = waiting.put(WRITER, "三", 90)
    assert (waiting.get(WRITER, third, str), waiting.get(KEEPER, others, str)) == ("三", None)


def test_what_nobody_asks_for_is_forgotten() -> None:
    clock = Clock()
    waiting = Pending(clock)
    name = waiting.put(WRITER, "稿子", 1)
    clock.now += LASTS - 1
    assert waiting.get(WRITER, name, str) == "稿子"
    clock.now += 2
    assert waiting.get(WRITER, name, str) is None


def test_nobody_gets_or_drops_what_waits_for_another() -> None:
    waiting = Pending()
    name = waiting.put(KEEPER, "收到的", 1)
    assert waiting.get(WRITER, name, str) is None
    waiting.drop(WRITER, name)
    assert waiting.get(KEEPER, name, str) == "收到的"
    waiting.drop(KEEPER, name)
    assert waiting.get(KEEPER, name, str) is None


# ---------------------------------------------------------------- at a desk of several people


@pytest.fixture
def shared(site: SiteTest, tmp_path: Path) -> Iterator[Served]:
    """A desk of two keepers, who may do everything there."""
    site.article("meetings/a.md").write("people.yaml", PEOPLE)
    with desk_at_work(site.root, Network(with_passwords(tmp_path, "任海松", "张老师"))) as running:
        yield running


@pytest.fixture
def own(shared: Served) -> Client:
    """The browser of who makes something."""
    return signed_in(shared, "任海松")


@pytest.fixture
def other(shared: Served) -> Client:
    """The browser of somebody else, who came to know its id."""
    return signed_in(shared, "张老师")


def signed_in(server: Served, name: str) -> Client:
    client = Client(server.port, root=server.preview.session.root)
    client.sign_in(name)
    return client


def is_unknown(found: Answer, invented: Answer) -> bool:
    """Whether an answer is that to an id which nobody gave, to the letter."""
    return (found.status, found.data) == (invented.status, invented.data) and found.status == 404


def test_an_import_waits_for_who_dropped_it_alone(own: Client, other: Client) -> None:
    document = word_file(centred("工作会议") + paragraph("正文。"))
    name = own.call("POST", "import", document, name="稿件.docx").json["id"]
    parts = {"section": "meetings", "title": "工作会议", "date": "2024-03-13"}
    before = tree(own.root)
    taken = other.call("POST", "import/confirm", {"id": name, **parts})
    assert is_unknown(taken, other.call("POST", "import/confirm", {"id": "invented", **parts}))
    dropped = other.call("DELETE", "import", id=name)
    assert dropped.data == other.call("DELETE", "import", id="invented").data
    assert {path for path in tree(own.root).keys() - before.keys() if path.startswith("content/")} == set()
    assert own.call("POST", "import/confirm", {"id": name, **parts}).status == 200


def test_a_zip_that_was_made_and_one_that_was_received_wait_for_one_person_alone(own: Client, other: Client) -> None:
    made = own.call("POST", "hand-in", {"path": A}).json["url"]
    assert is_unknown(other.ask("GET", DESK + made), other.ask("GET", f"{DESK}api/hand-in?id=invented"))
    data = own.ask("GET", DESK + made).data
    (own.root / A).unlink()
    name = own.call("POST", "receive", data, name="稿.zip").json["id"]
    taken = other.call("POST", "receive/confirm", {"id": name})
    assert is_unknown(taken, other.call("POST", "receive/confirm", {"id": "invented"}))
    assert not (own.root / A).exists()
    assert own.call("POST", "receive/confirm", {"id": name}).status == 200


def test_what_waits_is_there_after_signing_in_anew_and_is_of_its_kind_alone(shared: Served, own: Client) -> None:
    made = own.call("POST", "hand-in", {"path": A}).json["url"]
    again = signed_in(shared, "任海松")
    assert again.ask("GET", DESK + made).status == 200
    name = made.partition("id=")[2]
    for endpoint in ("import/confirm", "receive/confirm"):
        body = {"id": name, "section": "meetings", "title": "x", "date": "2024-03-13"}
        assert again.call("POST", endpoint, body).status == 404, endpoint
