"""Templates as files, and what is kept of them between runs."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from newsgen.defaults import defaults
from newsgen.sources import read
from newsgen.templating import Facts, Templates
from newsgen.templating.engine import Engine
from newsgen.templating.kept import FILE


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A site's templates: one of its own beside the defaults."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "hello.html").write_text("<p>{{ name }}</p>", "utf-8")
    return tmp_path / "own"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where things are kept; it is not there yet."""
    return tmp_path / "a" / "kept"


def kept_in(folder: Path, own: Path) -> Templates:
    """The defaults and the site's own, as another run would read them."""
    return Templates({**dict(read(defaults("templates"))), **dict(read(own))}, folder=folder)


def hello(templates: Templates) -> bytes:
    """The page of hello.html."""
    return templates.engine.page("hello.html", {"name": "新"})


def test_what_is_kept_needs_neither_parser_nor_compiler(
    own: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept_in(folder, own)
    parts, assets, page = first.parts(), first.assets(), hello(first)
    monkeypatch.setattr(Engine, "parse", None)
    monkeypatch.setattr(Engine, "compile", None)
    again = kept_in(folder, own)
    assert (again.parts(), again.assets(), hello(again)) == (parts, assets, page)
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_known_facts_save_the_parsing_of_templates_that_no_page_needs(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = {**dict(read(defaults("templates"))), **dict(read(own))}
    first = Templates(sources)
    packed = msgspec.json.encode(first.facts)
    monkeypatch.setattr(Engine, "parse", None)
    again = Templates(sources, known=msgspec.json.decode(packed, type=Facts))
    assert (again.parts(), again.assets(), hello(again)) == (first.parts(), first.assets(), hello(first))


def test_an_edited_template_is_compiled_again(own: Path, folder: Path) -> None:
    assert hello(kept_in(folder, own)) == "<p>新</p>".encode()
    (own / "hello.html").write_text("<b>{{ name }}</b>", "utf-8")
    assert hello(kept_in(folder, own)) == "<b>新</b>".encode()
    (own / "hello.html").write_text("<p>{{ name }}</p>", "utf-8")
    assert hello(kept_in(folder, own)) == "<p>新</p>".encode()


@pytest.mark.parametrize("damage", [b"", b"x", None])
def test_a_damaged_file_is_made_anew(own: Path, folder: Path, damage: bytes | None) -> None:
    hello(kept_in(folder, own))
    whole = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(whole[:-100] if damage is None else damage)
    assert hello(kept_in(folder, own)) == "<p>新</p>".encode()
    assert (folder / FILE).read_bytes()[:32] == whole[:32]
    assert len((folder / FILE).read_bytes()) == len(whole)


def test_a_folder_that_cannot_be_written_to_does_no_harm(own: Path, folder: Path) -> None:
    folder.parent.write_text("a file, where a folder should be", "utf-8")
    assert hello(kept_in(folder, own)) == "<p>新</p>".encode()


def test_a_template_that_does_not_compile_is_no_fault_where_no_page_needs_it(own: Path, folder: Path) -> None:
    (own / "old.html").write_text("{{ name | filter_of_another_generator }}", "utf-8")
    for _ in range(2):
        assert hello(kept_in(folder, own)) == "<p>新</p>".encode()
