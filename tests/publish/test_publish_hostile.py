"""Somebody who can write to a target, a server that means harm, a site that was handed over: nothing is run, missed or followed."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from newsgen.publish import lock
from newsgen.publish.release import commit_of
from newsgen.publish.transport import sftp_tree, shell
from publish_helpers import Beginnings, Publishing, target_on
from servers import AS_ROOT, HOST, Sshd, make_key
from site_test import SiteTest

ESCAPE = "\x1b]0;owned\x07\x1b[2J"


@pytest.fixture
def published(publishing: Publishing, beginnings: Beginnings) -> Publishing:
    """A site that was published once, to a target of each kind."""
    return beginnings.begin(publishing, "published once", publishing.published)


def test_verify_sees_whatever_lies_among_the_pages(published: Publishing) -> None:
    docroot = published.target.docroot
    shown = ["index.html\nxx404.html", "index.html@", "\x1b[2J.html", "a\\b.html", "会.html", " ", "zu\u202ename.html"]
    for name in shown:
        (docroot / name).write_bytes(b"x")
    Path(os.fsdecode(bytes(docroot) + b"/\xff.html")).write_bytes(b"x")
    if not published.target.is_flat:
        (docroot / ".newsgen").mkdir()
        (docroot / ".newsgen/evil.html").write_bytes(b"x")
        shown.append(".newsgen/evil.html")
    (docroot / "feed.xml").unlink()
    os.mkfifo(docroot / "feed.xml")
    (docroot / "robots.txt").unlink()
    (docroot / "robots.txt").mkdir()
    (docroot / "link").symlink_to("/etc")
    found = published.run("verify")
    assert found.code == 1
    assert set(found.document["extra"]) == {*shown, "\udcff.html", "link"}
    assert found.document["changed"] == ["feed.xml"]
    assert found.document["missing"] == ["robots.txt"]
    assert "index.html" not in found.document["changed"]
    assert "\x1b" not in found.stderr
    assert "\u202e" not in found.stderr


def test_what_is_called_like_a_folder_of_newsgen_and_is_a_link_is_deleted_and_not_followed(
    published: Publishing, tmp_path: Path
) -> None:
    state = published.target.folder / ".newsgen"
    precious = published.target.folder.with_name(f"{published.target.folder.name}-precious")
    precious.mkdir()
    (precious / "file").write_text("x", "utf-8")
    precious.chmod(0o777)
    for name in ("next-x", "trash-x", "turn-9"):
        (state / name).symlink_to(precious)
    (state / "turn-1").symlink_to("nowhere")
    (state / "turn-2").write_text("x", "utf-8")
    published.site.article("meetings/b.md", title="第二篇")
    published.published()
    assert [path.name for path in state.iterdir() if path.name.startswith(("next-", "turn-", "trash-"))] == []
    (state / "turn-9").symlink_to(precious)
    assert published.run("unlock").code == 0
    assert not (state / "turn-9").is_symlink()
    assert published.run("rollback").code == 0
    assert (precious / "file").read_text("utf-8") == "x"


@pytest.mark.parametrize("name", ["next-x", "trash-x", "turn-9"])
def test_what_cannot_be_deleted_is_named(published: Publishing, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(lock, "HEARTBEAT", 0.1)
    monkeypatch.setattr(lock, "LEASE", 0.2)
    state = published.target.folder / ".newsgen"
    (state / name).mkdir()
    (state / name / "file").write_text("x", "utf-8")
    published.site.article("meetings/b.md", title="第二篇")
    done = published.publish()
    if AS_ROOT and not published.target.kind.startswith("folder"):  # it is root's, and we are nobody there
        assert (done.code, done.codes()) == (2, ["publish.leftover"]), done.stderr
        assert name.split("-")[0].replace("turn", "trash") in done.stderr
        assert published.run("unlock").code == 0
        shutil.rmtree(state / name, ignore_errors=True)
        for left in state.glob("trash-*"):
            shutil.rmtree(left)
    published.published()
    assert published.run("verify").code == 0


@pytest.mark.parametrize("name", ["marker.json", "state.json"])
def test_a_pipe_in_the_place_of_newsgen_s_own_file_is_told(published: Publishing, name: str) -> None:
    path = published.target.folder / ".newsgen" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    if name == "marker.json" or published.target.is_flat:
        done = published.publish()
        assert done.code == 2, done.stderr
        assert name in done.stderr
        assert published.run("verify").code == 2


@pytest.mark.parametrize("plant", ["pipe", "file", "link that leads nowhere"])
@pytest.mark.parametrize("name", [".newsgen/records", ".newsgen/lists", "own"])
def test_what_stands_in_the_place_of_a_folder_of_newsgen_is_named_and_can_be_moved_away(
    published: Publishing, beginnings: Beginnings, name: str, plant: str
) -> None:
    folder = {True: ".newsgen/kept", False: "releases"}[published.target.is_flat] if name == "own" else name
    place, aside = published.target.folder / folder, published.target.folder.parent / "aside"
    published.site.article("meetings/a.md", "一句。\n", title="第一篇")
    beginnings.begin(published, "published twice", published.published)  # the first release had replaced nothing
    before = published.target.served()
    place.rename(aside)
    if plant == "pipe":
        os.mkfifo(place)
    elif plant == "file":
        place.write_bytes(b"theirs")
    else:
        place.symlink_to("nowhere")
    published.site.article("meetings/a.md", "正文改了。\n", title="第一篇")
    refused = published.publish()
    assert (refused.code, refused.codes()) == (2, ["publish.strange-folder"])
    assert f"/{folder}" in refused.stderr
    place.unlink()
    aside.rename(place)
    assert published.target.served() == before
    published.published()
    assert published.target.served() == published.built()


def test_releases_may_lie_on_another_disk(published: Publishing) -> None:
    if not published.target.is_flat:
        place = published.target.folder / "releases"
        aside = published.target.folder.with_name(f"{published.target.folder.name}-disk")
        place.rename(aside)
        place.symlink_to(f"../{aside.name}")
    published.site.article("meetings/a.md", "正文改了。\n", title="第一篇")
    published.published()
    assert published.target.served() == published.built()


def test_what_a_stranger_wrote_into_newsgen_s_own_files_is_no_message_for_the_terminal(published: Publishing) -> None:
    state = published.target.folder / ".newsgen"
    (record,) = (state / "records").glob("*.json")
    text = record.read_text("utf-8")
    for old, new in (('"builder": "', '"builder": "\\u001b[2J'), ('"created": "', '"created": "\\u001b]0;x')):
        record.write_text(text.replace(old, new), "utf-8")
        assert published.run("releases").codes() == ["publish.damaged-record"]
    record.write_text(text, "utf-8")
    marker = state / "marker.json"
    marker.write_text('{"site":"\\u001b[2Jx","layout":"flat","format":1}', "utf-8")
    done = published.publish()
    assert done.codes() == ["publish.other-site"]
    assert "\x1b" not in done.stderr


# ---------------------------------------------------------------- servers that mean harm


READY = "echo newsgen-ready"
SILENT = {"exec sleep 1000": "START", f"{READY}; exec sleep 1000": "LONGEST"}
"""Scripts that answer nothing, with the limit that ends each."""


@pytest.mark.parametrize(
    ("script", "code"),
    [
        *((script, "publish.silent") for script in SILENT),
        (f"{READY}; exec cat", "publish.cut"),
        (f"{READY}; echo 0 99999999999999 0; exec cat /dev/zero", "publish.strange-answer"),
        (f"{READY}; echo 0 -1 0; exec cat /dev/zero", "publish.strange-answer"),
        (f"{READY}; echo ٣ x y", "publish.cut"),
        (f"{READY}; exec cat /dev/zero", "publish.cut"),
        ("exec cat /dev/zero", "publish.noisy-shell"),
        ("printf '\\033]0;owned\\007\\033[2J\\n'; printf '\\033[2J boo\\n' >&2", "publish.noisy-shell"),
        (f"{READY}; printf '1 0 9\\n\\033[2J boo\\n'; exec cat >/dev/null", "publish.failed"),
    ],
)
def test_a_shell_that_means_harm_is_told_and_not_waited_for(
    servers: dict[str, Sshd],
    site: SiteTest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    code: str,
) -> None:
    monkeypatch.setattr(shell, "END", 0.2)  # whether one ends or is ended changes no answer
    if script in SILENT:
        monkeypatch.setattr(shell, SILENT[script], 1.0)
    site.article("meetings/a.md", title="第一篇")
    published = Publishing(site, target_on(servers["ssh"], "ssh", tmp_path), capsys)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/ssh").write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (tmp_path / "bin/ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    done = published.publish()
    assert (done.code, done.codes()) == (2, [code]), done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr


class Harmful(asyncssh.SFTPServer):
    """An SFTP server that answers every question in one harmful way."""

    way = ""

    async def _harm(self) -> Any:
        if self.way == "silent":
            await asyncio.sleep(1000)
        raise asyncssh.SFTPFailure(f"{ESCAPE}boo")

    async def lstat(self, path: bytes) -> Any:
        return await self._harm()

    async def stat(self, path: bytes) -> Any:
        if self.way == "endless":
            raise asyncssh.SFTPNoSuchFile("no such file")
        return await self._harm()

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        return await self._harm()

    async def scandir(self, path: bytes) -> Any:
        if self.way != "endless":
            await self._harm()
        while True:
            yield asyncssh.SFTPName(os.urandom(20).hex().encode(), attrs=asyncssh.SFTPAttrs(permissions=0o040755))


class Trusting(asyncssh.SSHServer):
    """Lets everybody in."""

    def begin_auth(self, username: str) -> bool:
        """See asyncssh.SSHServer."""
        return False


@contextmanager
def harmful_server(way: str, key: Path) -> Iterator[int]:
    """The port of a server that does harm this way."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    factory = type("Way", (Harmful,), {"way": way})

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            HOST, 0, server_factory=Trusting, server_host_keys=[str(key)], sftp_factory=factory
        )

    async def end(made: asyncssh.SSHAcceptor) -> None:
        made.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    made = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    try:
        yield made.get_port()
    finally:
        asyncio.run_coroutine_threadsafe(end(made), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.mark.parametrize(
    ("way", "code"),
    [("silent", "publish.silent"), ("escapes", "publish.failed"), ("endless", "publish.strange-answer")],
)
def test_an_sftp_server_that_means_harm_is_told_and_not_waited_for(
    servers: dict[str, Sshd],
    site: SiteTest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    code: str,
) -> None:
    monkeypatch.setattr(sftp_tree, "MOST_NAMES", 500)
    if way == "silent":
        monkeypatch.setattr(sftp_tree, "LONGEST", 1.0)
    site.article("meetings/a.md", title="第一篇")
    published = Publishing(site, target_on(servers["sftp"], "sftp", tmp_path), capsys)
    key = servers["sftp"].host_key
    with harmful_server(way, key) as port:
        site.write("known", f"[{HOST}]:{port} {key.with_suffix('.pub').read_text('utf-8')}")
        published.settings(port=port, known_hosts=site.root / "known")
        done = published.publish()
    assert (done.code, done.codes()) == (2, [code]), done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_another_kind_of_host_key_is_told_as_one(
    servers: dict[str, Sshd], site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    server = servers["sftp"]
    command = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(tmp_path / "other")]
    subprocess.run(command, check=True)
    site.write("known", f"[{server.host}]:{server.port} {(tmp_path / 'other.pub').read_text('utf-8')}")
    published = Publishing(site, target_on(server, "sftp", tmp_path), capsys)
    published.settings(known_hosts=site.root / "known")
    assert published.publish().codes() == ["publish.changed-host-key"]


@pytest.mark.parametrize("name", ["a b", "50%", "%h %%", 'a"b', "a'b", "${HOME}", "a\\b", "#a", "党 群"])
@pytest.mark.parametrize("kind", ["ssh", "sftp"])
def test_key_files_may_lie_in_folders_of_any_name(
    servers: dict[str, Sshd],
    site: SiteTest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    name: str,
) -> None:
    server, folder = servers[kind], site.root / name
    folder.mkdir()
    for file in (server.key, server.known_hosts):
        shutil.copy(file, folder / file.name)
    published = Publishing(site, target_on(server, kind, tmp_path), capsys)
    quoted = name.replace("'", "''")
    published.settings(key=f"'{quoted}/key'", known_hosts=f"'{quoted}/known_hosts'")
    site.article("meetings/a.md", title="第一篇")
    published.published()


# ---------------------------------------------------------------- sites that were handed over


def repository(root: Path) -> None:
    """A git repository with one commit, and a changed file."""
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "-m", "x"],
    ):
        subprocess.run(["git", "-C", str(root), *words], check=True, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize(
    "settings",
    [
        {"core.fsmonitor": "touch {ran}; false"},
        {"filter.x.clean": "touch {ran}; cat", "filter.x.required": "true"},
        {"filter.a.b.clean": "touch {ran}; cat"},
        {"filter.x.process": "touch {ran}"},
        {"include.path": "more"},
        {"core.hooksPath": "hooks"},
    ],
)
def test_git_runs_nothing_that_the_site_s_own_settings_name(tmp_path: Path, settings: dict[str, str]) -> None:
    root, ran = tmp_path / "site", tmp_path / "ran"
    root.mkdir()
    (root / "a.txt").write_text("x", "utf-8")
    (root / ".gitattributes").write_text("a.txt filter=x\nb.txt filter=a.b\n", "utf-8")
    (root / "b.txt").write_text("x", "utf-8")
    repository(root)
    for key, value in settings.items():
        told = value.format(ran=ran)
        subprocess.run(["git", "-C", str(root), "config", key, told], check=True)
    (root / ".git/more").write_text(f'[filter "x"]\n\tclean = touch {ran}; cat\n', "utf-8")
    hooks = [root / "hooks" / "post-index-change", root / ".git/hooks/post-index-change"]
    for hook in hooks:
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {ran}\n", "utf-8")
        hook.chmod(0o755)
    for name in ("a.txt", "b.txt"):
        (root / name).write_text("y", "utf-8")
        os.utime(root / name, (1, 1))
    commit, modified = commit_of(root)
    assert commit
    assert modified
    assert not ran.exists()


def test_git_s_names_are_no_text_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", "utf-8")
    repository(tmp_path)
    subprocess.run(["git", "-C", str(tmp_path), "config", "core.quotepath", "false"], check=True)
    assert commit_of(tmp_path)[1] is False
    (tmp_path / "报告.md").write_text("x", "utf-8")
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff")).write_text("x", "utf-8")
    assert commit_of(tmp_path)[1] is True


def pasted(key: list[str]) -> dict[str, str]:
    """Ways in which people paste a private key into site.yaml."""
    indented = "".join(f"        {row}\n" for row in key)
    return {
        "block": f"      key: |\n{indented}",
        "folded": f"      key: >\n{indented}",
        "below": f"      key:\n{indented}",
        "one-line": f"      key: {' '.join(key)}\n",
        "quoted": '      key: "' + "\\n".join(key) + '"\n',
        "flush": f"      key: {key[0]}\n" + "\n".join(key[1:]) + "\n",
        "indented": f"      key: {key[0]}\n" + "".join(f"      {row}\n" for row in key[1:]),
        "list": f"      key: [{', '.join(key)}]\n",
        "frameless": f"      key: {''.join(key[1:-1])}\n",
        "first": f"      key: {key[1]}\n",
        "elsewhere": f"      private_key: |\n{indented}",
        "variable": f"      key_env: {key[1]}\n",
        "port": f"      port: {key[1]}\n",
        "a-key": f"      {key[1]}: x\n",
        "colon": f"      key：{key[1]}\n",
        "signing": f"  sign:\n    signers: x\n    key: |\n{indented}",
    }


@pytest.mark.parametrize("way", pasted(["a", "b", "c"]))
def test_a_private_key_in_site_yaml_is_refused_and_not_printed(
    site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    make_key(tmp_path / "k")
    key = (tmp_path / "k").read_text("utf-8").split("\n")[:-1]
    published = Publishing(site, target_on(None, "folder", tmp_path), capsys)
    text = (site.root / "site.yaml").read_text("utf-8")
    site.write("site.yaml", text + pasted(key)[way])
    done = published.publish()
    assert done.code == 2
    assert "site.yaml 里" in done.stderr
    told = done.stderr + str(done.document)
    pieces = {row[at : at + 12] for row in key[1:-1] for at in range(len(row) - 11)}
    assert not [piece for piece in pieces if piece in told]
    assert done.document["diagnostics"][0]["line"] > 4
