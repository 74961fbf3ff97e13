"""The default templates, compiled once for an installation, as Python compiles modules: that saves each build 0.1 s.

The file is beside the bytecode of this package and is trusted like that: it is code, and must never be read from
anywhere else. It is used for exactly the templates, the newsgen and the libraries that it was made of.
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
"""Characters of a digest: the file begins with its key, then comes the digest of the rest."""


class PrecompiledTemplates(NamedTuple):
    """Compiled templates: the facts of all of them, and the code of each by name."""

    facts: TemplateFacts
    codes: Mapping[str, CodeType]


def load(sources: Mapping[str, str]) -> PrecompiledTemplates | None:
    """The compiled form of exactly these templates; None where there is none, or it is damaged."""
    try:
        data = PLACE.read_bytes()
    except OSError:
        return None
    key, name, code = data[:_DIGEST], data[_DIGEST : 2 * _DIGEST], data[2 * _DIGEST :]
    if key != _key(sources).encode() or name != digest_bytes(code).encode():
        return None
    facts, codes = marshal.loads(code)
    return PrecompiledTemplates(TemplateFacts(*facts), codes)


def save(sources: Mapping[str, str], compiled: PrecompiledTemplates) -> None:
    """Save compiled templates for later builds; where that cannot be done, each of them compiles its own."""
    facts = compiled.facts
    code = marshal.dumps(((dict(facts.reach), facts.assets, dict(facts.shared)), dict(compiled.codes)))
    new = PLACE.with_name(f"{PLACE.name}.{os.getpid()}")
    with suppress(OSError):
        PLACE.parent.mkdir(exist_ok=True)
        new.write_bytes(_key(sources).encode() + digest_bytes(code).encode() + code)
        new.replace(PLACE)
    with suppress(OSError):
        new.unlink(missing_ok=True)


def is_wanted() -> bool:
    """Whether Python saves bytecode here, and the folder can be written."""
    folder = PLACE.parent if PLACE.parent.is_dir() else PLACE.parent.parent
    return not (sys.dont_write_bytecode or sys.pycache_prefix) and os.access(folder, os.W_OK)


def _key(sources: Mapping[str, str]) -> str:
    return digest(environment(), sorted(sources.items()))
