"""Trial rendering of pages that nobody has opened, to find errors in their templates.

A template's error may occur on few pages. A build finds it; a preview renders only what is requested. So it tries the
other pages in steps while no request waits, one of each kind first.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, Output
from newsgen.pages.kinds import kind_of

STEP = 0.02
"""Seconds after which a step begins no further page, so that requests need not wait."""
ENOUGH = 20
"""Pages with errors after which no more are tried until a file changes."""


class Trial:
    """The state of the trial: the pages that were tried, by fingerprint, and those that are left."""

    def __init__(self) -> None:
        self._sound: set[str] = set()  # fingerprints
        self._failed: dict[str, tuple[str, Diagnostic]] = {}  # by path: the fingerprint and the error
        self._waiting: deque[str] = deque()  # paths

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The errors, one for each place in a template."""
        places = {(found.path, found.line): found for _, found in reversed(self._failed.values())}
        return tuple(places[place] for place in sorted(places))

    @property
    def is_due(self) -> bool:
        """Whether there are pages left to try."""
        return bool(self._waiting) and len(self._failed) < ENOUGH

    def renew(self, outputs: Mapping[str, Output], changed: Iterable[str] | None) -> None:
        """Add the outputs of a new version. `changed` are those that have changed; None: unknown."""
        if changed is None:
            self._waiting.clear()
        elif not changed:
            return
        pages = (path for path in (outputs if changed is None else changed) if path in outputs)
        self._waiting.extend(_one_of_each_kind_first({path: outputs[path] for path in pages}))
        self._failed = {
            path: (fingerprint, found)
            for path, (fingerprint, found) in self._failed.items()
            if path in outputs and outputs[path].fingerprint == fingerprint
        }

    def step(self, outputs: Mapping[str, Output], render: Callable[[Output], object]) -> None:
        """Try some of the pages that are left."""
        until = time.monotonic() + STEP
        while self.is_due:
            output = outputs.get(self._waiting.popleft())
            if output is not None and output.fingerprint not in self._sound:
                self._try(output, render)
            if time.monotonic() >= until:
                return
        if not self._waiting:
            self._sound &= {output.fingerprint for output in outputs.values()}

    def _try(self, output: Output, render: Callable[[Output], object]) -> None:
        try:
            render(output)
        except ContentError as error:
            found = next((item for item in error.diagnostics if item.code.startswith("template.")), None)
            if found is not None:  # others are shown elsewhere
                self._failed[output.path] = output.fingerprint, found
        else:
            self._sound.add(output.fingerprint)


def _one_of_each_kind_first(outputs: Mapping[str, Output]) -> Iterator[str]:
    """The paths of the outputs that have a template, one of each kind first."""
    pages = [path for path, output in outputs.items() if kind_of(output).view]
    first = {outputs[path].kind: path for path in reversed(pages)}
    yield from first.values()
    ahead = set(first.values())
    yield from (path for path in pages if path not in ahead)
