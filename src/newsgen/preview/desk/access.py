"""Access to the desk: who may use it, and from where.

The address that newsgen opens holds a random token. The desk exchanges it for a cookie, which other sites cannot make a
browser send (SameSite). The Host header of each request must name this machine, against DNS rebinding. A request that
writes must come from a page of the desk (Origin), so that no page of another site can write.
"""

from __future__ import annotations

import hmac
from typing import NamedTuple

from starlette.requests import cookie_parser

from newsgen.config.people import ROLES, Role
from newsgen.preview.app import Hosts, host_of

READING = frozenset({"GET", "HEAD"})
NEEDS: dict[str, Role] = {
    "sign": "reviewer",
    "receive": "keeper",
    "receive/confirm": "keeper",
    "publish": "keeper",
}
"""The least role for a path of the API, with any method. All other paths are for everyone who may use the desk."""


class User(NamedTuple):
    """The user of the desk: the name that is kept with each version, and the role."""

    name: str
    role: Role

    def may(self, least: Role) -> bool:
        """Whether the user's role is at least `least`."""
        order = tuple(ROLES)
        return order.index(self.role) >= order.index(least)


class Refusal(NamedTuple):
    """The refusal of a request: an HTTP status, a code, and in Chinese a message and what to do instead."""

    status: int
    code: str
    message: str
    hint: str = ""


FOREIGN_PAGE = Refusal(403, "origin", "这个请求不是从写稿台的网页里发出的，没有照办", "请在写稿台里操作")


class AccessRequest(NamedTuple):
    """The parts of a request that decide about access. `origin` and `fetch_site` are "" where the browser sent none.

    `address` is the IP address of the client, `day` is today (2024-03-13).
    """

    method: str
    host: str
    origin: str
    fetch_site: str
    cookies: str
    address: str = ""
    day: str = ""


class Access:
    """The access to the desk of one person at their own computer.

    A browser sends a cookie to all ports of a host. So somebody who runs a server on this machine, and gets the person to
    open it, can read the cookie. A machine that several people use at once needs a desk with passwords and a certificate.
    """

    signs_in = False
    """Whether people sign in with a password."""

    def __init__(self, token: str, hosts: Hosts, port: int, user: User, is_tls: bool = False) -> None:
        self.token = token
        self._hosts, self._user = hosts, user
        self._scheme = "https" if is_tls else "http"
        self._cookie = f"{'__Host-' if is_tls else ''}newsgen-desk-{port}"  # RFC 6265bis: no other host can set it

    def refusal(self, request: AccessRequest, is_api: bool = False) -> Refusal | None:
        """The refusal of a request; None: it is answered. The API refuses every request of a page of another origin."""
        if not self._hosts(host_of(request.host)):
            return Refusal(421, "host", "这个地址不是写稿台的地址", "请用双击“写稿”时打开的那个网址")
        is_writing = request.method not in READING
        if (is_writing and not self.is_own_page(request)) or (
            is_api and request.fetch_site not in ("", "same-origin", "none")
        ):
            return FOREIGN_PAGE
        if self.user(request) is None:
            hint = "请重新登录" if self.signs_in else "请双击“写稿”，用它打开的网页"
            return Refusal(401, "session", "写稿台还不认识这个浏览器", hint)
        return None

    def is_own_page(self, request: AccessRequest) -> bool:
        """Whether a page of the desk sends the request, by the Origin and Sec-Fetch-Site headers of the browser."""
        own = {f"{scheme}://{request.host}" for scheme in (self._scheme, "https")}  # a proxy may have the certificate
        return request.origin in own and request.fetch_site in ("", "same-origin")

    def user(self, request: AccessRequest) -> User | None:
        """The user who sends a request, by its cookie; None where the cookie is missing or wrong."""
        found = self.cookie_of(request)
        is_known = found is not None and hmac.compare_digest(found.encode(), self._value().encode())
        return self._user if is_known else None

    def is_ours(self, host: str) -> bool:
        """Whether a Host header, without its port, names this machine."""
        return self._hosts(host)

    def cookie_for(self, token: str, request: AccessRequest) -> str | None:
        """The Set-Cookie header for the right token; None for a wrong one, and for a Host that is not this machine."""
        if not self._hosts(host_of(request.host)) or not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        return self.set_cookie(self._value(), request)

    def cookie_of(self, request: AccessRequest) -> str | None:
        """The value of the desk's cookie in a request; None without one."""
        return cookie_parser(request.cookies).get(self._cookie)  # whatever the cookies of other programs look like

    def set_cookie(self, value: str, request: AccessRequest, more: str = "") -> str:
        """The Set-Cookie header of a value. Behind a proxy that has the certificate, only Origin tells that TLS is used."""
        secure = "Secure; " if self._scheme == "https" or request.origin.startswith("https://") else ""
        return f"{self._cookie}={value}; Path=/; {more}{secure}HttpOnly; SameSite=Strict"

    def _value(self) -> str:
        """The value of the cookie. It is the same after a restart, so that open pages go on working."""
        return hmac.new(self.token.encode(), b"session", "sha256").hexdigest()
