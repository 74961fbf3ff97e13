"""Digests of values, and of the environment that turns them into bytes.

A value is digested by its MessagePack form: texts, numbers, tuples and frozen records of them. Never sets, whose order
differs from run to run.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import msgspec

LIBRARIES = ("jinja2", "markupsafe", "markdown", "pyyaml", "nh3", "pillow", "pillow-heif", "msgspec")
_encode = msgspec.msgpack.Encoder().encode
_encode_sorted = msgspec.msgpack.Encoder(order="deterministic").encode


def digest(*values: object) -> str:
    """32 hexadecimal digits that name the values."""
    return hashlib.blake2b(_encode(values), digest_size=16).hexdigest()


def digest_with_sets(*values: object) -> str:
    """As digest(), for values that hold sets: these are sorted first."""
    return hashlib.blake2b(_encode_sorted(values), digest_size=16).hexdigest()


def digest_texts(texts: Iterable[str]) -> str:
    """32 hexadecimal digits that name the texts, none of which holds a NUL."""
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def digest_bytes(data: bytes) -> str:
    """32 hexadecimal digits that name the bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def environment() -> str:
    """The key of this builder: newsgen's own source, the versions of Python and of the libraries that make bytes."""
    here = Path(__file__).parent
    sources = [(path.relative_to(here).as_posix(), path.read_bytes()) for path in sorted(here.rglob("*.py"))]
    return digest(platform.python_version(), [(name, version(name)) for name in LIBRARIES], sources)
