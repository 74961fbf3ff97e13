"""The declaration of one kind of page. Each file of this package declares its own kinds; kinds.py gathers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from newsgen.core.model import Output, Record, field
from newsgen.pages.context import PlanContext

Values = Mapping[str, Any]
"""The values of an output's parts, by name; the functions that make outputs say which kind has which."""


class PageKind(Record, frozen=True):
    """A kind of output: `name` is `Output.kind`, `outputs` yields all of this kind.

    `view` gives the names that a template sees of an output's path and values, among them `body` where it shows a text;
    it is None where the bytes are at hand without a template. `templates` are those that outputs are rendered with.
    `parts` is what `newsgen why` calls the parts that this kind alone has. `shows_article`: an output is the page of one
    article, which an edit of its text changes without a new plan. `batch` is how many outputs a worker is given at once;
    0: the process that plans renders them, since it holds what they list. `batch_key`: those of one key go to one worker
    together, and to no others. `weight` is how many pages are rendered in the time that one output takes.
    """

    name: str
    outputs: Callable[[PlanContext], Iterator[Output]]
    view: Callable[[str, Values], dict[str, object]] | None = None
    templates: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    shows_article: bool = False
    batch: int = 0
    batch_key: Callable[[Output], str] | None = None
    weight: int = 1


BATCH = 16
"""Pages in one call of a worker."""
