"""The servers of the tests are what they say: real, closed to strangers, and gone when they are ended."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

import servers
import webservers
from servers import Sshd


@pytest.fixture
def ground() -> Iterator[Path]:
    with servers.ground() as folder:
        yield folder


def trust(server: Sshd, key: Path | None = None) -> list[str]:
    """The options of OpenSSH's programs for this server."""
    words = [f"UserKnownHostsFile={server.known_hosts}", "BatchMode=yes", "IdentitiesOnly=yes"]
    return ["-F", "none", "-i", str(key or server.key), *(part for word in words for part in ("-o", word))]


def ssh(server: Sshd, command: str, key: Path | None = None) -> subprocess.CompletedProcess[str]:
    words = ["ssh", *trust(server, key), "-p", str(server.port), f"{server.user}@{server.host}", command]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=servers.LIMIT)


def sftp(server: Sshd, batch: str) -> subprocess.CompletedProcess[str]:
    words = ["sftp", *trust(server), "-P", str(server.port), "-b", "-", f"{server.user}@{server.host}"]
    return subprocess.run(words, input=batch, capture_output=True, text=True, check=False, timeout=servers.LIMIT)


def test_a_key_opens_the_shell_of_a_user_who_may_not_everything(ground: Path) -> None:
    with servers.shell_server(ground, umask="077") as server:
        done = ssh(server, "pwd; id -u; umask; touch a && rsync --version | head -1")
        assert done.returncode == 0, done.stderr
        folder, user, umask, version = done.stdout.splitlines()
        assert (folder, umask[-3:]) == (server.path, "077")
        assert user != "0"
        assert version.startswith("rsync")
        assert (server.folder / "a").is_file()


def test_a_stranger_s_key_is_refused(ground: Path) -> None:
    servers.make_key(ground / "other")
    with servers.shell_server(ground) as server:
        done = ssh(server, "true", ground / "other")
        assert done.returncode == 255
        assert "Permission denied (publickey)" in done.stderr


def test_programs_that_a_host_lacks_are_not_found(ground: Path) -> None:
    with servers.shell_server(ground, lacks=["rsync"]) as server:
        assert ssh(server, "ls && rsync --version").returncode == 127


def test_files_come_into_the_chroot_and_nothing_else_is_seen_or_run(ground: Path) -> None:
    (ground / "a.txt").write_text("一", "utf-8")
    with servers.sftp_server(ground) as server:
        done = sftp(server, f"put {ground}/a.txt {server.path}/b.txt\nls -1 /\n")
        assert done.returncode == 0, done.stderr
        assert (server.folder / "b.txt").read_text("utf-8") == "一"
        assert not servers.AS_ROOT or done.stdout.split()[-1] == "/site"
        assert ssh(server, "echo shell").stdout != "shell\n"


def test_a_read_only_server_takes_nothing(ground: Path) -> None:
    with servers.sftp_server(ground, read_only=True) as server:
        assert sftp(server, f"mkdir {server.path}/x\n").returncode != 0
        assert not (server.folder / "x").exists()


def test_a_server_that_was_killed_is_gone_with_its_sessions_and_can_be_started_again(ground: Path) -> None:
    with servers.shell_server(ground) as server:
        command = ["ssh", *trust(server), "-p", str(server.port), f"{server.user}@{server.host}", "echo on; cat"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as open_:
            assert open_.stdout
            assert open_.stdout.readline() == b"on\n"
            server.kill()
            assert open_.wait(servers.LIMIT) == 255
        assert ssh(server, "true").returncode == 255
        server.start()
        assert ssh(server, "true").returncode == 0


def test_nginx_and_apache_serve_a_folder(ground: Path) -> None:
    (ground / "www").mkdir()
    (ground / "www" / "a.html").write_text("一", "utf-8")
    allowed = f"DocumentRoot {ground}/www\n<Directory {ground}/www>\nRequire all granted\n</Directory>"
    with webservers.nginx(ground, f"root {ground}/www;") as one, webservers.apache(ground, allowed) as other:
        for server in (one, other):
            with urlopen(f"{server.url}a.html", timeout=servers.LIMIT) as answer:
                assert answer.read().decode() == "一"
                assert answer.headers["Content-Type"].startswith("text/html")
