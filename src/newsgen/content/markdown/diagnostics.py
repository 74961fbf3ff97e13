"""All diagnostics on a text, in its order."""

from __future__ import annotations

from collections.abc import Sequence

from newsgen.content.markdown import link_targets, sanitize
from newsgen.content.markdown.html_repair import unclosed
from newsgen.content.markdown.link_targets import Address
from newsgen.content.markdown.lint import bare_tables, lint, missing_footnotes, unused_footnotes
from newsgen.content.markdown.near_misses import open_links
from newsgen.content.markdown.preprocess.lines import Line, ParseState
from newsgen.core.model import Diagnostic


def diagnostics_of(state: ParseState, typed: Sequence[Address], url: str) -> tuple[Diagnostic, ...]:
    """The diagnostics on a text of the site at `url`, in its order."""
    footnotes = (*missing_footnotes(state.prose, state.notes), *unused_footnotes(state.prose, state.notes))
    return _in_order(state, typed, url, footnotes)


def diagnostics_of_lines(prose: list[Line], raw: list[Line], url: str) -> tuple[Diagnostic, ...]:
    """The diagnostics on some lines of a text whose footnotes are right; `raw` are those of raw HTML."""
    return _in_order(ParseState(prose=prose, html=raw), link_targets.typed(prose, raw), url, ())


def _in_order(
    state: ParseState, typed: Sequence[Address], url: str, footnotes: Sequence[Diagnostic]
) -> tuple[Diagnostic, ...]:
    found = (
        *state.diagnostics,
        *lint(state.prose, state.shared),
        *bare_tables(state.prose),
        *open_links(state.prose, state.shared),
        *footnotes,
        *link_targets.diagnostics_of(typed, url),
        *sanitize.removed([*state.prose, *state.html]),
        *unclosed(state.prose, state.shared, state.html),
    )
    return tuple(sorted(found, key=lambda item: (item.line, item.column)))
