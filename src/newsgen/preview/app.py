"""The preview as a web application: the site at `/`, the preview's own files and events below `/.newsgen/`.

It answers only GET and HEAD, and only requests whose Host header names this machine: a foreign page whose host name
resolves to this machine (DNS rebinding) can't read drafts. Of the site it serves only outputs. No browser may cache an
answer.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import asdict
from enum import Enum
from html import escape
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from newsgen.core.errors import NewsgenError
from newsgen.core.media_types import media_type
from newsgen.core.urls import page_at
from newsgen.preview.client_files import client_file
from newsgen.preview.inject import PREFIX, inject
from newsgen.preview.loop import Preview
from newsgen.preview.session import Session, ShownVersion
from newsgen.signoff.version_diff import changes_html, diff_of

CHANGES = "changes/"
"""Prefix before an output's path: the address of the changes in its article since the approval, as HTML."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
"""The Content-Security-Policy of docs/server.md, so that the preview loads nothing that readers' browsers would block."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"]
HEARTBEAT = 15.0
"""Seconds without an event after which a stream sends a comment, so that a stream whose browser is gone ends."""
RANGE = re.compile(r"bytes=(\d*)-(\d*)")

T = TypeVar("T")
Stream = asyncio.Queue[ShownVersion | None]
"""The queue of versions to send to one browser; None ends the stream."""
Hosts = Callable[[str], bool]
"""A function that tells whether a host name (of a Host header, without the port) names this machine."""


class PreviewApp:
    """The web application of `preview`. `hosts` tells which host names it answers to."""

    def __init__(self, preview: Preview, hosts: Hosts) -> None:
        self._preview, self._hosts = preview, hosts
        self._streams: set[Stream] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        preview.listeners.append(self._announce)

    @property
    def application(self) -> Starlette:
        """The ASGI application."""
        return Starlette(routes=[Route("/{path:path}", self.answer, methods=EVERY_METHOD)])

    def end_streams(self) -> None:
        """End all streams of events, before the server stops."""
        for stream in self._streams:
            stream.put_nowait(None)

    async def answer(self, request: Request) -> Response:
        """Answer a request. An error of newsgen itself gives a page that shows it, with status 500."""
        try:
            response = await self._answered(request)
        except Exception:  # noqa: BLE001 (as in Session.look; a page without the script would never reload)
            facts = self._preview.session.crashed(request.path_params["path"])
            response = Response(inject(STAND_IN, facts), 500, media_type=media_type("x.html"))
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    async def _answered(self, request: Request) -> Response:
        if not self._hosts(host_of(request.headers.get("host", ""))):
            return PlainTextResponse("这个地址不是预览的地址。请用 newsgen 打印的那个网址打开。", 421)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("预览只能看，不能改。", 405, {"Allow": "GET, HEAD"})
        path = request.path_params["path"]
        if f"/{path}".startswith(PREFIX):
            return await self._own(path.removeprefix(PREFIX[1:]), request)
        return await self._page(path, request)

    # ------------------------------------------------------------ the site

    async def _page(self, path: str, request: Request) -> Response:
        path = page_at(path)
        if path.startswith(".") or "\0" in path:
            return await self._missing(path)
        found = await self._do(lambda session: _lookup(session, path))
        if isinstance(found, Path):
            return FileResponse(found, media_type=media_type(path))
        if found is NotFound.FOLDER:
            return RedirectResponse(f"/{path}/")
        if found is NotFound.HERE:
            return await self._missing(path)
        if path.endswith(".html"):
            return Response(found, media_type=media_type(path))
        return _ranged(found, media_type(path), request.headers.get("range", ""))

    async def _missing(self, path: str) -> Response:
        data, status = await self._do(lambda session: _not_found(session, path))
        return Response(data, status, media_type=media_type("x.html"))

    async def _do(self, action: Callable[[Session], T]) -> T:
        return await asyncio.wrap_future(self._preview.submit(action))

    # ------------------------------------------------------------ addresses of the preview itself

    def may_listen(self, request: Request) -> bool:
        """Whether an open stream of events may go on."""
        return True

    async def _own(self, name: str, request: Request) -> Response:
        if name == "events":
            headers = {"X-Accel-Buffering": "no"}
            return StreamingResponse(self._events(request), 200, headers, "text/event-stream; charset=utf-8")
        if found := client_file(name):
            return Response(found, media_type=media_type(name))
        if name.startswith(CHANGES):
            changes = await self._do(lambda session: changes_of(session, name.removeprefix(CHANGES)))
            return Response(changes, media_type=media_type("x.html"))
        return PlainTextResponse("没有这个文件。", 404)

    async def _events(self, request: Request) -> AsyncIterator[str]:
        self._loop = asyncio.get_running_loop()
        stream: Stream = asyncio.Queue()
        self._streams.add(stream)
        try:
            version: ShownVersion | None = await self._do(lambda session: session.version)  # waits for the first look
            sent = -1
            while version is not None and self.may_listen(request):
                if version.number > sent:
                    yield _event(self._preview.session, version)
                    sent = version.number
                try:
                    version = await asyncio.wait_for(stream.get(), HEARTBEAT)
                except TimeoutError:
                    yield ":\n\n"
        finally:
            self._streams.discard(stream)

    def _announce(self, version: ShownVersion) -> None:
        """Send a version to all streams. Called in the thread of the session."""
        loop = self._loop

        def send() -> None:
            for stream in self._streams:
                stream.put_nowait(version)

        if loop is not None:
            with suppress(RuntimeError):  # the server has ended, and its loop is closed
                loop.call_soon_threadsafe(send)


def changes_of(session: Session, path: str) -> str:
    """HTML of the changes since the approval of the article that the output at `path` shows, or of why there are none."""
    output = session.version.outputs.get(path)
    source = output.source if output else None
    if source is None:
        return "<p>这一页不是一篇文章。</p>"
    try:
        return changes_html(diff_of(session.root, source))
    except NewsgenError as error:
        return "".join(f"<p>{escape(item.message)}。{escape(item.hint)}</p>" for item in error.diagnostics)


def _event(session: Session, version: ShownVersion) -> str:
    """The version as a server-sent event, in the form that client/connection.js reads."""
    state = {
        "instance": session.instance,
        "version": version.number,
        "changed": None if version.changed is None else sorted(version.changed),
        "styles": version.styles,
        "edited": version.edited,
        "errors": [asdict(error) for error in version.errors],
    }
    return f"event: state\ndata: {json.dumps(state, separators=(',', ':'))}\n\n"


def host_of(header: str) -> str:
    """The name in a Host header, without the port; IPv6 without brackets."""
    match = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|([^:\[\]/@\s]+)(?::\d+)?", header)
    return (match[1] or match[2]).lower().rstrip(".") if match else ""


class NotFound(Enum):
    """The reason why an address gives no bytes. FOLDER: it is that of a folder without the final `/`; HERE: all else."""

    HERE = 0
    FOLDER = 1


def _lookup(session: Session, path: str) -> Path | bytes | NotFound:
    """The bytes of the output at `path`, the file to send unchanged, or the reason why there is neither."""
    outputs = session.version.outputs
    if path not in outputs:
        return NotFound.FOLDER if f"{path}/index.html" in outputs else NotFound.HERE
    file = session.file(path)
    if file is not None:
        return file
    found = session.rendered(path)
    if not path.endswith(".html"):
        return found.data or NotFound.HERE if found.diagnostics else found.data
    return inject(found.data or STAND_IN, session.facts(path, found.diagnostics))


def _not_found(session: Session, path: str) -> tuple[bytes, int]:
    """The site's own 404 page (STAND_IN where there is none), and its status. Its links lead to the preview, not to the
    site's published address.

    The status is 503 instead of 404 while the site has had no version without errors.
    """
    page = session.rendered("404.html") if "404.html" in session.version.outputs else None
    data = page.data if page and page.data else STAND_IN
    config = session.config
    if config is not None:
        data = data.replace(f'="{config.url}'.encode(), b'="/')
    status = 404 if session.version.outputs else 503
    return inject(data, session.facts(path, page.diagnostics if page else ())), status


def _ranged(data: bytes, kind: str, wanted: str) -> Response:
    """A response with the bytes, or with the one range that the Range header `wanted` names (RFC 9110, section 14)."""
    headers = {"Accept-Ranges": "bytes"}
    match = RANGE.fullmatch(wanted.strip())
    if match is None or not any(match.groups()):
        return Response(data, 200, headers, kind)
    size = len(data)
    start = int(match[1]) if match[1] else max(0, size - int(match[2]))
    end = min(int(match[2]), size - 1) if match[1] and match[2] else size - 1
    if start > end:
        return Response(b"", 416, {**headers, "Content-Range": f"bytes */{size}"}, kind)
    return Response(data[start : end + 1], 206, {**headers, "Content-Range": f"bytes {start}-{end}/{size}"}, kind)


STAND_IN = (
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>预览</title></head>\n'
    "<body><p>这一页还显示不出来。改好以后，它会自己出现。</p></body>\n</html>\n"
).encode()
