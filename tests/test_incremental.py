"""An incremental build ends in the tree of a fresh one, byte for byte, whatever was edited; a second build does nothing."""

from __future__ import annotations

import gc
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsgen import content
from newsgen.census import Census
from newsgen.content import Identified
from newsgen.explain import explain
from newsgen.stamp import Stamp, read_stamp
from newsgen.why import Change, Reason
from newsgen.workshop import _lots
from site_test import SITE_YAML, SiteTest, tree

STEPS = 25
NAMES = [f"2024-03-{day:02}-a{day}.md" for day in range(1, 9)]
SECTIONS = ["meetings", "notices", "notices/deep"]


class Editor:
    """Someone who edits a site at random; every edit is told in `done`, so that a failure can be replayed."""

    def __init__(self, site: SiteTest, seed: int) -> None:
        self.site, self.random, self.clock = site, random.Random(seed), 1
        self.done: list[str] = []
        self.edits: list[Callable[[], None]] = [
            self.write, self.write, self.write, self.delete, self.move, self.template, self.theme, self.settings,
            self.section, self.tick, self.bundle,
        ]  # fmt: skip

    def step(self) -> str:
        """Make one edit, and return the moment at which the site is to be built."""
        edit = self.random.choice(self.edits)
        edit()
        self.done.append(f"{edit.__name__} at {self.clock}")
        return f"2024-06-{self.clock:02}T08:00"

    def path(self) -> str:
        """The path of some article, there or not, below content/."""
        return f"{self.random.choice(SECTIONS)}/{self.random.choice(NAMES)}"

    def write(self) -> None:
        """Add an article, or change one: body, title, date, tags, draft, times, links."""
        link = f"见[另一篇](/{self.path()})。\n" if self.random.random() < 0.3 else ""
        matter = {
            "title": f"第{self.random.randrange(9)}篇",
            "date": f"2024-03-{self.random.randrange(1, 29):02}",
            "tags": self.random.choice(["", "党建", "党建、群团"]),
            "branch": self.random.choice(["", "第一党支部"]),
            "draft": self.random.choice(["", "", "是"]),
            "pinned": self.random.choice(["", "", "是", "2024-06-10"]),
            "publish_at": self.random.choice(["", "", "2024-06-05"]),
            "expires": self.random.choice(["", "", "2024-06-15"]),
            "slug": f"s{self.random.randrange(10_000)}",
        }
        self.site.article(self.path(), f"正文{self.random.randrange(99)}。\n{link}", **matter)

    def articles(self) -> list[Path]:
        """The article files that are there."""
        return sorted(path for path in (self.site.root / "content").rglob("*.md") if path.name != "_index.md")

    def delete(self) -> None:
        """Delete an article."""
        for path in self.articles()[:1]:
            path.unlink()

    def move(self) -> None:
        """Move an article to another section or name."""
        for path in self.articles()[-1:]:
            path.replace(self.site.root / "content" / self.path())

    def bundle(self) -> None:
        """Make a folder of a file."""
        for path in self.articles()[:1]:
            if path.name != "index.md":
                folder = path.with_suffix("")
                folder.mkdir(exist_ok=True)
                path.replace(folder / "index.md")

    def template(self) -> None:
        """Override a template, or take the override away."""
        own = self.site.root / "templates" / "404.html"
        if own.exists():
            own.unlink()
        else:
            self.site.write(
                "templates/404.html", "{% extends 'base.html' %}{% block content %}<h1>无</h1>{% endblock %}"
            )

    def theme(self) -> None:
        """Change a theme file of the site's own."""
        self.site.write("theme/colors.css", f":root {{ --red: #{self.random.randrange(100, 999)} }}\n")

    def settings(self) -> None:
        """Change site.yaml."""
        name = self.random.choice(["管理学院", "法学院"])
        more = self.random.choice(["", "greyscale: 2024-06-07\n", "qr: no\n", "front: {rows: 2, slides: 0}\n"])
        self.site.write("site.yaml", SITE_YAML.replace("管理学院", name) + more)

    def section(self) -> None:
        """Rename a section."""
        self.site.section(self.random.choice(SECTIONS), f"栏目{self.random.randrange(5)}")

    def tick(self) -> None:
        """Let days pass."""
        self.clock = min(28, self.clock + self.random.randrange(1, 5))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_edits_end_in_the_tree_of_a_fresh_build(site: SiteTest, seed: int, tmp_path: Path) -> None:
    editor = Editor(site.section("notices", "通知公告").section("notices/deep", "更深"), seed)
    built = 0
    for number in range(STEPS):
        now = editor.step()
        fresh = site.build("-o", str(tmp_path / f"fresh{number}"), now=now)
        incremental = site.build(now=now)
        assert incremental.code == fresh.code, editor.done
        if fresh.code == 0:
            built += 1
            assert tree(incremental.out) == tree(fresh.out), editor.done
            again = site.built(now=now).document
            assert (again["rendered"], again["written"], again["deleted"]) == (0, 0, 0), editor.done
    assert built > STEPS // 3


# ---------------------------------------------------------------- what the machine and its makers have found


def test_a_clock_that_is_set_back_is_noticed(site: SiteTest) -> None:
    site.article("meetings/a.md", date="2024-05-31").built(now="2024-06-01T08:00")
    assert site.built(now="2024-05-30T08:00").said() == ["front-matter.future content/meetings/a.md:3"]
    assert site.built(now="2024-06-01T08:00").said() == []


def test_a_standing_page_without_a_date_may_have_been_updated(site: SiteTest) -> None:
    site.write("content/meetings/about.md", "---\ntitle: 关于\nkind: page\nupdated: 2024-03-05\n---\n\n关于。\n")
    assert "关于" in site.built().text("meetings/about.html")


def test_whoever_comes_first_the_same_fault_is_told(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgen.workshop.ENOUGH", 1)
    monkeypatch.setattr("newsgen.workshop.HAND", 1)
    monkeypatch.setattr("newsgen.workshop._lots", lambda *args: reversed(list(_lots(*args))))
    site.write("templates/article.html", "{{ article.nothing }}")
    for number in range(12):
        site.article(f"meetings/{number:02}.md")
    (told,) = site.build("--jobs", "2").document["diagnostics"]
    assert "meetings/2024/0313-00.html" in told["message"]


def test_a_store_that_sqlite_has_no_words_for_is_damaged(site: SiteTest) -> None:
    site.built()
    gc.collect()  # a connection still open would put back what it knows
    path = site.root / ".newsgen" / "store.db"
    path.write_bytes(path.read_bytes().replace(b"tabledocuments", b"tabledocumen\xdds"))
    built = site.built()
    assert built.said() == ["store.damaged .newsgen/store.db:1"]
    assert built.document["written"] == 0


def test_damage_may_change_the_type_of_a_value(site: SiteTest) -> None:
    site.built()
    connection = sqlite3.connect(site.root / ".newsgen" / "store.db")
    connection.execute("UPDATE records SET data = 7 WHERE key = CAST('blueprint' AS BLOB)")
    connection.commit()
    connection.close()
    assert site.built().said() == ["store.damaged .newsgen/store.db:1"]


def test_shared_parts_of_another_plan_are_not_used(site: SiteTest) -> None:
    """Another build may put its own in place just then, and a damaged store may hold a mixture."""
    opening = "很长的开头。" * 20
    site.article("meetings/a.md", opening + "正文。\n").built()
    connection = sqlite3.connect(site.root / ".newsgen" / "store.db")
    (shared,) = connection.execute("SELECT data FROM records WHERE key = CAST('shared' AS BLOB)").fetchone()
    site.write("site.yaml", SITE_YAML.replace("管理学院", "法学院")).built()
    connection.execute("UPDATE records SET data = ? WHERE key = CAST('shared' AS BLOB)", (shared,))
    connection.commit()
    connection.close()
    page = site.article("meetings/a.md", opening + "正文！\n").built().text("meetings/2024/0313-a.html")
    assert "正文！" in page
    assert "管理学院" not in page


def test_an_imported_template_keeps_nothing_from_page_to_page(site: SiteTest) -> None:
    counter = "{% set seen = [] %}{% macro next() %}{% set _ = seen.append(1) %}{{ seen | length }}{% endmacro %}"
    site.write("templates/partials/counter.html", counter)
    site.write("templates/article.html", "{% from 'partials/counter.html' import next %}{{ next() }}{{ next() }}")
    built = site.article("meetings/a.md").article("meetings/b.md").built()
    assert [built.text(f"meetings/2024/0313-{name}.html") for name in "ab"] == ["12", "12"]


@pytest.mark.parametrize("expression", ["article.title | map('upper')", "article.title.upper", "self.body"])
def test_a_place_in_memory_is_never_printed(site: SiteTest, expression: str) -> None:
    """It would be another one in every build."""
    site.write("templates/article.html", f"\n{{{{ {expression} }}}}{{% block body %}}{{% endblock %}}")
    built = site.article("meetings/a.md").build()
    assert built.said() == ["template.render templates/article.html:2"]


def test_a_text_that_looks_like_a_place_in_memory_is_a_text(site: SiteTest) -> None:
    assert "object at 0x7f" in site.article("meetings/a.md", "object at 0x7f\n").built().text(
        "meetings/2024/0313-a.html"
    )


def why(site: SiteTest, output: str, out: Path | None = None) -> Reason:
    """Why the last build rendered an output."""
    found = explain(site.root, out or site.root / "public", "public", output).reason
    assert found
    return found


def test_why_does_not_blame_the_builder_for_what_another_folder_has_seen(site: SiteTest, tmp_path: Path) -> None:
    other = tmp_path / "other"
    site.built("-o", str(other))
    site.write("site.yaml", SITE_YAML.replace("管理学院", "法学院")).built()
    site.built("-o", str(other))
    assert why(site, "index.html", other).cause == "forgotten"


def test_why_names_the_settings_that_a_feed_shows(site: SiteTest) -> None:
    site.article("meetings/a.md").built()
    site.write("site.yaml", SITE_YAML.replace("管理学院", "法学院")).built()
    assert Change("feed", "site.yaml", "changed") in why(site, "meetings/feed.xml").changes


def test_why_knows_the_text_of_a_page_that_another_has_taken_the_place_of(site: SiteTest) -> None:
    site.article("meetings/a.md", tags="党建").section("tags", "标签").built()
    site.remove("content/tags/_index.md").built()
    assert why(site, "tags/index.html").cause == "changed"


def test_why_sees_through_a_build_that_was_refused(site: SiteTest) -> None:
    site.article("meetings/a.md", "正文。\n").built()
    site.article("meetings/a.md", "![](nothing.jpg)\n").build()
    site.article("meetings/a.md", "正文。\n").write("site.yaml", SITE_YAML.replace("管理学院", "法学院")).built()
    assert why(site, "meetings/2024/0313-a.html").cause == "changed"


class Ticks:
    """A file system whose clock moves when told: all that changes in between has the same time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1
        self._seen: dict[tuple[int, int], int] = {}
        for module in ("stamp", "census", "survey"):
            monkeypatch.setattr(f"newsgen.{module}.stamp_of", self._stamp_of)

    def _stamp_of(self, found: os.stat_result) -> Stamp:
        tick = self._seen.setdefault((found.st_ino, found.st_ctime_ns), self.now)
        return found.st_size, tick, tick, found.st_ino, found.st_dev

    def rewrite(self, path: Path, old: str, new: str) -> None:
        """Change a file within this tick, and let the next one begin."""
        data = path.read_bytes()
        path.write_bytes(data.replace(old.encode(), new.encode()))
        assert len(path.read_bytes()) == len(data)
        read_stamp(path)
        self.now += 1


@pytest.mark.parametrize("is_cold", [True, False])
def test_an_output_altered_in_the_tick_in_which_it_was_made_is_noticed(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch, is_cold: bool
) -> None:
    ticks = Ticks(monkeypatch)
    site.article("meetings/a.md", "正文。\n" if is_cold else "原文。\n").built()
    if is_cold:
        shutil.rmtree(site.root / "public")
    ticks.now += 1
    page, after = site.root / "public/meetings/2024/0313-a.html", Census.after

    def after_which_someone_writes(*args: Any) -> Census:
        found = after(*args)
        assert found.stamps
        ticks.rewrite(page, "正文。", "坏的。")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Census, "after", after_which_someone_writes)
        site.article("meetings/a.md", "正文。\n").built()
    assert "坏的。" in page.read_text("utf-8")
    assert "正文。" in site.built().text("meetings/2024/0313-a.html")


def test_an_output_altered_in_the_tick_in_which_it_was_restored_is_noticed(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the first nor the second alteration is of the build's own making."""
    ticks = Ticks(monkeypatch)
    site.article("meetings/a.md", "正文。\n").article("meetings/b.md").built()
    ticks.now += 1
    page, standing = site.root / "public/meetings/2024/0313-a.html", Census.is_intact
    page.write_bytes(page.read_bytes())

    def is_intact_until_someone_writes(census: Census, path: str, digest: str) -> bool:
        answer = standing(census, path, digest)
        if path == "meetings/2024/0313-a.html" and ticks.now == 2:
            ticks.rewrite(page, "正文。", "坏的。")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Census, "is_intact", is_intact_until_someone_writes)
        site.article("meetings/b.md", "另一篇。\n").built()
    assert "坏的。" in page.read_text("utf-8")
    assert "正文。" in site.built().text("meetings/2024/0313-a.html")


def test_a_text_written_again_in_the_tick_in_which_it_was_read_is_noticed(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = Ticks(monkeypatch)
    text, identify = site.root / "content/meetings/a.md", content.identify
    site.article("meetings/a.md", "正文。\n").built()
    ticks.now += 1

    def identified_before_someone_writes(*args: Any) -> Identified:
        found = identify(*args)
        ticks.rewrite(text, "原文。", "新文。")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(content, "identify", identified_before_someone_writes)
        site.article("meetings/a.md", "原文。\n").build()
    assert "新文。" in site.built().text("meetings/2024/0313-a.html")
