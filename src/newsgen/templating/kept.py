"""What is known of a set of templates, kept between runs: to parse and compile them takes a tenth of a second.

One file holds it all, named by a key that tells when it is out of date. Its code is run as it is found, as Python runs
what lies in __pycache__, so the folder must be one that nobody else can write to.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import CodeType
from typing import NamedTuple

from newsgen.fingerprint import digest, digest_bytes, environment
from newsgen.templating.facts import Facts

FILE = "templates.bin"


class Kept(NamedTuple):
    """Of each template that compiles, its code."""

    facts: Facts
    codes: Mapping[str, CodeType]


def key_of(sources: Mapping[str, str]) -> str:
    """Changes with a template, with newsgen, with Jinja2 and with Python, whose code is not that of another version."""
    return digest(environment(), sorted(sources.items()))


def load(folder: Path, key: str) -> Kept | None:
    """What was kept under this key; None where nothing was, or not in one piece."""
    try:
        data = (folder / FILE).read_bytes()
    except OSError:
        return None
    head, content = data[:64], data[64:]
    if head != (key + digest_bytes(content)).encode():
        return None
    reach, assets, shared, codes = marshal.loads(content)
    return Kept(Facts(reach, assets, shared), codes)


def save(folder: Path, key: str, kept: Kept) -> None:
    """Keep it, in place of what was kept before. A folder that cannot be written to costs time, no more."""
    facts = kept.facts
    content = marshal.dumps((dict(facts.reach), facts.assets, dict(facts.shared), dict(kept.codes)))
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write((key + digest_bytes(content)).encode() + content)
        try:
            os.replace(file.name, folder / FILE)
        finally:
            Path(file.name).unlink(missing_ok=True)
