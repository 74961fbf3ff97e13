"""The default templates, compiled once for an installation, as Python compiles modules: it takes 0.1 s, each build else.

What is kept lies where Python keeps the bytecode of this package, is trusted as that is (never take it from anywhere else:
it is code), and is used for exactly the templates, the newsgen and the libraries that it was made from.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import NamedTuple

from newsgen.core.digest import digest, digest_bytes, environment
from newsgen.site.theme.templates import TemplateFacts

PLACE = Path(__file__).parent / "__pycache__" / f"templates.{sys.implementation.cache_tag}.bin"
_DIGEST = 32
"""Letters of a digest: the file begins with the key, then comes the digest of the rest."""


class Ahead(NamedTuple):
    """What templates come to: the facts of all of them, and the code of each by name."""

    facts: TemplateFacts
    codes: Mapping[str, CodeType]


def load(sources: Mapping[str, str]) -> Ahead | None:
    """What was made of exactly these templates; None where that is not at hand, or spoilt."""
    try:
        data = PLACE.read_bytes()
    except OSError:
        return None
    key, name, code = data[:_DIGEST], data[_DIGEST : 2 * _DIGEST], data[2 * _DIGEST :]
    if key != _key(sources).encode() or name != digest_bytes(code).encode():
        return None
    facts, codes = marshal.loads(code)
    return Ahead(TemplateFacts(*facts), codes)


def keep(sources: Mapping[str, str], found: Ahead) -> None:
    """Put it in place for all builds to come; where that cannot be done, they will compile for themselves."""
    facts = found.facts
    code = marshal.dumps(((dict(facts.reach), facts.assets, dict(facts.shared)), dict(found.codes)))
    new = PLACE.with_name(f"{PLACE.name}.{os.getpid()}")
    with suppress(OSError):
        PLACE.parent.mkdir(exist_ok=True)
        new.write_bytes(_key(sources).encode() + digest_bytes(code).encode() + code)
        new.replace(PLACE)
    with suppress(OSError):
        new.unlink(missing_ok=True)


def is_wanted() -> bool:
    """Whether Python keeps bytecode here, and it can be written."""
    folder = PLACE.parent if PLACE.parent.is_dir() else PLACE.parent.parent
    return not (sys.dont_write_bytecode or sys.pycache_prefix) and os.access(folder, os.W_OK)


def _key(sources: Mapping[str, str]) -> str:
    return digest(environment(), sorted(sources.items()))
