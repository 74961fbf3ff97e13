"""Private keys: from ssh's agent, a file, or an environment variable that CI fills. Never from site.yaml, never printed.

A key from a variable is given to an agent of our own and never lies on the disk. The agent reads a pipe from this
process and ends when that closes, however this process ends.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from newsgen.core.errors import HostError
from newsgen.publish.transport.errors import TransportError

_SCRIPT = 'ssh-add -q - </dev/fd/{key} && echo "$SSH_AUTH_SOCK" && exec cat >/dev/null'


def key_text(variable: str) -> str:
    """The key that an environment variable holds. Raises HostError if it is empty."""
    text = os.environ.get(variable, "").replace("\r\n", "\n").strip()
    if not text:
        raise HostError(
            f"环境变量 {variable} 里没有密钥", "在 CI 的设置里加上它，内容是整个私钥文件", "publish.bad-key"
        )
    return text + "\n"


def key_path(root: Path, key: str) -> Path:
    """The path of the key file in a setting: absolute, or relative to the site; `~` is the home folder."""
    return root / Path(key).expanduser()


@contextmanager
def agent(variable: str | None) -> Iterator[Mapping[str, str]]:
    """The environment for OpenSSH's programs: this process's own, with an agent for the key of a variable if one is named.

    Raises HostError if the key cannot be used.
    """
    plain = {**os.environ, "LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"}
    if variable is None:
        yield plain
        return
    text = key_text(variable)
    if os.name == "nt":
        raise TransportError("publish.not-on-windows", variable)
    out, into = os.pipe()
    try:
        process = _started(plain, out)
    finally:
        os.close(out)
    with os.fdopen(into, "w", encoding="utf-8") as pipe:
        pipe.write(text)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            socket = process.stdout.readline().strip()
            if not socket:
                raise TransportError("publish.bad-key", variable, process.stderr.read())
            yield {**plain, "SSH_AUTH_SOCK": socket}
        finally:
            process.stdin.close()


def _started(environment: Mapping[str, str], descriptor: int) -> subprocess.Popen[str]:
    """An agent that reads its key from `descriptor`, in its own session, so that nothing can ask for a passphrase."""
    try:
        return subprocess.Popen(
            ["ssh-agent", "sh", "-c", _SCRIPT.format(key=descriptor)],
            env=environment,
            pass_fds=(descriptor,),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise TransportError("publish.no-ssh-here", "ssh-agent") from None
