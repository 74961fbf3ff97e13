"""Jobs and results: what the parent and its workers send one another when outputs are rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from newsgen.core.model import Body, Diagnostic, Markdown, Output

HERE = -1
"""The number of the parent, among workers."""

Job = tuple[Output, str | None]
"""An output, and the digest of the file that stands in its place (None: none, or not as we made it)."""


class JobResult(NamedTuple):
    """What became of a job: the digest of its bytes, and whether they were staged; or what is wrong."""

    digest: str
    is_staged: bool
    diagnostics: tuple[Diagnostic, ...] = ()


Loan = tuple[list[Job], dict[str, Body]]
"""Jobs for a worker, with the bodies that it may need and is not known to have, by the digests of their documents."""


class Needs(NamedTuple):
    """What a worker must know from the start."""

    root: str
    settings: Markdown
    environment: str
    cache: str


Functions = Mapping[str, Callable[[Any], object]]
"""What can be called in a worker, by name."""
