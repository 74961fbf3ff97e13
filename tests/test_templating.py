"""Templates: what is known of them need not be found out again."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from jinja2 import nodes

from newsgen.defaults import defaults
from newsgen.sources import read
from newsgen.templating import Facts, Templates
from newsgen.templating.engine import Engine
from site_test import SiteTest


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
    again = Templates(sources, known=msgspec.json.decode(packed, type=Facts))
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
    site.article("meetings/a.md", title="甲").built()
    assert "404.html" in parsed
    parsed.clear()
    site.article("meetings/a.md", title="乙").built()
    assert parsed == []
    site.write("templates/404.html", "{% extends 'base.html' %}{% block content %}无{% endblock %}").built()
    assert "404.html" in parsed
