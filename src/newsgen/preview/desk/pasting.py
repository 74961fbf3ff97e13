"""Pasting into a text: the HTML of a clipboard becomes Markdown, and its pictures become files of the report."""

from __future__ import annotations

import asyncio
import re
import secrets
from contextlib import suppress
from functools import partial
from pathlib import Path

from newsgen.authoring.importers.clipboard import Pasted, pasted
from newsgen.authoring.report_files import ReportFile, add_file
from newsgen.core.errors import HostError, UsageError
from newsgen.core.model import Record, as_dict
from newsgen.core.platform import unlink
from newsgen.preview.desk.app import Call, Endpoints
from newsgen.preview.desk.open_report import report_file

MOST_BYTES = 80_000_000
"""Most bytes of a clipboard: twenty photos in it, encoded as text."""
GIVEN = "照片"
"""The file name for pictures of a clipboard, which have no name of their own."""


class PasteRequest(Record, frozen=True, array_like=False):
    """A request to paste: the clipboard as HTML and as text, "" where it holds none."""

    html: str = ""
    text: str = ""


class PastedInto(Record, frozen=True):
    """The result of pasting: the Markdown for the text, the files that were written for it, and messages."""

    markdown: str
    files: tuple[ReportFile, ...]
    remarks: tuple[str, ...]


async def paste(call: Call) -> object:
    """Turn a clipboard into Markdown."""
    path, asked = call.query("path"), await call.json(PasteRequest, MOST_BYTES)
    await asyncio.to_thread(report_file, call.root, path)
    found = await asyncio.to_thread(pasted, asked.html, asked.text, _marker)
    written = await call.writing(partial(with_files, call.root, path, found)) if found.pictures else None
    made = written or PastedInto(found.markdown, (), found.remarks)
    if made.files:
        await call.look_at(*(f"{path.rpartition('/')[0]}/{file.name}" for file in made.files))
    files = [{**as_dict(file), "shown": True, "caption": ""} for file in made.files]
    return {"markdown": made.markdown, "remarks": made.remarks, "files": files}


def _marker(number: int, suffix: str) -> str:
    """The placeholder for a picture in the Markdown until the picture has its file name."""
    return f"{secrets.token_hex(16)}{suffix}"


def with_files(root: Path, path: str, found: Pasted) -> PastedInto:
    """Write the pictures of a clipboard beside the report. Refused ones are removed from the text, and reported.

    Raises HostError where the disk refuses; then none of the pictures is kept.
    """
    markdown, remarks = found.markdown, list(found.remarks)
    files: list[ReportFile] = []
    for marker, data in found.pictures.items():
        try:
            added = add_file(root, path, GIVEN + Path(marker).suffix, (data,))
        except HostError:
            for file in files:
                with suppress(OSError):
                    unlink((root / path).with_name(file.name))
            raise
        except UsageError as error:
            markdown = re.sub(rf"!\[[^\]]*\]\({marker}\)", "", markdown)
            remarks.append(error.diagnostics[0].message)
            continue
        markdown = markdown.replace(marker, added.file.name)
        files.append(added.file)
    return PastedInto(markdown, tuple(files), tuple(remarks))


ENDPOINTS: Endpoints = {("POST", "paste"): paste}
