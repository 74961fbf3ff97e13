"""A target on a server with a shell: OpenSSH's client for everything, rsync for the files.

One connection is opened, and all that follows shares it (ControlMaster). It ends with this process, however that ends.
Each thread has a shell of its own there (shell.py), so that a long piece of work does not keep the lock from being
renewed. What is run there stands in scripts.py.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from newsgen.publish import scripts
from newsgen.publish.far import LISTS, STATE, Listing, Step
from newsgen.publish.keys import agent, key_path
from newsgen.publish.release import sha256
from newsgen.publish.shell import Answer, Shell
from newsgen.publish.words import FarProblem, from_words
from newsgen.settings import Target

PATIENCE = 10
"""Seconds without a word from the server after which it is asked; after three such times the connection is given up."""
_KINDS = {"f": "file", "d": "folder", "l": "link"}


class Ssh:
    """See far.Far."""

    hashes_there = True

    def __init__(self, root: Path, target: Target) -> None:
        """Connect. Raises FarProblem."""
        self.shown, self._target, self._open = target.shown, target, ExitStack()
        if os.name == "nt":  # no rsync there, and no connection that is shared
            raise FarProblem("publish.not-on-windows", self.shown)
        try:
            self._environment = self._open.enter_context(agent(target.key_env))
            folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="newsgen-"))
            self._ssh = ["ssh", *options(root, target), "-S", f"{folder}/c"]
            self._shells = {threading.get_ident(): self._shell("-M")}
        except BaseException:
            self._open.close()
            raise

    def _shell(self, *options: str) -> Shell:
        shell = Shell([*self._ssh, *options, self._target.host], self._environment, self.shown)
        self._open.callback(shell.close)
        return shell

    def close(self) -> None:
        """See far.Far."""
        self._open.close()

    def open_folder(self) -> None:
        """See far.Far."""
        self._sound(self._shells[threading.get_ident()].run(f"mkdir -p {shlex.quote(self._target.path)}"))

    def entries(self, folder: str) -> Mapping[str, str] | None:
        """See far.Far."""
        lines = self._ask(scripts.ENTRIES.format(_quoted(folder)))
        if lines is None:
            return None
        found = {line[1:]: _KINDS[line[0]] for line in lines.splitlines() if line}
        return {name: kind for name, kind in found.items() if name not in (".", "..")}

    def read(self, path: str) -> bytes | None:
        """See far.Far."""
        return self._ask_bytes(f"[ -e {_quoted(path)} ] || exit {scripts.MISSING}; cat {_quoted(path)}")

    def read_all(self, paths: Sequence[str]) -> bytes:
        """See far.Far."""
        return self._run("xargs cat 2>/dev/null; true", _lines(paths))

    def write(self, path: str, data: bytes) -> None:
        """See far.Far."""
        folder, new = _quoted(path.rpartition("/")[0]), _quoted(path + ".newsgen-new")
        self._run(scripts.WRITE.format(folder=folder, new=new, path=_quoted(path)), data)

    def claim(self, folder: str) -> bool:
        """See far.Far."""
        return (
            self._ask(f"mkdir {_quoted(folder)} && exit 0; [ -d {_quoted(folder)} ] && exit {scripts.MISSING}")
            is not None
        )

    def point(self, path: str, target: str) -> bool:
        """See far.Far."""
        new = _quoted(f"{STATE}/{path.replace('/', '_')}.newsgen-new")
        self._run(f"rm -f {new}; ln -s {shlex.quote(target)} {new} && mv -fT {new} {_quoted(path)}")
        return True

    def pointed(self, path: str) -> str | None:
        """See far.Far."""
        words = self._ask(f"[ -L {_quoted(path)} ] || exit {scripts.MISSING}; readlink {_quoted(path)}")
        return None if words is None else words.rstrip("\n")

    def move(self, pairs: Iterable[tuple[str, str]]) -> None:
        """See far.Far."""
        self._feed(scripts.MOVE, ["\t".join(pair) for pair in pairs])

    def link(self, pairs: Iterable[tuple[str, str]]) -> bool:
        """See far.Far."""
        self._feed(scripts.LINK, ["\t".join(pair) for pair in pairs])
        return True

    def copy_tree(self, source: str, target: str, names: Collection[str]) -> bool:
        """See far.Far."""
        old, new = _quoted(source), _quoted(target)
        self._run(f"cp -alT {old} {new} 2>/dev/null || {{ rm -rf {new}; cp -aT {old} {new}; }}")
        return True

    def send(self, source: Path, folder: str, names: Sequence[str], step: Step) -> int:
        """See far.Far."""
        if not names:
            return 0
        self._run(f"mkdir -p {_quoted(folder)}")
        host = f"[{self._target.host}]" if ":" in self._target.host else self._target.host
        user = f"{self._target.user}@" if self._target.user else ""
        command = [
            *("rsync", "-e", shlex.join(self._ssh), "--perms", "--chmod=D0755,F0644", "--ignore-times", "-s"),
            *("--files-from=-", "--out-format=%l %n", "--stats", f"--timeout={PATIENCE * 6}"),
            *(f"{source}/", f"{user}{host}:{self._target.path}/{folder}/"),
        ]
        return self._rsync(command, names, step)

    def _rsync(self, command: Sequence[str], names: Sequence[str], step: Step) -> int:
        total = 0
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as listed:
            listed.write(_lines(names))
            listed.seek(0)
            try:
                process = subprocess.Popen(
                    command, stdin=listed, stdout=subprocess.PIPE, stderr=said, env=self._environment
                )
            except FileNotFoundError:
                raise FarProblem("publish.no-rsync-here", self.shown) from None
            with process:
                assert process.stdout
                wanted = set(names)
                for line in process.stdout:
                    size, _, name = line.decode("utf-8", "replace").rstrip("\n").partition(" ")
                    if name in wanted:
                        step(int(size))
                    elif line.startswith(b"Total bytes sent: "):
                        total = int(line.split()[3].replace(b",", b""))
            if process.returncode:
                said.seek(0)
                words = said.read().decode("utf-8", "replace")
                raise from_words(
                    words, self.shown, "publish.cut" if process.returncode in (12, 30, 255) else "publish.failed"
                )
        return total

    def remove(self, paths: Iterable[str]) -> None:
        """See far.Far."""
        self._feed(scripts.REMOVE, list(paths))

    def remove_tree(self, folder: str) -> None:
        """See far.Far."""
        self._run(f"rm -rf {_quoted(folder)}")

    def differing(self, folder: str, listing: Listing) -> set[str]:
        """See far.Far."""
        if not listing.files:
            return set()
        check = scripts.CHECK.format(folder=_quoted(folder))
        lists = scripts.HASHES.replace("{lists}", _quoted(LISTS)).replace("{digest}", listing.digest)
        said = self._ask(lists + check, _lines(listing.lists))
        if said is None:  # the lists are not there, or not as they were
            lines = [f"{digest}  {name}" for name, digest in listing.files.items()]
            said = self._run(check, _lines(lines)).decode("utf-8", "replace")
        return {line.rpartition(": ")[0].removeprefix("\\") for line in said.splitlines()} & listing.files.keys()

    def names(self, folder: str, expected: Collection[str] = ()) -> set[str]:
        """See far.Far."""
        digest = sha256(_lines(sorted(expected, key=str.encode)))
        said = self._ask(scripts.NAMES.format(folder=_quoted(folder), digest=digest))
        return set(expected) if said == "same\n" else set((said or "").split("\n")) - {""}

    # ------------------------------------------------------------ commands

    def _feed(self, script: str, lines: Sequence[str]) -> None:
        if lines:
            self._run(script, _lines(lines))

    def _ask(self, script: str, data: bytes = b"") -> str | None:
        said = self._ask_bytes(script, data)
        return None if said is None else said.decode("utf-8", "surrogateescape")

    def _ask_bytes(self, script: str, data: bytes = b"") -> bytes | None:
        """What a script prints; None where it ends with MISSING."""
        done = self._done(script, data)
        return None if done.code == scripts.MISSING else self._sound(done)

    def _run(self, script: str, data: bytes = b"") -> bytes:
        return self._sound(self._done(script, data))

    def _done(self, script: str, data: bytes) -> Answer:
        thread = threading.get_ident()
        if thread not in self._shells:
            self._shells[thread] = self._shell()
        return self._shells[thread].run(
            f"cd {shlex.quote(self._target.path)} || exit {scripts.MISSING}\n{script}", data
        )

    def _sound(self, done: Answer) -> bytes:
        if done.code:
            raise from_words(done.complaints.decode("utf-8", "replace"), self.shown)
        return done.output


def options(root: Path, target: Target) -> list[str]:
    """What every call of ssh is told: who, where, with which key; the host's key must be known, nothing is asked."""
    said = {
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "ConnectTimeout": str(PATIENCE * 2),
        "ServerAliveInterval": str(PATIENCE),
        "ServerAliveCountMax": "3",
        "Compression": "yes",
        "ControlMaster": "no",
        "ControlPersist": "no",
        "LogLevel": "ERROR",
        "Port": str(target.port),
    }
    if target.known_hosts:
        said |= {"UserKnownHostsFile": str(key_path(root, target.known_hosts)), "GlobalKnownHostsFile": "none"}
    if target.user:
        said["User"] = target.user
    words = [word for name, value in said.items() for word in ("-o", f"{name}={value}")]
    if target.key:
        words += ["-i", str(key_path(root, target.key)), "-o", "IdentitiesOnly=yes"]
    return words


def _quoted(path: str) -> str:
    """A path below the target's folder, for sh."""
    return shlex.quote(f"./{path}" if path else ".")


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
