"""Bad news that may be over in a moment: an editor between two steps of a save flashes no fault and takes no page away."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.preview import loop
from newsgen.preview.session import Session, ShownVersion
from oracle import START
from preview_helpers import previewed
from running import LIMIT
from site_test import SiteTest

ARTICLE = "content/meetings/a.md"
PAGE = "meetings/2024/0313-a.html"


@pytest.fixture
def saved(site: SiteTest) -> SiteTest:
    """A site with an article, a template and a style sheet of its own."""
    site.article("meetings/a.md", "旧的。\n").write("templates/extra.html", "{# 空的 #}\n")
    return site.write("theme/extra.css", "a { color: red; }\n")


def emptied(root: Path, name: str) -> None:
    (root / name).write_bytes(b"")


def put_aside(root: Path, name: str) -> None:
    (root / name).rename(root / f"{name}~")


def deleted(root: Path, name: str) -> None:
    (root / name).unlink()


def half_written(root: Path, name: str) -> None:
    data = (root / name).read_bytes()
    (root / name).write_bytes(data[:8])


@pytest.mark.parametrize("begin", [emptied, put_aside, deleted])
@pytest.mark.parametrize("name", [ARTICLE, "theme/extra.css", "templates/extra.html", "site.yaml"])
def test_the_first_step_of_a_save_is_not_told(saved: SiteTest, name: str, begin: Callable[[Path, str], None]) -> None:
    session = Session(saved.root, lambda: START)
    before = session.look()
    data = (saved.root / name).read_bytes()
    begin(saved.root, name)
    assert session.look(is_sure=False) is before
    assert session.is_in_doubt
    (saved.root / f"{name}~").unlink(missing_ok=True)
    (saved.root / name).write_bytes(data)
    session.look(is_sure=False)
    assert (session.version.number, session.is_in_doubt) == (before.number, False)
    session.close()


@pytest.mark.parametrize("begin", [emptied, half_written, deleted])
def test_what_lasts_is_told(saved: SiteTest, begin: Callable[[Path, str], None]) -> None:
    session = Session(saved.root, lambda: START)
    before = session.look()
    begin(saved.root, ARTICLE)
    assert session.look(is_sure=False) is before
    told = session.look(is_sure=True)
    assert told.errors if begin is not deleted else PAGE not in told.outputs
    assert not session.is_in_doubt
    session.close()


def test_what_is_renamed_is_not_gone(saved: SiteTest) -> None:
    session = Session(saved.root, lambda: START)
    session.look()
    (saved.root / ARTICLE).rename(saved.root / "content/meetings/b.md")
    assert "meetings/2024/0313-b.html" in session.look(is_sure=False).outputs
    (saved.root / "content/meetings").rename(saved.root / "content/huiyi")
    assert "huiyi/2024/0313-b.html" in session.look(is_sure=False).outputs
    session.close()


def test_a_fault_that_is_told_already_is_no_news(saved: SiteTest) -> None:
    session = Session(saved.root, lambda: START)
    session.look()
    saved.article("meetings/b.md", date="昨天").article("meetings/c.md", date="明天")
    assert len(session.look().errors) == 2
    saved.article("meetings/c.md", title="另一篇")
    assert len(session.look(is_sure=False).errors) == 1, "one of two is mended: told at once"
    session.close()


@pytest.mark.parametrize("begin", [emptied, put_aside])
def test_a_save_in_two_steps_shows_the_new_page_and_nothing_else(
    saved: SiteTest, begin: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MOMENT", LIMIT)
    with previewed(saved.root) as preview:
        told: list[ShownVersion] = []
        preview.listeners.append(told.append)
        begin(saved.root, ARTICLE)
        assert preview.wait(lambda version: preview.session.is_in_doubt, LIMIT)
        saved.article("meetings/a.md", "新的。\n")
        assert preview.wait(lambda version: bool(told), LIMIT)
        assert not any(version.errors for version in told)
        assert all(PAGE in version.outputs for version in told)


def test_what_lasts_longer_than_a_moment_is_told_without_another_notice(
    saved: SiteTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "AGAIN", 3 * LIMIT)
    with previewed(saved.root) as preview:
        emptied(saved.root, ARTICLE)
        assert preview.wait(lambda version: bool(version.errors), LIMIT)
        shutil.rmtree(saved.root / "content/meetings")
        assert preview.wait(lambda version: PAGE not in version.outputs and not version.errors, LIMIT)
