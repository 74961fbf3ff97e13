"""A build that finds nothing changed reads no text; and whatever changes is noticed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from newsgen.build.cache import state
from newsgen.build.output import snapshot
from newsgen.build.output import staging as writing
from newsgen.build.output.manifest import Journal
from newsgen.cli import run
from newsgen.content import load
from newsgen.core.model import Output
from newsgen.core.stamps import Stamp, clock_of
from site_test import Built, SiteTest, photo

TEMPLATE = "{{ page.title }}"


@pytest.fixture
def rested(site: SiteTest, verbose_templates: None) -> SiteTest:
    """A site that was built, and found to be built."""
    site.article("meetings/a.md", "![图](p.jpg)\n", pinned="2024-06-05").write("content/meetings/p.jpg", photo())
    site.write("templates/404.html", TEMPLATE).write("theme/own.css", "a { color: red }")
    site.built()
    _age(site.root)
    site.built()
    site.built()
    return site


def _age(folder: Path) -> None:
    """Give all files another time than that of the last build, so that the next ones have to look, and can trust them."""
    for path in folder.rglob("*"):
        if ".newsgen" not in path.name and path.is_file():
            os.utime(path, (1, 1))


@pytest.fixture
def fresh(site: SiteTest, monkeypatch: pytest.MonkeyPatch, verbose_templates: None) -> SiteTest:
    """A site that was built once, on a file system whose clock has ticked since every step."""
    site.article("meetings/a.md", "![图](p.jpg)\n", pinned="2024-06-05").write("content/meetings/p.jpg", photo())
    site.write("templates/404.html", TEMPLATE).write("theme/own.css", "a { color: red }")
    with monkeypatch.context() as ticking:
        for module in (state, writing):
            ticking.setattr(module, "clock_of", _a_second_later)
        site.built()
    return site


def _a_second_later(probe: Path) -> Stamp:
    size, mtime, *others = clock_of(probe)
    return (size, mtime + 10**9, *others)  # type: ignore[return-value]  # five numbers


@pytest.fixture
def identified(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Grows whenever a build asks what files hold."""
    found: list[object] = []
    identify = load.parse_changed

    def noted(*args: Any) -> Any:
        found.append(args)
        return identify(*args)

    monkeypatch.setattr(load, "parse_changed", noted)
    return found


def numbers(built: Built) -> dict[str, object]:
    return {key: value for key, value in built.document.items() if key != "seconds"}


def test_nothing_is_read_where_nothing_has_changed(rested: SiteTest, identified: list[object]) -> None:
    before = numbers(rested.built())
    assert not identified
    full = numbers(rested.built("--verify", "1%"))
    assert identified
    assert before == full
    assert before["unchanged"] == before["outputs"]
    assert before["next_due"] == "2024-06-06T00:00:00+08:00"


def _touch(root: Path) -> None:
    os.utime(root / "public/index.html", (0, 0))


CHANGES: dict[str, Callable[[SiteTest], object]] = {
    "text": lambda site: site.article("meetings/a.md", "![图](p.jpg)\n\n改。\n"),
    "new text": lambda site: site.article("meetings/b.md"),
    "no text": lambda site: site.remove("content/meetings/a.md"),
    "photo": lambda site: site.write("content/meetings/p.jpg", photo() + b"\0"),
    "template": lambda site: site.write("templates/404.html", TEMPLATE + "!"),
    "theme": lambda site: site.write("theme/own.css", "a { color: blue }"),
    "settings": lambda site: site.write("site.yaml", (site.root / "site.yaml").read_bytes() + b"qr: no\n"),
    "output": lambda site: site.write("public/index.html", "altered"),
    "touched output": lambda site: _touch(site.root),
    "no output": lambda site: site.remove("public/feed.xml"),
    "no manifest": lambda site: site.remove("public/.newsgen.json"),
    "a killed build": lambda site: site.write("public/.newsgen-staging/new-1/a.html", ""),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("before", ["fresh", "rested"])
def test_whatever_changes_is_noticed(
    request: pytest.FixtureRequest, identified: list[object], change: str, before: str
) -> None:
    site: SiteTest = request.getfixturevalue(before)
    identified.clear()
    CHANGES[change](site)
    site.build()
    assert bool(identified) is (change != "no manifest")  # which is refused before anything is looked at


@pytest.mark.parametrize("options", [("--drafts",), ("--strict",), ("--full",)])
def test_another_way_to_build_is_another_build(
    rested: SiteTest, identified: list[object], options: tuple[str, ...]
) -> None:
    rested.build(*options)
    assert identified


@pytest.mark.parametrize("now", ["2024-06-06T00:00", "2024-01-01"])
def test_time_is_noticed(rested: SiteTest, identified: list[object], now: str) -> None:
    rested.built(now=now)
    assert identified


def test_the_build_after_the_first_one_reads_nothing(fresh: SiteTest, identified: list[object]) -> None:
    before = numbers(fresh.built())
    assert not identified
    assert before["unchanged"] == before["outputs"] == numbers(fresh.built("--verify", "1%"))["outputs"]


@pytest.mark.parametrize("name", ["404.html", "index.html", ".newsgen.json"])
def test_a_file_that_is_altered_in_the_tick_in_which_it_was_written_is_noticed(
    site: SiteTest, identified: list[object], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    site.article("meetings/a.md")
    commit = writing.Staging.commit

    def committed(staging: writing.Staging, kept: Iterable[Output]) -> writing.WriteCounts:
        done = commit(staging, kept)
        monkeypatch.setattr(writing, "clock_of", _a_second_later)
        data = (site.root / "public" / name).read_bytes()
        site.write(f"public/{name}", data.swapcase())
        return done

    monkeypatch.setattr(writing.Staging, "commit", committed)
    monkeypatch.setattr(state, "clock_of", _a_second_later)
    site.built()
    identified.clear()
    monkeypatch.setattr(writing.Staging, "commit", commit)
    built = site.build()
    assert identified or built.said("error") == ["output.manifest :1"]


def test_a_file_that_is_altered_while_others_are_made_is_noticed(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was seen to be right before, and is among those that are kept: most of the site is made beside it."""
    site.article("meetings/a.md").built()
    for number in range(60):
        site.article(f"meetings/{number}.md", title=f"第{number}篇")
    commit = writing.Staging.commit

    def committed(staging: writing.Staging, kept: Iterable[Output]) -> writing.WriteCounts:
        site.write("public/robots.txt", "spoilt")
        return commit(staging, kept)

    monkeypatch.setattr(writing.Staging, "commit", committed)
    for module in (state, writing):
        monkeypatch.setattr(module, "clock_of", _a_second_later)
    site.built()
    monkeypatch.undo()
    built = site.built()
    assert built.document["written"] == 1
    assert "spoilt" not in built.text("robots.txt")


def test_a_file_that_is_altered_as_soon_as_it_is_in_its_place_is_noticed(
    site: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out = writing._apply_journal

    def carried_out(out: Path, journal: Journal) -> str:
        digest = carry_out(out, journal)
        site.write("public/index.html", "spoilt")
        return digest

    monkeypatch.setattr(writing, "_apply_journal", carried_out)
    monkeypatch.setattr(state, "clock_of", _a_second_later)
    clocks = iter([clock_of, clock_of, _a_second_later, _a_second_later])
    monkeypatch.setattr(writing, "clock_of", lambda probe: next(clocks)(probe))
    site.article("meetings/a.md").built()
    monkeypatch.undo()
    assert "spoilt" not in site.built().text("index.html")


def test_a_lock_that_nobody_holds_says_nothing(fresh: SiteTest, identified: list[object]) -> None:
    """Windows deletes no file that is open: the lock of the last build is left there."""
    identified.clear()
    fresh.write("public/.newsgen-staging/lock", "").built()
    assert not identified


def test_an_output_folder_that_cannot_be_read_is_told_with_its_remedy(
    fresh: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "public/meetings")

    monkeypatch.setattr(snapshot, "_walk", refused)
    assert fresh.build().said("error") == ["output.write :1"]


def test_why_tells_of_the_build_that_made_something_until_one_does_nothing(
    fresh: SiteTest, capsys: pytest.CaptureFixture[str]
) -> None:
    for expected in ("true", "false", "false"):
        assert run(["why", "index.html", "-C", str(fresh.root), "--json"]) == 0
        assert f'"rendered": {expected}' in capsys.readouterr().out
        fresh.built()


def test_why_tells_of_the_build_that_did_nothing(rested: SiteTest, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["why", "index.html", "-C", str(rested.root), "--json"]) == 0
    assert '"rendered": false' in capsys.readouterr().out


def test_remarks_are_told_again(rested: SiteTest, identified: list[object]) -> None:
    rested.article("meetings/b.md", "")
    said = [rested.built().said() for _ in range(3)]
    assert said[0] == said[1] == said[2] != []
