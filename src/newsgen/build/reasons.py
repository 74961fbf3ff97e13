"""Reasons for rendering an output: its parts in the last build and now, compared by name, down to their inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from newsgen.build.cache.plan import Dependencies
from newsgen.core.digest import fingerprint_with_body
from newsgen.core.model import BODY_PART, Output, PartInputs, Record

Cause = Literal["new", "altered", "asked", "changed", "builder", "forgotten"]
"""New output; file altered or deleted by hand; `--full`; a part has changed; newsgen or a library has changed;
something has changed, but the dependencies of the last build are lost."""


class Change(Record, frozen=True):
    """An input of the part `part` that was changed, added or removed; `input` is its name."""

    part: str
    input: str
    how: Literal["changed", "added", "removed"]


class Reason(Record, frozen=True):
    """The reason why one output was rendered. `changes` is empty unless the cause is "changed"."""

    cause: Cause
    changes: tuple[Change, ...] = ()


class Reasons(Record, frozen=True):
    """The reasons of one build: `special` by path, and `usual` for all other outputs (None: they were not rendered)."""

    usual: Reason | None
    special: dict[str, Reason]

    def of(self, path: str) -> Reason | None:
        """The reason for the output at `path`; None where it was not rendered."""
        return self.special.get(path, self.usual)


def reason_for(output: Output, fingerprint: str, before: Dependencies | None, text_before: str) -> Reason:
    """The reason why `output` has another fingerprint than the one of the last build, `fingerprint`. `before` are its
    dependencies then, `text_before` the digest of its text.
    """
    # Where a build in between was refused, the text may be back to what it was.
    texts = (text_before, output.parts[-1].digest if output.parts else "")
    bases = (
        {fingerprint_with_body(before.fingerprint_without_body, text): text for text in texts}
        if before and before.source
        else {}
    )
    if before is None or fingerprint not in (bases or (before.fingerprint_without_body,)):
        return Reason("forgotten")
    then = {name: (digest, inputs) for name, digest, inputs in before.parts}
    if before.source:
        text = bases[fingerprint]
        then[BODY_PART] = (text, ((before.source, text),))
    now = {part.name: (part.digest, part.inputs) for part in output.parts}
    changes: list[Change] = []
    for name in {**then, **now}:
        old, new = then.get(name, ("", ())), now.get(name, ("", ()))
        if old[0] != new[0]:
            changes += _differences(name, old[1], new[1])
    return Reason("changed", tuple(dict.fromkeys(changes))) if changes else Reason("builder")


def _differences(part: str, old: PartInputs, new: PartInputs) -> list[Change]:
    then, now = dict(old), dict(new)
    found = [Change(part, name, "changed") for name in now if name in then and then[name] != now[name]]
    found += [Change(part, name, "added") for name in now if name not in then]
    found += [Change(part, name, "removed") for name in then if name not in now]
    return found or [Change(part, part, "changed")]


def summed_up(found: Mapping[str, Reason], outputs: int) -> Reasons:
    """The reasons of a build of so many outputs; one that all share is stored once."""
    shared = set(found.values())
    if len(found) == outputs and len(shared) == 1:
        return Reasons(shared.pop(), {})
    return Reasons(None, dict(found))
