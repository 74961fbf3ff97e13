"""Signatures of release records by SSH keys: `ssh-keygen -Y sign` and `-Y verify`, namespace `newsgen-release`."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsgen.config.model import Signing
from newsgen.core.errors import HostError
from newsgen.publish.transport.errors import TransportError
from newsgen.publish.transport.keys import agent, key_path

NAMESPACE = "newsgen-release"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signing and verifying by `rules`, the `sign:` of site.yaml; None: nothing is signed or verified."""

    root: Path
    rules: Signing | None

    @property
    def required(self) -> bool:
        """Whether a record without a good signature is not trusted."""
        return self.rules is not None

    @property
    def can_sign(self) -> bool:
        """Whether a signing key is configured, or none is required."""
        return self.rules is None or bool(self.rules.key or self.rules.key_env)

    def signature(self, data: bytes) -> bytes | None:
        """The signature of a record; None if signing is off or no key is configured. Raises HostError."""
        if self.rules is None or not self.can_sign:
            return None
        with agent(self.rules.key_env) as environment, tempfile.TemporaryDirectory() as folder:
            if self.rules.key:
                key = key_path(self.root, self.rules.key)
            else:
                key = Path(folder, "key.pub")  # the public key; the agent holds the private one
                key.write_bytes(_run(["ssh-add", "-L"], environment).stdout)
            done = _run(["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key)], environment, data)
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace")
            raise TransportError("publish.bad-key", self.rules.key or self.rules.key_env or "", words)
        return done.stdout

    def signer(self, data: bytes, signature: bytes | None) -> str | None:
        """The signer's name in the file of signers; None if the signature is missing or wrong. Raises HostError if that
        file is missing.
        """
        if self.rules is None or signature is None:
            return None
        signers = self.root / Path(self.rules.signers).expanduser()
        if not signers.is_file():
            raise HostError(
                f"没有这个文件：{self.rules.signers}",
                "它写着谁可以签名，一行一个：名字 公钥（ssh-keygen 的 allowed_signers 格式）",
                "publish.no-signers",
            )
        with agent(None) as environment, tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "signature")
            path.write_bytes(signature)
            files = ["-f", str(signers), "-s", str(path)]
            found = _run(["ssh-keygen", "-Y", "find-principals", *files], environment)
            names = found.stdout.decode("utf-8", "replace").split("\n")
            if found.returncode or not names[0]:
                return None
            check = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-I", names[0], *files]
            return names[0] if _run(check, environment, data).returncode == 0 else None


def _run(command: list[str], environment: Mapping[str, str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command, input=data, capture_output=True, check=False, env=environment, start_new_session=True
        )
    except FileNotFoundError:
        raise TransportError("publish.no-ssh-here", command[0]) from None
