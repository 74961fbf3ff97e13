"""The store: what it gives back is what was put in, or nothing; whatever happened to the file, the site is right."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.build.cache.store import Store
from newsgen.core import digest
from newsgen.core.digest import environment
from newsgen.core.model import Body, Document
from site_test import SiteTest, tree

DIGEST = "00" * 16
DOCUMENT = Document(DIGEST, "facts", "details", None, None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one document."""
    found = Store(tmp_path, "one")
    found.write_parsed([DOCUMENT], {DIGEST: Body(("<p>文</p>",), text="文")})
    found.write_records({"texts": ["a", "b"]})
    found.close()
    return found


def test_what_was_written_is_found_again(store: Store) -> None:
    assert store.documents() == {DIGEST: DOCUMENT}
    assert store.document(DIGEST) == DOCUMENT
    assert store.body(DIGEST) == Body(("<p>文</p>",))  # as far as its page shows it
    assert store.record("texts", list[str]) == ["a", "b"]
    assert store.diagnostics == []


def test_what_was_settled_is_in_the_file_itself(store: Store, tmp_path: Path) -> None:
    """So that closing the store, which the end of a build waits for, finds little in its log."""
    store.write_records({"late": "晚"})
    store.settle()
    (tmp_path / "copy").mkdir()
    copy = Store(tmp_path, "one", tmp_path / "copy")
    shutil.copy(store.path, copy.path)
    assert copy.record("late", str) == "晚"


def test_what_is_not_there_is_none(store: Store) -> None:
    assert (store.body("11" * 16), store.record("nothing", list[str])) == (None, None)


def test_a_value_that_holds_addresses_is_not_believed_where_one_may_run_something(store: Store) -> None:
    words = {"plain": "一讲 javascript: 入门", "hidden": "java\tScript:alert(1)", "right": "https://a.cn/"}
    store.write_records(words)
    assert {name: store.record(name, str) for name in words} == words
    assert {name: store.safe_record(name, str) for name in words} == {
        "plain": None,
        "hidden": None,
        "right": "https://a.cn/",
    }
    assert store.diagnostics == []


def test_records_are_named_by_how_they_begin_and_forgotten_one_by_one(store: Store) -> None:
    store.write_records({"page/a": 1, "page/b": 2, "pages": 3, "page\udce9": 4, "z": 5})
    assert store.names("page/") == {"page/a", "page/b"}
    assert store.names("page") == {"page/a", "page/b", "pages", "page\udce9"}
    store.forget_records(["page/a", "nothing"])
    assert store.names("page/") == {"page/b"}
    store.empty()
    assert store.names("") == {""}, "whose store it is stays in it"
    assert (store.documents(), store.body(DIGEST), store.diagnostics) == ({}, None, [])


def test_another_builder_finds_an_empty_store_and_says_so(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path, "two")
    assert (other.documents(), other.record("texts", list[str])) == ({}, None)
    assert [diagnostic.code for diagnostic in other.diagnostics] == ["store.renewed"]
    again = Store(tmp_path, "two")
    assert (again.documents(), again.diagnostics) == ({}, [])


def test_a_value_of_another_type_is_not_believed(store: Store) -> None:
    assert store.record("texts", dict[str, int]) is None
    assert [diagnostic.code for diagnostic in store.diagnostics] == ["store.damaged"]


@pytest.mark.parametrize("column", ["key", "data"])
def test_a_text_where_bytes_should_be_is_not_believed(store: Store, tmp_path: Path, column: str) -> None:
    with sqlite3.connect(store.path) as connection:
        connection.execute(f"UPDATE documents SET {column} = 'text'")
    connection.close()
    found = Store(tmp_path, "one")
    assert found.documents() == {}
    assert [remark.code for remark in found.diagnostics] == ["store.damaged"]


def test_a_value_under_another_name_is_not_believed(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE records SET key = ? WHERE key = ?", (b"other", b"texts"))
    connection.close()
    assert Store(tmp_path, "one").record("other", list[str]) is None


def test_a_changed_byte_is_noticed(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(store.path) as connection:
        (data,) = connection.execute("SELECT data FROM bodies").fetchone()
        spoilt = data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]
        connection.execute("UPDATE bodies SET data = ?", (spoilt,))
    connection.close()
    found = Store(tmp_path, "one")
    assert found.body(DIGEST) is None
    assert [diagnostic.code for diagnostic in found.diagnostics] == ["store.damaged"]


def test_a_folder_in_its_place_is_lived_with(tmp_path: Path) -> None:
    (tmp_path / ".newsgen" / "store.db").mkdir(parents=True)
    found = Store(tmp_path, "one")
    found.write_records({"a": 1})
    assert found.documents() == {}
    assert [diagnostic.code for diagnostic in found.diagnostics] == ["store.unusable"]


# ---------------------------------------------------------------- whole builds


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(100, len(data), 97):
        data[place] ^= 0x55
    path.write_bytes(data)


def foreign(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 something else" * 400)


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE records SET data = ? WHERE key = ?", (b"\x92\x63\xa1x", b""))
    connection.close()


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [cut, spoil, foreign, newer, gone])
def test_a_store_that_is_not_what_it_was_costs_time_and_nothing_else(
    site: SiteTest, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    site.article("meetings/a.md", "第一段。\n", title="甲").article("meetings/b.md", title="乙").built()
    site.article("meetings/a.md", "另一段。\n", title="甲")
    harm(site.root / ".newsgen" / "store.db")
    built = site.built()
    assert len([code for code in built.said() if code.startswith("store.")]) == (harm is not gone)
    fresh = tmp_path / "fresh"
    shutil.copytree(site.root, fresh, ignore=shutil.ignore_patterns("public", ".newsgen"))
    expected = SiteTest(fresh, site._capsys).built()
    assert tree(built.out) == tree(expected.out)
    assert site.built().document["rendered"] == 0
    assert site.built().said() == [], "it is told once"


def test_a_store_of_another_machine_serves_by_content(site: SiteTest, tmp_path: Path) -> None:
    site.article("meetings/a.md", "第一段。\n", title="甲").built()
    copy = tmp_path / "copy"
    shutil.copytree(site.root, copy, ignore=shutil.ignore_patterns("public"))
    for path in (copy / "content").rglob("*.md"):
        path.touch()
    (copy / "content" / "meetings" / "a.md").write_bytes(
        (site.root / "content" / "meetings" / "a.md").read_bytes().replace("第一段".encode(), "第二段".encode())
    )
    built = SiteTest(copy, site._capsys).built()
    assert "第二段" in built.text("meetings/2024/0313-a.html")
    assert built.said() == []


def test_a_site_that_may_only_be_read_is_built(site: SiteTest, tmp_path: Path) -> None:
    (site.root / ".newsgen").write_text("a file where the folder should be", "utf-8")
    built = site.article("meetings/a.md").built("-o", str(tmp_path / "out"))
    assert built.said() == ["store.unusable .newsgen/store.db:1"]
    assert "正文" in built.text("meetings/2024/0313-a.html")


def test_the_environment_names_source_and_libraries() -> None:
    assert len(environment()) == 32


def test_the_environment_is_made_of_every_module() -> None:
    package = Path(digest.__file__).parents[1]
    expected = {path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*.py")}
    assert dict(digest._sources(str(package), "")) == expected
