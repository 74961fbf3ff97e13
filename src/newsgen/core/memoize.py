"""Memoized functions for values that many outputs share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

LIMIT = 256
"""Results that are kept. A site has one for each section."""

P = ParamSpec("P")
T = TypeVar("T")


def once_for_the_same(function: Callable[P, T]) -> Callable[P, T]:
    """A pure function of frozen values, called once for the same objects.

    They are known by identity: to hash a section with all that it holds would cost more than what is saved.
    """
    results: dict[tuple[int, ...], tuple[object, T]] = {}

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> T:
        key = tuple(map(id, args))
        found = results.get(key)
        if found is None:
            if len(results) >= LIMIT:
                results.clear()
            found = results[key] = args, function(*args, **kwargs)  # holding the objects keeps their ids theirs
        return found[1]

    return remembered
