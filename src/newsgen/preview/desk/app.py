"""The desk as a web application: its own pages and its API below `/.newsgen/desk/`, everything else is the preview.

One table of endpoints. Whatever an endpoint raises becomes JSON with a code, a message and a hint in Chinese. What writes
files runs in one thread, one after another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from newsgen.authoring.sittings import Sittings
from newsgen.core.errors import NewsgenError
from newsgen.core.media_types import media_type
from newsgen.preview.app import EVERY_METHOD, HEADERS, PreviewApp, host_of
from newsgen.preview.desk.access import READING, Access, Asked, Refusal, User
from newsgen.preview.inject import PREFIX
from newsgen.preview.loop import Preview
from newsgen.preview.session import Session

DESK = f"{PREFIX}desk/"
CLIENT = Path(__file__).parent / "client"
MOST_JSON = 8_000_000
"""Bytes of a JSON request at most: a text of the largest size that is read, with its escapes."""
STATUS = {"desk.missing": 404, "desk.full": 507, "desk.disk": 503, "new.exists": 409}
"""The HTTP status of errors, by code; 422 for others."""

T = TypeVar("T")


class ApiError(Exception):
    """A request that cannot be carried out, and what the page is told; `data` is whatever else it needs."""

    def __init__(self, status: int, code: str, message: str, hint: str = "", **data: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": code, "message": message, "hint": hint, **data}


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an endpoint: who sends it, and what it needs to do its work."""

    desk: DeskApp
    request: Request
    user: User

    @property
    def root(self) -> Path:
        """The root of the site."""
        return self.desk.preview.session.root

    @property
    def now(self) -> datetime:
        """The time at which the request is answered."""
        return self.desk.preview.now

    def query(self, name: str) -> str:
        """A parameter of the address. Raises ApiError where there is none."""
        value = self.request.query_params.get(name)
        if value is None:
            raise ApiError(400, "request", f"缺少 {name}", "请刷新网页再试")
        return value

    async def json(self, kind: type[T]) -> T:
        """The body of the request, checked. Raises ApiError."""
        if not self.request.headers.get("content-type", "").startswith("application/json"):
            raise ApiError(415, "request", "请求的格式不对", "请刷新网页再试")
        data = await self.body(MOST_JSON)
        try:
            return msgspec.json.decode(data, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ApiError(400, "request", "网页发来的内容看不懂", f"请刷新网页再试（{error}）") from None

    async def body(self, most: int) -> bytes:
        """The body of the request. Raises ApiError for one that is too large."""
        data = bytearray()
        async for chunk in self.request.stream():
            data += chunk
            if len(data) > most:
                raise ApiError(413, "request", "内容太大了", f"一次最多 {most // 1_000_000} MB")
        return bytes(data)

    async def in_session(self, action: Callable[[Session], T]) -> T:
        """Do something with the session of the preview, in its thread."""
        return await asyncio.wrap_future(self.desk.preview.submit(action))

    async def writing(self, action: Callable[[], T]) -> T:
        """Do something that writes files, after all other such work."""
        return await asyncio.wrap_future(self.desk.writer.submit(action))

    async def look_at(self, *paths: str) -> None:
        """Let the preview look at files, by their paths below the site root, that were just written."""
        files = frozenset(str(self.root.resolve() / path) for path in paths)
        await asyncio.wrap_future(self.desk.preview.look_at(files))


Endpoint = Callable[[Call], Awaitable[object]]
"""Answers with what is sent as JSON, or with a Response of its own."""
Endpoints = dict[tuple[str, str], Endpoint]
"""By method and path below `desk/api/`."""


class DeskApp(PreviewApp):
    """The web application of the desk; `endpoints` is its API."""

    def __init__(self, preview: Preview, access: Access, endpoints: Endpoints) -> None:
        super().__init__(preview, access.is_ours)
        self.preview, self.access = preview, access
        self.sittings = Sittings(preview.session.root)
        self.writer = ThreadPoolExecutor(1, "newsgen-desk")
        self._endpoints = endpoints

    @property
    def application(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route(DESK + "api/{path:path}", self._api, methods=EVERY_METHOD),
            Route(DESK + "{path:path}", self._page_of_desk, methods=EVERY_METHOD),
            Route("/{path:path}", self.answer, methods=EVERY_METHOD),
        ]
        return Starlette(routes=routes)

    async def answer(self, request: Request) -> Response:
        """A page of the site, for who may use the desk."""
        refusal = self.access.refusal(asked(request))
        return await super().answer(request) if refusal is None else _refused(refusal)

    async def _page_of_desk(self, request: Request) -> Response:
        """The desk's own page and its files, which hold nothing of the site; the token of the address becomes a cookie."""
        path = request.path_params["path"]
        token = request.query_params.get("token")
        if path == "ping":
            is_ours = self.access.is_ours(host_of(request.headers.get("host", "")))
            return Response(self.preview.session.instance if is_ours else "", media_type="text/plain")
        if token is not None and request.method == "GET":
            return _with_headers(self._entered(token, asked(request)))
        refusal = self.access.refusal(asked(request))
        if refusal is not None:
            return _refused(refusal)
        file = CLIENT / (path.removeprefix("client/") if path else "desk.html")
        if "/" in path.removeprefix("client/") or not file.is_file() or request.method not in READING:
            return _refused(Refusal(404, "missing", "没有这个网页", "回到写稿台的首页"))
        return _with_headers(FileResponse(file, media_type=media_type(file.name)))

    def _entered(self, token: str, sent: Asked) -> Response:
        cookie = self.access.cookie_for(token, sent)
        if cookie is None:
            message = "这个网址过期了，或者抄错了。请再双击一次「写稿」，用它打开的网页。"
            return Response(_plain_page(message), 403, media_type=media_type("x.html"))
        return RedirectResponse(DESK, 303, {"Set-Cookie": cookie})

    async def _api(self, request: Request) -> Response:
        refusal = self.access.refusal(asked(request))
        user = self.access.user(asked(request))
        if refusal is not None or user is None:
            return _json_refusal(refusal or Refusal(401, "session", "写稿台还不认识这个浏览器"))
        method = "GET" if request.method == "HEAD" else request.method
        endpoint = self._endpoints.get((method, request.path_params["path"]))
        if endpoint is None:
            return _json({"error": "missing", "message": "写稿台没有这个功能", "hint": "请刷新网页再试"}, 404)
        try:
            found = await endpoint(Call(self, request, user))
        except ApiError as error:
            return _json(error.body, error.status)
        except NewsgenError as error:
            return _json(told(error), status_of(error))
        return _with_headers(found) if isinstance(found, Response) else _json(found, 200)


def told(error: NewsgenError) -> dict[str, object]:
    """An error as the page is told of it."""
    first = error.diagnostics[0]
    others = [{"message": item.message, "hint": item.hint} for item in error.diagnostics[1:]]
    return {"error": first.code, "message": first.message, "hint": first.hint, "others": others}


def status_of(error: NewsgenError) -> int:
    """The HTTP status of an error."""
    return STATUS.get(error.diagnostics[0].code, 422)


def asked(request: Request) -> Asked:
    """What of a request decides whether it is answered."""
    headers = request.headers
    return Asked(
        request.method,
        headers.get("host", ""),
        headers.get("origin", ""),
        headers.get("sec-fetch-site", ""),
        headers.get("cookie", ""),
    )


def _refused(refusal: Refusal) -> Response:
    page = _plain_page(f"{refusal.message}。{refusal.hint}。")
    return _with_headers(Response(page, refusal.status, media_type=media_type("x.html")))


def _json_refusal(refusal: Refusal) -> Response:
    return _json({"error": refusal.code, "message": refusal.message, "hint": refusal.hint}, refusal.status)


def _json(value: object, status: int) -> Response:
    return _with_headers(Response(msgspec.json.encode(value, enc_hook=str), status, media_type="application/json"))


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _plain_page(text: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>写稿台</title></head>\n'
        f"<body><p>{text}</p></body>\n</html>\n"
    )
