"""SSH signatures over decisions (their `proof`), by `ssh-keygen -Y sign` and `-Y verify`, namespace `newsgen-approval`.

A person with a key in people.yaml signs with it. Without a key a decision is only a record: it proves that somebody
with write access to the repository wrote it.
"""

from __future__ import annotations

import base64
import binascii
import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from newsgen.config.people import Person
from newsgen.core.digest import digest_bytes
from newsgen.core.errors import HostError
from newsgen.core.model import Decision

NAMESPACE = "newsgen-approval"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70


def signed_bytes(decision: Decision) -> bytes:
    """The bytes to sign: every part of a decision, on a line of its own."""
    parts = (
        *(decision.verdict, decision.stage, decision.name, decision.time),
        *(decision.digest, decision.number, decision.note),
    )
    return "".join(f"{part or ''}\n" for part in parts).encode()


def keys_of(name: str, time: str, people: Iterable[Person]) -> tuple[str, ...]:
    """The public keys with which a person signs at a time (as in Moment.minute); empty for a person without a key."""
    return tuple(person.key for person in people if person.name == name and person.key and person.holds(time[:10]))


def prove(decision: Decision, keys: Sequence[str], key_file: str | None) -> str:
    """The proof of a decision, made with the private key in `key_file`, or by an ssh agent that holds the first of
    `keys`.

    Raises HostError.
    """
    with tempfile.TemporaryDirectory() as folder:
        public = Path(folder, "key.pub")
        public.write_text(f"{keys[0]}\n", "ascii")
        key = str(Path(key_file).expanduser()) if key_file else str(public)
        done = _run(["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", key], signed_bytes(decision))
    proof = "".join(done.stdout.decode("ascii", "replace").replace(_BEGIN, "").replace(_END, "").split())
    if done.returncode or not is_proven(decision, proof, keys):
        hint = "加上 --key，写私钥文件，例如 --key ~/.ssh/id_ed25519；它的公钥要是 people.yaml 里的那一个"
        raise HostError(f"没有签成：{decision.name} 在 people.yaml 里有密钥，要用它签", hint, "review.key")
    return proof


def is_proven(decision: Decision, proof: str | None, keys: Sequence[str]) -> bool:
    """Whether the proof is the signature of one of the keys over the decision. Raises HostError without ssh-keygen."""
    armored = _armored(proof or "")
    if armored is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        signers, signature = Path(folder, "signers"), Path(folder, "signature")
        signers.write_text("".join(f"reviewer {key}\n" for key in keys), "ascii")
        signature.write_text(armored, "ascii")
        files = ["-f", str(signers), "-s", str(signature)]
        command = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-I", "reviewer", *files]
        return _run(command, signed_bytes(decision)).returncode == 0


def proof_name(decision: Decision, keys: Sequence[str]) -> str:
    """The name under which a verified proof is stored."""
    return digest_bytes("\0".join((signed_bytes(decision).decode(), decision.proof or "", *keys)).encode())


def _armored(proof: str) -> str | None:
    try:
        base64.b64decode(proof, validate=True)
    except (binascii.Error, ValueError):
        return None
    lines = [proof[start : start + _WIDTH] for start in range(0, len(proof), _WIDTH)]
    return "\n".join((_BEGIN, *lines, _END, "")) if lines else None


def _run(command: list[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"}
    try:
        return subprocess.run(
            command, input=data, capture_output=True, check=False, env=environment, start_new_session=True
        )
    except FileNotFoundError:
        hint = "装上 OpenSSH：Windows 在“可选功能”里，Linux 装 openssh-client"
        raise HostError("没有找到 ssh-keygen，不能签名或核对签名", hint, "review.no-ssh") from None
