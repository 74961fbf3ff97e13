"""List pages that are numbered from the oldest, so that one new article changes a bounded number of them.

Of n articles, oldest first, page 1 holds the first 20 for ever, page 2 the next 20, and `index.html` the newest 20 to 39.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from newsgen.core import urls
from newsgen.core.model import Record
from newsgen.pages.views import NamedLink, Pager

Item = TypeVar("Item")


class ListPage(Record, Generic[Item], frozen=True):
    """One page of a list: its address, its items newest first, and the way to the others (None: there is one page)."""

    address: str
    items: tuple[Item, ...]
    pager: Pager | None
    is_newest: bool


def paginate(prefix: str, items: Sequence[Item]) -> Iterator[ListPage[Item]]:
    """The pages of a list below the address folder `prefix`; `items` stand oldest first. The newest page comes first."""
    numbered = max(0, len(items) // urls.LIST_SIZE - 1)
    for number in (0, *range(numbered, 0, -1)):
        chunk = (
            items[(number - 1) * urls.LIST_SIZE : number * urls.LIST_SIZE]
            if number
            else items[numbered * urls.LIST_SIZE :]
        )
        yield ListPage(
            urls.list_address(prefix, number),
            tuple(reversed(chunk)),
            _pager(prefix, number, numbered, len(items)),
            not number,
        )


def _pager(prefix: str, number: int, numbered: int, total: int) -> Pager:
    newest, oldest = urls.list_address(prefix, 0), urls.list_address(prefix, 1 if numbered else 0)
    if not number:
        older = urls.list_address(prefix, numbered) if numbered else None
        return Pager(newest, None, older, oldest, total, _numbers(prefix, numbered))
    newer = urls.list_address(prefix, number + 1 if number < numbered else 0)
    return Pager(newest, newer, urls.list_address(prefix, number - 1) if number > 1 else None, oldest)


def _numbers(prefix: str, numbered: int) -> tuple[NamedLink, ...]:
    """The reader's numbers: 1 is the newest page. Long rows keep the first seven and the last."""
    pages = [(1, 0), *((numbered - number + 2, number) for number in range(numbered, 0, -1))]
    shown = pages if len(pages) <= 9 else [*pages[:7], pages[-1]]
    return tuple(NamedLink(str(label), urls.list_address(prefix, number), not number) for label, number in shown)
