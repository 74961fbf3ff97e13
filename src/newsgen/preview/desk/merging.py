"""Two versions of a text that was changed in two places at once, passage by passage, for a person to choose."""

from __future__ import annotations

import asyncio

from newsgen.authoring.text_lines import lines_of, matching
from newsgen.core.model import Record
from newsgen.preview.desk.app import Call, Endpoints


class CompareRequest(Record, frozen=True, array_like=False):
    """What the page sends: the text that both versions come from, what was typed here, and what the file has now."""

    base: str
    mine: str
    theirs: str


async def compare(call: Call) -> object:
    """The passages of two versions in their order."""
    asked = await call.json(CompareRequest)
    return {"parts": await asyncio.to_thread(_parts, asked)}


def _parts(asked: CompareRequest) -> list[dict[str, str]]:
    mine, theirs = lines_of(asked.mine), lines_of(asked.theirs)
    found = []
    for kind, start, end, first, last in matching(asked.mine, asked.theirs):
        here, there = "".join(mine[start:end]), "".join(theirs[first:last])
        found.append({"kind": "same" if kind == "equal" else "conflict", "mine": here, "theirs": there})
    return found


ENDPOINTS: Endpoints = {("POST", "compare"): compare}
