"""A store that somebody else has written: nothing in it gets further than what the parser gives, or out of the site."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgen.build.cache import store as store_module
from newsgen.build.cache.plan import CachedPlan
from newsgen.build.cache.store import NAME, Store
from newsgen.cli import run
from newsgen.content.markdown import convert
from newsgen.content.markdown.stored_body import is_sound
from newsgen.core.digest import environment
from newsgen.core.model import Body, Document, Download, FrontMatter, Markdown, Picture, Reference, changed
from newsgen.core.stamps import clock_of, is_trustworthy, stamp_of
from site_checks import executable
from site_test import NOW, SiteTest, photo, tree

SCRIPT = "<script>alert(1)</script>"


def rewrite(root: Path, table: str, form: Any, forge: Callable[[Any], Any]) -> int:
    """Put other values in place of those of a table, with the right checksums; how many could be read as `form`."""
    connection = sqlite3.connect(root / ".newsgen" / NAME)
    rows = connection.execute(f"SELECT key, data FROM {table}").fetchall()
    done = 0
    for key, data in rows:
        try:
            value = forge(msgspec.msgpack.decode(data[4:], type=form))
        except msgspec.MsgspecError:
            continue
        raw = msgspec.msgpack.encode(value)
        connection.execute(
            f"UPDATE {table} SET data = ? WHERE key = ?",
            (zlib.crc32(raw, zlib.crc32(key)).to_bytes(4, "big") + raw, key),
        )
        done += 1
    connection.commit()
    connection.close()
    return done


def handed_over(site: SiteTest) -> None:
    """As after unpacking: other inodes and times, and every page has yet to be rendered."""
    for path in (site.root / "content").rglob("*.md"):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    subprocess.run(["rm", "-rf", site.root / "public"], check=True)


@pytest.fixture
def known(site: SiteTest) -> SiteTest:
    """A site that was built once."""
    site.article("meetings/a.md", "正文[一](b.md)。\n").article("meetings/b.md", "![图](p.jpg)\n", date="2024-03-14")
    site.write("content/meetings/p.jpg", photo())
    _a_tick_has_passed(site.root / "content/meetings/p.jpg")
    site.built()
    return site


def _a_tick_has_passed(written: Path) -> None:
    """Wait until the clock of the file system has moved on: what the store says of a file that is younger is not believed."""
    probe = written.parents[3] / "clock"
    probe.touch()
    while not is_trustworthy(stamp_of(written.stat()), clock_of(probe)):
        pass


FORGED: list[Callable[[Body], Body]] = [
    lambda body: changed(body, chunks=(SCRIPT, *body.chunks)),
    lambda body: changed(body, chunks=('<p onclick="alert(1)">', *body.chunks)),
    lambda body: changed(body, chunks=("<img src=x onerror=alert(1)>", *body.chunks)),
    lambda body: changed(body, chunks=('<a href="javascript:alert(1)">一</a>', *body.chunks)),
    lambda body: changed(body, chunks=('<a href="&#106;ava&#x9;script:alert(1)">一</a>', *body.chunks)),
    lambda body: changed(body, chunks=("<p title='<b>' onclick='alert(1)'>", *body.chunks)),
    lambda body: changed(body, chunks=("<!--", *body.chunks)),
    lambda body: changed(body, chunks=(99,)),
]


@pytest.mark.parametrize("forge", FORGED)
@pytest.mark.parametrize("options", [(), ("--full",)])
def test_a_forged_body_is_parsed_anew(known: SiteTest, forge: Callable[[Body], Body], options: tuple[str, ...]) -> None:
    before = tree(known.root / "public")
    assert rewrite(known.root, "bodies", Body, forge)
    handed_over(known)
    built = known.built(*options)
    assert tree(built.out) == before
    assert executable(built.out) == []


def test_with_full_nothing_of_the_store_is_believed(known: SiteTest) -> None:
    before = tree(known.root / "public")
    assert rewrite(known.root, "bodies", Body, lambda body: changed(body, chunks=("<p>别的</p>",), references=()))
    assert rewrite(
        known.root, "documents", Document, lambda item: changed(item, matter=changed(item.matter, title="别的"))
    )
    built = known.built("--full")
    assert tree(built.out) == before
    assert tree(known.built().out) == before


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JavaScript:alert(1)", "java\tscript:alert(1)", "vbscript:x"]
)
def test_a_forged_address_runs_nothing(known: SiteTest, address: str) -> None:
    before = tree(known.root / "public")

    def forge(item: Document) -> Document:
        return (
            changed(item, matter=changed(item.matter, original=address))
            if isinstance(item.matter, FrontMatter)
            else item
        )

    assert rewrite(known.root, "documents", Document, forge)
    handed_over(known)
    assert tree(known.built().out) == before


def test_a_forged_plan_writes_nothing_outside(known: SiteTest, tmp_path: Path) -> None:
    before = tree(known.root / "public")
    places = iter(
        [f"../../../../{tmp_path.name}-x", "../x.html", "/tmp/x.html", "a:b", ".newsgen.json", "a/../../x"] * 20
    )

    def forge(plan: CachedPlan) -> CachedPlan:
        return changed(plan, outputs=tuple(changed(output, path=next(places)) for output in plan.outputs))

    outside = set(tmp_path.rglob("*"))
    assert rewrite(known.root, "records", CachedPlan, forge)
    handed_over(known)
    assert tree(known.built().out) == before
    assert not (tmp_path.parent / f"{tmp_path.name}-x").exists()
    assert {path for path in set(tmp_path.rglob("*")) - outside if known.root not in path.parents} == set()


def test_a_forged_photo_or_attachment_is_not_read_elsewhere(known: SiteTest) -> None:
    known.write("secret.txt", "机密").write("content/meetings/_x.pdf", "x")
    stamps = dict[str, tuple[tuple[int, int, int, int, int], Picture | Download]]
    for path in ("secret.txt", "content/../secret.txt", "/etc/passwd", "content/meetings/a.md"):

        def forge(media: Any, path: str = path) -> Any:
            return {
                name: (stamp, changed(file, path=path, address="media/x.jpg")) for name, (stamp, file) in media.items()
            }

        known.article("meetings/b.md", f"![图](p.jpg)\n\n{path}\n", date="2024-03-14")
        assert rewrite(known.root, "records", stamps, forge)
        shutil.rmtree(known.root / ".newsgen" / "pictures", ignore_errors=True)  # else no file of a photo is read again
        built = known.build()
        assert built.code == 1
        assert built.said("error") == [f"file.changed {path}:1"]
    known.built("--full")


# ------------------------------------------------------------ links


@pytest.mark.parametrize("name", [NAME, f"{NAME}-wal", f"{NAME}-shm", f"{NAME}-journal", ""])
@pytest.mark.parametrize("options", [(), ("--full",)])
def test_a_store_that_is_a_link_is_not_written(
    site: SiteTest, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    with sqlite3.connect(theirs / NAME) as connection:
        for table in ("documents", "bodies", "records"):
            connection.execute(f"CREATE TABLE {table} (key BLOB PRIMARY KEY, data BLOB NOT NULL)")
            connection.execute(f"INSERT INTO {table} VALUES ('mine', 'mine')")
    connection.close()
    before = tree(theirs)
    if name:
        (site.root / ".newsgen").mkdir()
        (site.root / ".newsgen" / name).symlink_to(theirs / NAME)
    else:
        (site.root / ".newsgen").symlink_to(theirs)
    for number in range(2):
        built = site.article("meetings/a.md", f"正文{number}。\n").built(*options)
        assert [said for said in built.said() if said.startswith("store.")] == ["store.unusable .newsgen/store.db:1"]
        assert "符号链接" in built.document["diagnostics"][0]["message"]
        assert f"正文{number}" in built.text("meetings/2024/0313-a.html")
    assert tree(theirs) == before


def test_the_database_of_another_program_is_left_alone(site: SiteTest) -> None:
    place = site.write(".newsgen/x", "").remove(".newsgen/x").root / ".newsgen" / NAME
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE documents (key BLOB PRIMARY KEY, data BLOB NOT NULL)")
        connection.execute("CREATE TABLE theirs (name TEXT)")
        connection.execute("INSERT INTO documents VALUES ('mine', 'mine')")
    connection.close()
    before = place.read_bytes()
    for options in ((), ("--full",)):
        built = site.article("meetings/a.md").built(*options)
        assert built.said() == ["store.unusable .newsgen/store.db:1"]
        assert place.read_bytes() == before


@pytest.mark.parametrize("name", [NAME, "clock"])
def test_a_pipe_in_the_place_of_the_store_is_not_waited_for(site: SiteTest, name: str) -> None:
    (site.root / ".newsgen").mkdir()
    os.mkfifo(site.root / ".newsgen" / name)
    command = [sys.executable, "-m", "newsgen", "build", "-C", str(site.article("meetings/a.md").root), "--now", NOW]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_the_clock_touches_nothing_elsewhere(site: SiteTest, tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"")
    os.utime(tmp_path / "theirs", (0, 0))
    (site.root / ".newsgen").mkdir()
    (site.root / ".newsgen/clock").symlink_to(tmp_path / "theirs")
    site.article("meetings/a.md").built()
    assert (tmp_path / "theirs").stat().st_mtime == 0


# ------------------------------------------------------------ what is believed


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_what_the_parser_gives_is_sound(text: str) -> None:
    assert is_sound(convert(text, Markdown())[0])


def test_every_case_of_the_markup_is_sound() -> None:
    for cases in sorted((Path(__file__).parents[1] / "markdown_cases").glob("*.txt")):
        for typed in cases.read_text("utf-8").split("\n.\n"):
            assert is_sound(convert(typed, Markdown())[0]), (cases.name, typed)


@pytest.mark.parametrize("before", ['<p title="', "<p", '<a class="x', "<", "<a href=", "</a"])
def test_a_reference_stands_where_an_attribute_can_be(before: str) -> None:
    reference = Reference("a", "href", "b.md", "", 1, 1, "b.md")
    assert not is_sound(Body((before, 0, '">'), (reference,)))
    assert is_sound(Body(("<p><a", 0, ' class="x">一</a></p>'), (reference,)))
    assert not is_sound(Body(("<p><a", 1, ">一</a></p>"), (reference,)))


# ------------------------------------------------------------ growth


def count(root: Path) -> tuple[int, int]:
    """How many documents and bodies a store holds."""
    connection = sqlite3.connect(root / ".newsgen" / NAME)
    found = tuple(
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("documents", "bodies")
    )
    connection.close()
    return found[0], found[1]


def test_a_store_forgets_what_nothing_stands_for(site: SiteTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "SPARE", 5)
    for number in range(14):
        built = site.article("meetings/a.md", f"第{number}稿。\n").article("meetings/b.md", date="2024-03-14").built()
        assert f"第{number}稿" in built.text("meetings/2024/0313-a.html")
        documents, bodies = count(site.root)
        assert documents <= 3 * 1.25 + 5 + 2
        assert bodies <= documents
    assert site.built().document["rendered"] == 0


def test_what_is_swept_is_what_nobody_names(tmp_path: Path) -> None:
    store = Store(tmp_path, environment())
    digests = [f"{number:032x}" for number in range(2000)]
    documents = [Document(digest, "facts", "details", None, None) for digest in digests]
    store.write_parsed(documents, {digest: Body(("<p>文</p>",)) for digest in digests})
    store.sweep(digests[:1500])
    assert count(tmp_path) == (2000, 2000), "a few are kept for whoever takes an edit back"
    store.sweep(digests[:100])
    assert store.documents().keys() == set(digests[:100])
    assert count(tmp_path) == (100, 100)
    store.close()


def test_why_says_of_a_full_build_that_it_was_asked_for(known: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    known.article("meetings/a.md", "改过的正文。\n").built("--full")
    assert run(["why", "-C", str(known.root), "meetings/2024/0313-a.html"]) == 0
    assert "用了 --full" in capsys.readouterr().out
