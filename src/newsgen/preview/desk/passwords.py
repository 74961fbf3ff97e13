"""The password file of a desk on a network: a line for each person, outside of the site's repository.

    王芳:scrypt$32768$8$1$c2FsdA==$aGFzaA==

The line holds the parameters of scrypt (RFC 7914), a salt and the hash, never the password.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from contextlib import suppress
from pathlib import Path

from newsgen.core.errors import HostError, UsageError
from newsgen.core.files import read_file, write_private
from newsgen.core.platform import reason, replace

_N, _R, _P = 2**15, 8, 1
"""Parameters of scrypt that take 32 MB and a tenth of a second for each guess."""
_MOST_MEMORY = 2**27
_LINE = re.compile(
    r"([^:\s$][^:$]*):(scrypt\$(\d{4,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]{20,100})\$([A-Za-z0-9+/=]{40,100}))"
)
LEAST = 10
"""Least characters of a password."""
MOST = 200
_MOST_BYTES = 1_000_000
_HINT = "用 newsgen desk --set-password 姓名 --password-file 文件 写这个文件，不要手改"


class PasswordFile:
    """The password file at `path`. It is read for each question, so that a person who is removed loses access at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, str] = {}
        self._nobody = _hashed(secrets.token_urlsafe())

    def check(self) -> None:
        """Raise UsageError for a file that others can read, that cannot be read or understood, or that names nobody."""
        if not self._lines():
            raise UsageError(f"{self.path} 里还没有人", _HINT, "desk.passwords")

    def hash_of(self, name: str) -> str | None:
        """The hash of a person; None for one who is not in the file, and for a file that cannot be read or trusted."""
        try:
            self._known = self._lines()
        except UsageError:
            return None
        return self._known.get(name)

    def known_hash_of(self, name: str) -> str | None:
        """The hash of a person. While the file cannot be read, as during a rewrite, it is the hash that was last read."""
        with suppress(UsageError):
            self._known = self._lines()
        return self._known.get(name)

    def fits(self, name: str, password: str) -> bool:
        """Whether this is the password of the person. An unknown name takes as long to check as a wrong password."""
        kept = self.hash_of(name)
        is_right = _fits(password, kept or self._nobody)
        return is_right and kept is not None

    def set(self, name: str, password: str) -> None:
        """Set the password of a person; it replaces an earlier one. Raises UsageError, HostError."""
        name = unicodedata.normalize("NFC", " ".join(name.split()))
        if not _LINE.fullmatch(f"{name}:{self._nobody}") or len(name) > 50 or not name.isprintable():
            raise UsageError("姓名里不能有冒号和 $，也不能是空的", "例如：--set-password 王芳", "desk.passwords")
        if not LEAST <= len(password) <= MOST:
            raise UsageError(f"密码至少 {LEAST} 个字符", "几个不相干的词连起来，又长又好记", "desk.passwords")
        lines = {**(self._lines() if os.path.lexists(self.path) else {}), name: _hashed(password)}
        text = "".join(f"{name}:{kept}\n" for name, kept in lines.items())
        temporary = self.path.with_name(f".{self.path.name}.newsgen.tmp")
        try:
            write_private(temporary, text.encode())
            if os.name != "nt" and self.path.exists():  # sudo must not take the file from the desk's account
                found = self.path.stat()
                os.chown(temporary, found.st_uid, found.st_gid)
            replace(temporary, self.path)
        except OSError as error:
            raise HostError(f"写不了 {self.path}：{reason(error)}", "检查文件夹和写入权限") from None

    def _lines(self) -> dict[str, str]:
        """The hashes by name. Raises UsageError."""
        try:
            text = read_file(self.path, _MOST_BYTES).decode("utf-8-sig")
            found = self.path.stat()
        except (OSError, UnicodeDecodeError) as error:
            why = reason(error) if isinstance(error, OSError) else "不是文字文件"
            raise UsageError(f"读不了密码文件 {self.path}：{why}", _HINT, "desk.passwords") from None
        if os.name != "nt" and (found.st_mode & 0o077 or found.st_uid not in (os.getuid(), 0)):
            hint = f"运行 chmod 600 {self.path}，并且让它属于运行写稿台的账号"
            raise UsageError(f"别人也能读密码文件 {self.path}", hint, "desk.passwords")
        lines: dict[str, str] = {}
        for number, line in enumerate(text.splitlines(), 1):
            match = _LINE.fullmatch(line.strip())
            if line.strip() and not line.startswith("#") and not match:
                raise UsageError(f"密码文件 {self.path} 第 {number} 行看不懂", _HINT, "desk.passwords")
            if match:
                lines[unicodedata.normalize("NFC", match[1])] = match[2]
        return lines


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    parts = (base64.b64encode(salt).decode(), base64.b64encode(_scrypt(password, salt, _N, _R, _P)).decode())
    return f"scrypt${_N}${_R}${_P}${'$'.join(parts)}"


def _fits(password: str, kept: str) -> bool:
    _, n, r, p, salt, expected = kept.split("$")
    try:
        found = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p))
        return hmac.compare_digest(found, base64.b64decode(expected))
    except ValueError:  # parameters that scrypt refuses
        return False


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=_MOST_MEMORY, dklen=32)
