"""Readers ask nginx while the site is published and taken back; newsgen asks too, and goes back where it is not its own release that answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsgen.publish import go_live
from publish_helpers import KINDS, Publishing, Target, target_among
from reader_clients import polling
from servers import Sshd, both_servers, ground
from site_test import SiteTest, photo
from webservers import WebServer, nginx


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with ground() as folder:
        yield folder


@pytest.fixture(scope="module")
def servers(place: Path) -> Iterator[dict[str, Sshd]]:
    with both_servers(place, umask="077") as both:
        yield both


@pytest.fixture(params=KINDS)
def published(
    request: pytest.FixtureRequest,
    servers: dict[str, Sshd],
    place: Path,
    site: SiteTest,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Publishing:
    kind: str = request.param
    site.article("meetings/a/index.md", "![会场](p.jpg)\n", title="第一篇").write("content/meetings/a/p.jpg", photo())
    monkeypatch.setattr(go_live, "PATIENCE", 0.5)
    return Publishing(site, target_among(servers, kind, place), capsys)


@pytest.fixture
def web(published: Publishing, tmp_path: Path, place: Path) -> Iterator[WebServer]:
    """nginx for the target."""
    with serving(published.target, place / tmp_path.name) as server:
        yield server


def serving(target: Target, folder: Path) -> WebServer:
    """nginx that serves what a target serves."""
    folder.mkdir()
    return nginx(folder, f"root {target.docroot};\nlocation /.newsgen {{ return 404; }}\nerror_page 404 /404.html;")


def change_everything(site: SiteTest) -> None:
    """New texts, a new style, an article more."""
    site.write("theme/style.css", "body { color: #400 }\n")
    site.article("meetings/a/index.md", "![会场](p.jpg)\n\n改过了。\n", title="第一篇（改）")
    site.article("meetings/b.md", title="第二篇")


def test_readers_see_the_old_site_or_the_new_one(published: Publishing, web: WebServer) -> None:
    published.settings(http="yes", url=web.url)
    published.published()
    old = published.target.served()
    change_everything(published.site)
    assert published.site.build().code == 0
    new = {**published.built(), **{path: data for path, data in old.items() if path.startswith(("assets/", "media/"))}}
    atomic = not published.target.is_flat
    with polling(web.url, old, new, atomic) as readers:
        published.published()
    assert readers.faults == []
    assert readers.old_seen > 0
    assert readers.new_seen > 0
    back = {**old, **{path: data for path, data in new.items() if path.startswith(("assets/", "media/"))}}
    with polling(web.url, new, back, atomic) as readers:
        assert published.run("rollback").code == 0
    assert readers.faults == []
    assert published.target.served() == back
    assert published.run("verify").code == 0
    assert readers.new_seen > 0


def test_a_web_server_that_shows_something_else_makes_the_release_go_back(
    published: Publishing, web: WebServer, servers: dict[str, Sshd], place: Path, tmp_path: Path
) -> None:
    published.settings(http="yes", url=web.url)
    published.published()
    old = published.target.served()
    change_everything(published.site)
    (place / tmp_path.name / "elsewhere").mkdir()
    elsewhere = Target("folder-flat", place / tmp_path.name / "elsewhere", {})
    with serving(elsewhere, place / tmp_path.name / "other") as other:
        published.settings(http="yes", url=other.url)
        done = published.publish()
    assert done.code == 1
    assert {"live.answer", "publish.rolled-back"} <= set(done.codes())
    assert {path: published.target.served()[path] for path in old} == old
    assert published.run("verify").code == 0
    published.settings(http="yes", url=web.url)
    published.published()
    assert published.built().items() <= published.target.served().items()


@pytest.mark.parametrize("published", ["folder", "folder-flat"], indirect=True)
def test_the_first_release_stays_where_there_is_none_to_go_back_to(
    published: Publishing, place: Path, tmp_path: Path
) -> None:
    (place / tmp_path.name).mkdir()
    (place / tmp_path.name / "elsewhere").mkdir()
    elsewhere = Target("folder-flat", place / tmp_path.name / "elsewhere", {})
    with serving(elsewhere, place / tmp_path.name / "other") as other:
        published.settings(http="yes", url=other.url)
        done = published.publish()
    assert (done.code, done.codes()[-1]) == (1, "publish.no-way-back")
    assert "新的一版留在网站上" in done.stderr
    assert "没有改动" not in done.stderr
    assert published.target.served() == published.built()


@pytest.mark.parametrize("published", ["folder", "folder-flat"], indirect=True)
def test_what_was_withdrawn_comes_back_neither_by_rollback_nor_as_an_asset(
    published: Publishing, web: WebServer
) -> None:
    published.settings("  max_delete: 100%\n", http="yes", url=web.url)
    published.published()
    pictures = {path for path in published.built() if path.startswith("media/")}
    assert published.run("withdraw", "content/meetings/a", "--why", "当事人要求").code == 0
    published.published()
    served = published.target.served()
    assert pictures
    assert not pictures & served.keys()
    assert not any("第一篇".encode() in data for path, data in served.items())
    refused = published.run("rollback")
    assert (refused.code, refused.codes()) == (1, ["rollback.withdrawn"])
    assert published.target.served() == served
