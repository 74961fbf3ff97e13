"""The transport to a server with a shell: OpenSSH's client for everything, rsync for the files.

One connection is opened, and all shells and rsync share it (ControlMaster). It ends with this process, however that
ends. Each thread has a shell of its own on the server (shell.py), so that the heartbeat of the lock does not wait for a
long command. The commands are in scripts.py.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from newsgen.config.model import Target
from newsgen.publish.release import ReleaseFiles, sha256
from newsgen.publish.transport import scripts
from newsgen.publish.transport.base import LISTS, MOST_READ, STATE, Step, Transport
from newsgen.publish.transport.errors import TransportError, from_words
from newsgen.publish.transport.keys import agent, key_path
from newsgen.publish.transport.shell import MOST_LINE, MOST_WORDS, CommandResult, Shell

CONNECT = 20
"""Seconds allowed for connecting."""
KEEPALIVE = 10
"""Seconds of silence after which the server is sent a keepalive; the connection ends after three without an answer."""
RSYNC_SILENCE = 60
"""Seconds of silence after which rsync ends."""
_KINDS = {"f": "file", "d": "folder", "l": "link"}


class Ssh(Transport):
    """A target on a server with a shell."""

    hashes_there = True

    def __init__(self, root: Path, target: Target) -> None:
        """Connect. Raises TransportError."""
        self.shown, self._target, self._open = target.shown, target, ExitStack()
        self._guard, self._token, self._numbers = "", os.urandom(4).hex(), count()
        if os.name == "nt":  # Windows has neither rsync nor shared connections
            raise TransportError("publish.not-on-windows", self.shown)
        try:
            self._environment = self._open.enter_context(agent(target.key_env))
            folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="newsgen-", dir=_plain_folder()))
            self._ssh = ["ssh", *options(root, target, Path(folder)), "-S", f"{folder}/c"]
            self._shells = {threading.get_ident(): self._shell("-M")}
        except BaseException:
            self._open.close()
            raise

    def _shell(self, *options: str) -> Shell:
        shell = Shell([*self._ssh, *options, self._target.host], self._environment, self.shown)
        self._open.callback(shell.close)
        return shell

    def close(self) -> None:
        self._open.close()

    def guard(self, folder: str) -> None:
        if folder:
            self._run(f"mkdir {_quoted(folder)}")
        self._guard = folder

    def _aside(self, name: str) -> str:
        """A path inside the guard, quoted; without a guard one in STATE."""
        return _quoted(f"{self._guard or STATE}/{name}")

    def _new_path(self) -> str:
        """An unused path inside the guard, quoted."""
        return self._aside(f"trash-{self._token}-{next(self._numbers)}")

    def open_folder(self) -> None:
        self._output_of(self._shells[threading.get_ident()].run(f"mkdir -p {shlex.quote(self._target.path)}"))

    def entries(self, folder: str) -> Mapping[str, str] | None:
        output = self._ask(scripts.ENTRIES.format(_quoted(folder)))
        if output is None:
            return None
        found = {entry[1:]: _KINDS.get(entry[0], "file") for entry in output.split("\0") if entry}
        return {name: kind for name, kind in found.items() if name not in (".", "..")}

    def read(self, path: str) -> bytes | None:
        done = self._result(scripts.READ.format(path=_quoted(path), most=MOST_READ + 1), b"")
        if done.code == scripts.STRANGE or len(done.output) > MOST_READ:
            raise TransportError("publish.strange-file", f"{self.shown}/{path}")
        return None if done.code == scripts.MISSING else self._output_of(done)

    def read_all(self, paths: Sequence[str]) -> bytes:
        return self._run(scripts.READ_ALL, _lines(paths))

    def write(self, path: str, data: bytes) -> None:
        folder = path.rpartition("/")[0]
        new = self._new_path() if self._guard else _quoted(f"{path}.newsgen-new")
        self._run(scripts.WRITE.format(folder=_quoted(folder), new=new, path=_quoted(path)), data)

    def make_dir_exclusive(self, folder: str) -> bool:
        return (
            self._ask(f"mkdir {_quoted(folder)} && exit 0; [ -d {_quoted(folder)} ] && exit {scripts.MISSING}")
            is not None
        )

    def set_link(self, path: str, target: str) -> bool:
        new = self._aside("link.newsgen-new")
        self._run(scripts.POINT.format(new=new, target=shlex.quote(target), path=_quoted(path)))
        return True

    def read_link(self, path: str) -> str | None:
        words = self._ask(f"[ -L {_quoted(path)} ] || exit {scripts.MISSING}; readlink {_quoted(path)}")
        return None if words is None else words.rstrip("\n")

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._feed(scripts.MOVE, ["\t".join(pair) for pair in pairs])

    def take(self, source: str, target: str) -> None:
        self._run(scripts.TAKE.format(source=_quoted(source), target=_quoted(target), aside=self._new_path()))

    def link(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._feed(f"new={self._new_path()}\n{scripts.LINK}", ["\t".join(pair) for pair in pairs])

    def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        old, new = _quoted(source), _quoted(target)
        self._run(f"cp -alT {old} {new} 2>/dev/null || {{ rm -rf {new}; cp -aT {old} {new}; }}")
        return True

    def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        if not names:
            return 0
        self._run(f"mkdir -p {_quoted(folder)}")
        host = f"[{self._target.host}]" if ":" in self._target.host else self._target.host
        user = f"{self._target.user}@" if self._target.user else ""
        command = [
            *("rsync", "-e", shlex.join(self._ssh), "--perms", "--chmod=D0755,F0644", "--ignore-times", "-s"),
            *("--files-from=-", "--out-format=%l %n", "--stats", f"--timeout={RSYNC_SILENCE}"),
            *(f"{source}/", f"{user}{host}:{self._target.path}/{folder}/"),
        ]
        return self._rsync(command, names, step)

    def _rsync(self, command: Sequence[str], names: Sequence[str], step: Step) -> int:
        total = 0
        with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as listed:
            listed.write(_lines(names))
            listed.seek(0)
            try:
                process = subprocess.Popen(
                    command, stdin=listed, stdout=subprocess.PIPE, stderr=errors, env=self._environment
                )
            except FileNotFoundError:
                raise TransportError("publish.no-rsync-here", self.shown) from None
            with process:
                assert process.stdout
                wanted = set(names)
                while line := process.stdout.readline(MOST_LINE):
                    size, _, name = line.decode("utf-8", "replace").rstrip("\n").partition(" ")
                    if name in wanted and size.isdecimal():
                        step(int(size))
                    elif sent := re.match(rb"Total bytes sent: ([\d,]{1,20})\b", line):
                        total = int(sent[1].replace(b",", b""))
            if process.returncode:
                errors.seek(0)
                words = errors.read(MOST_WORDS).decode("utf-8", "replace")
                raise from_words(
                    words, self.shown, "publish.cut" if process.returncode in (12, 30, 255) else "publish.failed"
                )
        return total

    def remove(self, paths: Iterable[str]) -> None:
        names = _ended(paths)
        if names:
            self._run(f"aside={self._new_path()}\n{scripts.REMOVE}", names)

    def remove_tree(self, folder: str) -> None:
        self._run(scripts.REMOVE_TREE.format(folder=_quoted(folder), aside=self._new_path()))

    def mismatched(self, folder: str, listing: ReleaseFiles) -> set[str]:
        if not listing.files:
            return set()
        check = scripts.CHECK.format(folder=_quoted(folder))
        lists = scripts.HASHES.replace("{lists}", _quoted(LISTS)).replace("{digest}", listing.digest)
        output = self._ask(lists + check, _lines(listing.lists))
        if output is None:  # the lists are missing, or were altered
            lines = [f"{digest}  {name}" for name, digest in listing.files.items()]
            output = self._run(check, _lines(lines)).decode("utf-8", "replace")
        return {line.rpartition(": ")[0].removeprefix("\\") for line in output.splitlines()} & listing.files.keys()

    def names(self, folder: str, expected: Collection[str] = ()) -> Mapping[str, bool]:
        digest = sha256(_ended(f"./{name}" for name in sorted(expected, key=str.encode)) + b"\0")
        but = "" if folder else scripts.BUT_STATE
        output = self._ask(scripts.NAMES.format(folder=_quoted(folder), but=but, digest=digest))
        if output is None or output == "same\n":
            return dict.fromkeys(expected if output else (), True)
        plain, _, others = f"\0{output}".partition("\0\0")
        return {
            name[2:]: is_plain
            for names, is_plain in ((plain, True), (others, False))
            for name in names.split("\0")
            if name
        }

    # ------------------------------------------------------------ commands

    def _feed(self, script: str, lines: Sequence[str]) -> None:
        if lines:
            self._run(script, _lines(lines))

    def _ask(self, script: str, data: bytes = b"") -> str | None:
        """The output of a script; None if it ends with MISSING."""
        done = self._result(script, data)
        return None if done.code == scripts.MISSING else self._output_of(done).decode("utf-8", "surrogateescape")

    def _run(self, script: str, data: bytes = b"") -> bytes:
        return self._output_of(self._result(script, data))

    def _result(self, script: str, data: bytes) -> CommandResult:
        thread = threading.get_ident()
        if thread not in self._shells:
            self._shells[thread] = self._shell()
        return self._shells[thread].run(
            f"cd {shlex.quote(self._target.path)} || exit {scripts.MISSING}\n{script}", data
        )

    def _output_of(self, done: CommandResult) -> bytes:
        if done.code and self._guard and self._result(f"[ -d {_quoted(self._guard)} ]", b"").code:
            raise TransportError("publish.lost-lock", self.shown)
        if done.code:
            raise from_words(done.errors.decode("utf-8", "replace"), self.shown)
        return done.output


def options(root: Path, target: Target, folder: Path) -> list[str]:
    """The options of every call of ssh: user, port, key. The host's key must be known, and ssh asks nothing.

    `folder` is an empty one for links to the key files, whose own paths may hold blanks, quotes, `%` or `${`.
    """
    found = {
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "ConnectTimeout": str(CONNECT),
        "ServerAliveInterval": str(KEEPALIVE),
        "ServerAliveCountMax": "3",
        "Compression": "yes",
        "ControlMaster": "no",
        "ControlPersist": "no",
        "LogLevel": "ERROR",
        "Port": str(target.port),
    }
    if target.known_hosts:
        (folder / "known_hosts").symlink_to(key_path(root, target.known_hosts).absolute())
        found |= {"UserKnownHostsFile": str(folder / "known_hosts"), "GlobalKnownHostsFile": "none"}
    if target.user:
        found["User"] = target.user
    words = [word for name, value in found.items() for word in ("-o", f"{name}={value}")]
    if target.key:
        key = key_path(root, target.key).absolute()
        for end in ("", ".pub", "-cert.pub"):
            (folder / f"key{end}").symlink_to(f"{key}{end}")
        words += ["-i", str(folder / "key"), "-o", "IdentitiesOnly=yes"]
    return words


def _plain_folder() -> str | None:
    """The folder for ssh's own files: None (the default), or /tmp if the default's name is special to ssh or too long
    for a socket.
    """
    usual = tempfile.gettempdir()
    return None if re.fullmatch(r"[A-Za-z0-9/._-]{1,60}", usual) else "/tmp"


def _quoted(path: str) -> str:
    """A path below the target's folder, for sh."""
    return shlex.quote(f"./{path}" if path else ".")


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _ended(names: Iterable[str]) -> bytes:
    """The names, each ended by NUL: they may hold all other characters."""
    return "".join(f"{name}\0" for name in names).encode("utf-8", "surrogateescape")
