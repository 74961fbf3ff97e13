"""Real servers: sshd with a shell, sshd with SFTP alone in a chroot; webservers.py has nginx and Apache.

Each listens on a free port of 127.0.0.1, has its configuration and its files in a folder of its own, and is ended by its
process id. They run as root would run them where the tests do: the far user and the web server's user are then
`nobody`, so that permissions count; elsewhere everything is done by whoever runs the tests, and there is no chroot.
"""

from __future__ import annotations

import atexit
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

LIMIT = 30.0
"""Seconds in which a server must have come up or gone down."""
HOST = "127.0.0.1"
AS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")
MORE_PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")
SFTP_SERVERS = ("/usr/lib/openssh/sftp-server", "/usr/lib/ssh/sftp-server", "/usr/libexec/openssh/sftp-server")


@contextmanager
def ground() -> Iterator[Path]:
    """An empty folder for the files of servers, deleted at the end.

    Nobody but root can write above it, or sshd would take no folder in it as a chroot; everybody can enter it.
    """
    folder = Path(tempfile.mkdtemp(prefix="newsgen-", dir="/var/lib" if AS_ROOT else None)).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def tool(*names: str) -> str:
    """The path of a program. Raises FileNotFoundError, with what to do, where there is none."""
    places = os.pathsep.join((os.environ.get("PATH", os.defpath), *MORE_PLACES))
    for name in names:
        found = shutil.which(name, path=places)
        if found:
            return found
    raise FileNotFoundError(f"no {names[0]} here: run scripts/need sshd rsync nginx apache")


_HOLDERS: list[socket.socket] = []
"""Sockets that are bound and do not listen: whoever asks for any port gets none of theirs, and whoever names one may listen there."""


def free_port() -> int:
    """A port that nobody listens on. No other program gets it before a server listens there, or while that is started anew."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((HOST, 0))
    port = int(holder.getsockname()[1])
    if sys.platform == "linux":
        _HOLDERS.append(holder)
    else:  # nobody could listen at a port that is held
        holder.close()
    return port


@atexit.register
def _let_ports_go() -> None:
    for holder in _HOLDERS:
        holder.close()


def family(pid: int) -> list[int]:
    """The process and all that descend from it, the eldest first."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for child, parent in (map(int, line.split()) for line in listed.splitlines()):
        children.setdefault(parent, []).append(child)
    found = [pid]
    for member in found:
        found += children.get(member, ())
    return found


class Server:
    """A program that listens on `port`; `log` is where it writes what goes wrong."""

    def __init__(self, command: Sequence[str], port: int, log: Path) -> None:
        self.port, self.log, self._command = port, log, command
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, start_new_session=True)
        ends = time.monotonic() + LIMIT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > ends:
                self.stop()
                raise AssertionError(f"{self._command[0]} does not start: {self.log.read_text('utf-8')}")
            time.sleep(0.01)

    def stop(self) -> None:
        """End it and all that it has begun, at once."""
        self.end_with(signal.SIGTERM)

    def kill(self) -> None:
        """What a power failure does."""
        self.end_with(signal.SIGKILL)

    def end_with(self, number: signal.Signals) -> None:
        """Send a signal to the server and to all its processes, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        for pid in family(process.pid):
            _send(pid, number)
        process.wait(LIMIT)

    def kill_sessions(self) -> None:
        """Kill what it has begun for others; itself it lives on."""
        assert self._process is not None
        stopped: set[int] = set()
        while begun := {*family(self._process.pid)[1:]} - stopped:  # one that is stopped begins no other
            for pid in begun:
                _send(pid, signal.SIGSTOP)
            stopped |= begun
        for pid in stopped:
            _send(pid, signal.SIGKILL)

    def wait_for_sessions(self) -> None:
        """Wait until all that it has begun for others has ended. Raises AssertionError where that takes too long."""
        assert self._process is not None
        ends = time.monotonic() + LIMIT
        while len(family(self._process.pid)) > 1:
            assert time.monotonic() < ends, "a session does not end"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            socket.create_connection((HOST, self.port), LIMIT).close()
        except ConnectionRefusedError:
            return False
        return True


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:  # it ended by itself
        return


# ---------------------------------------------------------------- sshd


class Sshd(Server):
    """OpenSSH's server, publickey only.

    `folder` is where the far user may write, as this machine names it, and `path` as the far side does. `key` lets in;
    `known_hosts` names the server's key.
    """

    def __init__(self, place: Path, folder: Path, path: str, user: str, rules: str) -> None:
        self.port = free_port()
        self.host, self.user, self.folder, self.path = HOST, user, folder, path
        self.key, self.known_hosts = place / "key", place / "known_hosts"
        self.host_key = place / "host_key"
        for key in (self.key, self.host_key):
            make_key(key)
        shutil.copy(self.key.with_suffix(".pub"), place / "authorized_keys")
        host_key = self.host_key.with_suffix(".pub").read_text("utf-8")
        self.known_hosts.write_text(f"[{HOST}]:{self.port} {host_key}", "utf-8")
        config = place / "sshd_config"
        config.write_text(_SSHD.format(place=place, port=self.port, user=user, host=HOST) + rules, "utf-8")
        if AS_ROOT:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it locks its helper in
        super().__init__([tool("sshd"), "-D", "-e", "-f", str(config)], self.port, place / "sshd.log")


_SSHD = """\
ListenAddress {host}:{port}
HostKey {place}/host_key
PidFile none
AuthorizedKeysFile {place}/authorized_keys
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AllowUsers {user}
UsePAM no
UseDNS no
StrictModes no
LogLevel VERBOSE
MaxStartups 100
MaxSessions 100
KexAlgorithms -sntrup*
"""
# That key exchange costs each connection 70 ms of processor time, six times as much as all the rest of it.


def make_key(path: Path, passphrase: str = "") -> None:
    """An SSH key at `path`, its public half at `path`.pub."""
    command = [tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", passphrase, "-C", "newsgen", "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _far_folder(folder: Path) -> Path:
    """A folder that the far user may write to."""
    folder.mkdir(parents=True)
    if AS_ROOT:
        os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
    return folder


def shell_server(ground: Path, lacks: Sequence[str] = (), umask: str = "022") -> Sshd:
    """sshd as web hosts with a shell offer it; the programs that it `lacks` are not found there."""
    place = ground / "ssh"
    folder = _far_folder(place / "home")
    bins = _programs_without(lacks, place / "bin") if lacks else "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
    become = f"{tool('setpriv')} --reuid={NOBODY.pw_uid} --regid={NOBODY.pw_gid} --clear-groups" if AS_ROOT else ""
    login = place / "login"
    login.write_text(_LOGIN.format(umask=umask, home=folder, path=bins, become=become), "utf-8")
    login.chmod(0o755)
    sftp = next(filter(os.path.exists, SFTP_SERVERS), "internal-sftp")
    # The account's own shell runs the command, and would run its start-up files first: whatever the machine's owner has there.
    rules = f"ForceCommand {login}\nSetEnv HOME={place}\nSubsystem sftp {sftp}\n"
    return Sshd(place, folder, str(folder), getpass.getuser(), rules)


_LOGIN = """\
#!/bin/sh
umask {umask}
HOME={home} PATH={path}
export HOME PATH
cd
exec {become} /bin/sh -c "${{SSH_ORIGINAL_COMMAND-sh}}"
"""


def _programs_without(names: Sequence[str], folder: Path) -> str:
    """A folder that leads to every usual program but some."""
    folder.mkdir()
    for place in ("/bin", "/usr/bin"):
        for program in Path(place).iterdir():
            link = folder / program.name
            if program.name not in names and not link.is_symlink():
                link.symlink_to(program)
    return str(folder)


def sftp_server(ground: Path, read_only: bool = False, umask: str = "022") -> Sshd:
    """sshd that gives SFTP and nothing else; for root in a chroot, whose only writable folder is `site`."""
    place = ground / "sftp"
    folder = _far_folder(place / "chroot" / "site")
    command = f"internal-sftp -u {umask}{' -R' if read_only else ''}"
    rules = f"Subsystem sftp internal-sftp\nForceCommand {command}\nAllowTcpForwarding no\nX11Forwarding no\n"
    if AS_ROOT:
        return Sshd(place, folder, "/site", NOBODY.pw_name, f"{rules}ChrootDirectory {place}/chroot\n")
    return Sshd(place, folder, str(folder), getpass.getuser(), rules)


@contextmanager
def both_servers(ground: Path, umask: str = "022") -> Iterator[dict[str, Sshd]]:
    """A server for each kind of target: one with a shell, one with SFTP alone."""
    with shell_server(ground, umask=umask) as shell, sftp_server(ground, umask=umask) as sftp:
        yield {"ssh": shell, "sftp": sftp}
