"""Templates: what is known of them need not be found out again."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jinja2 import nodes

from newsgen.core.defaults import defaults
from newsgen.core.digest import digest_bytes
from newsgen.render import precompiled, theme
from newsgen.render.environment import Engine
from newsgen.render.renderer import _place
from newsgen.render.templates import TemplateFacts, Templates, UndefinedError
from newsgen.site.theme.templates import read
from site_test import SiteTest, tree


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A site's templates: one of its own beside the defaults."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "hello.html").write_text("<p>{{ name }}</p>", "utf-8")
    return tmp_path / "own"


def hello(templates: Templates) -> bytes:
    """The page of hello.html."""
    return templates.engine.page("hello.html", {"name": "新"})


def test_known_facts_save_the_parsing_of_templates_that_no_page_needs(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = {**dict(read(defaults("templates"))), **dict(read(own))}
    first = Templates(sources)
    packed = msgspec.json.encode(first.facts)
    monkeypatch.setattr(Engine, "parse", None)
    again = Templates(sources, known=msgspec.json.decode(packed, type=TemplateFacts))
    assert (again.parts(), again.assets(), hello(again)) == (first.parts(), first.assets(), hello(first))


def test_a_template_that_does_not_compile_is_no_fault_where_no_page_needs_it(own: Path) -> None:
    (own / "old.html").write_text("{{ name | filter_of_another_generator }}", "utf-8")
    assert hello(Templates({**dict(read(defaults("templates"))), **dict(read(own))})) == "<p>新</p>".encode()


def test_a_build_parses_templates_when_they_have_changed_and_not_again(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    original = Engine.parse

    def noted(engine: Engine, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        parsed.append(str(name))
        return original(engine, source, name, filename)

    monkeypatch.setattr(Engine, "parse", noted)
    site.write("templates/own.html", "").article("meetings/a.md", title="甲").built()
    assert "404.html" in parsed
    parsed.clear()
    site.article("meetings/a.md", title="乙").built()
    assert parsed == []
    site.write("templates/404.html", "{% extends 'base.html' %}{% block content %}无{% endblock %}").built()
    assert "404.html" in parsed


# ---------------------------------------------------------------- the default ones, compiled ahead


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what is compiled ahead is kept: nothing yet. Python keeps bytecode."""
    found = tmp_path / "kept" / "templates.bin"
    found.parent.mkdir()
    monkeypatch.setattr(precompiled, "PLACE", found)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return found


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were compiled."""
    found: list[str] = []
    original = Engine.compile

    def noted(engine: Engine, source: Any, name: str, filename: str) -> Any:
        found.append(name)
        return original(engine, source, name, filename)

    monkeypatch.setattr(Engine, "compile", noted)
    return found


@pytest.fixture
def site_of_all_kinds(site: SiteTest) -> SiteTest:
    """A site whose build asks for every default template."""
    return site.article("meetings/a.md", tags="[甲, 乙]").write(
        "content/about.md", "---\ntitle: 关于\nkind: page\n---\n\n正文。\n"
    )


def test_the_first_build_of_an_installation_compiles_the_templates_for_all_that_follow(
    site_of_all_kinds: SiteTest, place: Path, compiled: list[str]
) -> None:
    first = tree(site_of_all_kinds.built("--full").out)
    assert sorted(compiled) == sorted(dict(read(defaults("templates"))))
    compiled.clear()
    assert tree(site_of_all_kinds.built("--full").out) == first
    assert not compiled
    place.unlink()
    place.parent.rmdir()
    place.parent.touch()  # no folder any more: nothing can be kept
    assert tree(site_of_all_kinds.built("--full").out) == first
    assert compiled


def test_nothing_is_kept_where_python_is_told_to_keep_nothing_unless_somebody_asks(
    site: SiteTest, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    site.article("meetings/a.md").built()
    assert not place.exists()
    theme.compile_defaults()
    assert [item.name for item in place.parent.iterdir()] == [place.name]


def _cut(place: Path, _: pytest.MonkeyPatch) -> None:
    place.write_bytes(place.read_bytes()[:-7])


def _spoil(place: Path, _: pytest.MonkeyPatch) -> None:
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)


def _renew(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precompiled, "environment", lambda: "another newsgen")


def _write_otherwise(place: Path, _: pytest.MonkeyPatch) -> None:
    """As another newsgen might: it is left when that one is upgraded."""
    data = marshal.dumps(("key", "facts"))
    place.write_bytes(digest_bytes(data).encode() + data)


def _empty(place: Path, _: pytest.MonkeyPatch) -> None:
    place.write_bytes(b"")


@pytest.mark.parametrize("harm", [_cut, _spoil, _renew, _write_otherwise, _empty])
def test_what_was_compiled_is_not_used_when_it_is_spoilt_or_of_another_newsgen(
    site: SiteTest,
    place: Path,
    compiled: list[str],
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Path, pytest.MonkeyPatch], None],
) -> None:
    first = tree(site.article("meetings/a.md").built().out)
    harm(place, monkeypatch)
    compiled.clear()
    assert tree(site.built("--full").out) == first
    assert compiled


def test_what_was_compiled_is_not_used_for_other_templates(own: Path, place: Path, compiled: list[str]) -> None:
    """A partial of the site's own may change what code the default templates need."""
    theme.compile_defaults()
    compiled.clear()
    templates = Templates({**dict(read(defaults("templates"))), **dict(read(own))})
    templates.warm()
    assert place.exists()
    assert "article.html" in compiled


def test_a_fault_has_the_line_of_its_template_also_when_that_was_compiled_ahead(place: Path) -> None:
    places = []
    for _ in range(2):
        templates = Templates(dict(read(defaults("templates"))))
        with pytest.raises(UndefinedError) as caught:
            templates.engine.page("article.html", {})
        places.append(_place(caught.value, templates))
        theme.compile_defaults()
    assert templates.precompiled
    assert places[0] == places[1] is not None
