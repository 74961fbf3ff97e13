"""Digests of values, and of the environment that turns them into bytes.

Only values whose repr() is the same in every process may be digested: texts, numbers, tuples and frozen dataclasses
of them; never sets, and never objects that show their address.
"""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("jinja2", "markupsafe", "markdown", "pyyaml", "nh3", "pillow", "pillow-heif", "zxing-cpp")


def digest(*values: object) -> str:
    """32 hexadecimal digits that name the values."""
    return hashlib.blake2b(repr(values).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def digest_bytes(data: bytes) -> str:
    """32 hexadecimal digits that name the bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def environment() -> str:
    """The key of this builder: newsgen's own source, the versions of Python and of the libraries that make bytes."""
    here = Path(__file__).parent
    sources = [(path.relative_to(here).as_posix(), path.read_bytes()) for path in sorted(here.rglob("*.py"))]
    return digest(platform.python_version(), [(name, version(name)) for name in LIBRARIES], sources)
