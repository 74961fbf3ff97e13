"""Publishing to real servers: what a web keeper does, target by target."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsgen.publish.transport.local import Folder
from publish_helpers import Beginnings, Publishing
from servers import Sshd, both_servers, ground


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Sshd]]:
    """An sshd with a shell and one with SFTP alone; their umask would keep the web server out."""
    with ground() as place, both_servers(place, umask="077") as both:
        yield both


@pytest.fixture
def published(publishing: Publishing) -> Publishing:
    """A site with an article and a target of each kind."""
    publishing.site.article("meetings/a.md", title="第一篇", summary="摘要")
    return publishing


@pytest.fixture
def live(published: Publishing, beginnings: Beginnings) -> Publishing:
    """The site, published once."""
    return beginnings.begin(published, "published once, with a summary", published.published)


def test_what_is_served_is_what_was_built(published: Publishing) -> None:
    done = published.published()
    assert published.target.served() == published.built()
    assert set(done.document["added"]) == published.built().keys()
    assert done.document["previous"] is None


def test_an_edit_travels_and_nothing_else(live: Publishing) -> None:
    live.site.article("meetings/a.md", "正文改了。\n", title="第一篇", summary="摘要")
    done = live.published()
    assert live.target.served() == live.built()
    assert done.document["changed"] == ["meetings/2024/0313-a.html"]
    assert (done.document["added"], done.document["deleted"]) == ([], [])


def test_nothing_changed_makes_no_release(published: Publishing) -> None:
    first = published.published()
    again = published.published()
    assert again.document["published"] is False
    assert again.document["release"] == first.document["release"]


def test_a_dry_run_lists_what_would_change_and_changes_nothing(published: Publishing) -> None:
    dry = published.published("--dry-run")
    assert set(dry.document["added"]) == set(published.built())
    assert not published.target.folder.exists()
    published.published()
    before = published.target.served()
    published.site.article("meetings/b.md", title="第二篇").remove("content/meetings/a.md")
    dry = published.published("--dry-run", "--max-delete", "100%")
    assert published.target.served() == before
    real = published.published("--max-delete", "100%")
    for kind in ("added", "changed", "deleted"):
        assert dry.document[kind] == real.document[kind], kind
    assert "meetings/2024/0313-a.html" in real.document["deleted"]
    assert published.target.served() == published.built()


def test_the_release_before_comes_back_and_the_next_edit_goes_on_from_there(live: Publishing) -> None:
    first = live.target.served()
    live.site.article("meetings/b.md", title="第二篇")
    live.published()
    second = live.target.served()
    assert first != second
    back = live.run("rollback")
    assert (back.code, live.target.served()) == (0, first), back.stderr
    live.site.article("meetings/c.md", title="第三篇")
    live.published()
    assert live.target.served() == live.built()


def test_every_file_and_folder_is_readable_by_the_web_server_whatever_the_umask(published: Publishing) -> None:
    published.published()
    published.site.article("notes/x/index.md", title="深处").section("notes", "札记")
    published.published()
    for path in [published.target.docroot.resolve(), *published.target.docroot.resolve().rglob("*")]:
        if ".newsgen" not in path.parts:
            wanted = 0o755 if path.is_dir() else 0o644
            assert path.stat().st_mode & 0o777 == wanted, path


def test_verify_finds_what_was_changed_deleted_and_added(live: Publishing) -> None:
    assert live.run("verify").document["ok"] is True
    docroot = live.target.docroot
    (docroot / "index.html").write_bytes(b"<p>\xe5\x8d\x9a\xe5\xbd\xa9</p>")
    (docroot / "feed.xml").unlink()
    (docroot / "assets" / "x.php").write_bytes(b"<?php")
    (docroot / "robots.txt").unlink()
    (docroot / "robots.txt").symlink_to("/etc/passwd")
    (docroot / "up").symlink_to("/etc")
    found = live.run("verify")
    assert found.code == 1
    assert found.document["changed"] == ["index.html", "robots.txt"]
    assert found.document["missing"] == ["feed.xml"]
    assert found.document["extra"] == ["assets/x.php", "up"]


def test_what_was_altered_there_is_restored_by_publishing_again(live: Publishing) -> None:
    (live.target.docroot / "index.html").write_bytes(b"altered")
    (live.target.docroot / "feed.xml").unlink()
    assert live.published().document["published"] is False
    live.published("--again")
    assert live.run("verify").document["ok"] is True
    assert live.target.served() == live.built()


def test_a_folder_with_files_of_others_is_left_alone(published: Publishing) -> None:
    folder = published.target.folder
    (folder / "photos").mkdir(parents=True)
    (folder / "photos" / "party.jpg").write_bytes(b"theirs")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    refused = published.publish()
    assert (refused.code, refused.codes()) == (2, ["publish.foreign"])
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_target_of_another_site_is_left_alone(live: Publishing) -> None:
    before = live.target.served()
    text = (live.site.root / "site.yaml").read_text("utf-8")
    live.site.write("site.yaml", text.replace("/dqgz/", "/other/"))
    refused = live.publish()
    assert (refused.code, refused.codes()) == (2, ["publish.other-site"])
    assert live.target.served() == before


def test_more_deletions_than_allowed_are_refused(published: Publishing) -> None:
    for number in range(40):
        published.site.article(f"meetings/{number}.md", title=f"第{number}篇")
    published.published()
    before = published.target.served()
    for number in range(40):
        published.site.remove(f"content/meetings/{number}.md")
    refused = published.publish()
    assert (refused.code, refused.codes()) == (1, ["publish.too-many-deleted"])
    assert published.target.served() == before
    published.published("--max-delete", "90%")
    assert published.target.served() == published.built()


def test_assets_stay_for_open_pages_and_go_in_the_end(published: Publishing) -> None:
    published.settings("  carry: 2\n  keep: 2\n")
    published.site.write("theme/style.css", "body { color: #123456 }\n")
    published.published()
    style = next(path for path in published.built() if path.startswith("assets/style."))
    for number, stays in enumerate((True, True, False)):
        published.site.write("theme/style.css", f"body {{ color: #00000{number} }}\n")
        done = published.published()
        assert (style in published.target.served()) is stays, number
        assert (style in done.document["carried"]) is stays
    assert published.run("verify").document["ok"] is True


def test_old_releases_are_pruned_and_what_is_left_can_be_gone_back_to(published: Publishing) -> None:
    published.settings("  keep: 3\n")
    seen = {}
    for number in range(6):
        published.site.article("meetings/a.md", f"第 {number} 次。\n", title="第一篇")
        name = published.published().document["release"]
        seen[name] = published.target.served()
    listed = published.run("releases").document
    assert [item["id"] for item in listed["releases"]] == sorted(seen)[-3:]
    assert listed["live"] == max(seen)
    for name in [item["id"] for item in listed["releases"][:-1]]:
        assert published.run("rollback", name).code == 0
        assert published.target.served() == seen[name]
    state = published.target.folder / ".newsgen"
    assert sorted(path.name for path in state.iterdir() if path.name.startswith(("next-", "trash-", "turn-"))) == []


def test_a_release_says_what_it_was_made_of(live: Publishing) -> None:
    (release,) = live.run("releases").document["releases"]
    assert release["files"] == len(live.built())
    assert release["size"] == sum(map(len, live.built().values()))
    assert release["commit"] is None
    assert release["live"] is True


@pytest.mark.parametrize("publishing", ["folder", "folder-flat"], indirect=True)
def test_what_the_first_moments_of_a_killed_publish_leave_is_not_taken_for_somebody_else_s(
    published: Publishing,
) -> None:
    state = published.target.folder / ".newsgen"
    state.mkdir(parents=True)
    (state / ".newsgen_probe.newsgen-new").symlink_to("nowhere")
    (state / "marker.json.newsgen-new").write_bytes(b"{")
    published.published()
    assert published.target.served() == published.built()


@pytest.mark.parametrize("publishing", ["folder"], indirect=True)
def test_where_no_links_can_be_made_the_site_lies_flat(published: Publishing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Folder, "set_link", lambda *_: False)
    published.published()
    folder = published.target.folder
    assert not (folder / "current").exists()
    assert {path: (folder / path).read_bytes() for path in published.built()} == published.built()
    published.settings(layout="releases")
    assert published.publish().codes() == ["publish.layout"]


@pytest.mark.parametrize("publishing", ["folder", "folder-flat"], indirect=True)
def test_a_site_with_an_error_is_not_sent(live: Publishing) -> None:
    before = live.target.served()
    live.site.article("meetings/b.md", date="某日")
    refused = live.publish()
    assert refused.code == 1
    assert live.target.served() == before


@pytest.mark.parametrize("publishing", ["folder-flat"], indirect=True)
def test_a_file_that_somebody_put_where_a_page_will_be_is_left_alone(live: Publishing) -> None:
    theirs = live.target.folder / "meetings" / "2024" / "0313-b.html"
    theirs.write_bytes(b"theirs")
    live.site.article("meetings/b.md", title="第二篇")
    refused = live.publish()
    assert (refused.code, refused.codes()) == (2, ["publish.foreign"])
    assert theirs.read_bytes() == b"theirs"


@pytest.mark.parametrize("publishing", ["folder-flat"], indirect=True)
def test_nothing_is_written_through_a_folder_that_became_a_link(live: Publishing, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (live.target.folder / "meetings").rename(elsewhere)
    (live.target.folder / "meetings").symlink_to(elsewhere)
    before = {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}
    live.site.article("meetings/a.md", "改了。\n", title="第一篇", summary="摘要")
    assert live.publish().codes() == ["publish.foreign"]
    assert {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("publishing", ["folder"], indirect=True)
def test_a_current_that_somebody_made_is_left_alone(live: Publishing, tmp_path: Path) -> None:
    live.target.docroot.unlink()
    live.target.docroot.symlink_to(tmp_path)
    for words in (["publish"], ["verify"], ["rollback"]):
        done = live.run(*words)
        assert (done.code, done.codes()) == (1, ["publish.current-altered"]), words
    assert live.target.docroot.readlink() == tmp_path
