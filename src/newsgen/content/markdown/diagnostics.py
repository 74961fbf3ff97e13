"""Everything that there is to say about a text, in its order."""

from __future__ import annotations

from collections.abc import Sequence

from newsgen.content.markdown import link_targets, sanitize
from newsgen.content.markdown.html_repair import unclosed
from newsgen.content.markdown.link_targets import Address
from newsgen.content.markdown.lint import bare_tables, lint, missing_footnotes, unused_footnotes
from newsgen.content.markdown.near_misses import open_links
from newsgen.content.markdown.preprocess.lines import Draft, Line
from newsgen.core.model import Diagnostic


def diagnostics_of(draft: Draft, typed: Sequence[Address], url: str) -> tuple[Diagnostic, ...]:
    """The diagnostics on a text of the site at `url`, in its order."""
    footnotes = (*missing_footnotes(draft.prose, draft.notes), *unused_footnotes(draft.prose, draft.notes))
    return _in_order(draft, typed, url, footnotes)


def diagnostics_of_lines(prose: list[Line], raw: list[Line], url: str) -> tuple[Diagnostic, ...]:
    """The diagnostics on some lines of a text whose footnotes are right; `raw` are those of raw HTML."""
    return _in_order(Draft(prose=prose, html=raw), link_targets.typed(prose, raw), url, ())


def _in_order(
    draft: Draft, typed: Sequence[Address], url: str, footnotes: Sequence[Diagnostic]
) -> tuple[Diagnostic, ...]:
    found = (
        *draft.diagnostics,
        *lint(draft.prose, draft.shared),
        *bare_tables(draft.prose),
        *open_links(draft.prose, draft.shared),
        *footnotes,
        *link_targets.diagnostics_of(typed, url),
        *sanitize.removed([*draft.prose, *draft.html]),
        *unclosed(draft.prose, draft.shared, draft.html),
    )
    return tuple(sorted(found, key=lambda item: (item.line, item.column)))
