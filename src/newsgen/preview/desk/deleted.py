"""Endpoints that list, show and restore deleted reports and removed photos, which the history still has."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from starlette.responses import Response

from newsgen.authoring.deleted import bring_back, deleted_reports, photos_of, removed_files, title_of
from newsgen.authoring.front_matter_values import values_of
from newsgen.authoring.history import chunks_of, read
from newsgen.authoring.rename_detection import title_and_day
from newsgen.authoring.text_lines import body_of
from newsgen.content.document import parse
from newsgen.core.file_types import MOST_OF_A_PICTURE, is_picture
from newsgen.core.model import Markdown, Record, as_dict
from newsgen.preview.desk.app import ApiError, Call, Endpoints
from newsgen.preview.desk.open_report import report_file
from newsgen.preview.desk.uploads import SEALED

MOST_LISTED = 200


class BringBackRequest(Record, frozen=True, array_like=False):
    """A request to restore a deleted report; `id` is the version that was shown."""

    path: str
    id: str


async def deleted(call: Call) -> object:
    """The reports that were deleted, the newest first."""
    texts = await call.in_session(lambda session: session.texts)
    titles = {record.path: title_and_day(document) for record, document in texts if document}
    found = await asyncio.to_thread(deleted_reports, call.root, titles)
    titled = await asyncio.to_thread(lambda: [_titled(call.root, item.path, item.id) for item in found[:MOST_LISTED]])
    return {"reports": [{**as_dict(item), "title": title} for item, title in zip(found, titled, strict=False)]}


def _titled(root: Path, path: str, version: str) -> str:
    return title_of(parse(read(root, path, version), Markdown()).document, path)


async def deleted_version(call: Call) -> object:
    """A version of a deleted report, to be shown before it is restored."""
    return await asyncio.to_thread(_looked_at, call.root, call.query("path"), call.query("id"))


def _looked_at(root: Path, path: str, version: str) -> dict[str, object]:
    data = read(root, path, version)
    found = photos_of(root, path, data)
    values = {key: value for key, value in values_of(data).values.items() if isinstance(value, str)}
    return {
        "title": title_of(parse(data, Markdown()).document, path),
        "body": body_of(data, path)[0],
        "fields": values,
        "photos": found.photos,
        "missing": found.missing,
    }


async def restore_deleted(call: Call) -> object:
    """Write a deleted report where it was."""
    asked = await call.json(BringBackRequest)
    found = await call.writing(partial(bring_back, call.root, asked.path, asked.id))
    folder = found.path.rpartition("/")[0]
    await call.look_at(found.path, *(f"{folder}/{name}" for name in found.photos))
    return found._asdict()


async def removed(call: Call) -> object:
    """The photos and attachments that were removed from a report."""
    path = call.query("path")
    await asyncio.to_thread(report_file, call.root, path)
    found = await asyncio.to_thread(removed_files, call.root, path)
    return {"files": [{**as_dict(item), "kind": "photo" if is_picture(item.name) else "attachment"} for item in found]}


async def removed_photo(call: Call) -> Response:
    """The thumbnail of a photo that was removed."""
    path, name, version = call.query("path"), call.query("name"), call.query("id")
    await asyncio.to_thread(report_file, call.root, path)
    known = await asyncio.to_thread(removed_files, call.root, path)
    item = next((item for item in known if (item.name, item.id) == (name, version)), None)
    if item is None or item.size > MOST_OF_A_PICTURE:
        raise ApiError(404, "desk.missing", "这张照片已经不在了", "删掉的照片只留 30 天")
    place = f"{path.rpartition('/')[0]}/{name}"
    data = await asyncio.to_thread(lambda: b"".join(chunks_of(call.root, place, version)))
    made = await call.desk.thumbnails.of_bytes(data, name)
    return Response(made, media_type="image/jpeg", headers={"Content-Security-Policy": SEALED})


ENDPOINTS: Endpoints = {
    ("GET", "deleted"): deleted,
    ("GET", "deleted/version"): deleted_version,
    ("POST", "deleted/restore"): restore_deleted,
    ("GET", "files/removed"): removed,
    ("GET", "file/removed"): removed_photo,
}
