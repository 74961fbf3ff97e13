"""Digests of values, and of the environment: newsgen and the libraries that make outputs.

A value is digested by its MessagePack form: texts, numbers, tuples and frozen records of them. Never sets, whose order
differs from run to run.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from newsgen.core.model import Markdown

LIBRARIES = ("jinja2", "markupsafe", "markdown", "pyyaml", "nh3", "pillow", "pillow-heif", "msgspec")
_encode = msgspec.msgpack.Encoder().encode
_encode_sorted = msgspec.msgpack.Encoder(order="deterministic").encode


def digest(*values: object) -> str:
    """The digest of the values, as 32 hexadecimal digits."""
    return hashlib.blake2b(_encode(values), digest_size=16).hexdigest()


def digest_with_sets(*values: object) -> str:
    """The digest of values that hold sets: these are sorted first."""
    return hashlib.blake2b(_encode_sorted(values), digest_size=16).hexdigest()


def approval_digest(*values: object) -> str:
    """The digest of what people approve, as 40 hexadecimal digits: nobody can make another text for it."""
    return hashlib.blake2b(_encode(values), digest_size=20, person=b"newsgen-approval").hexdigest()


def digest_texts(texts: Iterable[str]) -> str:
    """The digest of texts, none of which holds a NUL."""
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def fingerprint_with_body(base: str, text: str) -> str:
    """The fingerprint of an output with the fingerprint `base` without its body, that of the document `text`."""
    return digest_texts((base, text))


def digest_bytes(data: bytes) -> str:
    """The digest of the bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def digest_chunks(chunks: Iterable[bytes]) -> str:
    """The digest of bytes that come piece by piece, equal to digest_bytes() of all."""
    found = running_digest()
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest()


def running_digest() -> hashlib.blake2b:
    """A digest to be updated with bytes; in the end it equals digest_bytes() of all."""
    return hashlib.blake2b(digest_size=16)


def digest_document(data: bytes, settings: Markdown, is_section: bool) -> str:
    """The digest of the Document that a Markdown file with these bytes is parsed to under these settings."""
    return hashlib.blake2b(
        data, digest_size=16, person=b"newsgen-document", key=_document_key(settings, is_section)
    ).hexdigest()


@lru_cache(maxsize=8)
def _document_key(settings: Markdown, is_section: bool) -> bytes:
    return digest(settings, is_section).encode()


@lru_cache(maxsize=1)
def environment() -> str:
    """The digest of the environment: newsgen's own source, the versions of Python and of the libraries."""
    return digest(sys.version, library_versions(LIBRARIES), sorted(_sources(str(Path(__file__).parents[1]), "")))


def _sources(folder: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every module below a folder. Every command reads them: without pathlib in half the time."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                with open(entry.path, "rb", buffering=0) as file:  # noqa: PTH123 (twice as fast)
                    yield prefix + entry.name, file.read()
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _sources(entry.path, f"{prefix}{entry.name}/")


def library_versions(names: Iterable[str]) -> dict[str, str]:
    """The versions of installed packages.

    They are read from the names of `.dist-info` folders (PEP 427), in a tenth of the time that importing
    importlib.metadata takes; that is used where a folder is missing.
    """
    wanted = {name.replace("-", "_"): name for name in names}
    found: dict[str, str] = {}
    for folder in sys.path:
        for entry in _listed(folder):
            name, _, version = entry.removesuffix(".dist-info").partition("-")
            if entry.endswith(".dist-info") and (plain := name.lower().replace(".", "_")) in wanted:
                found.setdefault(wanted[plain], version)
    missing = [name for name in wanted.values() if name not in found]
    if missing:
        from importlib.metadata import version as version_of

        found |= {name: version_of(name) for name in missing}
    return found


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder or ".")
    except OSError:  # a zip file, or nothing
        return []
