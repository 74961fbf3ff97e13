"""Templates: what they make is what stock Jinja2 makes, but for text that is none and names that are Python's."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateNotFound, UndefinedError
from jinja2.filters import FILTERS
from markupsafe import Markup

from newsgen.render.environment import RENDERING_ERRORS, Engine
from newsgen.render.guards import TEXT_FILTERS
from site_test import SiteTest

NAMES: Mapping[str, object] = {
    "a": "甲<&",
    "b": Markup("<b>乙</b>"),
    "n": 7,
    "list": ("一", "<二>", "三"),
    "none": None,
}
PARTIALS = {
    "own.html": "[own{{ 1 + 1 }}{% for i in [1, 2] %}{{ i }}{% endfor %}]",
    "sees.html": "[{{ a }}{{ n }}]",
    "macros.html": "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}",
    "base.html": "<{% block first %}一{% endblock %}|{% block second %}{% include 'own.html' %}{% endblock %}>",
}


def ours(source: str, **names: object) -> str:
    """What newsgen makes of a template."""
    sources = {**PARTIALS, "t.html": source}

    def code(name: str) -> CodeType:
        if name not in sources:
            raise TemplateNotFound(name)
        return engine.compile(sources[name], name, name)

    engine = Engine(code, {})
    return engine.page("t.html", {**NAMES, **names}).decode()


def stock(source: str) -> str:
    """What Jinja2 makes of it."""
    loader = DictLoader({**PARTIALS, "t.html": source})
    environment = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    return environment.get_template("t.html").render(NAMES)


EXPRESSIONS = st.sampled_from(
    [
        *("a", "b", "n", "none", "list", "a ~ b", "a ~ n ~ none", "'<' ~ a", "list | join", "list | join(b)"),
        *("list | map('upper') | join('、')", "a | upper", "b | string", "a | safe", "n % 4", "'%s和%s' % (a, n)"),
        *("b % ()", "'%s:%s' | format(a, b)", "'{}-{:03}'.format(a, n)", "b.format(a)", "list | length", "a | e"),
        *(
            "list | first | lower",
            "{'k': a} | xmlattr",
            "a | replace('甲', b)",
            "list | reverse | list",
            "a if n else b",
        ),
        *("list | sort | last", "a | default('无')", "'{x[0]}'.format_map({'x': list})", "a | urlencode", "a.format()"),
    ]
)


def bodies(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """What a template can hold, around what it can hold."""
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        inner.map("{{% if n %}}{}{{% else %}}无{{% endif %}}".format),
        inner.map("{{% for a in list %}}{}{{{{ loop.index }}}}{{% endfor %}}".format),
        inner.map("{{% set s %}}{}{{% endset %}}-{{{{ s }}}}".format),
        inner.map("{{% filter upper %}}{}{{% endfilter %}}".format),
        inner.map("{{% with b = a %}}{}{{% endwith %}}".format),
        inner.map("{{% autoescape false %}}{}{{% endautoescape %}}".format),
        inner.map("{{% macro f(a) %}}{}{{% endmacro %}}({{{{ f('参') }}}})".format),
        inner.map("{{% macro f() %}}<{{{{ caller() }}}}>{{% endmacro %}}{{% call f() %}}{}{{% endcall %}}".format),
    )


PIECES = st.one_of(
    st.sampled_from(["文字", "<p>&amp;</p>\n", "\n"]),
    EXPRESSIONS.map("{{{{ {} }}}}".format),
    st.sampled_from(
        [
            "{% include 'own.html' without context %}",
            "{% include 'own.html' ignore missing without context %}",
            "{% include 'none.html' ignore missing without context %}",
            "{% include ['none.html', 'own.html'] without context %}",
            "{% include 'sees.html' %}",
            "{% from 'macros.html' import m %}{{ m(a) }}",
            "{% import 'macros.html' as k %}{{ k.m(b) }}",
        ]
    ),
)
TEMPLATES = st.recursive(PIECES, bodies, max_leaves=12)


@given(
    TEMPLATES,
    st.sampled_from(
        [
            "{}",
            "{{% block one %}}{}{{% endblock %}}",
            "{{% extends 'base.html' %}}{{% block first %}}{}{{% endblock %}}",
        ]
    ),
)
def test_a_template_makes_what_stock_jinja_makes(body: str, around: str) -> None:
    """What own.html makes is the same with context; without, Jinja2 itself puts it before what collects it."""
    source = around.format(body)
    assert ours(source) == stock(source.replace(" without context", ""))


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("A{% include 'own.html' without context %}B", "A[own212]B"),
        ("{% block x %}A{% include 'own.html' without context %}B{% endblock %}", "A[own212]B"),
        ("{% macro f() %}A{% include 'own.html' without context %}B{% endmacro %}{{ f() }}", "A[own212]B"),
        ("A{% set s %}{% include 'own.html' without context %}{% endset %}B{{ s }}", "AB[own212]"),
        ("A{% include 'none.html' ignore missing without context %}B", "AB"),
        ("A{% include ['none.html', 'own.html'] without context %}B", "A[own212]B"),
        ("{% set name = 'own.html' %}A{% include name without context %}B", "A[own212]B"),
    ],
)
def test_what_is_included_without_context_stands_in_its_place(source: str, page: str) -> None:
    assert ours(source) == page


def test_what_is_included_without_context_sees_none() -> None:
    with pytest.raises(UndefinedError):
        ours("{% include 'sees.html' without context %}")


# ---------------------------------------------------------------- text that is none

LAZY = "(list | map('upper'))"


@pytest.mark.parametrize(
    "expression",
    [
        *(LAZY, "a.upper", "[a.upper]", f"{{'k': {LAZY}}}", f"'x' ~ {LAZY}", f"{LAZY} ~ 'x'", f"b ~ {LAZY}"),
        *(f"{LAZY} | string", f"[{LAZY}] | join", f"[{LAZY}, 'x'] | join('-')", f"{LAZY} | upper", f"{LAZY} | safe"),
        *(f"[{LAZY}] | map('string') | join", f"[{LAZY}] | map('upper') | list | first", f"'%s' % {LAZY}"),
        *(f"'%s %s' % (a, {LAZY})", f"b % {LAZY}", f"'%s' | format({LAZY})", f"'{{}}'.format({LAZY})"),
        *(f"'{{x}}'.format(x={LAZY})", f"'{{x!r:>9}}'.format_map({{'x': {LAZY}}})", f"{LAZY} | pprint", f"{LAZY} | e"),
        *(f"a | replace('甲', {LAZY} | string)", f"list | join({LAZY})", f"{LAZY} | forceescape", f"{LAZY} | indent"),
        *(
            f"{{'k': {LAZY}}} | xmlattr",
            f"{LAZY} | wordcount",
            f"{LAZY} | trim",
            f"{LAZY} | center",
            f"{LAZY} | urlize",
        ),
        *("self.x", "list | select('string')", "list | reject('none')", "list | batch(2)", "list | slice(2)", "loop"),
        *("list | reverse", "a.split", "'x' ~ list.count", "list | unique", "namespace"),
        *("[1, 2] | batch(2)", "[1].sort", "'x' ~ [1].sort", "['x' ~ ([1] | slice(1))] | first", "('x' | safe).join"),
        *(f"b.escape({LAZY})", f"b.join([a, {LAZY}])", f"b.replace('乙', {LAZY})", f"b['jo' ~ 'in']([{LAZY}])"),
    ],
)
def test_what_has_no_text_of_its_own_is_refused_wherever_it_becomes_text(expression: str) -> None:
    """Else it would be another text in every build."""
    source = f"{{% block x %}}{{% endblock %}}{{% for namespace in [a.upper] %}}{{{{ {expression} }}}}{{% endfor %}}"
    with pytest.raises(TypeError, match="这里得到的不是文字"):
        ours(source)


@pytest.mark.parametrize(
    "expression",
    [
        "b.escape(a)",
        "b.join([a, n])",
        "b.replace('乙', a)",
        "a.replace('甲', 'x')",
        "n - 2.5",
        "list | join(b)",
        "list | join(n)",
    ],
)
def test_what_has_text_is_what_jinja_makes_of_it(expression: str) -> None:
    assert ours(f"{{{{ {expression} }}}}") == stock(f"{{{{ {expression} }}}}")


@pytest.mark.parametrize("expression", ["{'x': 1, 'y': 2}.keys() - []", "({a: 1, 'y': 2}.items() - []) | join"])
def test_what_has_no_order_of_its_own_is_refused(expression: str) -> None:
    """Python orders a set of texts anew in every process."""
    with pytest.raises(TypeError, match="没有固定的顺序"):
        ours(f"{{{{ {expression} }}}}")


@pytest.mark.parametrize(
    "around", ["{{% autoescape false %}}{}{{% endautoescape %}}", "{{% filter upper %}}{}{{% endfilter %}}"]
)
def test_it_is_refused_in_every_kind_of_block(around: str) -> None:
    with pytest.raises(TypeError, match="这里得到的不是文字"):
        ours(around.format(f"{{{{ {LAZY} }}}}"))
    with pytest.raises(TypeError, match="这里得到的不是文字"):
        ours(around.format(f"{{{{ 'x' ~ {LAZY} }}}}"))


def test_the_refusal_names_the_template_and_the_line(site: SiteTest) -> None:
    site.write("templates/article.html", "\n\n{{ 'x' ~ (article.tags | map('upper')) }}\n")
    built = site.article("meetings/a.md").build()
    assert built.said() == ["template.render templates/article.html:3"]


@pytest.mark.parametrize("text", ["<generator object f at 0x7f00>", "object at 0x7f"])
def test_a_text_that_looks_like_a_place_in_memory_is_a_text(text: str) -> None:
    assert ours("{{ a }}{{ a ~ n }}{{ [a] | join | upper }}{{ '%s' % a }}", a=text).lower().count(" at 0x7f") == 4


def test_every_filter_of_jinja_is_known_to_make_text_or_not() -> None:
    """A filter that comes with a new Jinja2 is looked at before it is let in."""
    others = (
        "abs attr batch count d default dictsort filesizeformat first float groupby int items join last length list map max"
        " min random reject rejectattr reverse round select selectattr slice sort sum tojson unique"
    )
    assert set(FILTERS) == TEXT_FILTERS | set(others.split())


# ---------------------------------------------------------------- names of Python's own


@pytest.mark.parametrize(
    "expression",
    [
        f"{LAZY}['gi_' ~ 'frame']",
        f"[{LAZY}] | map(attribute='gi_frame.f_back') | join",
        f"[{LAZY}] | map(attribute='gi_code') | join",
        f"[{LAZY}] | selectattr('gi_frame') | list",
        f"[{LAZY}] | sort(attribute='gi_code')",
        f"[{LAZY}] | groupby('gi_frame')",
        f"[{LAZY}] | sum(attribute='gi_running')",
        f"[{LAZY}] | join('', 'gi_frame')",
        "a['__cla' ~ 'ss__']",
        "[a] | map(attribute='__class__') | join",
        "'{0.__class__}'.format(a)",
        "'{0.__class__.__mro__}'.format(a)",
        "'{x.__class__}'.format(x=a)",
        "'{x.__class__}'.format_map({'x': a})",
        "'{0[__class__]}'.format(a)",
        "'{:{0.__class__}}'.format(a)",
        "b.format(a) ~ (b ~ '{0.__class__}').format(a)",
        "('{0.__class__}' | safe).format(a)",
        "['{0.__class__}'] | map(attribute='format') | first",
        "a['form' ~ 'at']('x') ~ '{0.__class__}'['for' ~ 'mat'](a)",
        f"'{{0.gi_frame}}'.format({LAZY})",
        "a.upper['__self__']",
    ],
)
def test_no_name_leads_from_a_value_into_python(expression: str) -> None:
    call = "(a)" if expression.endswith("| first") else ""
    with pytest.raises((UndefinedError, TypeError)):
        ours(f"{{{{ ({expression}){call} }}}}")


@pytest.mark.parametrize(
    "word",
    ["gi_frame", "f_builtins", "cr_frame", "ag_code", "tb_next", "co_consts", "func_globals", "mro", "__class__"],
)
def test_a_name_of_pythons_own_is_refused_before_anything_is_rendered(site: SiteTest, word: str) -> None:
    site.write("templates/own.html", f"\n{{{{ page.{word} }}}}").write(
        "templates/other.html", f"{{{{ page['{word}'] }}}}"
    )
    built = site.article("meetings/a.md").build()
    assert built.said() == ["template.private templates/other.html:1", "template.private templates/own.html:2"]
    assert f"模板不能用 Python 内部的名字：{word}" in built.stderr


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("'{:02d}-{:>4}'.format(n, '甲')", "07-   甲"),
        ("'{0}和{0}'.format(a)", "甲&lt;&amp;和甲&lt;&amp;"),
        ("'{x[1]}'.format(x=list)", "&lt;二&gt;"),
        ("(b ~ '{}').format('<')", "<b>乙</b>&lt;"),
        ("'{n}'.format_map({'n': n})", "7"),
    ],
)
def test_format_is_what_python_makes_of_it(expression: str, text: str) -> None:
    assert ours(f"{{{{ {expression} }}}}") == text


def test_whatever_a_template_does_wrong_is_a_fault_of_the_template() -> None:
    for source in ("{{ '{'.format(a) }}", "{{ '{9}'.format(a) }}", "{{ '%d' % a }}", "{{ '{x}'.format_map(a) }}"):
        with pytest.raises(RENDERING_ERRORS):
            ours(source)
