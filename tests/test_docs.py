"""The guides tell the truth: every example of the authors' guide is built, in silence, and shows what it promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsgen.cli import commands
from newsgen.config.site_yaml import SITE_KEYS, publishing
from newsgen.content.frontmatter.keys import ARTICLE_KEYS, SECTION_KEYS
from newsgen.pages import views
from site_test import SITE_YAML, SiteTest, photo

DOCS = Path(__file__).parents[1] / "docs"
GUIDE = (DOCS / "authors-guide.md").read_text("utf-8")
EXAMPLE = re.compile(r"^```markdown\n(.*?)^```\n((?:<!-- 网页: .*? -->\n)*)", re.MULTILINE | re.DOTALL)
HEAD = "---\ntitle: 例子\ndate: 2024-03-13\n---\n\n"
EXAMPLES = [(match[1], re.findall(r"<!-- 网页: (.*?) -->", match[2])) for match in EXAMPLE.finditer(GUIDE)]


@pytest.mark.parametrize(("typed", "seen"), EXAMPLES, ids=[typed.strip().splitlines()[0] for typed, _ in EXAMPLES])
def test_an_example_of_the_guide_is_built_and_shows_what_it_promises(
    site: SiteTest, typed: str, seen: list[str]
) -> None:
    site.write("content/meetings/合影.jpg", photo()).write("content/meetings/报名表.docx", b"PK\x03\x04")
    site.article("meetings/2024-03-01-shangci.md", "## 会议要求\n\n正文。\n", date="2024-03-01")
    name = "_index.md" if "排序" in typed else "example.md"
    site.write(f"content/meetings/{name}", typed if typed.startswith("---") else HEAD + typed)
    built = site.built("--strict")
    pages = "".join(path.read_text("utf-8") for path in sorted(built.out.rglob("*.html")))
    for fragment in seen:
        assert fragment in pages


def test_the_guide_holds_examples() -> None:
    assert len(EXAMPLES) > 15
    assert sum(len(seen) for _, seen in EXAMPLES) > 25


@pytest.mark.parametrize("key", [key.name for key in ARTICLE_KEYS])
def test_every_key_of_front_matter_is_in_the_guide(key: str) -> None:
    assert key in GUIDE


@pytest.mark.parametrize(
    "alias", [alias for key in SECTION_KEYS for alias in key.aliases[:1] if key.name != "keywords"]
)
def test_every_key_of_a_section_is_in_the_guide(alias: str) -> None:
    assert alias in GUIDE


@pytest.mark.parametrize("key", SITE_KEYS)
def test_every_key_of_site_yaml_is_explained_in_the_sample(key: str) -> None:
    lines = (DOCS.parent / "site.yaml").read_text("utf-8").splitlines()
    assert any(re.match(rf"(# )?{key}:", line) for line in lines)


THEMES = (DOCS / "themes.md").read_text("utf-8")


def test_the_examples_for_theme_makers_build(site: SiteTest) -> None:
    template = re.search(r"^```jinja\n(\{% extends.*?)^```", THEMES, re.MULTILINE | re.DOTALL)
    colours = re.search(r"^ +```css\n(.*?)^ +```", THEMES, re.MULTILINE | re.DOTALL)
    assert template is not None
    assert colours is not None
    site.write("templates/404.html", template[1]).write("theme/colors.css", colours[1])
    built = site.article("meetings/a.md").built("--strict")
    assert "没有找到这个页面" in built.text("404.html")
    (sheet,) = built.out.glob("assets/colors.*.css")
    assert "--red: #a9151c" in sheet.read_text("utf-8")


def test_the_colours_in_the_docs_are_the_default_ones() -> None:
    default = (DOCS.parent / "theme" / "colors.css").read_text("utf-8")
    assert [line for line in re.findall(r"--[a-z-]+: [^;]+;", default) if line not in THEMES] == []


@pytest.mark.parametrize("view", views.VIEWS)
def test_every_name_that_a_template_may_use_is_in_the_docs(view: type) -> None:
    assert [name for name in views.names_of(view) if name not in THEMES] == []


PUBLISHING = (DOCS / "publishing.md").read_text("utf-8")


@pytest.mark.parametrize("example", re.findall(r"^```yaml\n(.*?)^```$", PUBLISHING, re.MULTILINE | re.DOTALL))
def test_an_example_of_publishing_is_understood(site: SiteTest, example: str) -> None:
    site.write("site.yaml", SITE_YAML + example)
    assert publishing(site.root).targets
    site.built("--strict")


def test_every_command_that_a_guide_names_exists() -> None:
    for page in DOCS.glob("*.md"):
        for name in re.findall(r"(?:^|`|bin/)newsgen ([a-z]+(?:-[a-z]+)*)", page.read_text("utf-8"), re.MULTILINE):
            assert name in commands.commands, f"{page.name}: newsgen {name}"


@pytest.mark.parametrize("page", [*DOCS.glob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"])
def test_the_pages_link_to_what_there_is(page: Path) -> None:
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target


def test_the_glossary_has_forty_words_at_most_and_each_is_defined_where_it_says() -> None:
    rows = [line.split("|") for line in (DOCS / "glossary.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    words = [row[1].strip() for row in rows[2:]]
    assert len(words) == len(set(words)) <= 40
    places = [place for row in rows[2:] for place in re.findall(r"`([^`]+)`", row[4])]
    assert [place for place in places if not (DOCS.parent / "src/newsgen" / place).exists()] == []


ROOT = DOCS.parent
DESK = ROOT / "src/newsgen/preview/desk/client"
PRESSED = re.compile(r"点(?:右上方的|上面的|列表下面的|照片栏里的)?“([^”]+)”")


@pytest.mark.parametrize("guide", ["docs/first-use.md", "src/newsgen/authoring/starter/使用说明.txt"])
def test_what_a_guide_says_to_click_has_that_name_at_the_desk(guide: str) -> None:
    elsewhere = {"更多信息", "仍要运行"}  # of Windows
    words = set(PRESSED.findall((ROOT / guide).read_text("utf-8-sig"))) - elsewhere
    shown = "".join(path.read_text("utf-8") for path in DESK.glob("*.js"))
    assert len(words) > 5
    assert [word for word in sorted(words) if f'"{word}"' not in shown] == []


def test_a_name_of_the_desk_stands_in_the_same_quotation_marks_everywhere() -> None:
    sources = [path for kind in ("py", "js") for path in (ROOT / "src").rglob(f"*.{kind}")]
    texts = [*sources, *DOCS.glob("*.md"), ROOT / "src/newsgen/authoring/starter/使用说明.txt"]
    marks = ROOT / "src/newsgen/check/rules/punctuation.py"  # 「」 are what it is about
    quoted = re.compile(r"[点按击的里]「[一-鿿]+」")
    assert [
        (path.name, found) for path in texts if path != marks for found in quoted.findall(path.read_text("utf-8"))
    ] == []
