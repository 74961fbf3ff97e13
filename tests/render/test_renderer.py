"""Rendering: what many pages share is rendered once, and no page can tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.runtime import Context
from markupsafe import Markup, escape

from newsgen.core.digest import digest_bytes
from newsgen.core.errors import ContentError
from newsgen.core.model import Download, changed
from newsgen.pages import views
from newsgen.pages.metadata import breadcrumb_of
from newsgen.pages.views import VIEWS, Frame, NamedLink, names_of
from newsgen.render import theme
from newsgen.render.environment import Engine
from newsgen.render.guards import escaped
from newsgen.render.renderer import attachment_bytes
from site_test import SiteTest, photo, tree


@pytest.fixture
def varied(site: SiteTest) -> SiteTest:
    """Every kind of page, at several depths, with a section inside a section."""
    site.write(
        "site.yaml", (site.root / "site.yaml").read_text("utf-8") + "links: [{name: 学校, url: https://e.cn/}]\n"
    )
    site.section("branches", "支部风采").section("branches/first", "学生第一党支部", "list_kind: thumbnails\n")
    site.section("notices", "通知公告").write("content/about.md", "---\ntitle: 关于我们\nkind: page\n---\n\n介绍。\n")
    site.write("content/branches/a.jpg", photo())
    for number in range(45):
        folder = ("meetings", "branches", "branches/first", "notices")[number % 4]
        tags = {"tags": f"标签{number % 3}", "branch": "第一党支部"}
        site.article(f"{folder}/{number:02}.md", title=f"第{number}篇", date=f"2024-{number % 12 + 1:02}-03", **tags)
    return site.article("branches/photo.md", "![照片](a.jpg)\n", title="有照片的")


def test_pages_are_the_same_as_when_nothing_is_shared(varied: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    original = Engine._rendered

    def counted(engine: Engine, name: str, context: Context) -> str:
        rendered.append(name)
        return original(engine, name, context)

    monkeypatch.setattr(Engine, "_rendered", counted)
    shared = tree(varied.built("--full").out)
    pages = [name for name in shared if name.endswith(".html")]
    assert 0 < rendered.count("partials/header.html") < len(pages) / 2
    monkeypatch.setattr(Engine, "shared_by", lambda self, node: None)
    assert tree(varied.built("--full").out) == shared


def test_the_whole_menu_is_rendered_once_for_each_depth(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is as long as a site has sections, and stands on the pages of them all."""
    rendered: list[tuple[str, object]] = []
    original = Engine._rendered

    def counted(engine: Engine, name: str, context: Context) -> str:
        rendered.append((name, context["root"]))
        return original(engine, name, context)

    monkeypatch.setattr(Engine, "_rendered", counted)
    for number in range(30):
        site.section(f"s{number}", f"第{number}栏").article(f"s{number}/a.md", title=f"第{number}篇")
    site.section("s3/inside", "里面的").section("hidden", "不在导航里", "menu: no\n").article("hidden/b.md")
    built = site.built()
    for name in ("partials/menu-links.html", "partials/menu-column.html"):
        roots = [root for partial, root in rendered if partial == name]
        assert len(roots) == len(set(roots)) > 1
    assert built.text("s7/index.html").count('<a href="../s7/index.html" aria-current="page">第7栏</a>') == 2
    assert '<a href="../../s29/index.html" aria-current="true">第29栏</a>' in built.text("s29/2024/0313-a.html")
    assert '<ul class="side-list">\n<li><a href="../../s3/inside/index.html" aria-current="page">' in built.text(
        "s3/inside/index.html"
    )
    assert '<li><a href="../hidden/index.html" aria-current="page">不在导航里</a>' in built.text("hidden/index.html")


def test_pages_are_the_same_where_little_may_be_remembered(varied: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tree(varied.built("--full").out)
    monkeypatch.setattr("newsgen.render.environment.REMEMBERED", 5000)
    assert tree(varied.built("--full").out) == shared


def test_these_partials_are_shared(tmp_path: Path) -> None:
    """Whoever reads `page.title` in the header makes every page slower, and should know."""
    assert theme.load(tmp_path).templates.facts.shared == {
        "partials/breadcrumb.html": ("breadcrumb",),
        "partials/cards.html": (),
        "partials/footer.html": (),
        "partials/header.html": ("entry", "kind", "section"),
        "partials/links.html": ("feed", "section_title"),
        "partials/menu-column.html": (),
        "partials/menu-links.html": (),
        "partials/menu.html": (),
        "partials/photo.html": (),
        "partials/sections.html": ("entry", "section"),
    }


@pytest.mark.parametrize(
    "header",
    [
        "{% from 'own/macros.html' import titled %}{{ titled(site) }}",
        "{% from 'own/macros.html' import seen, titled as shown %}{{ shown(site) }}{{ seen() }}",
        "{% import 'own/macros.html' as own %}{{ own.titled(site) }}",
    ],
)
def test_a_partial_that_imports_macros_is_shared(tmp_path: Path, header: str) -> None:
    for name, text in (("partials/header.html", header), ("own/macros.html", OWN)):
        path = tmp_path / "templates" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    assert theme.load(tmp_path).templates.facts.shared["partials/header.html"] == ()


OWN = "{% macro titled(p) %}{{ p.heading }}{% endmacro %}{% macro seen() %}{{ page.heading }}{% endmacro %}"


@pytest.mark.parametrize(
    "header",
    [
        "{{ page.heading }}",
        "{{ page['heading'] }}",
        "{{ 'heading' and page['head' ~ 'ing'] }}",
        "{% set p = page %}{{ p.heading }}",
        "{% set p, q = page, 1 %}{{ p.heading }}",
        "{% with p = page %}{{ p.heading }}{% endwith %}",
        "{% with site = page %}{{ site.heading }}{% endwith %}",
        "{% for p in [page] %}{{ p.heading }}{% endfor %}",
        "{% for p in () %}{% else %}{{ page.heading }}{% endfor %}",
        "{% for page in [page] if page.heading %}{{ page.heading }}{% endfor %}",
        "{% if site.title %}{% set p = page %}{% endif %}{{ p.heading }}",
        "{% if not site %}{% elif page.heading %}{{ page.heading }}{% endif %}",
        "{% set p %}{{ page.heading }}{% endset %}{{ p }}",
        "{% filter upper %}{{ page.heading }}{% endfilter %}",
        "{% filter replace('x', page.heading) %}x{% endfilter %}",
        "{% set p | replace('x', page.heading) %}x{% endset %}{{ p }}",
        "{% block own %}{{ page.heading }}{% endblock %}",
        "{% autoescape true %}{{ page.heading }}{% endautoescape %}",
        "{{ [page] | map(attribute='heading') | join }}",
        "{{ page.heading if page.kind else '' }}",
        "{% macro m(p=page) %}{{ p.heading }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ page.heading }}{% endcall %}",
        "{% macro m(p) %}{{ p.heading }}{% endmacro %}{{ m(page) }}",
        "{% macro m(p) %}{{ p.heading }}{{ caller() }}{% endmacro %}{% call m(page) %}{% endcall %}",
        "{% include 'own/heading.html' %}",
        "{% set p = page %}{% include 'own/p.html' %}",
        "{% include ['own/none.html', 'own/heading.html'] %}",
        "{% set name = 'own/heading.html' %}{% include name %}",
        "{% from 'own/macros.html' import titled %}{{ titled(page) }}",
        "{% from 'own/macros.html' import seen with context %}{{ seen() }}",
        "{% import 'own/macros.html' as own with context %}{{ own.seen() }}",
        "{% set name = 'own/macros.html' %}{% from name import titled %}{{ titled(page) }}",
        "{% if page.kind == 'article' %}{{ article.title }}{% endif %}",
    ],
)
def test_a_header_of_ones_own_shows_what_it_reads_of_the_page(site: SiteTest, header: str) -> None:
    site.write("templates/partials/header.html", f"<header>{header}</header>\n")
    site.write("templates/own/heading.html", "{{ page.heading }}").write("templates/own/p.html", "{{ p.heading }}")
    site.write("templates/own/macros.html", OWN)
    built = site.article("meetings/a.md", title="甲").article("meetings/b.md", title="乙").built()
    for name, title in (("a", "甲"), ("b", "乙")):
        assert f"<header>{title}</header>" in built.text(f"meetings/2024/0313-{name}.html")


def test_an_old_header_that_compares_addresses_marks_the_current_section(site: SiteTest) -> None:
    item = "{% for item in site.menu %}[{{ 'page' if page.address == item.address else 'no' }}]{% endfor %}"
    site.write("templates/partials/header.html", item)
    built = site.article("meetings/a.md").built()
    assert "[page]" in built.text("meetings/index.html")
    assert "[no]" in built.text("meetings/2024/0313-a.html")


@pytest.mark.parametrize(
    "content",
    [
        "{% for root in ['甲', '乙'] %}{% include 'own/root.html' %}{% endfor %}",
        "{% with root = '甲' %}{% include 'own/root.html' %}{% endwith %}{% with root = '乙' %}{% include 'own/root.html' %}{% endwith %}",
        "{% macro m(root) %}{% include 'own/root.html' %}{% endmacro %}{{ m('甲') }}{{ m('乙') }}",
        "{% set root = '甲' %}{% include 'own/root.html' %}{% set root = '乙' %}{% include 'own/root.html' %}",
        "{% set root = ['甲乙'] %}{% include 'own/first.html' %}",
    ],
)
def test_a_name_set_by_the_template_counts_in_what_it_includes(site: SiteTest, content: str) -> None:
    site.write("templates/own/root.html", "{{ root }}").write("templates/own/first.html", "{{ root[0] }}")
    site.write("templates/404.html", "{% extends 'base.html' %}{% block content %}<p>" + content + "</p>{% endblock %}")
    assert "<p>甲乙</p>" in site.built().text("404.html")


@pytest.mark.parametrize(
    "template",
    [
        "<p>{% include 'own/site.html' %}</p>",
        "<p>{% if site %}{% include 'own/site.html' %}{% endif %}</p>",
        "<p>{% for one in [1] %}{% include 'own/site.html' %}{% endfor %}</p>",
        "<p>{% for one in [1] recursive %}{% include 'own/site.html' %}{% endfor %}</p>",
        "<p>{% block own %}{% include 'own/site.html' %}{% endblock %}</p>",
        "<p>{% macro m() %}{% include 'own/site.html' %}{% endmacro %}{{ m() }}</p>",
        "<p>{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{% include 'own/site.html' %}{% endcall %}</p>",
        "<p>{% set text %}{% include 'own/site.html' %}{% endset %}{{ text }}</p>",
        "<p>{% filter trim %}{% include 'own/site.html' %}{% endfilter %}</p>",
        "<p>{% include 'own/through.html' %}</p>",
        "{% extends 'own/frame.html' %}{% block own %}{% include 'own/site.html' %}{% endblock %}",
        "{% if page %}{% extends 'own/frame.html' %}{% endif %}{% block own %}{% include 'own/site.html' %}{% endblock %}",
    ],
)
def test_a_shared_partial_may_stand_anywhere(site: SiteTest, template: str) -> None:
    site.write("templates/own/site.html", "<{{ site.title }}>").write("templates/404.html", template)
    site.write("templates/own/through.html", "{% set own = article %}{% include 'own/site.html' %}")
    site.write("templates/own/frame.html", "<p>{% block own %}{% endblock %}</p>")
    assert site.built().text("404.html") == "<p><党群工作></p>"


def test_a_name_set_above_all_blocks_counts_too(site: SiteTest) -> None:
    site.write("templates/partials/header.html", "<header>{{ root }}</header>")
    site.write("templates/article.html", "{% extends 'base.html' %}{% set root = article.title %}")
    built = site.article("meetings/a.md", title="甲").article("meetings/b.md", title="乙").built()
    assert "<header>甲</header>" in built.text("meetings/2024/0313-a.html")
    assert "<header>乙</header>" in built.text("meetings/2024/0313-b.html")


def test_a_name_set_to_what_no_page_has_is_not_shared(site: SiteTest) -> None:
    site.write("templates/partials/header.html", "<header>{{ root | join }}</header>")
    site.write("templates/404.html", "{% extends 'base.html' %}{% set root = ['甲', '乙'] %}")
    site.write("templates/partials/links.html", "").write("templates/partials/footer.html", "")
    assert "<header>甲乙</header>" in site.built().text("404.html")


def test_a_fault_in_a_shared_partial_is_told_at_its_line(site: SiteTest) -> None:
    site.write("templates/partials/footer.html", "<footer>\n{{ site.titel }}\n</footer>\n")
    built = site.article("meetings/a.md").build()
    assert built.said("error") == ["template.render templates/partials/footer.html:2"]
    assert "title" in built.stderr


@pytest.mark.parametrize(
    ("typed", "name", "hint"),
    [
        ("site.titel", "titel", "是不是想写 title ？"),
        ("titel", "titel", "是不是想写 title ？"),
        ("党建", "党建", "docs/themes.md 列出了每个模板能用的名字"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_one_that_does(
    site: SiteTest, typed: str, name: str, hint: str
) -> None:
    failed = site.write("templates/404.html", "{{ " + typed + " }}").build()
    (said,) = failed.document["diagnostics"]
    assert said["message"] == f"模板在生成 404.html 时用到了不存在的名字：{name}"
    assert said["hint"] == hint


def test_an_attachment_that_is_another_than_before_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.pdf").write_bytes(b"new")
    known = Download("content/a.pdf", digest_bytes(b"new"), "a.pdf", 3)
    assert b"".join(attachment_bytes(known, tmp_path)) == b"new"
    with pytest.raises(ContentError) as refusal:
        list(attachment_bytes(changed(known, digest=digest_bytes(b"old")), tmp_path))
    assert [said.code for said in refusal.value.diagnostics] == ["file.changed"]


@pytest.mark.parametrize("partial", ["header", "article-end"])
def test_a_text_that_utf_8_does_not_hold_is_told(site: SiteTest, partial: str) -> None:
    site.write(f"templates/partials/{partial}.html", '{{ "\\ud800" }}')
    built = site.article("meetings/a.md").build()
    assert "template.render templates/article.html:1" in built.said("error")
    assert "surrogates not allowed" in built.stderr


def test_two_builds_in_one_process_do_not_share(site: SiteTest) -> None:
    assert "学校" not in site.built().text("index.html")
    site.write(
        "site.yaml", (site.root / "site.yaml").read_text("utf-8") + "links: [{name: 学校, url: https://e.cn/}]\n"
    )
    assert "学校" in site.built().text("index.html")


@given(st.one_of(st.text(), st.text().map(Markup), st.text().map(escape), st.integers(), st.none()))
def test_values_are_escaped_as_markupsafe_does(value: object) -> None:
    assert str(escaped(value)) == str(escape(value))


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_no_public_names_but_its_fields_and_what_the_docs_promise(view: type) -> None:
    public = {name for name in dir(view) if not name.startswith("_")}
    assert public - set(names_of(view)) <= {"asset", "top_of", "month_day"}


def test_what_is_shared_are_fields_of_a_page() -> None:
    assert views.SHARED - set(names_of(views.Page)) == set()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_json_in_a_page_says_what_it_was_given_and_cannot_end_its_element(text: str) -> None:
    nothing: dict[str, object] = dict.fromkeys(names_of(Frame))
    frame = Frame(**{**nothing, "url": "https://e.cn/"})  # type: ignore[arg-type]  # only the address is asked for
    (found,) = breadcrumb_of(frame, (NamedLink(text, "index.html"), NamedLink("正文", ""))).json_ld
    value = json.loads(found)
    assert value["itemListElement"] == [{"@type": "ListItem", "position": 1, "name": text, "item": "https://e.cn/"}]
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert found == plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
