"""Upload of photos and attachments from the page, and their delivery to it.

An upload is written piece by piece, and gets its name when it is complete and of a kind that a site may publish. A
delivered file can run no script in the page of the desk, whatever it holds.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response

from newsgen.authoring.report_files import Incoming, list_files, receiving, remove_file, restore_file
from newsgen.content.markdown.captions import caption
from newsgen.core.errors import UsageError
from newsgen.core.file_types import MOST_BYTES, MOST_OF_A_PICTURE, is_picture
from newsgen.core.files import CHUNK, size_in_words
from newsgen.core.media_types import OTHER, media_type
from newsgen.core.model import Record, as_dict
from newsgen.core.text import is_cjk
from newsgen.preview.desk.app import ApiError, Call, Endpoints
from newsgen.preview.desk.listed_files import ListedFile, listed_files
from newsgen.preview.desk.open_report import read_report, report_file

SEALED = "default-src 'none'; sandbox"
"""The Content-Security-Policy of a file that is opened by itself: it loads nothing, and runs nothing."""
_NO_CAPTION = re.compile(r"(?:屏幕|微信|QQ)?(?:截图|截屏|图片|照片|图像|图|新建\w*)[\s\d()（）_-]*|\d{1,3}")
"""Names of photos that say nothing of what they show."""
_COUNTER = re.compile(r"\s*[（(]\d{1,3}[)）]$")
"""The counter that systems append to the name of a copy."""
_SHOWN = frozenset((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp"))


class RestoreFileRequest(Record, frozen=True, array_like=False):
    """A request to bring a removed file back: `id` is the version that the removal gave."""

    path: str
    name: str
    id: str


async def put_file(call: Call) -> object:
    """Add an uploaded file to a report."""
    path, name = call.query("path"), call.query("name")
    most = MOST_OF_A_PICTURE if is_picture(name) else MOST_BYTES
    check_length(call.request.headers.get("content-length", ""), most, name)
    await asyncio.to_thread(report_file, call.root, path)
    async with received(call, path, name) as incoming:
        await written(call, incoming, most, name)
        added = await call.writing(incoming.finish)
    place = f"{path.rpartition('/')[0]}/{added.file.name}"
    if added.file.kind == "photo":
        call.desk.thumbnails.begin(call.root / place, added.file.name)
    await call.look_at(place)
    return {"file": {**as_dict(added.file), "shown": False, "caption": caption_of(name)}, "remarks": added.remarks}


async def get_file(call: Call) -> Response:
    """Send a file, or the thumbnail of a photo."""
    path, name = call.query("path"), call.query("name")
    file = await asyncio.to_thread(existing, call.root, path, name)
    if "thumb" in call.request.query_params:
        data = await call.desk.thumbnails.of(file, name)
        return Response(data, media_type="image/jpeg", headers={"Content-Security-Policy": SEALED})
    is_shown = file.suffix.lower() in _SHOWN
    return FileResponse(
        file,
        media_type=media_type(name) if is_shown else OTHER,
        filename=name,
        content_disposition_type="inline" if is_shown else "attachment",
        headers={"Content-Security-Policy": SEALED},
    )


async def delete_file(call: Call) -> object:
    """Move a file into the history."""
    path, name = call.query("path"), call.query("name")
    await asyncio.to_thread(existing, call.root, path, name)
    version = await call.writing(partial(remove_file, call.root, path, name, call.user.name, call.now))
    await call.look_at(f"{path.rpartition('/')[0]}/{name}")
    return {"id": version}


async def restore(call: Call) -> object:
    """Bring a file back that was moved into the history."""
    asked = await call.json(RestoreFileRequest)
    await asyncio.to_thread(report_file, call.root, asked.path)
    file = await call.writing(partial(restore_file, call.root, asked.path, asked.name, asked.id))
    await call.look_at(f"{asked.path.rpartition('/')[0]}/{file.name}")
    return {"file": {**as_dict(file), "shown": False, "caption": ""}}


async def files(call: Call) -> object:
    """The files of a report."""
    return {"files": await files_of(call, call.query("path"))}


async def files_of(call: Call, path: str) -> list[dict[str, object]]:
    """The files of the report at `path`, as the page lists them."""

    def found() -> tuple[ListedFile, ...]:
        return listed_files(call.root, path, read_report(report_file(call.root, path), path))

    return [as_dict(item) for item in await asyncio.to_thread(found)]


# ---------------------------------------------------------------- uploaded files


@asynccontextmanager
async def received(call: Call, path: str, name: str) -> AsyncIterator[Incoming]:
    """A file that is being received for a report. It is written only in the thread that writes."""
    coming = receiving(call.root, path, name)
    incoming = await call.writing(coming.__enter__)
    try:
        yield incoming
    except BaseException as error:
        await call.writing(partial(coming.__exit__, type(error), error, error.__traceback__))
        raise
    await call.writing(partial(coming.__exit__, None, None, None))


async def written(call: Call, incoming: Incoming, most: int, name: str) -> None:
    """Write the body of a request, piece by piece. Raises ApiError for more than `most` bytes, or where it breaks off."""
    size, waiting = 0, bytearray()
    try:
        async for chunk in call.request.stream():
            size += len(chunk)
            if size > most:
                raise too_large(name, most)
            waiting += chunk
            if len(waiting) >= CHUNK:
                await call.writing(partial(incoming.write, bytes(waiting)))
                waiting.clear()
    except ClientDisconnect:
        raise ApiError(400, "gone", f"{name} 没有传完", "再拖进来一次") from None
    await call.writing(partial(incoming.write, bytes(waiting)))


def check_length(declared: str, most: int, name: str) -> None:
    """Raise ApiError for a declared length of more than `most` bytes, before anything is read."""
    if declared.isdecimal() and int(declared) > most:
        raise too_large(name, most)


def too_large(name: str, most: int) -> ApiError:
    hint = "照片用看图软件缩小；视频先压缩，或者传到学校的视频平台，在正文里写它的网址"
    return ApiError(413, "file.too-large", f"{name} 太大了，最多 {size_in_words(most)}", hint)


def caption_of(name: str) -> str:
    """The caption that the file name of a photo gives, if a person seems to have typed it; otherwise ""."""
    stem = _COUNTER.sub("", Path(name).stem)
    return caption(stem, name) if any(map(is_cjk, stem)) and not _NO_CAPTION.fullmatch(stem) else ""


def existing(root: Path, path: str, name: str) -> Path:
    """The file `name` of the report at `path`. Raises UsageError where it has no such file."""
    report = report_file(root, path)
    if all(item.name != name for item in list_files(root, path)):
        hint = "多半是被移走、改名或删除了；照片和附件的清单重新读过了，看一看"
        raise UsageError(f"没有 {name[:120]} 这个文件", hint, "desk.missing", path)
    return (report.parent / name).resolve()


ENDPOINTS: Endpoints = {
    ("PUT", "file"): put_file,
    ("GET", "file"): get_file,
    ("DELETE", "file"): delete_file,
    ("POST", "file/restore"): restore,
    ("GET", "files"): files,
}
