"""Diagnostics as a terminal shows them: what repeats is shown at its first places, with a count of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newsgen.core.model import Diagnostic

SHOWN = 3
"""How many of one kind are shown in full."""
_PLACES = 5
_PARTICULARS = re.compile(r"「[^」]*」|[\w./\\%-]*[A-Za-z0-9][\w./\\%-]*|：.*", re.DOTALL)
_ORDER = {"info": 0, "warning": 1, "error": 2}


class Group(NamedTuple):
    """Diagnostics of one kind: those shown in full, and those that are counted."""

    shown: tuple[Diagnostic, ...]
    others: tuple[Diagnostic, ...]


def grouped(diagnostics: Iterable[Diagnostic]) -> Iterator[Group]:
    """All diagnostics in groups of one kind; errors come last, where the eye of who looks at a terminal is."""
    kinds: dict[tuple[str, str, str], list[Diagnostic]] = {}
    for item in diagnostics:
        kind = item.severity, item.code, _PARTICULARS.sub("…", item.message)
        kinds.setdefault(kind, []).append(item)
    for _, items in sorted(kinds.items(), key=lambda entry: _ORDER[entry[0][0]]):
        yield _group(items)


def _group(items: list[Diagnostic]) -> Group:
    """The first of each wording before the second of any."""
    wordings: dict[str, Diagnostic] = {}
    for item in items:
        wordings.setdefault(item.message, item)
    chosen = list({id(item): None for item in (*wordings.values(), *items)})[:SHOWN]
    shown = tuple(item for item in items if id(item) in chosen)
    return Group(shown, tuple(item for item in items if id(item) not in chosen))


def others_in_words(others: tuple[Diagnostic, ...], kind: str) -> str:
    """`还有 1,203 处同类的提醒：content/a.md:3、… 加 --json 列出全部`."""
    places = [f"{item.path}:{item.line}" for item in others if item.path][:_PLACES]
    end = " 等" if len(others) > len(places) and places else ""
    where = f"：{'、'.join(places)}{end}" if places else ""
    return f"还有 {len(others):,} 处同类的{kind}{where}（加 --json 列出全部）"
