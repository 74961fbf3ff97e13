"""An incremental build ends in the tree of a fresh one, byte for byte, whatever was edited; a second build does nothing.

A state machine edits a site at random (edits.py, mischief.py) and builds it after most edits (exactness.py says what must
hold then). `make test` takes a fixed number of steps, the same each time. To search for hours, with other steps each time:

    NEWSGEN_SEARCH=20000x50 TMPDIR=/dev/shm .venv/bin/pytest tests/build/test_incremental.py -k random_edits

takes 20,000 stories of 50 steps, and `-k hypothesis` makes the one that fails shorter. What is found becomes a test below.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
import sqlite3
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from disturbances import DEEDS, HIDING, Disturbances
from newsgen.build.cache.plan import DEPENDENCIES, Dependencies
from newsgen.build.cache.store import Store
from newsgen.build.explain import explain
from newsgen.build.output.snapshot import FolderSnapshot
from newsgen.build.reasons import Change, Reason
from newsgen.build.request import Request
from newsgen.build.workers import _batches
from newsgen.content import load
from newsgen.content.load import ParsedFiles
from newsgen.core.digest import environment
from newsgen.core.model import SHANGHAI
from newsgen.core.stamps import Stamp, read_stamp
from oracle import START, Proof, attempt, files_of, fresh
from random_edits import EDITS, Editor, lay_out, sources_of
from sample_values import picture
from site_test import SITE_YAML, SiteTest

STORIES, STEPS = map(int, os.environ.get("NEWSGEN_SEARCH", "6x50").split("x"))
IS_SEARCH = "NEWSGEN_SEARCH" in os.environ
Below = Callable[[int], int]
Edit = Callable[[Any], None]
USUAL: Sequence[Edit] = (*EDITS, *DEEDS, Editor.key, Editor.key, Editor.settings, Disturbances.tick)


class Machine(RuleBasedStateMachine):
    """One story: edits at random, a build after most of them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="newsgen-"))
        self.root = self.folder / "site"
        self.root.mkdir()
        self.editor = Editor(self.root, lambda n: 0)
        self.mischief = Disturbances(self.root, START, lambda n: 0, self.editor.done)
        self.proof = Proof(self.root)
        self.good = sources_of(self.root)
        self.edits: Sequence[Edit] = USUAL
        self.planned: object = None  # which folder the last plan was for, and how
        self.is_refused = False

    @initialize(number=st.integers(0, 2**32))
    def begin(self, number: int) -> None:
        """Choose what may happen in this story: some edits hide what others would show, so that most are left out."""
        chance = random.Random(number)
        chosen = [edit for edit in USUAL if chance.random() < 0.6]
        self.edits = [*chosen, *(deed for deed in HIDING if chance.random() < 0.15)] or USUAL

    @rule(number=st.integers(0, 2**32))
    def step(self, number: int) -> None:
        """Do something. The number stands for all that is chosen in this step, so that a step can be left out."""
        chance = random.Random(number)
        try:
            self.take(chance.choice(self.edits), chance.randrange)
        except Exception as error:
            error.add_note("\n".join(self.editor.done))
            raise

    def teardown(self) -> None:
        self.close()

    def close(self) -> None:
        """Delete the site."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def take(self, edit: Edit, below: Below) -> None:
        """Make one edit and, mostly, build."""
        self.editor.below = self.mischief.below = below
        edit(self.editor if edit in EDITS else self.mischief)
        if below(5):
            self.build(below)

    def build(self, below: Below) -> None:
        """Build in one of many ways, and see that it is right. What was refused is often taken back."""
        request = self.request(below)
        is_forgetful = self.mischief.is_forgetful or self.is_refused or self.planned not in (None, plan_of(request))
        found = self.proof.check(request, is_forgetful)
        self.editor.done.append(f"build {plan_of(request)}: {found.code} {found.done}")
        self.is_refused = found.code != 0
        if not found.code:
            self.planned = plan_of(request)
            self.mischief.remember_store()
            self.good = sources_of(self.root)
        elif below(3):
            self.editor.done.append("back to what was good")
            lay_out(self.root, self.good)

    def request(self, below: Below) -> Request:
        """Mostly the plain build."""
        way = below(9)
        if way == 8:
            self.disturbed(below)
        return Request(
            self.root,
            self.mischief.now,
            out=str(self.folder / "other") if way == 1 else None,
            drafts=way == 2 or (way == 1 and not below(2)),
            full=way == 3,
            strict=way == 4 and not below(2),
            jobs=2 if way == 5 else 1,
            verify=1.0 if way == 6 else None,
        )

    def disturbed(self, below: Below) -> None:
        """Build while someone goes on editing: whatever comes of it, the next build is right."""

        @contextmanager
        def edited_meanwhile(label: str, length: int) -> Iterator[Any]:
            self.editor.done.append(label)
            EDITS[below(len(EDITS))](self.editor)
            yield lambda name: None

        request = Request(self.root, self.mischief.now, jobs=1 + below(2))
        attempt(request, edited_meanwhile)
        self.planned = "something"
        self.proof.forget(request.output_dir)


def plan_of(request: Request) -> object:
    """What recipes must agree in to be those of an earlier build: they are kept for the last plan only."""
    text = (request.root / "site.yaml").read_text("utf-8")
    return request.out, request.drafts, "standard" in text


@pytest.mark.long
@pytest.mark.usefixtures("small_numbers", "verbose_templates")
def test_random_edits_end_in_exact_sites() -> None:
    first = random.randrange(2**32) if IS_SEARCH else 0
    for seed in range(first, first + STORIES):
        chance, machine = random.Random(seed), Machine()
        with closing(machine):
            machine.begin(chance.getrandbits(32))
            for _ in range(STEPS):
                machine.step(chance.getrandbits(32))


@pytest.mark.long
@pytest.mark.usefixtures("small_numbers", "verbose_templates")
def test_edits_that_hypothesis_chooses_end_in_exact_sites() -> None:
    """It likes to do the same again, and makes a story that fails shorter."""
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS if IS_SEARCH else 8,
            derandomize=not IS_SEARCH,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )


@pytest.mark.usefixtures("small_numbers")
def test_spawned_workers_end_in_the_same_site(site: SiteTest) -> None:
    """As on Windows and macOS: they inherit nothing."""
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)  # with a second thread, forking is not safe
    thread.start()
    try:
        for text in ("正文。\n", "正文！\n"):
            request = Request(site.article("meetings/a.md", text).article("meetings/b.md").root, START, jobs=2)
            assert attempt(request).code == 0
            assert files_of(request.output_dir) == fresh(request)[1]
    finally:
        ended.set()
        thread.join()


# ---------------------------------------------------------------- what the machine and its makers have found


def test_a_clock_that_is_set_back_is_noticed(site: SiteTest) -> None:
    site.article("meetings/a.md", date="2024-05-31").built(now="2024-06-01T08:00")
    assert site.built(now="2024-05-30T08:00").said() == ["front-matter.future content/meetings/a.md:3"]
    assert site.built(now="2024-06-01T08:00").said() == []


@pytest.mark.parametrize(
    "line", ["pinned: 2024-06-04", "publish_at: 2024-06-05", "expires: 2024-06-05", "date: 2024-06-05"]
)
@pytest.mark.parametrize("is_forwards", [True, False])
def test_what_time_alone_changes_is_noticed(site: SiteTest, line: str, is_forwards: bool) -> None:
    key, _, value = line.partition(": ")
    site.article("meetings/a.md", **{key: value}).article("meetings/b.md")
    early, late = (Request(site.root, datetime(2024, 6, day, tzinfo=SHANGHAI)) for day in (4, 5))
    assert fresh(early) != fresh(late)
    for request in (early, late) if is_forwards else (late, early):
        assert attempt(request).lasting == fresh(request)[0].lasting
        assert files_of(request.output_dir) == fresh(request)[1]


@pytest.mark.parametrize("is_forwards", [True, False])
def test_days_of_mourning_come_and_go(site: SiteTest, is_forwards: bool) -> None:
    site.write("site.yaml", SITE_YAML + "greyscale: 2024-06-05\n").article("meetings/a.md")
    days = [Request(site.root, datetime(2024, 6, day, tzinfo=SHANGHAI)) for day in (4, 5, 6)]
    for request in days if is_forwards else days[::-1]:
        attempt(request)
        assert files_of(request.output_dir) == fresh(request)[1]


def test_a_rule_for_paragraphs_holds_for_texts_that_are_known(site: SiteTest) -> None:
    page = "meetings/2024/0313-a.html"
    site.article("meetings/a.md", "一行\n又一行\n").article("meetings/b.md")
    assert "一行</p>" in site.built().text(page)
    assert "一行又一行" in site.write("site.yaml", SITE_YAML + "markdown: {paragraphs: standard}\n").built().text(page)
    assert "一行</p>" in site.write("site.yaml", SITE_YAML).built().text(page)


def test_the_same_bytes_are_something_else_as_a_section(site: SiteTest) -> None:
    text = (site.root / "content/meetings/_index.md").read_bytes()
    site.built()
    said = site.write("content/meetings/a.md", text).build().said("error")
    assert said == ["front-matter.date content/meetings/a.md:3"]


def test_remarks_stand_at_the_lines_of_a_text_as_it_is_now(site: SiteTest) -> None:
    site.write("site.yaml", SITE_YAML + "front: {rows: 1, headlines: 0, slides: 0}\n").section("notices", "通知")
    for number in range(25):  # nobody shows the beginning of an older one
        site.article(f"meetings/{number}.md", date=f"2024-04-{number + 1:02}")
    opening, link = "很长的开头。" * 20 + "\n\n", "[草稿](draft.md)\n"
    site.article("meetings/draft.md", draft="是").article("meetings/old.md", opening + link, title="旧的").built()
    built = site.article("meetings/old.md", opening + "\n\n" + link, title="旧的").built()
    assert built.said() == ["link.unpublished content/meetings/old.md:10"]


@pytest.mark.parametrize(("pinned", "page"), [("否", "meetings/feed.xml"), ("是", "index.html")])
def test_whoever_shows_how_a_text_begins_follows_it(site: SiteTest, pinned: str, page: str) -> None:
    """The newest 20 in feeds; the first one on the home page, where an old one may be pinned."""
    site.write("site.yaml", SITE_YAML + "front: {rows: 1, headlines: 1, slides: 0}\n")
    for number in range(28 if pinned == "是" else 5):
        site.article(f"meetings/{number}.md", date=f"2024-04-{number + 1:02}")
    matter = {"pinned": pinned, "date": "2024-04-01"}
    site.article("meetings/a.md", "正文。\n", **matter).built()
    assert "新的正文。" in site.article("meetings/a.md", "新的正文。\n", **matter).built().text(page)


def test_a_standing_page_without_a_date_may_have_been_updated(site: SiteTest) -> None:
    site.write("content/meetings/about.md", "---\ntitle: 关于\nkind: page\nupdated: 2024-03-05\n---\n\n关于。\n")
    assert "关于" in site.built().text("meetings/about.html")


def test_whoever_comes_first_the_same_fault_is_told(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgen.build.workers.ENOUGH", 1)
    monkeypatch.setattr("newsgen.build.workers.BATCH", 1)
    monkeypatch.setattr("newsgen.build.workers._batches", lambda *args: deque(reversed(_batches(*args))))
    site.write("templates/article.html", "{{ article.nothing }}")
    for number in range(12):
        site.article(f"meetings/{number:02}.md", title=f"第{number}篇")
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
    connection.execute("UPDATE records SET data = 7 WHERE length(key) > 0")
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


@pytest.mark.parametrize("text", ["正文！\n（学院 2024年3月13日）\n", "正文。\n（党委 2024年3月14日）\n", "正文。\n"])
def test_an_edit_of_text_or_signature_plans_nothing(site: SiteTest, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    opening = "很长的开头。" * 20
    site.article("meetings/a.md", f"{opening}正文。\n（学院 2024年3月13日）\n").built()
    monkeypatch.setattr("newsgen.build.planning.plan_site", None)
    edited = site.article("meetings/a.md", opening + text).built()
    assert edited.document["rendered"] == 1
    page = edited.text("meetings/2024/0313-a.html")
    assert all(line in page for line in text.splitlines())
    assert ("学院 2024年" in page) == ("学院" in text)


def test_dependencies_of_another_plan_are_not_used(site: SiteTest) -> None:
    opening = "很长的开头。" * 20
    site.article("meetings/a.md", opening + "正文。\n", title="旧题").built()
    store = Store(site.root, environment())
    old = store.record(name_of_article(store), Dependencies)
    site.article("meetings/a.md", opening + "正文。\n", title="新题").built()
    store.write_records({name_of_article(store): old})
    store.close()
    page = site.article("meetings/a.md", opening + "正文！\n", title="新题").built().text("meetings/2024/0313-a.html")
    assert "正文！" in page
    assert "旧题" not in page


def name_of_article(store: Store) -> str:
    """The name under which the dependencies of a.md are kept."""
    [name] = (name for name in store.names(DEPENDENCIES) if name.endswith(" content/meetings/a.md"))
    return name


def test_the_plan_before_keeps_its_dependencies_while_a_build_fails(site: SiteTest) -> None:
    """So that `why` can tell what has changed since the pages that stand."""
    site.article("meetings/a.md").built()
    site.write("site.yaml", SITE_YAML.replace("管理学院", "法学院")).write("templates/article.html", "{{ nothing }}")
    assert site.build().code == 1
    site.remove("templates/article.html").built()
    assert "site.yaml" in {change.input for change in why(site, "meetings/2024/0313-a.html").changes}


def test_dependencies_that_no_plan_has_any_more_are_forgotten(site: SiteTest) -> None:
    store = Store(site.root, environment())
    for title in "一二三":
        outputs = site.article("meetings/a.md", title=title).built().document["outputs"]
        assert len(store.names(DEPENDENCIES)) == outputs
    store.close()


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


def test_why_knows_the_text_of_a_page_that_moved_to_a_folder_of_its_own(site: SiteTest) -> None:
    site.article("meetings/a.md").built()
    site.remove("content/meetings/a.md").article("meetings/a/index.md").built()
    site.article("meetings/a/index.md", tags="党建").built()
    assert why(site, "meetings/2024/0313-a.html").cause == "changed"


def test_why_names_the_section_whose_keywords_pages_carry(site: SiteTest) -> None:
    site.article("meetings/a.md").built()
    site.section("meetings", "会议动态", "keywords: 党建\n").built()
    changes = why(site, "meetings/2024/0313-a.html").changes
    assert changes == (Change("column", "content/meetings/_index.md", "changed"),)


def test_older_list_pages_know_nothing_of_the_text_of_their_section(site: SiteTest) -> None:
    for number in range(41):
        site.article(f"meetings/{number}.md")
    site.built()
    built = site.write("content/meetings/_index.md", "---\ntitle: 会议动态\n---\n\n见[一篇](1.md)。\n").built()
    assert built.document["rendered"] == 1
    assert why(site, "meetings/index.html").changes[0].part == "section"


def test_why_names_the_photo_that_a_section_shows(site: SiteTest) -> None:
    site.write("content/meetings/_index.md", "---\ntitle: 会议动态\n---\n\n![](p.jpg)\n")
    site.write("content/meetings/p.jpg", picture("p.jpg", 0)).built()
    site.write("content/meetings/p.jpg", picture("p.jpg", 1)).built()
    assert why(site, "meetings/index.html").changes == (Change("section", "content/meetings/p.jpg", "changed"),)


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
        for module in ("core.stamps", "build.output.snapshot", "content.scan"):
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
    page, after = site.root / "public/meetings/2024/0313-a.html", FolderSnapshot.with_changes

    def after_which_someone_writes(*args: Any) -> FolderSnapshot:
        found = after(*args)
        assert found.stamps
        ticks.rewrite(page, "正文。", "坏的。")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(FolderSnapshot, "with_changes", after_which_someone_writes)
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
    page, standing = site.root / "public/meetings/2024/0313-a.html", FolderSnapshot.is_intact
    page.write_bytes(page.read_bytes())

    def is_intact_until_someone_writes(census: FolderSnapshot, path: str, digest: str) -> bool:
        answer = standing(census, path, digest)
        if path == "meetings/2024/0313-a.html" and ticks.now == 2:
            ticks.rewrite(page, "正文。", "坏的。")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(FolderSnapshot, "is_intact", is_intact_until_someone_writes)
        site.article("meetings/b.md", "另一篇。\n").built()
    assert "坏的。" in page.read_text("utf-8")
    assert "正文。" in site.built().text("meetings/2024/0313-a.html")


def test_a_text_written_again_in_the_tick_in_which_it_was_read_is_noticed(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = Ticks(monkeypatch)
    text, identify = site.root / "content/meetings/a.md", load.parse_changed
    site.article("meetings/a.md", "正文。\n").built()
    ticks.now += 1

    def identified_before_someone_writes(*args: Any) -> ParsedFiles:
        found = identify(*args)
        ticks.rewrite(text, "原文。", "新文。")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(load, "parse_changed", identified_before_someone_writes)
        site.article("meetings/a.md", "原文。\n").build()
    assert "新文。" in site.built().text("meetings/2024/0313-a.html")
