"""What goes wrong between here and a server is told in Chinese, with a remedy, a stable code and exit code 2; nothing changes."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from disks import mounted
from newsgen.publish.transport.errors import MESSAGES, from_system, from_words
from newsgen.publish.transport.local_files import link_or_copy
from publish_helpers import Publishing, target_on
from servers import AS_ROOT, Sshd, both_servers, free_port, ground, make_key, shell_server
from site_test import SiteTest


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with ground() as folder:
        yield folder


@pytest.fixture(scope="module")
def servers(place: Path) -> Iterator[dict[str, Sshd]]:
    with both_servers(place) as both:
        yield both


@pytest.fixture(params=["ssh", "sftp"])
def server(request: pytest.FixtureRequest, servers: dict[str, Sshd]) -> Sshd:
    return servers[request.param]


@pytest.fixture
def published(
    request: pytest.FixtureRequest, server: Sshd, site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Publishing:
    site.article("meetings/a.md", title="第一篇")
    kind: str = request.node.callspec.params["server"]
    return Publishing(site, target_on(server, kind, tmp_path), capsys)


def refused(published: Publishing, **lines: object) -> str:
    """The code with which a target with these settings is refused."""
    published.settings("", **lines)
    done = published.publish()
    (code,) = done.codes()
    message, hint = MESSAGES[code]
    assert done.code == 2
    assert message in done.stderr
    assert hint in done.stderr
    assert "Traceback" not in done.stderr
    return str(code)


def test_nobody_listens(published: Publishing) -> None:
    assert refused(published, port=free_port()) == "publish.refused"


def test_a_host_that_does_not_exist(published: Publishing) -> None:
    assert refused(published, host="no-such-host.invalid") == "publish.no-such-host"


def test_a_host_key_that_nobody_has_checked(published: Publishing) -> None:
    published.site.write("known_hosts", "")
    assert refused(published, known_hosts="known_hosts") == "publish.unknown-host-key"


def test_a_host_key_that_is_another_one_now(published: Publishing, server: Sshd, tmp_path: Path) -> None:
    make_key(tmp_path / "other")
    public = (tmp_path / "other.pub").read_text("utf-8")
    published.site.write("known_hosts", f"[{server.host}]:{server.port} {public}")
    assert refused(published, known_hosts="known_hosts") == "publish.changed-host-key"


def test_a_key_that_the_server_does_not_know(published: Publishing, tmp_path: Path) -> None:
    make_key(tmp_path / "other")
    assert refused(published, key=tmp_path / "other") == "publish.denied-key"


def test_a_key_with_a_passphrase_asks_nobody(published: Publishing, tmp_path: Path) -> None:
    make_key(tmp_path / "locked", passphrase="secret")
    assert refused(published, key=tmp_path / "locked") in ("publish.bad-key", "publish.denied-key")


def test_a_key_file_that_is_not_there(published: Publishing, tmp_path: Path) -> None:
    assert refused(published, key=tmp_path / "nowhere") in ("publish.bad-key", "publish.denied-key")


def test_a_key_from_an_environment_variable_opens_and_is_shown_nowhere(
    published: Publishing, server: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = server.key.read_text("utf-8")
    monkeypatch.setenv("DEPLOY_KEY", text)
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    published.target.lines.pop("key")
    published.settings(key_env="DEPLOY_KEY")
    done = published.published()
    secret = text.splitlines()[2]
    assert secret not in done.stderr + str(done.document)
    for path in published.target.folder.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes()


@pytest.mark.parametrize("text", ["", "not a key"], ids=["empty", "wrong"])
def test_a_variable_without_a_key_is_told(published: Publishing, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("DEPLOY_KEY", text)
    published.target.lines.pop("key")
    published.settings(key_env="DEPLOY_KEY")
    done = published.publish()
    assert (done.code, done.codes()) == (2, ["publish.bad-key"])


def test_a_key_of_the_agent_opens(published: Publishing, server: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    started = subprocess.run(["ssh-agent", "-s"], capture_output=True, text=True, check=True).stdout
    agent = dict(part.split("=") for part in started.replace("\n", "").split(";") if "=" in part)
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", agent["SSH_AUTH_SOCK"])
        subprocess.run(["ssh-add", "-q", str(server.key)], check=True)
        published.target.lines.pop("key")
        published.settings()
        published.published()
    finally:
        os.kill(int(agent["SSH_AGENT_PID"]), 15)


def test_a_folder_that_may_not_be_written(published: Publishing) -> None:
    folder = published.target.folder
    folder.mkdir()
    folder.chmod(0o555)  # it is root's, where the tests are run by root
    assert refused(published) == "publish.not-permitted"
    assert list(folder.iterdir()) == []
    folder.chmod(0o755)


def test_a_disk_that_is_full(published: Publishing) -> None:
    with mounted(published.target.folder, "512k") as is_small:
        if not is_small:
            assert from_words("cat: write error: No space left on device", "x").code == "publish.no-space"
            return
        published.published()
        old = published.target.served()
        published.site.write("theme/film.bin", os.urandom(1_000_000)).article("meetings/b.md", title="第二篇")
        assert refused(published) == "publish.no-space"
        assert published.target.served() == old
        published.site.remove("theme/film.bin")
        published.published()
        assert published.target.served() == published.built()


def test_a_disk_that_turned_read_only(published: Publishing) -> None:
    with mounted(published.target.folder, "8m") as is_own:
        if not is_own:
            assert from_words("mkdir: cannot create: Read-only file system", "x").code == "publish.read-only"
            return
        published.published()
        published.site.article("meetings/b.md", title="第二篇")
        subprocess.run(["mount", "-o", "remount,ro", str(published.target.folder)], check=True)
        assert refused(published) == "publish.read-only"
        subprocess.run(["mount", "-o", "remount,rw", str(published.target.folder)], check=True)
        published.published()


def test_a_server_without_rsync(site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ground() as place, shell_server(place, lacks=["rsync"]) as server:
        published = Publishing(site, target_on(server, "ssh", tmp_path), capsys)
        assert refused(published) == "publish.no-rsync"


def test_a_server_that_gives_no_shell(
    servers: dict[str, Sshd], site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = Publishing(site, target_on(servers["sftp"], "ssh", tmp_path), capsys)
    assert refused(published) == "publish.no-shell"


def test_a_machine_without_rsync(
    servers: dict[str, Sshd],
    site: SiteTest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published = Publishing(site, target_on(servers["ssh"], "ssh", tmp_path), capsys)
    (tmp_path / "bin").mkdir()
    for tool in ("ssh", "sh"):
        (tmp_path / "bin" / tool).symlink_to(f"/usr/bin/{tool}")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert refused(published) == "publish.no-rsync-here"
    (tmp_path / "bin" / "ssh").unlink()
    assert refused(published) == "publish.no-ssh-here"


def test_a_share_that_is_not_mounted(site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published = Publishing(site, target_on(None, "folder", tmp_path), capsys)
    assert refused(published, path=tmp_path / "mnt" / "www") == "publish.no-folder"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("{kind: ssh, host: a, path: /srv/www, password: x}", "密码不能写在 site.yaml 里"),
        ("{kind: ftp, host: a, path: /srv/www}", "这里不能是 ftp"),
        ("{kind: ssh, path: /srv/www}", "缺少 host"),
        ("{kind: ssh, host: -oProxyCommand=x, path: /srv/www}", "不是服务器或用户的名字"),
        ("{kind: ssh, host: a, path: /}", "网站不能放在 /"),
        ("{kind: ssh, host: a, path: /srv/../etc}", "网站不能放在 /srv/../etc"),
        ("{kind: ssh, host: a, path: www}", "要从 / 写起"),
        ("{kind: ssh, host: a, path: /srv/www, key_env: a b}", "环境变量的名字"),
        ("{kind: ssh, host: a, path: /srv/www, prot: 22}", "是不是想写 port"),
    ],
)
def test_a_slip_in_site_yaml_is_told_with_its_line(site: SiteTest, lines: str, said: str) -> None:
    text = (site.root / "site.yaml").read_text("utf-8")
    result = site.write("site.yaml", f"{text}publish:\n  targets:\n    live: {lines}\n").build()
    assert result.code == 2
    assert said in result.stderr
    assert "site.yaml:7:" in result.stderr


def test_a_change_of_targets_renders_nothing(site: SiteTest) -> None:
    site.article("meetings/a.md").built()
    text = (site.root / "site.yaml").read_text("utf-8")
    site.write("site.yaml", f"{text}publish:\n  keep: 7\n  targets:\n    live: {{kind: folder, path: /srv/www/x}}\n")
    assert site.built().document["rendered"] == 0


def test_a_target_that_is_not_there_is_guessed(
    site: SiteTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = Publishing(site, target_on(None, "folder", tmp_path), capsys)
    done = published.publish("liev")
    assert (done.code, done.codes()) == (2, ["publish.no-target"])
    assert "是不是想写 live" in done.stderr


def test_root_runs_these_tests_as_nobody_on_the_far_side(servers: dict[str, Sshd]) -> None:
    assert not AS_ROOT or servers["ssh"].folder.stat().st_uid != 0


def test_a_file_that_another_program_holds_open_is_told_as_that() -> None:
    class Held(PermissionError):
        winerror = 32

    assert from_system(Held(errno.EACCES, "denied"), "W:").code == "publish.in-use"
    assert from_system(PermissionError(errno.EACCES, "denied"), "W:").code == "publish.not-permitted"


def test_a_name_of_a_file_that_is_held_open_is_made_as_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page").write_text("旧的")
    renamed = os.replace

    def refuses(source: Path, target: Path) -> None:
        if source.samefile(tmp_path / "page"):
            raise PermissionError(errno.EACCES, "held")
        renamed(source, target)

    monkeypatch.setattr(os, "replace", refuses)
    link_or_copy(tmp_path / "page", tmp_path / "kept", tmp_path / "kept.new")
    assert (tmp_path / "kept").read_text() == "旧的"
    assert {path.name for path in tmp_path.iterdir()} == {"page", "kept"}
