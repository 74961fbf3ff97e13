"""Comparison of two versions of a text that was edited in two places at once, passage by passage, for a person to choose."""

from __future__ import annotations

import asyncio

from newsgen.authoring.text_merge import parts
from newsgen.core.model import Record, as_dict
from newsgen.preview.desk.app import Call, Endpoints


class CompareRequest(Record, frozen=True, array_like=False):
    """A request to compare: `base` is the text before both edits, `mine` was typed here, `theirs` is in the file now."""

    base: str
    mine: str
    theirs: str


async def compare(call: Call) -> object:
    """The passages of two versions in their order."""
    asked = await call.json(CompareRequest)
    found = await asyncio.to_thread(parts, asked.base, asked.mine, asked.theirs)
    return {"parts": [as_dict(part) for part in found]}


ENDPOINTS: Endpoints = {("POST", "compare"): compare}
