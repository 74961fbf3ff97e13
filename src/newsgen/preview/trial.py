"""Trial rendering of pages that nobody has opened, to find what is wrong in their templates.

A template's error may show on some pages alone. A build would find it; a preview, which renders what is asked for, would not
tell it before that page is opened. So pages are tried in steps while nobody waits, one of each kind first.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, Output
from newsgen.pages.kinds import kind_of

STEP = 0.02
"""Seconds that one step takes at most, but for the page that it ends with: whoever asks for a page waits no longer."""
ENOUGH = 20
"""Pages with errors after which no more are tried until something changes."""


class Trial:
    """What has been tried of a site's pages, by path and fingerprint."""

    def __init__(self) -> None:
        self._sound: set[str] = set()  # fingerprints
        self._failed: dict[str, tuple[str, Diagnostic]] = {}  # by path: the fingerprint, and what is wrong
        self._waiting: deque[str] = deque()  # paths

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong, once for each place in a template."""
        places = {(found.path, found.line): found for _, found in reversed(self._failed.values())}
        return tuple(places[place] for place in sorted(places))

    @property
    def is_due(self) -> bool:
        """Whether there is something left to try."""
        return bool(self._waiting) and len(self._failed) < ENOUGH

    def renew(self, outputs: Mapping[str, Output], changed: Iterable[str] | None) -> None:
        """Take up the outputs of a new version. `changed` are those that were not so before; None: nobody knows."""
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
        """Try some of what is left."""
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
            if found is not None:  # else a file has changed, or is told of anyway
                self._failed[output.path] = output.fingerprint, found
        else:
            self._sound.add(output.fingerprint)


def _one_of_each_kind_first(outputs: Mapping[str, Output]) -> Iterator[str]:
    """The paths of the outputs that are made with a template."""
    pages = [path for path, output in outputs.items() if kind_of(output).view]
    first = {outputs[path].kind: path for path in reversed(pages)}
    yield from first.values()
    ahead = set(first.values())
    yield from (path for path in pages if path not in ahead)
