"""Regular expressions that are compiled when they are first used: compiling one takes as long as reading ten reports."""

from __future__ import annotations

import re
from typing import Any, cast


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that is compiled by its first use: for texts that few sites have."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))


class _LazyPattern:
    """A stand-in for a pattern; each method is looked up once."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._source, self._flags), name)  # re keeps what it has compiled
        setattr(self, name, found)
        return found
