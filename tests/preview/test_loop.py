"""The loop of the preview: whatever is done to the files, it ends in the exact site. Real notices, nothing sleeps.

`NEWSGEN_OPERATIONS=500` does more to one site at random, as fast as it goes; `make test` does less, the same each time.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
import subprocess
import weakref
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from queue import Queue
from threading import Event

import pytest

from newsgen.authoring.withdraw import withdraw
from newsgen.pages.kinds import kind_of
from newsgen.preview import loop, site_tracker, watch
from newsgen.preview.loop import Preview
from newsgen.preview.session import Session, ShownVersion
from newsgen.preview.trial_rendering import Trial
from oracle import START
from preview_helpers import follows, previewed, shown
from random_edits import EDITS, Editor, lay_out, sources_of
from running import LIMIT
from sample_values import picture
from site_test import SiteTest

PAGE = "meetings/2024/0313-a.html"
OPERATIONS = int(os.environ.get("NEWSGEN_OPERATIONS", "60"))
SEEDS = range(3) if "NEWSGEN_OPERATIONS" not in os.environ else [random.randrange(2**32)]


@pytest.fixture
def edited(tmp_path: Path) -> Editor:
    """The site of every story of edits."""
    (tmp_path / "site").mkdir()
    return Editor(tmp_path / "site", lambda n: 0)


# ---------------------------------------------------------------- how editors and people save


def by_writing(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def by_renaming(path: Path, data: bytes) -> None:
    aside = path.with_name(path.name + ".tmp")
    aside.write_bytes(data)
    aside.replace(path)


def from_outside(path: Path, data: bytes) -> None:
    aside = path.parents[2] / "aside"
    aside.write_bytes(data)
    aside.replace(path)


def with_backup(path: Path, data: bytes) -> None:
    """As vim does it: the old file goes aside, the new one is written, the old one is deleted."""
    backup = path.with_name(path.name + "~")
    probe = path.with_name("4913")
    probe.touch()
    probe.unlink()
    path.replace(backup)
    path.write_bytes(data)
    backup.unlink()


def in_pieces(path: Path, data: bytes) -> None:
    with path.open("wb", buffering=0) as file:
        for start in range(0, len(data), 7):
            file.write(data[start : start + 7])


SAVES = (by_writing, by_renaming, from_outside, with_backup, in_pieces)


@pytest.mark.parametrize("save", SAVES)
def test_a_save_is_shown_however_the_editor_does_it(site: SiteTest, save: Callable[[Path, bytes], None]) -> None:
    path = site.article("meetings/a.md", "旧的。\n").root / "content/meetings/a.md"
    with previewed(site.root) as preview:
        for word in ("新的", "又一个"):
            save(path, path.read_bytes().replace("旧的".encode(), word.encode()))
            version = follows(preview)
        assert "又一个" not in shown(preview)["meetings/2024/0313-a.html"].decode()
        assert "新的" in shown(preview)["meetings/2024/0313-a.html"].decode()
        assert version.number > 1


def test_a_save_tells_which_page_was_edited(site: SiteTest) -> None:
    site.article("meetings/a.md").article("meetings/b.md", date="2024-03-14")
    with previewed(site.root) as preview:
        told: list[ShownVersion] = []
        preview.listeners.append(told.append)
        site.article("meetings/a.md", "改过。\n")
        follows(preview)
        assert [version.edited for version in told if version.edited] == [PAGE]
        changed = frozenset().union(*(version.changed or () for version in told))
        assert PAGE in changed
        assert "meetings/2024/0314-b.html" not in changed


def test_many_texts_at_once_take_nobody_to_another_page(site: SiteTest) -> None:
    session = Session(site.article("meetings/a.md").root, lambda: START)
    session.look()
    for number in range(1, 10):
        site.article(f"meetings/b{number}.md")
    assert session.look().edited, "someone saves all that is open"
    for number in range(1, 30):
        site.article(f"meetings/c{number}.md")
    assert session.look().edited is None, "a pull, or a folder that is put in"
    site.article("meetings/a.md", "改过。\n")
    assert session.look().edited == PAGE
    session.close()


def test_what_is_withdrawn_goes_from_the_preview_at_once(site: SiteTest) -> None:
    site.article("meetings/a.md")
    with previewed(site.root) as preview:
        assert PAGE in preview.session.version.outputs
        withdraw(site.root, "content/meetings/a.md", "作者请求", START)
        follows(preview)
        assert PAGE not in preview.session.version.outputs


def test_a_page_is_there_before_the_others_that_show_how_it_begins(site: SiteTest) -> None:
    site.article("meetings/a.md", "旧的。\n")
    session = Session(site.root, lambda: START)
    with closing(session):
        session.look()
        site.article("meetings/a.md", "新的。\n")
        first = session.look(frozenset([str(site.root / "content/meetings/a.md")]))
        assert (first.edited, first.is_complete, first.changed) == (PAGE, False, frozenset([PAGE]))
        second = session.look()
        assert (second.edited, second.is_complete) == (None, True)
        assert second.changed
        assert "feed.xml" in second.changed


@pytest.mark.usefixtures("verbose_templates")
def test_bursts_deletions_and_renamed_folders_end_in_the_exact_site(edited: Editor) -> None:
    root = edited.root
    with previewed(root) as preview:
        first = sources_of(root)
        for number in range(300):
            path = root / f"content/meetings/burst{number % 7}/x{number}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"---\ntitle: 第{number}篇\ndate: 2024-03-{number % 28 + 1}\n---\n\n正文。\n", "utf-8")
        follows(preview)
        (root / "content/meetings").replace(root / "content/hyjl")
        follows(preview)
        (root / "content/hyjl/a.md").write_text(
            "---\ntitle: 改了\ndate: 2024-03-05\n---\n\n## 小标题 {#mark}\n", "utf-8"
        )
        follows(preview)  # in a folder that was renamed
        shutil.rmtree(root / "content/hyjl")
        follows(preview)
        lay_out(root, first)
        assert not follows(preview).errors
        shutil.rmtree(root / "content")
        follows(preview)
        lay_out(root, first)  # in a folder that is another one
        assert not follows(preview).errors
        (root / "content/notices/d.md").write_text("---\ntitle: 改了\ndate: 2024-03-05\n---\n\n改了。\n", "utf-8")
        follows(preview)


@pytest.mark.usefixtures("verbose_templates")
def test_templates_theme_and_settings_are_followed(edited: Editor) -> None:
    root = edited.root
    with previewed(root) as preview:
        for path, text in {
            "site.yaml": (root / "site.yaml").read_text("utf-8").replace("党群工作", "党建工作"),
            "templates/404.html": "自己的",
            "theme/own.css": "a { color: red }",
            "templates/partials/own.html": "own",
        }.items():
            (root / path).parent.mkdir(exist_ok=True, parents=True)
            (root / path).write_text(text, "utf-8")
            follows(preview)
        shutil.rmtree(root / "templates")
        follows(preview)


def test_a_style_sheet_alone_changes_no_page(site: SiteTest) -> None:
    site.write("theme/own.css", "a { color: red }").write("theme/colors.css", ":root { --red: #b00 }")
    with previewed(site.root) as preview:
        site.write("theme/colors.css", ":root { --red: #c00 }")
        version = follows(preview)
        assert version.styles == ("theme/colors.css",)
        assert not any(path.endswith(".html") for path in version.changed or ())


def test_leftovers_of_editors_cause_nothing(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "MOMENT", 3 * LIMIT)  # an edit that is seen while it is written is no version of its own
    noticed: set[str | None] = set()
    signal = watch.ChangeSignal.set

    def note(self: watch.ChangeSignal, file: str | None = None, is_open: bool | None = None) -> None:
        noticed.add(file and Path(file).name)
        signal(self, file, is_open)

    monkeypatch.setattr(watch.ChangeSignal, "set", note)
    site.article("meetings/a.md")
    with previewed(site.root) as preview:
        before = preview.session.version.number
        for name in ("~$a.docx", ".a.md.swp", "4913", "a.md~", "a.tmp", ".#a.md", "#a.md.tmp"):
            (site.root / "content/meetings" / name).write_bytes(b"x")
        site.article("meetings/b.md")
        assert follows(preview).number == before + 1
        (site.root / "content/meetings/4913").unlink()
        site.article("meetings/c.md")  # notices come in the order of what happened
        assert follows(preview).number == before + 2
    assert noticed == {"b.md", "c.md"}


def test_leftovers_of_editors_in_the_theme_are_not_published(site: SiteTest) -> None:
    site.write("theme/extra.css", "a { color: red; }\n")
    with previewed(site.root) as preview:
        for name in ("extra.css~", ".extra.css.swp", "4913", "extra.css.tmp"):
            site.write(f"theme/{name}", "x")
        site.article("meetings/a.md")
        addresses = follows(preview).outputs
    assert sum("extra" in address for address in addresses) == 1
    assert not any("4913" in address for address in addresses)


def test_a_link_to_a_folder_elsewhere_in_content_is_followed(site: SiteTest) -> None:
    site.write("content/_shared/x.md", "---\ntitle: 共享\ndate: 2024-03-01\n---\n\n正文。\n")
    with previewed(site.root) as preview:
        (site.root / "content/meetings/more").symlink_to("../_shared")
        assert preview.wait(lambda version: any("x.html" in path for path in version.outputs), LIMIT)
        site.write("content/_shared/y.md", "---\ntitle: 又一篇\ndate: 2024-03-01\n---\n\n正文。\n")
        assert preview.wait(lambda version: any("y.html" in path for path in version.outputs), LIMIT)


# ---------------------------------------------------------------- what is wrong


def test_a_fault_is_told_while_the_last_good_page_stays_and_goes_when_it_is_mended(site: SiteTest) -> None:
    site.article("meetings/a.md", "好的。\n")
    with previewed(site.root) as preview:
        good = shown(preview)
        site.article("meetings/a.md", "坏的。\n", date="三月")
        (error,) = follows(preview).errors
        assert (error.path, error.line, error.text) == ("content/meetings/a.md", 3, "date: 三月")
        assert error.hint
        assert shown(preview) == good
        site.article("meetings/a.md", "好了。\n")
        assert not follows(preview).errors
        assert "好了" in shown(preview)["meetings/2024/0313-a.html"].decode()


def test_a_fault_shows_its_line_also_where_macos_decomposed_the_name(site: SiteTest) -> None:
    site.article("meetings/2024-03-13-cafe\u0301.md", date="三月")
    with closing(Session(site.root, lambda: START)) as session:
        (error,) = session.look().errors
        assert error.text == "date: 三月"


# ---------------------------------------------------------------- pages that nobody has opened


def test_a_template_that_fails_at_a_page_which_nobody_opens_is_told(site: SiteTest) -> None:
    site.article("meetings/a.md", tags="党建")
    with previewed(site.root) as preview:
        site.write("templates/tag.html", "\n{{ tag.nothing }}")
        assert preview.wait(lambda version: bool(version.errors), LIMIT)
        (error,) = preview.session.version.errors
        assert (error.path, error.line, error.text) == ("templates/tag.html", 2, "{{ tag.nothing }}")
        site.remove("templates/tag.html")
        assert not follows(preview).errors


def test_a_template_that_fails_at_one_article_alone_is_told_until_that_is_mended(site: SiteTest) -> None:
    template = "{% if article.title == '乙' %}\n{{ article.nothing }}{% endif %}"
    site.write("templates/article.html", template).article("meetings/a.md", title="甲").article("meetings/c.md")
    with previewed(site.root) as preview:
        site.article("meetings/b.md", title="乙")
        (error,) = follows(preview).errors
        assert (error.path, error.line) == ("templates/article.html", 2)
        site.article("meetings/c.md", "又改了一处。\n")
        assert preview.wait(lambda version: version.number > 3, LIMIT)
        assert preview.session.version.errors == (error,)
        site.article("meetings/b.md", title="丙")
        assert not follows(preview).errors


def test_pages_are_tried_once_and_one_of_each_kind_first(site: SiteTest) -> None:
    for number in range(30):
        site.article(f"meetings/{number:02}.md", title=f"第{number}篇", tags="党建")
    tried: list[str] = []
    with closing(Session(site.root, lambda: START)) as session:
        outputs, trial = session.look().outputs, Trial()
        trial.renew(outputs, None)
        while trial.is_due:
            trial.step(outputs, lambda output: tried.append(output.path))
        trial.renew(outputs, ["index.html", "meetings/2024/0313-01.html", "gone.html"])
        trial.step(outputs, lambda output: tried.append(output.path))
    kinds = {output.kind for output in outputs.values() if kind_of(output).view}
    assert {outputs[path].kind for path in tried[: len(kinds)]} == kinds
    assert sorted(tried) == sorted(path for path, output in outputs.items() if kind_of(output).view)


def test_where_every_page_fails_it_is_told_once(site: SiteTest) -> None:
    site.write("templates/partials/footer.html", "{{ nothing }}")
    for number in range(60):
        site.article(f"meetings/{number:02}.md")
    with closing(Session(site.root, lambda: START)) as session:
        session.look()
        while session.try_pages():
            pass
        (error,) = session.version.errors
        assert error.path == "templates/partials/footer.html"


BREAKAGES = {
    "site.yaml": b"title: [",
    "content/meetings/_index.md": None,
    "templates/article.html": b"{% if %}",
    "theme/own.css": b"a { background: url(nothing.png) }",
    "content/meetings/a.md": b"\xff\xfe\x00",
    "content": None,
}


@pytest.mark.parametrize("path", BREAKAGES)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_broken_site_is_no_end(site: SiteTest, path: str, is_first: bool) -> None:
    site.article("meetings/a.md")
    good, data = sources_of(site.root), BREAKAGES[path]

    def harm() -> None:
        if data is not None:
            site.write(path, data)
        elif (site.root / path).is_dir():
            shutil.rmtree(site.root / path)
        else:
            site.remove(path)

    if is_first:
        harm()
    with previewed(site.root) as preview:
        if not is_first:
            harm()
        assert follows(preview).errors
        assert bool(preview.session.version.outputs) is not is_first
        lay_out(site.root, good)
        assert not follows(preview).errors


@pytest.mark.long
@pytest.mark.usefixtures("verbose_templates")
@pytest.mark.parametrize("seed", SEEDS)
def test_random_operations_end_in_the_exact_site(edited: Editor, seed: int) -> None:
    chance = random.Random(seed)
    edited.below = chance.randrange
    good = sources_of(edited.root)
    with previewed(edited.root) as preview:
        for number in range(OPERATIONS):
            with suppress(OSError, RuntimeError):  # a link that leads nowhere, or to itself, is in the way
                chance.choice(EDITS)(edited)
            if number == OPERATIONS // 2:
                _compare(preview, edited)
        _compare(preview, edited)
        lay_out(edited.root, good)
        assert not follows(preview).errors


def _compare(preview: Preview, edited: Editor) -> None:
    try:
        follows(preview)
    except AssertionError as error:
        error.add_note("\n".join(edited.done))
        raise


# ---------------------------------------------------------------- what a long day costs


def test_many_edits_take_no_more_memory_and_no_more_handles(site: SiteTest) -> None:
    """Counted, not timed: what the session keeps, and what the system has open for this process."""
    site.article("meetings/a.md").write("content/meetings/p.jpg", picture("p.jpg", 0))
    with previewed(site.root) as preview:
        counts = []
        for number in range(120):
            if number % 10 == 9:
                site.write("content/meetings/p.jpg", picture("p.jpg", number % 4))
                (site.root / f"content/meetings/n{number % 20}").mkdir(exist_ok=True)
            site.article("meetings/a.md", f"![图](p.jpg)\n\n第{number}次。\n", title=f"第{number % 3}篇")
            assert preview.wait(lambda version, number=number: _shows(preview, f"第{number}次"), LIMIT)  # type: ignore[misc]
            if number in (40, 119):
                counts.append(preview.submit(_counted).result())
        assert counts[1] == counts[0]


def _shows(preview: Preview, words: str) -> bool:
    text = preview.session._tracker.documents
    shown = preview.session._shown
    found = shown.parsed_files.texts["content/meetings/a.md"] if shown else None
    document = text.get(found.digest) if found else None
    return bool(document and document.body_summary and words in document.body_summary.lead)


def _counted(session: Session) -> tuple[int, int]:
    """In the thread of the session, which has files and folders open while it looks at them."""
    gc.collect()
    return len(os.listdir("/proc/self/fd")), len(session._tracker.documents)


def test_documents_of_what_was_written_before_are_dropped(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_tracker, "SPARE", 5)
    site.article("meetings/a.md")
    with closing(Session(site.root, lambda: START)) as session:
        session.look()
        for number in range(30):
            site.article("meetings/a.md", f"{'正文很长。' * 100}\n\n第{number}次。\n")
            session.look()
        assert len(session._tracker.documents) <= len(session._tracker._texts or ()) + 5


def test_a_session_that_has_ended_is_no_longer_in_memory(site: SiteTest) -> None:
    site.article("meetings/a.md")
    session = Session(site.root, lambda: START)
    session.look()
    gone = weakref.ref(session._tracker)
    session.close()
    del session
    gc.collect()
    assert gone() is None


# ---------------------------------------------------------------- what must not end it


def test_a_link_to_itself_is_told_and_ends_nothing(site: SiteTest) -> None:
    site.article("meetings/a.md")
    loop = site.root / "content/meetings/loop.md"
    with previewed(site.root) as preview:
        loop.symlink_to(loop.name)
        assert preview.wait(lambda version: bool(version.errors), LIMIT)
        assert "preview.crash" not in {error.code for error in preview.session.version.errors}
        loop.unlink()
        site.article("meetings/a.md", "后来写的。\n")
        assert not follows(preview).errors


@pytest.mark.parametrize("stage", ["_show", "_edited"])
def test_a_fault_of_newsgen_is_told_wherever_it_arises_and_ends_nothing(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    site.article("meetings/a.md")
    with previewed(site.root) as preview:
        with monkeypatch.context() as broken:
            broken.setattr(Session, stage, lambda *_: 1 // 0)
            site.article("meetings/a.md", "这时出错。\n")
            assert preview.wait(lambda version: [e.code for e in version.errors] == ["preview.crash"], LIMIT)
        site.article("meetings/a.md", "后来写的。\n")
        assert not follows(preview).errors


# ---------------------------------------------------------------- git


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=newsgen", "-c", "user.email=newsgen@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_a_pull_in_the_middle_of_a_look_ends_in_what_was_pulled(site: SiteTest, tmp_path: Path) -> None:
    for number in range(120):
        site.article(f"meetings/{number:03}.md", title=f"第{number}篇", date=f"2024-03-{number % 28 + 1:02}")
    git(site.root, "init", "-q")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-qm", "one")
    mine = tmp_path / "mine"
    git(tmp_path, "clone", "-q", str(site.root), str(mine))
    for number in range(0, 120, 2):
        site.article(f"meetings/{number:03}.md", "拉下来的。\n", title=f"新的第{number}篇", date="2024-04-01")
        site.remove(f"content/meetings/{number + (number % 3 > 0):03}.md")
    site.section("pulled", "新栏目").article("pulled/new.md")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-qm", "two")
    with previewed(mine) as preview:
        pulls: list[ShownVersion] = []

        def pull(version: ShownVersion) -> None:
            """While the preview is at work on a first edit: its thread tells of it."""
            if not pulls:
                pulls.append(version)
                git(mine, "pull", "-q", "--no-rebase")

        preview.listeners.append(pull)
        (mine / "content/meetings/own.md").write_text("---\ntitle: 自己的\ndate: 2024-03-02\n---\n\n正文。\n", "utf-8")
        assert preview.wait(lambda version: "pulled/2024/0313-new.html" in version.outputs, LIMIT)
        version = follows(preview)
    assert "meetings/2024/0302-own.html" in version.outputs
    assert sum("/0401-" in path for path in version.outputs) > 20


def test_an_edit_far_down_a_text_is_on_the_page_that_is_rendered_next(site: SiteTest) -> None:
    """It changes no list, no summary and no plan: only the text's own part, and the signature that stands at its end."""
    above = "正文。" * 60

    def write(end: str, day: int) -> None:
        site.article("meetings/2024-03-13-a.md", f"{above}\n\n{end}。\n\n（管理学院 2024年3月{day}日）\n")

    write("旧的结尾", 14)
    with previewed(site.root) as preview:
        follows(preview)
        page = shown(preview)[PAGE].decode()
        assert "旧的结尾" in page
        assert "3月14日" in page
        write("新的结尾", 15)
        follows(preview)
        page = shown(preview)[PAGE].decode()
        assert "新的结尾" in page
        assert "3月15日" in page
        assert "旧的结尾" not in page
        assert "3月14日" not in page


def test_what_newsgen_wrote_itself_is_looked_at_once_and_an_edit_after_it_is_noticed(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "AGAIN", 3 * LIMIT)
    monkeypatch.setattr(loop, "SETTLED", 3 * LIMIT)
    is_told, dealt_with = Event(), Queue[frozenset[str] | None]()
    is_told.set()
    notices: list[watch.FileChange] = []  # the one that is being dealt with
    wait = watch.ChangeSignal.wait

    def wait_and_tell(signal: watch.ChangeSignal, seconds: float | None) -> watch.FileChange:
        for notice in notices:
            dealt_with.put(notice.files)
        notices[:] = [wait(signal, seconds)]
        assert is_told.wait(LIMIT)
        return notices[0]

    monkeypatch.setattr(watch.ChangeSignal, "wait", wait_and_tell)
    site.article("meetings/a.md", title="第一篇").article("meetings/b.md", title="第二篇", date="2024-03-14")
    file = str(site.root.resolve() / "content" / "meetings" / "a.md")

    def is_shown(words: str) -> bool:
        return any(words in page.decode("utf-8", "replace") for page in shown(preview).values())

    def newer_than(number: int) -> Callable[[ShownVersion], bool]:
        return lambda version: version.number > number

    def comes(words: str) -> bool:
        number = 0
        while preview.wait(newer_than(number), LIMIT):
            number = preview.session.version.number
            if is_shown(words):
                return True
        return False

    with previewed(site.root) as preview:
        before = preview.looks
        is_told.clear()  # newsgen's own word is sooner than a notice
        site.article("meetings/a.md", "写稿台写的。\n", title="第一篇")
        preview.look_at(frozenset({file})).result()
        is_told.set()
        assert comes("写稿台写的。")
        assert dealt_with.get(timeout=LIMIT) == frozenset({file})
        assert preview.looks == before + 1
        site.article("meetings/b.md", "别的程序写的。\n", title="第二篇", date="2024-03-14")
        assert comes("别的程序写的。")
        site.article("meetings/a.md", "别的程序也写了。\n", title="第一篇")
        assert comes("别的程序也写了。")
