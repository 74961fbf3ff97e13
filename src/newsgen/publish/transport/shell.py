"""A shell on a server that runs one command after another over one login.

A command is sent as a line with two sizes, then its script and its input. It runs only when both have arrived
completely, so that a lost connection can't give it half of a list. Its exit code comes back with the sizes of output
and errors, then these. The shell ends when its input does: when the connection is closed, or this process has ended.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from newsgen.publish.transport.errors import TransportError, from_words

START = 60.0
"""Seconds that a shell has to start."""
END = 10.0
"""Seconds that a shell has to end."""
LONGEST = 1800.0
"""Seconds that a command may take: to hash a large site on a slow disk."""
MOST = 256_000_000
"""The maximum size in bytes of a command's output, and of its errors."""
MOST_LINE = 10_000
MOST_WORDS = 100_000
"""The maximum sizes in bytes of a line, and of ssh's error messages."""
_READY = "newsgen-ready"
_LOOP = """\
umask 022
d=$(mktemp -d) || exit 1
trap "rm -rf $d" EXIT
trap exit HUP TERM INT
in=$d/in
echo newsgen-ready
while read -r a b; do
  head -c "$a" >"$d/script"
  : >"$in"
  n=0 o=0 e=0
  [ "$b" = 0 ] || { head -c "$b" >"$in"; n=$(wc -c <"$in"); }
  [ "$(wc -c <"$d/script") $n" = "$a $b" ] || exit
  (. "$d/script") <"$in" >"$d/out" 2>"$d/err"
  c=$?
  [ -s "$d/out" ] && o=$(wc -c <"$d/out")
  [ -s "$d/err" ] && e=$(wc -c <"$d/err")
  echo "$c $o $e"
  [ "$o$e" = 00 ] || cat "$d/out" "$d/err"
done
"""
# Empty input and output start no program to count or copy them: this halves the time of most commands.
COMMAND = f"exec env LC_ALL=C sh -c '{_LOOP}'"
"""The command for the user's login shell on the server, of whatever kind."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The result of a command."""

    code: int
    output: bytes
    errors: bytes


class Shell:
    """A shell started by `command` (ssh with options and host). Scripts have their input on stdin and in file `$in`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], shown: str) -> None:
        """Start the shell. Raises TransportError if no shell answers."""
        self._shown, self._is_silent = shown, False
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the shell)
        try:
            self._process = subprocess.Popen(
                [*command, COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                env=environment,
                start_new_session=True,  # Ctrl-C must not reach ssh: newsgen itself ends the current work
            )
        except FileNotFoundError:
            self._stderr.close()
            raise TransportError("publish.no-ssh-here", shown) from None
        with self._limit(START):
            line = self._line()
        if line != _READY:
            self._end()
            error = self._no_shell(line)
            self.close()
            raise error

    def run(self, script: str, data: bytes = b"") -> CommandResult:
        """Run a POSIX sh script with the input `data`. Raises TransportError if the connection is lost."""
        assert self._process.stdin is not None
        encoded = script.encode()
        try:
            with self._limit(LONGEST):
                self._process.stdin.write(b"%d %d\n%s%s" % (len(encoded), len(data), encoded, data))
                self._process.stdin.flush()
                return self._answer(self._line())
        except (BrokenPipeError, ValueError):
            raise from_words(
                self._words(), self._shown, "publish.silent" if self._is_silent else "publish.cut"
            ) from None

    def _answer(self, line: str) -> CommandResult:
        """Read the result that follows `line`, which holds the exit code and two sizes.

        Raises ValueError for any other line, BrokenPipeError if the result is cut short, TransportError if it is too
        long.
        """
        code, output, errors = map(int, line.split())
        if not (0 <= output <= MOST and 0 <= errors <= MOST):
            raise TransportError("publish.strange-answer", self._shown)
        return CommandResult(code, self._bytes(output), self._bytes(errors))

    @contextmanager
    def _limit(self, seconds: float) -> Iterator[None]:
        """Kill ssh if the block takes longer."""

        def end() -> None:
            self._is_silent = True
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        """End the shell; ssh is killed if that takes longer than END."""
        self._end()
        self._stderr.close()

    def _end(self) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline(MOST_LINE).decode("utf-8", "replace").strip()

    def _bytes(self, size: int) -> bytes:
        assert self._process.stdout is not None
        data = self._process.stdout.read(size)
        if len(data) < size:
            raise BrokenPipeError
        return data

    def _words(self) -> str:
        """The messages of ssh so far."""
        self._stderr.seek(0)
        return self._stderr.read(MOST_WORDS).decode("utf-8", "replace")

    def _no_shell(self, line: str) -> TransportError:
        """The error for a server that sent `line` instead of starting the shell."""
        code = self._process.returncode
        if self._is_silent:
            return TransportError("publish.silent", self._shown)
        fallback = "publish.cut" if code == 255 else "publish.noisy-shell" if line else "publish.no-shell"
        return from_words(f"{self._words()}\n{line}", self._shown, fallback)
