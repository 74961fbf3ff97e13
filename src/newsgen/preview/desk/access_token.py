"""The access token of a site's desk. It is kept in a file, so that open pages go on working after a restart."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from newsgen.build.cache.store import FOLDER
from newsgen.core.errors import HostError
from newsgen.core.files import read_file, write_private
from newsgen.core.platform import reason

SECRET = "desk-secret"
_BYTES = 32


def token_of(root: Path) -> str:
    """The token of a site's desk; "" where none was made yet. Raises OSError."""
    return _read(root / FOLDER / SECRET)


def kept_token(root: Path) -> str:
    """The token of a site's desk, made on first use in a file that only its owner can read. Raises HostError."""
    path = root / FOLDER / SECRET
    try:
        return _read(path) or _made(path)
    except OSError as error:
        raise unwritable(SECRET, error) from None


def unwritable(name: str, error: OSError) -> HostError:
    """The error for a file of FOLDER that cannot be written."""
    return HostError(f"写不了 {FOLDER}/{name}：{reason(error)}", "检查磁盘空间，和站点文件夹的写入权限")


def is_private(path: Path) -> bool:
    """Whether a file is this user's and nobody else can read it; not checked on Windows. Raises OSError."""
    return os.name == "nt" or (path.stat().st_uid == os.getuid() and not path.stat().st_mode & 0o077)


def _read(path: Path) -> str:
    """The token in a file; "" where there is none, or the file is not private."""
    try:
        text = read_file(path, 200, follow=False).decode("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    return text if len(text) >= _BYTES and is_private(path) else ""


def _made(path: Path) -> str:
    token = secrets.token_urlsafe(_BYTES)
    path.parent.mkdir(exist_ok=True)
    write_private(path, token.encode("ascii"))
    return token
