"""The desk as a web application: its own pages and its API below `/.newsgen/desk/`, all other addresses are the preview.

The API is one table of endpoints. An error that an endpoint raises becomes JSON with a code, a message and a hint in
Chinese. Actions that write files run one after another in a single thread.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from newsgen.authoring.autosaves import Autosaves
from newsgen.config.people import ROLES
from newsgen.core.errors import ConfigError, NewsgenError
from newsgen.core.media_types import media_type
from newsgen.preview.app import EVERY_METHOD, HEADERS, POLICY, PreviewApp, host_of
from newsgen.preview.desk.access import FOREIGN_PAGE, NEEDS, READING, Access, AccessRequest, Refusal, User
from newsgen.preview.desk.activity_log import ActivityLog
from newsgen.preview.desk.pending import Pending
from newsgen.preview.desk.publish_process import PublishRuns
from newsgen.preview.desk.report_versions import ReportVersions
from newsgen.preview.desk.sign_in import MOST_FORM, PasswordAccess, name_in, sign_in_page
from newsgen.preview.desk.site_folder import is_out_of_reach, out_of_reach
from newsgen.preview.desk.standings import KnownStandings
from newsgen.preview.desk.thumbnails import Thumbnails
from newsgen.preview.inject import PREFIX
from newsgen.preview.loop import Preview
from newsgen.preview.session import Session

DESK = f"{PREFIX}desk/"
SIGN_IN_PAGE = f"{DESK}sign-in"
SIGN_IN_STYLES = frozenset({"client/desk.css", "client/hand_over.css"})
SIGN_IN = frozenset({"sign-in", "sign-out", *SIGN_IN_STYLES})
"""The paths of a desk with passwords that are answered without a session."""
CLIENT = Path(__file__).parent / "client"
CLIENT_FILES = frozenset(path.name for path in CLIENT.iterdir() if path.is_file())
"""The file names that are served. No path is ever made from another name, also on Windows."""
OWN_POLICY = f"{POLICY}; frame-src 'self'"
"""The Content-Security-Policy of the desk's own page, which also shows the page of a report in a frame."""
MOST_JSON = 8_000_000
"""Most bytes of a JSON request: a text of the largest size that is read, with the escapes of JSON."""
AFRESH = "多半是写稿台换了新版；先把没存的内容复制出来，再刷新网页"
"""The hint for a page whose request the desk does not know."""
STATUS = {"desk.missing": 404, "desk.full": 507, "desk.disk": 503, "new.exists": 409, "desk.busy": 503}
"""The HTTP status of errors, by code; 422 for others."""

FOLDED = frozenset({("PUT", "report")})
"""The endpoints that are logged once a minute when they repeat: a report is saved every few seconds."""
CRASHED = {
    "error": "crash",
    "message": "newsgen 自己出错了，这一步没有做成",
    "hint": "写的内容还在这个网页里；请把这一步怎样做的，告诉维护 newsgen 的人",
}

T = TypeVar("T")


class ApiError(Exception):
    """The error for a request that cannot be carried out, with a message for the page; `data` is more JSON for it."""

    def __init__(self, status: int, code: str, message: str, hint: str = "", **data: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": code, "message": message, "hint": hint, **data}


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an endpoint, with its user, and the threads and values of the desk that it needs.

    `about` are the paths, titles and targets that it is about, for the log.
    """

    desk: DeskApp
    request: Request
    user: User
    about: list[str]

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
            raise ApiError(400, "request", f"缺少 {name}", AFRESH)
        return value

    async def json(self, kind: type[T], most: int = MOST_JSON) -> T:
        """The JSON body of the request, of `most` bytes at most, as a checked `kind`. Raises ApiError."""
        if not self.request.headers.get("content-type", "").startswith("application/json"):
            raise ApiError(415, "request", "请求的格式不对", AFRESH)
        data = await self.body(most)
        try:
            found = msgspec.json.decode(data, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise ApiError(400, "request", "网页发来的内容看不懂", AFRESH) from None

        self.about.extend(filter(None, (getattr(found, name, "") for name in ("path", "title", "target"))))
        return found

    async def body(self, most: int) -> bytes:
        """The body of the request. Raises ApiError for one that is too large."""
        return await read_body(self.request, most)

    async def in_session(self, action: Callable[[Session], T]) -> T:
        """Do something with the session of the preview, in its thread."""
        return await asyncio.wrap_future(self.desk.preview.submit(action))

    async def writing(self, action: Callable[[], T]) -> T:
        """Do something that writes files, after all other such work."""
        return await asyncio.wrap_future(self.desk.writer.submit(self.desk.with_files, action))

    async def reading(self, action: Callable[[], T]) -> T:
        """Do something that reads a document, after all other such work."""
        return await asyncio.wrap_future(self.desk.reader.submit(action))

    async def in_git(self, action: Callable[[], T]) -> T:
        """Do something with git in a thread of its own: git may wait for a server, but writing files must not."""
        return await asyncio.wrap_future(self.desk.git.submit(action))

    async def look_at(self, *paths: str) -> None:
        """Let the preview look at files, by their paths below the site root, that were just written."""
        files = frozenset(str(self.root.resolve() / path) for path in paths)
        await asyncio.wrap_future(self.desk.preview.look_at(files))


Endpoint = Callable[[Call], Awaitable[object]]
"""A function that answers a call with a value to send as JSON, or with a Response."""
Endpoints = dict[tuple[str, str], Endpoint]
"""Endpoints by method and path below `desk/api/`."""


class DeskApp(PreviewApp):
    """The web application of the desk; `endpoints` is its API."""

    def __init__(self, preview: Preview, access: Access, endpoints: Endpoints) -> None:
        super().__init__(preview, access.is_ours)
        self.preview, self.access = preview, access
        self.autosaves = Autosaves(preview.session.root)
        self.writer, self.git = ThreadPoolExecutor(1, "newsgen-desk"), ThreadPoolExecutor(1, "newsgen-git")
        self.files = Lock()
        """The lock for writing files of content/, by the thread `writer` or by git when it takes over what others sent."""
        self.reader = ThreadPoolExecutor(1, "newsgen-import")  # one document at a time, as for large_bodies
        self.thumbnails = Thumbnails()
        self.large_bodies = asyncio.Semaphore(2)
        """The limit on whole ZIPs and documents in memory: each takes several times its size until it is read."""
        self.signing_in = ThreadPoolExecutor(1, "newsgen-sign-in")  # one password at a time, whoever sends it
        self.log = ActivityLog(preview.session.root)
        self.pending = Pending()
        self.standings = KnownStandings()
        self.versions = ReportVersions(preview.session.root)
        self.publish_runs = PublishRuns(preview.session.root)
        self._endpoints = endpoints

    def with_files(self, action: Callable[[], T]) -> T:
        """Do something while nobody else at the desk writes files."""
        with self.files:
            return action()

    def end_streams(self) -> None:
        """End the streams of events and a running publish, before the server stops."""
        super().end_streams()
        self.publish_runs.stop()

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
        """A page of the site for a user of the desk, a refusal for anyone else."""
        refusal = self.access.refusal(self._access_request(request))
        return await super().answer(request) if refusal is None else self._refused(refusal, request)

    def may_listen(self, request: Request) -> bool:
        """Whether the listener may still use the desk: they may have signed out, or been removed from the password file."""
        return self.access.refusal(self._access_request(request)) is None

    async def _page_of_desk(self, request: Request) -> Response:
        """The desk's own page and its files, which hold nothing of the site. A token in the address becomes a cookie."""
        path = request.path_params["path"]
        token = request.query_params.get("token")
        if path == "ping":
            is_ours = self.access.is_ours(host_of(request.headers.get("host", "")))
            return _with_headers(Response(self.preview.session.instance if is_ours else "", media_type="text/plain"))
        if token is not None and request.method == "GET":
            return _with_headers(self._sign_in_by_token(token, self._access_request(request)))
        if isinstance(self.access, PasswordAccess) and path in SIGN_IN:
            return await self._signing_in(self.access, path, request)
        refusal = self.access.refusal(self._access_request(request))
        if refusal is not None:
            return self._refused(refusal, request)
        name = path.removeprefix("client/") if path else "desk.html"
        if name not in CLIENT_FILES or request.method not in READING:
            return _refusal_page(Refusal(404, "missing", "没有这个网页", "回到写稿台的首页"))
        response = _with_headers(FileResponse(CLIENT / name, media_type=media_type(name)))
        response.headers["Content-Security-Policy"] = OWN_POLICY
        return response

    async def _signing_in(self, access: PasswordAccess, path: str, request: Request) -> Response:
        """Answer what needs no session: the sign-in form, its style sheets, signing in and signing out."""
        sent = self._access_request(request)
        if not access.is_ours(host_of(sent.host)):
            return _refusal_page(Refusal(421, "host", "这个地址不是写稿台的地址", "检查网址"))
        if path in SIGN_IN_STYLES:
            return _with_headers(FileResponse(CLIENT / path.removeprefix("client/"), media_type=media_type(path)))
        if request.method in READING:
            return _form(self, None)
        if request.method != "POST" or not access.is_own_page(sent):
            return _refusal_page(FOREIGN_PAGE)
        if path == "sign-out":
            return _with_headers(RedirectResponse(SIGN_IN_PAGE, 303, {"Set-Cookie": access.sign_out(sent)}))
        try:
            data = await read_body(request, MOST_FORM)
        except ApiError as error:
            return _refusal_page(Refusal(error.status, "request", "内容太大了", "请重新填写"))
        found = await asyncio.wrap_future(self.signing_in.submit(access.sign_in, data, sent))
        status = found.status if isinstance(found, Refusal) else 200
        who = name_in(data) if access.knows(name_in(data)) else ""  # an unknown name may be a password
        self.log.add(self.preview.now, sent.address, who, "sign-in", "", status, is_folded=True)
        if isinstance(found, Refusal):
            return _form(self, found)
        return _with_headers(RedirectResponse(DESK, 303, {"Set-Cookie": found[1]}))

    def _access_request(self, request: Request) -> AccessRequest:
        return access_request(request, f"{self.preview.now:%Y-%m-%d}")

    def _refused(self, refusal: Refusal, request: Request) -> Response:
        """A page that says why a request is refused; a redirect to the sign-in form where a browser needs a session."""
        if refusal.code == "session" and self.access.signs_in and "text/html" in request.headers.get("accept", ""):
            return _with_headers(RedirectResponse(SIGN_IN_PAGE, 303))
        return _refusal_page(refusal)

    def _sign_in_by_token(self, token: str, sent: AccessRequest) -> Response:
        cookie = self.access.cookie_for(token, sent)
        if cookie is None:
            message = "这个网址过期了，或者抄错了。请再双击一次“写稿”，用它打开的网页。"
            return Response(_plain_page(message), 403, media_type=media_type("x.html"))
        return RedirectResponse(DESK, 303, {"Set-Cookie": cookie})

    async def _api(self, request: Request) -> Response:
        sent = self._access_request(request)
        refusal, user = self.access.refusal(sent, is_api=True), self.access.user(sent)
        if refusal is not None or user is None:
            return _json_refusal(refusal or Refusal(401, "session", "写稿台还不认识这个浏览器"))
        method, path = "GET" if request.method == "HEAD" else request.method, request.path_params["path"]
        self.pending.tidy()
        call = Call(self, request, user, [])
        response = await self._done(method, path, call)
        if method not in READING:
            named = (*request.query_params.getlist("path"), *request.query_params.getlist("name"), *call.about)
            about = " ".join(dict.fromkeys(named))
            is_folded = (method, path) in FOLDED
            what = f"{method} {path}"
            self.log.add(self.preview.now, sent.address, user.name, what, about, response.status_code, is_folded)
        return response

    async def _done(self, method: str, path: str, call: Call) -> Response:
        """The answer of an endpoint, with all errors as JSON: the page could not tell another answer from none."""
        endpoint = self._endpoints.get((method, path))
        if endpoint is None:
            return _json({"error": "missing", "message": "写稿台没有这个功能", "hint": AFRESH}, 404)
        if not call.user.may(NEEDS.get(path, "writer")):
            return _json_refusal(Refusal(403, "role", f"这件事要{ROLES[NEEDS[path]]}来做", "请找网站管理员"))
        response = await self._tried(endpoint, call)
        if response.status_code >= 400 and await asyncio.to_thread(is_out_of_reach, call.root):
            return _json(out_of_reach(call.root, self.access.signs_in), 503)  # the cause of the error, whatever it says
        return response

    async def _tried(self, endpoint: Endpoint, call: Call) -> Response:
        """The answer of an endpoint, or the error that it raised."""
        try:
            found = await endpoint(call)
            if isinstance(found, dict) and isinstance(found.get("path"), str):
                call.about.append(found["path"])
            return _with_headers(found) if isinstance(found, Response) else _json(found, 200)
        except ApiError as error:
            return _json(error.body, error.status)
        except NewsgenError as error:
            return _json(error_document(error), status_of(error))
        except ClientDisconnect:
            return _json({"error": "gone", "message": "网页没有发完", "hint": "再试一次"}, 400)
        except Exception:  # noqa: BLE001 (an error of newsgen itself is shown in the page, too, and the desk goes on)
            return _json({**CRASHED, "trace": traceback.format_exc()}, 500)


async def read_body(request: Request, most: int) -> bytes:
    """The body of a request. Raises ApiError for one that is too large."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise ApiError(413, "request", "内容太大了", f"一次最多 {max(1, most // 1_000_000)} MB")
    return bytes(data)


def error_document(error: NewsgenError) -> dict[str, object]:
    """An error as JSON for the page."""
    first = error.diagnostics[0]
    where = f"{first.path} 第 {first.line} 行：" if isinstance(error, ConfigError) and first.path else ""
    others = [{"message": item.message, "hint": item.hint} for item in error.diagnostics[1:]]
    return {"error": first.code, "message": where + first.message, "hint": first.hint, "others": others}


def status_of(error: NewsgenError) -> int:
    """The HTTP status of an error."""
    return STATUS.get(error.diagnostics[0].code, 422)


def access_request(request: Request, day: str = "") -> AccessRequest:
    """The parts of a request that decide about access."""

    def header(name: str, joint: str = ", ") -> str:
        """All values of a header, joined: two origins in one request never equal the desk's."""
        return joint.join(request.headers.getlist(name))

    return AccessRequest(
        request.method,
        header("host"),
        header("origin"),
        header("sec-fetch-site"),
        header("cookie", "; "),
        request.client.host if request.client else "",
        day,
    )


def _form(desk: DeskApp, refusal: Refusal | None) -> Response:
    config = desk.preview.session.config
    page = sign_in_page(f"{config.organization}{config.title}" if config else "", refusal)
    return _with_headers(Response(page, refusal.status if refusal else 200, media_type=media_type("x.html")))


def _refusal_page(refusal: Refusal) -> Response:
    page = _plain_page(f"{refusal.message}。{refusal.hint}。")
    return _with_headers(Response(page, refusal.status, media_type=media_type("x.html")))


def _json_refusal(refusal: Refusal) -> Response:
    return _json({"error": refusal.code, "message": refusal.message, "hint": refusal.hint}, refusal.status)


def _json(value: object, status: int) -> Response:
    return _with_headers(Response(msgspec.json.encode(value, enc_hook=str), status, media_type="application/json"))


def _with_headers(response: Response) -> Response:
    """The response with HEADERS added; a header that it has already, such as a policy, stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _plain_page(text: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><title>写稿台</title></head>\n'
        f"<body><p>{text}</p></body>\n</html>\n"
    )
